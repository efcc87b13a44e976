"""The records of an org, with the bin, the log of deletions and the register of unique values."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import NamedTuple

from goodword_salesforce.fake.answers import Value
from goodword_salesforce.fake.fields import Field
from goodword_salesforce.fake.ids import numbered
from goodword_salesforce.fake.object_types import ObjectType

Row = dict[str, Value]


class Deletion(NamedTuple):
    """One deleted record, as getDeleted tells of it."""

    kind: str
    number: str
    at: str


@dataclass(slots=True)
class Store:
    """Records by object and 18-character id, in the order they were made."""

    tables: dict[str, dict[str, Row]] = field(default_factory=dict)
    deletions: list[Deletion] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)
    _held: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def new_id(self, kind: ObjectType) -> str:
        """Return the next id of *kind*; none is given twice."""
        self._numbers[kind.name] = self._numbers.get(kind.name, 0) + 1
        return numbered(kind.prefix, self._numbers[kind.name])

    def put(self, kind: ObjectType, row: Row) -> None:
        """Keep *row*, which has its id."""
        self.tables.setdefault(kind.name, {})[str(row["Id"])] = row

    def get(self, kind: ObjectType, number: str) -> Row | None:
        """Return the record, deleted or not."""
        return self.tables.get(kind.name, {}).get(number)

    def rows(self, name: str) -> Iterator[Row]:
        """Return the records of the object *name* that are not deleted."""
        return (row for row in self.tables.get(name, {}).values() if not row.get("IsDeleted"))

    def every(self, name: str) -> list[Row]:
        """Return the records of the object *name*, deleted ones too."""
        return list(self.tables.get(name, {}).values())

    def bin(self, kind: ObjectType, row: Row, at: str) -> None:
        """Delete *row* at the moment *at*; an object without a bin forgets it."""
        number = str(row["Id"])
        if kind.bin:
            row |= {"IsDeleted": True, "LastModifiedDate": at, "SystemModstamp": at}
        else:
            del self.tables[kind.name][number]
        self.deletions.append(Deletion(kind.name, number, at))

    def holder(self, kind: ObjectType, of: Field, value: Value) -> str:
        """Return the id of the record that has the unique *value*; empty when none has."""
        return self._held.get((kind.name, of.name), {}).get(_key(of, value), "")

    def hold(self, kind: ObjectType, of: Field, value: Value, number: str) -> None:
        """Register a unique *value*."""
        self._held.setdefault((kind.name, of.name), {})[_key(of, value)] = number

    def release(self, kind: ObjectType, of: Field, value: Value) -> None:
        """Let others have a unique *value*."""
        self._held.get((kind.name, of.name), {}).pop(_key(of, value), None)

    def forget_unique(self, kind: ObjectType, of: Field) -> None:
        """Let go of all unique values of a field that is gone."""
        self._held.pop((kind.name, of.name), None)

    def copy(self) -> Store:
        """Return a copy that shares nothing, to go back to when all or nothing was asked."""
        return deepcopy(self)

    def become(self, other: Store) -> None:
        """Go back to what *other* holds."""
        self.tables, self.deletions = other.tables, other.deletions
        self._numbers, self._held = other._numbers, other._held


def _key(of: Field, value: Value) -> str:
    return str(value) if of.case_sensitive else str(value).lower()
