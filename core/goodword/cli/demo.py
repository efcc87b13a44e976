"""``goodword demo``: the whole way on an invented firm, in a folder of its own."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodword.cli.file_connectors import connector_with
from goodword.cli.plan import page_of
from goodword.cli.screen import at_work, show
from goodword.errors import GoodwordError, SettingsError, SourceError

if TYPE_CHECKING:
    from goodword.connector import ConnectorSpec, Demo
    from goodword.model import Plan

MARKER = ".goodword-demo"
"""A file in every demo folder: what the demo wrote, with digests; nothing else is cleared."""
LOOKS_BACK = timedelta(days=61)
"""How long before its day the sample firm began with goodword: what is older is no task."""
ELSEWHERE = "Name another folder: goodword demo --folder NAME"


def demo(
    folder: Annotated[
        Path, typer.Option("--folder", "-C", help="Where to lay out the sample firm.")
    ] = Path("goodword-demo"),
    connector: Annotated[
        str | None, typer.Option("--connector", help="Whose sample to use.", show_default=False)
    ] = None,
) -> None:
    """Show the whole way on an invented firm.

    Everything happens in a folder of its own, without network; delete it when you have seen it.
    """
    from goodword import run
    from goodword.firm import Firm
    from goodword.report import counted, run_page

    home = folder.resolve()
    sample = lay_out(home, connector_with("demo", connector))
    firm = Firm(home, today=sample.today)
    _say(f"1. An invented firm is laid out in {folder}. goodword plans its week of {sample.today}:")
    with at_work(firm, "Planning"):
        made = run.plan(firm)
    show(page_of(firm, made))
    _say("2. The plan is applied:")
    with at_work(firm, "Applying"):
        report = run.apply(firm)
    show(run_page(report, "apply"))
    remember(home, sample.leaves)
    _say("3. Planned once more, on the same day:")
    later = Firm(home, today=sample.today)
    with at_work(later, "Planning"):
        again = run.plan(later)
    count = len(again.actions)
    show(f"{counted(count, 'action')}: what is written is not written again.")
    _say("Look at it yourself:")
    show(*(f"  open {_shown(path)}" for path in sample.leaves), *_examples(made, folder, sample))
    if count:
        msg = "The second plan of the demo is not empty."
        raise GoodwordError(msg, hint="Please report this to the authors of goodword.")


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
    remember(home, [*sample.leaves, write_firm(home, settings)])
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


def _say(text: str) -> None:
    from rich.text import Text

    show("", Text(text, style="bold cyan"), "")


def _examples(made: Plan, folder: Path, sample: Demo) -> list[str]:
    """Return commands worth trying, about people of this very plan."""
    named = [action.contact_name for action in made.actions if action.kind == "create_task"]
    held = [waiting.contact_name for waiting in made.backlog]
    option = f"--folder {folder}"
    dated = f"{option} --today {sample.today}"
    lines = [f'  goodword why "{name}" {dated}' for name in (*named[:1], *held[:1])]
    lines += [f'  goodword words preview "{name}" {dated}' for name in named[:1]]
    return [*lines, f"  goodword undo {option}"]


def _shown(path: Path) -> str:
    """Return *path* as seen from here, where it is below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
