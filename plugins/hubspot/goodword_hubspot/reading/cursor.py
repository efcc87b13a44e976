"""Where the next pull goes on: a time for each kind of record, always a little in the past.

HubSpot's search shows a change with a delay, so a pull begins before the end of the last one, and
never counts what is younger than the delay as seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from goodword import Cursor
from goodword_hubspot.seam.records import milliseconds, time_of

LAG = 60
"""Seconds within which search shows a change ("a few moments", HubSpot's search guide)."""
OVERLAP = 120
"""Seconds that a pull looks back before the end of the last one."""
VERSION = "1"


@dataclass(frozen=True, slots=True)
class Position:
    """What was read up to when.

    Args:
        times: Kind to milliseconds since 1970 up to which it was read.
        night: Day of the last thorough look.
        pull: Which pull came so far; what is remembered beside the mirror must be of the same.
    """

    times: Mapping[str, int]
    night: date | None = None
    pull: str = ""

    def since(self, kind: str) -> int | None:
        """Return from when on a kind is read, in milliseconds; None where it never was."""
        at = self.times.get(kind)
        return at - OVERLAP * 1000 if at is not None else None

    def reached(self, now: datetime, *kinds: str) -> Position:
        """Return the position once these kinds were read, beginning at *now*; never earlier."""
        at = milliseconds(now) - LAG * 1000
        times = {kind: max(at, self.times.get(kind, at)) for kind in kinds}
        return replace(self, times={**self.times, **times})

    def without(self, kind: str) -> Position:
        """Return the position once a kind can no longer be read."""
        return replace(self, times={k: at for k, at in self.times.items() if k != kind})

    @property
    def cursor(self) -> Cursor:
        """The position as the core keeps it."""
        night = {"night": self.night.isoformat()} if self.night else {}
        times = {f"since:{kind}": str(at) for kind, at in self.times.items()}
        return Cursor({"version": VERSION, "pull": self.pull, **night, **times})


def position_of(cursor: Cursor | None) -> Position | None:
    """Read a cursor; None where everything has to be read."""
    if cursor is None or cursor.value.get("version") != VERSION:
        return None
    times = {
        name.removeprefix("since:"): int(text)
        for name, text in cursor.value.items()
        if name.startswith("since:") and text.isdigit()
    }
    night = time_of(cursor.value.get("night"))
    return Position(times, night.date() if night else None, cursor.value.get("pull", ""))
