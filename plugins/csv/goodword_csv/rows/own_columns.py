"""Our columns on the customer list: what they are called, and how they stand now."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import overload

from goodword import Columns
from goodword_csv.files.text_file import unprotected
from goodword_csv.headers.columns import OWN_HEADERS
from goodword_csv.layout.grid import Grid
from goodword_csv.rows.sources import column_of
from goodword_csv.rows.stacked import Rows, first_rows, picked
from goodword_csv.values.dates import parse_dates
from goodword_csv.values.plain import Cell, read_once, text_of

ID, *_FIELDS, DO_NOT_ASK = OWN_HEADERS
FIELDS = dict(zip(("stage", "segment", "score", "next_ask", "why"), _FIELDS, strict=True))
"""Column of ``own_fields`` to the header of our column.

The id stands before them, only where the list has none of its own. Behind them is a column we add
and only people fill in: anything in "do not ask" but a no means that the person is never asked.
"""

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def placed(header: Sequence[str], *, with_id: bool) -> dict[str, int]:
    """Return the index of each of our columns; new ones go to the right of the last column.

    Args:
        header: Of the customer list.
        with_id: The list has no ids of its own, so it gets ours.
    """
    places: dict[str, int] = {}
    free = len(header)
    for name in OWN_HEADERS if with_id else OWN_HEADERS[1:]:
        at = column_of(header, name)
        if at is None:
            at, free = free, free + 1
        places[name] = at
    return places


class OwnColumns(Sequence[Mapping[str, str | int | None]]):
    """Our fields as they stand, one entry a row of the sheet, kept as columns.

    Args:
        fields: Field to its values; a field without a column is not in it.
        rows: Rows of the sheet.
    """

    def __init__(self, fields: Mapping[str, Sequence[str | int | None]], rows: int) -> None:
        self.fields = fields
        self._rows = range(rows)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> dict[str, str | int | None]: ...

    @overload
    def __getitem__(self, index: slice) -> list[dict[str, str | int | None]]: ...

    def __getitem__(
        self, index: int | slice
    ) -> dict[str, str | int | None] | list[dict[str, str | int | None]]:
        if isinstance(index, slice):
            return [self[row] for row in self._rows[index]]
        row = self._rows[index]
        return {field: values[row] for field, values in self.fields.items()}


def own_values(grid: Grid, *, day_first: bool | None) -> OwnColumns:
    """Return our fields as they stand, one entry a row of the sheet.

    A spreadsheet program that saves a CSV file writes dates its own way; they still count as ours.

    Args:
        grid: The customer list.
        day_first: How such a date is read.
    """
    places = {field: column_of(grid.header, name) for field, name in FIELDS.items()}
    columns: dict[str, Sequence[str | int | None]] = {}
    for field, index in places.items():
        if index is None:
            continue
        column = grid.column(index)
        values = read_once(column, partial(_value, field))
        if field == "next_ask" and not all(v is None or _ISO.fullmatch(str(v)) for v in {*values}):
            dates = parse_dates(column, day_first=day_first).values
            values = [
                f"{at:%Y-%m-%d}" if at else value for at, value in zip(dates, values, strict=True)
            ]
        columns[field] = values
    return OwnColumns(columns, len(grid.lines))


def own_fields(own: OwnColumns, ids: Sequence[str | None]) -> Rows:
    """Return rows of ``own_fields`` for every person with any of ours."""
    if not own.fields:
        return []
    rows = zip(*own.fields.values(), strict=True)
    nothing = (None,) * len(own.fields)
    filled = [None if row == nothing else one for one, row in zip(ids, rows, strict=True)]
    here = first_rows(filled)
    columns = {field: picked(values, here) for field, values in own.fields.items()}
    return Columns({"contact_id": picked(ids, here), **columns})


def _value(field: str, cell: Cell) -> str | int | None:
    text = unprotected(text_of(cell))
    if field == "score":
        return int(text) if text.isdigit() else None
    return text or None
