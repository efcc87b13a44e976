"""Whether everything a pull reads is as the last one read it: then it need not be read again.

The mirror holds what that pull handed over, and its cursor what it was handed over from. Only on
the same day, because what an undated row means may hang on the day; and a program that was
updated reads everything anew.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from goodword import SourceError, Workplace
from goodword_csv.files.atomic import fingerprint
from goodword_csv.rows import register, trail
from goodword_csv.rows.notices import Notices
from goodword_csv.settings import CsvSettings

_STANDS, _TOLD = "stands on", "told"
"""What the cursor holds: the sum of all that was read, and the notices of then."""
COPIES = "copies"
"""Notices about other files, which are looked for each time."""
_ONCE = frozenset({"register", "fresh", "refused", "lost"})
"""Notices about what was otherwise before: reading again may tell something else, or nothing."""
_PACKAGE = Path(__file__).parent.parent


def sum_of_lists(
    settings: CsvSettings, work: Workplace, account: str, beside: Iterable[Path]
) -> str:
    """Return a sum of the lists as they are, and of what decides how they are read.

    Args:
        settings: What the columns mean.
        work: The firm's folder and the day.
        account: The account, which is part of every key.
        beside: Where lists of ours may stand beside the customers.

    Returns:
        The sum; empty where a file cannot be read, so that nothing is as it was.
    """
    said = [settings.model_dump_json(), account, work.today.isoformat(), *_program()]
    named = dict.fromkeys(work.folder / source.file for source in settings.sources)
    try:
        return _sum([*said, *map(_content, (*named, *beside))])
    except SourceError:
        return ""


def told_before(before: Mapping[str, str], lists: str, state: Path) -> list[tuple[str, str]] | None:
    """Return the notices of the last pull where everything is as it read it, else None.

    Args:
        before: Its cursor.
        lists: What ``sum_of_lists`` gives now.
        state: The state folder.
    """
    if not lists or before.get(_STANDS) != _with_register(lists, state):
        return None
    return [(str(code), str(text)) for code, text in json.loads(before[_TOLD])]


def as_read(lists: str, state: Path, notices: Notices) -> dict[str, str]:
    """Return what the cursor holds of a pull, once its register is written; maybe nothing.

    Args:
        lists: What ``sum_of_lists`` gave before and after reading.
        state: The state folder.
        notices: What the pull told.
    """
    told = [[code, text] for code, text in notices if code != COPIES]
    if any(code in _ONCE for code, _ in told):
        return {}
    return {_STANDS: _with_register(lists, state), _TOLD: json.dumps(told)}


def _with_register(lists: str, state: Path) -> str:
    kept = (register.FILE, register.SPARE, trail.FILE)
    try:
        return _sum([lists, *(_content(state / name) for name in kept)])
    except SourceError:
        return "unreadable"


def _content(path: Path) -> str:
    return fingerprint(path).sha256 if os.path.lexists(path) else "none"


def _program() -> list[str]:
    """Name each file of this program with its size and age: an update touches some of them."""
    files = sorted(_PACKAGE.rglob("*.py"))
    return [f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]


def _sum(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode(errors="surrogatepass")).hexdigest()
