"""The task list written as a sheet of the workbook: its headline, its rows, their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from goodword_csv.files.cells import CellEdit, CellValue
from goodword_csv.files.new_sheet import NewSheet
from goodword_csv.files.table_part import Reach
from goodword_csv.files.workbook_file import Arrangement
from goodword_csv.tasks.changes import Changes, Texts
from goodword_csv.tasks.headline import HOW_TO, AsOf, headline, is_headline
from goodword_csv.tasks.order import Standing, in_order, standing
from goodword_csv.tasks.task_file import in_columns
from goodword_csv.tasks.task_sheet import (
    BODY,
    CHECK,
    DROPDOWNS,
    HEADER,
    HIDDEN,
    ROW_HEIGHT,
    SUBJECT,
    WIDTHS,
    TaskList,
    check,
)
from goodword_csv.values.plain import text_of


def task_tab(name: str, new_tasks: Sequence[Texts], as_of: AsOf) -> NewSheet:
    """Return the sheet of a list that is written for the first time."""
    after = standing(None, Changes(new_tasks=list(new_tasks)), 1)
    rows = [_cells(new_tasks[row.line - 1]) for row in in_order(after.rows)]
    return NewSheet(
        name,
        HEADER,
        rows,
        WIDTHS,
        DROPDOWNS,
        above=(headline(after.rows, as_of), HOW_TO),
        hidden=HIDDEN,
        row_height=ROW_HEIGHT,
    )


def task_edits(
    changes: Changes, tasks: TaskList, as_of: AsOf
) -> tuple[list[CellEdit], Arrangement]:
    """Return the cells of a list that is there already, and how its rows are to stand.

    Headline and order stay as they are while somebody is forgotten: messages name rows then.
    """
    edits = list(_edits(changes, tasks))
    if not edits:
        return [], Arrangement()
    after = standing(tasks, changes, tasks.end + 1)
    moves: Mapping[int, int] = {}
    if not changes.forgotten:
        edits += _headline(tasks, after, as_of)
        moves = after.moves
    reach = Reach(tasks.top, _titles(tasks), tasks.end, tasks.end + len(changes.new_tasks))
    return edits, Arrangement(reach, moves, ROW_HEIGHT)


def _edits(changes: Changes, tasks: TaskList) -> Iterator[CellEdit]:
    for line, texts in changes.tasks.items():
        for at, text in in_columns(texts, tasks.columns).items():
            yield CellEdit(line, at, text or None)
    for line in changes.removed:
        for at in tasks.columns.values():
            yield CellEdit(line, at, None)
    for line, texts in enumerate(changes.new_tasks, start=tasks.end + 1):
        values = dict(zip(HEADER, _cells(texts), strict=True))
        for title, at in tasks.columns.items():
            if values[title] is not None:
                yield CellEdit(line, at, values[title])


def _headline(tasks: TaskList, after: Standing, as_of: AsOf) -> Iterator[CellEdit]:
    """Renew the headline where ours still stands."""
    for line, cells in tasks.lines:
        if line >= tasks.top:
            return
        for at, cell in enumerate(cells):
            if is_headline(text_of(cell)):
                yield CellEdit(line, at, headline(after.rows, as_of))


def _titles(tasks: TaskList) -> dict[int, str]:
    """Return what the header says in each column, the columns of the reps' own with it."""
    cells = dict(tasks.lines)[tasks.top]
    return {
        at: cell
        for at, cell in enumerate(cells)
        if isinstance(cell, str) and cell and cell.isprintable()
    }


def _cells(texts: Texts) -> list[CellValue]:
    marked = {CHECK: check(texts[SUBJECT], texts[BODY])} | texts  # carried over, it has one
    return [marked.get(title) or None for title in HEADER]
