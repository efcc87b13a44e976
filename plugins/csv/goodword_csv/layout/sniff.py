"""How a CSV file is laid out: encoding, delimiter, line ends and the place of its header."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from goodword import SourceError
from goodword_csv.files.encoding import Text, encoded
from goodword_csv.files.records import Record, read_rows, records_in
from goodword_csv.headers.products import is_known_header
from goodword_csv.layout.header import SCANNED_ROWS, HeaderPlace, find_header

DELIMITERS = ",;\t|"
"""What separates columns, in the order that settles a tie."""

_VOTERS = 200
_SEP_LINE = re.compile(r'"?sep=(.)"?(\r\n|\n|\r)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The layout of one CSV file, as guessed or as the settings say.

    ``header_row`` is the 0-based index of the header among the records that follow a ``sep=``
    line, blank ones counted.
    """

    encoding: str
    bom: bool
    delimiter: str
    header_row: int
    header_rows: int
    has_sep_line: bool
    newline: str


def sniff(
    data: bytes,
    *,
    where: str,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
) -> Sniffed:
    """Guess the layout of a CSV file; what the settings name is taken as it is.

    Args:
        data: The whole file.
        where: Its name, for messages.
        encoding: Settings: encoding, for files without a byte order mark.
        delimiter: Settings: one character between columns.
        header_row: Settings: index of the header record, see `Sniffed`.

    Raises:
        SourceError: Empty, NUL characters, a quotation mark without end, or no header row.
    """
    return sniff_text(
        encoded(data, where=where, encoding=encoding),
        where=where,
        delimiter=delimiter,
        header_row=header_row,
    )


def sniff_text(
    text: Text,
    *,
    where: str,
    delimiter: str | None = None,
    header_row: int | None = None,
) -> Sniffed:
    """Guess the layout of text whose encoding is known; see `sniff`."""
    sep = _SEP_LINE.fullmatch(next(text.lines(), ""))
    chosen = delimiter or (sep.group(1) if sep else _vote(text, where))
    looked_at = _VOTERS if header_row is None else max(_VOTERS, header_row + 1)
    body = islice(text.lines(), 1 if sep else 0, None)
    first = list(islice(records_in(body, chosen, where=where), looked_at))
    if header_row is not None and (header_row >= len(first) or first[header_row].blank):
        message = f"{where} has nothing where header_row = {header_row + 1} says its header is."
        hint = "Correct header_row in goodword.toml, or take the line out: it is found by itself."
        raise SourceError(message, hint=hint)
    place = (
        find_header([record.cells for record in first], is_known_header)
        if header_row is None
        else HeaderPlace(header_row, 1)
    )
    if place is None:
        message = f"{where} has no header row: every row looks like data."
        raise SourceError(message, hint="Add a first row that names the columns, e.g. Name, Email.")
    return Sniffed(
        encoding=text.encoding,
        bom=text.bom,
        delimiter=chosen,
        header_row=place.row,
        header_rows=place.rows,
        has_sep_line=sep is not None,
        newline=sep.group(2) if sep else _newline(first),
    )


def records_of(text: Text, layout: Sniffed, *, where: str) -> Iterator[Record]:
    """Give the records behind a ``sep=`` line, numbered by their line in the file.

    Raises:
        SourceError: A quotation mark without end.
    """
    skip = int(layout.has_sep_line)
    lines = islice(text.lines(), skip, None)
    return records_in(lines, layout.delimiter, where=where, first_line=1 + skip)


def rows_of(text: Text, layout: Sniffed, *, where: str) -> Iterator[tuple[int, list[str]]]:
    """Give the cells of the same records, which takes half the time.

    Raises:
        SourceError: As for `records_of`.
    """
    skip = int(layout.has_sep_line)
    lines = islice(text.lines(), skip, None)
    return read_rows(lines, layout.delimiter, where=where, first_line=1 + skip)


def _vote(text: Text, where: str) -> str:
    """Choose the delimiter that shows most header words, then most records of one width."""
    scores = {delimiter: _evidence(text, delimiter, where) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: scores[delimiter])


def _evidence(text: Text, delimiter: str, where: str) -> tuple[int, float]:
    try:
        records = list(islice(records_in(text.lines(), delimiter, where=where), _VOTERS))
    except SourceError:
        return 0, 0.0
    words = max(sum(map(is_known_header, record.cells)) for record in records[:SCANNED_ROWS])
    widths = Counter(len(record.cells) for record in records if not record.blank)
    width, votes = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    return words, (width - 1) * votes / max(widths.total(), 1)


def _newline(records: list[Record]) -> str:
    for record in records:
        for ending in ("\r\n", "\n", "\r"):
            if record.raw.endswith(ending):
                return ending
    return "\n"
