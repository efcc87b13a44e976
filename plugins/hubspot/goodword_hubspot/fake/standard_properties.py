"""The properties a new portal has, as far as a referral engine may meet them."""

from __future__ import annotations

from goodword_hubspot.fake.account import Account
from goodword_hubspot.fake.object_types import OBJECT_TYPES
from goodword_hubspot.fake.properties import Definitions, Group, Option, Property

# One line a property: its name, then its type if it is not text, then "!" if the host fills it.
EVERYWHERE = """
hs_object_id number !
hs_merged_object_ids string !
hs_pinned_engagement_id number
hubspot_owner_id owner
"""
BY_OBJECT = {
    "contacts": """
createdate datetime !
lastmodifieddate datetime !
email
firstname
lastname
phone
mobilephone
company
jobtitle
city
address
country
zip
website
lifecyclestage enumeration
hs_lead_status enumeration
hs_language enumeration
hs_email_optout bool !
hs_email_bounce number !
hs_email_hard_bounce_reason_enum enumeration !
hs_legal_basis checkbox
hs_additional_emails string !
hs_calculated_merged_vids string !
num_associated_deals number !
num_contacted_notes number !
num_notes number !
notes_last_contacted datetime !
notes_last_updated datetime !
hs_last_sales_activity_timestamp datetime !
""",
    "companies": """
createdate datetime !
hs_lastmodifieddate datetime !
name
domain
industry
numberofemployees number
annualrevenue number
city
country
phone
website
lifecyclestage enumeration
num_associated_contacts number !
""",
    "deals": """
createdate datetime !
hs_lastmodifieddate datetime !
dealname
amount number
dealstage external
pipeline external
closedate datetime
deal_currency_code enumeration
dealtype enumeration
description
""",
    "tickets": """
createdate datetime !
hs_lastmodifieddate datetime !
subject
content
hs_pipeline external
hs_pipeline_stage external
hs_ticket_priority enumeration
hs_ticket_category enumeration
closed_date datetime
""",
    "feedback_submissions": """
hs_createdate datetime !
hs_lastmodifieddate datetime !
hs_survey_type enumeration !
hs_value number !
hs_response_group enumeration !
hs_submission_timestamp datetime !
hs_content string !
hs_survey_name string !
""",
    "tasks": """
hs_task_subject
hs_task_body
hs_task_status enumeration
hs_task_priority enumeration
hs_task_type enumeration
hs_task_reminders
hs_queue_membership_ids
hs_task_is_completed bool !
hs_task_completion_date datetime !
hs_task_is_overdue bool !
hs_task_missed_due_date bool !
hs_task_missed_due_date_count number !
""",
    "notes": "hs_note_body",
    "calls": """
hs_call_title
hs_call_body
hs_call_direction enumeration
hs_call_disposition
hs_call_duration number
hs_call_status enumeration
""",
    "meetings": """
hs_meeting_title
hs_meeting_body
hs_meeting_start_time datetime
hs_meeting_end_time datetime
hs_meeting_outcome enumeration
""",
    "emails": """
hs_email_subject
hs_email_text
hs_email_direction enumeration
hs_email_status enumeration
""",
}
ON_TIMELINE = """
hs_createdate datetime !
hs_lastmodifieddate datetime !
hs_timestamp datetime
hs_body_preview string !
"""
DEAL_CALCULATIONS = """
hs_is_closed bool !
hs_is_closed_won bool !
hs_deal_stage_probability number !
amount_in_home_currency number !
"""
OPTIONS = {
    "lifecyclestage": (
        *("subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead"),
        *("opportunity", "customer", "evangelist", "other"),
    ),
    "hs_lead_status": ("NEW", "OPEN", "IN_PROGRESS", "CONNECTED", "UNQUALIFIED"),
    "hs_language": ("en", "en-gb", "de", "fr", "nl", "es"),
    "hs_email_hard_bounce_reason_enum": ("UNKNOWN_USER", "MAILBOX_FULL", "POLICY", "OTHER"),
    "hs_legal_basis": (
        *("Legitimate interest – existing customer", "Legitimate interest – other"),
        *("Performance of a contract", "Freely given consent from contact", "Not applicable"),
    ),
    "dealtype": ("newbusiness", "existingbusiness"),
    "hs_ticket_priority": ("LOW", "MEDIUM", "HIGH", "URGENT"),
    "hs_ticket_category": (
        *("PRODUCT_ISSUE", "BILLING_ISSUE", "FEATURE_REQUEST", "GENERAL_INQUIRY"),
    ),
    "hs_survey_type": ("NPS", "CSAT", "CES"),
    "hs_response_group": ("PROMOTER", "PASSIVE", "DETRACTOR"),
    "hs_task_status": ("NOT_STARTED", "IN_PROGRESS", "WAITING", "DEFERRED", "COMPLETED"),
    "hs_task_priority": ("NONE", "LOW", "MEDIUM", "HIGH"),
    "hs_task_type": ("TODO", "CALL", "EMAIL"),
    "hs_call_direction": ("INBOUND", "OUTBOUND"),
    "hs_call_status": ("COMPLETED", "NO_ANSWER", "BUSY", "FAILED"),
    "hs_meeting_outcome": ("SCHEDULED", "COMPLETED", "NO_SHOW", "CANCELED"),
    "hs_email_direction": ("EMAIL", "INCOMING_EMAIL", "FORWARDED_EMAIL"),
    "hs_email_status": ("SENT", "BOUNCED", "FAILED", "SCHEDULED"),
}
UNIQUE = {"contacts": {"email"}, "companies": set(), "deals": set(), "tickets": set()}
"""What the host keeps unique by itself; companies' domains are not."""
FIELD_TYPES = {
    "string": "text",
    "number": "number",
    "datetime": "date",
    "enumeration": "select",
    "bool": "booleancheckbox",
}


