"""Who has our permission sets: looked up, given, and taken back before the sets are deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodword import RecordError, SettingsError
from goodword_salesforce.names import INTEGRATION, PERMISSION_SETS, REP
from goodword_salesforce.seam.soql import equal, one_of, select
from goodword_salesforce.seam.values import is_true

if TYPE_CHECKING:
    from goodword_salesforce.installing.host import Host
    from goodword_salesforce.settings import SalesforceSettings

ASSIGNMENT = "sobjects/PermissionSetAssignment"
USERS_A_QUERY = 50
"""User names in one query: its address may have 16,384 bytes, a user name 80."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission set and who is to have it.

    Args:
        permission_set: Its name.
        users: Ids of the users, those found.
        unknown: What is to be said of those who were not found; empty if all were.
        whose: Whom it is about, in words.
    """

    permission_set: str
    users: tuple[str, ...]
    unknown: str
    whose: str


def wanted(admin: Host, worker: Host, settings: SalesforceSettings) -> tuple[Grant, ...]:
    """Return who is to have which permission set.

    Args:
        admin: The org, as the user who installs.
        worker: The org, as the integration user.
        settings: The section ``[plugin.salesforce]``.
    """
    known = _users(admin, settings.reps)
    lost = [str(n) for n, name in enumerate(settings.reps, 1) if name.lower() not in known]
    unknown = f"number {', '.join(lost)} of reps is no active user of this org" if lost else ""
    reps = tuple(dict.fromkeys(known[n.lower()] for n in settings.reps if n.lower() in known))
    me = user_of(worker)
    nobody = "" if me else "Salesforce does not say who signs in; assign it in Setup"
    own = Grant(INTEGRATION, (me,) if me else (), nobody, "the integration user")
    return own, Grant(REP, reps, unknown, f"reps ({len(reps)} of {len(settings.reps)})")


def permission_sets(host: Host) -> dict[str, str]:
    """Return the ids of our permission sets that are there, by name."""
    asked = select("PermissionSet", "Id", "Name").where(one_of("Name", PERMISSION_SETS))
    return {row["Name"]: row["Id"] for row in host.query(asked)}


def lacking(host: Host, grant: Grant, set_id: str) -> tuple[str, ...]:
    """Return the users of a grant who do not have their permission set yet."""
    if not (grant.users and set_id):
        return grant.users
    asked = select("PermissionSetAssignment", "AssigneeId").where(equal("PermissionSetId", set_id))
    having = {row["AssigneeId"] for row in host.query(asked)}
    return tuple(user for user in grant.users if user not in having)


def give(host: Host, grant: Grant, set_id: str) -> str:
    """Give users their permission set; return why not everybody has it now, or nothing.

    A user who got it from somebody else in the meantime has it, which is all that is wanted.
    """
    refused = ""
    for user in lacking(host, grant, set_id):
        try:
            host.post(ASSIGNMENT, {"AssigneeId": user, "PermissionSetId": set_id})
        except RecordError as error:
            refused = error.message
    left = len(lacking(host, grant, set_id)) if refused else 0
    return f"{left} could not be given it. {refused}" if left else ""


def take_back(host: Host, set_ids: Iterable[str]) -> None:
    """Take permission sets from everybody: Salesforce deletes none that somebody has."""
    ids = list(set_ids)
    if not ids:
        return
    asked = select("PermissionSetAssignment", "Id").where(one_of("PermissionSetId", ids))
    for assignment in [row["Id"] for row in host.query(asked)]:
        host.delete(f"{ASSIGNMENT}/{assignment}")


def user_of(host: Host) -> str:
    """Return the id of the user who is signed in; empty where Salesforce does not say."""
    return _identity(host)[1]


def check_same_org(admin: Host, worker: Host) -> None:
    """Refuse to install in one org what is wanted in another.

    Raises:
        SettingsError: The admin's sign-in leads elsewhere, or that cannot be told.
    """
    if admin is worker:
        return
    here, there = _identity(worker)[0], _identity(admin)[0]
    if not here or here != there:
        msg = "[plugin.salesforce] install_as is not signed in to the org of username."
        raise SettingsError(msg, hint="Sign in with sf org login web, or correct install_as.")


def _identity(host: Host) -> tuple[str, str]:
    """Return the ids of org and user: the end of the address that Salesforce calls the identity."""
    try:
        steps = str(host.get("").get("identity") or "").rstrip("/").split("/")
    except RecordError:
        return "", ""
    org, user = steps[-2:] if len(steps) > 1 else ("", "")
    return (org, user) if org.isalnum() and user.isalnum() else ("", "")


def _users(host: Host, names: Sequence[str]) -> dict[str, str]:
    """Return the ids of active users by user name, in small letters."""
    found: dict[str, str] = {}
    for start in range(0, len(names), USERS_A_QUERY):
        part = names[start : start + USERS_A_QUERY]
        asked = select("User", "Id", "Username", "IsActive").where(one_of("Username", part))
        rows = host.query(asked)
        found |= {row["Username"].lower(): row["Id"] for row in rows if is_true(row, "IsActive")}
    return found
