"""What referrals have brought: by hand, and to the cent of the firm's total."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from goodword.defaults.referral_credit import credit


def firm_rows(seed: int) -> dict[str, list[dict[str, Any]]]:
    """Twelve people, each buying now and then, each sent by one of those before."""
    chance = Random(seed)  # noqa: S311 - a firm, not a secret
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("contacts", "deals", "deal_contacts", "referrals")
    }
    for number in range(12):
        name = f"p{number}"
        rows["contacts"].append({"contact_id": name, "email": f"p{number % 11}@example.com"})
        for time in range(chance.randrange(4)):
            deal = f"d{number}-{time}"
            at = datetime(2024, 1, 1) + timedelta(days=chance.randrange(900))
            row = {"deal_id": deal, "status": "won", "closed_at": at}
            rows["deals"].append({**row, "amount_cents": chance.randrange(-5_000, 99_999)})
            rows["deal_contacts"].append({"deal_id": deal, "contact_id": name})
        claim = {"referral_id": f"r{number}", "referrer_id": f"p{chance.randrange(12)}"}
        at = datetime(2024, 1, 1) + timedelta(days=chance.randrange(900))
        anyway = chance.choice([True, False, None])
        rows["referrals"].append({**claim, "referred_id": name, "at": at, "came_anyway": anyway})
    return rows


def test_what_everybody_brought_sums_to_the_firms_total(firm_with: Any) -> None:
    firm = firm_with(champions={"acquisition_saving_cents": 1_234, "reward_cents": 321})
    rows = firm_rows(3)
    tables, facts = firm.tables(**rows), firm.frame(**rows)
    given = credit(tables, facts, firm.today, firm.settings, 0.5)
    one_by_one = [
        credit(
            {**tables, "referrals": firm.tables(referrals=[claim])["referrals"]},
            facts,
            firm.today,
            firm.settings,
            0.5,
        )
        for claim in rows["referrals"]
    ]

    assert given.cents
    assert sum(given.cents.values()) == sum(sum(one.cents.values()) for one in one_by_one)


def test_one_referral_is_worked_out_by_hand(firm_with: Any) -> None:
    firm = firm_with(champions={"acquisition_saving_cents": 4_000, "reward_cents": 2_000})
    sold = [
        (datetime(2025, 2, 1), 6_000),
        (datetime(2025, 10, 1), 5_000),
        (datetime(2026, 5, 1), 9),
    ]
    rows: dict[str, Any] = {
        "contacts": [{"contact_id": "ada"}, {"contact_id": "bo"}],
        "deals": [
            {"deal_id": f"d{n}", "status": "won", "amount_cents": cents, "closed_at": at}
            for n, (at, cents) in enumerate(sold)
        ],
        "deal_contacts": [{"deal_id": f"d{n}", "contact_id": "bo"} for n in range(3)],
        "referrals": [
            {
                "referral_id": "r",
                "referrer_id": "ada",
                "referred_id": "bo",
                "at": datetime(2025, 1, 1),
                "came_anyway": False,
            }
        ],
    }
    given = credit(firm.tables(**rows), firm.frame(**rows), firm.today, firm.settings, 0.5)
    half = 1.15**0.5

    # Two half-years count; what came in the second year does not.
    assert given.cents == {"ada": round((6_000 + 4_000 - 2_000) / half + 5_000 / half**2)}


def test_a_claim_set_aside_is_said_in_words(firm: Any) -> None:
    rows: dict[str, Any] = {
        "contacts": [
            {"contact_id": "ada", "email": "ada@example.com"},
            {"contact_id": "two", "email": "ada+two@example.com"},
        ],
        "referrals": [
            {"referral_id": "r", "referrer_id": "ada", "referred_id": "two", "at": None},
        ],
    }
    given = credit(firm.tables(**rows), firm.frame(**rows), firm.today, firm.settings, 0.5)

    assert given.cents == {}
    assert given.notes == {"ada": "1 sent themselves under another address"}


def test_a_referral_within_one_mail_domain_counts_and_is_named_as_worth_a_look(firm: Any) -> None:
    rows: dict[str, Any] = {
        "contacts": [
            {"contact_id": "ada", "email": "ada@acorn.example"},
            {"contact_id": "bo", "email": "bo@acorn.example"},
        ],
        "referrals": [{"referral_id": "r", "referrer_id": "ada", "referred_id": "bo", "at": None}],
    }
    given = credit(firm.tables(**rows), firm.frame(**rows), firm.today, firm.settings, 0.5)

    assert given.notes == {}
    assert given.doubts == {"ada": "1 with their own mail domain"}


def test_the_windows_of_a_referral_are_settings(firm: Any, firm_with: Any) -> None:
    slow = {"referral_id": "r", "referrer_id": "ada", "referred_id": "bo"}
    rows: dict[str, Any] = {
        "contacts": [{"contact_id": "ada"}, {"contact_id": "bo"}],
        "referrals": [{**slow, "at": datetime(2026, 1, 1), "met_at": datetime(2026, 6, 1)}],
    }
    patient = firm_with(champions={"meeting_days": 200})

    given = credit(firm.tables(**rows), firm.frame(**rows), firm.today, firm.settings, 0.5)
    assert given.notes == {"ada": "1 met us too long after the referral"}
    given = credit(
        patient.tables(**rows), patient.frame(**rows), patient.today, patient.settings, 0.5
    )
    assert given.notes == {}
