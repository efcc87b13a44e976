"""A large table read in ranges of its ids, several ranges a call: five pages where there was one.

Ids are numbers in disguise: fifteen digits to the base 62, in the order of the alphabet. How dense
they are in the page before says where the next pages end, so those can be asked for together; the
last range of a call is open, so that a gap in the numbers costs nothing but a thin page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from goodword_salesforce.seam.composite import HEAVY_PARTS
from goodword_salesforce.seam.failures import endless
from goodword_salesforce.seam.ids import as_id
from goodword_salesforce.seam.query import Wanted, each_page_of
from goodword_salesforce.seam.soql import PAGE
from goodword_salesforce.seam.values import Row

if TYPE_CHECKING:
    from goodword_salesforce.seam.client import Org

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUE = {digit: place for place, digit in enumerate(_DIGITS)}
_LENGTH = 15
FILLED = 0.99
"""Part of a page that a range is cut for, so that a few rows more than expected still fit."""


@dataclass(frozen=True, slots=True)
class Table:
    """A query to be read whole.

    Args:
        wanted: The query, without order and limit.
        key: Field whose values are ids and stand in no two rows: ``Id``, or what it groups by.
    """

    wanted: Wanted
    key: str = "Id"


@dataclass(frozen=True, slots=True)
class _Range:
    """Ids after *above* up to *upto* of one table, as numbers, and how many rows one id stands for.

    The last is what the page before showed, and a guess for the rest.
    """

    table: int
    above: int
    upto: int
    density: float

    @property
    def expected(self) -> float:
        """Rows it may hold."""
        return (self.upto - self.above) * self.density


def each_row_between(
    org: Org, tables: Sequence[Table], ends: Sequence[tuple[Sequence[Row], Sequence[Row]]]
) -> Iterator[tuple[int, tuple[Row, ...]]]:
    """Yield the rows of tables after their first pages, and the place of the table each is of.

    Args:
        org: The org.
        tables: Tables of more rows than their first page.
        ends: The first page of each, and its last one.
    """
    ranges: list[_Range] = []
    for place, (table, (first, last)) in enumerate(zip(tables, ends, strict=True)):
        key = _shown(table)
        if not (_in_order(first, key) and _in_order(tuple(reversed(last)), key)):
            had = {row[key] for row in first}
            for _, page in each_page_of(org, [table.wanted]):
                yield place, tuple(row for row in page if row[key] not in had)
            continue
        low, high = _number(first[-1][key]), _number(last[-1][key])
        if beyond := tuple(row for row in last if _number(row[key]) > low):
            yield place, beyond
        if high - 1 > low:
            density = len(first) / (low - _number(first[0][key]) + 1)
            ranges.append(_Range(place, low, high - 1, density))
    while ranges:
        _cut(ranges)
        now, ranges = ranges[:HEAVY_PARTS], ranges[HEAVY_PARTS:]
        found = _gathered(org, [_page_of(tables[part.table], part) for part in now])
        for part, rows in zip(now, found, strict=True):
            if rows:
                yield part.table, rows
            end = _number(rows[-1][_shown(tables[part.table])]) if len(rows) >= PAGE else part.upto
            if end <= part.above:
                raise endless(tables[part.table].wanted.query.object)
            if end < part.upto:
                density = len(rows) / (end - part.above)
                ranges.append(_Range(part.table, end, part.upto, density))


def first_page(table: Table) -> Wanted:
    """Return the query for the rows with the lowest keys."""
    query = table.wanted.query.order_by(table.key).limit(PAGE)
    return Wanted(query, table.wanted.gone_too)


def last_page(table: Table) -> Wanted:
    """Return the query for the rows with the highest keys, the highest first."""
    query = table.wanted.query.order_by(f"-{table.key}").limit(PAGE)
    return Wanted(query, table.wanted.gone_too)


def _cut(ranges: list[_Range]) -> None:
    """Cut single pages off the longest ranges until a call is full."""
    while len(ranges) < HEAVY_PARTS:
        longest = max(ranges, key=lambda part: part.expected)
        end = longest.above + max(1, int(PAGE * FILLED / longest.density))
        if longest.expected <= PAGE or end >= longest.upto:
            return
        place = ranges.index(longest)
        ranges[place : place + 1] = [
            replace(longest, upto=end),
            replace(longest, above=end),
        ]


def _gathered(org: Org, asked: Sequence[Wanted]) -> list[tuple[Row, ...]]:
    """Return all rows of each query; wide rows may come in more pages than one."""
    found: list[list[Row]] = [[] for _ in asked]
    for place, rows in each_page_of(org, asked):
        found[place] += rows
    return [tuple(rows) for rows in found]


def _page_of(table: Table, part: _Range) -> Wanted:
    query = table.wanted.query.keyset(table.key, _text(part.above), _text(part.upto))
    return Wanted(query, table.wanted.gone_too)


def _shown(table: Table) -> str:
    """Return the name the key has in a row."""
    grouped = bool(table.wanted.query.groups)
    return table.key.rpartition(".")[2] if grouped else table.key


def _in_order(rows: Sequence[Row], key: str) -> bool:
    """Say whether the org orders ids as we do; where it does not, ranges would lose rows."""
    numbers = [_number(row[key]) for row in rows]
    return all(one < next_one for one, next_one in pairwise(numbers))


def _number(text: str) -> int:
    """Return an id as a number.

    Raises:
        ValueError: It is none.
    """
    whole = as_id(text)
    if whole is None:
        msg = "A table is read by a field whose values are no ids."
        raise ValueError(msg)
    number = 0
    for digit in whole[:_LENGTH]:
        number = number * len(_DIGITS) + _VALUE[digit]
    return number


def _text(number: int) -> str:
    """Return the id of 18 characters that a number stands for."""
    digits = []
    for _ in range(_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return as_id("".join(reversed(digits))) or ""
