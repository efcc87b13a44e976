"""Answers of reps that belong to no task of ours: those that count all the same, and the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_hubspot.desk import Desk
    from goodword_hubspot.reading.outcomes import Answers, Given

NAMED = 5
"""Most contacts a notice names."""


def put_alone(desk: Desk, sink: Sink, answers: Mapping[str, Answers]) -> None:
    """Hand over answers that count without a task; say how many cannot be counted."""
    memory = desk.memory
    alone = {contact: one.alone for contact, one in answers.items() if one.alone is not None}
    sink.put("asks", [_row_alone(contact, given) for contact, given in alone.items()])
    over = sorted(memory.alone & (answers.keys() - alone.keys()))
    sink.remove("asks", [{"task_key": _key_alone(contact)} for contact in over])
    memory.alone = (memory.alone - answers.keys()) | alone.keys()
    left = {contact for contact, each in answers.items() if each.left}
    memory.left = (memory.left - answers.keys()) | left
    if memory.left:
        text = "An outcome of an ask that could belong to no task of ours is not counted and stays "
        text += f"on its contact ({_named(memory.left)})."
        sink.notice("answers", f"{text} Empty the field, or choose it again after the next task.")


def _named(contacts: Collection[str]) -> str:
    """Return contacts by record id; of many, the first ones and how many more there are."""
    more = f" and {len(contacts) - NAMED:,} more" if len(contacts) > NAMED else ""
    return f"record ID {', '.join(sorted(contacts)[:NAMED])}{more}"


def _key_alone(contact_id: str) -> str:
    return f"answer-{contact_id}"


def _row_alone(contact_id: str, given: Given) -> dict[str, object]:
    """Return a row for an answer without a task, so that it counts like any other."""
    return {
        "task_key": _key_alone(contact_id),
        "contact_id": contact_id,
        "state": "done",
        "edited": False,
        "created_at": given.at,
        "done_at": given.at,
        "outcome": given.outcome,
    }
