"""What a firm could add to its portal, in plain words, by the fact that would become known."""

from __future__ import annotations

SURVEYS = (
    "satisfaction surveys (Service Hub), where the key has the scope "
    "crm.objects.feedback_submissions.read"
)
MEETINGS = "meetings logged on the contact"
TICKETS = "support tickets of contacts that were closed, where the key has the scope tickets"
CLOSED = "deals with their contacts, closed as won"
LABEL = 'the label "Referred" between two contacts, or the property "Referred by"'

WISHES: dict[str, str] = {
    **dict.fromkeys(("nps_last_at", "nps_last_id", "csat_last_at", "csat_last_id"), SURVEYS),
    **dict.fromkeys(("review_meeting_at", "review_meeting_id", "conversation_at"), MEETINGS),
    **dict.fromkeys(("touched_like", "touched_trust", "touched_try"), MEETINGS),
    **dict.fromkeys(("first_purchase_at", "first_deal_id", "purchase_days"), CLOSED),
    **dict.fromkeys(("repeat_at", "repeat_id"), CLOSED),
    **dict.fromkeys(("renewal_at", "renewal_id"), "deals of the type Existing business"),
    **dict.fromkeys(("resolved_at", "resolved_id"), TICKETS),
    **dict.fromkeys(("referrals_given", "referred_by_id"), LABEL),
}
"""Beginnings of sentences; facts that share the words share the line."""
