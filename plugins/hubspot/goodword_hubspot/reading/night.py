"""The thorough look once a day: what leaves no trace in a search.

Search shows neither archived records nor changed links, so both are read here.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from goodword_hubspot.reading.accounts import put_accounts
from goodword_hubspot.reading.activities import put_engagements
from goodword_hubspot.reading.asks import read_tasks
from goodword_hubspot.reading.deals import deal_contacts
from goodword_hubspot.reading.departures import settle_departed, sweep_archived
from goodword_hubspot.reading.merges import MERGED, merged_ids
from goodword_hubspot.reading.optional import where_allowed
from goodword_hubspot.reading.owners import put_owners
from goodword_hubspot.reading.paging import changed_since
from goodword_hubspot.reading.properties import properties_of
from goodword_hubspot.reading.referrals import Referrals
from goodword_hubspot.reading.whole_kinds import KINDS, read_whole
from goodword_hubspot.seam.associations import read_links
from goodword_hubspot.seam.objects import each_page, search

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_hubspot.desk import Desk
    from goodword_hubspot.reading.cursor import Position


def look_thoroughly(desk: Desk, sink: Sink, position: Position) -> Position:
    """Look at what searches do not show; return the position with today as its night."""
    start = desk.server_now()
    put_owners(desk, sink)
    unread = [kind for kind in KINDS if position.since(kind) is None]
    position = position.reached(start, *(k for k in unread if read_whole(desk, sink, k)))
    since = position.since("companies")
    if since is not None and "companies" not in unread:
        pages = changed_since(desk.portal, "companies", properties_of("companies"), since)
        put = partial(put_accounts, sink)
        if not where_allowed(sink, ("accounts",), "Companies", pages, put):
            position = position.without("companies")
    sweep_archived(desk, sink, "contacts", "contacts", "contact_id")
    if position.since("deals") is not None:
        sweep_archived(desk, sink, "deals", "deals", "deal_id")
        _refresh_deal_contacts(desk, sink)
    Referrals(desk).put_links(sink, desk.ids("contacts").all())
    _deleted_tasks(desk, sink)
    put_engagements(desk, sink)
    _departed(desk, sink)
    return replace(position, night=desk.work.today)


def _refresh_deal_contacts(desk: Desk, sink: Sink) -> None:
    """Hand over who belongs to which deal, complete: links change without any trace."""
    deals = desk.ids("deals").all()
    linked = read_links(desk.portal, "deals", "contacts", deals) if deals else {}
    people = {deal: tuple(one.id for one in others) for deal, others in linked.items()}
    sink.put("deal_contacts", deal_contacts(people))
    sink.whole("deal_contacts")


def _deleted_tasks(desk: Desk, sink: Sink) -> None:
    """Take out open tasks that a rep deleted."""
    opened = dict(desk.memory.open_tasks)
    there = {record.id for record in read_tasks(desk, list(opened))}
    gone = {task: key for task, key in opened.items() if task not in there}
    sink.remove("asks", [{"task_key": key} for key in gone.values()])
    for task in gone:
        desk.memory.open_tasks.pop(task, None)


def _departed(desk: Desk, sink: Sink) -> None:
    """Look for people who were erased, when the portal counts fewer contacts than we know."""
    ids = desk.ids("contacts")
    if search(desk.portal, "contacts", [], [], limit=1).total >= len(ids):
        return
    before = ids.begin_anew()
    merged: set[str] = set()
    for page in each_page(desk.portal, "contacts", MERGED):
        ids.add(record.id for record in page.records)
        merged.update(each for record in page.records for each in merged_ids(record))
    settle_departed(
        desk, sink, {e for e in before if e not in ids and e not in merged}, len(before)
    )
