"""A file as its sheets: which format it is, and which files we refuse with a reason."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path, PurePath
from typing import Literal

import python_calamine

from goodword import SourceError
from goodword_csv.files.atomic import read_regular
from goodword_csv.files.cells import MAX_ROWS
from goodword_csv.files.encoding import encoded
from goodword_csv.files.uncalculated import uncalculated
from goodword_csv.files.unpacking import part_name, refuse_harm
from goodword_csv.headers.products import is_known_header
from goodword_csv.layout.grid import Grid, build_grid
from goodword_csv.layout.header import HeaderPlace, find_header
from goodword_csv.layout.sniff import Sniffed, rows_of, sniff_text
from goodword_csv.values.plain import Cell, text_of

Wanted = Callable[[Sequence[str]], Collection[int]]
"""Chooses from the names of a sheet's columns those whose cells are kept."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOKS = (".xlsx", ".xlsm")
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml")
_LOOKED_AT = 200
"""Rows of a sheet among which its header is."""
_SAVE_AS_XLSX = "Open it in the spreadsheet program, save it as XLSX or CSV, and use that file."


@dataclass(frozen=True, slots=True)
class Book:
    """A file that was read.

    Attributes:
        where: Its name, for messages.
        format: How it is stored, whatever its ending says.
        grids: Its sheets that hold a table.
        left_out: ``(sheet, reason)`` for its other sheets.
        layout: Layout of a CSV file; None for XLSX.
        uncalculated: Formulas without a value, where columns look empty for lack of them.
    """

    where: str
    format: Literal["csv", "xlsx"]
    grids: tuple[Grid, ...]
    left_out: tuple[tuple[str, str], ...]
    layout: Sniffed | None
    uncalculated: int = 0


def read_book(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
) -> Book:
    """Read a CSV or XLSX file into text cells; numbers and dates of an XLSX keep their type.

    Args:
        path: The file.
        encoding: Settings: encoding of a CSV without a byte order mark.
        delimiter: Settings: one character between columns of a CSV.
        header_row: Settings: 0-based index of a CSV's header record.

    Raises:
        SourceError: Missing, empty, unreadable, another format, or without a header row.
    """
    return book_of(
        read_regular(path),
        where=path.name,
        encoding=encoding,
        delimiter=delimiter,
        header_row=header_row,
    )


def book_of(
    data: bytes,
    *,
    where: str,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
    wanted: Wanted | None = None,
) -> Book:
    """Read the bytes of a CSV or XLSX file; see `read_book`.

    Args:
        data: The file.
        where: Its name, for messages.
        encoding: As there.
        delimiter: As there.
        header_row: As there.
        wanted: Of the names of a sheet's columns, those whose cells are kept; None keeps all.
    """
    _refuse_other_formats(data, where)
    if data.startswith(b"PK\x03\x04"):
        _refuse_other_archives(data, where)
        return _xlsx(data, where, wanted)
    if data and PurePath(where).suffix.lower() in _WORKBOOKS:
        message = f"{where} is not a workbook: it holds plain text or something else."
        hint = "Export it again as XLSX; or if it is text, give it the ending .csv and use that."
        raise SourceError(message, hint=hint)
    text = encoded(data, where=where, encoding=encoding)
    layout = sniff_text(text, where=where, delimiter=delimiter, header_row=header_row)
    place = HeaderPlace(layout.header_row, layout.header_rows)
    lines = _as_many_as_fit(rows_of(text, layout, where=where), where)
    grid = build_grid(PurePath(where).stem, lines, place, wanted)
    return Book(where, "csv", (grid,), (), layout)


