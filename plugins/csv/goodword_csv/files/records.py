"""The records of a CSV text, each with its line number and its untouched raw text."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from goodword import SourceError
from goodword_csv.files.cells import MAX_COLUMNS
from goodword_csv.files.encoding import MAX_LINE, Decoded


@dataclass(frozen=True, slots=True)
class Record:
    """One CSV record; *line* is the 1-based line it starts on, *raw* its text with line end."""

    line: int
    cells: tuple[str, ...]
    raw: str

    @property
    def blank(self) -> bool:
        """True when no cell holds anything."""
        return not any(cell.strip() for cell in self.cells)


def read_records(text: str, delimiter: str, *, where: str, first_line: int = 1) -> Iterator[Record]:
    """Split CSV text into records; see `records_in`."""
    lines = Decoded(text, "", bom=False).lines()
    return records_in(lines, delimiter, where=where, first_line=first_line)


def records_in(
    lines: Iterable[str], delimiter: str, *, where: str, first_line: int = 1
) -> Iterator[Record]:
    """Read records; joining every ``raw`` gives the lines back, byte for byte.

    Args and errors are those of `read_rows`.
    """
    taken: list[str] = []

    def kept() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    for line, cells in read_rows(kept(), delimiter, where=where, first_line=first_line):
        yield Record(line, tuple(cells), "".join(taken))
        taken.clear()


def read_rows(
    lines: Iterable[str], delimiter: str, *, where: str, first_line: int = 1
) -> Iterator[tuple[int, list[str]]]:
    """Read the cells of each record, with the line it starts on.

    Args:
        lines: Lines of text with their ends.
        delimiter: One character.
        where: Name of the file, for messages.
        first_line: Number of the first of the lines.

    Raises:
        SourceError: A quotation mark is never closed, a cell is longer than csv allows, or a record
            is larger or wider than a row can be.
    """
    size, line, ended = 0, first_line, False

    def fed() -> Iterator[str]:
        nonlocal ended, size
        for text in lines:
            size += len(text)
            if size > MAX_LINE:
                message = f"{where}, line {line}: longer than a row can be."
                raise SourceError(message, hint=_CLOSE_THE_QUOTE)
            yield text
        ended = True
        yield ""  # goes on inside a quoted cell that never ends, a record of its own otherwise

    reader = csv.reader(fed(), delimiter=delimiter)
    try:
        for cells in reader:
            if ended and first_line + reader.line_num == line + 1:
                return
            if ended:
                message = f"{where}, line {line}: a quotation mark is opened and never closed."
                raise SourceError(message, hint=_CLOSE_THE_QUOTE)
            if len(cells) > MAX_COLUMNS:
                message = (
                    f"{where}, line {line}: {len(cells):,} cells; a row holds {MAX_COLUMNS:,}."
                )
                raise SourceError(message, hint="Export the list again, with one row a person.")
            yield line, cells
            size = 0
            line = first_line + reader.line_num
    except csv.Error as error:
        message = f"{where}, line {line}: a cell is too long to be one ({error})."
        raise SourceError(message, hint=_CLOSE_THE_QUOTE) from error


_CLOSE_THE_QUOTE = "Open the file in a text editor, close the quotation mark there, and try again."
