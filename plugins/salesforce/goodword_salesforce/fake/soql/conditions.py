"""From WHERE to a yes or no for each row. Logic has two values: what is empty is not greater."""

from __future__ import annotations

import operator as op
from collections.abc import Callable
from typing import NoReturn

from goodword_salesforce.fake.access import Actor
from goodword_salesforce.fake.answers import Value, refuse
from goodword_salesforce.fake.fields import NUMBERS, Field
from goodword_salesforce.fake.ids import full_id
from goodword_salesforce.fake.object_types import ObjectType
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.soql.grammar import Comparison, Condition, Query, is_relative
from goodword_salesforce.fake.soql.paths import Column, column
from goodword_salesforce.fake.soql.tokens import Token, malformed, pattern, plain
from goodword_salesforce.fake.store import Row
from goodword_salesforce.fake.times import days_before, kept_day, kept_moment

Test = Callable[[Row], bool]
Values = Callable[[Query], set[Value]]
"""Runs a query inside IN and returns the ids it found."""
EXACT = {"id", "reference", "date", "datetime"}
"""Types of field whose capitals count."""
_COMPARE = {"<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge}


def tested(
    org: Org, actor: Actor, kind: ObjectType, condition: Condition | None, inner: Values
) -> Test:
    """Return a test for rows of *kind*.

    Raises:
        RefusedError: A column does not exist, or a value does not fit its column.
    """
    if condition is None:
        return lambda row: True
    if isinstance(condition, Comparison):
        return _comparison(org, actor, kind, condition, inner)
    tests = [tested(org, actor, kind, part, inner) for part in condition.parts]
    if condition.word == "NOT":
        return lambda row: not tests[0](row)
    if condition.word == "AND":
        return lambda row: all(test(row) for test in tests)
    return lambda row: any(test(row) for test in tests)


def comparable(field: Field, value: Value) -> Value:
    """Return *value* as it is compared: capitals count only where the field says so."""
    exact = field.case_sensitive or field.type in EXACT
    return value.lower() if isinstance(value, str) and not exact else value


def _comparison(
    org: Org, actor: Actor, kind: ObjectType, wanted: Comparison, inner: Values
) -> Test:
    found = column(org, actor, kind, wanted.path)
    if found.field.long or not _filterable(org, found.field):
        refuse("INVALID_FIELD", f"field '{found.field.name}' can not be filtered in a query call")
    if wanted.query is not None:
        return _membership(found, inner(wanted.query), wanted.operator)
    if wanted.operator == "LIKE":
        return _like(found, wanted.values[0])
    values = [_meant(org, found.field, token) for token in wanted.values]
    relative = wanted.operator not in _COMPARE and any(map(is_relative, wanted.values))
    if relative and found.field.type == "datetime":
        refuse("INVALID_QUERY_FILTER_OPERATOR", "this org compares moments with days by < or >")
    if wanted.operator in {"IN", "NOT IN"}:
        return _membership(found, set(values), wanted.operator)
    if wanted.operator in {"=", "!="}:
        return _membership(found, set(values), "IN" if wanted.operator == "=" else "NOT IN")
    return _order(found, wanted.operator, values[0])


def _filterable(org: Org, field: Field) -> bool:
    if field.name == "SystemModstamp" and not org.account.switches.stamp_filterable:
        return False
    return field.filterable


def _membership(found: Column, values: set[Value], operator: str) -> Test:
    get, field = found.get, found.field
    if operator == "IN":
        return lambda row: comparable(field, get(row)) in values
    return lambda row: comparable(field, get(row)) not in values


def _order(found: Column, operator: str, value: Value) -> Test:
    if value is None or found.field.type == "boolean":
        refuse("INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on field {found.field.name}")
    get, field, compare = found.get, found.field, _COMPARE[operator]

    def test(row: Row) -> bool:
        held = comparable(field, get(row))
        return held is not None and bool(compare(held, value))

    return test


def _like(found: Column, token: Token) -> Test:
    if found.field.type in {*NUMBERS, "date", "datetime", "boolean", "reference", "id"}:
        refuse("INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on field {found.field.name}")
    if token.kind != "text":
        malformed(f"unexpected token: '{token.text}' at position {token.at}")
    get, wanted = found.get, pattern(token.text)

    def test(row: Row) -> bool:
        held = get(row)
        return isinstance(held, str) and wanted.fullmatch(held) is not None

    return test


def _meant(org: Org, field: Field, token: Token) -> Value:
    """Return the value of *token* as *field* compares it."""
    if token.is_word("NULL"):
        return None
    if field.type in {"date", "datetime"}:
        return _day(org, field, token)
    if field.type == "boolean":
        if not token.is_word("TRUE", "FALSE"):
            _wrong_type(field, "boolean", token)
        return token.text.upper() == "TRUE"
    if field.type in NUMBERS:
        if token.kind != "number":
            _wrong_type(field, field.type, token)
        return float(token.text)
    if token.kind != "text":
        _wrong_type(field, "string", token)
    text = plain(token.text)
    if field.type in {"id", "reference"}:
        number = full_id(text)
        if not number:
            refuse("INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {text}")
        return number
    return comparable(field, text) or None


def _day(org: Org, field: Field, token: Token) -> Value:
    if is_relative(token):
        day = _relative(org, token.text.upper())
        return day if field.type == "date" else kept_moment(f"{day}T00:00:00Z")
    if token.kind != field.type:
        _wrong_type(field, "dateTime" if field.type == "datetime" else "date", token)
    found = kept_day(token.text) if field.type == "date" else kept_moment(token.text)
    if not found:
        malformed(f"Invalid {field.type}: {token.text}")
    return found


def _relative(org: Org, word: str) -> str:
    name, _, count = word.partition(":")
    days = {"TODAY": 0, "YESTERDAY": 1, "TOMORROW": -1}.get(name)
    if days is None:
        days = int(count) if name == "LAST_N_DAYS" else -int(count)
    return days_before(org.today(), days)


def _wrong_type(field: Field, type_: str, token: Token) -> NoReturn:
    quoted = "enclosed" if type_ == "string" else "not be enclosed"
    refuse(
        "INVALID_FIELD",
        f"value of filter criterion for field '{field.name}' must be of type {type_} "
        f"and should {quoted} in quotes (position {token.at})",
    )
