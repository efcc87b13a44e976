"""What a customer is worth, and how sure we are of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from goodword.defaults import goodword_champion_score, observed_margin


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


def town(*more: dict[str, Any]) -> dict[str, Any]:
    """Thirty customers, each buying for 100.00 every 120 days, some of them for the last time."""
    rows: dict[str, Any] = {"contacts": [], "deals": [], "deal_contacts": []}
    for number in range(30):
        name = f"c{number:02}"
        rows["contacts"].append({"contact_id": name})
        for time in range(number % 5 + 1):
            deal = f"d-{name}-{time}"
            at = datetime(2024, 6, 1) + timedelta(days=120 * time + number)
            row = {"deal_id": deal, "status": "won", "amount_cents": 10_000, "closed_at": at}
            rows["deals"].append(row)
            rows["deal_contacts"].append({"deal_id": deal, "contact_id": name})
    for person in more:
        for table, row in person.items():
            rows.setdefault(table, []).append(row)
    return rows


def test_value_is_what_a_year_of_purchases_will_bring(firm: Any) -> None:
    known = scores(firm, **town())
    often = known["c04"]

    assert often["model"] == "BG/NBD and Gamma-Gamma"
    assert (often["n"], often["confidence"]) == (5, "high")
    assert often["each"] == pytest.approx(10_000, rel=0.02)
    assert 0 < often["clv"] < often["expected"] * often["each"] // 1000
    assert 0 < often["alive"] < 1000
    assert "average where there are few" in often["reasons"]
    assert "bought once" in known["c00"]["reasons"]
    assert known["c00"]["confidence"] == "low"


def test_the_settings_say_how_far_ahead_and_at_which_discount(firm: Any, firm_with: Any) -> None:
    plain = scores(firm, **town())["c04"]["clv"]
    far = scores(firm_with(champions={"horizon_months": 36}), **town())["c04"]["clv"]
    dear = scores(firm_with(champions={"annual_discount_percent": 60}), **town())["c04"]["clv"]

    assert dear < plain < far


def test_the_margin_counts_where_deals_carry_none(firm: Any, firm_with: Any) -> None:
    whole, half = (
        scores(firm, **town()),
        scores(firm_with(champions={"margin_percent": 50}), **town()),
    )

    assert half["c04"]["each"] == pytest.approx(whole["c04"]["each"] / 2, abs=1)
    assert half["c04"]["clv"] == pytest.approx(whole["c04"]["clv"] / 2, abs=1)


def test_contracts_are_counted_by_their_renewals(firm_with: Any) -> None:
    firm = firm_with(champions={"sells": "contracts", "contract_months": 4})
    known = scores(firm, **town())

    assert known["c04"]["model"] == "shifted beta-geometric"
    assert known["c04"]["clv"] == 0  # the last renewal was due long ago


def test_sums_of_the_host_count_with_the_first_purchase_and_say_so(firm: Any) -> None:
    host = {"contact_id": "eve", "purchase_days": 4, "sum_cents": 80_000}
    host |= {"first_at": datetime(2025, 1, 1), "last_at": datetime(2026, 6, 1)}
    eve = {"contacts": {"contact_id": "eve"}, "deal_rollups": host}
    known = scores(firm, **town(eve))

    assert "only sums are known" in known["eve"]["reasons"]
    assert 10_000 < known["eve"]["each"] < 20_000  # 200.00 each, pulled towards the others' 100.00
    assert "only sums are known" not in known["c04"]["reasons"]


def test_the_first_purchase_is_left_out_of_the_mean_where_each_is_known(firm: Any) -> None:
    rows = town()
    first = next(deal for deal in rows["deals"] if deal["deal_id"] == "d-c04-0")
    usual = scores(firm, **rows)["c04"]["each"]
    first["amount_cents"] = 900_000

    assert scores(firm, **rows)["c04"]["each"] == usual


def test_a_deal_without_an_amount_leaves_the_mean_alone(firm: Any) -> None:
    rows = town()
    last = next(deal for deal in rows["deals"] if deal["deal_id"] == "d-c04-4")
    last["amount_cents"] = None
    each = scores(firm, **rows)["c04"]["each"]
    for deal in rows["deals"]:
        if deal["deal_id"].startswith("d-c03"):
            deal["amount_cents"] = None
    unknown = scores(firm, **rows)["c03"]

    assert each == pytest.approx(10_000, rel=0.02)
    assert "no amount in the home currency" in unknown["reasons"]
    assert unknown["each"] == pytest.approx(10_000, rel=0.02)


def test_who_was_refunded_everything_brings_less_than_the_average(firm: Any) -> None:
    deals = [
        {
            "deal_id": "e1",
            "status": "won",
            "amount_cents": 10_000,
            "closed_at": datetime(2025, 6, 1),
        },
        {
            "deal_id": "e2",
            "status": "won",
            "amount_cents": -10_000,
            "closed_at": datetime(2025, 6, 9),
        },
    ]
    eve = [
        {"contacts": {"contact_id": "eve"}, "deals": deals[0]},
        {"deals": deals[1]},
        *({"deal_contacts": {"deal_id": d["deal_id"], "contact_id": "eve"}} for d in deals),
    ]
    known = scores(firm, **town(*eve))

    assert "brought no margin" in known["eve"]["reasons"]
    assert known["eve"]["each"] < 10_000


def test_below_twenty_customers_the_margin_so_far_speaks(firm: Any) -> None:
    ada = scores(firm, customer("ada", 10_000))["ada"]

    # One year old: 100.00 in it, and one year of the same assumed; discounted over the year ahead.
    assert ada["clv"] == pytest.approx(10_000 * 0.9333, rel=1e-3)
    assert (ada["confidence"], ada["alive"]) == ("low", None)
    assert "fewer than 20 customers" in ada["reasons"]


def test_the_margin_so_far_is_a_plugin_a_firm_can_choose(firm_with: Any) -> None:
    settings = firm_with(champions={"margin_percent": 40})
    rows = town(customer("ada", 10_000))
    frame = observed_margin.goodword_champion_score(
        settings.tables(**rows), settings.frame(**rows), settings.today, settings.settings
    )
    found = {row["contact_id"]: row for row in settings.engine.collect(frame).rows(named=True)}

    assert (found["ada"]["clv"], found["ada"]["model"]) == (4_000, "observed margin")
    words = {found[name]["confidence"] for name in ("ada", "c00", "c01", "c04")}
    assert words == {"low", "medium", "high"}


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


def test_a_referral_nobody_asked_for_counts_like_an_ask_that_brought_one(firm: Any) -> None:
    known = scores(firm, customer("ada"), customer("bo"), referrals=[referral("ada")])

    assert known["ada"]["p_refer"] == round(1.8 / 11 * 1000)
    assert known["bo"]["p_refer"] == 80


def test_what_their_referrals_brought_moves_what_one_more_is_worth(firm_with: Any) -> None:
    # Two whole first years of 10,000 and one of 70,000 make a usual one of 30,000; ada's one
    # referral brought 70,000 and counts once beside five of the usual.
    firm = firm_with(champions={"annual_discount_percent": 0, "type_one_percent": 100})
    people = [customer("ada"), customer("bo"), customer("new1", 70_000)]
    sent = referral("ada", at=datetime(2025, 11, 20), won_at=datetime(2025, 11, 20))
    known = scores(firm, *people, referrals=[{**sent, "came_anyway": False}])
    one = (70_000 + 5 * 30_000) / 6

    assert known["bo"]["one_referral"] == 30_000
    assert known["bo"]["referral_worth"] == 100
    assert known["ada"]["one_referral"] == round(one)
    assert known["ada"]["referral_worth"] == round(one / 300)


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


def test_a_small_firm_knows_little(firm: Any) -> None:
    host = {"contact_id": "ada", "purchase_days": 9, "sum_cents": 1}
    known = scores(firm, contacts=[{"contact_id": "ada"}], deal_rollups=[host])

    assert known["ada"]["confidence"] == "low"


def test_a_firm_without_customers_has_no_scores(firm: Any) -> None:
    assert scores(firm, contacts=[{"contact_id": "ada"}]) == {}
