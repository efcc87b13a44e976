"""Ready-made builds for facts: the newest row of a table, sums and counts, per contact.

``last`` and ``total`` return callables for ``Fact.build``. Equal arguments give the identical
callable, so facts that ask for the same summary are computed once. Conditions are the text form
of rules, over the columns of the table: ``last("feedback", by="at", take={"nps_last": "score"},
where="kind == 'nps'")``.
"""

from __future__ import annotations

import difflib
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from goodword.conditions import parse
from goodword.errors import RuleError
from goodword.expressions import compile_expr, type_of
from goodword.rules import Build
from goodword.tables import TABLES, Frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from goodword.tables import ColumnType, Table

Pairs = tuple[tuple[str, str], ...]


def last(
    table: str,
    *,
    by: str,
    take: Mapping[str, str],
    where: str = "",
    contact: str = "contact_id",
    ahead: int = 0,
) -> Build:
    """Return a build of one row a contact: columns of the newest row of *table*.

    Rows dated after the day of the run are left out; of rows at the same instant the one with
    the highest key counts.

    Args:
        table: Canonical table.
        by: Time column that says which row is newest; rows without it are left out.
        take: Fact name to column.
        where: Condition over the columns of the table, in the text form of rules.
        contact: Column that holds the person.
        ahead: Days after the day of the run whose rows count as well. 1 for a reason not to ask:
            west of Greenwich, a host writes the next day in the evening already.

    Raises:
        RuleError: No such table or column, or a condition that does not fit them.
    """
    _check(table, {by: "time"}, [contact, *take.values()], where)
    return _last(table, by, tuple(sorted(take.items())), where, contact, ahead)


def total(
    table: str,
    *,
    take: Mapping[str, str] | None = None,
    count: str = "",
    by: str = "",
    where: str = "",
    contact: str = "contact_id",
) -> Build:
    """Return a build of one row a contact: sums of whole-number columns, and how many rows.

    Args:
        table: Canonical table.
        take: Fact name to the column it sums; null counts as 0.
        count: Fact name for the number of rows.
        by: Time column; with it, rows dated after the day of the run are left out.
        where: Condition over the columns of the table, in the text form of rules.
        contact: Column that holds the person.

    Raises:
        RuleError: No such table or column, or a condition that does not fit them.
    """
    sums = dict(take or {})
    _check(table, {by: "time"} if by else {}, [contact, *sums.values()], where)
    _check(table, dict.fromkeys(sums.values(), "int"), [], "")
    return _total(table, tuple(sorted(sums.items())), count, by, where, contact)


def newest(frame: Frame, *, per: Sequence[str], by: Sequence[str]) -> Frame:
    """Return the row of *frame* that is last in the order of *by* within each *per*.

    Args:
        frame: Rows without null in *per* and *by* (engines place nulls differently).
        per: Columns that name a group.
        by: Columns that order its rows; together with *per* unique, so that ties have one answer.
    """
    import narwhals.stable.v2 as nw

    columns = frame.collect_schema().names()
    place = nw.col(":one").cum_sum().over(*per, order_by=list(by)).alias(":place")
    size = nw.col(":one").sum().over(*per).alias(":size")
    numbered = frame.with_columns(nw.lit(1).cast(nw.Int64).alias(":one")).with_columns(place, size)
    return numbered.filter(nw.col(":place") == nw.col(":size")).select(columns)


@cache
def _last(table: str, by: str, take: Pairs, where: str, contact: str, ahead: int) -> Build:
    def build(tables: Mapping[str, Frame], as_of: date) -> Frame:
        import narwhals.stable.v2 as nw

        until = _end_of(as_of) + timedelta(days=ahead)
        known = ~nw.col(contact).is_null() & (nw.col(by) < nw.lit(until))
        frame = _where(tables[table].filter(known), where, as_of)
        frame = newest(frame, per=[contact], by=[by, *TABLES[table].key])
        columns = [nw.col(column).alias(name) for name, column in take]
        return frame.select(nw.col(contact).alias("contact_id"), *columns)

    text = f"last({table!r}, {by!r}, {take!r}, {where!r}, {contact!r}"
    return _named(build, f"{text}, {ahead})" if ahead else f"{text})")


@cache
def _total(table: str, take: Pairs, count: str, by: str, where: str, contact: str) -> Build:
    def build(tables: Mapping[str, Frame], as_of: date) -> Frame:
        import narwhals.stable.v2 as nw

        frame = tables[table].filter(~nw.col(contact).is_null())
        if by:
            frame = frame.filter(nw.col(by) < nw.lit(_end_of(as_of)))
        sums = [nw.col(column).fill_null(0).alias(name) for name, column in take]
        if count:
            sums.append(nw.lit(1).cast(nw.Int64).alias(count))
        frame = _where(frame, where, as_of).select(nw.col(contact).alias("contact_id"), *sums)
        names = [name for name, _ in take] + ([count] if count else [])
        summed = frame.group_by("contact_id").agg(nw.col(name).sum() for name in names)
        return summed.with_columns(nw.col(name).cast(nw.Int64) for name in names)

    text = f"total({table!r}, {take!r}, {count!r}, {by!r}, {where!r}, {contact!r})"
    return _named(build, text)


def _named(build: Build, text: str) -> Build:
    """Give *build* a name that says what it does: the rules hash is made of it."""
    build.__qualname__ = text
    return build


def _where(frame: Frame, where: str, as_of: date) -> Frame:
    return frame.filter(compile_expr(parse(where), as_of)) if where else frame


def _end_of(as_of: date) -> datetime:
    """Return the first instant after the day of the run."""
    return datetime(as_of.year, as_of.month, as_of.day) + timedelta(days=1)


def _check(table: str, typed: Mapping[str, ColumnType], columns: Sequence[str], where: str) -> None:
    if table not in TABLES:
        problem = _unknown("table", table, TABLES)
        raise problem
    types = TABLES[table].types
    for column in (*typed, *columns):
        if column not in types:
            problem = _unknown(f"column of {table}", column, types)
            raise problem
    for column, kind in typed.items():
        if types[column] != kind:
            msg = f"Column {column!r} of {table} is {types[column]}, not {kind}."
            raise RuleError(msg, hint="Choose a column of that type.")
    if where and type_of(parse(where), types) != "bool":
        msg = f"The condition {where!r} over {table} is not a yes or no."
        raise RuleError(msg, hint="Write a comparison, such as kind == 'nps'.")


def _unknown(
    what: str, name: str, known: Mapping[str, Table] | Mapping[str, ColumnType]
) -> RuleError:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}."
    return RuleError(f"There is no {what} {name!r}.", hint=hint)
