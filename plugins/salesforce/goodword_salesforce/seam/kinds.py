"""What kind of call a request is: that decides whether it may be repeated, and its count."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """A kind of call, as retries tell them apart."""

    READ = "read"
    REPEATABLE = "write"
    """A write that leaves the same when it is sent twice: by id, by a unique key, a deletion."""
    CREATE = "create"
    """A write that would make a second record when it is sent twice."""

    @property
    def writes(self) -> bool:
        """Whether it changes something in the org."""
        return self is not Kind.READ

    @property
    def repeatable(self) -> bool:
        """Whether sending it again can do no harm, even if it had arrived."""
        return self is not Kind.CREATE


def kind_of(method: str) -> Kind:
    """Return the kind of a request by its method alone; a POST counts as a create."""
    if method in ("GET", "HEAD"):
        return Kind.READ
    return Kind.REPEATABLE if method in ("PUT", "PATCH", "DELETE") else Kind.CREATE


def heaviest(kinds: list[Kind]) -> Kind:
    """Return the kind of a call that carries calls of these kinds."""
    order = (Kind.CREATE, Kind.REPEATABLE, Kind.READ)
    return next((kind for kind in order if kind in kinds), Kind.READ)
