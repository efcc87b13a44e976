"""A pull of what changed: one search for each kind, and once a day a thorough look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from goodword_hubspot.names import OUTCOME
from goodword_hubspot.reading.activities import put_records
from goodword_hubspot.reading.asks import changed_tasks, put_asks
from goodword_hubspot.reading.contacts import contacts_of
from goodword_hubspot.reading.cursor import Position
from goodword_hubspot.reading.deals import TABLES as SALES
from goodword_hubspot.reading.deals import Deals
from goodword_hubspot.reading.feedback import put_feedback
from goodword_hubspot.reading.night import look_thoroughly
from goodword_hubspot.reading.optional import where_allowed
from goodword_hubspot.reading.paging import changed_since
from goodword_hubspot.reading.properties import properties_of
from goodword_hubspot.reading.referrals import Referrals
from goodword_hubspot.reading.tickets import put_tickets
from goodword_hubspot.seam.objects import read
from goodword_hubspot.seam.records import Record

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_hubspot.desk import Desk


def pull_changes(desk: Desk, sink: Sink, position: Position) -> Position:
    """Hand over what changed since *position*; return where the next pull goes on."""
    start = desk.server_now()
    answered = _contacts(desk, sink, position)
    for kind, (tables, what, put) in _parts(desk, sink).items():
        since = position.since(kind)
        if since is None:
            continue  # it could not be read; the thorough look tries again
        pages = changed_since(desk.portal, kind, _wanted(desk, kind), since)
        if not where_allowed(sink, tables, what, pages, put):
            position = position.without(kind)
    _asks(desk, sink, position, answered)
    _recent_notes(desk, sink)
    if position.night != desk.work.today:
        position = look_thoroughly(desk, sink, position)
    return position.reached(start, *position.times)


Part = tuple[tuple[str, ...], str, Callable[[tuple[Record, ...]], object]]


def _parts(desk: Desk, sink: Sink) -> dict[str, Part]:
    """Return what is asked for by kind: its tables, its name, how a page is handed over."""
    deals = Deals(desk)

    def put_deals(records: tuple[Record, ...]) -> None:
        deals.put(sink, records)
        desk.ids("deals").add(record.id for record in records)

    return {
        "deals": (SALES, "Deals", put_deals),
        "tickets": (
            ("tickets",),
            "Support tickets",
            lambda records: put_tickets(desk, sink, records),
        ),
        "feedback_submissions": (
            ("feedback",),
            "Survey answers",
            lambda records: put_feedback(desk, sink, records),
        ),
    }


def _wanted(desk: Desk, kind: str) -> tuple[str, ...]:
    return Deals(desk).properties if kind == "deals" else properties_of(kind)


def _contacts(desk: Desk, sink: Sink, position: Position) -> list[str]:
    """Hand over changed contacts and their referrals; return those with an answer of a rep."""
    contacts, referrals = contacts_of(desk), Referrals(desk)
    answered: list[str] = []
    before = desk.memory.alone | desk.memory.left
    for records in _changed_contacts(desk, contacts.properties, position):
        desk.ids("contacts").add(contacts.put(sink, records))
        referrals.notice(records)
        answered += [r.id for r in records if r.get(OUTCOME) or r.id in before]
    contacts.marks.tell(sink)
    referrals.linked = list(dict.fromkeys(referrals.linked))
    referrals.put(sink)
    return answered


def _changed_contacts(
    desk: Desk, wanted: tuple[str, ...], position: Position
) -> Iterator[tuple[Record, ...]]:
    """Yield changed contacts, then those we wrote not long ago, which search may not show yet."""
    since = position.since("contacts") or 0
    yield from changed_since(desk.portal, "contacts", wanted, since)
    recent = list(desk.memory.recent("contacts", desk.portal.clock()))
    if recent:
        yield tuple(read(desk.portal, "contacts", recent, wanted))


def _asks(desk: Desk, sink: Sink, position: Position, answered: list[str]) -> None:
    """Hand over changed tasks; those of ours that are gone although we just wrote them go."""
    tasks = changed_tasks(desk, position.since("tasks") or 0)
    gone = {
        key
        for task, key in desk.memory.recent("tasks", desk.portal.clock()).items()
        if task not in tasks
    }
    sink.remove("asks", [{"task_key": key} for key in sorted(gone) if key])
    put_asks(desk, sink, tasks.values(), answered, complete=False)


def _recent_notes(desk: Desk, sink: Sink) -> None:
    """Hand over notes we wrote not long ago."""
    recent = list(desk.memory.recent("notes", desk.portal.clock()))
    if recent:
        wanted = (*properties_of("notes"), *desk.place("notes").reads)
        put_records(desk, sink, "notes", read(desk.portal, "notes", recent, wanted))
