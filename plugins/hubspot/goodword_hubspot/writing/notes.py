"""Notes on the timeline: what really happened, once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from goodword import LogActivity, WriteResult
from goodword_hubspot.marks import Mark, as_html
from goodword_hubspot.writing.once import Wanted, made_once

if TYPE_CHECKING:
    from goodword_hubspot.desk import Desk

NOON = 12


def write_notes(desk: Desk, actions: Sequence[LogActivity]) -> list[WriteResult]:
    """Write notes that do not exist yet."""
    unique = {action.key: action for action in actions}
    fates = made_once(desk, "notes", [_wanted(desk, action) for action in unique.values()])
    results = []
    for action in actions:
        fate = fates[action.key]
        error = f"log_activity: {fate.error}" if fate.error else ""
        remote_id = fate.record.id if fate.record else ""
        results.append(
            WriteResult(action.key, ok=fate.record is not None, remote_id=remote_id, error=error)
        )
    return results


def _wanted(desk: Desk, action: LogActivity) -> Wanted:
    """Return a note: its first line says what happened, as a subject would."""
    subject = " ".join(action.subject.split())
    how = f"\nBy {action.channel}." if action.channel else ""
    properties = {"hs_timestamp": str(desk.moment_of(action.at, NOON))}
    if action.owner_id:
        properties["hubspot_owner_id"] = action.owner_id
    mark = Mark(
        key=action.key,
        contact=action.contact_id,
        play=action.activity,
        run=desk.work.run_id,
    )
    return Wanted(mark, as_html(f"{subject}\n{action.body}{how}"), properties)
