"""What holds an ask back: consent, unhappiness, business that comes first, and rest.

Suppressors are looked at last, and once more right before a task is written. The hard ones change
only in the settings and with a written reason; consent never changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword import Suppressor

if TYPE_CHECKING:
    from goodword import Facts, Policy


def suppressors(c: Facts, settings: Policy) -> list[Suppressor]:
    """Return every bundled reason not to ask now."""
    return [
        *consent(c, settings),
        *unhappiness(c, settings),
        *business(c, settings),
        *rests(c, settings),
    ]


def consent(c: Facts, settings: Policy) -> list[Suppressor]:
    """Return who is never asked: they said so, or they are not the one to ask."""
    rules = [
        Suppressor(
            "opt_out",
            when=c.consent == "no",
            verdict="never",
            hard=True,
            locked=True,
            withdraws=True,
            because="said no to being contacted",
        ),
        Suppressor(
            "do_not_ask",
            when=c.do_not_ask,
            verdict="never",
            hard=True,
            locked=True,
            withdraws=True,
            because='marked "do not ask"',
        ),
        Suppressor(
            "said_never",
            when=c.said_never,
            verdict="never",
            hard=True,
            locked=True,
            withdraws=True,
            because="never wants to be asked again",
        ),
        Suppressor(
            "wrong_person",
            when=c.wrong_person,
            verdict="never",
            hard=True,
            withdraws=True,
            because="is not the right person to ask",
        ),
        Suppressor(
            "left_company",
            when=c.left_company,
            verdict="never",
            hard=True,
            withdraws=True,
            because="no longer works there",
        ),
        Suppressor(
            "lost",
            when=c.status == "lost",
            verdict="never",
            hard=True,
            withdraws=True,
            because="is no longer a customer",
        ),
        Suppressor(
            "employee",
            when=c.kind == "employee",
            verdict="never",
            because="works for us",
        ),
    ]
    if settings.ask.require_consent:
        rules.append(
            Suppressor(
                "no_consent",
                when=c.consent != "yes",
                verdict="wait",
                hard=True,
                withdraws=True,
                because="has not agreed yet to be contacted about referrals",
            )
        )
    return rules


def unhappiness(c: Facts, settings: Policy) -> list[Suppressor]:
    """Return what must be put right first; an unhappy customer is never asked."""
    ask = settings.ask
    return [
        Suppressor(
            "open_ticket",
            when=c.tickets_open > 0,
            verdict="recover",
            hard=True,
            withdraws=True,
            because="{tickets_open} open ticket(s)",
        ),
        Suppressor(
            "complaint",
            when=c.recovery_state != "proven",
            since=c.complaint_at,
            days=ask.complaint_days,
            verdict="recover",
            hard=True,
            withdraws=True,
            because="complained on {complaint_at}",
        ),
        Suppressor(
            "detractor",
            since=c.detractor_at,
            days=ask.detractor_days,
            verdict="recover",
            hard=True,
            withdraws=True,
            because="gave us a low score on {detractor_at}",
        ),
        Suppressor(
            "recovery",
            when=c.recovery_state.is_in(["incident", "recovering"]),
            until=c.recovery_until,
            verdict="recover",
            hard=True,
            withdraws=True,
            because="something went wrong on {incident_at} and no good sign came since",
        ),
    ]


def business(c: Facts, settings: Policy) -> list[Suppressor]:
    """Return the business that comes first."""
    return [
        Suppressor(
            "overdue_invoice",
            when=c.invoices_overdue > 0,
            hard=True,
            because="{invoices_overdue} invoice(s) past the date",
        ),
        Suppressor(
            "renewal_open",
            when=c.renewal_open > 0,
            hard=True,
            because="a renewal is being negotiated",
        ),
        Suppressor(
            "tenure",
            since=c.first_purchase_at,
            days=settings.ask.tenure_days,
            because="first bought on {first_purchase_at}, which is recent",
        ),
        Suppressor(
            "thanks_owed",
            when=c.thanks_owed > 0,
            because="{thanks_owed} thank-you(s) owed for a referral: thank first",
        ),
    ]


def rests(c: Facts, settings: Policy) -> list[Suppressor]:
    """Return the rests between asks, and the conversation that comes before one."""
    ask, caps = settings.ask, settings.caps
    return [
        Suppressor(
            "ask_open",
            when=c.ask_open > 0,
            hard=True,
            pending=True,
            because="a rep already has a task to ask",
        ),
        Suppressor(
            "cooldown",
            until=c.rest_until,
            when=c.rest_until.is_known(),
            because="asked before, resting until {rest_until}",
        ),
        Suppressor(
            "asks_per_year",
            when=c.asks_365 >= ask.asks_per_year,
            until=c.asks_cap_until,
            because="asked {asks_365} times within a year",
        ),
        Suppressor(
            "unanswered",
            when=c.unanswered_row >= ask.unanswered_in_a_row,
            since=c.unanswered_last_at,
            days=ask.unanswered_pause_days,
            because="{unanswered_row} asks without an answer, the latest on {unanswered_last_at}",
        ),
        Suppressor(
            "survey_rest",
            since=c.survey_last_at,
            days=ask.survey_rest_days,
            because="answered a survey on {survey_last_at}",
        ),
        Suppressor(
            "favour_rest",
            since=c.favour_last_at,
            days=ask.favour_days,
            because="got a gift, favour or thank-you on {favour_last_at}",
        ),
        Suppressor(
            "account_rest",
            since=c.account_asked_at,
            days=caps.account_days,
            because="a colleague was asked on {account_asked_at}",
        ),
        Suppressor(
            "account_ask_open",
            when=c.account_ask_open > 0,
            pending=True,
            because="a colleague is being asked",
        ),
        Suppressor(
            "conversation_first",
            when=c.days_since(c.conversation_at) > ask.conversation_days,
            verdict="warm_up",
            because="last spoke with us on {conversation_at}",
        ),
        Suppressor(
            "give_first",
            when=c.balance < 0,
            verdict="warm_up",
            because="we asked for more than we gave",
        ),
    ]
