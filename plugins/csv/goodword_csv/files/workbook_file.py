"""A user's .xlsx or .xlsm: which sheets it has, and new bytes with our cells and sheets in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from goodword import SourceError
from goodword_csv.files.added_sheets import add_sheets
from goodword_csv.files.cells import CellEdit
from goodword_csv.files.column_widths import with_widths
from goodword_csv.files.moved_rows import move_rows
from goodword_csv.files.new_sheet import NewSheet
from goodword_csv.files.package import repacked
from goodword_csv.files.shared_texts import blanked_texts
from goodword_csv.files.sheet_part import edit_sheet
from goodword_csv.files.sheet_tables import (
    grown_tables,
    ranges_apart,
    refuse_table_edges,
    rows_of_tables,
)
from goodword_csv.files.table_part import Reach, grow_filter, grow_filter_name
from goodword_csv.files.workbook_parts import Sheet, Workbook, open_workbook, told_as_damage


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What goes along with the cells of a list: the order of its rows, and what covers them.

    Args:
        reach: What tables and filters of the list are to cover; None leaves them.
        moves: Row to the row it becomes, once the cells are written.
        row_height: Height of rows that are new, in points.
        widths: Width of columns, 0-based, of which the sheet says nothing yet.
    """

    reach: Reach | None = None
    moves: Mapping[int, int] = field(default_factory=dict)
    row_height: float | None = None
    widths: Mapping[int, float] = field(default_factory=dict)


def left_apart(source: Path, sheet: str, header: int, column: int) -> list[str]:
    """Return the ranges of tables and filters of a list that do not reach a column.

    Args:
        source: The workbook.
        sheet: The list's sheet.
        header: Row of the list's header.
        column: 0-based.

    Raises:
        SourceError: The file is no workbook we can read.
    """
    with told_as_damage(source):
        book = open_workbook(source)
        parts = {each.name: each.part for each in book.sheets}
        if sheet not in parts:
            return []
        where = f'{source.name}, sheet "{sheet}"'
        return ranges_apart(book.package, parts[sheet], header, column, where)


def patch_workbook(
    source: Path,
    edits: Mapping[str, Sequence[CellEdit]],
    new_sheets: Sequence[NewSheet] = (),
    *,
    arranged: Mapping[str, Arrangement] | None = None,
    forget: bool = False,
) -> bytes:
    """Return the workbook with our cells and sheets; every other part stays as it is.

    Edited sheets are changed cell by cell (see ``edit_sheet``), which is also how rows are added
    to a sheet of an earlier run. A new sheet adds its part and one entry each in the workbook,
    its links, its content types and, for the look, its styles.

    Args:
        source: The workbook; it is only read.
        edits: Sheet name to cells.
        new_sheets: Sheets to add behind the last tab.
        arranged: Edited sheet to what goes along with its cells. Rows stay where they are when
            something in the sheet hangs on them (see ``move_rows``).
        forget: Also blank what the edited cells held in the workbook's table of texts.

    Raises:
        SourceError: No workbook we can write, an unknown sheet, a sheet name already taken, or a
            cell we must not overwrite.
    """
    with told_as_damage(source):
        return _patched(source, edits, new_sheets, arranged or {}, forget=forget)


def _patched(
    source: Path,
    edits: Mapping[str, Sequence[CellEdit]],
    new_sheets: Sequence[NewSheet],
    arranged: Mapping[str, Arrangement],
    *,
    forget: bool,
) -> bytes:
    book = open_workbook(source)
    sheets = {sheet.name: sheet for sheet in book.sheets}
    changed: dict[str, bytes] = {}
    around: dict[str, bytes] = {}
    for name, cells in edits.items():
        if name not in sheets:
            msg = f'{source.name} has no sheet called "{name}".'
            raise SourceError(msg, hint="Run `goodword init` again if the sheet was renamed.")
        if cells:
            how = arranged.get(name, Arrangement())
            _edit(book, sheets[name], cells, how, changed, around)
    if forget:
        around |= blanked_texts(book, changed)
    wiring, added = add_sheets(book, new_sheets, around) if new_sheets else ({}, {})
    return repacked(book.package, changed | around | wiring, added)


def _edit(
    book: Workbook,
    sheet: Sheet,
    cells: Sequence[CellEdit],
    how: Arrangement,
    changed: dict[str, bytes],
    around: dict[str, bytes],
) -> None:
    """Write one sheet into *changed*, and the parts that describe it into *around*."""
    where = f'{book.package.name}, sheet "{sheet.name}"'
    refuse_table_edges(book.package, sheet.part, cells, where)
    new = edit_sheet(
        book.package.read(sheet.part),
        cells,
        name=where,
        epoch_1904=book.epoch_1904,
        row_height=how.row_height,
    )
    if how.widths:
        new = with_widths(new, how.widths, where)
    if how.moves:
        tables = rows_of_tables(book.package, sheet.part, where)
        new = move_rows(new, how.moves, fixed=tables, name=where) or new
    if how.reach is not None:
        around |= grown_tables(book.package, sheet.part, new, how.reach, where)
        new, filtered = grow_filter(new, how.reach, where)
        if filtered is not None:
            old_names = around.get(book.part) or book.package.read(book.part)
            tab = book.tabs.index(sheet.name)
            around[book.part] = grow_filter_name(old_names, tab, *filtered, name=where)
    changed[sheet.part] = new
