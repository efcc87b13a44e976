"""Which properties are read of each kind; those a portal does not have are not asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from goodword_hubspot.names import DO_NOT_ASK, OUTCOME, OWN, REFERRED_BY

if TYPE_CHECKING:
    from goodword_hubspot.desk import Desk
    from goodword_hubspot.seam.schema import Defined

MODIFIED: Mapping[str, str] = {"contacts": "lastmodifieddate"}
"""Property with the last change, by kind; ``hs_lastmodifieddate`` for every other."""

_CONTACTS = """
firstname lastname email phone mobilephone associatedcompanyid hubspot_owner_id lifecyclestage
hs_email_optout hs_email_hard_bounce_reason_enum hs_legal_basis city jobtitle createdate
lastmodifieddate hs_merged_object_ids hs_calculated_merged_vids
num_contacted_notes notes_last_contacted
engagements_last_meeting_booked hs_sales_email_last_replied
"""
_OTHERS: Mapping[str, str] = {
    "companies": "name domain city industry hubspot_owner_id hs_lastmodifieddate",
    "deals": "dealname amount amount_in_home_currency deal_currency_code dealstage pipeline "
    "closedate createdate dealtype hs_is_closed_won hs_is_closed hs_lastmodifieddate",
    "tickets": "createdate closed_date hs_pipeline_stage hs_is_closed hs_ticket_category "
    "hs_ticket_priority hs_lastmodifieddate",
    "feedback_submissions": "hs_survey_type hs_value hs_submission_timestamp hs_createdate "
    "hs_lastmodifieddate",
    "tasks": "hs_task_subject hs_task_status hs_timestamp hs_createdate hs_task_completion_date "
    "hubspot_owner_id hs_task_type hs_lastmodifieddate",
    "notes": "hs_timestamp hs_createdate hubspot_owner_id hs_lastmodifieddate",
    "calls": "hs_call_title hs_call_direction hs_timestamp hubspot_owner_id",
    "meetings": "hs_meeting_title hs_meeting_start_time hs_timestamp hubspot_owner_id",
    "emails": "hs_email_subject hs_email_direction hs_timestamp hubspot_owner_id",
}


def modified(kind: str) -> str:
    """Return the property with a record's last change."""
    return MODIFIED.get(kind, "hs_lastmodifieddate")


def contact_properties(desk: Desk) -> tuple[str, ...]:
    """Return what is read of a contact; of those under our names, only what is ours."""
    mapped = desk.settings.properties
    ours = [name for name in (*OWN.values(), REFERRED_BY) if name in desk.ours]
    wanted = [
        *_CONTACTS.split(),
        *ours,
        *(name for name in desk.answers if name == OUTCOME),
        DO_NOT_ASK,  # whoever made it or moved it: a mark counts
        *(mapped.do_not_contact, mapped.kind, mapped.language),
        *mapped.referred_by,
        *mapped.extra.values(),
    ]
    return there(wanted, desk.defined("contacts"))


def properties_of(kind: str, defined: Mapping[str, Defined] | None = None) -> tuple[str, ...]:
    """Return what is read of another kind."""
    return there(_OTHERS[kind].split(), defined)


def there(wanted: Iterable[str], defined: Mapping[str, Defined] | None) -> tuple[str, ...]:
    """Return those of *wanted* that the portal has, each once; all where that is not known."""
    return tuple(
        dict.fromkeys(name for name in wanted if name and (defined is None or name in defined))
    )
