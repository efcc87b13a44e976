"""What was called how often: for ``goodword doctor``, and to prove the budget of calls."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass, field

from goodword_salesforce.seam.kinds import Kind

_ID = re.compile(r"/(?=[A-Za-z]*\d)[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?(?:-\d+)?(?=/|$)")
_KEY = re.compile(r"__c/[^/?]+")
QUERIES_KEPT = 1_000
"""Queries of one run that can be looked at afterwards."""


@dataclass(slots=True)
class Telemetry:
    """Counts of one run; they never leave the computer.

    Args:
        calls: Calls by method and path, ids of records replaced by ``{id}``.
        kinds: Calls by kind.
        sign_ins: How often a session was asked for; these are no calls of the org's day.
        retries: Tries that failed and were made again.
        queries: The last queries as they were sent. They hold ids, so they stay in memory.
    """

    calls: Counter[str] = field(default_factory=Counter)
    kinds: Counter[Kind] = field(default_factory=Counter)
    sign_ins: int = 0
    retries: int = 0
    queries: deque[str] = field(default_factory=lambda: deque(maxlen=QUERIES_KEPT))

    @property
    def total(self) -> int:
        """All calls, retries included."""
        return sum(self.kinds.values())

    def count(self, method: str, path: str, kind: Kind) -> None:
        """Count one call."""
        self.calls[nameless(method, path)] += 1
        self.kinds[kind] += 1


def nameless(method: str, path: str) -> str:
    """Return a call as text without ids, keys and queries in it."""
    bare = "/" + path.partition("?")[0]
    return f"{method} {_KEY.sub('__c/{key}', _ID.sub('/{id}', bare))[1:]}"
