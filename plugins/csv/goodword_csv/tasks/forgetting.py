"""Everything of ours about one person in the spreadsheets, and what of them is not ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from goodword_csv.rows.identity import spread
from goodword_csv.rows.notices import named
from goodword_csv.rows.own_columns import FIELDS, ID
from goodword_csv.rows.reading import Reading
from goodword_csv.rows.sources import column_of
from goodword_csv.tasks.changes import Changes
from goodword_csv.tasks.task_place import TaskPlace
from goodword_csv.tasks.task_sheet import (
    BODY,
    CHECK,
    CONTACT,
    CUSTOMER,
    NAME,
    SUBJECT,
    WHY_NOW,
    TaskRow,
    check,
)
from goodword_csv.values.plain import id_of

SOMEBODY = "somebody"
"""What stands in other people's tasks where the person was named."""
_WORDS = (SUBJECT, BODY)
_ALL = (*_WORDS, WHY_NOW)


@dataclass(frozen=True, slots=True)
class Traces:
    """What goes, a sentence for each thing that is left because it is not ours, and all names.

    *names*: What the person is called in our lists: names, e-mail, id.
    """

    changes: Changes
    left: tuple[str, ...]
    names: tuple[str, ...]


def traces_of(contact_id: str, reading: Reading, place: TaskPlace) -> Traces:
    """Find what we wrote about a person: their tasks, our columns, their name in other tasks.

    Args:
        contact_id: The person; nobody of that id is no failure.
        reading: The sheets as they are now.
        place: The task list as it is now.
    """
    changes = Changes(forgotten=True)
    left = list(_own_row(contact_id, reading, changes))
    names, told = leave_tasks(contact_id, _names(contact_id, reading), place, changes)
    called = (contact_id, *names, *_addresses(contact_id, reading))
    return Traces(changes, (*left, *told), called)


def leave_tasks(
    contact_id: str, called: Sequence[str], place: TaskPlace, changes: Changes
) -> tuple[list[str], list[str]]:
    """Take a person out of one task list: their tasks, and their name in other people's.

    Args:
        contact_id: The person.
        called: Their names as the customer list has them.
        place: The task list.
        changes: Where it is noted.

    Returns:
        All their names, and a sentence for each thing that is left.
    """
    rows = place.tasks.rows if place.tasks is not None else ()
    theirs = [row for row in rows if id_of(row.text(CONTACT)) == contact_id]
    changes.removed += [row.line for row in theirs]
    names = [row.text(CUSTOMER) for row in theirs] + [*called]
    others = [row for row in rows if id_of(row.text(CONTACT)) != contact_id]
    kept = _unnamed(names, others, changes)
    beside = [row.line for row in theirs if row.beside]
    if place.path is not None:  # in a file an emptied row goes, and the rows below move up
        gone = [row.line for row in theirs if not row.beside]
        beside = [line - sum(one < line for one in gone) for line in beside]
        kept = [line - sum(one < line for one in gone) for line in kept]
    left = list(_told(beside, place.name, "of the task list: notes in columns of your own"))
    left += _told(kept, place.name, "of the task list: a rep wrote the person's name")
    return names, left


def _own_row(contact_id: str, reading: Reading, changes: Changes) -> Iterator[str]:
    """Empty our columns of the person's rows; the rest of them is the firm's."""
    sheet = reading.customers.rows.sheet
    places = {field: column_of(sheet.grid.header, title) for field, title in FIELDS.items()}
    id_at, cells = column_of(sheet.grid.header, ID), reading.customers.roll.cells
    lines: list[int] = []
    for index in spread(reading.customers.ids).get(contact_id, ()):
        line = sheet.grid.rows[index].line
        lines.append(line)
        for field, at in places.items():
            if at is not None and reading.own[index].get(field) is not None:
                changes.cells[line][at] = None
        if id_at is not None and cells is not None and cells[index] is not None:
            changes.cells[line][id_at] = None
    yield from _told(lines, sheet.where, "of your list: your own record of the person")


def _told(lines: Sequence[int], where: str, what: str) -> Iterator[str]:
    if lines:
        yield f"{where}, {named(lines, unit='row')} {what}. Delete it there if it must go too."


def _names(contact_id: str, reading: Reading) -> list[str]:
    one = reading.people.get(contact_id)
    return [one.name] if one is not None and one.name else []


def _addresses(contact_id: str, reading: Reading) -> list[str]:
    customers = reading.customers
    pairs = zip(customers.ids, customers.rows.emails(), strict=True)
    return [mail for one, mails in pairs if one == contact_id for mail in mails]


def _unnamed(names: Sequence[str], rows: Sequence[TaskRow], changes: Changes) -> list[int]:
    """Take the name out of our words to others; return the rows where a rep wrote it.

    Only a name of two words or more is looked for: many people are called Nora.
    """
    whole = sorted({name for name in names if len(name.split()) > 1}, key=len, reverse=True)
    if not whole:
        return []
    told = [r"\s+".join(map(re.escape, name.split())) for name in whole]
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(told)})(?!\w)", re.IGNORECASE)
    kept: list[int] = []
    for row in rows:
        ours, theirs = ((WHY_NOW,), (*_WORDS, NAME)) if row.edited else (_ALL, (NAME,))
        if any(pattern.search(row.text(title)) for title in theirs):
            kept.append(row.line)
        named_in = [title for title in ours if pattern.search(row.text(title))]
        fresh = {title: pattern.sub(SOMEBODY, row.text(title)) for title in named_in}
        if fresh and not row.edited:
            texts = [fresh.get(title, row.text(title)) for title in _WORDS]
            fresh[CHECK] = check(*texts)
        if fresh:
            changes.tasks[row.line] |= fresh
    return kept
