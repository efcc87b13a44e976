"""What each object refuses beyond the types of its fields."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NoReturn

from goodword_salesforce.fake.access import Actor
from goodword_salesforce.fake.answers import Value, refuse
from goodword_salesforce.fake.object_types import ObjectType
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.store import Row
from goodword_salesforce.fake.values import bad_choice

NEEDS_LIVE_OWNER = {"Contact", "Lead", "Account", "Opportunity", "Task", "Event", "Case"}


def check(
    org: Org,
    actor: Actor,
    kind: ObjectType,
    before: Mapping[str, Value] | None,
    after: Row,
    changed: Collection[str],
) -> None:
    """Check a record that is about to be saved; *before* is None for a new one.

    Raises:
        RefusedError: The org would not save it.
    """
    if kind.name == "Lead" and before is not None and before["IsConverted"] and not actor.by_hand:
        refuse("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
    _owner(org, kind, after, changed)
    if actor.by_hand:
        return
    if kind.name in {"Account", "Contact"} and before is not None and before.get("IsPersonAccount"):
        _person(org, kind, changed)
    if kind.name in {"Task", "Event"}:
        _activity(org, after, changed)
    if kind.name == "Event" and not (after["StartDateTime"] or after["ActivityDateTime"]):
        refuse("REQUIRED_FIELD_MISSING", "Required fields are missing: [StartDateTime]")
    if kind.name == "Task":
        _lists(org, kind, after, changed)
    if kind.name == "CampaignMember" and bool(after["LeadId"]) == bool(after["ContactId"]):
        refuse("REQUIRED_FIELD_MISSING", "Required fields are missing: [LeadId or ContactId]")
    if kind.name == "PermissionSetAssignment":
        _assignment(org, after)


def missing(org: Org, kind: ObjectType, after: Row) -> list[str]:
    """Return the required fields that are empty."""
    fields = org.schema.fields(kind).values()
    return [one.name for one in fields if one.required and after.get(one.name) is None]


def _owner(org: Org, kind: ObjectType, after: Row, changed: Collection[str]) -> None:
    if kind.name not in NEEDS_LIVE_OWNER or "OwnerId" not in changed:
        return
    owner = org.live(after["OwnerId"])
    if owner is not None and owner.get("IsActive") is False:
        refuse(
            "INACTIVE_OWNER_OR_USER",
            f"operation performed with inactive user [{after['OwnerId']}] "
            f"as owner of {kind.name.lower()}",
        )


def _person(org: Org, kind: ObjectType, changed: Collection[str]) -> None:
    """Refuse business fields of a person account, and standard fields of its contact."""
    fields = org.schema.fields(kind)
    business = {"Name", "ParentId"}
    wrong = sorted(
        name
        for name in changed
        if (kind.name == "Account" and name in business)
        or (kind.name == "Contact" and not fields[name.lower()].custom)
    )
    if wrong:
        not_writable(wrong)


def not_writable(names: Collection[str]) -> NoReturn:
    """Refuse fields that cannot be written.

    Raises:
        RefusedError: Always.
    """
    refuse(
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        f"Unable to create/update fields: {', '.join(names)}. Please check the security settings "
        "of this field and verify that it is read/write for your profile or permission set.",
        fields=sorted(names),
    )


def _activity(org: Org, after: Row, changed: Collection[str]) -> None:
    who = org.at(str(after["WhoId"])) if after["WhoId"] else None
    if who is None or who[0].name != "Lead" or not {"WhoId", "WhatId"} & set(changed):
        return
    if after["WhatId"]:
        refuse(
            "FIELD_INTEGRITY_EXCEPTION",
            "You can't specify a related record for a lead: WhatId must be empty",
            fields=["WhatId"],
        )
    if who[1]["IsConverted"]:
        refuse("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")


def _lists(org: Org, kind: ObjectType, after: Row, changed: Collection[str]) -> None:
    for name, object_name in (("Status", "TaskStatus"), ("Priority", "TaskPriority")):
        on_offer = {row["ApiName"] for row in org.store.rows(object_name)}
        if name in changed and after[name] not in on_offer:
            bad_choice(org.schema.fields(kind)[name.lower()], str(after[name]))


def _assignment(org: Org, after: Row) -> None:
    pair = (after["PermissionSetId"], after["AssigneeId"])
    for row in org.store.rows("PermissionSetAssignment"):
        if (row["PermissionSetId"], row["AssigneeId"]) == pair:
            refuse(
                "DUPLICATE_VALUE",
                f"Duplicate PermissionSetAssignment. Assignee: {pair[1]}; "
                f"Permission Set: {pair[0]}",
            )
