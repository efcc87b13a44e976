"""Who the people of a batch are now: by id, and after a merge or a conversion whom they became."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from goodword_salesforce.seam.collections import chunks
from goodword_salesforce.seam.ids import as_id
from goodword_salesforce.seam.query import Wanted, each_page_of
from goodword_salesforce.seam.soql import one_of, select
from goodword_salesforce.seam.values import Row, is_true

if TYPE_CHECKING:
    from goodword_salesforce.desk import Desk

CONTACT, LEAD = "Contact", "Lead"
OBJECTS: Mapping[str, str] = {"003": CONTACT, "00Q": LEAD}
"""First characters of an id to the object of the person."""
OPPORTUNITY = "006"
GONE = frozenset(
    {
        "ENTITY_IS_DELETED",
        "INVALID_CROSS_REFERENCE_KEY",
        "CANNOT_UPDATE_CONVERTED_LEAD",
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
    }
)
"""Error codes of a record that points to somebody, or something, that is not there any more."""
AT_ONCE = 500
"""Ids of one query."""
_STEPS = 5
"""Merges and conversions in a row that are followed."""
_FIELDS = {
    CONTACT: ("Id", "IsDeleted", "MasterRecordId"),
    LEAD: ("Id", "IsDeleted", "MasterRecordId", "IsConverted", "ConvertedContactId"),
}


def person_object(contact_id: str) -> str:
    """Return the object of a person by their id; empty where it is nobody's."""
    whole = as_id(contact_id)
    return OBJECTS.get(whole[:3], "") if whole else ""


def beside(desk: Desk, person: str) -> str:
    """Return what is locked with a person's records: their account, as far as it was read."""
    return desk.memory.accounts.get(person, person)


def standing_for(desk: Desk, contacts: Iterable[str]) -> dict[str, str]:
    """Return who each contact or lead is now; an empty id for somebody who was deleted.

    Args:
        desk: The org.
        contacts: Ids of 18 characters.
    """
    now = {each: each for each in contacts}
    unsure = set(now.values())
    for _ in range(_STEPS):
        became = _became(desk, sorted(unsure))
        now = {each: became.get(person, person) for each, person in now.items()}
        unsure = {became[each] for each in unsure if became[each] not in {each, ""}}
        if not unsure:
            break
    return now


def _became(desk: Desk, people: Sequence[str]) -> dict[str, str]:
    """Return by one step whom each person became; empty for somebody who is gone."""
    wanted = [
        Wanted(select(of, *_seen_of(desk, of)).where(one_of("Id", part)), gone_too=True)
        for of in (CONTACT, LEAD)
        if desk.sees_people(of)
        for part in chunks([each for each in people if person_object(each) == of], AT_ONCE)
    ]
    found = {
        row["Id"]: row
        for _, rows in (each_page_of(desk.org, wanted) if wanted else ())
        for row in rows
    }
    return {each: _next(each, found.get(each)) for each in people}


def _seen_of(desk: Desk, of: str) -> list[str]:
    """Return the fields that say whom a person became, as far as we see them."""
    return [name for name in _FIELDS[of] if desk.has(of, name)]


def _next(person: str, row: Row | None) -> str:
    if row is None:
        return ""
    if is_true(row, "IsConverted"):
        return row.get("ConvertedContactId", "")
    return row.get("MasterRecordId", "") if is_true(row, "IsDeleted") else person
