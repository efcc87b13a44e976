"""What a customer is worth, and how sure we are of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from goodword.defaults import goodword_champion_score


def customer(name: str, cents: int = 10_000, year: int = 2025, **more: Any) -> dict[str, Any]:
    deal = {"deal_id": f"d-{name}", "status": "won", "amount_cents": cents}
    return {
        "contacts": {"contact_id": name, **more},
        "deals": {**deal, "closed_at": datetime(year, 11, 20)},
        "deal_contacts": {"deal_id": f"d-{name}", "contact_id": name},
    }


def scores(firm: Any, *customers: dict[str, Any], **rows: Any) -> dict[str, dict[str, Any]]:
    tables = ("contacts", "deals", "deal_contacts")
    rows = {name: [person[name] for person in customers] for name in tables} | rows
    frame = goodword_champion_score(
        firm.tables(**rows), firm.frame(**rows), firm.today, firm.settings
    )
    return {row["contact_id"]: row for row in firm.engine.collect(frame).rows(named=True)}


def referral(referrer: str, number: int = 1, **more: Any) -> dict[str, Any]:
    row = {"referral_id": f"r{number}", "referrer_id": referrer, "referred_id": f"new{number}"}
    return {**row, "status": "won", "at": datetime(2026, 3, 1), **more}


def ask(number: int, outcome: str, contact: str = "ada") -> dict[str, Any]:
    row = {"task_key": f"t{number}", "contact_id": contact, "play": "ask", "state": "done"}
    return {**row, "done_at": datetime(2026, 3, 1), "outcome": outcome}


def test_value_so_far_is_the_margin_observed(firm_with: Any) -> None:
    firm = firm_with(champions={"margin_percent": 40})
    ada = scores(firm, customer("ada", 10_000))["ada"]

    assert (ada["clv"], ada["n"], ada["model"]) == (4_000, 1, "observed margin")


@pytest.mark.promise("score.no-purchase", "score.opted-out")
def test_who_never_bought_or_opted_out_has_no_score(firm: Any) -> None:
    out = customer("bo", consent="no")
    rows = {"contacts": [{"contact_id": "eve"}]}
    people = [customer("ada"), out]
    known = scores(
        firm,
        *people,
        contacts=[person["contacts"] for person in people] + rows["contacts"],
    )

    assert set(known) == {"ada"}


def test_a_first_chance_is_8_percent_and_answers_move_it(firm: Any) -> None:
    people = [customer("ada"), customer("bo"), customer("cy")]
    asks = [ask(1, "yes"), ask(2, "yes"), ask(3, "no", "bo")]
    known = scores(firm, *people, asks=asks)

    assert known["cy"]["p_refer"] == 80
    assert known["ada"]["p_refer"] == round(2.8 / 12 * 1000)
    assert known["bo"]["p_refer"] == round(0.8 / 11 * 1000)


def test_after_a_hundred_asks_the_firms_own_rate_is_the_prior(firm: Any) -> None:
    people = [customer("ada"), customer("bo")]
    asks = [ask(number, "yes" if number < 40 else "no") for number in range(100)]

    assert scores(firm, *people, asks=asks)["bo"]["p_refer"] == 400


def test_the_value_by_referral_is_worked_out_by_hand(firm: Any) -> None:
    # Two customers of one full year, 10,000 cents each in it. One won referral between them:
    # mean 0.5 a year. Ada: (1 + 0.5) / 2 = 0.75 a year, Bo: 0.5 / 2 = 0.25. A referral is worth
    # 10,000 in two halves at 1.15 a year, if the person would not have come anyway (half of them).
    people = [customer("ada"), customer("bo")]
    known = scores(firm, *people, referrals=[referral("ada")])
    half_year = 1.15**0.5
    value = 0.5 * (5_000 / half_year + 5_000 / half_year**2)

    assert known["ada"]["crv"] == round(0.75 * value)
    assert known["bo"]["crv"] == round(0.25 * value)


def test_saving_reward_and_marketing_count_as_published(firm_with: Any) -> None:
    firm = firm_with(
        champions={
            "acquisition_saving_cents": 2_000,
            "reward_cents": 500,
            "marketing_cents": 1_000,
            "annual_discount_percent": 0,
        }
    )
    known = scores(firm, customer("ada"), referrals=[referral("ada")])
    one = 10_000 - 1_000 - 500 + 2_000
    two = 2_000 - 500

    assert known["ada"]["crv"] == (one + two) // 2  # one referral a year


def test_answers_to_would_they_have_come_anyway_move_the_mix(firm_with: Any) -> None:
    firm = firm_with(champions={"annual_discount_percent": 0})
    anyway = [referral("ada", came_anyway=True), referral("ada", 2, came_anyway=True)]
    known = scores(firm, customer("ada"), referrals=anyway)

    assert known["ada"]["crv"] == 2 * 10_000 // 4  # two a year, a quarter would not have come


def test_only_referrals_that_were_won_count(firm: Any) -> None:
    known = scores(firm, customer("ada"), referrals=[referral("ada", status="received")])

    assert known["ada"]["crv"] == 0


def test_a_first_year_that_is_not_over_counts_only_while_nobodys_is(firm_with: Any) -> None:
    firm = firm_with(champions={"annual_discount_percent": 0, "type_one_percent": 100})
    full, young = customer("ada", 10_000), customer("bo", 90_000, year=2026)
    one = [referral("ada")]

    both = scores(
        firm,
        full,
        {**young, "deals": {**young["deals"], "closed_at": datetime(2026, 6, 1)}},
        referrals=one,
    )
    alone = scores(firm, {**young, "deals": {**young["deals"], "closed_at": datetime(2026, 6, 1)}})

    assert both["ada"]["crv"] > 0
    assert both["ada"]["crv"] < 20_000  # worked out from the full year of 10,000 alone
    assert alone["bo"]["crv"] == 0


@pytest.mark.parametrize(("purchases", "word"), [(1, "low"), (2, "medium"), (5, "high")])
def test_confidence_grows_with_what_was_seen(firm: Any, purchases: int, word: str) -> None:
    people = [customer(f"c{number}") for number in range(20)]
    host = {"contact_id": "ada", "purchase_days": purchases, "sum_cents": 1}
    contacts = [person["contacts"] for person in people] + [{"contact_id": "ada"}]
    known = scores(firm, *people, contacts=contacts, deal_rollups=[host])

    assert known["ada"]["confidence"] == word


def test_a_small_firm_knows_little(firm: Any) -> None:
    host = {"contact_id": "ada", "purchase_days": 9, "sum_cents": 1}
    known = scores(firm, contacts=[{"contact_id": "ada"}], deal_rollups=[host])

    assert known["ada"]["confidence"] == "low"


def test_a_firm_without_customers_has_no_scores(firm: Any) -> None:
    assert scores(firm, contacts=[{"contact_id": "ada"}]) == {}
