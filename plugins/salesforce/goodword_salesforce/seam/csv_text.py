"""Rows as CSV and back, so that commas, quotes, newlines and emoji arrive as they were."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO

from goodword_salesforce.seam.soql import name
from goodword_salesforce.seam.values import Row, Written, for_csv

_UNSAFE = frozenset(',"\r\n')


def encoded(rows: Sequence[Mapping[str, Written]]) -> bytes:
    """Return rows as a bulk job reads them: UTF-8, ends of lines as LF.

    A value of None or an empty text empties its field (``#N/A``); a field a row does not name
    stays as it is (an empty cell).
    """
    columns = [name(each) for each in dict.fromkeys(field for row in rows for field in row)]
    lines = [",".join(columns)]
    lines += [",".join(_cell(row, each) for each in columns) for row in rows]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def decoded(text: str) -> Iterator[Row]:
    """Yield the rows of an answer in CSV; empty values are left out, newlines in them stay."""
    lines = csv.reader(StringIO(text.replace("\0", "").removeprefix("\ufeff"), newline=""))
    columns = next(lines, [])
    for cells in lines:
        if cells:
            yield {each: cell for each, cell in zip(columns, cells, strict=False) if cell != ""}


def _cell(row: Mapping[str, Written], column: str) -> str:
    """Return one cell; Python's own writer would leave a lone carriage return unquoted."""
    if column not in row:
        return ""
    text = for_csv(row[column])
    plain = _UNSAFE.isdisjoint(text) and text == text.strip()
    return text if plain else '"' + text.replace('"', '""') + '"'
