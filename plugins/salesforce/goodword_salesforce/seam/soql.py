"""Every query, made of parts: the only place that writes SOQL, and the only one that quotes.

A query is built from names, which must look like names, and values, which are written by their
type. Nothing is ever pasted into its text, so a value with a quote in it stays a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

Value = str | bool | int | Decimal | date | None
"""What a field is compared with; a ``datetime`` without a zone is UTC."""
Operator = Literal["=", "!=", "<", "<=", ">", ">="]
Function = Literal["COUNT", "COUNT_DISTINCT", "SUM", "MIN", "MAX", "AVG"]

PAGE = 2_000
"""Rows of one page, and of one answer with GROUP BY, which has no next page."""
LONGEST, LONGEST_TEXT = 100_000, 4_000
"""Most characters of a query, and of one text in it."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*){0,5}")
_ESCAPES = str.maketrans(
    {
        "\\": "\\\\",
        "'": "\\'",
        '"': '\\"',
        "\n": "\\n",
        "\r": "\\r",
        "\t": "\\t",
        "\b": "\\b",
        "\f": "\\f",
    }
)


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of a row; its text is made here and nowhere else."""

    text: str


@dataclass(frozen=True, slots=True)
class Term:
    """A sum, a count, the first or the last of a field over a group, under a name of ours."""

    function: Function
    field: str
    alias: str

    @property
    def text(self) -> str:
        """The term as SOQL."""
        return "".join((self.function, "(", name(self.field), ") ", name(self.alias)))


@dataclass(frozen=True, slots=True)
class Query:
    """A query, built step by step from ``select``.

    Args:
        object: API name of the object.
        fields: What is read of each row.
        conditions: All of them hold of each row.
        groups: Fields whose values make a group.
        order: Fields, a minus before those that fall.
        most: Most rows; 0 for all.
    """

    object: str
    fields: tuple[str | Term, ...]
    conditions: tuple[Condition, ...] = ()
    groups: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    most: int = 0

    def where(self, *conditions: Condition) -> Query:
        """Return the query with more conditions; all of them must hold."""
        return replace(self, conditions=(*self.conditions, *conditions))

    def group_by(self, *fields: str) -> Query:
        """Return the query with one row for each value of *fields*."""
        return replace(self, groups=fields)

    def order_by(self, *fields: str) -> Query:
        """Return the query in the order of *fields*; ``-CloseDate`` falls."""
        return replace(self, order=fields)

    def limit(self, most: int) -> Query:
        """Return the query with at most so many rows."""
        return replace(self, most=most)

    def keyset(self, key: str, above: str = "", upto: str = "", most: int = PAGE) -> Query:
        """Return the page of the query that begins after a key, in the order of keys.

        Args:
            key: A field that no two rows, or groups, have the same value of.
            above: Last value of the page before; empty at the start.
            upto: Last value that is wanted; empty for all.
            most: Rows of the page.
        """
        bounds = [compare(key, ">", above)] if above else []
        bounds += [compare(key, "<=", upto)] if upto else []
        return self.where(*bounds).order_by(key).limit(most)

    @property
    def text(self) -> str:
        """The query as SOQL.

        Raises:
            ValueError: It has no field, or is longer than Salesforce reads.
        """
        if not self.fields:
            msg = f"A query of {self.object} reads no field."
            raise ValueError(msg)
        fields = ", ".join(
            each.text if isinstance(each, Term) else name(each) for each in self.fields
        )
        parts = ["SELECT", fields, "FROM", name(self.object)]
        if self.conditions:
            parts += ["WHERE", " AND ".join(each.text for each in self.conditions)]
        if self.groups:
            parts += ["GROUP BY", ", ".join(map(name, self.groups))]
        if self.order:
            parts += ["ORDER BY", ", ".join(map(_ordered, self.order))]
        if self.most:
            parts += ["LIMIT", str(self.most)]
        text = " ".join(parts)
        if len(text) > LONGEST:
            msg = f"A query of {self.object} has {len(text)} characters; {LONGEST} are read."
            raise ValueError(msg)
        return text


def select(of: str, *fields: str | Term) -> Query:
    """Return a query that reads *fields* of all rows of an object; a field named twice is once."""
    return Query(of, tuple(dict.fromkeys(fields)))


def compare(field: str, operator: Operator, value: Value) -> Condition:
    """Return the condition that a field compares so with a value."""
    return _condition(name(field), operator, literal(value))


def equal(field: str, value: Value) -> Condition:
    """Return the condition that a field has a value; None means that it is empty."""
    return compare(field, "=", value)


def filled(field: str) -> Condition:
    """Return the condition that a field is not empty."""
    return compare(field, "!=", None)


def one_of(field: str, values: Iterable[Value]) -> Condition:
    """Return the condition that a field has one of the values.

    Raises:
        ValueError: There is none: the caller must not ask at all.
    """
    return _condition(name(field), "IN", _listed(field, values))


def none_of(field: str, values: Iterable[Value]) -> Condition:
    """Return the condition that a field has none of the values.

    Raises:
        ValueError: There is none: the caller leaves the condition out.
    """
    return _condition(name(field), "NOT IN", _listed(field, values))


def within(field: str, query: Query) -> Condition:
    """Return the condition that a field has a value which another query finds."""
    return _condition(name(field), "IN", "(" + query.text + ")")


def without(field: str, query: Query) -> Condition:
    """Return the condition that a field has no value which another query finds."""
    return _condition(name(field), "NOT IN", "(" + query.text + ")")


def any_of(*conditions: Condition) -> Condition:
    """Return the condition that at least one of them holds.

    Raises:
        ValueError: There is none.
    """
    return _joined(" OR ", conditions)


def all_of(*conditions: Condition) -> Condition:
    """Return the condition that all of them hold.

    Raises:
        ValueError: There is none.
    """
    return _joined(" AND ", conditions)


def literal(value: Value) -> str:
    """Return a value as SOQL writes it; times are UTC, parts of a second are cut off.

    Raises:
        ValueError: A text is longer than Salesforce compares, or a number is none.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            msg = "A query compares with something that is no number."
            raise ValueError(msg)
        return f"{value:f}"
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value
        return f"{moment.replace(microsecond=0, tzinfo=None).isoformat()}Z"
    if isinstance(value, date):
        return value.isoformat()
    if len(value) > LONGEST_TEXT:
        msg = f"A query compares with a text of {len(value)} characters; {LONGEST_TEXT} are read."
        raise ValueError(msg)
    sendable = value.encode("utf-8", "replace").decode("utf-8")  # half of an emoji is no text
    return f"'{sendable.translate(_ESCAPES)}'"


def name(text: str) -> str:
    """Return the name of an object or a field, such as ``Account.OwnerId``.

    Raises:
        ValueError: It does not look like one.
    """
    if not _NAME.fullmatch(text):
        msg = "A query names a field or an object by something that is no API name."
        raise ValueError(msg)
    return text


def _condition(*words: str) -> Condition:
    return Condition(" ".join(words))


def _ordered(field: str) -> str:
    return name(field[1:]) + " DESC" if field.startswith("-") else name(field)


def _listed(field: str, values: Iterable[Value]) -> str:
    texts = list(dict.fromkeys(map(literal, values)))
    if not texts:
        msg = f"A query wants {field} to be one of nothing."
        raise ValueError(msg)
    return "(" + ", ".join(texts) + ")"


def _joined(word: str, conditions: tuple[Condition, ...]) -> Condition:
    if not conditions:
        msg = "A query joins no conditions."
        raise ValueError(msg)
    if len(conditions) == 1:
        return conditions[0]
    return Condition("(" + word.join(each.text for each in conditions) + ")")
