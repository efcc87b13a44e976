"""Whatever a firm's data holds, the score is a number with a reason: never NaN, never a crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword.defaults import goodword_champion_score
from goodword.tables import Frame

NOW = datetime(2026, 11, 20)
Rows = dict[str, list[dict[str, Any]]]
WHOLE = ("clv", "crv", "p_refer", "n", "brought", "one_referral")


def days(number: int) -> datetime:
    return NOW - timedelta(days=number)


def deal(who: str, number: int, ago: int, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    name = f"d-{who}-{number}"
    row = {"deal_id": name, "status": "won", "amount_cents": 10_000, "closed_at": days(ago)}
    return {**row, **more}, {"deal_id": name, "contact_id": who}


def firm_of(people: Mapping[str, list[dict[str, Any]]], referrals: list[Any] | None = None) -> Rows:
    """A firm whose customers bought as told: days ago, and what is odd about a deal."""
    rows: Rows = {"contacts": [], "deals": [], "deal_contacts": [], "referrals": referrals or []}
    for who, bought in people.items():
        rows["contacts"].append({"contact_id": who, "email": f"{who}@example.com"})
        for number, one in enumerate(bought):
            sold, link = deal(who, number, **one)
            rows["deals"].append(sold)
            rows["deal_contacts"].append(link)
    return rows


def regular(size: int) -> dict[str, list[dict[str, Any]]]:
    return {
        f"c{n:03}": [{"ago": 900 - 90 * time - n} for time in range(n % 5 + 1)] for n in range(size)
    }


def sent(referrer: str, referred: str, ago: int = 400) -> dict[str, Any]:
    row = {"referral_id": f"{referrer}-{referred}", "referrer_id": referrer, "status": "won"}
    return {**row, "referred_id": referred, "at": days(ago), "won_at": days(ago - 10)}


def scored(firm: Any, rows: Rows, *others: Any) -> dict[str, dict[str, Any]]:
    """The scores of these rows, each one looked at, also under the settings of *others*."""
    tables, facts = firm.tables(**rows), firm.frame(**rows)
    for other in others:
        looked_at(other, goodword_champion_score(tables, facts, firm.today, other.settings))
    return looked_at(firm, goodword_champion_score(tables, facts, firm.today, firm.settings))


def looked_at(firm: Any, frame: Frame) -> dict[str, dict[str, Any]]:
    """The scores by contact, none of them absurd."""
    found = {row["contact_id"]: row for row in firm.engine.collect(frame).rows(named=True)}
    for row in found.values():
        assert all(type(row[name]) is int for name in WHOLE), row
        assert row["clv"] >= 0
        assert 0 <= row["p_refer"] <= 1000
        assert row["referral_worth"] is None or row["referral_worth"] >= 1
        assert row["model"]
        assert row["reasons"]
        assert row["confidence"] in {"low", "medium", "high"}
    return found


ODD: dict[str, Callable[[], Rows]] = {
    "negative margins": lambda: firm_of(
        {who: [b | {"margin_cents": -500} for b in sold] for who, sold in regular(30).items()}
    ),
    "margins of nothing": lambda: firm_of(
        {who: [b | {"margin_cents": 0} for b in sold] for who, sold in regular(30).items()}
    ),
    "refunds of everything": lambda: firm_of(
        {
            who: [*sold, {"ago": 5, "kind": "refund", "amount_cents": -10_000 * len(sold)}]
            for who, sold in regular(30).items()
        }
    ),
    "dates in the future": lambda: firm_of(
        regular(25) | {"late": [{"ago": -40}, {"ago": -4000}], "both": [{"ago": 9}, {"ago": -9}]}
    ),
    "one giant customer": lambda: firm_of(
        regular(30) | {"giant": [{"ago": n, "amount_cents": 9 * 10**13} for n in range(1, 300, 7)]}
    ),
    "all bought once": lambda: firm_of({f"c{n}": [{"ago": n + 1}] for n in range(40)}),
    "all the same": lambda: firm_of({f"c{n}": [{"ago": 90}, {"ago": 9}] for n in range(40)}),
    "one customer": lambda: firm_of({"only": [{"ago": 90}, {"ago": 9}]}),
    "nobody": lambda: firm_of({}),
    "a ring of referrals": lambda: firm_of(
        regular(30), [sent(f"c{n:03}", f"c{(n + 1) % 5:03}", 400 + n) for n in range(5)]
    ),
    "a chain of a hundred": lambda: firm_of(
        {f"c{n:03}": [{"ago": 1000 - 3 * n}, {"ago": 20}] for n in range(101)},
        [sent(f"c{n:03}", f"c{n + 1:03}", 1000 - 3 * n) for n in range(100)],
    ),
    "missing margins": lambda: firm_of(
        {who: [b | {"amount_cents": None} for b in sold] for who, sold in regular(30).items()}
    ),
    "some in another currency": lambda: firm_of(
        {
            who: [b | {"amount_cents": None if who > "c010" else 5_000} for b in sold]
            for who, sold in regular(30).items()
        }
    ),
    "no dates": lambda: firm_of(
        {who: [b | {"closed_at": None} for b in sold] for who, sold in regular(30).items()}
    ),
}


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_firm_has_scores_with_reasons(firm: Any, firm_with: Any, odd: str) -> None:
    contracts = firm_with(champions={"sells": "contracts", "annual_discount_percent": 0})
    found = scored(firm, ODD[odd](), contracts)

    assert found or odd in {"nobody", "no dates"}


def test_somebody_who_refers_themselves_gets_nothing_for_it(firm: Any) -> None:
    rows = firm_of(regular(30) | {"twin": [{"ago": 300}]}, [sent("c004", "twin", 310)])
    rows["contacts"][-1]["email"] = "C004+new@example.com"
    found = scored(firm, rows)

    assert found["c004"]["brought"] == 0
    assert "under another address" in found["c004"]["reasons"]


amounts = st.none() | st.sampled_from([0, -1, 1, 10**15, -(10**12)]) | st.integers(-(10**6), 10**7)


@pytest.mark.long
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6), st.integers(0, 45), st.lists(amounts, min_size=1, max_size=9))
def test_no_mixture_of_oddities_breaks_the_score(
    firm: Any, seed: int, size: int, sums: list[int | None]
) -> None:
    chance = Random(seed)  # noqa: S311 - a firm, not a secret
    people: dict[str, list[dict[str, Any]]] = {
        f"c{n:03}": [
            {
                "ago": chance.choice([-500, -1, 0, 1, 30, 400, 3000]) + chance.randrange(3),
                "amount_cents": chance.choice(sums),
                "margin_cents": chance.choice([None, *sums]),
                "kind": chance.choice([None, "refund", "renewal", "repeat"]),
            }
            for _ in range(chance.randrange(6))
        ]
        for n in range(size)
    }
    ends = [f"c{n:03}" for n in range(max(1, size))]
    claims = [
        sent(chance.choice(ends), chance.choice(ends), chance.choice([-20, 0, 90, 700]))
        | {"referral_id": f"r{n}", "source": chance.choice([None, "link", "rep"])}
        for n in range(chance.randrange(20))
    ]
    scored(firm, firm_of(people, claims))


def test_the_day_does_not_matter(firm: Any) -> None:
    rows = firm_of(regular(25))
    frame = goodword_champion_score(
        firm.tables(**rows), firm.frame(date(1999, 1, 1), **rows), date(1999, 1, 1), firm.settings
    )
    assert firm.engine.collect(frame).rows() == []
