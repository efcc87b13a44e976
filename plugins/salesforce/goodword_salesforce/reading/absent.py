"""Objects the integration user may not see: then they are missing, and that is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword_salesforce.reading.columns import (
    ACCOUNT,
    CASE,
    CONTACT,
    EVENT,
    LEAD,
    MEMBER,
    ROLE,
    SALE,
    TASK,
)
from goodword_salesforce.seam.failures import RightsError

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk

_WHAT = {
    LEAD: "Leads",
    ACCOUNT: "Accounts",
    SALE: "Opportunities",
    ROLE: "Contact roles of opportunities",
    CASE: "Cases",
    MEMBER: "Campaign members",
    EVENT: "Events",
    TASK: "Tasks",
}
_TABLES = {
    ACCOUNT: ("accounts",),
    SALE: ("deals", "deal_contacts", "deal_rollups"),
    CASE: ("tickets",),
}
GRANT = "Grant the integration user read access to it in a permission set."


def needs_contacts(desk: Desk) -> None:
    """Refuse to go on where contacts cannot be seen.

    Raises:
        RightsError: They cannot.
    """
    if not desk.described(CONTACT):
        msg = "Salesforce shows no contacts to the integration user."
        raise RightsError(msg, hint="Grant it read access to Contact in a permission set.")


def tell_absent(desk: Desk, sink: Sink) -> None:
    """Say what cannot be seen; what earlier pulls brought of it is forgotten."""
    for of, what in _WHAT.items():
        if not desk.described(of):
            sink.absent(*_TABLES.get(of, ()))
            text = f"{what} are not read: the integration user may not see the object {of}."
            sink.notice("permission", f"{text} {GRANT}")
    if desk.described(CASE) and not desk.has(CASE, "ContactId"):
        sink.absent("tickets")
        text = f"Cases are not read: the integration user may not see {CASE}.ContactId."
        sink.notice("permission", f"{text} {GRANT}")
    if not any(map(desk.described, (TASK, EVENT, MEMBER))):
        sink.absent("activities", "touches")
    if not desk.settings.fields.nps:
        sink.absent("feedback")
