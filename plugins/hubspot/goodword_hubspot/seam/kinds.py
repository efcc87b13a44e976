"""What kind of call a request is: that decides its pace, whether it may be repeated, its count."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """A kind of call, as limits and retries tell them apart."""

    READ = "read"
    SEARCH = "search"
    REPEATABLE = "write"
    """A write that leaves the same when it is sent twice: update, upsert, archive, associate."""
    CREATE = "create"
    """A write that would make a second record when it is sent twice."""

    @property
    def writes(self) -> bool:
        """Whether it changes something in the portal."""
        return self in (Kind.REPEATABLE, Kind.CREATE)

    @property
    def repeatable(self) -> bool:
        """Whether sending it again can do no harm, even if it had arrived."""
        return self is not Kind.CREATE


def kind_of(method: str, path: str) -> Kind:
    """Return the kind of a request, from its method and the path without the query."""
    if method in ("GET", "HEAD"):
        return Kind.READ
    if path.endswith("/search"):
        return Kind.SEARCH
    if path.endswith(("/batch/read", "/access-token-info")):
        return Kind.READ
    if method in ("PUT", "PATCH", "DELETE"):
        return Kind.REPEATABLE
    if path.endswith(("/batch/update", "/batch/upsert", "/archive")):
        return Kind.REPEATABLE
    if "/associations/" in path and path.endswith("/batch/create"):
        return Kind.REPEATABLE
    return Kind.CREATE
