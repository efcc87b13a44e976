"""Values of Salesforce as the values of the canonical tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from goodword_salesforce.seam.values import Row, day, is_true, moment, number

_NOT_DIALLED = re.compile(r"[\s().\-/]+")


def cents(row: Row, field: str) -> int | None:
    """Return an amount as whole cents, halves away from zero."""
    amount = number(row, field)
    if amount is None:
        return None
    return int((amount * 100).quantize(Decimal(1), rounding="ROUND_HALF_UP"))


def whole(row: Row, field: str) -> int | None:
    """Return a whole number; parts of one are cut off."""
    found = number(row, field)
    return int(found) if found is not None else None


def midnight(value: date | None) -> datetime | None:
    """Return a day as a time."""
    return datetime(value.year, value.month, value.day) if value else None


def day_at(row: Row, field: str) -> datetime | None:
    """Return a day of a row as a time."""
    return midnight(day(row, field))


def phone(row: Row, *fields: str) -> str | None:
    """Return the first phone number, without what only people need where it names its country."""
    text = next((row[field] for field in fields if field in row), "")
    plain = _NOT_DIALLED.sub("", text)
    return plain if plain.startswith("+") and plain[1:].isdigit() else text.strip() or None


def extra_of(kind: str) -> Callable[[Row, str], object]:
    """Return how a field of the firm's own, of Salesforce's type *kind*, is read."""
    if kind in {"double", "currency", "percent", "int"}:
        return whole
    if kind == "date":
        return day_at
    if kind == "datetime":
        return moment
    if kind == "boolean":
        return lambda row, name: is_true(row, name) if name in row else None
    return lambda row, name: row.get(name)
