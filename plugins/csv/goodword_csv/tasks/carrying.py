"""A task list carried over to the file that replaces the one it belonged to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from goodword_csv.files.cells import CellValue
from goodword_csv.files.new_sheet import NewSheet
from goodword_csv.files.text_file import add_records, file_bytes, unprotected
from goodword_csv.tasks.headline import HOW_TO, AsOf, headline
from goodword_csv.tasks.task_place import TaskPlace
from goodword_csv.tasks.task_sheet import (
    CONTACT,
    CYCLE,
    DROPDOWNS,
    HEADER,
    HIDDEN,
    ROW_HEIGHT,
    WIDTHS,
    TaskList,
)
from goodword_csv.values.plain import Cell, id_of, text_of


def carried_tab(name: str, tasks: TaskList, as_of: AsOf) -> NewSheet:
    """Return a list as a new sheet: every row and column of it, the reps' own with them.

    Args:
        name: Of the sheet.
        tasks: The list as it was read, from a workbook or a CSV file.
        as_of: The day and the referrals, for the headline.
    """
    header, rows = _read(tasks)
    ids = {tasks.columns.get(CONTACT), tasks.columns.get(CYCLE)}
    ours = {HEADER.index(title): at for title, at in tasks.columns.items()}
    return NewSheet(
        name,
        header,
        [[_typed(cell, is_id=at in ids) for at, cell in enumerate(row)] for row in rows],
        {ours[at]: width for at, width in WIDTHS.items() if at in ours},
        {ours[at]: words for at, words in DROPDOWNS.items() if at in ours},
        above=(headline(tasks.rows, as_of), HOW_TO),
        hidden=frozenset(ours[at] for at in HIDDEN if at in ours),
        row_height=ROW_HEIGHT,
    )


def carried_file(old: TaskPlace, tasks: TaskList, place: TaskPlace) -> bytes:
    """Return a list as the bytes of a file beside a CSV list.

    A list that stood in such a file already is copied byte for byte.

    Args:
        old: Where the list stood.
        tasks: The list there.
        place: Where it will stand.
    """
    if old.path is not None:
        return file_bytes(old.records, old.layout)
    header, rows = _read(tasks)
    ids = {tasks.columns.get(CONTACT), tasks.columns.get(CYCLE)}
    texts = [
        [_guarded(text_of(cell), is_id=at in ids) for at, cell in enumerate(row)] for row in rows
    ]
    return file_bytes(add_records([], [header, *texts], place.layout), place.layout)


def _read(tasks: TaskList) -> tuple[list[str], list[Sequence[Cell]]]:
    """Return the header and the rows below it, as wide as any of them."""
    rows = [cells for line, cells in tasks.lines if tasks.top < line <= tasks.end]
    header = [text_of(cell) for cell in dict(tasks.lines)[tasks.top]]
    width = max(len(header), *(len(row) for row in rows)) if rows else len(header)
    return header + [""] * (width - len(header)), rows


def _typed(cell: Cell, *, is_id: bool) -> CellValue:
    """Return a cell for a workbook; an apostrophe that guarded it in a CSV file goes."""
    if isinstance(cell, str):
        return (id_of(cell) if is_id else unprotected(cell)) or None
    return cell if isinstance(cell, bool | int | float | date) else text_of(cell)


def _guarded(text: str, *, is_id: bool) -> str:
    """Keep an id from becoming a number in the program that opens the file."""
    return f"'{text}" if is_id and text[:1].isdigit() else text
