"""What hangs on a record: it goes with it into the bin, or over to the record it is merged into."""

from __future__ import annotations

from goodword_salesforce.fake.object_types import ObjectType
from goodword_salesforce.fake.org import Org

GOES_ALONG = {
    "Contact": (("OpportunityContactRole", "ContactId"), ("CampaignMember", "ContactId")),
    "Opportunity": (("OpportunityContactRole", "OpportunityId"),),
    "Lead": (("CampaignMember", "LeadId"),),
    "Campaign": (("CampaignMember", "CampaignId"),),
    "Account": (("Contact", "AccountId"), ("Opportunity", "AccountId")),
}
POINTS_AT = (
    *(("Task", "WhoId"), ("Task", "WhatId"), ("Event", "WhoId"), ("Event", "WhatId")),
    *(("OpportunityContactRole", "ContactId"), ("CampaignMember", "ContactId")),
    *(("CampaignMember", "LeadId"), ("Case", "ContactId"), ("Case", "AccountId")),
    *(("Contact", "AccountId"), ("Opportunity", "AccountId"), ("Contact", "IndividualId")),
)


def take_along(org: Org, kind: ObjectType, number: str) -> None:
    """Delete what cannot stay when the record *number* of *kind* was deleted."""
    for name, field in GOES_ALONG.get(kind.name, ()):
        for row in list(org.store.rows(name)):
            if row[field] == number:
                row |= {"IsDeleted": True, "SystemModstamp": org.now()}
                take_along(org, org.kind(name), str(row["Id"]))


def hand_over(org: Org, loser: str, winner: str) -> None:
    """Let everything that points at *loser* point at *winner*."""
    for name, field in POINTS_AT:
        for row in org.store.rows(name):
            if row[field] == loser:
                row |= {field: winner, "SystemModstamp": org.now()}
