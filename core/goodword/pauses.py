"""The pause: a file named PAUSE in the firm's folder stops every write, with or without a terminal.

An empty file, or one that cannot be understood, pauses everything: in doubt nothing is written.
``goodword pause`` writes more into it::

    until = 2026-12-01

    [owner.ana]
    until = 2026-11-30

Without ``until`` a pause lasts until ``goodword resume``, or until the file is deleted. The day
named is the first one on which writing goes on.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from goodword.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

FILE = "PAUSE"
NAMES = frozenset({"pause", "pause.txt", "pause.toml"})
"""What the file may be called, whatever the case: some editors add an ending nobody sees."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """What is paused, and until when; None stands for "until somebody resumes".

    Args:
        everything: The firm as a whole is paused.
        until: First day on which the firm writes again.
        owners: Paused reps, with the first day on which their contacts are written about again.
    """

    everything: bool = False
    until: date | None = None
    owners: Mapping[str, date | None] = field(default_factory=dict)

    def whole(self, today: date) -> bool:
        """Say whether nothing may be written on *today*."""
        return self.everything and (self.until is None or today < self.until)

    def holding(self, today: date) -> frozenset[str]:
        """Return the reps whose contacts may not be written about on *today*."""
        return frozenset(o for o, until in self.owners.items() if until is None or today < until)

    def words(self, today: date) -> tuple[str, ...]:
        """Return what is paused on *today*, as sentences."""
        told = []
        if self.whole(today):
            told.append(f"Everything is paused{_until(self.until)}.")
        for owner in sorted(self.holding(today)):
            told.append(f"{owner} is paused{_until(self.owners[owner])}.")
        return tuple(told)


def read_pauses(folder: Path) -> Pauses:
    """Return what the firm's folder says is paused."""
    paths = _files(folder)
    if not paths:
        return Pauses()
    try:
        data = tomllib.loads(paths[0].read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):  # in doubt, everything is paused
        return Pauses(everything=True)
    owners, until = data.get("owner", {}), data.get("until")
    plain = type(until) is date or until is None
    if (
        len(paths) > 1
        or not isinstance(owners, dict)
        or not plain
        or set(data) - {"owner", "until"}
    ):
        return Pauses(everything=True)
    days: dict[str, date | None] = {}
    for owner, entry in owners.items():
        day = entry.get("until") if isinstance(entry, dict) else ...
        if not (day is None or type(day) is date) or set(entry) - {"until"}:
            return Pauses(everything=True)
        days[owner] = day
    return Pauses(everything=until is not None or not days, until=until, owners=days)


def write_pauses(folder: Path, pauses: Pauses) -> None:
    """Write the file, or delete it when nothing is paused.

    Raises:
        SourceError: The folder cannot be written.
    """
    try:
        if pauses.everything or pauses.owners:
            fresh = folder / f"{FILE}.new"
            fresh.write_text(_text(pauses), encoding="utf-8")
            fresh.replace(folder / FILE)
        for path in _files(folder):
            if path.name != FILE or not (pauses.everything or pauses.owners):
                path.unlink(missing_ok=True)
    except OSError as error:
        msg = f"{folder / FILE} cannot be written ({error.strerror})."
        raise SourceError(msg, hint="Make a file named PAUSE in that folder yourself.") from error


def _text(pauses: Pauses) -> str:
    import tomlkit

    head = "# goodword writes nothing while this file says so. To go on: goodword resume\n"
    if pauses.everything and pauses.until is None:
        return head
    data: dict[str, Any] = {} if pauses.until is None else {"until": pauses.until}
    if pauses.owners:
        data["owner"] = {o: {"until": d} if d else {} for o, d in pauses.owners.items()}
    return f"{head}\n{tomlkit.dumps(data)}"


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.name.casefold() in NAMES)
    except OSError:  # in doubt everything is paused: reading this one will fail as well
        return [folder / FILE]


def _until(day: date | None) -> str:
    return f" until {day}" if day else ""
