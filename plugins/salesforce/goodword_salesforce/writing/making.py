"""Making tasks once: by their unique key, and again where only owner, person or deal was wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from goodword import CreateTask, WriteResult
from goodword_salesforce.names import MARK
from goodword_salesforce.seam.collections import Change, Saved, insert
from goodword_salesforce.seam.ids import as_id
from goodword_salesforce.seam.values import Row, is_true
from goodword_salesforce.writing.letters import Letter, done, left_alone, refused, told
from goodword_salesforce.writing.owners import INACTIVE, NOBODY, stand_ins, works
from goodword_salesforce.writing.people import CONTACT, GONE, person_object, standing_for
from goodword_salesforce.writing.tasks import new_task

if TYPE_CHECKING:
    from goodword_salesforce.desk import Desk

_DELETED = "the rep deleted this task; it is not made again"
_NOBODY = "Salesforce has no such contact; they were deleted"
_MENDED = 3
"""Times a task is sent again after something about it was put right: owner, person, deal."""


def making_letters(
    desk: Desk, actions: Sequence[CreateTask], there: Mapping[str, Row]
) -> tuple[list[Letter], list[WriteResult]]:
    """Return the tasks to be made, and what is known of the others without sending them.

    Args:
        desk: The org.
        actions: Tasks of different keys.
        there: Those of them that were found in the org, in the bin too, by key.
    """
    new = [action for action in actions if action.key not in there]
    results = [_found(action, there[action.key]) for action in actions if action.key in there]
    idle = [action for action in new if not works(desk, action.owner_id)]
    instead = stand_ins(desk, [_person(action) for action in idle]) if idle else {}
    letters: list[Letter] = []
    for action in new:
        owner = (as_id(action.owner_id or "") or "") if action not in idle else ""
        owner = owner or instead.get(_person(action), "")
        if owner:
            letters.append(Letter(action, new_task(desk, action, owner)))
        else:
            results.append(refused(action, NOBODY))
    return letters, results


def fates_of_tasks(
    desk: Desk, letters: Sequence[Letter], saved: Sequence[Saved]
) -> list[WriteResult]:
    """Return what became of the tasks, after those were sent again that could be put right."""
    fates = dict(zip((letter.action.key for letter in letters), saved, strict=True))
    waiting = list(letters)
    for _ in range(_MENDED):
        waiting = _mended(
            desk, [each for each in waiting if not _made(fates[each.action.key])], fates
        )
        if not waiting:
            break
        again = insert(desk.org, [each.change for each in waiting], once=True)
        fates |= dict(zip((each.action.key for each in waiting), again, strict=True))
    return [_told(desk, letter, fates[letter.action.key]) for letter in letters]


def _mended(desk: Desk, letters: Sequence[Letter], fates: Mapping[str, Saved]) -> list[Letter]:
    """Return those of the letters that may succeed with another owner, person or deal."""
    idle = [
        each for each in letters if not INACTIVE.isdisjoint(fates[each.action.key].trouble.codes)
    ]
    lost = [each for each in letters if not GONE.isdisjoint(fates[each.action.key].trouble.codes)]
    mended: list[Letter] = []
    if idle:
        gone = {str(each.change.values["OwnerId"]) for each in idle}
        instead = stand_ins(desk, [_who(each.change) for each in idle], gone)
        for each in idle:
            owner = instead.get(_who(each.change), "")
            if owner:
                mended.append(_with(each, {"OwnerId": owner}))
    if lost:
        now = standing_for(desk, {_who(each.change) for each in lost})
        for each in lost:
            person, values = now[_who(each.change)], each.change.values
            if person and person != values["WhoId"]:
                mended.append(_with(each, {"WhoId": person}))
            elif person and "WhatId" in values:
                mended.append(_with(each, {"WhatId": None}))
    return mended


def _with(letter: Letter, values: Mapping[str, str | None]) -> Letter:
    """Return a letter with other values; None leaves a value out."""
    merged = {**letter.change.values, **values}
    if person_object(str(merged["WhoId"])) != CONTACT:
        merged["WhatId"] = None
    kept = {name: value for name, value in merged.items() if value is not None}
    return replace(letter, change=replace(letter.change, values=kept))


def _told(desk: Desk, letter: Letter, saved: Saved) -> WriteResult:
    action = letter.action
    if _made(saved):
        remote_id = saved.id or saved.trouble.record
        desk.memory.open_tasks[remote_id] = action.key
        sent = letter.change.values
        known = (action.key, str(sent["WhoId"]), str(sent[MARK]))
        desk.memory.known_tasks[remote_id] = known
        return done(action, remote_id)
    codes = saved.trouble.codes
    if not INACTIVE.isdisjoint(codes):
        return refused(action, NOBODY)
    if not GONE.isdisjoint(codes):
        return refused(action, _NOBODY)
    return told(action, saved)


def _made(saved: Saved) -> bool:
    """Say whether the task exists: made now, or before with an answer that was lost."""
    return saved.ok or (saved.there_already and bool(saved.trouble.record))


def _found(action: CreateTask, row: Row) -> WriteResult:
    if is_true(row, "IsDeleted"):
        return left_alone(action, _DELETED)
    return done(action, row["Id"])


def _person(action: CreateTask) -> str:
    return as_id(action.contact_id) or ""


def _who(change: Change) -> str:
    return str(change.values["WhoId"])
