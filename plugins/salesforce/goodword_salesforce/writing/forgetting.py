"""Forgetting one person: our tasks and fields go; what is not ours to remove is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from goodword_salesforce.marks import mark_in
from goodword_salesforce.names import ANSWERS, DO_NOT_ASK, KEY, MARK, OWN, REFERRED_BY
from goodword_salesforce.seam.collections import Change, chunks, delete, update
from goodword_salesforce.seam.failures import error_of
from goodword_salesforce.seam.ids import as_id
from goodword_salesforce.seam.query import Wanted, each_page_of
from goodword_salesforce.seam.soql import any_of, equal, filled, one_of, select
from goodword_salesforce.seam.values import Row, is_true
from goodword_salesforce.writing.people import AT_ONCE, CONTACT, LEAD, person_object, standing_for
from goodword_salesforce.writing.tasks import TASK

if TYPE_CHECKING:
    from goodword_salesforce.desk import Desk
    from goodword_salesforce.seam.values import Written

PAGE_LEFT = "Salesforce still has the person's own page; delete it there."
BIN_LEFT = (
    "Tasks of goodword about them lie in Salesforce's recycle bin for 15 days, emptied; those that "
    "a rep deleted or an undo took back before lie there as they were."
)
LINKS_LEFT = "Salesforce still names who sent them, or whom they sent, in the field 'Referred by'."
REFUSAL_LEFT = (
    "The mark 'Do not ask for referrals' stays on their page, so that nobody asks them again."
)
STRANGERS_LEFT = (
    "A task about them has something in the field 'goodword key' that goodword did not write; the "
    "task stays as it is. Look at it in Salesforce."
)
TASKS_LEFT = "Salesforce did not let goodword empty and delete {} of its tasks about them: {}."
_OUR_KEY = re.compile("[0-9a-f]{32}")
"""How keys of tasks look; a task whose mark was damaged is known by it."""


def forget_person(desk: Desk, contact_id: str) -> tuple[str, ...]:
    """Remove what is ours about a person; return what is left, without naming anybody."""
    person, given = _now(desk, contact_id), as_id(contact_id) or ""
    if not person:
        tasks, others = _tasks_of(desk, [given] if given else [])
        left = [*_removed(desk, tasks), *others]
        desk.memory.forget([contact_id, given], _keys_of(desk, tasks))
        return tuple(left)
    people = sorted({person, given, *_before(desk, person)})
    tasks, others = _tasks_of(desk, people)
    left = [PAGE_LEFT, BIN_LEFT, *_removed(desk, tasks), *others]
    row = _emptied(desk, person)
    if row.get(REFERRED_BY) or _sent_somebody(desk, people):
        left.append(LINKS_LEFT)
    if is_true(row, DO_NOT_ASK):
        left.append(REFUSAL_LEFT)
    desk.memory.forget([contact_id, *people], _keys_of(desk, tasks))
    return tuple(left)


def _now(desk: Desk, contact_id: str) -> str:
    """Return the id of the person now; empty for somebody Salesforce does not know."""
    whole = as_id(contact_id) or ""
    return standing_for(desk, [whole])[whole] if person_object(whole) else ""


def _before(desk: Desk, person: str) -> list[str]:
    """Return the ids a person had before: merged into theirs, or leads that became them."""
    of = person_object(person)
    wanted = [Wanted(select(of, "Id").where(equal("MasterRecordId", person)), gone_too=True)]
    if of == CONTACT and desk.has(LEAD, "ConvertedContactId"):
        converted = select(LEAD, "Id").where(equal("ConvertedContactId", person))
        wanted.append(Wanted(converted, gone_too=True))
    return [row["Id"] for row in _rows(desk, wanted)]


def _tasks_of(desk: Desk, people: Sequence[str]) -> tuple[list[Row], list[str]]:
    """Return our tasks about them, those included that Salesforce has put away.

    Those, too, that lost their key, their mark, both, or whom they are about, since they were read.
    And what to say of tasks that only have a key: a person wrote it into a task of their own.
    """
    shown = [name for name in (KEY, MARK) if desk.is_ours(TASK, name)]
    if not people or not shown:
        return [], []
    known = [task for task, said in desk.memory.known_tasks.items() if said[1] in people]
    query = select(TASK, "Id", "IsDeleted", "WhoId", *shown)
    wanted = [Wanted(query.where(one_of("WhoId", people), any_of(*map(filled, shown))), True)]
    wanted += [Wanted(query.where(one_of("Id", part)), True) for part in chunks(known, AT_ONCE)]
    every = {row["Id"]: row for row in _rows(desk, wanted)}
    rows = [row for row in every.values() if row.get("WhoId", people[0]) in people]
    ours = [row for row in rows if row["Id"] in known or _is_ours(desk, row)]
    others = [row for row in rows if row not in ours and KEY in row]
    strangers = any(not is_true(row, "IsDeleted") for row in others)
    return ours, [STRANGERS_LEFT] if strangers else []


def _keys_of(desk: Desk, tasks: Sequence[Row]) -> list[str]:
    """Return the keys of tasks, as they are or as they were."""
    before = desk.memory.known_tasks
    keys = [row.get(KEY) or before.get(row["Id"], ("",))[0] for row in tasks]
    return [key for key in keys if key]


def _is_ours(desk: Desk, row: Row) -> bool:
    """Say whether we made a task: by its mark, or by a key that we sent or that only we make."""
    key = row.get(KEY, "")
    sent = key in desk.memory.attempts or bool(_OUR_KEY.fullmatch(key))
    return sent or mark_in(row.get(MARK)) is not None


def _removed(desk: Desk, tasks: Sequence[Row]) -> list[str]:
    """Empty and delete tasks; return what to say of those that resisted."""
    ours = (*ANSWERS, KEY, MARK)
    hull: dict[str, Written] = {name: None for name in ours if desk.is_ours(TASK, name)}
    hull |= {"Subject": "Removed", "Description": None, "WhoId": None, "WhatId": None}
    changes = [Change(TASK, hull, row["Id"]) for row in tasks if not is_true(row, "IsDeleted")]
    if not changes:
        return []
    saved = update(desk.org, changes)
    ids = [change.id for change, each in zip(changes, saved, strict=True) if each.ok]
    deleted = delete(desk.org, ids) if ids else []
    reasons = [each.trouble.reason for each in (*saved, *deleted) if not each.ok]
    return [TASKS_LEFT.format(len(reasons), reasons[0])] if reasons else []


def _emptied(desk: Desk, person: str) -> Row:
    """Empty our fields of a person; return the others of ours as they stand."""
    of = person_object(person)
    own: dict[str, Written] = {
        OWN[name]: None for name in desk.fields if desk.is_ours(of, OWN[name])
    }
    if own:
        (saved,) = update(desk.org, [Change(of, own, person)])
        if not saved.ok:
            raise error_of(400, saved.trouble, "to empty the fields of a person")
    shown = [name for name in (REFERRED_BY, DO_NOT_ASK) if desk.is_ours(of, name)]
    rows = _rows(desk, [Wanted(select(of, "Id", *shown).where(equal("Id", person)))])
    return rows[0] if rows else {}


def _sent_somebody(desk: Desk, people: Sequence[str]) -> bool:
    condition = one_of(REFERRED_BY, people)
    wanted = [
        Wanted(select(of, "Id").where(condition).limit(1))
        for of in (CONTACT, LEAD)
        if desk.is_ours(of, REFERRED_BY)
    ]
    return bool(_rows(desk, wanted))


def _rows(desk: Desk, wanted: Sequence[Wanted]) -> list[Row]:
    pages = each_page_of(desk.org, wanted) if wanted else ()
    return [row for _, rows in pages for row in rows]
