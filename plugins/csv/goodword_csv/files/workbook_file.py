"""A user's .xlsx or .xlsm: which sheets it has, and new bytes with our cells and sheets in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from goodword import SourceError
from goodword_csv.files.added_sheets import add_sheets
from goodword_csv.files.cells import CellEdit, cell_range, column_name
from goodword_csv.files.new_sheet import NewSheet
from goodword_csv.files.package import Package, repacked
from goodword_csv.files.shared_texts import blanked_texts
from goodword_csv.files.sheet_part import edit_sheet
from goodword_csv.files.workbook_parts import Sheet, open_workbook, told_as_damage
from goodword_csv.files.xml_part import elements


def list_sheets(source: Path) -> tuple[Sheet, ...]:
    """List the worksheets in the order of their tabs; chart sheets are left out.

    Raises:
        SourceError: The file is no workbook we can read.
    """
    with told_as_damage(source):
        return open_workbook(source).sheets


def patch_workbook(
    source: Path,
    edits: Mapping[str, Sequence[CellEdit]],
    new_sheets: Sequence[NewSheet] = (),
    *,
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
        forget: Also blank what the edited cells held in the workbook's table of texts.

    Raises:
        SourceError: No workbook we can write, an unknown sheet, a sheet name already taken, or a
            cell we must not overwrite.
    """
    with told_as_damage(source):
        return _patched(source, edits, new_sheets, forget=forget)


def _patched(
    source: Path,
    edits: Mapping[str, Sequence[CellEdit]],
    new_sheets: Sequence[NewSheet],
    *,
    forget: bool,
) -> bytes:
    book = open_workbook(source)
    parts = {sheet.name: sheet.part for sheet in book.sheets}
    changed: dict[str, bytes] = {}
    for name, cells in edits.items():
        if name not in parts:
            msg = f'{source.name} has no sheet called "{name}".'
            raise SourceError(msg, hint="Run `goodword init` again if the sheet was renamed.")
        if cells:
            part, where = parts[name], f'{source.name}, sheet "{name}"'
            _refuse_table_edges(book.package, part, cells, where)
            old = book.package.read(part)
            changed[part] = edit_sheet(old, cells, name=where, epoch_1904=book.epoch_1904)
    if forget:
        changed |= blanked_texts(book, changed)
    wiring, added = add_sheets(book, new_sheets) if new_sheets else ({}, {})
    return repacked(book.package, changed | wiring, added)


def _refuse_table_edges(package: Package, part: str, cells: Sequence[CellEdit], where: str) -> None:
    """Keep tables valid: header cells must equal the names of the columns, totals are not ours."""
    for link in package.relations(part):
        if link.kind != "table":
            continue
        found = elements(package.read(link.part), f"{where}: a table")
        table = found[0].attributes
        top, left, bottom, right = cell_range(table["ref"])
        names = [each.attributes.get("name") for each in found if each.name == "tableColumn"]
        header = top if table.get("headerRowCount", "1") != "0" else None
        totals = bottom if table.get("totalsRowCount", "0") != "0" else None
        for cell in cells:
            if left <= cell.column <= right and (
                cell.row == totals
                or (cell.row == header and cell.value != names[cell.column - left])
            ):
                at = f"{column_name(cell.column)}{cell.row}"
                msg = f"{where}: {at} is in the header or totals row of a table."
                hint = "Choose columns for goodword outside of the table, and run again."
                raise SourceError(msg, hint=hint)
