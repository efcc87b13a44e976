"""Our fields on contacts: one batch update with what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from goodword import SetFields, WriteResult
from goodword_hubspot.names import OWN
from goodword_hubspot.seam.objects import Input, update
from goodword_hubspot.writing.batches import sent, texts

if TYPE_CHECKING:
    from goodword_hubspot.desk import Desk

CHANGED = ("PROPERTY_DOESNT_EXIST", "INVALID_OPTION")
"""HubSpot's codes for a property, or an option of one, that is not there, or not any more."""


def write_fields(desk: Desk, actions: Sequence[SetFields]) -> list[WriteResult]:
    """Write our fields; two actions about one contact go one after the other."""
    results: dict[str, WriteResult] = {}
    fields = desk.fields
    waiting: list[SetFields] = []
    for action in actions:
        unknown = sorted(action.values.keys() - fields)
        if unknown:
            error = f"set_fields: the portal has no property of ours for {unknown[0]!r}."
            results[action.key] = WriteResult(action.key, ok=False, error=error)
        else:
            waiting.append(action)
    while waiting:
        first: dict[str, SetFields] = {}
        for action in waiting:
            first.setdefault(action.contact_id, action)
        taken = {action.key for action in first.values()}
        waiting = [action for action in waiting if action.key not in taken]
        results |= _written(desk, list(first.values()))
    return [results[action.key] for action in actions]


def _written(desk: Desk, actions: Sequence[SetFields]) -> dict[str, WriteResult]:
    inputs = [
        Input(
            properties=texts({OWN[name]: value for name, value in action.values.items()}),
            id=action.contact_id,
            trace=action.key,
        )
        for action in actions
    ]
    fates = sent(inputs, lambda part: update(desk.portal, "contacts", part))
    if any(code in fate.error for fate in fates.values() for code in CHANGED):
        desk.look_again()  # somebody changed a property of ours: the next look shows it
    done = [a.contact_id for a in actions if fates[a.key].record is not None]
    desk.memory.note("contacts", ((each, "") for each in done), desk.portal.clock())
    return {
        action.key: WriteResult(
            action.key,
            ok=fates[action.key].record is not None,
            remote_id=action.contact_id,
            error=_told(fates[action.key].error),
        )
        for action in actions
    }


def _told(error: str) -> str:
    return f"set_fields: {error}" if error else ""
