"""Searches of any length: HubSpot answers 10,000 records a query, and orders by one property.

At the end of a query, the records of its last instant are read by id, and the next query begins
after that instant; so neither many records nor many of one instant are lost or read for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from goodword import Trail
from goodword_hubspot.reading.properties import modified
from goodword_hubspot.seam.failures import endless
from goodword_hubspot.seam.objects import SEARCH_PAGE, Filter, search
from goodword_hubspot.seam.records import Record, milliseconds, time_of

if TYPE_CHECKING:
    from goodword_hubspot.seam.client import Portal

MOST = 10_000
"""Records one query gives (HubSpot's search guide)."""
ID = "hs_object_id"


def changed_since(
    portal: Portal,
    kind: str,
    properties: Sequence[str],
    since: int,
    also: Sequence[Filter] = (),
    by: str = "",
) -> Iterator[tuple[Record, ...]]:
    """Yield pages of the records changed since, oldest change first; some may come twice.

    Args:
        portal: The portal.
        kind: Kind of object.
        properties: What to read.
        since: Milliseconds since 1970.
        also: Conditions that must hold, too.
        by: Property with the time; the last change, where it is not given.
    """
    by = by or modified(kind)
    wanted = tuple(dict.fromkeys((*properties, by)))
    start, trail = Filter(by, "GTE", str(since)), Trail(endless(kind))
    while True:
        last: Record | None = None
        more = False
        for page, full in _query(portal, kind, wanted, (start, *also), by):
            yield page
            last = page[-1] if page else last
            more = full
        instant = _instant(last, by)
        if not more or instant is None:
            return
        yield from _of_one_instant(portal, kind, wanted, Filter(by, "EQ", instant), also)
        start = Filter(by, "GT", trail.go(instant, len(page)))


def all_matching(
    portal: Portal, kind: str, properties: Sequence[str], conditions: Sequence[Filter]
) -> Iterator[tuple[Record, ...]]:
    """Yield pages of all records that fit, by id."""
    yield from _of_one_instant(portal, kind, properties, None, conditions)


def _of_one_instant(
    portal: Portal,
    kind: str,
    properties: Sequence[str],
    instant: Filter | None,
    also: Sequence[Filter],
) -> Iterator[tuple[Record, ...]]:
    """Yield pages in the order of ids, each query after the last id of the one before."""
    first = (instant,) if instant is not None else ()
    after: tuple[Filter, ...] = ()
    trail = Trail(endless(kind))
    while True:
        last: Record | None = None
        more = False
        for page, full in _query(portal, kind, properties, (*first, *also, *after), ID):
            yield page
            last = page[-1] if page else last
            more = full
        if not more or last is None:
            return
        after = (Filter(ID, "GT", trail.go(last.id, len(page))),)


def _query(
    portal: Portal,
    kind: str,
    properties: Sequence[str],
    conditions: Sequence[Filter],
    sort: str,
) -> Iterator[tuple[tuple[Record, ...], bool]]:
    """Yield the pages of one query, and with each whether the query had more than it may give."""
    after, seen, trail = "0", 0, Trail(endless(kind))
    while True:
        page = search(portal, kind, [conditions], properties, sort, after)
        seen += len(page.records)
        full = bool(page.after) and seen + SEARCH_PAGE > MOST
        yield page.records, full
        if full or not page.after:
            return
        after = trail.go(page.after, len(page.records))


def _instant(record: Record | None, by: str) -> str | None:
    moment = time_of(record.get(by)) if record is not None else None
    return str(milliseconds(moment)) if moment else None
