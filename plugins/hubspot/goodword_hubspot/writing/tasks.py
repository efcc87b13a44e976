"""Tasks: made once for a rep, moved, closed or taken back only while nobody touched them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from goodword import CloseTask, CreateTask, RemoveTask, UpdateTask, WriteResult
from goodword_hubspot.marks import Mark, as_html, as_plain, words_of
from goodword_hubspot.names import CONTACT_PROPERTY, OUTCOME, TASK_TO_DEAL
from goodword_hubspot.reading.asks import DONE, UNTOUCHED, is_edited
from goodword_hubspot.seam.associations import link, read_links
from goodword_hubspot.seam.objects import Input, archive, update
from goodword_hubspot.seam.records import Record, milliseconds, time_of
from goodword_hubspot.writing.batches import Fate, sent
from goodword_hubspot.writing.existing import existing
from goodword_hubspot.writing.once import Wanted, made_once

if TYPE_CHECKING:
    from goodword_hubspot.desk import Desk

DUE_HOUR, REMINDER_HOUR = 9, 8
"""Hours of the day, where the portal is, at which a task is due and reminds its rep."""
Change = UpdateTask | CloseTask | RemoveTask


def create_tasks(desk: Desk, actions: Sequence[CreateTask]) -> list[WriteResult]:
    """Make tasks that do not exist yet; one that does is left as it is."""
    unique = {action.key: action for action in actions}
    fates = made_once(desk, "tasks", [_wanted(desk, action) for action in unique.values()])
    made = {key: fate.record for key, fate in fates.items() if fate.record is not None}
    desk.memory.open_tasks |= {record.id: key for key, record in made.items()}
    _link_deals(desk, unique, made)
    return [_result(action, fates[action.key]) for action in actions]


def change_tasks(desk: Desk, actions: Sequence[Change]) -> list[WriteResult]:
    """Move, close or take back tasks, as they stand in the portal right now."""
    tasks = existing(desk, "tasks", [action.task_key for action in actions])
    results: dict[str, WriteResult] = {}
    updates: dict[str, Input] = {}
    removals: dict[str, str] = {}
    for action in actions:
        record = tasks.get(action.task_key)
        mark = desk.place("tasks").mark_of(record) if record is not None else None
        if record is None or mark is None:
            results[action.key] = _left_alone(action)
        elif isinstance(action, CloseTask) and mark.closed == action.state:
            results[action.key] = WriteResult(action.key, ok=True, remote_id=record.id)
        elif record.get("hs_task_status") == DONE or is_edited(desk, record, mark):
            results[action.key] = _left_alone(action)
        elif isinstance(action, RemoveTask):
            removals[action.key] = record.id
        else:
            updates[action.key] = _update(desk, action, record, mark)
    fates = sent(list(updates.values()), lambda part: update(desk.portal, "tasks", part))
    if removals:
        archive(desk.portal, "tasks", list(removals.values()))
    for action in actions:
        if action.key in updates:
            results[action.key] = _result(action, fates[action.key])
        elif action.key in removals:
            remote_id = removals[action.key]
            results[action.key] = WriteResult(action.key, ok=True, remote_id=remote_id)
    _remember(desk, actions, results)
    return [results[action.key] for action in actions]


def _wanted(desk: Desk, action: CreateTask) -> Wanted:
    """Return a task as it should be: due in the morning, with a reminder for its rep.

    HubSpot tells nobody of a task made by a program; the reminder does.
    """
    subject, body = (
        " ".join(action.subject.split()),
        as_html(action.body + _where_to_answer(desk, asks=action.asks)),
    )
    reminder = desk.moment_of(action.due, REMINDER_HOUR)
    properties = {
        "hs_timestamp": str(desk.moment_of(action.due, DUE_HOUR)),
        "hs_task_subject": subject,
        "hs_task_status": UNTOUCHED,
        "hs_task_priority": "MEDIUM",
        "hs_task_type": "TODO",
    }
    if reminder > milliseconds(desk.now()):
        properties["hs_task_reminders"] = str(reminder)
    if action.owner_id:
        properties["hubspot_owner_id"] = action.owner_id
    if desk.settings.queue_id:
        properties["hs_queue_membership_ids"] = desk.settings.queue_id
    mark = Mark(
        key=action.key,
        contact=action.contact_id,
        play=action.play,
        cycle=action.cycle,
        run=desk.work.run_id,
        words=words_of(subject, body, action.due),
        asks="1" if action.asks else "",
    )
    return Wanted(mark, body, properties)


def _where_to_answer(desk: Desk, *, asks: bool) -> str:
    """Return the line that names the fields for the answer, as far as the portal has them."""
    names = [name for name in desk.answers if asks or name == OUTCOME]
    labels = {name: CONTACT_PROPERTY[name].label for name in names}
    outcome = labels.pop(OUTCOME, "")
    if not outcome:
        return ""
    more = " or ".join(f"'{label}'" for label in labels.values())
    beside = f" ({more} beside it, where it fits)" if more else ""
    return f"\n\nIn HubSpot: choose '{outcome}' on the contact{beside}, then complete this task."


def _update(desk: Desk, action: UpdateTask | CloseTask, record: Record, mark: Mark) -> Input:
    if isinstance(action, UpdateTask):
        owner = {"hubspot_owner_id": action.owner_id or ""}
        return Input(properties=owner, id=record.id, trace=action.key)
    place = desk.place("tasks")
    words = as_plain(record.get(place.body)).strip()
    body = as_html(f"{words}\n\nClosed by goodword on {desk.work.today}: {action.reason}")
    moment = time_of(record.get("hs_timestamp"))
    due = desk.day_of(moment) if moment else None
    digest = words_of(record.get("hs_task_subject"), body, due)
    closed = mark.closing(action.state, digest)
    properties = {"hs_task_status": DONE, **place.written(closed, body)}
    properties.pop(place.key, None)
    return Input(properties=properties, id=record.id, trace=action.key)


def _link_deals(desk: Desk, actions: Mapping[str, CreateTask], made: Mapping[str, Record]) -> None:
    """Link tasks with the deal that set them off, where the contact is on that deal."""
    deals = desk.ids("deals")
    about = {key: actions[key].cycle for key in made if actions[key].cycle in deals}
    if not about:
        return
    people = read_links(desk.portal, "deals", "contacts", list(about.values()))
    pairs = [
        (made[key].id, deal)
        for key, deal in about.items()
        if actions[key].contact_id in {one.id for one in people.get(deal, ())}
    ]
    if pairs:
        link(desk.portal, "tasks", "deals", pairs, TASK_TO_DEAL)


def _remember(desk: Desk, actions: Sequence[Change], results: Mapping[str, WriteResult]) -> None:
    done = [(results[a.key].remote_id, a) for a in actions if results[a.key].ok]
    desk.memory.note("tasks", ((i, a.task_key) for i, a in done), desk.portal.clock())
    for record_id, action in done:
        if not isinstance(action, UpdateTask):
            desk.memory.open_tasks.pop(record_id, None)


def _left_alone(action: Change) -> WriteResult:
    error = f"{action.kind}: a person changed, completed or deleted the task."
    return WriteResult(action.key, ok=False, error=error, skipped=True)


def _result(action: CreateTask | Change, fate: Fate) -> WriteResult:
    if fate.record is None:
        return WriteResult(action.key, ok=False, error=f"{action.kind}: {fate.error}")
    return WriteResult(action.key, ok=True, remote_id=fate.record.id)
