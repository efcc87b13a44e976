"""Changing the file ``PAUSE`` without losing what a person wrote into it.

``pauses`` says what the file means. Here it is changed: a file goodword can read keeps its comments
and its name; one it cannot read pauses everything, and only deleting it changes that.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goodword.errors import PlanError, SourceError
from goodword.pauses import FILE, NAMES, Pauses, read_pauses, write_pauses

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

WITHOUT_END = date.max
"""Day that stands for "until somebody resumes" where reps are paused by name, too."""


def pause_everything(folder: Path, until: date | None) -> None:
    """Pause everything; reps who are paused by name stay so afterwards.

    Raises:
        PlanError: *until* is given and the file cannot be understood: everything is paused anyway.
    """
    now = read_pauses(folder)
    if _unreadable(folder):
        if until is None:
            return
        raise _by_hand()
    if until is None and not now.owners:
        if not (now.everything and now.until is None):
            write_pauses(folder, Pauses(everything=True))
        return
    _edit(folder, lambda document: document.__setitem__("until", until or WITHOUT_END))


def pause_owner(folder: Path, owner: str, until: date | None, today: date) -> None:
    """Pause one rep, and leave what else the file says.

    Raises:
        PlanError: Everything is paused without an end, or the file cannot be understood.
    """
    if _unreadable(folder):
        raise _by_hand()
    now = read_pauses(folder)
    if now.everything and now.until is None:
        msg = "Everything is paused until somebody resumes, this rep too."
        raise PlanError(msg, hint="To pause this rep only: goodword resume, then this again.")
    if now.everything and not now.whole(today):  # it is over; only its reps still count
        write_pauses(folder, Pauses(owners=now.owners))

    def add(document: TOMLDocument) -> None:
        import tomlkit

        entry: Any = tomlkit.table()
        if until is not None:
            entry["until"] = until
        if "owner" not in document:
            document["owner"] = tomlkit.table(is_super_table=True)
        owners: Any = document["owner"]
        owners[owner] = entry

    _edit(folder, add)


def resume_everything(folder: Path, today: date) -> Pauses:
    """End the pause of everything, else those of all reps; return what stays paused."""
    now = read_pauses(folder)
    staying = {owner: now.owners[owner] for owner in now.holding(today)} if now.everything else {}
    if staying and now.whole(today):
        _edit(folder, lambda document: document.remove("until"))
        return read_pauses(folder)
    write_pauses(folder, Pauses())
    return Pauses()


def resume_owner(folder: Path, owner: str, today: date) -> None:
    """End the pause of one rep.

    Raises:
        PlanError: Everything is paused, or this rep is not.
    """
    now = read_pauses(folder)
    if now.whole(today):
        msg = "Everything is paused, not only this rep."
        raise PlanError(msg, hint="To go on with all: goodword resume")
    if owner not in now.owners:
        msg = "This rep is not paused."
        raise PlanError(msg, hint="goodword status shows what is.")
    if len(now.owners) == 1:
        write_pauses(folder, Pauses())
        return

    def take(document: TOMLDocument) -> None:
        owners: Any = document["owner"]
        owners.remove(owner)

    _edit(folder, take)


def _unreadable(folder: Path) -> bool:
    """Say whether there is a file that pauses everything because it says something unknown."""
    now = read_pauses(folder)
    if not now.everything or now.until is not None:
        return False
    try:
        return any(tomllib.loads(p.read_text(encoding="utf-8-sig")) for p in _files(folder))
    except (OSError, ValueError):
        return True


def _edit(folder: Path, change: Callable[[TOMLDocument], object]) -> None:
    """Change the file in one step, or make it."""
    import tomlkit

    path = next(iter(_files(folder)), folder / FILE)
    try:
        text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
        document = tomlkit.parse(text)
        change(document)
        fresh = folder / f"{FILE}.new"
        fresh.write_text(tomlkit.dumps(document), encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        msg = f"{path} cannot be written ({error.strerror})."
        raise SourceError(msg, hint="Make a file named PAUSE in that folder yourself.") from error


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name.casefold() in NAMES)


def _by_hand() -> PlanError:
    msg = "The file PAUSE says something goodword does not understand; everything is paused."
    return PlanError(msg, hint="Change it by hand, or delete it to end the pause.")
