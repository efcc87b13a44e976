"""An invented firm whose data is awkward where engines differ, of any size.

Planted: sums that end in half a cent when shared, negative margins, times in the hour a clock is
put back, several rows at one instant, nulls in every column that may be empty, priorities and
values that many people share, names with quotes and accents, people merged into others.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY = date(2026, 11, 20)
"""The day the awkward firm is decided for."""
CLOCK_PUT_BACK = datetime(2026, 10, 25, 0, 30)
"""Half past two in the morning in central Europe, the first of two that day; UTC."""
NAMES = ("Ada O'Neil", 'Jo "Jay" Brandt', "Zoë Muñoz", "Łucja; Wróbel", "Lee  Moss", "李 Wei")
AMOUNTS = (12_345, 12_355, 99_999, 1, 0, None, 250_050, -12_345)
"""Cents: odd ones make halves when two share a deal."""
Rows = list[dict[str, Any]]


def awkward_firm(contacts: int = 60, seed: int = 1) -> Mapping[str, Rows]:
    """Return canonical tables of *contacts* invented people; equal arguments, equal rows.

    Args:
        contacts: How many people; at 2,000, dozens share each rank.
        seed: Of the arbitrary choices.
    """
    dice = Random(seed)  # noqa: S311  # invented data, no secret
    people = [f"c{number:07}" for number in range(contacts)]
    owners = [f"o{number}" for number in range(max(2, contacts // 50))]
    deals, credits_ = _deals(people, dice)
    return {
        "contacts": [_person(number, name, owners, dice) for number, name in enumerate(people)],
        "aliases": [
            {"alias_id": f"old-{name}", "contact_id": name if number % 2 else f"old-{people[0]}"}
            for number, name in enumerate(people[:: max(1, contacts // 10)])
        ],
        "accounts": [
            {"account_id": f"a{number}", "name": f"House {number}", "owner_id": owners[0]}
            for number in range(contacts // 3 + 1)
        ],
        "owners": [
            {"owner_id": owner, "name": owner.upper(), "active": number != 1 and None}
            for number, owner in enumerate(owners)
        ],
        "deals": deals,
        "deal_contacts": credits_,
        "activities": _activities(people, owners, dice),
        "tickets": _tickets(people, dice),
        "feedback": _feedback(people, dice),
        "invoices": _invoices(people, dice),
        "referrals": _referrals(people, dice),
        "asks": _asks(people, owners, dice),
        "own_fields": _fields(people, dice),
    }


def _person(number: int, contact: str, owners: list[str], dice: Random) -> dict[str, Any]:
    return {
        "contact_id": contact,
        "name": f"{dice.choice(NAMES)} {number}",
        "first_name": dice.choice((None, "Ada", "Zoë", "")),
        "email": dice.choice((None, f"{contact}@list.example")),
        "account_id": dice.choice((None, f"a{number // 3}")),
        "owner_id": dice.choice((None, *owners)),
        "kind": dice.choice((None, None, "customer", "partner")),
        "status": dice.choice((None, "customer", "customer", "lead", "lost")),
        "consent": dice.choice(("yes", "yes", "yes", "unknown", "no", None)),
        "do_not_ask": dice.choice((None, None, False, False, number % 7 == 0)),
        "left_company": dice.choice((None, False, number % 11 == 0)),
        "created_at": dice.choice((None, _moment(dice, 1500))),
    }


def _moment(dice: Random, days: int) -> datetime:
    """Return one of few moments, so that many rows share one; some in the repeated hour."""
    if dice.random() < 0.1:
        return CLOCK_PUT_BACK + timedelta(hours=dice.choice((0, 1)))
    back = timedelta(days=dice.randrange(days), hours=dice.choice((0, 0, 9, 23)))
    return datetime(DAY.year, DAY.month, DAY.day, 12) - back


def _deals(people: list[str], dice: Random) -> tuple[Rows, Rows]:
    deals: Rows = []
    shares: Rows = []
    for number in range(len(people) * 3):
        deal = f"d{number:08}"
        amount = dice.choice(AMOUNTS)
        closed = dice.choice((None, *[_moment(dice, 900)] * 4))
        deals.append(
            {
                "deal_id": deal,
                "kind": "refund" if amount is not None and amount < 0 else None,
                "status": "won" if closed else dice.choice(("open", None)),
                "amount_cents": amount,
                "margin_cents": dice.choice((None, 4_321, 5, -777)),
                "created_at": closed,
                "closed_at": closed,
            }
        )
        for contact in dice.sample(people, dice.choice((0, 1, 1, 2, 3))):
            primary = dice.choice((None, False, True))
            shares.append({"deal_id": deal, "contact_id": contact, "primary": primary})
    return deals, shares


def _activities(people: list[str], owners: list[str], dice: Random) -> Rows:
    kinds = ("call", "meeting", "email", "event", "gift", "thank_you", "delivery", "milestone")
    return [
        {
            "activity_id": f"v{number:08}",
            "contact_id": dice.choice((*[dice.choice(people)] * 9, None)),
            "owner_id": dice.choice((None, *owners)),
            "kind": dice.choice(kinds),
            "at": dice.choice((*[_moment(dice, 400)] * 9, None)),
            "subject": dice.choice((None, "Newsletter", "Trial", "Demo of the boiler")),
            "direction": dice.choice((None, "in", "out")),
        }
        for number in range(len(people) * 6)
    ]


def _tickets(people: list[str], dice: Random) -> Rows:
    rows: Rows = []
    for number in range(len(people) // 5):
        opened = _moment(dice, 300)
        closed = dice.choice((None, opened, opened + timedelta(days=3)))
        rows.append(
            {
                "ticket_id": f"t{number:07}",
                "contact_id": dice.choice(people),
                "kind": dice.choice(("ticket", "complaint", "escalation")),
                "status": "open" if closed is None else "closed",
                "opened_at": opened,
                "closed_at": closed,
                "positive": dice.choice((None, True, False)),
            }
        )
    return rows


def _feedback(people: list[str], dice: Random) -> Rows:
    return [
        {
            "feedback_id": f"f{number:07}",
            "contact_id": dice.choice(people),
            "kind": kind,
            "score": dice.choice((None, 1, 5, 5)) if kind != "nps" else dice.choice((9, 10, 10, 3)),
            "at": _moment(dice, 60),
        }
        for number in range(len(people))
        for kind in [dice.choice(("nps", "nps", "csat", "review"))]
    ]


def _invoices(people: list[str], dice: Random) -> Rows:
    return [
        {
            "invoice_id": f"i{number:07}",
            "contact_id": dice.choice(people),
            "amount_cents": dice.choice((None, 0, 12_345)),
            "due_at": _moment(dice, 200),
            "paid_at": dice.choice((None, _moment(dice, 100), _moment(dice, 100))),
        }
        for number in range(len(people) // 3)
    ]


def _referrals(people: list[str], dice: Random) -> Rows:
    rows: Rows = []
    for number in range(len(people) // 3):
        referrer, referred = dice.choice(people), dice.choice((None, dice.choice(people)))
        at = _moment(dice, 500)
        rows.append(
            {
                "referral_id": f"r{number:07}",
                "referrer_id": referrer,
                "referred_id": referred,
                "status": dice.choice(("received", "met", "won", "lost")),
                "at": at,
                "met_at": dice.choice((None, at + timedelta(days=9))),
                "won_at": dice.choice((None, at + timedelta(days=30))),
                "came_anyway": dice.choice((None, True, False)),
                "source": dice.choice(("field", "form", "rep")),
            }
        )
    return rows


def _asks(people: list[str], owners: list[str], dice: Random) -> Rows:
    rows: Rows = []
    for number in range(len(people) // 4):
        made = _moment(dice, 250)
        state = dice.choice(("open", "done", "done", "deleted", "expired"))
        rows.append(
            {
                "task_key": f"k{number:07}",
                "remote_id": f"task-{number}",
                "contact_id": dice.choice(people),
                "owner_id": dice.choice(owners),
                "play": dice.choice(("ask_for_referral", "thank_for_referral")),
                "cycle": f"f{number:07}",
                "state": state,
                "edited": dice.choice((None, False, True)),
                "created_at": made,
                "due_at": made + timedelta(days=2),
                "done_at": made + timedelta(days=3) if state == "done" else None,
                "outcome": dice.choice((None, "yes", "no", "later", "no answer", "unhappy")),
                "outcome_at": dice.choice((None, made + timedelta(days=90))),
            }
        )
    return rows


def _fields(people: list[str], dice: Random) -> Rows:
    return [
        {
            "contact_id": contact,
            "stage": dice.choice(("buy", "know", None)),
            "segment": dice.choice(("Champion", "Affluent", "Advocate", "Nurture", "", None)),
            "score": dice.choice((None, 0, 45, 50, 55, 100)),
            "next_ask": dice.choice((None, "2026-11-30")),
            "why": dice.choice((None, "", "Wait: as before")),
            "clv": dice.choice((None, 0, 1_250)),
            "crv": dice.choice((None, 0, 340)),
        }
        for contact in people[::2]
    ]
