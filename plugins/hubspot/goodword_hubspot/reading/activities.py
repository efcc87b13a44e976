"""What happened with people: our own notes, and the calls, meetings, e-mails and notes of late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from goodword_hubspot.marks import as_plain
from goodword_hubspot.reading.links import ids_by_contact, ids_linked
from goodword_hubspot.reading.optional import where_allowed
from goodword_hubspot.reading.paging import changed_since
from goodword_hubspot.reading.properties import properties_of
from goodword_hubspot.seam.records import Record, milliseconds, time_of

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_hubspot.desk import Desk

Row: TypeAlias = dict[str, object]
ENGAGEMENTS = {"calls": "call", "meetings": "meeting", "emails": "email", "notes": "note"}
"""Kinds of record on the timeline, with our words for them."""
_DIRECTIONS = {"INBOUND": "in", "INCOMING_EMAIL": "in", "OUTBOUND": "out", "EMAIL": "out"}


def put_engagements(desk: Desk, sink: Sink) -> None:
    """Hand over what happened in the last days, as many as the settings say."""
    days = desk.settings.engagement_days
    if not days:
        return
    since = milliseconds(desk.now() - timedelta(days=days))
    for kind in ENGAGEMENTS:
        wanted = (*properties_of(kind), *(desk.place("notes").reads if kind == "notes" else ()))
        pages = changed_since(desk.portal, kind, wanted, since, by="hs_timestamp")
        put = partial(put_records, desk, sink, kind)
        where_allowed(sink, (), kind.capitalize(), pages, put)


def put_records(desk: Desk, sink: Sink, kind: str, records: Iterable[Record]) -> None:
    """Hand over records of one kind with the people they are about; ours know theirs."""
    kept = list(records)
    place = desk.place("notes")
    ours = {r.id for r in kept if kind == "notes" and place.mark_of(r) is not None}
    theirs = [r for r in kept if r.id not in ours]
    people = ids_linked(desk, kind, "contacts", theirs) if theirs else {}
    rows = [_own_note(desk, record) for record in kept if record.id in ours]
    rows += [row for r in theirs for row in _rows(kind, r, people.get(r.id, ()))]
    sink.put("activities", rows)


def own_note_id(record_id: str) -> str:
    """Return the id of a note's row."""
    return f"notes-{record_id}"


def _own_note(desk: Desk, record: Record) -> Row:
    """Return the row of a note of ours: its mark says whom it is about, its first line what."""
    place = desk.place("notes")
    mark = place.mark_of(record)
    lines = as_plain(record.get(place.body)).strip().splitlines()
    moment = time_of(record.get("hs_timestamp"))
    day = desk.day_of(moment) if moment else None
    return {
        "activity_id": own_note_id(record.id),
        "contact_id": mark.contact if mark else None,
        "owner_id": record.get("hubspot_owner_id"),
        "kind": mark.play if mark else "note",
        "at": datetime(day.year, day.month, day.day) if day else None,
        "subject": lines[0].strip() if lines else None,
        "direction": "out",
    }


def _rows(kind: str, record: Record, contacts: Iterable[str]) -> Iterator[Row]:
    get = record.get
    at = time_of(get("hs_meeting_start_time") or get("hs_timestamp"))
    subject = get("hs_call_title") or get("hs_meeting_title") or get("hs_email_subject")
    direction = get("hs_call_direction") or get("hs_email_direction") or ""
    for row_id, contact in ids_by_contact(f"{kind}-{record.id}", tuple(contacts)):
        yield {
            "activity_id": row_id,
            "contact_id": contact,
            "owner_id": get("hubspot_owner_id"),
            "kind": ENGAGEMENTS[kind],
            "at": at,
            "subject": subject,
            "direction": _DIRECTIONS.get(direction),
        }
