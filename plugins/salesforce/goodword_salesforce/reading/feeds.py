"""Whole tables, read the cheapest way: in one page, in ranges of ids, or by a large job.

The first page says how many rows there are. A range takes a fifth of a call; a large job takes
some calls whatever its size, so it wins from about 80,000 rows on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from goodword_salesforce.seam import bulk
from goodword_salesforce.seam.collections import chunks
from goodword_salesforce.seam.composite import HEAVY_PARTS, send_all
from goodword_salesforce.seam.failures import RefusedError
from goodword_salesforce.seam.query import Wanted, asked, page_in, rows_in
from goodword_salesforce.seam.ranges import FILLED, Table, each_row_between, first_page, last_page
from goodword_salesforce.seam.soql import PAGE
from goodword_salesforce.seam.values import Row

if TYPE_CHECKING:
    from goodword_salesforce.seam.client import Org

Put = Callable[[Sequence[Row]], object]
JOB = 6
"""Calls of a large job besides its downloads: to make it, to look after it, to end it."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A query to be read whole, and where its rows go.

    Args:
        wanted: The query, without order and limit.
        put: Takes its rows, page by page.
        long: It is likely to have more rows than a page: its end is read with its beginning.
    """

    wanted: Wanted
    put: Put
    long: bool = False

    @property
    def table(self) -> Table:
        """The query with its key: what it groups by, or the id."""
        groups = self.wanted.query.groups
        return Table(self.wanted, groups[0] if groups else "Id")

    @property
    def first(self) -> Wanted:
        """The query for its first page; without a limit, its answer says how many rows there are.

        Groups have no second page, so they need one.
        """
        if self.wanted.query.groups:
            return first_page(self.table)
        return Wanted(self.wanted.query.order_by("Id"), self.wanted.gone_too)


def read_feeds(org: Org, feeds: Sequence[Feed]) -> None:
    """Read tables; their pages come in no order.

    Raises:
        ConnectorError: One was refused, or the calls left for the day would not be enough.
    """
    if not feeds:
        return
    ends = [each for each in feeds if each.long]
    firsts = [each.first for each in feeds]
    asks = [asked(org, each) for each in (*firsts, *(last_page(each.table) for each in ends))]
    answers = send_all(org, asks)
    lasts = {
        feeds.index(feed): tuple(rows_in(org, answer))
        for feed, answer in zip(ends, answers[len(feeds) :], strict=True)
    }
    left: list[tuple[int, tuple[Row, ...]]] = []
    jobs: list[Feed] = []
    calls = 0
    for place, (feed, answer) in enumerate(zip(feeds, answers, strict=False)):
        page = page_in(org, answer)
        feed.put(page.rows)
        if by_job(page.total) and page.after:
            jobs.append(feed)
            calls += calls_by_job(page.total)
        elif page.after or (feed.wanted.query.groups and len(page.rows) >= PAGE):
            left.append((place, page.rows))
            calls += calls_by_range(page.total)
    org.transport.quota.need(calls)
    refused = [feed for feed in jobs if not _by_job(org, feed)]
    rest = _with_ends(org, feeds, left, lasts)
    tables = [feeds[place].table for place, _, _ in rest]
    pairs = [(first, last) for _, first, last in rest]
    for number, rows in each_row_between(org, tables, pairs):
        feeds[rest[number][0]].put(rows)
    for feed in refused:
        _by_pages(org, feed)


def by_job(rows: int) -> bool:
    """Say whether a large job reads so many rows with fewer calls than ranges do."""
    return calls_by_job(rows) < calls_by_range(rows)


def calls_by_range(rows: int) -> int:
    """Return how many calls a table takes in ranges of ids, besides its first page."""
    return ceil(rows / (PAGE * FILLED) / HEAVY_PARTS)


def calls_by_job(rows: int) -> int:
    """Return how many calls a table takes by a large job."""
    return JOB + ceil(rows / bulk.PAGE)


def _with_ends(
    org: Org,
    feeds: Sequence[Feed],
    left: Sequence[tuple[int, tuple[Row, ...]]],
    known: dict[int, tuple[Row, ...]],
) -> list[tuple[int, tuple[Row, ...], tuple[Row, ...]]]:
    """Return the tables that are not read yet with their first and last pages."""
    missing = [place for place, _ in left if place not in known]
    answers = send_all(org, [asked(org, last_page(feeds[place].table)) for place in missing])
    for place, answer in zip(missing, answers, strict=True):
        known[place] = tuple(rows_in(org, answer))
    return [(place, first, known[place]) for place, first in left]


def _by_job(org: Org, feed: Feed) -> bool:
    """Read a table by a large job; say whether the org could: some fields are refused there."""
    try:
        for rows in bulk.read(org, feed.wanted):
            for part in chunks(rows, PAGE):
                feed.put(part)
    except RefusedError:
        return False
    return True


def _by_pages(org: Org, feed: Feed) -> None:
    """Read a table page by page, after a large job was refused."""
    found = send_all(org, [asked(org, each(feed.table)) for each in (first_page, last_page)])
    first, last = (tuple(rows_in(org, answer)) for answer in found)
    for _, rows in each_row_between(org, [feed.table], [(first, last)]):
        feed.put(rows)
