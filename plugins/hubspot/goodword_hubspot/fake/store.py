"""The records of a portal: their values with history, what search still sees of them, merges.

All moments are milliseconds since 1970, UTC.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

FIRST_ID = 1001
"""Ids count up within each object: a contact and a deal can have the same one, as on the host."""


class Was(NamedTuple):
    """One value a property had, since when, and who set it."""

    value: str
    since: int
    source: str


@dataclass(slots=True)
class Record:
    """One record.

    Args:
        id: Number, unique within its object.
        properties: Current values; an empty value is not kept.
        created: When it was made.
        updated: When a value last changed.
        archived_at: 0 while it is live.
        history: Values of properties that changed since the record was made, oldest first.
        before: States that search may still show, each with the moment until when it does.
        source: Who made it: INTEGRATION for the API, CRM_UI for a person.
    """

    id: int
    properties: dict[str, str]
    created: int
    updated: int
    archived_at: int = 0
    history: dict[str, list[Was]] = field(default_factory=dict)
    before: list[tuple[int, Mapping[str, str] | None]] = field(default_factory=list)
    source: str = "INTEGRATION"

    def was(self, name: str) -> list[Was]:
        """Return the values of *name*, newest first."""
        if name in self.history:
            return self.history[name][::-1]
        value = self.properties.get(name, "")
        return [Was(value, self.created, self.source)] if value else []

    def as_of(self, moment: int) -> Mapping[str, str] | None:
        """Return the values search shows of it at *moment*, or None when it shows nothing."""
        for until, values in self.before:
            if until > moment:
                return values
        return None if self.archived_at else self.properties


class Store:
    """All records by object, with lookups by id and by unique value.

    Args:
        lag: From a record's id and the moment of a change to how long search does not see it.
    """

    def __init__(self, lag: Callable[[int, int], int]) -> None:
        self._lag = lag
        self.version = 0
        """Counts changes, so that a search knows whether its last answer still holds."""
        self._records: dict[str, dict[int, Record]] = {}
        self._ids: dict[str, list[int]] = {}
        self._next: dict[str, int] = {}
        self._merged: dict[str, dict[int, int]] = {}
        self._holders: dict[tuple[str, str], dict[str, int]] = {}

    def create(
        self, kind: str, values: Mapping[str, str], now: int, source: str = "INTEGRATION"
    ) -> Record:
        """Add a record with *values*."""
        number = self._next.get(kind, FIRST_ID)
        self._next[kind] = number + 1
        kept = {name: value for name, value in values.items() if value}
        record = Record(number, kept | {"hs_object_id": str(number)}, now, now, source=source)
        record.before.append((self._seen_at(record, now), None))
        self._records.setdefault(kind, {})[number] = record
        self._ids.setdefault(kind, []).append(number)
        self.version += 1
        return record

    def change(
        self,
        record: Record,
        values: Mapping[str, str],
        now: int,
        *,
        stamps: Mapping[str, str] | None = None,
        source: str = "INTEGRATION",
    ) -> None:
        """Set *values* (empty clears); *stamps*, if given, say that and when it was changed."""
        record.before.append((self._seen_at(record, now), dict(record.properties)))
        for name, value in values.items():
            self._set(record, name, value, now, source)
        if stamps is not None:
            record.updated = now
            record.properties.update(stamps)
        self.version += 1

    def fill(self, record: Record, values: Mapping[str, str]) -> None:
        """Set what the host calculates; it has no history and does not count as a change."""
        for name, value in values.items():
            if value:
                record.properties[name] = value
            else:
                record.properties.pop(name, None)
        self.version += 1

    def archive(self, record: Record, now: int) -> None:
        """Put *record* into the recycle bin."""
        if not record.archived_at:
            record.before.append((self._seen_at(record, now), dict(record.properties)))
            record.archived_at = now
            record.updated = now
            self.version += 1

    def restore(self, record: Record, now: int) -> None:
        """Take *record* out of the recycle bin."""
        record.before.append((self._seen_at(record, now), None))
        record.archived_at = 0
        record.updated = now
        self.version += 1

    def erase(self, kind: str, record: Record) -> None:
        """Remove *record* for good; not even the recycle bin knows it."""
        del self._records[kind][record.id]
        self._ids[kind].remove(record.id)
        for (of, _), holders in self._holders.items():
            if of != kind:
                continue
            for value in [value for value, holder in holders.items() if holder == record.id]:
                del holders[value]
        self.version += 1

    def redirect(self, kind: str, old: int, new: int) -> None:
        """Let the id *old* lead to the record *new* it was merged into."""
        merged = self._merged.setdefault(kind, {})
        for earlier, target in merged.items():
            if target == old:
                merged[earlier] = new
        merged[old] = new

    def get(self, kind: str, number: str, *, archived: bool = False) -> Record | None:
        """Return the record *number*, following merges; None when it is not there that way."""
        if not number.isdigit():
            return None
        wanted = int(number)
        wanted = self._merged.get(kind, {}).get(wanted, wanted)
        found = self._records.get(kind, {}).get(wanted)
        return found if found is not None and bool(found.archived_at) == archived else None

    def holder(self, kind: str, name: str, value: str) -> Record | None:
        """Return the live record that holds the unique *value* of the property *name*."""
        number = self._holders.get((kind, name), {}).get(value.lower())
        return None if number is None else self.get(kind, str(number))

    def hold(self, kind: str, name: str, value: str, record: Record) -> None:
        """Remember that *record* holds the unique *value*, beside any it held before."""
        self._holders.setdefault((kind, name), {})[value.lower()] = record.id

    def release(self, kind: str, name: str, value: str) -> None:
        """Let the unique *value* be taken again."""
        self._holders.get((kind, name), {}).pop(value.lower(), None)

    def all(self, kind: str, *, archived: bool = False) -> Iterator[Record]:
        """Yield the records of *kind* by id."""
        for record in self._records.get(kind, {}).values():
            if bool(record.archived_at) == archived:
                yield record

    def everything(self, kind: str) -> Iterator[Record]:
        """Yield the records of *kind*, archived ones too: search looks back in time."""
        yield from self._records.get(kind, {}).values()

    def after(self, kind: str, number: int, limit: int, *, archived: bool = False) -> list[Record]:
        """Return up to *limit* records with an id above *number*, by id."""
        ids = self._ids.get(kind, [])
        found: list[Record] = []
        for place in range(bisect_right(ids, number), len(ids)):
            record = self._records[kind][ids[place]]
            if bool(record.archived_at) == archived:
                found.append(record)
                if len(found) == limit:
                    break
        return found

    def settle(self, kind: str, moment: int) -> None:
        """Forget the states of *kind* that search no longer shows at *moment*."""
        for record in self._records.get(kind, {}).values():
            if record.before:
                record.before = [state for state in record.before if state[0] > moment]

    def _seen_at(self, record: Record, now: int) -> int:
        return now + self._lag(record.id, now)

    def _set(self, record: Record, name: str, value: str, now: int, source: str) -> None:
        old = record.properties.get(name, "")
        if old == value:
            return
        entries = record.history.setdefault(name, [])
        if not entries and old:
            entries.append(Was(old, record.created, record.source))
        entries.append(Was(value, now, source))
        if value:
            record.properties[name] = value
        else:
            record.properties.pop(name, None)
