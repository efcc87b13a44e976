"""The tables of a sheet: what they forbid, what must stay together in them, how they grow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from goodword import SourceError
from goodword_csv.files.cells import CellEdit, cell_range, column_name
from goodword_csv.files.package import Package
from goodword_csv.files.table_part import Box, Reach, filter_of, grow_table, reference
from goodword_csv.files.xml_part import elements, prove, root_prefix, tags

_ARRAY = re.compile(rb"""t\s*=\s*["']array["']""")


def refuse_table_edges(package: Package, part: str, cells: Sequence[CellEdit], where: str) -> None:
    """Keep tables valid: header cells must equal the names of the columns, totals are not ours.

    Raises:
        SourceError: A cell is in the header or the totals row of a table.
    """
    for table_part in _tables(package, part):
        found = elements(package.read(table_part), f"{where}: a table")
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


def grown_tables(
    package: Package, part: str, sheet: bytes, reach: Reach, where: str
) -> dict[str, bytes]:
    """Return the table parts of a sheet that grow, with their new bytes.

    Args:
        package: The workbook.
        part: The sheet's part.
        sheet: Its bytes, our cells written.
        reach: What a table is to cover.
        where: The sheet, for messages.

    Raises:
        SourceError: A table part is damaged.
    """
    grown: dict[str, bytes] = {}
    names = list(_tables(package, part))
    for name in names:
        old = package.read(name)
        if reach.grown(_box(package, name, where)) == _box(package, name, where):
            continue
        taken = [_box(package, other, where) for other in names if other != name]
        taken += _whole_ranges(sheet, where)
        new = grow_table(old, reach, taken, f"{where}: a table")
        if new != old:
            grown[name] = new
    return grown


def ranges_apart(package: Package, part: str, header: int, column: int, where: str) -> list[str]:
    """Return tables and filters with that header row which do not reach a column.

    Args:
        package: The workbook.
        part: The sheet's part.
        header: Row of the header.
        column: 0-based; the first that should be in them.
        where: The sheet, for messages.

    Raises:
        SourceError: A part is damaged.
    """
    boxes = [_box(package, name, where) for name in _tables(package, part)]
    filtered = filter_of(package.read(part))
    boxes += [] if filtered is None else [filtered]
    return [reference(box) for box in boxes if box[0] == header and box[3] < column]


def rows_of_tables(package: Package, part: str, where: str) -> Iterator[str]:
    """Give the rows between header and totals of each table of a sheet, as a range."""
    for name in _tables(package, part):
        known = elements(package.read(name), f"{where}: a table")[0].attributes
        top, left, bottom, right = cell_range(known["ref"])
        top += known.get("headerRowCount", "1") != "0"
        bottom -= known.get("totalsRowCount", "0") != "0"
        yield reference((top, left, bottom, right))


def _tables(package: Package, part: str) -> Iterator[str]:
    return (link.part for link in package.relations(part) if link.kind == "table")


def _box(package: Package, name: str, where: str) -> Box:
    return cell_range(elements(package.read(name), f"{where}: a table")[0].attributes["ref"])


def _whole_ranges(sheet: bytes, where: str) -> Iterator[Box]:
    """Give merged cells and array formulas, which no table may hold."""
    mask = prove(sheet, where)
    prefix = root_prefix(mask, b"worksheet")
    found = [tag.attributes.get(b"ref") for tag in tags(mask, prefix + b"mergeCell")]
    if _ARRAY.search(mask):
        formulas = tags(mask, prefix + b"f")
        found += [tag.attributes.get(b"ref") for tag in formulas if b"ref" in tag.attributes]
    return (cell_range(each.decode()) for each in found if each is not None)
