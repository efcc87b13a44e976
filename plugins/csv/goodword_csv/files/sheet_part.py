"""Edits on one worksheet part: bytes in, bytes out, and only our own cells differ.

Nothing is parsed into a tree and written back. The part is proven well-formed first; rows and
cells are then found in its bytes, and new bytes are spliced in between the old ones.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from goodword import SourceError
from goodword_csv.files.cells import CellEdit, cell_range, cell_xml, column_name
from goodword_csv.files.sheet_cells import RESAVE, cells_from
from goodword_csv.files.xml_part import (
    Splice,
    Tag,
    attributes,
    closing,
    first_tag,
    opening,
    prove,
    root_prefix,
    spliced,
    tags,
)

_SPANS = re.compile(rb"""\s+spans\s*=\s*(?:"[^"]*"|'[^']*')""")
_HINT_COLUMN = "Move it to another column, or choose another column for goodword, and run again."


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What every row needs to know: the bytes, the names in them, and how cells are drawn."""

    mask: bytes
    name: str
    prefix: bytes
    draw: Callable[[CellEdit, bytes | None, bytes], bytes]
    column_style: Callable[[int], bytes | None]
    height: bytes = b""


def edit_sheet(
    part: bytes,
    edits: Iterable[CellEdit],
    *,
    name: str = "The sheet",
    epoch_1904: bool = False,
    row_height: float | None = None,
) -> bytes:
    """Write cells into a worksheet part and leave all other bytes as they are.

    Besides the cells, only the ``spans`` of a touched row and the sheet's ``dimension`` go: both
    are optional hints that would be wrong afterwards. Of two edits of one cell the last counts.
    Emptying a cell that is not there does nothing.

    Args:
        part: The worksheet part.
        edits: The cells, in any order.
        name: The sheet as a person would call it, for messages.
        epoch_1904: The workbook counts days from 1904.
        row_height: Height of rows that are new, in points; None leaves it to the program.

    Raises:
        SourceError: The part is damaged, encoded otherwise than UTF-8 or has a DOCTYPE; rows or
            cells are out of order; or an edit would overwrite a formula or a part of its result.
    """
    wanted = _by_row(edits)
    if not wanted:
        return part
    mask = prove(part, name)
    prefix = root_prefix(mask, b"worksheet")
    data = first_tag(mask, prefix + b"sheetData")
    if data is None:
        msg = f"{name} has no cell area."
        raise SourceError(msg, hint=RESAVE)
    plain_prefix = prefix.decode()

    def draw(edit: CellEdit, style: bytes | None, reference: bytes) -> bytes:
        chosen = None if style is None else style.decode()
        return cell_xml(
            edit,
            prefix=plain_prefix,
            style=chosen if edit.style is None else str(edit.style),
            reference=reference.decode(),
            epoch_1904=epoch_1904,
        )

    sheet = _Sheet(
        mask=mask,
        name=name,
        prefix=prefix,
        draw=draw,
        column_style=_column_styles(mask, prefix, data.start),
        height=b"" if row_height is None else f' ht="{row_height:g}" customHeight="1"'.encode(),
    )
    _refuse_array_results(sheet, wanted)
    before = _dimension(mask, prefix, data.start)
    if data.is_empty:
        rows = b"".join(_new_row(sheet, number, wanted[number]) for number in sorted(wanted))
        tag = part[data.start : data.end].rstrip(b"/> \t\r\n")
        filled = tag + b">" + rows + b"</" + prefix + b"sheetData>"
        return spliced(part, [*before, (data.start, data.end, filled)])
    return spliced(part, chain(before, _row_splices(sheet, data, wanted)))


def _by_row(edits: Iterable[CellEdit]) -> dict[int, dict[int, CellEdit]]:
    wanted: dict[int, dict[int, CellEdit]] = {}
    for edit in edits:
        wanted.setdefault(edit.row, {})[edit.column] = edit
    return wanted


def _dimension(mask: bytes, prefix: bytes, end: int) -> list[Splice]:
    """Drop the sheet's stated size, which may be left out and would be wrong now."""
    found = first_tag(mask, prefix + b"dimension", 0, end)
    if found is None:
        return []
    stop = found.end if found.is_empty else closing(mask, prefix + b"dimension", found.end)[1]
    return [(found.start, stop, b"")]


def _column_styles(mask: bytes, prefix: bytes, end: int) -> Callable[[int], bytes | None]:
    """Return a look-up from column to the style its new cells get."""
    spans = [
        (int(tag.attributes[b"min"]) - 1, int(tag.attributes[b"max"]), tag.attributes[b"style"])
        for tag in tags(mask, prefix + b"col", 0, end)
        if tag.attributes.keys() >= {b"min", b"max", b"style"}
    ]
    starts = [first for first, _, _ in spans]

    def style(column: int) -> bytes | None:
        at = bisect_right(starts, column) - 1
        return spans[at][2] if at >= 0 and column < spans[at][1] else None

    return style


