"""One XML part read on trial, in pieces: no entities, no abyss, no cell at the end of the world.

A quick look counts signs and is enough for what spreadsheet programs write. Where signs could
mislead (comments, a cell that does not begin with its reference), the part is read tag by tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from goodword import SourceError
from goodword_csv.files.cells import MAX_COLUMNS, MAX_ROWS, column_index, column_name

MOST_AREA = 20_000_000
"""Cells between the first and the last one of a sheet we read without asking how full it is."""
MOST_DEPTH = 256
"""Elements inside of each other; drawings, the deepest parts there are, stay below 50."""
_FULL = 100  # an area may be this many times larger than the number of its cells
_OVERLAP = 64  # bytes of a piece that are looked at again with the next one
_CELL, _ROW = re.compile(rb"<c[\s/>]"), re.compile(rb"<row[\s/>]")
_PREFIXED = re.compile(rb":(?:c|row)[\s/>]")
_COLUMN_OF_CELL = re.compile(rb'<c r="([A-Z]{1,3})[0-9]{1,7}"')
_ROW_OF_CELL = re.compile(rb'<c r="[A-Z]{1,3}([0-9]{1,7})"')
_ROW_OF_ROW = re.compile(rb'<row r="([0-9]{1,7})"')
_DISTRUST = "Do not open it unless you know who made it."
_RESAVE = "Open the file in your spreadsheet program, save it as a new .xlsx and use that one."


@dataclass(slots=True)
class _Reach:
    """How far the cells of a sheet reach: 1-based row, 0-based column, and how many there are."""

    row: int = 1
    column: int = 0
    cells: int = 0


@dataclass(slots=True)
class _Look:
    """What the quick look has seen so far."""

    reach: _Reach = field(default_factory=_Reach)
    depth: int = 0
    opened: int = 0
    closed: int = 0
    is_sheet: bool = False
    misleads: bool = False


def refuse_xml(pieces: Iterator[bytes], again: Iterator[bytes], *, name: str, part: str) -> None:
    """Refuse a part with a document type, a deep nesting, or cells far away from the others.

    Args:
        pieces: Its content.
        again: The same once more, for a second reading.
        name: The file, for messages.
        part: The part, for messages.

    Raises:
        SourceError: Says what is wrong, and in which cell.
    """
    look = _Look()
    rest = b""
    for piece in pieces:
        text = rest + piece
        cut = text.rfind(b"<")
        if cut <= 0:
            cut = max(len(text) - _OVERLAP, 0)
        _see(look, text[:cut], part)
        rest = text[cut:]
    _see(look, rest, part)
    reach = look.reach
    if look.misleads or look.opened != look.closed:
        reach = _read_by_tags(again, name, part)
    if look.is_sheet:
        refuse_far_cells(reach.row, reach.column, reach.cells, name)


def _see(look: _Look, text: bytes, part: str) -> None:
    if b"<!" in text:
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            msg = f"{part} holds a document type declaration, which no spreadsheet program writes."
            raise SourceError(msg, hint=_DISTRUST)
        look.misleads = True
    tags, ends = text.count(b"<"), text.count(b"</")
    look.opened += tags
    look.closed += text.count(b">")
    look.depth += tags - 2 * ends - text.count(b"/>") - text.count(b"<?")
    if look.depth > MOST_DEPTH:
        raise _too_deep(part)
    look.is_sheet |= b"sheetData" in text
    if look.is_sheet:
        _reach_further(look, text)


def _reach_further(look: _Look, text: bytes) -> None:
    """Note how far the cells in a piece of a sheet reach."""
    reach = look.reach
    columns, rows = _COLUMN_OF_CELL.findall(text), _ROW_OF_ROW.findall(text)
    cells = len(_CELL.findall(text))
    odd = cells != len(columns) or len(_ROW.findall(text)) != len(rows)
    look.misleads |= odd or _PREFIXED.search(text) is not None
    numbers = map(int, {*rows, *_ROW_OF_CELL.findall(text)})
    reach.row = max(reach.row, *numbers, 1)
    reach.column = max(reach.column, *(column_index(each.decode()) for each in set(columns)), 0)
    reach.cells += cells


def refuse_far_cells(last_row: int, last_column: int, cells: int, name: str) -> None:
    """Refuse a sheet whose cells stand so far apart that reading its area would fill the memory.

    One stray cell in the last corner makes an area of 17 thousand million cells.

    Args:
        last_row: 1-based.
        last_column: 0-based.
        cells: How many there are.
        name: The file, for messages.

    Raises:
        SourceError: Names the last cell.
    """
    if last_row > MAX_ROWS or last_column >= MAX_COLUMNS:
        raise _outside(name)
    area = last_row * (last_column + 1)
    if area > MOST_AREA and area > _FULL * cells:
        last = f"{column_name(last_column)}{last_row}"
        msg = f"{name} has a cell far away from the others, so that the sheet reaches {last}."
        hint = "Press Ctrl+End in the sheet, delete the empty rows and columns, and save."
        raise SourceError(msg, hint=hint)


def _read_by_tags(pieces: Iterator[bytes], name: str, part: str) -> _Reach:
    """Read a part tag by tag: its depth, and where its cells are, with or without a reference."""
    reach = _Reach()
    depth = row = column = 0
    parser = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, row, column
        depth += 1
        if depth > MOST_DEPTH:
            raise _too_deep(part)
        kind = tag.rpartition(":")[2]
        if kind == "row":
            row, column = _number(attributes.get("r", ""), row + 1, name), -1
            reach.row = max(reach.row, row)
        elif kind == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            stated = attributes.get("r", "")[len(letters) :]
            if len(letters) > 3:
                raise _outside(name)
            column = column_index(letters) if letters.isalpha() else column + 1
            reach.row = max(reach.row, _number(stated, row, name))
            reach.column = max(reach.column, column)
            reach.cells += 1

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        for piece in pieces:
            parser.Parse(piece)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        msg = f"{part} is damaged: it is not the XML it should be."
        raise SourceError(msg, hint=_RESAVE) from error
    return reach


def _number(text: str, otherwise: int, name: str) -> int:
    if not text:
        return otherwise
    if len(text) > 7:
        raise _outside(name)
    return int(text)


def _outside(name: str) -> SourceError:
    msg = f"{name} has a cell outside of any sheet: beyond row {MAX_ROWS:,} or column XFD."
    return SourceError(msg, hint=_RESAVE)


def _too_deep(part: str) -> SourceError:
    msg = f"{part} has more than {MOST_DEPTH} elements inside of each other."
    return SourceError(msg, hint=_DISTRUST)
