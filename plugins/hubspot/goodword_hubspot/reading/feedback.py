"""Answers to HubSpot's own surveys: recommendation (0-10) and satisfaction (1-5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from goodword_hubspot.reading.links import ids_by_contact, ids_linked
from goodword_hubspot.reading.values import whole_of
from goodword_hubspot.seam.records import Record, time_of

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_hubspot.desk import Desk

_KINDS = {"NPS": "nps", "CSAT": "csat"}
"""Survey types with a scale of ours; an effort score (CES) has none."""


def put_feedback(desk: Desk, sink: Sink, records: Iterable[Record]) -> None:
    """Hand over survey answers."""
    kept = [record for record in records if record.get("hs_survey_type") in _KINDS]
    people = ids_linked(desk, "feedback_submissions", "contacts", kept)
    rows = [
        {
            "feedback_id": row_id,
            "contact_id": contact,
            "kind": _KINDS[record.get("hs_survey_type") or ""],
            "score": whole_of(record.get("hs_value")),
            "at": time_of(record.get("hs_submission_timestamp") or record.get("hs_createdate")),
        }
        for record in kept
        for row_id, contact in ids_by_contact(record.id, people.get(record.id, ()))
    ]
    sink.put("feedback", rows)
