"""One batch of actions: looked at, sent in as few calls as can be, each with its result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from goodword_salesforce.names import KEY, MARK
from goodword_salesforce.reading.asks import tasks_by_key
from goodword_salesforce.seam.collections import save
from goodword_salesforce.writing.changing import (
    TaskChange,
    changing_letters,
    fates_of_changes,
    take_back,
)
from goodword_salesforce.writing.fields import fates_of_fields, field_letters
from goodword_salesforce.writing.letters import Letter, refused, rounds
from goodword_salesforce.writing.links import write_links
from goodword_salesforce.writing.making import fates_of_tasks, making_letters
from goodword_salesforce.writing.people import person_object
from goodword_salesforce.writing.tasks import TASK

if TYPE_CHECKING:
    from goodword_salesforce.desk import Desk
    from goodword_salesforce.seam.values import Row

CHANGED = frozenset(
    {
        "INVALID_FIELD",
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    }
)
"""Error codes of a field, or a value of one, that is not there, or not for us, any more."""
_NO_NOTES = "a thank-you stands in Salesforce as the task that the rep completed"
_NO_FIELDS = "tasks in Salesforce have no key and mark of ours; run goodword install salesforce"
_NOBODY = "Salesforce has no such contact"


def write_batch(desk: Desk, batch: Sequence[Action]) -> list[WriteResult]:
    """Write the actions; one about somebody Salesforce does not know is refused."""
    results = _refusals(desk, batch)
    left = {action.key: action for action in batch if action.key not in results}
    try:
        for result in _written(desk, list(left.values())):
            results[result.key] = result
    finally:
        desk.memory.save()
    return [results[action.key] for action in batch]


def _refusals(desk: Desk, batch: Sequence[Action]) -> dict[str, WriteResult]:
    """Return what cannot be written at all, by key."""
    marked = desk.is_ours(TASK, KEY) and desk.is_ours(TASK, MARK)
    results: dict[str, WriteResult] = {}
    for action in batch:
        people = [action.contact_id]
        people += [action.referred_id] if isinstance(action, LinkReferral) else []
        if not all(map(person_object, people)):
            results[action.key] = refused(action, _NOBODY)
        elif isinstance(action, LogActivity):
            results[action.key] = refused(action, _NO_NOTES)
        elif not marked and isinstance(action, CreateTask | UpdateTask | CloseTask | RemoveTask):
            results[action.key] = refused(action, _NO_FIELDS)
    return results


def _written(desk: Desk, batch: Sequence[Action]) -> list[WriteResult]:
    """Write what is left, fields last: they tell what the tasks before them made so."""
    tasks = [a for a in batch if isinstance(a, CreateTask)]
    changes = [a for a in batch if isinstance(a, UpdateTask | CloseTask | RemoveTask)]
    links = [a for a in batch if isinstance(a, LinkReferral)]
    there = _there(desk, tasks, changes)
    new, results = making_letters(desk, tasks, there)
    changing = changing_letters(desk, changes, there)
    fields, refusals = field_letters(desk, [a for a in batch if isinstance(a, SetFields)])
    results += [*changing.results, *refusals]
    if changing.removals:
        results += take_back(desk, changing.removals)
    results += _sent(desk, new, [*changing.letters, *fields])
    if links:
        results += write_links(desk, links)
    return results


def _sent(desk: Desk, new: Sequence[Letter], changed: Sequence[Letter]) -> list[WriteResult]:
    """Send tasks to be made and records to be changed, together as far as that can be."""
    if new:
        desk.memory.attempt([each.action.key for each in new], desk.org.clock())
    first, *later = rounds(changed) if changed else ([],)
    made, saved = save(desk.org, [e.change for e in new], [e.change for e in first])
    results = fates_of_tasks(desk, new, made)
    if any(CHANGED.intersection(each.trouble.codes) for each in (*made, *saved)):
        desk.look_again()  # somebody changed a field of ours: the next look shows it
    for letters in (first, *later):
        if letters is not first:
            saved = save(desk.org, (), [each.change for each in letters])[1]
        pairs = list(zip(letters, saved, strict=True))
        fields = [(e, s) for e, s in pairs if isinstance(e.action, SetFields)]
        tasks = [(e, s) for e, s in pairs if not isinstance(e.action, SetFields)]
        results += fates_of_fields(desk, [e for e, _ in fields], [s for _, s in fields])
        results += fates_of_changes(desk, [e for e, _ in tasks], [s for _, s in tasks])
    return results


def _there(
    desk: Desk, tasks: Sequence[CreateTask], changes: Sequence[TaskChange]
) -> Mapping[str, Row]:
    """Return our tasks as they are now: those to be changed, and those that may be there."""
    doubtful = [action.key for action in tasks if desk.memory.may_exist(action.key)]
    keys = [*doubtful, *(action.task_key for action in changes)]
    return tasks_by_key(desk, list(dict.fromkeys(keys))) if keys else {}
