"""Our tasks and notes as they are in the portal now, found by their keys.

At level A by the unique property. Else a key that was sent before is looked for on its contact,
which shows a new record sooner than search does; only what nobody remembers is searched for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from goodword_hubspot.marks import Mark
from goodword_hubspot.reading.asks import task_properties
from goodword_hubspot.reading.cursor import LAG
from goodword_hubspot.reading.properties import properties_of
from goodword_hubspot.seam.associations import read_links
from goodword_hubspot.seam.objects import Filter, chunks, read, search
from goodword_hubspot.seam.records import Record

if TYPE_CHECKING:
    from goodword_hubspot.desk import Desk
    from goodword_hubspot.places import Place

KEYS_A_SEARCH = 40
"""Values of one condition, so that the body stays below HubSpot's 3,000 characters."""
TOKENS_A_SEARCH = 3
"""Groups of conditions of one search; HubSpot's own pages name 3, 5 and 6."""


def existing(desk: Desk, kind: str, keys: Sequence[str]) -> dict[str, Record]:
    """Return those of our records that exist, by key.

    Args:
        desk: The portal.
        kind: tasks or notes.
        keys: Our keys.
    """
    place = desk.place(kind)
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return {}
    if place.level == "A":
        found = read(desk.portal, kind, wanted, _properties(place), id_property=place.key)
        return {key: record for record in found if (key := record.get(place.key))}
    return _looked_for(desk, place, wanted)


def _looked_for(desk: Desk, place: Place, keys: Sequence[str]) -> dict[str, Record]:
    """Look in memory's ids, on the contacts, then in the search index."""
    memory, now = desk.memory, desk.portal.clock()
    ids = memory.recent(place.kind, now)
    if place.kind == "tasks":
        ids = {**memory.open_tasks, **ids}
    found = _by_key(place, _read(desk, place, [i for i, key in ids.items() if key in keys]))
    sent = {key: memory.attempts[key] for key in keys if key in memory.attempts}
    missing = [key for key in sent if key not in found]
    if missing:
        youngest = max(sent[key].at for key in missing)
        if now - youngest < LAG:
            desk.portal.sleep(LAG - (now - youngest))
        people = sorted({sent[key].contact for key in missing if sent[key].contact.isdigit()})
        linked = read_links(desk.portal, "contacts", place.kind, people)
        on_contacts = [one.id for others in linked.values() for one in others]
        found |= _by_key(place, _read(desk, place, on_contacts))
    found |= _by_key(place, _searched(desk, place, [key for key in keys if key not in found]))
    return {key: record for key, record in found.items() if key in keys}


def _searched(desk: Desk, place: Place, keys: Sequence[str]) -> Iterator[Record]:
    """Search for keys: in their property, or as words of the marks."""
    if place.key:
        for part in chunks(keys, KEYS_A_SEARCH):
            condition = Filter(place.key, "IN", values=tuple(part))
            yield from search(desk.portal, place.kind, [[condition]], _properties(place)).records
        return
    for part in chunks(keys, TOKENS_A_SEARCH):
        groups = [[Filter(place.marked, "CONTAINS_TOKEN", key)] for key in part]
        yield from search(desk.portal, place.kind, groups, _properties(place)).records


def _read(desk: Desk, place: Place, ids: Sequence[str]) -> Iterator[Record]:
    return read(desk.portal, place.kind, ids, _properties(place))


def _by_key(place: Place, records: Iterable[Record]) -> dict[str, Record]:
    """Return our records by key; of two with one key the older one."""
    marked = [(mark, record) for record in records if (mark := place.mark_of(record)) is not None]
    ordered = sorted(marked, key=lambda pair: _age(pair[1]), reverse=True)
    return {mark.key: record for mark, record in ordered}


def _age(record: Record) -> tuple[str, int, str]:
    return record.get("hs_createdate") or "", len(record.id), record.id


def _properties(place: Place) -> tuple[str, ...]:
    if place.kind == "tasks":
        return task_properties(place)
    return (*properties_of("notes"), *place.reads)


def marks(place: Place, records: Mapping[str, Record]) -> dict[str, Mark]:
    """Return the mark of each of our records, by key."""
    found = {key: place.mark_of(record) for key, record in records.items()}
    return {key: mark for key, mark in found.items() if mark is not None}
