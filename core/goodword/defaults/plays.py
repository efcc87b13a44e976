"""The bundled plays: who is given what to do, and in which order a rep's week fills up.

A lead or a thank-you comes first, then putting something right, then asking, then care. A person
who opted out of being contacted, or whom a rep marked "do not ask", gets one play only:
``recover``, because putting a mistake right is service, not marketing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword import Play
from goodword.defaults.events import referral_events, referred_leads

if TYPE_CHECKING:
    from goodword import Expr, Facts, Policy

NEW_DAYS = 30
"""An event older than this is evidence, never a task: late, it would embarrass both sides."""


def plays(c: Facts, settings: Policy) -> list[Play]:
    """Return the bundled plays."""
    welcome = (c.consent != "no") & ~c.do_not_ask & ~c.said_never & ~c.wrong_person
    calm = c.recovery_state != "incident"
    return [
        Play(
            "fast_lane",
            doc="A referred lead, or a name somebody gave us, is looked after at once.",
            when=welcome & calm & ~c.left_company,
            events=referred_leads,
            because="{news} on {at}",
            due_days=1,
            tier=0,
            expires_days=NEW_DAYS,
        ),
        Play(
            "thank_you",
            doc="A referrer is thanked, and told what came of it, for each event of a referral.",
            when=welcome,
            events=referral_events,
            because="{news} on {at}",
            due_days=2,
            tier=0,
            expires_days=NEW_DAYS,
        ),
        Play(
            "recover",
            doc="Something went wrong for a customer: put it right, and ask for nothing.",
            when=(c.recovery_state == "incident") & ~c.left_company,
            record=c.incident_id,
            since=c.incident_at,
            because="something went wrong for them on {incident_at}",
            due_days=1,
            tier=1,
            expires_days=NEW_DAYS,
        ),
        Play(
            "ask",
            doc="The right moment to ask a happy customer for an introduction.",
            verdict="ask",
            due_days=2,
            tier=2,
            asks=True,
        ),
        Play(
            "warm_up",
            doc="The moment is good, but a conversation comes before an ask.",
            verdict="warm_up",
            due_days=3,
            tier=3,
        ),
        Play(
            "quiet",
            doc="A customer we have not heard from for a while is greeted, without an ask.",
            when=welcome & calm & ~c.left_company & _is_quiet(c, settings.ask.quiet_after_days),
            every="quarter",
            because="we have not heard from them for a while; last purchase on {last_purchase_at}",
            due_days=5,
            tier=4,
        ),
    ]


def _is_quiet(c: Facts, days: int) -> Expr:
    """Return the condition that a present customer's last contact of any kind is *days* old.

    A purchase is a contact. What the CRM does not record cannot break the silence: a firm that
    keeps no activities is reminded of customers who have not bought for as long.
    """
    customer = (c.kind == "customer") & (c.purchase_days > 0)
    lost = c.status.is_known() & (c.status == "lost")
    silent = c.days_since(c.last_purchase_at) > days
    for moment in (c.conversation_at, c.give_last_at, c.asked_last_at, c.survey_last_at):
        silent = silent & (moment.is_null() | (c.days_since(moment) > days))
    return customer & ~lost & silent
