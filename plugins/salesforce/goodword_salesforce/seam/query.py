"""Queries and their pages, one by one or many in one call; groups page by their key.

An answer with GROUP BY has no next page (Salesforce's SOQL guide), so groups are read in the order
of their key, each page after the last key of the one before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from goodword import Trail
from goodword_salesforce.seam.composite import Answer, Ask, send_all
from goodword_salesforce.seam.failures import as_given, endless
from goodword_salesforce.seam.ids import each_of, id_in, text_in
from goodword_salesforce.seam.soql import PAGE, Query, name
from goodword_salesforce.seam.values import Row, flat, moment_text

if TYPE_CHECKING:
    from goodword_salesforce.seam.client import Org

LONGEST_ADDRESS = 2_000
"""Characters of an address that every proxy lets pass; a longer query travels in a body."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query, and whether it also finds what is deleted, merged or archived."""

    query: Query
    gone_too: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer; *after* is the path of the next one, empty at the end."""

    rows: tuple[Row, ...]
    after: str = ""
    total: int = 0


@dataclass(frozen=True, slots=True)
class Departed:
    """Records that were deleted.

    Args:
        ids: Their ids, of 18 characters.
        earliest: The first moment Salesforce still knows deletions of (UTC-naive).
        upto: The moment up to which this is complete (UTC-naive).
    """

    ids: tuple[str, ...]
    earliest: datetime
    upto: datetime


def each_page(org: Org, wanted: Wanted) -> Iterator[tuple[Row, ...]]:
    """Yield the pages of one query."""
    text = org.spoken(wanted.query)
    path = _query_path(text, gone_too=wanted.gone_too)
    if len(path) > LONGEST_ADDRESS:
        yield from (page for _, page in each_page_of(org, [wanted]))
        return
    trail = Trail(endless(wanted.query.object))
    while path:
        page = _page(org, org.transport.send("GET", path).data)
        path = trail.go(page.after, len(page.rows))
        yield page.rows


def each_page_of(org: Org, wanted: Sequence[Wanted]) -> Iterator[tuple[int, tuple[Row, ...]]]:
    """Yield the pages of many queries, and the place of the query each is of.

    The first pages travel together, then the second ones, and so on.
    """
    paths = {
        place: _query_path(org.spoken(each.query), gone_too=each.gone_too)
        for place, each in enumerate(wanted)
    }
    trails = [Trail(endless(each.query.object)) for each in wanted]
    while paths:
        answers = send_all(org, [Ask("GET", path, heavy=True) for path in paths.values()])
        following: dict[int, str] = {}
        for place, answer in zip(paths, answers, strict=True):
            page = _page(org, answer.given())
            if after := trails[place].go(page.after, len(page.rows)):
                following[place] = after
            yield place, page.rows
        paths = following


def asked(org: Org, wanted: Wanted) -> Ask:
    """Return the call for the first page of a query, to be sent with others."""
    path = _query_path(org.spoken(wanted.query), gone_too=wanted.gone_too)
    return Ask("GET", path, heavy=True)


def page_in(org: Org, answer: Answer) -> Page:
    """Return the first page of a query that was sent with others.

    Raises:
        ConnectorError: It was refused.
    """
    return _page(org, answer.given())


def rows_in(org: Org, answer: Answer) -> Iterator[Row]:
    """Yield the rows of a query that was sent with others, its further pages too.

    Raises:
        ConnectorError: It was refused.
    """
    page = page_in(org, answer)
    trail = Trail(endless("a query"))
    while after := trail.go(page.after, len(page.rows)):
        yield from page.rows
        page = _page(org, org.transport.send("GET", after).data)
    yield from page.rows


def each_group(org: Org, query: Query, key: str, after: str = "") -> Iterator[tuple[Row, ...]]:
    """Yield the groups of a query, up to 2,000 at a time.

    Args:
        org: The org.
        query: A query that reads *key* and groups by it alone.
        key: The field that makes the groups.
        after: Key after which they begin; empty for all.
    """
    shown = key.rpartition(".")[2]
    trail = Trail(endless(query.object))
    last = trail.go(after, PAGE)
    while True:
        pages = list(each_page(org, Wanted(query.keyset(key, last))))
        rows = tuple(row for page in pages for row in page)
        if rows:
            yield rows
        if len(rows) < PAGE:
            return
        last = trail.go(rows[-1][shown], len(rows))


def departed(org: Org, of: str, start: datetime, end: datetime) -> Departed:
    """Return which records of an object were deleted between two moments (UTC-naive).

    Salesforce knows the last 15 days; whoever asks for more learns so from ``earliest``.
    """
    return departed_of(send_all(org, [departed_ask(of, start, end)])[0].given())


def departed_ask(of: str, start: datetime, end: datetime) -> Ask:
    """Return the call for deleted records, to be sent with others."""
    span = f"start={quote(_zoned(start), safe='')}&end={quote(_zoned(end), safe='')}"
    return Ask("GET", f"sobjects/{name(of)}/deleted/?{span}")


def departed_of(data: Any) -> Departed:
    """Read the answer to ``departed_ask`` (Any: Salesforce's own shape).

    Raises:
        ConnectorError: It is no such answer.
    """
    with as_given("GET deleted"):
        ids = tuple(id_in(each["id"]) for each in each_of(data["deletedRecords"]))
        moments = [
            datetime.fromisoformat(str(data[field])).replace(tzinfo=None)
            for field in ("earliestDateAvailable", "latestDateCovered")
        ]
    return Departed(ids, *moments)


def changed_ask(of: str, start: datetime, end: datetime) -> Ask:
    """Return the call for the ids of records made or changed between two moments (UTC-naive).

    Salesforce knows the last 30 days.
    """
    span = f"start={quote(_zoned(start), safe='')}&end={quote(_zoned(end), safe='')}"
    return Ask("GET", f"sobjects/{name(of)}/updated/?{span}")


def changed_of(data: Any) -> tuple[str, ...]:
    """Return the ids in the answer to ``changed_ask`` (Any: Salesforce's own shape).

    Raises:
        ConnectorError: It is no such answer.
    """
    with as_given("GET updated"):
        return tuple(id_in(each) for each in each_of(data["ids"]))


def _zoned(moment: datetime) -> str:
    return moment_text(moment).replace("Z", "+00:00")


def _query_path(text: str, *, gone_too: bool) -> str:
    return f"{'queryAll' if gone_too else 'query'}?q={quote(text, safe='')}"


def _page(org: Org, data: Any) -> Page:
    """Read a page (Any: Salesforce's own shape)."""
    with as_given("a query"):
        records = each_of(data["records"])
        rows = tuple(flat(record) for record in records)
        for record in records:
            if "Id" in record:
                text_in(record["Id"])
        after = "" if data["done"] is True else org.transport.local(str(data["nextRecordsUrl"]))
        return Page(rows, after, int(data.get("totalSize") or 0))
