"""Search: filters over what the index has caught up with, sorted, never more than 10,000 deep."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from hashlib import blake2s
from typing import NamedTuple

from goodword_hubspot.fake.answers import refuse
from goodword_hubspot.fake.body import Body
from goodword_hubspot.fake.object_types import ObjectType, object_type
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.store import Record
from goodword_hubspot.fake.times import milliseconds

MOST_GROUPS = 5
MOST_FILTERS = 6
MOST_IN_ALL = 18
DEEPEST = 10_000
"""Results one query gives out, whatever their total."""
Value = Decimal | str
Hit = tuple[Record, Mapping[str, str]]
Test = Callable[[Record, Mapping[str, str]], bool]
NO_VALUE = {"HAS_PROPERTY", "NOT_HAS_PROPERTY"}
MANY_VALUES = {"IN", "NOT_IN"}
IN_TEXT = ("email", "firstname", "lastname", "name", "domain", "dealname", "subject", "company")
"""Where a free-text query looks."""


class Sort(NamedTuple):
    """By which property, and which way."""

    name: str
    descending: bool


@dataclass(slots=True)
class Search:
    """Answers searches, and remembers the last one: its pages come one call at a time."""

    portal: Portal
    _last_key: tuple[object, ...] = ()
    _last: list[Hit] = field(default_factory=list)

    def find(self, kind: ObjectType, body: Body) -> list[Hit]:
        """Return all records *body* asks for, in order, as the index sees them.

        Raises:
            RefusedError: A filter names an unknown property, or there are too many.
        """
        now = self.portal.now()
        groups = _groups(self.portal, kind, body)
        sort = _sort(self.portal, kind, body)
        pending = any(
            state[0] > now
            for one in self.portal.store.everything(kind.name)
            for state in one.before
        )
        asked = (kind.name, repr(body.anything("filterGroups")), sort, body.text("query"))
        key = (*asked, self.portal.store.version)
        if pending or key != self._last_key:
            self._last = _matches(self.portal, kind, groups, body.text("query"), now)
            self._last.sort(key=lambda hit: _place(self.portal, kind, sort, hit))
            if sort.descending:
                self._last.reverse()
            self._last_key = () if pending else key
        return self._last


def _matches(
    portal: Portal, kind: ObjectType, groups: Sequence[Sequence[Test]], query: str, now: int
) -> list[Hit]:
    portal.store.settle(kind.name, now)
    words = query.lower().split()
    found: list[Hit] = []
    for record in portal.store.everything(kind.name):
        values = record.as_of(now)
        if values is None or record.archived_at:
            continue
        if words and not _says(values, words):
            continue
        if not groups or any(all(test(record, values) for test in group) for group in groups):
            found.append((record, values))
    return found


def _says(values: Mapping[str, str], words: Sequence[str]) -> bool:
    text = " ".join(values.get(name, "") for name in IN_TEXT).lower()
    return all(word in text for word in words)


def _groups(portal: Portal, kind: ObjectType, body: Body) -> list[list[Test]]:
    groups = body.parts("filterGroups")
    sizes = [len(group.parts("filters")) for group in groups]
    if (
        len(groups) > MOST_GROUPS
        or sum(sizes) > MOST_IN_ALL
        or max(sizes, default=0) > (MOST_FILTERS)
    ):
        refuse(
            f"At most {MOST_GROUPS} filterGroups with {MOST_FILTERS} filters each and "
            f"{MOST_IN_ALL} filters in all are supported."
        )
    return [[_test(portal, kind, one) for one in group.parts("filters")] for group in groups]


def _sort(portal: Portal, kind: ObjectType, body: Body) -> Sort:
    sorts = body.anything("sorts")
    if len(sorts) > 1:
        refuse("Only one sort is supported.")
    if not sorts:
        return Sort(kind.created, descending=False)
    if body.has_objects("sorts"):
        one = body.parts("sorts")[0]
        sort = Sort(one.text("propertyName"), one.text("direction") == "DESCENDING")
    else:
        name = body.texts("sorts")[0]
        sort = Sort(name.removeprefix("-"), name.startswith("-"))
    if portal.definitions.live(kind.name, sort.name) is None:
        refuse(f"There was a problem with the request: unknown property {sort.name}")
    return sort


def _place(portal: Portal, kind: ObjectType, sort: Sort, hit: Hit) -> tuple[bool, Value, bytes]:
    """Return where *hit* stands; records of equal value stand in no promised order."""
    record, values = hit
    number = record.id.to_bytes(8)
    tie = number if portal.account.switches.ties_by_id else blake2s(number).digest()
    value = values.get(sort.name, "")
    empty = Decimal(0) if _is_number(portal, kind, sort.name) else ""
    return bool(value), _comparable(portal, kind, sort.name, value) if value else empty, tie


def _test(portal: Portal, kind: ObjectType, one: Body) -> Test:
    name, operator = one.text("propertyName"), one.text("operator")
    if operator not in NO_VALUE | MANY_VALUES and "value" not in one:
        refuse(f"operator {operator} requires a value")
    if operator in NO_VALUE and "value" in one:
        refuse(f"operator {operator} takes no value")
    if operator in MANY_VALUES and not one.texts("values"):
        refuse(f"operator {operator} requires values")
    if name.startswith("associations."):
        return _linked(portal, kind, object_type(name.removeprefix("associations.")), one)
    definition = portal.definitions.live(kind.name, name)
    if definition is None:
        refuse(f"There was a problem with the request: unknown property {name}")
    if operator == "HAS_PROPERTY":
        return lambda _, values: bool(values.get(name))
    if operator == "NOT_HAS_PROPERTY":
        return lambda _, values: not values.get(name)
    if operator.endswith("CONTAINS_TOKEN"):
        return _token(name, one.text("value"), wanted=operator == "CONTAINS_TOKEN")
    if operator in MANY_VALUES:
        return _among(portal, kind, name, one)
    return _compared(portal, kind, name, one)


def _linked(portal: Portal, kind: ObjectType, target: ObjectType, one: Body) -> Test:
    wanted = {one.text("value"), *one.texts("values")}

    def test(record: Record, _: Mapping[str, str]) -> bool:
        found = portal.linked(kind, record.id, target)
        return any(str(number) in wanted for number in found)

    return test


def _token(name: str, value: str, *, wanted: bool) -> Test:
    pattern = re.compile(re.escape(value.lower()).replace(r"\*", r"\S*") + r"\Z")

    def test(_: Record, values: Mapping[str, str]) -> bool:
        words = re.split(r"[\s@.,;]+", values.get(name, "").lower())
        return any(pattern.match(word) for word in words) == wanted

    return test


def _among(portal: Portal, kind: ObjectType, name: str, one: Body) -> Test:
    texts = one.texts("values")
    lowered = _is_text(portal, kind, name)  # texts are indexed in lower case; IN takes it as sent
    wanted = {text if lowered else _comparable(portal, kind, name, text) for text in texts}
    inside = one.text("operator") == "IN"

    def test(_: Record, values: Mapping[str, str]) -> bool:
        value = values.get(name, "")
        if not value:
            return False
        return (_comparable(portal, kind, name, value) in wanted) == inside

    return test


def _compared(portal: Portal, kind: ObjectType, name: str, one: Body) -> Test:
    operator = one.text("operator")
    low = _comparable(portal, kind, name, one.text("value"))
    high = _comparable(portal, kind, name, one.text("highValue")) if "highValue" in one else low

    def test(_: Record, values: Mapping[str, str]) -> bool:
        text = values.get(name, "")
        if not text:
            return operator == "NEQ"
        value = _comparable(portal, kind, name, text)
        return _holds(operator, value, low, high)

    return test


def _holds(operator: str, value: Value, low: Value, high: Value) -> bool:
    if isinstance(value, str) or isinstance(low, str) or isinstance(high, str):
        value, low, high = str(value), str(low), str(high)
        return _ordered(operator, value < low, value == low, value <= high)
    return _ordered(operator, value < low, value == low, value <= high)


def _ordered(operator: str, less: bool, same: bool, under: bool) -> bool:
    answers = {
        "EQ": same,
        "NEQ": not same,
        "LT": less,
        "LTE": less or same,
        "GT": not less and not same,
        "GTE": not less,
        "BETWEEN": not less and under,
    }
    return answers[operator]


def _comparable(portal: Portal, kind: ObjectType, name: str, text: str) -> Value:
    definition = portal.definitions.live(kind.name, name)
    of = definition.type if definition is not None else "string"
    try:
        if of in {"date", "datetime"}:
            return Decimal(milliseconds(text))
        if of == "number":
            return Decimal(text)
    except (ValueError, InvalidOperation):
        refuse(f"{text} is not a valid value for {name}")
    return text.lower() if of == "string" else text


def _is_number(portal: Portal, kind: ObjectType, name: str) -> bool:
    definition = portal.definitions.live(kind.name, name)
    return definition is not None and definition.type in {"date", "datetime", "number"}


def _is_text(portal: Portal, kind: ObjectType, name: str) -> bool:
    definition = portal.definitions.live(kind.name, name)
    return definition is not None and definition.type == "string"
