"""What was called how often: for ``goodword doctor``, and to prove the budget of calls."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from goodword_hubspot.seam.kinds import Kind

_ID = re.compile(r"/\d+(?=/|$)")


@dataclass(slots=True)
class Telemetry:
    """Counts of one run; they never leave the computer and hold no ids.

    Args:
        calls: Calls by method and path, numbers of records replaced by ``{id}``.
        kinds: Calls by kind.
        retries: Tries that failed and were made again.
    """

    calls: Counter[str] = field(default_factory=Counter)
    kinds: Counter[Kind] = field(default_factory=Counter)
    retries: int = 0

    @property
    def total(self) -> int:
        """All calls, retries included."""
        return sum(self.kinds.values())

    def count(self, method: str, path: str, kind: Kind) -> None:
        """Count one call."""
        self.calls[nameless(method, path)] += 1
        self.kinds[kind] += 1


def nameless(method: str, path: str) -> str:
    """Return a call as text without the numbers of records in it."""
    return f"{method} {_ID.sub('/{id}', path)}"
