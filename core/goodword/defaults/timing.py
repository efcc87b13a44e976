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

USUAL = 632
"""Doublings of a chance of 80 in 1000, the share of asks assumed to succeed before a firm's own is
known: somebody without a score stands where that puts them."""
FULL = 664
"""Doublings of 100 percent: who sent nobody yet stands there."""
FADES = 100
"""A good moment is worth twice what it is worth four weeks later, in steps of a week (convention).
"""
TENURE_DAYS, KNOWN_LONG = 180, 51
"""Published work finds better referrers among customers of half a year and more; that a younger one
counts 0.7 times, 51 points less, is convention."""
REFERRED = 49
"""Published work finds that people who were sent send 1.31 to 1.57 times as many; 1.4 here."""


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
            expires_days=ask.moment_days,
            points=100,
            exempt=SURVEY,
            because="rated us {nps_last} of 10 on {nps_last_at}",
        ),
        Trigger(
            "delighted",
            when=c.csat_last >= CSAT_TOP,
            since=c.csat_last_at,
            record=c.csat_last_id,
            expires_days=ask.moment_days,
            points=90,
            exempt=SURVEY,
            because="gave us the top mark in the survey of {csat_last_at}",
        ),
        Trigger(
            "results_review",
            since=c.review_meeting_at,
            record=c.review_meeting_id,
            expires_days=ask.moment_days,
            points=95,
            exempt=FRESH,
            because="looked at the results with us on {review_meeting_at}",
        ),
        Trigger(
            "milestone",
            since=c.milestone_at,
            record=c.milestone_id,
            expires_days=ask.moment_days,
            points=85,
            exempt=FRESH,
            because="reached a milestone with us on {milestone_at}",
        ),
        Trigger(
            "delivery",
            since=c.delivery_at,
            record=c.delivery_id,
            wait_days=ask.delivery_wait_days,
            expires_days=ask.moment_days,
            points=70,
            exempt=FRESH,
            because="we last worked for them on {delivery_at}",
        ),
        Trigger(
            "asked_for_later",
            since=c.later_at,
            record=c.later_id,
            exempt=INVITED,
            expires_days=ask.moment_days,
            points=80,
            because="asked to be asked again from {later_at}",
        ),
        Trigger(
            "renewal",
            since=c.renewal_at,
            record=c.renewal_id,
            wait_days=ask.repeat_wait_days,
            expires_days=ask.loyalty_days,
            exempt=FRESH,
            points=65,
            because="renewed with us on {renewal_at}",
        ),
        Trigger(
            "repeat_purchase",
            since=c.repeat_at,
            record=c.repeat_id,
            wait_days=ask.repeat_wait_days,
            expires_days=ask.loyalty_days,
            points=60,
            because="bought from us again on {repeat_at}",
        ),
        Trigger(
            "resolved_ticket",
            since=c.resolved_at,
            record=c.resolved_id,
            wait_days=ask.resolved_wait_days,
            expires_days=ask.moment_days,
            points=55,
            exempt=SURVEY,
            because="was happy with how we solved their problem on {resolved_at}",
        ),
        Trigger(
            "first_purchase",
            since=c.first_purchase_at,
            record=c.first_deal_id,
            wait_days=ask.first_purchase_wait_days,
            expires_days=ask.first_purchase_days,
            points=50,
            because="has had time with what they bought on {first_purchase_at}",
        ),
    ]


def weights(c: Facts) -> list[Weight]:
    """Return what moves a contact up or down the list.

    The priority is a product, chance x worth x freshness x tenure x rest, counted in doublings so
    that its factors add up: what is twice as good stands 100 points higher.
    """
    since_joy = c.days_since(c.moment_at)
    fresh = c.when(
        since_joy <= 7,
        FADES,
        otherwise=c.when(
            since_joy <= 14,
            FADES * 3 // 4,
            otherwise=c.when(
                since_joy <= 21,
                FADES // 2,
                otherwise=c.when(since_joy <= 28, FADES // 4, otherwise=0),
            ),
        ),
    )
    known_long = c.days_since(c.first_purchase_at) >= TENURE_DAYS
    return [
        Weight(
            "likely",
            points=c.when(c.p_refer.is_known(), c.doublings(c.p_refer), otherwise=0),
            because="chance of a referral when asked: {p_refer} in 1000",
        ),
        Weight(
            "unscored",
            points=c.when(c.p_refer.is_null(), USUAL, otherwise=0),
            because="no score yet, so the usual chance",
        ),
        Weight(
            "worth",
            points=c.when(
                c.referral_worth.is_known(), c.doublings(c.referral_worth) - FULL, otherwise=0
            ),
            because="one of their referrals is worth {referral_worth} % of the usual",
        ),
        Weight(
            "was_referred",
            points=c.when(c.referred_by_id.is_known(), REFERRED, otherwise=0),
            because="came to us through a good word; who was sent sends others more often",
        ),
        Weight(
            "known_long",
            points=c.when(known_long, KNOWN_LONG, otherwise=0),
            because="customer since {first_purchase_at}, more than half a year",
        ),
        Weight(
            "fresh",
            points=c.when(c.moment_at.is_known(), fresh, otherwise=0),
            because="latest good moment on {moment_at}",
        ),
        Weight(
            "tired",
            points=c.unanswered_365 * -100,
            because="{unanswered_365} ask(s) without an answer within a year: each halves it",
        ),
    ]
