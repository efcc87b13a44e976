"""What people do in the portal, past its API: edit, add, delete, restore, merge.

No scope, limit or count applies to them, and history says CRM_UI. Values are still checked.
"""

from __future__ import annotations

from collections.abc import Mapping

from goodword_hubspot.fake import merging
from goodword_hubspot.fake.answers import refuse
from goodword_hubspot.fake.object_types import ObjectType, object_type
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.records import Wanted, alter, bin_it, expect, make, take_back
from goodword_hubspot.fake.values import as_kept

PERSON = "CRM_UI"


def add(
    portal: Portal, kind: str, values: Mapping[str, str], links: Mapping[str, str] | None = None
) -> str:
    """Add a record, linked to *links* (object to id), and return its id."""
    of = object_type(kind)
    wanted = []
    for word, number in (links or {}).items():
        target = object_type(word)
        record = expect(portal, target, number)
        wanted.append(Wanted(target, record.id, portal.links.types.plain(of, target)))
    record = make(portal, of, _kept(portal, of, values), wanted, source=PERSON)
    return str(record.id)


def edit(portal: Portal, kind: str, number: str, values: Mapping[str, str]) -> None:
    """Set *values* of a record, also such as the API only reads: an opt-out, a bounce."""
    of = object_type(kind)
    record = expect(portal, of, number)
    alter(portal, of, record, _kept(portal, of, values), source=PERSON)


def delete(portal: Portal, kind: str, number: str) -> None:
    """Put a record into the recycle bin."""
    of = object_type(kind)
    bin_it(portal, of, expect(portal, of, number))


def restore(portal: Portal, kind: str, number: str) -> None:
    """Take a record out of the recycle bin."""
    of = object_type(kind)
    take_back(portal, of, expect(portal, of, number, archived=True))


def merge(portal: Portal, kind: str, primary: str, other: str) -> str:
    """Merge a record into another and return the id there is afterwards."""
    of = object_type(kind)
    merged = merging.merge(portal, of, expect(portal, of, primary), expect(portal, of, other))
    return str(merged.id)


def _kept(portal: Portal, kind: ObjectType, values: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in values.items():
        definition = portal.definitions.live(kind.name, name)
        if definition is None:
            refuse(f'Property "{name}" does not exist')
        found[name] = as_kept(definition, value)
    return found
