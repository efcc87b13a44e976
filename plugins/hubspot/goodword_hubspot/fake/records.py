"""Writes that were checked: making, changing, archiving and linking records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from goodword_hubspot.fake.answers import not_found
from goodword_hubspot.fake.association_types import Link
from goodword_hubspot.fake.calculated import calculated, defaults, roll_up
from goodword_hubspot.fake.object_types import COMPANIES, CONTACTS, ObjectType
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.store import Record
from goodword_hubspot.fake.times import as_stamp


class Wanted(NamedTuple):
    """A link a new record shall have."""

    target: ObjectType
    to: int
    link: Link


def make(
    portal: Portal,
    kind: ObjectType,
    values: Mapping[str, str],
    links: Sequence[Wanted] = (),
    *,
    source: str = "INTEGRATION",
    at: int = 0,
) -> Record:
    """Make a record of checked *values*, linked as wanted; *at* dates it back."""
    now = at or portal.now()
    kept = defaults(portal, kind, values) | dict(values)
    kept |= calculated(portal, kind, kept)
    kept |= {kind.created: as_stamp(now), kind.modified: as_stamp(now)}
    record = portal.store.create(kind.name, kept, now, source)
    _hold(portal, kind, record, values)
    for wanted in links:
        join(portal, kind, record.id, wanted)
    return record


def alter(
    portal: Portal,
    kind: ObjectType,
    record: Record,
    values: Mapping[str, str],
    *,
    source: str = "INTEGRATION",
) -> None:
    """Set checked *values*; the record counts as modified even if they are what it had."""
    now = portal.now()
    for name in portal.definitions.unique(kind.name):
        if name in values and record.properties.get(name):
            portal.store.release(kind.name, name, record.properties[name])
    after = calculated(portal, kind, record.properties | dict(values))
    stamps = {kind.modified: as_stamp(now)}
    portal.store.change(record, {**values, **after}, now, stamps=stamps, source=source)
    _hold(portal, kind, record, values)
    if kind.on_timeline:
        _roll_up_linked(portal, kind, record.id)


def bin_it(portal: Portal, kind: ObjectType, record: Record) -> None:
    """Put *record* into the recycle bin; its unique values are free again."""
    for name in portal.definitions.unique(kind.name):
        if record.properties.get(name):
            portal.store.release(kind.name, name, record.properties[name])
    portal.store.archive(record, portal.now())
    _roll_up_linked(portal, kind, record.id)


def take_back(portal: Portal, kind: ObjectType, record: Record) -> None:
    """Take *record* out of the recycle bin, with the unique values nobody took meanwhile."""
    portal.store.restore(record, portal.now())
    for name in portal.definitions.unique(kind.name):
        value = record.properties.get(name, "")
        if value and portal.store.holder(kind.name, name, value) is None:
            portal.store.hold(kind.name, name, value, record)
    _roll_up_linked(portal, kind, record.id)


def join(portal: Portal, kind: ObjectType, number: int, wanted: Wanted) -> None:
    """Link two records; neither counts as modified."""
    portal.links.put(kind, number, wanted.target, wanted.to, wanted.link)
    roll_up(portal, kind, number)
    roll_up(portal, wanted.target, wanted.to)


def part(portal: Portal, kind: ObjectType, number: int, target: ObjectType, to: int) -> None:
    """Remove every link between two records."""
    portal.links.cut(kind, number, target, to)
    roll_up(portal, kind, number)
    roll_up(portal, target, to)


def expect(portal: Portal, kind: ObjectType, number: str, *, archived: bool = False) -> Record:
    """Return the record *number*, following merges.

    Raises:
        RefusedError: It is not there, or not in that state.
    """
    record = portal.store.get(kind.name, number, archived=archived)
    if record is None:
        raise not_found()
    return record


def _hold(portal: Portal, kind: ObjectType, record: Record, values: Mapping[str, str]) -> None:
    for name in portal.definitions.unique(kind.name):
        if values.get(name):
            portal.store.hold(kind.name, name, values[name], record)


def _roll_up_linked(portal: Portal, kind: ObjectType, number: int) -> None:
    for other in (CONTACTS, COMPANIES):
        for linked in portal.links.numbers(kind, number, other):
            roll_up(portal, other, linked)