def standard_definitions(account: Account) -> Definitions:
    """Return the properties of a portal nobody has touched yet."""
    found = Definitions()
    for kind in OBJECT_TYPES:
        rows = EVERYWHERE + BY_OBJECT[kind.name] + (ON_TIMELINE if kind.on_timeline else "")
        if kind.name == "deals" and account.switches.deal_calculations:
            rows += DEAL_CALCULATIONS
        group = f"{kind.singular}information"
        found.put_group(kind.name, Group(group, f"{kind.singular.capitalize()} information", 0))
        for row in rows.split("\n"):
            if row:
                found.put(kind.name, _property(kind.name, group, row, account))
        if kind.on_timeline and account.switches.creation_key != "absent":
            key = Property("hs_unique_creation_key", "Unique creation key", group=group)
            key.unique, key.read_only = True, account.switches.creation_key == "read-only"
            found.put(kind.name, key)
    return found


def _property(kind: str, group: str, row: str, account: Account) -> Property:
    name, *words = row.split()
    word = words[0] if words else "string"
    new = Property(name, _label(name), group=group, read_only="!" in words)
    new.unique = name in UNIQUE.get(kind, set())
    match word:
        case "owner":
            new.type, new.field_type, new.external, new.refers_to = _OWNER
        case "external":
            new.type, new.field_type, new.external = "enumeration", "select", True
        case "checkbox":
            new.type, new.field_type = "enumeration", "checkbox"
        case _:
            new.type, new.field_type = word, FIELD_TYPES[word]
    if name == "deal_currency_code":
        new.options = [Option(code, code) for code in account.exchange_rates]
    elif new.type == "bool":
        new.options = [Option("true", "Yes"), Option("false", "No")]
    else:
        new.options = [Option(value, _label(value)) for value in OPTIONS.get(name, ())]
    return new


_OWNER = ("enumeration", "select", True, "OWNER")


def _label(name: str) -> str:
    return name.removeprefix("hs_").replace("_", " ").capitalize()
