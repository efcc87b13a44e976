"""The records of a CSV text, each with its line number and its untouched raw text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from goodword import SourceError
from goodword_csv.files.cells import MAX_COLUMNS
from goodword_csv.files.encoding import MAX_LINE

_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+")


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
    """Split CSV text into records; joining every ``raw`` gives the text back, byte for byte.

    Args:
        text: Decoded text without its byte order mark.
        delimiter: One character.
        where: Name of the file, for messages.
        first_line: Line number of the text's first line.

    Raises:
        SourceError: A quotation mark is never closed, a cell is longer than csv allows, or a record
            is larger or wider than a row can be.
    """
    taken: list[str] = []
    size = 0
    ended = False

    def lines() -> Iterator[str]:
        nonlocal ended, size
        for found in _LINE.finditer(text):  # a file object would hold the text once more, in UCS-4
            text_line = found[0]
            taken.append(text_line)
            size += len(text_line)
            if size > MAX_LINE:
                message = f"{where}, line {line}: longer than a row can be."
                raise SourceError(message, hint=_CLOSE_THE_QUOTE)
            yield text_line
        ended = True
        yield ""  # goes on inside a quoted cell that never ends, a record of its own otherwise

    line = first_line
    reader = csv.reader(lines(), delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except csv.Error as error:
            message = f"{where}, line {line}: a cell is too long to be one ({error})."
            raise SourceError(message, hint=_CLOSE_THE_QUOTE) from error
        if ended and not taken:
            return
        if ended:
            message = f"{where}, line {line}: a quotation mark is opened and never closed."
            raise SourceError(message, hint=_CLOSE_THE_QUOTE)
        if len(cells) > MAX_COLUMNS:
            message = f"{where}, line {line}: {len(cells):,} cells; a row holds {MAX_COLUMNS:,}."
            raise SourceError(message, hint="Export the list again, with one row a person.")
        yield Record(line, tuple(cells), "".join(taken))
        size = 0
        line += len(taken)
        taken.clear()


_CLOSE_THE_QUOTE = "Open the file in a text editor, close the quotation mark there, and try again."
