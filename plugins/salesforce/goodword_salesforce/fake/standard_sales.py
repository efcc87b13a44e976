"""The fields every org has on opportunities, roles, cases, campaigns, tasks and events."""

from __future__ import annotations

from dataclasses import replace

from goodword_salesforce.fake.fields import (
    ANY_OWNER,
    CURRENCY,
    DELETED,
    OWNER,
    SYSTEM,
    Field,
    choice,
    flag,
    link,
    shown,
    text,
)

STAGES = {
    "Prospecting": (False, False),
    "Qualification": (False, False),
    "Proposal/Price Quote": (False, False),
    "Negotiation/Review": (False, False),
    "Closed Won": (True, True),
    "Closed Lost": (True, False),
}
"""Stage to (closed, won)."""
CLOSED_CASE = "Closed"

OPPORTUNITY = (
    *SYSTEM,
    DELETED,
    link("AccountId", "Account"),
    text("Name", 120, required=True, id_lookup=True),
    Field("Description", "textarea", 32_000),
    Field("StageName", "picklist", 255, picklist=tuple(STAGES), required=True),
    Field("Amount", "currency", precision=18, scale=2),
    Field("Probability", "percent", precision=3, scale=0, default=0.0),
    Field("CloseDate", "date", required=True),
    choice("Type", "Existing Business", "New Business", length=255),
    choice("LeadSource", "Web", "Phone Inquiry", "Partner Referral", "Other", length=255),
    shown("IsClosed", "boolean", default=False),
    shown("IsWon", "boolean", default=False),
    link("CampaignId", "Campaign"),
    OWNER,
    CURRENCY,
    shown("LastActivityDate", "date"),
)
ROLE = (
    *SYSTEM,
    DELETED,
    Field(
        *("OpportunityId", "reference", 18),
        refers=("Opportunity",),
        relationship="Opportunity",
        required=True,
        updateable=False,
    ),
    Field(
        *("ContactId", "reference", 18),
        refers=("Contact",),
        relationship="Contact",
        required=True,
    ),
    choice("Role", "Business User", "Decision Maker", "Evaluator", "Executive Sponsor", "Other"),
    flag("IsPrimary"),
)
CASE = (
    *SYSTEM,
    DELETED,
    shown("CaseNumber", "string", 30, id_lookup=True, filled=True, auto=True),
    link("ContactId", "Contact"),
    link("AccountId", "Account"),
    choice("Type", "Problem", "Feature Request", "Question"),
    choice("Status", "New", "Working", "Escalated", CLOSED_CASE, default="New"),
    choice("Origin", "Phone", "Email", "Web"),
    choice("Priority", "High", "Medium", "Low", default="Medium"),
    text("Subject", 255),
    Field("Description", "textarea", 32_000),
    shown("IsClosed", "boolean", default=False),
    shown("ClosedDate", "datetime"),
    flag("IsEscalated"),
    ANY_OWNER,
)
CAMPAIGN = (
    *SYSTEM,
    DELETED,
    text("Name", 80, required=True),
    choice("Type", "Conference", "Email", "Referral Program", "Other"),
    choice("Status", "Planned", "In Progress", "Completed", default="Planned"),
    flag("IsActive"),
    OWNER,
)
CAMPAIGN_MEMBER = (
    *SYSTEM,
    DELETED,
    Field(
        *("CampaignId", "reference", 18),
        refers=("Campaign",),
        relationship="Campaign",
        required=True,
        updateable=False,
    ),
    Field(*("LeadId", "reference", 18), refers=("Lead",), relationship="Lead", updateable=False),
    Field(
        *("ContactId", "reference", 18),
        refers=("Contact",),
        relationship="Contact",
        updateable=False,
    ),
    choice("Status", "Sent", "Responded", default="Sent"),
    shown("HasResponded", "boolean", default=False),
    shown("FirstRespondedDate", "date"),
)
_WHO = link("WhoId", "Contact", "Lead")
_WHAT = link("WhatId", "Account", "Opportunity", "Campaign", "Case")
TASK = (
    *SYSTEM,
    DELETED,
    _WHO,
    _WHAT,
    Field("Subject", "combobox", 255),
    Field("ActivityDate", "date"),
    Field("Status", "picklist", 255),
    Field("Priority", "picklist", 255),
    shown("IsHighPriority", "boolean", default=False),
    ANY_OWNER,
    Field("Description", "textarea", 32_000),
    choice("Type", "Call", "Email", "Meeting", "Other"),
    shown("IsClosed", "boolean", default=False),
    shown("IsArchived", "boolean", default=False),
    link("AccountId", "Account", read_only=True),
    text("CallDisposition", 255),
    Field("CallDurationInSeconds", "int"),
    Field("ReminderDateTime", "datetime"),
    flag("IsReminderSet"),
    Field(
        *("TaskSubtype", "picklist", 40),
        picklist=("Task", "Email", "ListEmail", "Cadence", "Call", "LinkedIn"),
        restricted=True,
        default="Task",
        updateable=False,
    ),
    shown("CompletedDateTime", "datetime"),
)
EVENT = (
    *SYSTEM,
    DELETED,
    _WHO,
    _WHAT,
    Field("Subject", "combobox", 255),
    Field("ActivityDate", "date"),
    Field("ActivityDateTime", "datetime"),
    Field("StartDateTime", "datetime"),
    Field("EndDateTime", "datetime"),
    Field("DurationInMinutes", "int"),
    replace(link("OwnerId", "Calendar", "User"), filled=True),
    Field("Description", "textarea", 32_000),
    shown("IsArchived", "boolean", default=False),
    link("AccountId", "Account", read_only=True),
)
