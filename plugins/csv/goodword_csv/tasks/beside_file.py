"""A list of ours beside the customer list: a sheet of its workbook, or a file of its own."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from goodword import SourceError
from goodword_csv.files.atomic import Fingerprint, fingerprint, read_regular
from goodword_csv.files.encoding import decode
from goodword_csv.files.records import Record
from goodword_csv.files.text_file import Layout, layout_of
from goodword_csv.layout.sniff import records_of, sniff_text
from goodword_csv.rows.sources import File, column_of
from goodword_csv.values.plain import Cell, text_of

Lines = Sequence[tuple[int, Sequence[Cell]]]
"""Rows by their numbers, 1-based as a spreadsheet shows them."""

_FIRST_ROWS = 20


@dataclass(frozen=True, slots=True)
class BesideFile:
    """A file of its own as it was read.

    Attributes:
        fingerprint: What it was.
        records: Its CSV records; the first is row 1 of the list.
        layout: How it is written down.
    """

    fingerprint: Fingerprint
    records: tuple[Record, ...]
    layout: Layout

    @property
    def lines(self) -> Lines:
        """The records as rows."""
        return [(number, record.cells) for number, record in enumerate(self.records, start=1)]


def path_beside(csv: Path, what: str) -> Path:
    """Return where a list stands beside a CSV file, as ``NAME.tasks.csv``."""
    return csv.with_name(f"{csv.stem}.{what}.csv")


def layout_beside(file: File) -> Layout:
    """Return how a new list beside a CSV file is to be written."""
    delimiter = file.book.layout.delimiter if file.book.layout else ","
    return Layout("utf-8", bom=True, delimiter=delimiter, newline="\r\n")


def read_beside(path: Path) -> BesideFile | None:
    """Read a list that stands in a file of its own; None where there is none.

    Raises:
        SourceError: It cannot be read, or is being written.
    """
    if not os.path.lexists(path):
        return None
    before = fingerprint(path)
    data = read_regular(path)
    if hashlib.sha256(data).hexdigest() != before.sha256:
        msg = f"{path.name} is being written right now."
        raise SourceError(msg, hint="Wait until it is saved and run again.")
    decoded = decode(data, where=path.name)
    sniffed = sniff_text(decoded, where=path.name, header_row=0)
    records = tuple(records_of(decoded, sniffed, where=path.name))
    layout = layout_of(
        decoded,
        delimiter=sniffed.delimiter,
        newline=sniffed.newline,
        has_sep_line=sniffed.has_sep_line,
    )
    return BesideFile(before, records, layout)


def sheet_beside(file: File, name: str) -> tuple[str, Lines] | None:
    """Return a sheet of the workbook by its name, in any case: its real name and its rows."""
    names = (*(grid.name for grid in file.book.grids), *(name for name, _ in file.book.left_out))
    real = next((each for each in names if each.casefold() == name.casefold()), None)
    if real is None:
        return None
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.data))
    rows = book.get_sheet_by_name(real).to_python(skip_empty_area=False)
    return real, list(enumerate(rows, start=1))


def header_in(lines: Lines, key: str, where: str, *, what: str, hint: str) -> tuple[int, list[str]]:
    """Return the row and the titles of the header: it is the one that names the column of keys.

    Args:
        lines: The rows; the header is one of the first.
        key: Title of the column that holds our keys.
        where: What messages call the sheet or file.
        what: What it should be, such as "task list".
        hint: What else may help.

    Raises:
        SourceError: There is no such column, so it is not our list.
    """
    first = [(line, [text_of(cell) for cell in cells]) for line, cells in lines[:_FIRST_ROWS]]
    found = next((each for each in first if column_of(each[1], key) is not None), None)
    if found is None:
        msg = f'{where} has no column "{key}", so it is not the {what} goodword wrote.'
        raise SourceError(msg, hint=f"Give the column its name back, or {hint}.")
    return found
