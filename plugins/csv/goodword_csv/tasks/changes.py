"""What a batch of actions means for the files: cells to set, tasks to add, change or take out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from goodword import (
    Action,
    CloseTask,
    CreateTask,
    RemoveTask,
    SetFields,
    UpdateTask,
    WriteResult,
)
from goodword_csv.rows.identity import spread
from goodword_csv.rows.own_columns import DO_NOT_ASK, FIELDS, ID, placed
from goodword_csv.rows.reading import Called, Reading
from goodword_csv.tasks.task_sheet import (
    EXPIRED,
    FOR,
    HOLD,
    STATUS,
    TaskList,
    TaskRow,
    new_row,
)

PUT_BACK = "x"
"""What we write into "do not ask" for a mark of the user's that got lost."""
_UNREACHED = Called(None, None, None)

Texts = dict[str, str]
_OwnRow = tuple[int, Mapping[str, str | int | None]]
"""A line of the customer list with our columns as they stand there."""


@dataclass(slots=True)
class Changes:
    """Everything one batch changes, and what became of each action.

    Attributes:
        header: Our missing headers: 0-based column to title; with any, every row gets all columns.
        cells: Line of the customer list to our values by column.
        new_tasks: Tasks to add, texts by title.
        tasks: Row of the task list to texts by title.
        removed: Rows of the task list whose task goes away.
        put_back: People whose lost "do not ask" is written again.
        forgotten: No trace of what is removed may stay in the file, not even out of sight.
        results: One an action, in order.
    """

    header: dict[int, str] = field(default_factory=dict)
    cells: dict[int, dict[int, str | int | None]] = field(default_factory=lambda: defaultdict(dict))
    new_tasks: list[Texts] = field(default_factory=list)
    tasks: dict[int, Texts] = field(default_factory=lambda: defaultdict(dict))
    removed: list[int] = field(default_factory=list)
    put_back: set[str] = field(default_factory=set)
    forgotten: bool = False
    results: list[WriteResult] = field(default_factory=list)


def changes_of(
    batch: Sequence[Action],
    reading: Reading,
    tasks: TaskList | None,
    today: date,
    run_id: str,
    *,
    everybody: bool = True,
) -> Changes:
    """Work out what a batch of a run changes; a task whose key is there is not written again.

    Args:
        batch: The actions.
        reading: The sheets as they are.
        tasks: The task list; None while there is none.
        today: Day of the run.
        run_id: The run.
        everybody: Lost refusals of everybody may be put back; else of those the batch names.
    """
    changes = Changes()
    grid = reading.customers.rows.sheet.grid
    roll = reading.customers.roll
    columns = placed(grid.header, with_id=roll.cells is not None)
    places = spread(reading.customers.ids)
    known = tasks.by_key() if tasks is not None else {}
    added: set[str] = set()
    for action in batch:
        if isinstance(action, SetFields):
            rows = [
                (grid.lines[index], reading.own[index])
                for index in places.get(action.contact_id, ())
            ]
            result = _set_fields(action, rows, columns, changes)
        elif isinstance(action, CreateTask):
            is_new = action.key not in known and action.key not in added
            if is_new and action.contact_id not in places:
                error = "the person is not on the customer list"
                result = WriteResult(action.key, ok=False, error=error)
            else:
                result = WriteResult(action.key, ok=True, remote_id=action.key)
                added.add(action.key)
                if is_new:
                    one = reading.people.get(action.contact_id, _UNREACHED)
                    row = new_row(action, today, run_id, phone=one.phone, email=one.email)
                    changes.new_tasks.append(row)
        elif isinstance(action, UpdateTask | CloseTask | RemoveTask):
            result = _change_task(action, known.get(action.task_key), changes)
        else:
            error = f"a spreadsheet cannot hold {action.kind}"
            result = WriteResult(action.key, ok=False, error=error)
        changes.results.append(result)
    if tasks is not None and (changes.new_tasks or changes.tasks or changes.removed):
        _renew_status(tasks, changes)
    if changes.cells:
        _set_ids(reading, columns, changes)
        named = None if everybody else {action.contact_id for action in batch}
        _put_back_marks(reading, columns, changes, named)
        width = len(grid.header)
        changes.header = {at: name for name, at in columns.items() if at >= width}
    return changes


