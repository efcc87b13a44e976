"""The objects of an org, and what may be done with each."""

from __future__ import annotations

from dataclasses import dataclass

from goodword_salesforce.fake import standard_people as people
from goodword_salesforce.fake import standard_sales as sales
from goodword_salesforce.fake import standard_setup as setup
from goodword_salesforce.fake.fields import Field


@dataclass(frozen=True, slots=True)
class ObjectType:
    """One object.

    Args:
        name: As the API calls it.
        prefix: First three characters of its ids.
        standard: The fields it has before an admin adds any.
        createable: Whether the API makes records of it.
        updateable: Whether the API changes them.
        deletable: Whether the API deletes them.
        mergeable: Whether two can become one.
        customisable: Where the fields an admin adds live; empty if none can be added.
        bin: Whether a deleted record can still be seen by queryAll.
        restorable: Whether a deleted record can be taken out of the bin.
        searchable: Whether people find its records by searching.
    """

    name: str
    prefix: str
    standard: tuple[Field, ...]
    createable: bool = True
    updateable: bool = True
    deletable: bool = True
    mergeable: bool = False
    customisable: str = ""
    bin: bool = True
    restorable: bool = True
    searchable: bool = True


CONTACT = ObjectType("Contact", "003", people.CONTACT, mergeable=True, customisable="Contact")
LEAD = ObjectType("Lead", "00Q", people.LEAD, mergeable=True, customisable="Lead")
ACCOUNT = ObjectType("Account", "001", people.ACCOUNT, mergeable=True, customisable="Account")
TASK = ObjectType("Task", "00T", sales.TASK, customisable="Activity")
OPPORTUNITY = ObjectType("Opportunity", "006", sales.OPPORTUNITY, customisable="Opportunity")
ROLE = ObjectType(
    "OpportunityContactRole", "00K", sales.ROLE, bin=False, restorable=False, searchable=False
)
NAME = ObjectType("Name", "", setup.NAME, createable=False, updateable=False, deletable=False)


def _fixed(name: str, prefix: str, fields: tuple[Field, ...]) -> ObjectType:
    return ObjectType(
        name,
        prefix,
        fields,
        createable=False,
        updateable=False,
        deletable=False,
        restorable=False,
        searchable=False,
    )


OBJECT_TYPES = (
    CONTACT,
    LEAD,
    ACCOUNT,
    OPPORTUNITY,
    ROLE,
    ObjectType("Case", "500", sales.CASE, customisable="Case"),
    ObjectType("Campaign", "701", sales.CAMPAIGN, customisable="Campaign"),
    ObjectType("CampaignMember", "00v", sales.CAMPAIGN_MEMBER, restorable=False, searchable=False),
    TASK,
    ObjectType("Event", "00U", sales.EVENT, customisable="Activity"),
    ObjectType("Individual", "0PK", people.INDIVIDUAL, mergeable=True),
    ObjectType("User", "005", setup.USER, deletable=False, restorable=False),
    _fixed("Group", "00G", setup.GROUP),
    _fixed("Organization", "00D", setup.ORGANIZATION),
    _fixed("PermissionSet", "0PS", setup.PERMISSION_SET),
    ObjectType(
        "PermissionSetAssignment",
        "0Pa",
        setup.ASSIGNMENT,
        updateable=False,
        bin=False,
        restorable=False,
        searchable=False,
    ),
    _fixed("ListView", "00B", setup.LIST_VIEW),
    _fixed("TaskStatus", "01J", setup.TASK_STATUS),
    _fixed("TaskPriority", "01K", setup.TASK_PRIORITY),
)
