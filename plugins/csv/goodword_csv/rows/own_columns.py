"""Our columns on the customer list: what they are called, and how they stand now."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from goodword_csv.files.text_file import unprotected
from goodword_csv.headers.columns import OWN_HEADERS
from goodword_csv.layout.grid import Grid
from goodword_csv.rows.sources import column_of
from goodword_csv.values.dates import parse_dates
from goodword_csv.values.plain import Cell, text_of

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


def own_values(grid: Grid, *, day_first: bool | None) -> list[Mapping[str, str | int | None]]:
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
        values = [_value(field, cell) for _, cell in column]
        if field == "next_ask" and not all(v is None or _ISO.fullmatch(str(v)) for v in values):
            dates = parse_dates(column, day_first=day_first).values
            values = [
                f"{at:%Y-%m-%d}" if at else value for at, value in zip(dates, values, strict=True)
            ]
        columns[field] = values
    if not columns:
        return [{} for _ in grid.rows]
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]


def own_fields(
    values: Sequence[Mapping[str, str | int | None]], ids: Sequence[str | None]
) -> list[Mapping[str, object]]:
    """Return rows of ``own_fields`` for every person with any of ours."""
    found: dict[str, Mapping[str, object]] = {}
    for contact, row in zip(ids, values, strict=True):
        if contact is None or contact in found:
            continue
        if any(value is not None for value in row.values()):
            found[contact] = {"contact_id": contact, **row}
    return list(found.values())


def _value(field: str, cell: Cell) -> str | int | None:
    text = unprotected(text_of(cell))
    if field == "score":
        return int(text) if text.isdigit() else None
    return text or None
