"""Whom a task is about: its key says so, whatever stands in the cell beside it.

The key is made from account, person, play and cycle. A cell that was changed, or that moved when
columns were sorted apart, would give an answer to somebody else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from goodword import task_key
from goodword_csv.rows.identity import folded
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.register import Register
from goodword_csv.tasks.task_place import TaskPlace
from goodword_csv.tasks.task_sheet import CONTACT, CUSTOMER, CYCLE, PLAY, TaskRow
from goodword_csv.values.plain import id_of

_MOST_TRIED = 20
"""Tasks for whose key everybody is tried; each takes a second where a million people are known."""


def rightful(place: TaskPlace, account: str, register: Register, notices: Notices) -> TaskPlace:
    """Return the task list with each task at the person its key was made for.

    A key that fits nobody known tells nothing: a play may have been renamed, or a spreadsheet
    program may have written the cycle its own way. Then the cell counts.

    Args:
        place: The task list.
        account: The account the keys were made with.
        register: Everybody known, who is no longer on the list, too.
        notices: Hears of the rows where cell and key disagree.
    """
    if place.tasks is None:
        return place
    doubtful = [row for row in place.tasks.rows if not _fits(row, _contact(row), account)]
    owners = dict(_owners(doubtful, account, register)) if doubtful else {}
    if not owners:
        return place
    what = f'with another "{CONTACT}" than the task was written for; its key counts'
    notices.rows("task", place.name, what, owners, unit="row")
    rows = tuple(
        replace(row, cells={**row.cells, CONTACT: owners[row.line]}) if row.line in owners else row
        for row in place.tasks.rows
    )
    return replace(place, tasks=replace(place.tasks, rows=rows))


def _owners(rows: Sequence[TaskRow], account: str, register: Register) -> Iterator[tuple[int, str]]:
    """Give line and person for each task whose key tells: first by the name it speaks of."""
    called = _by_name(register)
    mark, tried = register.mark(), 0
    everybody = list(register.people.ids())
    for row in rows:
        name = folded(row.text(CUSTOMER))
        near = called.get(mark(f"n{name}"), ()) if name else ()
        found = next((one for one in near if _fits(row, one, account)), None)
        if found is None and tried < _MOST_TRIED:
            tried += 1
            found = next((one for one in everybody if _fits(row, one, account)), None)
        if found is not None:
            yield row.line, found


def _by_name(register: Register) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in register.people:
        if one.name:
            found[one.name].append(one.id)
    return found


def _contact(row: TaskRow) -> str:
    return id_of(row.text(CONTACT))


def _fits(row: TaskRow, contact_id: str, account: str) -> bool:
    return row.key == task_key(account, contact_id, row.text(PLAY), id_of(row.text(CYCLE)))
