"""The folder of a demo: what the sample wrote there is known, and nothing else is cleared."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goodword.errors import SettingsError, SourceError

if TYPE_CHECKING:
    from goodword.connector import ConnectorSpec, Demo

MARKER = ".goodword-demo"
"""A file in every demo folder: what the demo wrote, with digests; nothing else is cleared."""
LOOKS_BACK = timedelta(days=61)
"""How long before its day the sample firm began with goodword: what is older is no task."""
ELSEWHERE = "Name another folder: goodword demo --folder NAME"


def lay_out(home: Path, spec: ConnectorSpec[Any]) -> Demo:
    """Lay the sample of *spec* into a fresh folder *home*.

    Raises:
        SourceError: The folder holds something else, what the demo wrote there was changed since,
            or it cannot be written.
    """
    from goodword.cli.firm_file import write_firm

    try:
        if home.is_dir() and any(home.iterdir()):
            clear(home)
        home.mkdir(parents=True, exist_ok=True)
        (home / MARKER).touch()
    except OSError as error:
        msg = f"{home} cannot be written ({error.strerror})."
        raise SourceError(msg, hint=ELSEWHERE) from error
    if spec.demo is None:
        msg = f"The connector {spec.name!r} has no sample firm."
        raise SettingsError(msg, hint="Run goodword demo without --connector.")
    sample = spec.demo(home)
    since = sample.today - LOOKS_BACK
    settings = {**sample.settings, "rollout": {"mode": "live", "start_date": since}}
    remember(home, [*sample.leaves, *sample.files, write_firm(home, settings)])
    return sample


def clear(home: Path) -> None:
    """Remove what an earlier demo wrote into *home*, and nothing else.

    Raises:
        SourceError: There was no demo here, or what it wrote was changed since.
        OSError: Something cannot be read or removed.
    """
    from goodword.state import State

    marker = home / MARKER
    if not marker.is_file():
        msg = f"{home} holds files that are not of a demo."
        raise SourceError(msg, hint=ELSEWHERE)
    written: dict[str, set[str]] = {}
    for line in marker.read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        written.setdefault(name, set()).add(digest)
    mine = [home / name for name in written if name and (home / name).is_file()]
    for path in mine:
        if _digest(path) not in written[path.name]:
            msg = f"{path} was changed since the demo wrote it."
            hint = f"Delete it if you do not need it. {ELSEWHERE}"
            raise SourceError(msg, hint=hint)
    for path in (*mine, marker):
        path.unlink()
    state = State(home).folder
    if state.is_dir():
        shutil.rmtree(state)


def remember(home: Path, paths: Iterable[Path]) -> None:
    """Note in the marker how *paths*, files right in *home*, are now."""
    with (home / MARKER).open("a", encoding="utf-8") as file:
        file.writelines(f"{_digest(path)}  {path.name}\n" for path in paths)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
