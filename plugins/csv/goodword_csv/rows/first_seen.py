"""Days on which something was first seen, for cells that say that, but not when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

_PREFIX = "seen:"


class FirstSeen:
    """Remembers the first day of each thing from pull to pull, inside the cursor.

    Args:
        before: The cursor of the last pull; None on the first one.
        today: Day of this pull.
    """

    def __init__(self, before: Mapping[str, str] | None, today: date) -> None:
        self._before = before or {}
        self.today = today
        self._now: dict[str, str] = {}
        self.first_pull = before is None

    def at(self, key: str, guess: date | None = None) -> datetime:
        """Return midnight of the day a thing was first seen.

        Args:
            key: What was seen.
            guess: Day to assume on the very first pull, when it may be long ago.
        """
        known = self._before.get(_PREFIX + key)
        day = self.today
        if known is not None:
            day = date.fromisoformat(known)
        elif guess is not None and self.first_pull:
            day = min(guess, self.today)
        self._now[_PREFIX + key] = day.isoformat()
        return datetime(day.year, day.month, day.day)

    @property
    def cursor(self) -> dict[str, str]:
        """What the next pull must know; things no longer seen are forgotten."""
        return dict(sorted(self._now.items()))
