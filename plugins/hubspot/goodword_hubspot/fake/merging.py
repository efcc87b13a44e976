"""Merging two records into one, and forgetting a person for good."""

from __future__ import annotations

from goodword_hubspot.fake.answers import refuse
from goodword_hubspot.fake.calculated import roll_up
from goodword_hubspot.fake.object_types import CONTACTS, ObjectType
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.records import make
from goodword_hubspot.fake.store import Record
from goodword_hubspot.fake.times import as_stamp

MERGED_IDS = "hs_merged_object_ids"
"""Ids of the two records the last merge took, separated by semicolons."""
MERGED_VIDS = "hs_calculated_merged_vids"
"""Ids of the records every merge gave up, each with when, as id:milliseconds;… (contacts only)."""


def merge(
    portal: Portal, kind: ObjectType, primary: Record, other: Record, *, at: int = 0
) -> Record:
    """Merge *other* into *primary* and return what is there afterwards.

    The merged record has a new id (unless the account keeps the first one's), the values of the
    primary filled up from the other, and the links of both. Both old ids lead to it. Neither of
    the two merge properties names every old id on its own. *at* dates the merge back.

    Raises:
        RefusedError: They are one record already.
    """
    if primary.id == other.id:
        refuse("Cannot merge a record with itself.")
    before = {**other.properties, **primary.properties}
    now = at or portal.now()
    values = {name: value for name, value in before.items() if name != "hs_object_id"}
    vids = [one for record in (primary, other) for one in _vids(record)]
    values |= {MERGED_IDS: f"{primary.id};{other.id}"}
    if kind == CONTACTS:
        values |= {
            MERGED_VIDS: ";".join([*vids, f"{other.id}:{now}"]),
            "hs_additional_emails": _other_emails(primary, other),
        }
    merged = _merged(portal, kind, primary, values, now)
    for record in (primary, other):
        if record.id != merged.id:
            portal.links.move(kind, record.id, merged.id)
            portal.store.erase(kind.name, record)
            portal.store.redirect(kind.name, record.id, merged.id)
    for name in portal.definitions.unique(kind.name):
        for record in (other, primary):
            if record.properties.get(name):
                portal.store.hold(kind.name, name, record.properties[name], merged)
    for email in _split(merged.properties.get("hs_additional_emails", "")):
        portal.store.hold(kind.name, "email", email, merged)
    roll_up(portal, kind, merged.id)
    return merged


def erase(portal: Portal, contact: Record) -> None:
    """Forget *contact* for good, with its links: what privacy law calls erasure."""
    portal.links.remove(CONTACTS, contact.id)
    portal.store.erase(CONTACTS.name, contact)


def _merged(
    portal: Portal, kind: ObjectType, primary: Record, values: dict[str, str], now: int
) -> Record:
    if portal.account.switches.keeps_primary_id:
        stamps = {kind.modified: as_stamp(now)}
        portal.store.change(primary, values, now, stamps=stamps, source="MERGE_OBJECTS")
        return primary
    merged = make(portal, kind, values, source="MERGE_OBJECTS", at=now)
    merged.created = primary.created
    portal.store.fill(merged, {kind.created: as_stamp(primary.created)})
    merged.history = {**primary.history}
    return merged


def _vids(record: Record) -> list[str]:
    return _split(record.properties.get(MERGED_VIDS, ""))


def _other_emails(primary: Record, other: Record) -> str:
    kept = [
        *_split(primary.properties.get("hs_additional_emails", "")),
        *_split(other.properties.get("email", "")),
        *_split(other.properties.get("hs_additional_emails", "")),
    ]
    return ";".join(dict.fromkeys(kept))


def _split(text: str) -> list[str]:
    return [one for one in text.split(";") if one]
