"""When to ask: the moments that open a window, and what moves a contact up or down the list.

Moments and their waits follow survey practice and the referral literature as far as they go; the
numbers without a published basis are settings. Nothing here holds a date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword import Trigger, Weight
from goodword.defaults.facts.feedback import CSAT_TOP, PROMOTER
from goodword.defaults.suppressors import suppressors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from goodword import Facts, Policy, Suppressor

SURVEY = ("survey_rest",)
"""An answer never closes the window that the answer itself opened."""
FRESH = ("tenure",)
"""Delivery, milestone and results are good moments however young the relationship is; a renewal
shows that it is not young."""
INVITED = ("give_first",)
"""Somebody who named the day to be asked again need not be given anything first."""


def ask_rules(c: Facts, settings: Policy) -> Sequence[Trigger | Suppressor | Weight]:
    """Return every bundled rule about asking."""
    return [
        *triggers(c, settings),
        *suppressors(c, settings),
        *weights(c),
    ]


def triggers(c: Facts, settings: Policy) -> list[Trigger]:
    """Return the moments at which a customer is glad to be asked."""
    ask = settings.ask
    return [
        Trigger(
            "promoter",
            when=c.nps_last >= PROMOTER,
            since=c.nps_last_at,
            record=c.nps_last_id,
            points=100,
            exempt=SURVEY,
            because="rated us {nps_last} of 10 on {nps_last_at}",
        ),
        Trigger(
            "delighted",
            when=c.csat_last >= CSAT_TOP,
            since=c.csat_last_at,
            record=c.csat_last_id,
            points=90,
            exempt=SURVEY,
            because="gave us the top mark in the survey of {csat_last_at}",
        ),
        Trigger(
            "results_review",
            since=c.review_meeting_at,
            record=c.review_meeting_id,
            points=95,
            exempt=FRESH,
            because="looked at the results with us on {review_meeting_at}",
        ),
        Trigger(
            "milestone",
            since=c.milestone_at,
            record=c.milestone_id,
            points=85,
            exempt=FRESH,
            because="reached a milestone with us on {milestone_at}",
        ),
        Trigger(
            "delivery",
            since=c.delivery_at,
            record=c.delivery_id,
            points=70,
            exempt=FRESH,
            because="we last worked for them on {delivery_at}",
        ),
        Trigger(
            "asked_for_later",
            since=c.later_at,
            record=c.later_id,
            exempt=INVITED,
            points=80,
            because="asked to be asked again from {later_at}",
        ),
        Trigger(
            "renewal",
            since=c.renewal_at,
            record=c.renewal_id,
            wait_days=ask.repeat_wait_days,
            expires_days=45,
            exempt=FRESH,
            points=65,
            because="renewed with us on {renewal_at}",
        ),
        Trigger(
            "repeat_purchase",
            since=c.repeat_at,
            record=c.repeat_id,
            wait_days=ask.repeat_wait_days,
            expires_days=45,
            points=60,
            because="bought from us again on {repeat_at}",
        ),
        Trigger(
            "resolved_ticket",
            since=c.resolved_at,
            record=c.resolved_id,
            wait_days=ask.resolved_wait_days,
            points=55,
            exempt=SURVEY,
            because="was happy with how we solved their problem on {resolved_at}",
        ),
        Trigger(
            "first_purchase",
            since=c.first_purchase_at,
            record=c.first_deal_id,
            wait_days=ask.first_purchase_wait_days,
            expires_days=60,
            points=50,
            because="has had time with what they bought on {first_purchase_at}",
        ),
    ]


def weights(c: Facts) -> list[Weight]:
    """Return what moves a contact up or down the list; whole points, permille for chances."""
    since_joy = c.days_since(c.moment_at)
    fresh = c.when(
        since_joy <= 7,
        40,
        otherwise=c.when(since_joy <= 14, 30, otherwise=c.when(since_joy <= 28, 20, otherwise=0)),
    )
    known_long = c.days_since(c.first_purchase_at) >= 180
    return [
        Weight("likely", points=c.p_refer, because="chance of a referral: {p_refer} in 1000"),
        Weight(
            "champion",
            points=c.when(
                c.segment == "Champion",
                60,
                otherwise=c.when(c.segment == "Advocate", 40, otherwise=0),
            ),
            because="worth more by whom they send",
        ),
        Weight(
            "has_referred",
            points=c.when(c.referrals_given > 0, 40, otherwise=0),
            because="sent us {referrals_given} people so far",
        ),
        Weight(
            "was_referred",
            points=c.when(c.referred_by_id.is_known(), 20, otherwise=0),
            because="came to us through {referred_by_name}",
        ),
        Weight(
            "known_long",
            points=c.when(known_long, 30, otherwise=0),
            because="customer since {first_purchase_at}",
        ),
        Weight(
            "fresh",
            points=c.when(c.moment_at.is_known(), fresh, otherwise=0),
            because="latest good moment on {moment_at}",
        ),
        Weight(
            "tired",
            points=c.unanswered_365 * -30,
            because="{unanswered_365} asks without an answer within a year",
        ),
    ]
