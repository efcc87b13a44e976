"""A new org: the integration user, the admin, the org's lists for tasks; nobody else."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from goodword_salesforce.fake.account import Account
from goodword_salesforce.fake.answers import Value
from goodword_salesforce.fake.faults import Faults
from goodword_salesforce.fake.limits import Limits
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.schema import Schema
from goodword_salesforce.fake.sessions import Sessions
from goodword_salesforce.fake.store import Row, Store

STATUSES = (
    ("Not Started", False, True),
    ("In Progress", False, False),
    ("Completed", True, False),
    ("Waiting on someone else", False, False),
    ("Deferred", False, False),
)
PRIORITIES = (("High", True, False), ("Normal", False, True), ("Low", False, False))


def new_org(account: Account, clock: Callable[[], float]) -> Org:
    """Return an org as it is on its first day."""
    org = Org(
        account, clock, Schema(account, clock()), Store(), Sessions(), Limits(account), Faults()
    )
    org.sessions.org_id = put(
        org,
        "Organization",
        {
            "Name": "Bright Roof Ltd",
            "OrganizationType": "Enterprise Edition",
            "InstanceName": "GBR12",
            "DefaultLocaleSidKey": "en_GB",
            "LanguageLocaleKey": "en_US",
            "TimeZoneSidKey": "Europe/London",
            **({"DefaultCurrencyIsoCode": account.currency} if account.multi_currency else {}),
        },
    )
    for username, first, last in ((account.username, "Good", "Word"), (account.admin, "Ad", "Min")):
        add_user(org, username, first, last)
    for place, (name, closed, default) in enumerate(STATUSES, start=1):
        put(org, "TaskStatus", {**_listed(name, place, default=default), "IsClosed": closed})
    for place, (name, high, default) in enumerate(PRIORITIES, start=1):
        put(org, "TaskPriority", {**_listed(name, place, default=default), "IsHighPriority": high})
    return org


def add_user(org: Org, username: str, first: str, last: str, *, active: bool = True) -> str:
    """Add a user and return their id."""
    values: Row = {
        "Username": username,
        "FirstName": first,
        "LastName": last,
        "Name": f"{first} {last}",
        "Email": username,
        "IsActive": active,
        "Alias": last[:8].lower(),
    }
    return put(org, "User", values)


def put(org: Org, name: str, values: Mapping[str, Value]) -> str:
    """Keep a record that nobody checks, such as those an org is delivered with."""
    kind = org.kind(name)
    row: Row = {field.name: field.default for field in org.schema.fields(kind).values()}
    moment = org.now()
    row |= dict.fromkeys(("CreatedDate", "LastModifiedDate", "SystemModstamp"), moment)
    row |= values
    row["Id"] = org.store.new_id(kind)
    org.store.put(kind, row)
    return str(row["Id"])


def _listed(name: str, place: int, *, default: bool) -> Row:
    return {"MasterLabel": name, "ApiName": name, "SortOrder": place, "IsDefault": default}