def _set_ids(reading: Reading, columns: Mapping[str, int], changes: Changes) -> None:
    """Fill our id where other fields of ours are written; it goes again with the last of them."""
    roll = reading.customers.roll
    if roll.cells is None:
        return
    for index, line in enumerate(reading.customers.rows.sheet.grid.lines):
        written = changes.cells.get(line)
        if not written:
            continue
        own = reading.own[index]
        after = (written.get(columns[title], own.get(name)) for name, title in FIELDS.items())
        wanted = None if all(value in (None, "") for value in after) else roll.ids[index]
        if roll.cells[index] != wanted:
            written[columns[ID]] = wanted


def _renew_status(tasks: TaskList, changes: Changes) -> None:
    """Let the status of tasks say what became of them, along with what is written anyway."""
    for row in tasks.rows:
        due = None if row.line in changes.removed else row.status_due
        if due is not None and STATUS not in changes.tasks.get(row.line, {}):
            changes.tasks[row.line][STATUS] = due


def _put_back_marks(
    reading: Reading, columns: Mapping[str, int], changes: Changes, named: Collection[str] | None
) -> None:
    """Write "do not ask" again where it stood and got lost with a fresh export or by sorting.

    In a pilot only for those whom the batch names: the others are remembered all the same.
    """
    roll = reading.customers.roll
    wanted = roll.remembered if named is None else roll.remembered & frozenset(named)
    lines = reading.customers.rows.sheet.grid.lines if wanted else ()
    for one, line in zip(roll.ids, lines, strict=False):
        if one is not None and one in wanted:
            changes.cells[line][columns[DO_NOT_ASK]] = PUT_BACK
            changes.put_back.add(one)


def _set_fields(
    action: SetFields, rows: Sequence[_OwnRow], columns: Mapping[str, int], changes: Changes
) -> WriteResult:
    """Note the cells that are not yet what they should be."""
    if not rows:
        error = "the person is no longer on the customer list"
        return WriteResult(action.key, ok=False, error=error, skipped=True)
    wanted = {name: value for name, value in action.values.items() if name in FIELDS}
    for line, own in rows:
        for name, value in wanted.items():
            if own.get(name) != (None if value == "" else value):
                changes.cells[line][columns[FIELDS[name]]] = value
    return WriteResult(action.key, ok=True, remote_id=action.contact_id)


def _change_task(
    action: UpdateTask | CloseTask | RemoveTask, row: TaskRow | None, changes: Changes
) -> WriteResult:
    """Change one of our open tasks; one that a person has touched stays as it is."""
    if row is None:
        if isinstance(action, RemoveTask):
            return WriteResult(action.key, ok=True)
        error = "the task is no longer in the list"
        return WriteResult(action.key, ok=False, error=error, skipped=True)
    if isinstance(action, CloseTask) and row.state == action.state:
        return WriteResult(action.key, ok=True, remote_id=row.key)
    if not row.untouched:
        error = "a person changed the task since"
        return WriteResult(action.key, ok=False, error=error, skipped=True)
    if isinstance(action, RemoveTask):
        if row.beside:
            error = "a person wrote something beside the task"
            return WriteResult(action.key, ok=False, error=error, skipped=True)
        changes.removed.append(row.line)
    elif isinstance(action, UpdateTask):
        changes.tasks[row.line][FOR] = action.owner_id or ""
    elif action.state == "expired":
        changes.tasks[row.line][STATUS] = EXPIRED
    else:
        changes.tasks[row.line][STATUS] = f"{HOLD}: {action.reason.replace('_', ' ')}"
    return WriteResult(action.key, ok=True, remote_id=row.key)
