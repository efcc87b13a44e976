"""Which calls were made, by kind: what a call budget is checked against."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Args:
        method: HTTP method.
        path: As it was sent, without the query.
        kind: What it is, such as ``tasks batch upsert``; empty for an unknown address.
        status: Answer; 0 when the connection was dropped.
        at: Milliseconds by the portal's clock.
    """

    method: str
    path: str
    kind: str
    status: int
    at: int


@dataclass(slots=True)
class Calls:
    """All calls since the portal was opened, or since the last reset.

    Args:
        made: In order.
        connections: How many connections callers opened.
    """

    made: list[Call] = field(default_factory=list)
    connections: int = 0

    def __len__(self) -> int:
        return len(self.made)

    def by_kind(self) -> Counter[str]:
        """Count the calls of each kind."""
        return Counter(call.kind for call in self.made)

    def by_status(self) -> Counter[int]:
        """Count the answers of each status."""
        return Counter(call.status for call in self.made)

    def writes(self) -> list[Call]:
        """Return the calls that could change something."""
        reading = ("search", "batch read", "token")
        return [
            call
            for call in self.made
            if call.method != "GET" and not any(word in call.kind for word in reading)
        ]

    def connected(self) -> None:
        """Count one more connection."""
        self.connections += 1

    def reset(self) -> None:
        """Begin to count anew."""
        self.made.clear()
        self.connections = 0

    def lines(self) -> list[str]:
        """Return a line for each kind, the most frequent first, and one for the sum."""
        found = [f"{count:6d}  {kind or '(unknown address)'}" for kind, count in self._sorted()]
        return [*found, f"{len(self.made):6d}  calls over {self.connections} connections"]

    def _sorted(self) -> list[tuple[str, int]]:
        return self.by_kind().most_common()
