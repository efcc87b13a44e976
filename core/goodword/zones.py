"""Times as connectors hand them over, made UTC without a zone; most are so already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from types import NoneType


def row_without_zones(row: Mapping[str, object], times: Sequence[str]) -> Mapping[str, object]:
    """Return the row with the columns named *times* as UTC without a zone."""
    changed = {
        name: naive
        for name in times
        if (given := row.get(name)) is not None and (naive := _naive(given)) is not given
    }
    return {**row, **changed} if changed else row


def column_without_zones(values: Sequence[object]) -> Sequence[object]:
    """Return a column of times as UTC without a zone."""
    plain = set(map(type, values)) <= {datetime, NoneType}
    if plain and not any(value.tzinfo for value in values if isinstance(value, datetime)):
        return values
    return [_naive(value) for value in values]


def _naive(value: object) -> object:
    """Return times as UTC without a zone, and a plain date as its midnight."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return value
