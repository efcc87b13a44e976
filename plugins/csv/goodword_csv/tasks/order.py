"""The order of the task list: what is open by due date, then what is held, then what is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from goodword_csv.tasks.changes import Changes
from goodword_csv.tasks.headline import days
from goodword_csv.tasks.task_sheet import DUE, KEY, TaskList, TaskRow


@dataclass(frozen=True, slots=True)
class Standing:
    """The list as it will stand once a batch is written.

    Attributes:
        rows: The tasks, by the line they are written to.
        emptied: Lines of ours that nothing stands in any more.
    """

    rows: tuple[TaskRow, ...]
    emptied: tuple[int, ...] = ()

    @property
    def moves(self) -> dict[int, int]:
        """Where rows go, line to line; only lines of ours change places.

        What a person wrote between them stays where it is, and emptied lines go below the tasks.
        """
        lines = sorted([*(row.line for row in self.rows), *self.emptied])
        wanted = [*(row.line for row in in_order(self.rows)), *sorted(self.emptied)]
        return {old: new for new, old in zip(lines, wanted, strict=True) if old != new}


def standing(tasks: TaskList | None, changes: Changes, first: int) -> Standing:
    """Work out how the list will stand.

    Args:
        tasks: As it is; None while there is none.
        changes: What is about to be written.
        first: Line of the first new task.
    """
    gone = set(changes.removed)
    rows = [
        replace(row, cells={**row.cells, **changes.tasks.get(row.line, {})})
        for row in (tasks.rows if tasks is not None else ())
        if row.line not in gone
    ]
    emptied = [
        row.line
        for row in (tasks.rows if tasks is not None else ())
        if row.line in gone and not row.beside
    ]
    for line, texts in enumerate(changes.new_tasks, start=first):
        rows.append(TaskRow(line, texts[KEY], texts))
    return Standing(tuple(rows), tuple(emptied))


def in_order(rows: Sequence[TaskRow]) -> list[TaskRow]:
    """Return the tasks as they should stand.

    Open ones come first, by due date, so that overdue ones and this week's lead, and with them
    those whose outcome nobody understood; then held and expired ones; at the bottom what is
    done, the newest first. Equals keep their places, so an order that is right stays as it is.
    """
    found = days([row.cells.get(DUE, "") for row in rows])
    dues = {row.line: due for row, due in zip(rows, found, strict=True)}

    def place(row: TaskRow) -> tuple[int, int]:
        due = (dues[row.line] or date.max).toordinal()
        if row.waits:
            return 0, due
        return (2, -due) if row.state == "done" else (1, due)

    return sorted(rows, key=place)
