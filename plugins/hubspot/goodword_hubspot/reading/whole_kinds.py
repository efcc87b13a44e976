"""Everything of one kind: companies, deals, tickets, survey answers; each may be out of reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from goodword_hubspot.reading.accounts import put_accounts
from goodword_hubspot.reading.deals import TABLES as SALES
from goodword_hubspot.reading.deals import Deals
from goodword_hubspot.reading.feedback import put_feedback
from goodword_hubspot.reading.optional import where_allowed
from goodword_hubspot.reading.properties import properties_of
from goodword_hubspot.reading.tickets import put_tickets
from goodword_hubspot.seam.objects import each_page
from goodword_hubspot.seam.records import Page

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_hubspot.desk import Desk


def read_whole(desk: Desk, sink: Sink, kind: str) -> bool:
    """Hand over all records of one of ``KINDS``; say whether they could be read."""
    return _READERS[kind](desk, sink)


def _companies(desk: Desk, sink: Sink) -> bool:
    return _whole(
        sink,
        desk,
        "companies",
        ("accounts",),
        "Companies",
        lambda page: put_accounts(sink, page.records),
    )


def _deals(desk: Desk, sink: Sink) -> bool:
    deals, ids = Deals(desk), desk.ids("deals")
    ids.begin_anew()

    def put(page: Page) -> None:
        deals.put(sink, page.records)
        ids.add(record.id for record in page.records)

    pages = each_page(desk.portal, "deals", deals.properties, ("contacts", "companies"))
    allowed = where_allowed(sink, SALES, "Deals", pages, put)
    if allowed:
        sink.whole(*SALES)
        deals.tell(sink)
    return allowed


def _tickets(desk: Desk, sink: Sink) -> bool:
    return _whole(
        sink,
        desk,
        "tickets",
        ("tickets",),
        "Support tickets",
        lambda page: put_tickets(desk, sink, page.records),
    )


def _feedback(desk: Desk, sink: Sink) -> bool:
    return _whole(
        sink,
        desk,
        "feedback_submissions",
        ("feedback",),
        "Survey answers",
        lambda page: put_feedback(desk, sink, page.records),
    )


def _whole(
    sink: Sink,
    desk: Desk,
    kind: str,
    tables: tuple[str, ...],
    what: str,
    put: Callable[[Page], object],
) -> bool:
    linked = () if kind == "companies" else ("contacts",)
    pages = each_page(desk.portal, kind, properties_of(kind), linked)
    allowed = where_allowed(sink, tables, what, pages, put)
    if allowed:
        sink.whole(*tables)
    return allowed


_READERS: Mapping[str, Callable[[Desk, Sink], bool]] = {
    "companies": _companies,
    "deals": _deals,
    "tickets": _tickets,
    "feedback_submissions": _feedback,
}
KINDS = tuple(_READERS)
"""Kinds that a key or an edition of HubSpot may not show."""
