"""COUNT, SUM and the like, over all rows or for each group of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from goodword_salesforce.fake.access import Actor
from goodword_salesforce.fake.answers import Json, Value, refuse
from goodword_salesforce.fake.fields import NUMBERS
from goodword_salesforce.fake.object_types import ObjectType
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.soql.conditions import comparable
from goodword_salesforce.fake.soql.grammar import Item, Query
from goodword_salesforce.fake.soql.ordering import in_order
from goodword_salesforce.fake.soql.paths import Column, column
from goodword_salesforce.fake.soql.tokens import malformed
from goodword_salesforce.fake.store import Row

Sum = Callable[[Sequence[Row]], Value]


def aggregated(
    org: Org, actor: Actor, kind: ObjectType, query: Query, rows: list[Row]
) -> list[Json]:
    """Return one result for each group of *rows*, or one for all of them.

    Raises:
        RefusedError: A column is unknown, or cannot be grouped or summed up.
    """
    keys = [_grouped(org, actor, kind, path) for path in query.group]
    shown: list[tuple[str, Sum]] = []
    unnamed = 0
    for item in query.items:
        name = item.alias
        if item.function:
            if not name:
                name = f"expr{unnamed}"
                unnamed += 1
            shown.append((name, _function(org, actor, kind, item)))
        else:
            found = _in_group(org, actor, kind, item, keys)
            shown.append((name or found.parts[-1], _first(found)))
    order = [
        (
            _function(org, actor, kind, one.item)
            if one.item.function
            else _first(_in_group(org, actor, kind, one.item, keys)),
            one,
        )
        for one in query.order
    ]
    groups = list(_groups(rows, keys).values()) if keys else [rows]
    groups = in_order(groups, order)
    names = [name for name, _ in shown]
    if len(set(names)) < len(names):
        malformed("duplicate alias")
    return [
        {"attributes": {"type": "AggregateResult"}, **{name: get(group) for name, get in shown}}
        for group in groups
    ]


def _groups(rows: list[Row], keys: list[Column]) -> dict[tuple[Value, ...], list[Row]]:
    found: dict[tuple[Value, ...], list[Row]] = {}
    for row in rows:
        key = tuple(comparable(one.field, one.get(row)) for one in keys)
        found.setdefault(key, []).append(row)
    return found


def _grouped(org: Org, actor: Actor, kind: ObjectType, path: str) -> Column:
    found = column(org, actor, kind, path)
    if not found.field.groupable:
        malformed(f"field '{found.field.name}' can not be grouped in a query call")
    return found


def _in_group(org: Org, actor: Actor, kind: ObjectType, item: Item, keys: list[Column]) -> Column:
    found = column(org, actor, kind, item.path)
    if found.parts not in [key.parts for key in keys]:
        malformed(f"Field must be grouped or aggregated: {found.parts[-1]}")
    return found


def _first(found: Column) -> Sum:
    return lambda rows: found.get(rows[0])


def _function(org: Org, actor: Actor, kind: ObjectType, item: Item) -> Sum:
    if not item.path:
        return len
    found = column(org, actor, kind, item.path)
    if found.field.long or (item.function in {"SUM", "AVG"} and found.field.type not in NUMBERS):
        refuse(
            "MALFORMED_QUERY",
            f"field {found.field.name} does not support aggregate operator {item.function}",
        )
    if item.function in {"MIN", "MAX"} and found.field.type == "boolean":
        malformed(f"field {found.field.name} does not support aggregate operator {item.function}")

    def values(rows: Sequence[Row]) -> list[Value]:
        return [value for row in rows if (value := _at_home(org, found, row)) is not None]

    match item.function:
        case "COUNT":
            return lambda rows: len(values(rows))
        case "COUNT_DISTINCT":
            return lambda rows: len({comparable(found.field, one) for one in values(rows)})
        case "SUM":
            return lambda rows: _sum(values(rows))
        case "AVG":
            return lambda rows: _average(values(rows))
        case "MIN":
            return lambda rows: _most(values(rows), min)
    return lambda rows: _most(values(rows), max)


def _at_home(org: Org, found: Column, row: Row) -> Value:
    """Return a value; an amount in the org's own currency."""
    value = found.get(row)
    if found.currency is None or value is None:
        return value
    rate = org.account.rates[str(found.currency(row))]
    return float(Decimal(str(value)) * Decimal(rate))


def _sum(values: Sequence[Value]) -> Value:
    return float(sum(Decimal(str(one)) for one in values)) if values else None


def _average(values: Sequence[Value]) -> Value:
    return float(sum(Decimal(str(one)) for one in values) / len(values)) if values else None


def _most(values: Sequence[Value], which: Callable[[Sequence[float]], float]) -> Value:
    return which(values) if values else None  # type: ignore[arg-type]  # of one type, as the field
