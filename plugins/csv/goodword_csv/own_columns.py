"""Our columns on the customer list: what they are called, and how they stand now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from goodword_csv.columns import OWN_HEADERS
from goodword_csv.grid import Grid
from goodword_csv.sources import column_of
from goodword_csv.text_file import unprotected
from goodword_csv.values import Cell, text_of

FIELDS = dict(zip(("stage", "segment", "score", "next_ask", "why"), OWN_HEADERS, strict=False))
"""Column of ``own_fields`` to the header of our column."""

DO_NOT_ASK = OWN_HEADERS[-1]
"""A column we add and only people fill in: anything in it but a no means "never ask"."""


def placed(header: Sequence[str]) -> dict[str, int]:
    """Return the index of each of our columns; new ones go to the right of the last column."""
    places: dict[str, int] = {}
    free = len(header)
    for name in (*FIELDS.values(), DO_NOT_ASK):
        at = column_of(header, name)
        if at is None:
            at, free = free, free + 1
        places[name] = at
    return places


def own_fields(grid: Grid, ids: Sequence[str | None]) -> list[Mapping[str, object]]:
    """Return our fields as they stand, for every person with any of them."""
    places = {field: column_of(grid.header, name) for field, name in FIELDS.items()}
    here = {field: index for field, index in places.items() if index is not None}
    found: dict[str, Mapping[str, object]] = {}
    for contact, row in zip(ids, grid.rows, strict=True):
        if contact is None or contact in found or not here:
            continue
        values = {field: value_of(field, row.cells[index]) for field, index in here.items()}
        if any(value is not None for value in values.values()):
            found[contact] = {"contact_id": contact, **values}
    return list(found.values())


def value_of(field: str, cell: Cell) -> str | int | None:
    """Return one of our fields as a cell holds it."""
    text = unprotected(text_of(cell))
    if field == "score":
        return int(text) if text.isdigit() else None
    return text or None
