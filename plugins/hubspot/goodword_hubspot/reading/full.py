"""A first pull: the whole portal, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword_hubspot.names import OUTCOME
from goodword_hubspot.reading.activities import put_engagements, put_records
from goodword_hubspot.reading.asks import MARK_WORD, all_tasks, put_asks
from goodword_hubspot.reading.contacts import TABLES as PEOPLE
from goodword_hubspot.reading.contacts import contacts_of
from goodword_hubspot.reading.cursor import Position
from goodword_hubspot.reading.departures import settle_departed
from goodword_hubspot.reading.merges import merged_ids
from goodword_hubspot.reading.owners import put_owners
from goodword_hubspot.reading.paging import all_matching
from goodword_hubspot.reading.properties import properties_of
from goodword_hubspot.reading.referrals import Referrals
from goodword_hubspot.reading.whole_kinds import KINDS, read_whole
from goodword_hubspot.seam.objects import Filter, each_page, read

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_hubspot.desk import Desk


def pull_everything(desk: Desk, sink: Sink) -> Position:
    """Hand over the whole portal; return where the next pull goes on."""
    _ = desk.account  # the first answer also tells HubSpot's time
    start = desk.server_now()
    put_owners(desk, sink)
    answered = _contacts(desk, sink)
    allowed = [kind for kind in KINDS if read_whole(desk, sink, kind)]
    desk.memory.open_tasks.clear()
    desk.memory.alone.clear()
    desk.memory.left.clear()
    put_asks(desk, sink, all_tasks(desk).values(), answered, complete=True)
    sink.whole("asks")
    _activities(desk, sink)
    return Position({}, desk.work.today).reached(start, "contacts", "tasks", *allowed)


def _contacts(desk: Desk, sink: Sink) -> list[str]:
    """Hand over contacts and referrals; return those with an answer of a rep.

    Who left since the last time is noticed.
    """
    answered: list[str] = []
    contacts, referrals = contacts_of(desk), Referrals(desk)
    ids = desk.ids("contacts")
    before = ids.begin_anew()
    merged: set[str] = set()
    for page in each_page(desk.portal, "contacts", contacts.properties, contacts.links):
        ids.add(contacts.put(sink, page.records))
        merged.update(each for record in page.records for each in merged_ids(record))
        referrals.notice(page.records)
        answered += [record.id for record in page.records if record.get(OUTCOME)]
    contacts.marks.tell(sink)
    sink.whole(*PEOPLE)
    settle_departed(
        desk, sink, {e for e in before if e not in ids and e not in merged}, len(before)
    )
    referrals.put(sink)
    sink.whole("referrals")
    return answered


def _activities(desk: Desk, sink: Sink) -> None:
    """Hand over what happened of late, and our own notes of any age."""
    put_engagements(desk, sink)
    place = desk.place("notes")
    name = place.mark or place.key
    condition = (
        Filter(name, "HAS_PROPERTY") if name else Filter(place.body, "CONTAINS_TOKEN", MARK_WORD)
    )
    wanted = (*properties_of("notes"), *place.reads)
    for records in all_matching(desk.portal, "notes", wanted, [condition]):
        put_records(desk, sink, "notes", [r for r in records if place.mark_of(r) is not None])
    recent = list(desk.memory.recent("notes", desk.portal.clock()))
    put_records(desk, sink, "notes", read(desk.portal, "notes", recent, wanted))
    sink.whole("activities")
