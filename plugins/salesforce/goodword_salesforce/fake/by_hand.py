"""What people do in the org, past its API: add, edit, complete, delete, merge, convert, set up.

No permission, limit or count applies to them. Values are still checked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from goodword_salesforce.fake import records
from goodword_salesforce.fake.access import Actor
from goodword_salesforce.fake.answers import refuse
from goodword_salesforce.fake.cascades import hand_over
from goodword_salesforce.fake.fields import Field
from goodword_salesforce.fake.ids import full_id
from goodword_salesforce.fake.new_org import put
from goodword_salesforce.fake.org import Org

COMPLETED = "Completed"


def _person(org: Org) -> Actor:
    return Actor(org.user_id(org.account.admin), by_hand=True)


def add(org: Org, kind: str, values: Mapping[str, object], *, at: float = 0) -> str:
    """Add a record and return its id; *at* (seconds since 1970) dates it back."""
    return records.make(org, _person(org), org.kind(kind), values, at=at)


def edit(org: Org, kind: str, number: str, values: Mapping[str, object]) -> None:
    """Set *values* of a record, also such as the API only reads."""
    records.alter(org, _person(org), org.kind(kind), number, values)


def complete(org: Org, task: str, values: Mapping[str, object] | None = None) -> None:
    """Let the rep mark a task as done, with what else they pick in it, such as an outcome."""
    edit(org, "Task", task, {"Status": COMPLETED, **(values or {})})


def delete(org: Org, kind: str, number: str) -> None:
    """Put a record into the bin."""
    records.delete(org, _person(org), org.kind(kind), number)


def restore(org: Org, kind: str, number: str) -> None:
    """Take a record out of the bin, unless the unique values it had are taken."""
    of = org.kind(kind)
    row = org.store.get(of, full_id(number))
    if row is None or not row["IsDeleted"]:
        refuse("INVALID_CROSS_REFERENCE_KEY", "not in the bin", 404)
    row |= {"IsDeleted": False, "SystemModstamp": org.now()}
    org.store.deletions = [one for one in org.store.deletions if one.number != row["Id"]]
    for field in org.schema.fields(of).values():
        value = row[field.name]
        if field.unique and value is not None and not org.store.holder(of, field, value):
            org.store.hold(of, field, value, str(row["Id"]))


def erase(org: Org, kind: str, number: str) -> None:
    """Delete a record for good, as a request to be forgotten asks: no query shows it again."""
    of = org.kind(kind)
    row = org.store.get(of, full_id(number))
    if row is not None and not row.get("IsDeleted"):
        delete(org, kind, number)
    org.store.tables[of.name].pop(full_id(number), None)


def merge(org: Org, kind: str, winner: str, loser: str) -> None:
    """Merge the record *loser* into *winner*: it is deleted, and all it had is the winner's."""
    of = org.kind(kind)
    kept, lost = records.expect(org, of, winner), records.expect(org, of, loser)
    for name, value in lost.items():
        if kept.get(name) is None and name != "MasterRecordId":
            kept[name] = value
    org.store.bin(of, lost, org.now())
    lost["MasterRecordId"] = kept["Id"]
    kept |= {"SystemModstamp": org.now(), "LastModifiedDate": org.now()}
    hand_over(org, str(lost["Id"]), str(kept["Id"]))


def convert(org: Org, lead: str, *, opportunity: str = "") -> tuple[str, str]:
    """Turn a lead into an account and a contact, and an *opportunity* of that name if one is told.

    Returns:
        The ids of the account and the contact.
    """
    row = records.expect(org, org.kind("Lead"), lead)
    shared = ("FirstName", "Email", "Phone", "MobilePhone", "HasOptedOutOfEmail", "DoNotCall")
    owner = {"OwnerId": row["OwnerId"]}
    account = add(org, "Account", {"Name": row["Company"], **owner})
    person = {name: row[name] for name in (*shared, "LastName", "LeadSource", "IndividualId")}
    contact = add(org, "Contact", {**person, "AccountId": account, **owner})
    values: dict[str, object] = {
        "IsConverted": True,
        "Status": "Closed - Converted",
        "ConvertedDate": org.today(),
        "ConvertedAccountId": account,
        "ConvertedContactId": contact,
    }
    if opportunity:
        deal = {"Name": opportunity, "AccountId": account, "StageName": "Prospecting", **owner}
        values["ConvertedOpportunityId"] = add(
            org, "Opportunity", {**deal, "CloseDate": org.today()}
        )
    edit(org, "Lead", lead, values)
    hand_over(org, str(row["Id"]), contact)
    return account, contact


def person_account(org: Org, values: Mapping[str, object], *, at: float = 0) -> tuple[str, str]:
    """Add a person account; *values* are of the contact.

    Returns:
        The ids of the account and of its contact.
    """
    name = " ".join(str(values[one]) for one in ("FirstName", "LastName") if values.get(one))
    owner = {"OwnerId": values["OwnerId"]} if "OwnerId" in values else {}
    account = add(org, "Account", {"Name": name, "IsPersonAccount": True, **owner}, at=at)
    whole = {**values, "AccountId": account, "IsPersonAccount": True}
    contact = add(org, "Contact", whole, at=at)
    found = records.expect(org, org.kind("Account"), account)
    found["PersonContactId"] = contact
    return account, contact


def deactivate(org: Org, user: str) -> None:
    """Let a user leave; what they own stays theirs."""
    edit(org, "User", user, {"IsActive": False})


def add_field(org: Org, place: str, field: Field) -> None:
    """Add a custom field to an object, or to Activity; nobody sees it until it is granted."""
    org.schema.add(place, field, org.clock())


def grant(
    org: Org, username: str, fields: Collection[tuple[str, str]], *, edit: bool = True
) -> str:
    """Let a user see (object, field) by a permission set made for it, and return its id."""
    number = put(org, "PermissionSet", {"Name": f"Granted_{username.split('@')[0]}"})
    org.schema.grants[number] = dict.fromkeys(fields, edit)
    values = {"PermissionSetId": number, "AssigneeId": org.user_id(username)}
    put(org, "PermissionSetAssignment", values)
    return number


def revoke(org: Org, permission_set: str, username: str) -> None:
    """Take the permission set named *permission_set* away from a user."""
    names = {row["Id"]: row["Name"] for row in org.store.rows("PermissionSet")}
    user = org.user_id(username)
    for row in list(org.store.rows("PermissionSetAssignment")):
        if row["AssigneeId"] == user and names[row["PermissionSetId"]] == permission_set:
            del org.store.tables["PermissionSetAssignment"][str(row["Id"])]
