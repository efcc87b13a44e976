"""Support tickets of contacts, open and closed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from goodword_hubspot.reading.links import ids_by_contact, ids_linked
from goodword_hubspot.reading.values import true_of
from goodword_hubspot.seam.records import Record, time_of

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_hubspot.desk import Desk


def put_tickets(desk: Desk, sink: Sink, records: Iterable[Record]) -> None:
    """Hand over tickets; one about several people is a row for each."""
    kept = list(records)
    people = ids_linked(desk, "tickets", "contacts", kept)
    rows = [
        {
            "ticket_id": row_id,
            "contact_id": contact,
            "kind": _kind(record.get("hs_ticket_category")),
            "status": "closed" if _closed(record) else "open",
            "opened_at": time_of(record.get("createdate")),
            "closed_at": time_of(record.get("closed_date")),
        }
        for record in kept
        for row_id, contact in ids_by_contact(record.id, people.get(record.id, ()))
    ]
    sink.put("tickets", rows)


def _closed(record: Record) -> bool:
    return record.get("closed_date") is not None or true_of(record.get("hs_is_closed"))


def _kind(category: str | None) -> str:
    """Return the kind; portals that tell complaints apart do it by a category of their own."""
    word = (category or "").lower()
    if "complaint" in word:
        return "complaint"
    return "escalation" if "escalat" in word else "ticket"
