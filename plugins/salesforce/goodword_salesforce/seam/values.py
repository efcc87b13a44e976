"""Rows as plain texts, whether they came as JSON or as CSV, and how to read and write a value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from goodword_salesforce.seam.failures import unusual

Row = Mapping[str, str]
"""Field to text, ``Account.Name`` for a field of a parent; an empty value is left out."""
Written = str | bool | int | Decimal | date | None
"""What is written into a field; None empties it, a ``datetime`` without a zone is UTC."""


LARGEST = 64
"""Digits, before or behind the point, that no number of Salesforce has."""


class Found(dict[str, str]):
    """A row as it came; whoever asks for a field by ``[]`` relies on it being there."""

    __slots__ = ()

    def __missing__(self, field: str) -> str:
        """Raise the error of an answer that lacks what was asked for."""
        raise unusual(what="a query")


def flat(record: Mapping[str, object], before: str = "") -> Found:
    """Return a record of an answer as a row; parents become names with a dot."""
    row = Found()
    for name, value in record.items():
        if name == "attributes" or value is None:
            continue
        if isinstance(value, Mapping):
            row.update(flat(value, f"{before}{name}."))
        elif (text := as_text(value)) != "":
            row[f"{before}{name}"] = text
    return row


def as_text(value: object) -> str:
    """Return a value of an answer as text: ``true``, ``1200.5``, never ``1.2E3``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < LARGEST:
        return f"{value:f}"
    return str(value)


def is_true(row: Row, field: str) -> bool:
    """Say whether a checkbox is ticked; one that was not read is not."""
    return row.get(field, "").lower() in ("true", "1")


def number(row: Row, field: str) -> Decimal | None:
    """Return a number, in the unit it is kept in; None where there is none."""
    try:
        value = Decimal(row[field])
    except (KeyError, InvalidOperation):
        return None
    return value if value.is_finite() and abs(value.adjusted()) < LARGEST else None


def day(row: Row, field: str) -> date | None:
    """Return a day; of a time, its day in UTC."""
    text = row.get(field, "")
    at = moment(row, field) if "T" in text else None
    try:
        return at.date() if at else date.fromisoformat(text)
    except ValueError:
        return None


def moment(row: Row, field: str) -> datetime | None:
    """Return a time, UTC without a zone."""
    try:
        at = datetime.fromisoformat(row[field])
    except (KeyError, ValueError):
        return None
    return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at


def for_json(value: Written) -> str | bool | int | float | None:
    """Return a value as a JSON body holds it; a time to the second, in UTC."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return moment_text(value)
    return value.isoformat() if isinstance(value, date) else value


def moment_text(at: datetime) -> str:
    """Return a time as Salesforce writes it, such as ``2026-11-22T10:00:00Z``."""
    utc = at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
    return f"{utc.replace(microsecond=0).isoformat()}Z"