def _row_splices(
    sheet: _Sheet, data: Tag, wanted: dict[int, dict[int, CellEdit]]
) -> Iterator[Splice]:
    """Walk the rows once; edit the wanted ones and create the missing ones in their place."""
    mask, row = sheet.mask, sheet.prefix + b"row"
    opened, pattern = b"<" + row, opening(row)
    end_of_data = closing(mask, sheet.prefix + b"sheetData", data.end)[0]
    todo = sorted(wanted, reverse=True)
    number = 0
    at = mask.find(opened, data.end, end_of_data)
    while at >= 0 and todo:
        tag = pattern.match(mask, at, end_of_data)
        if tag is None:  # another element whose name begins alike
            at = mask.find(opened, at + 1, end_of_data)
            continue
        known = attributes(tag[1])
        previous, number = number, int(known.get(b"r", number + 1))
        if number <= previous:
            msg = f"{sheet.name} has its rows out of order (row {number})."
            raise SourceError(msg, hint=RESAVE)
        new = b""
        while todo and todo[-1] < number:
            missing = todo.pop()
            new += _new_row(sheet, missing, wanted[missing])
        if new:
            yield at, at, new
        if todo and todo[-1] == number:
            yield from _edit_row(sheet, tag, known, number, wanted[todo.pop()])
        at = mask.find(opened, tag.end(), end_of_data)
    new = b"".join(_new_row(sheet, missing, wanted[missing]) for missing in reversed(todo))
    yield end_of_data, end_of_data, new


def _new_row(sheet: _Sheet, number: int, edits: dict[int, CellEdit]) -> bytes:
    body = b"".join(_new_cell(sheet, edits[column], None) for column in sorted(edits))
    if not body:
        return b""
    p = sheet.prefix
    return b'<%brow r="%d"%b>%b</%brow>' % (p, number, sheet.height, body, p)


def _new_cell(sheet: _Sheet, edit: CellEdit, row_style: bytes | None) -> bytes:
    if edit.value is None and edit.style is None:
        return b""
    style = sheet.column_style(edit.column) if row_style is None else row_style
    return sheet.draw(edit, style, f"{column_name(edit.column)}{edit.row}".encode())


def _edit_row(
    sheet: _Sheet,
    tag: re.Match[bytes],
    known: dict[bytes, bytes],
    number: int,
    edits: dict[int, CellEdit],
) -> list[Splice]:
    mask, p = sheet.mask, sheet.prefix
    row_style = known.get(b"s") if known.get(b"customFormat") in {b"1", b"true"} else None
    columns = sorted(edits)
    if tag[2]:
        body = b"".join(_new_cell(sheet, edits[column], row_style) for column in columns)
        if not body:
            return []
        head = _SPANS.sub(b"", tag[0][:-2].rstrip())
        return [(tag.start(), tag.end(), b"%b>%b</%brow>" % (head, body, p))]
    spans = _SPANS.search(mask, tag.start(), tag.end()) if b"spans" in known else None
    splices: list[Splice] = [] if spans is None else [(*spans.span(), b"")]
    end = mask.find(b"</" + p + b"row", tag.end())
    where = f"{sheet.name} has the cells of row {number}"
    cells = cells_from(mask, p, (tag.end(), end), columns[0], where)
    if not cells:  # in most rows our columns are new, and the last ones
        span = (tag.end(), end)
        ours = [edits[column] for column in columns]
        styled = [(one, _look_of(sheet, span, one.like, where) or row_style) for one in ours]
        new = b"".join([_new_cell(sheet, one, style) for one, style in styled])
        return [*splices, (end, end, new)]
    at = 0
    for column in columns:
        while at < len(cells) and cells[at][0] < column:
            at += 1
        if at < len(cells) and cells[at][0] == column:
            splices.append(_replaced(sheet, cells[at][1], edits[column]))
        else:
            place = cells[at][1].start() if at < len(cells) else end
            looks = _look_of(sheet, (tag.end(), end), edits[column].like, where) or row_style
            splices.append((place, place, _new_cell(sheet, edits[column], looks)))
    return splices


def _look_of(sheet: _Sheet, span: tuple[int, int], column: int | None, where: str) -> bytes | None:
    """Return the style of a cell within a row; None where there is no such cell, or it is plain."""
    if column is None:
        return None
    cells = cells_from(sheet.mask, sheet.prefix, span, column, where)
    if not cells or cells[0][0] != column:
        return None
    return attributes(cells[0][1][0]).get(b"s")


def _replaced(sheet: _Sheet, tag: re.Match[bytes], edit: CellEdit) -> Splice:
    end = tag.end() if tag[3] else closing(sheet.mask, sheet.prefix + b"c", tag.end())[1]
    if first_tag(sheet.mask, sheet.prefix + b"f", tag.end(), end) is not None:
        _refuse(sheet, edit.row, edit.column, "holds a formula")
    known = attributes(tag[0])
    return tag.start(), end, sheet.draw(edit, known.get(b"s"), known.get(b"r", b""))


def _refuse_array_results(sheet: _Sheet, wanted: dict[int, dict[int, CellEdit]]) -> None:
    """Refuse a cell that an array formula or a data table fills from elsewhere."""
    mask = sheet.mask
    if not re.search(rb"""t\s*=\s*["'](?:array|dataTable)["']""", mask):
        return
    ranges: Sequence[tuple[int, int, int, int]] = [
        cell_range(tag.attributes[b"ref"].decode())
        for tag in tags(mask, sheet.prefix + b"f")
        if tag.attributes.get(b"t") in {b"array", b"dataTable"} and b"ref" in tag.attributes
    ]
    for row, columns in wanted.items():
        for top, left, bottom, right in ranges:
            if top <= row <= bottom:
                for column in columns:
                    if left <= column <= right:
                        _refuse(sheet, row, column, "belongs to a formula over several cells")


def _refuse(sheet: _Sheet, row: int, column: int, why: str) -> None:
    msg = f"{sheet.name}: cell {column_name(column)}{row} {why}."
    raise SourceError(msg, hint=_HINT_COLUMN)
