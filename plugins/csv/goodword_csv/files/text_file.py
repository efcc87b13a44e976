"""Writing into a CSV file: only our own cells change, every other byte stays.

A record keeps its raw text; a cell of ours is spliced into it. Reading is done elsewhere
(`encoding`, `records`); here is what goes back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from goodword_csv.files.encoding import Text, encode_pieces
from goodword_csv.files.records import Record

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")  # noqa: RUF001 - full-width signs count as formulas in some programs
_LINE_END = re.compile(r"(?:\r\n|\n|\r)\Z")
_NEEDS_QUOTES = re.compile('[\r\n",;\t|]')
_CLOSE_FORMS = {
    **dict.fromkeys([0x2018, 0x2019, 0x201A], "'"),  # quotation marks
    **dict.fromkeys([0x201C, 0x201D, 0x201E], '"'),
    **dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212], "-"),  # dashes and minus
    **{0x2026: "...", 0x2022: "*", 0x20AC: "EUR", 0x2192: "->", 0xDF: "ss", 0xE6: "ae"},
    **{0xC6: "AE", 0x153: "oe", 0x152: "OE", 0xF8: "o", 0xD8: "O", 0x142: "l", 0x141: "L"},
    **{0x111: "d", 0x110: "D"},
}
"""Letters without a decomposition that a reader still knows in ASCII."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a CSV file is written down.

    ``sep_line`` is Excel's first line ``sep=;`` as it stands, with its line end, or empty.
    """

    encoding: str = "utf-8"
    bom: bool = False
    delimiter: str = ","
    newline: str = "\n"
    sep_line: str = ""


def layout_of(text: Text, *, delimiter: str, newline: str, has_sep_line: bool) -> Layout:
    """Note how a file is written down, from what its layout was found to be."""
    sep = next(text.lines(), "") if has_sep_line else ""
    return Layout(text.encoding, text.bom, delimiter, newline, sep)


def protect(text: str) -> str:
    """Put an apostrophe before text a spreadsheet would run as a formula (OWASP ASVS 1.2.10).

    Only for text that goodword writes: in a customer's own column it would spoil ``+44 ...`` and
    ``-3.00``.
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def unprotected(text: str) -> str:
    """Take off the apostrophe that ``protect`` put before a text of ours."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text


def fit(text: str, encoding: str) -> str:
    """Write text of ours with what the encoding has: a close ASCII form, else ``?``."""
    if text.isascii():  # which every encoding of a spreadsheet has
        return text
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_fitting(letter, encoding) for letter in text)
    return text


def raw_cells(record: Record, delimiter: str) -> list[str]:
    """Cut the raw text into its cells, quotes kept; joined by the delimiter they are the text.

    The line end is left out. A blank line has no cells.
    """
    body = record.raw.rstrip("\r\n") if '"' not in record.raw else _LINE_END.sub("", record.raw)
    if not body:
        return []
    return body.split(delimiter) if '"' not in body else _cell(delimiter).findall(body)


def set_cells(record: Record, values: Mapping[int, str], layout: Layout) -> Record:
    """Write cells of ours into one record.

    Text is protected (see ``protect``), fitted to the encoding and quoted only when needed. A
    record too short gets empty cells up to the column; one that already holds the values comes
    back as it is, byte for byte.

    Args:
        record: As read.
        values: 0-based column to text.
        layout: Of the file.
    """
    new = {
        column: text
        for column, value in values.items()
        if (text := _own(value, layout)) != _held(record.cells, column)
    }
    if not new:
        return record
    if record.cells and min(new) >= len(record.cells):
        return _extended(record, new, layout)
    raw = raw_cells(record, layout.delimiter)
    cells = list(record.cells)
    missing = max(new) + 1 - len(raw)
    if missing > 0:
        raw += [""] * missing
        cells += [""] * missing
    for column, text in new.items():
        raw[column] = _quoted(text, layout)
        cells[column] = text
    body = layout.delimiter.join(raw) or '""'  # else it would read as a blank line
    return Record(record.line, tuple(cells), body + _ending(record))


def _extended(record: Record, new: Mapping[int, str], layout: Layout) -> Record:
    """Write cells to the right of all others, which are not looked into: most rows get them so."""
    before = len(record.cells)
    cells = [new.get(column, "") for column in range(before, max(new) + 1)]
    ending = _ending(record)
    body = record.raw.removesuffix(ending)
    raw = layout.delimiter.join([body, *[_quoted(text, layout) for text in cells]])
    return Record(record.line, (*record.cells, *cells), raw + ending)


def add_records(
    records: Sequence[Record], rows: Iterable[Sequence[str]], layout: Layout
) -> list[Record]:
    """Append records of ours; a file without a line end at its end goes on without one."""
    result = list(records)
    ending = _ending(result[-1]) if result else layout.newline
    for row in rows:
        if result and not _ending(result[-1]):
            result[-1] = replace(result[-1], raw=result[-1].raw + layout.newline)
        line = result[-1].line + 1 if result else 1
        empty = Record(line, (), layout.newline)
        result.append(set_cells(empty, dict(enumerate(row)), layout))
    if len(result) > len(records) and not ending:
        result[-1] = replace(result[-1], raw=_LINE_END.sub("", result[-1].raw))
    return result


def file_bytes(records: Iterable[Record], layout: Layout) -> bytes:
    """Put the records back together with byte order mark and ``sep=`` line."""
    raw = (record.raw for record in records)
    return encode_pieces(chain([layout.sep_line], raw), layout.encoding, bom=layout.bom)


def _held(cells: tuple[str, ...], column: int) -> str | None:
    """Return the cell's text; a cell beyond the record's end counts as missing, not empty."""
    return cells[column] if column < len(cells) else None


def _own(value: str, layout: Layout) -> str:
    """Return *value* as it is written: made to fit the encoding first, then protected.

    In this order, because a full-width sign may become a plain ``=`` when it is made to fit.
    """
    return protect(fit(value.replace("\0", ""), layout.encoding))


def _quoted(text: str, layout: Layout) -> str:
    """Quote for every delimiter in use: Excel may split by another one than the file's."""
    if _NEEDS_QUOTES.search(text) or layout.delimiter in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def _ending(record: Record) -> str:
    raw = record.raw
    return "\r\n" if raw.endswith("\r\n") else raw[-1] if raw.endswith(("\n", "\r")) else ""


def _fitting(letter: str, encoding: str) -> str:
    plain = unicodedata.normalize("NFKD", letter.translate(_CLOSE_FORMS))
    for form in (letter, plain.encode("ascii", "ignore").decode()):
        try:
            if form and form.encode(encoding):
                return form
        except UnicodeEncodeError:
            continue
    return "?"


@cache
def _cell(delimiter: str) -> re.Pattern[str]:
    """Return a pattern for one cell and what comes before it, as the csv module reads cells.

    A quotation mark counts only at the start of a cell; what follows the closing one up to the
    delimiter belongs to the cell. Quantifiers are possessive: the work is linear in the text.
    """
    d = re.escape(delimiter)
    quoted = rf'"[^"]*+(?:""[^"]*+)*+"[^{d}]*+'
    return re.compile(rf'(?:\A|{d})({quoted}|[^"{d}][^{d}]*+|)')
