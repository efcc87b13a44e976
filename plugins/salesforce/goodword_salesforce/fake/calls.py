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
        kind: What it is, such as ``collections create``; empty for an unknown address.
        status: Answer; 0 when the connection was dropped.
        at: Seconds since 1970 by the org's clock.
        parts: Kinds of the calls inside a composite one.
        headers: As they were sent, names in lower case, without the one that holds the token.
    """

    method: str
    path: str
    kind: str
    status: int
    at: float
    parts: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What it does: of a composite call, what its parts do."""
        return self.parts or (self.kind,)


@dataclass(slots=True)
class Calls:
    """All calls since the org was opened, or since the last reset.

    Args:
        made: In order.
        connections: How many connections callers opened.
    """

    made: list[Call] = field(default_factory=list)
    connections: int = 0

    def __len__(self) -> int:
        return len(self.made)

    def counted(self) -> list[Call]:
        """Return the calls that count against the day's limit: all but logging in."""
        return [call for call in self.made if call.path.startswith("/services/data/v")]

    def by_kind(self) -> Counter[str]:
        """Count the calls of each kind; a composite call is one."""
        return Counter(call.kind for call in self.made)

    def by_part(self) -> Counter[str]:
        """Count what was done: each part of a composite call for itself."""
        return Counter(kind for call in self.made for kind in call.kinds)

    def by_status(self) -> Counter[int]:
        """Count the answers of each status."""
        return Counter(call.status for call in self.made)

    def writes(self) -> list[Call]:
        """Return the calls that could change a record."""
        words = {"create", "update", "upsert", "delete", "upload"}
        return [call for call in self.made if any(words & set(kind.split()) for kind in call.kinds)]

    def connected(self) -> None:
        """Count one more connection."""
        self.connections += 1

    def reset(self) -> None:
        """Begin to count anew."""
        self.made.clear()
        self.connections = 0

    def lines(self) -> list[str]:
        """Return a line for each kind, the most frequent first, and one for the sum."""
        kinds = self.by_kind().most_common()
        found = [f"{count:6d}  {kind or '(unknown address)'}" for kind, count in kinds]
        return [*found, f"{len(self.made):6d}  calls over {self.connections} connections"]
