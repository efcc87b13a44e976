"""What a session may see and change: hidden fields are simply not there for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from goodword_salesforce.fake.answers import refuse
from goodword_salesforce.fake.fields import Field
from goodword_salesforce.fake.object_types import ACCOUNT, CONTACT, NAME, ObjectType
from goodword_salesforce.fake.org import Org


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and what the headers of the call said.

    Args:
        user_id: The user of the session.
        auto_assign: Whether assignment rules may give the record another owner.
        allow_save: Whether a double that only raises an alert is saved.
        bulk: Whether it is a bulk job, which knows fewer fields.
        by_hand: Whether it is a person, past the API: nothing is hidden or read-only.
    """

    user_id: str
    auto_assign: bool = True
    allow_save: bool = False
    bulk: bool = False
    by_hand: bool = False


def visible(org: Org, actor: Actor, kind: ObjectType) -> Mapping[str, Field]:
    """Return the fields of *kind* that *actor* can see, by lower-case name."""
    fields = org.schema.fields(kind)
    if actor.by_hand or kind is NAME:
        return fields
    grants = _grants(org, actor.user_id)
    return {name: field for name, field in fields.items() if _seen(org, grants, kind, field)}


def field_named(org: Org, actor: Actor, kind: ObjectType, name: str) -> Field:
    """Return the field *name* of *kind*.

    Raises:
        RefusedError: There is none, or it is hidden: the words are the same.
    """
    found = org.schema.fields(kind).get(name.lower())
    if found is not None and not (
        actor.by_hand or kind is NAME or _seen(org, _grants(org, actor.user_id), kind, found)
    ):
        found = None
    if found is None or (actor.bulk and found.name in org.account.switches.bulk_refuses):
        refuse(
            "INVALID_FIELD",
            f"No such column '{name}' on sobject of type {kind.name}",
        )
    return found


def editable(org: Org, actor: Actor, kind: ObjectType, field: Field) -> bool:
    """Return whether *actor* may change *field*, as far as permissions go."""
    if actor.by_hand:
        return True
    if (kind.name, field.name) in org.account.read_only:
        return False
    return not field.custom or _grants(org, actor.user_id).get(_home(kind, field), False)


def _seen(org: Org, grants: Mapping[tuple[str, str], bool], kind: ObjectType, field: Field) -> bool:
    if (kind.name, field.name) in org.account.hidden or _home(kind, field) in org.account.hidden:
        return False
    return not field.custom or _home(kind, field) in grants


def _home(kind: ObjectType, field: Field) -> tuple[str, str]:
    """Return where permissions for *field* are given: a mirrored field's on the contact."""
    if kind is ACCOUNT and field.mirrors:
        return (CONTACT.name, field.mirrors)
    return (kind.name, field.name)


def _grants(org: Org, user_id: str) -> dict[tuple[str, str], bool]:
    found: dict[tuple[str, str], bool] = {}
    for row in org.store.rows("PermissionSetAssignment"):
        if row["AssigneeId"] == user_id:
            for place, edit in org.schema.grants.get(str(row["PermissionSetId"]), {}).items():
                found[place] = edit or found.get(place, False)
    return found
