"""What a firm could add to its lists, in plain words, by the fact that would become known."""

from __future__ import annotations

SCORES = "a column with survey scores (0 to 10, or 1 to 5) and the day of each answer"
JOBS = "a list of your jobs or orders, one line each, with customer, day and amount"
VISITS = "a list of visits and calls with name and day"
YEARS = "a list of milestones (anniversaries, yearly reviews) with name and day"
TALKS = "a column with the day you last spoke with them"
SENT = "a column “Referred by” with the name of whoever sent them"

WISHES: dict[str, str] = {
    "nps_last_at": SCORES,
    "nps_last_id": SCORES,
    "csat_last_at": SCORES,
    "csat_last_id": SCORES,
    "delivery_at": "a column with the day of the last job",
    "delivery_id": "a column with the day of the last job",
    "milestone_at": YEARS,
    "milestone_id": YEARS,
    "review_meeting_at": YEARS,
    "review_meeting_id": YEARS,
    "touched_like": TALKS,
    "touched_trust": VISITS,
    "touched_try": VISITS,
    "conversation_at": TALKS,
    "first_purchase_at": "a column with the day of the first job",
    "first_deal_id": "a column with the day of the first job",
    "repeat_at": JOBS,
    "repeat_id": JOBS,
    "purchase_days": JOBS,
    "renewal_at": "a list of sales that says which of them are renewals",
    "renewal_id": "a list of sales that says which of them are renewals",
    "open_deals": "a list of offers that are still open",
    "resolved_at": "a list of complaints and call-backs that says whether they ended well",
    "resolved_id": "a list of complaints and call-backs that says whether they ended well",
    "status": "a column that says who is a customer and who is not yet one",
    "referrals_given": SENT,
    "referred_by_id": SENT,
}
"""Beginnings of sentences; facts that share the words share the line."""