def _as_many_as_fit(
    rows: Iterator[tuple[int, Sequence[Cell]]], where: str
) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Give the rows, and refuse more than a spreadsheet program opens."""
    yield from islice(rows, MAX_ROWS)
    more = sum(1 for _ in rows)
    if more:
        message = f"{where} has {MAX_ROWS + more:,} rows; a spreadsheet holds {MAX_ROWS:,} at most."
        raise SourceError(message, hint="Split it into several files and name them all.")


def _xlsx(data: bytes, where: str, wanted: Wanted | None) -> Book:
    grids: list[Grid] = []
    left_out: list[tuple[str, str]] = []
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        _refuse_twins([sheet.name for sheet in workbook.sheets_metadata], where)
        for sheet in workbook.sheets_metadata:
            if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                left_out.append((sheet.name, "not a worksheet"))
            elif sheet.visible != python_calamine.SheetVisibleEnum.Visible:
                left_out.append((sheet.name, "hidden"))
            else:
                grid = _sheet(sheet.name, _rows(workbook.get_sheet_by_name(sheet.name)), wanted)
                if isinstance(grid, str):
                    left_out.append((sheet.name, grid))
                else:
                    grids.append(grid)
    except python_calamine.PasswordError as error:
        raise _protected(where) from error
    except python_calamine.CalamineError as error:
        message = f"{where} is damaged: it cannot be read as a workbook."
        raise SourceError(message, hint=_SAVE_AS_XLSX) from error
    if not grids:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in left_out) or "no sheets"
        message = f"{where} holds no table we can read ({reasons})."
        raise SourceError(message, hint="Add a first row that names the columns, e.g. Name, Email.")
    bare = any(grid.has_bare_column for grid in grids)  # as when nobody calculated its formulas
    return Book(
        where, "xlsx", tuple(grids), tuple(left_out), None, uncalculated(data) if bare else 0
    )


def _refuse_twins(names: Sequence[str], where: str) -> None:
    """Refuse two sheets of one name: what is read from one could be written into the other."""
    counted = Counter(name.casefold() for name in names)
    for name in names:
        if counted[name.casefold()] > 1:
            message = f'{where} has two sheets called "{name}".'
            raise SourceError(message, hint="Give one of them another name and run again.")


def _rows(sheet: python_calamine.CalamineSheet) -> Iterator[Sequence[Cell]]:
    """Every row from the first of the sheet on; calamine leaves out empty columns at its left."""
    before = [""] * (sheet.start[1] if sheet.start else 0)
    rows = sheet.iter_rows()
    return ([*before, *row] for row in rows) if before else iter(rows)


def _sheet(name: str, rows: Iterator[Sequence[Cell]], wanted: Wanted | None) -> Grid | str:
    """The grid of one worksheet, or why it holds none."""
    first = list(islice(rows, _LOOKED_AT))
    place = find_header([[text_of(cell) for cell in row] for row in first], is_known_header)
    if place is None:
        filled = any(text_of(cell) for row in chain(first, rows) for cell in row)
        return "no header row" if filled else "empty"
    return build_grid(name, enumerate(chain(first, rows), start=1), place, wanted)


def _refuse_other_formats(data: bytes, where: str) -> None:
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise _protected(where)
        message = f"{where} is in the old Excel format (.xls)."
        raise SourceError(message, hint=_SAVE_AS_XLSX)
    if data.lstrip()[:9].lower().startswith(_MARKUP):
        message = f"{where} is a web page or XML, whatever its ending says."
        raise SourceError(message, hint=_SAVE_AS_XLSX)
    if data.startswith(b"%PDF"):
        message = f"{where} is a PDF."
        raise SourceError(message, hint="Export the list as CSV or XLSX instead.")


def _refuse_other_archives(data: bytes, where: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            refuse_harm(data, archive, where)
            names = {part_name(entry) for entry in archive.infolist()}
    except (zipfile.BadZipFile, NotImplementedError) as error:
        message = f"{where} is damaged or was not copied to its end."
        raise SourceError(message, hint="Copy or export it again.") from error
    if "xl/workbook.bin" in names:
        message = f"{where} is a binary workbook (.xlsb)."
        raise SourceError(message, hint=_SAVE_AS_XLSX)
    if "xl/workbook.xml" not in names:
        message = f"{where} is an archive, but not an Excel workbook."
        raise SourceError(message, hint=_SAVE_AS_XLSX)


def _protected(where: str) -> SourceError:
    message = f"{where} is protected with a password."
    return SourceError(message, hint="Save a copy without the password and use that file.")
