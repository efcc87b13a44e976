"""Fields the org fills in itself whenever a record is saved."""

from __future__ import annotations

from goodword_salesforce.fake.object_types import ObjectType
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.standard_sales import CLOSED_CASE, STAGES
from goodword_salesforce.fake.store import Row

NAMED = {"Contact", "Lead", "User", "Individual"}


def derive(org: Org, kind: ObjectType, row: Row) -> None:
    """Fill in what follows from the rest of *row*."""
    if kind.name in NAMED:
        row["Name"] = " ".join(str(row[one]) for one in ("FirstName", "LastName") if row.get(one))
    match kind.name:
        case "Contact":
            row["IsEmailBounced"] = row["EmailBouncedReason"] is not None
        case "Opportunity":
            row["IsClosed"], row["IsWon"] = STAGES.get(str(row["StageName"]), (False, False))
        case "Case":
            row["IsClosed"] = row["Status"] == CLOSED_CASE
            if row["IsClosed"] and not row["ClosedDate"]:
                row["ClosedDate"] = row["LastModifiedDate"]
        case "CampaignMember":
            row["HasResponded"] = row["Status"] == "Responded"
            if row["HasResponded"] and not row["FirstRespondedDate"]:
                row["FirstRespondedDate"] = str(row["LastModifiedDate"])[:10]
        case "Task":
            row["IsClosed"] = row["Status"] in _closing(org)
            row["CompletedDateTime"] = (
                (row["CompletedDateTime"] or row["LastModifiedDate"]) if row["IsClosed"] else None
            )
            row["IsHighPriority"] = row["Priority"] == "High"
    if kind.name in {"Task", "Event"}:
        row["AccountId"] = _account(org, row)


def tell_the_person(org: Org, kind: ObjectType, row: Row) -> None:
    """Move the last activity of the person an activity is with; no stamp of theirs moves."""
    done = kind.name == "Event" or (kind.name == "Task" and row["IsClosed"])
    person = org.live(row.get("WhoId")) if done else None
    day = row.get("ActivityDate")
    if person is not None and isinstance(day, str):
        person["LastActivityDate"] = max(day, str(person["LastActivityDate"] or ""))


def _closing(org: Org) -> set[object]:
    return {row["ApiName"] for row in org.store.rows("TaskStatus") if row["IsClosed"]}


def _account(org: Org, row: Row) -> str | None:
    """Return the account an activity belongs to: by what it is about, else by whom."""
    for name in ("WhatId", "WhoId"):
        found = org.at(str(row[name])) if row[name] else None
        if found is None:
            continue
        if found[0].name == "Account":
            return str(row[name])
        if found[1].get("AccountId"):
            return str(found[1]["AccountId"])
    return None


def default_list_value(org: Org, name: str) -> str:
    """Return the value that the org's list *name* gives when none is sent."""
    values = [row for row in org.store.rows(name) if row["IsDefault"]]
    return str(values[0]["ApiName"]) if values else ""
