"""One batch of actions: sorted by what they are, each with its result in the order given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from goodword import (
    Action,
    CloseTask,
    CreateTask,
    LinkReferral,
    LogActivity,
    RemoveTask,
    SetFields,
    UpdateTask,
    WriteResult,
)
from goodword_hubspot.reading.asks import DONE, is_edited, read_tasks
from goodword_hubspot.seam.objects import archive
from goodword_hubspot.writing.answers import empty_answers
from goodword_hubspot.writing.fields import write_fields
from goodword_hubspot.writing.links import write_links
from goodword_hubspot.writing.notes import write_notes
from goodword_hubspot.writing.people import missing_people
from goodword_hubspot.writing.tasks import change_tasks, create_tasks

if TYPE_CHECKING:
    from goodword_hubspot.desk import Desk


def write_batch(desk: Desk, batch: Sequence[Action]) -> list[WriteResult]:
    """Write the actions; one about somebody the portal does not have is refused."""
    gone = missing_people(desk, _people(batch))
    results = {a.key: _nobody(a) for a in batch if gone & set(_people([a]))}
    left = [action for action in batch if action.key not in results]
    try:
        for result in _written(desk, left):
            results[result.key] = result
        empty_answers(desk, {action.contact_id for action in left})
        _archive_duplicates(desk)
    finally:
        desk.memory.save()
    return [results[action.key] for action in batch]


def _written(desk: Desk, batch: Sequence[Action]) -> list[WriteResult]:
    """Write what is left, fields last: they tell what the tasks before them made so."""
    changes = [a for a in batch if isinstance(a, UpdateTask | CloseTask | RemoveTask)]
    tasks = [a for a in batch if isinstance(a, CreateTask)]
    notes = [a for a in batch if isinstance(a, LogActivity)]
    links = [a for a in batch if isinstance(a, LinkReferral)]
    fields = [a for a in batch if isinstance(a, SetFields)]
    return [
        *(create_tasks(desk, tasks) if tasks else ()),
        *(change_tasks(desk, changes) if changes else ()),
        *(write_notes(desk, notes) if notes else ()),
        *(write_links(desk, links) if links else ()),
        *(write_fields(desk, fields) if fields else ()),
    ]


def _archive_duplicates(desk: Desk) -> None:
    """Archive tasks that a lost answer left twice, as far as nobody has touched them by now."""
    if not desk.memory.duplicates:
        return
    place = desk.place("tasks")
    untouched = [
        record.id
        for record in read_tasks(desk, sorted(desk.memory.duplicates))
        if record.get("hs_task_status") != DONE
        and (mark := place.mark_of(record)) is not None
        and not is_edited(desk, record, mark)
    ]
    archive(desk.portal, "tasks", untouched)
    desk.memory.duplicates.clear()


def _people(batch: Sequence[Action]) -> list[str]:
    return [
        person
        for action in batch
        for person in (
            action.contact_id,
            *((action.referred_id,) if isinstance(action, LinkReferral) else ()),
        )
    ]


def _nobody(action: Action) -> WriteResult:
    error = f"{action.kind}: the portal has no such contact; it was deleted or merged."
    return WriteResult(action.key, ok=False, error=error)
