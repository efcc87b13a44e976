"""Which rep gets a task: the planned one, else the account's owner, else the firm's fallback."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from goodword_salesforce.seam.collections import chunks
from goodword_salesforce.seam.ids import as_id
from goodword_salesforce.seam.query import Wanted, each_page_of
from goodword_salesforce.seam.soql import one_of, select
from goodword_salesforce.writing.people import AT_ONCE, CONTACT, person_object

if TYPE_CHECKING:
    from goodword_salesforce.desk import Desk

USER = "005"
"""First characters of the id of a person who signs in; a queue has others."""
INACTIVE = frozenset({"INACTIVE_OWNER_OR_USER", "CANNOT_REPARENT_RECORD"})
"""Error codes of an owner who cannot be given a record."""
NOBODY = (
    "neither the contact nor its account has an active owner; give them one, or set "
    "[plugin.salesforce] fallback_owner"
)


def works(desk: Desk, owner: str | None) -> bool:
    """Say whether somebody can be given a task, as far as it is known."""
    whole = as_id(owner or "")
    if whole is None or not whole.startswith(USER):
        return False
    known = desk.owners.get(whole)
    return known is None or known.active


def stand_ins(desk: Desk, contacts: Iterable[str], gone: Iterable[str] = ()) -> Mapping[str, str]:
    """Return who gets the task of each contact in place of an owner who cannot.

    Args:
        desk: The org.
        contacts: Contacts and leads.
        gone: Users who were found inactive just now.
    """
    away, people = set(gone), list(dict.fromkeys(contacts))
    last = _fallback(desk, away)
    found = dict.fromkeys(people, last)
    for contact, owner in _account_owners(desk, people).items():
        if owner not in away and works(desk, owner):
            found[contact] = owner
    return {contact: owner for contact, owner in found.items() if owner}


def _fallback(desk: Desk, away: set[str]) -> str:
    name = desk.settings.fallback_owner.lower()
    ids = (each.id for each in desk.owners.values() if name and each.username.lower() == name)
    return next((one for one in ids if one not in away and works(desk, one)), "")


def _account_owners(desk: Desk, people: Iterable[str]) -> dict[str, str]:
    """Return the active owner of each contact's account; leads have none."""
    ids = [each for each in people if person_object(each) == CONTACT]
    query = select(CONTACT, "Id", "Account.OwnerId", "Account.Owner.IsActive")
    wanted = [Wanted(query.where(one_of("Id", part))) for part in chunks(ids, AT_ONCE)]
    return {
        row["Id"]: row["Account.OwnerId"]
        for _, rows in (each_page_of(desk.org, wanted) if wanted else ())
        for row in rows
        if row.get("Account.Owner.IsActive") == "true"
    }
