"""Running a query: which rows, in which order, shown how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from goodword_salesforce.fake.access import Actor
from goodword_salesforce.fake.answers import Json, Value, refuse
from goodword_salesforce.fake.object_types import ObjectType
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.soql.aggregates import aggregated
from goodword_salesforce.fake.soql.conditions import Test, comparable, tested
from goodword_salesforce.fake.soql.grammar import Order, Query, parse
from goodword_salesforce.fake.soql.ordering import in_order
from goodword_salesforce.fake.soql.paths import Column, column
from goodword_salesforce.fake.soql.tokens import malformed
from goodword_salesforce.fake.store import Row

MOST_ROWS = 2_000
"""Rows of one page, and results of a GROUP BY, which has no second page."""
MOST_OFFSET = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found.

    Args:
        total: How many there are.
        records: Each as it is shown.
        columns: What was selected, for a table.
        rows: The records themselves, for a table.
    """

    total: int
    records: list[Json]
    columns: list[Column]
    rows: list[Row]


def run(
    org: Org, actor: Actor, soql: str, *, everything: bool = False, table: bool = False
) -> Found:
    """Answer *soql*; with *everything*, rows that were deleted, merged or put away too.

    Args:
        org: Where to look.
        actor: Who asks; what is hidden from them does not exist.
        soql: The question.
        everything: As queryAll does.
        table: For a bulk job, which cannot group, count or skip.

    Raises:
        RefusedError: It cannot be read, or asks for what there is not.
    """
    query = parse(soql)
    kind = org.schema.kind(query.object)
    if kind is None or (kind.name in org.account.hidden_objects and not actor.by_hand):
        refuse(
            "INVALID_TYPE",
            f"sObject type '{query.object}' is not supported. If you are attempting to use a "
            "custom object, be sure to append the '__c' after the entity name.",
        )
    if table and (query.aggregated or query.offset):
        refuse("INVALIDJOB", "Aggregate queries and OFFSET are not supported in bulk queries")
    if query.offset > MOST_OFFSET:
        refuse("NUMBER_OUTSIDE_VALID_RANGE", f"Maximum SOQL offset allowed is {MOST_OFFSET}")
    base = f"/services/data/v{org.account.versions[1]}.0/sobjects/"
    if query.aggregated:
        return _sums(org, actor, kind, query, everything=everything)
    if any(item.alias for item in query.items):
        malformed("only aggregate expressions use field aliasing")
    columns = [column(org, actor, kind, item.path) for item in query.items]
    paths = [one.parts for one in columns]
    for one in paths:
        if paths.count(one) > 1:
            refuse("INVALID_FIELD", f"duplicate field selected: {'.'.join(one)}")
    rows = _rows(org, actor, kind, query, everything=everything)
    shown = [] if table else [_shown(kind, row, columns, base) for row in rows]
    return Found(len(rows), shown, columns, rows)


def _sums(org: Org, actor: Actor, kind: ObjectType, query: Query, *, everything: bool) -> Found:
    rows = _matching(org, actor, kind, query, everything=everything)
    if query.count_only:
        if query.group or query.order:
            malformed("COUNT() cannot be grouped or ordered")
        return Found(_cut_count(len(rows), query), [], [], [])
    results = aggregated(org, actor, kind, query, rows)[query.offset :]
    results = results if query.limit is None else results[: query.limit]
    if len(results) > MOST_ROWS:
        refuse(
            "EXCEEDED_ID_LIMIT",
            "Aggregate query does not support queryMore(), use LIMIT to restrict the results to "
            "a single batch",
        )
    return Found(len(results), results, [], [])


def _cut_count(count: int, query: Query) -> int:
    return count if query.limit is None else min(count, query.limit)


def _rows(org: Org, actor: Actor, kind: ObjectType, query: Query, *, everything: bool) -> list[Row]:
    rows = _matching(org, actor, kind, query, everything=everything)
    terms = [_term(org, actor, kind, order) for order in query.order]
    rows = in_order(rows, terms)[query.offset :]
    return rows if query.limit is None else rows[: query.limit]


def _term(
    org: Org, actor: Actor, kind: ObjectType, order: Order
) -> tuple[Callable[[Row], Value], Order]:
    if order.item.function:
        malformed(f"unexpected function in ORDER BY: {order.item.function}")
    found = column(org, actor, kind, order.item.path)
    if found.field.long:
        malformed(f"field '{found.field.name}' can not be sorted in a query call")
    return lambda row: comparable(found.field, found.get(row)), order


def _matching(
    org: Org, actor: Actor, kind: ObjectType, query: Query, *, everything: bool
) -> list[Row]:
    inner = partial(_ids, org, actor, everything=everything)
    test = tested(org, actor, kind, query.where, inner)
    hidden = _hidden(org, actor, kind, everything=everything)
    account = org.account
    shared = actor.user_id != org.user_id(account.username)
    return [
        row
        for row in org.store.every(kind.name)
        if not hidden(row) and test(row) and (shared or row["Id"] not in account.unshared)
    ]


def _hidden(org: Org, actor: Actor, kind: ObjectType, *, everything: bool) -> Test:
    """Return a test for rows only queryAll shows."""
    if everything:
        return lambda row: False
    if kind.name != "Task":
        return lambda row: bool(row.get("IsDeleted"))
    archived = column(org, actor, kind, "IsArchived").get
    return lambda row: bool(row.get("IsDeleted")) or bool(archived(row))


def _ids(org: Org, actor: Actor, query: Query, *, everything: bool) -> set[Value]:
    """Return what a query inside IN finds: the values of one id or reference."""
    kind = org.schema.kind(query.object)
    if kind is None or query.aggregated or len(query.items) != 1:
        malformed("The inner select must select one id or reference of a known object")
    found = column(org, actor, kind, query.items[0].path)
    if found.field.type not in {"id", "reference"} or query.order or query.limit is not None:
        malformed("The inner select must select one id or reference, without ORDER BY or LIMIT")
    rows = _matching(org, actor, kind, query, everything=everything)
    return {comparable(found.field, found.get(row)) for row in rows} - {None}


def _shown(kind: ObjectType, row: Row, columns: list[Column], base: str) -> Json:
    shown: Json = {"attributes": {"type": kind.name, "url": f"{base}{kind.name}/{row['Id']}"}}
    for one in columns:
        place: Json | None = shown
        for part, parent in zip(one.parts[:-1], one.parents, strict=True):
            if place is None:
                break
            if part not in place:
                found = parent(row)
                place[part] = None if found is None else _head(found, base)
            inner = place[part]
            place = inner if isinstance(inner, dict) else None
        if place is not None:
            place[one.parts[-1]] = one.get(row)
    return shown


def _head(found: tuple[ObjectType, Row], base: str) -> Json:
    name = found[0].name
    return {"attributes": {"type": name, "url": f"{base}{name}/{found[1]['Id']}"}}
