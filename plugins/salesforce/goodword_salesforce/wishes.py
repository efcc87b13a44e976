"""What a firm could add to its org, in plain words, by the fact that would become known."""

from __future__ import annotations

SURVEYS = (
    "a field with the latest answer to a survey of recommending, named as nps (and nps_date) in "
    "[plugin.salesforce.fields]"
)
MEETINGS = "meetings and calls logged on the contact"
CASES = "cases with their contact, closed when they are resolved"
CLOSED = "opportunities closed as won, with their contact roles"
RENEWALS = "opportunities whose type names a renewal"
REFERRED = 'the field "Referred by" filled in on contacts and leads'

WISHES: dict[str, str] = {
    **dict.fromkeys(("nps_last_at", "nps_last_id"), SURVEYS),
    **dict.fromkeys(("review_meeting_at", "review_meeting_id", "conversation_at"), MEETINGS),
    **dict.fromkeys(("touched_like", "touched_trust", "touched_try"), MEETINGS),
    **dict.fromkeys(("first_purchase_at", "first_deal_id", "purchase_days"), CLOSED),
    **dict.fromkeys(("repeat_at", "repeat_id"), CLOSED),
    **dict.fromkeys(("renewal_at", "renewal_id"), RENEWALS),
    **dict.fromkeys(("resolved_at", "resolved_id"), CASES),
    **dict.fromkeys(("referrals_given", "referred_by_id"), REFERRED),
}
"""Beginnings of sentences; facts that share the words share the line."""
