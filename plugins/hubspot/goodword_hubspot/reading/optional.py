"""Parts of a portal that a key or a tier may not show: then they are missing, and that is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from goodword_hubspot.seam.failures import RefusedError, ScopeError

if TYPE_CHECKING:
    from goodword import Sink

T = TypeVar("T")
NOT_THERE = 404


def where_allowed(
    sink: Sink, tables: tuple[str, ...], what: str, pages: Iterable[T], put: Callable[[T], object]
) -> bool:
    """Hand over every page; say the tables are absent where the first may not be read.

    Args:
        sink: Where notices go.
        tables: What the pages fill.
        what: How the user calls it, as a sentence begins: "Support tickets".
        pages: What is read.
        put: Hands one page over.

    Returns:
        Whether it could be read.

    Raises:
        ScopeError: It could be read at first, and then no more: nothing half-read is kept.
    """
    reading: Iterator[T] = iter(pages)
    first = True
    while True:
        try:
            page = next(reading, None)
        except (ScopeError, RefusedError) as error:
            if not first or (isinstance(error, RefusedError) and error.status != NOT_THERE):
                raise
            sink.absent(*tables)
            sink.notice("scope", f"{what} are not read: {_why(error)}")
            return False
        if page is None:
            return True
        put(page)
        first = False


def _why(error: ScopeError | RefusedError) -> str:
    if isinstance(error, ScopeError) and error.scopes:
        return f"the key lacks {', '.join(error.scopes)}."
    return "this key or this HubSpot edition does not show them."
