"""Where the next pull goes on: a time, always a little in the past, and what was read until then.

Records are stamped when they are changed and seen when they are saved, which can be later; so a
pull begins before the start of the last one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from goodword import Cursor

OVERLAP = timedelta(minutes=15)
"""How long a change may take until it shows (airbytehq/airbyte#27146 met minutes)."""
KNOWN = timedelta(days=14)
"""How far back deletions are surely told; Salesforce keeps them for 15 days."""
RECONCILED = timedelta(days=15)
"""How long pulls of changes follow on each other until everything is read again."""
VERSION = "1"


@dataclass(frozen=True, slots=True)
class Position:
    """What was read up to when.

    Args:
        at: When the last pull began (UTC-naive).
        shape: Digest of what was read: objects, fields and what they mean.
        whole: Day on which everything was read last.
        pull: Which pull came so far; what is remembered beside the mirror must be of the same.
    """

    at: datetime
    shape: str
    whole: date
    pull: str = ""

    @property
    def since(self) -> datetime:
        """From when on the next pull reads, to the second."""
        return (self.at - OVERLAP).replace(microsecond=0)

    def serves(self, now: datetime, today: date, shape: str) -> bool:
        """Say whether changes are enough: nothing else is read now, and it is not too long ago.

        From time to time everything is read anyway: formulas change without a trace.
        """
        return self.shape == shape and now - self.since < KNOWN and today - self.whole < RECONCILED

    @property
    def cursor(self) -> Cursor:
        """The position as the core keeps it."""
        times = {"at": self.at.isoformat(), "whole": self.whole.isoformat()}
        return Cursor({"version": VERSION, "shape": self.shape, "pull": self.pull, **times})


def position_of(cursor: Cursor | None) -> Position | None:
    """Read a cursor; None where everything has to be read."""
    if cursor is None or cursor.value.get("version") != VERSION:
        return None
    try:
        at = datetime.fromisoformat(cursor.value["at"])
        whole = date.fromisoformat(cursor.value["whole"])
        shape, pull = cursor.value["shape"], cursor.value.get("pull", "")
        return Position(at.replace(tzinfo=None), shape, whole, pull)
    except (KeyError, ValueError):
        return None
