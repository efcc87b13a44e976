"""What a customer will be worth: which model speaks, how sure it is, and no input breaks it."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from histories_of import TODAY, Customer, histories
from hypothesis import example, given, settings
from hypothesis import strategies as st

from goodword.clv import reasons
from goodword.clv.worth import CONTRACTS, OBSERVED, ORDERS, Terms, Worth, worth

REGULAR = [Customer(days=n % 5 + 1, since=700, ago=700 - 100 * (n % 5)) for n in range(40)]
ONCE = [Customer(1, 100 + 10 * n, 100 + 10 * n) for n in range(40)]


def scored(customers: list[Customer], **terms: object) -> Worth:
    return worth(histories(customers), TODAY, Terms(**terms))  # type: ignore[arg-type]  # test rows


def sound(found: Worth, size: int) -> None:
    """Every number is finite and in its range, and every score has a reason."""
    for values in (found.value, found.alive, found.expected, found.each):
        if values is not None:
            assert values.shape == (size,)
            assert np.all(np.isfinite(values))
            assert np.all(values >= 0.0)
    assert np.all(found.alive <= 1.0) if found.alive is not None else True
    assert set(found.confidence.tolist()) <= {0, 1, 2}
    assert all(found.reasons.tolist())
    assert found.model


def test_twenty_customers_who_come_back_get_a_model() -> None:
    found = scored(REGULAR[:20])

    assert found.model == ORDERS
    sound(found, 20)


def test_below_twenty_the_observed_margin_speaks_with_low_confidence() -> None:
    found = scored(REGULAR[:19])

    assert found.model == OBSERVED
    assert set(found.confidence.tolist()) == {0}
    assert reasons.SMALL in found.reasons[0]
    sound(found, 19)


def test_where_nobody_came_back_the_observed_margin_speaks() -> None:
    found = scored(ONCE)

    assert (found.model, set(found.confidence.tolist())) == (OBSERVED, {0})
    assert reasons.SILENT in found.reasons[0]
    sound(found, 40)


def test_the_observed_margin_of_a_year_is_worked_out_by_hand() -> None:
    # One year each, 100.00 and 300.00: the mean year is 200.00, and each gets one such year more.
    two = [Customer(1, 365, 365, 10_000.0), Customer(1, 365, 365, 30_000.0)]
    found = scored(two, annual_discount_percent=0.0)

    assert found.value == pytest.approx([15_000, 25_000])


def test_value_is_purchases_times_margin_less_a_year_of_discount() -> None:
    found, plain = scored(REGULAR), scored(REGULAR, annual_discount_percent=0.0)

    assert plain.expected is not None
    assert plain.each is not None
    assert plain.value == pytest.approx(plain.expected * plain.each)
    ratio = found.value / plain.value
    assert np.all((ratio > 1 / 1.15) & (ratio < 1.0))


def test_a_longer_horizon_is_worth_more() -> None:
    year, two = scored(REGULAR), scored(REGULAR, horizon_months=24)

    assert np.all(two.value > year.value)


def test_who_bought_more_of_late_is_worth_more() -> None:
    lately = Customer(5, 700, 10)
    long_ago = Customer(5, 700, 500)
    found = scored([*REGULAR, lately, long_ago])

    assert found.value[-2] > found.value[-1]


def test_confidence_grows_with_what_was_seen() -> None:
    found = scored([*REGULAR, Customer(1, 9, 9), Customer(2, 90, 9), Customer(5, 700, 9)])

    assert found.confidence[-3:].tolist() == [0, 1, 2]
    assert reasons.ONCE in found.reasons[-3]
    assert reasons.SEEN in found.reasons[-1]


def test_contracts_are_worth_all_their_renewals() -> None:
    loyal, new, ended = Customer(6, 1900, 40), Customer(1, 90, 90), Customer(2, 1500, 1100)
    book = [Customer(n % 4 + 1, 400 + 365 * (n % 4), 400 if n % 3 else 90) for n in range(30)]
    found = scored([*book, loyal, new, ended], sells="contracts")

    assert found.model == CONTRACTS
    assert found.value[-3] > found.value[-2] > 0
    assert found.value[-1] == 0
    sound(found, 33)


@pytest.mark.parametrize("sells", ["orders", "contracts"])
def test_nothing_more_is_expected_of_who_ended_it(sells: Literal["orders", "contracts"]) -> None:
    rows = histories([*REGULAR, Customer(4, 300, 10)])
    ended = np.arange(rows.days.size) == rows.days.size - 1
    found = worth(replace(rows, ended=ended), TODAY, Terms(sells=sells))

    assert found.value[-1] == 0
    assert reasons.ENDED in found.reasons[-1]
    assert (found.value[:-1] > 0).any()
    sound(found, 41)


def test_contracts_without_a_discount_are_counted_with_one_and_say_so() -> None:
    free = scored(REGULAR, sells="contracts", annual_discount_percent=0.0)
    small = scored(REGULAR, sells="contracts", annual_discount_percent=1.0)

    assert free.value.tolist() == small.value.tolist()
    assert reasons.UNDISCOUNTED in free.reasons[0]
    assert reasons.UNDISCOUNTED not in small.reasons[0]


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (Customer(3, 300, 30, cents=-5_000.0), reasons.UNPROFITABLE),
        (Customer(3, 300, 30, cents=0.0), reasons.UNPROFITABLE),
        (Customer(3, -30, -60), reasons.FUTURE),
        (Customer(3, 300, -30), reasons.FUTURE),
        (Customer(3, np.nan, np.nan), reasons.UNDATED),
        (Customer(9, 3, 1), reasons.CONTRADICTS),
        (Customer(3, 30, 300), reasons.CONTRADICTS),
        (Customer(3, 300, 30, priced=False), reasons.UNPRICED),
        (Customer(3, 300, 30, cents=1e9), reasons.GIANT),
        (Customer(3, 300, 30, summed=True), reasons.SUMMED),
    ],
)
def test_what_is_odd_about_a_history_is_said(odd: Customer, reason: str) -> None:
    found = scored([*REGULAR, odd])

    assert reason in found.reasons[-1]
    assert not any(reason in text for text in found.reasons[:-1])
    sound(found, 41)


def test_a_loss_is_worth_little_and_an_unknown_amount_the_average() -> None:
    loss, unknown, usual = (
        Customer(3, 300, 30, cents=-5_000.0),
        Customer(3, 300, 30, priced=False),
        Customer(3, 300, 30),
    )
    found = scored([*REGULAR, loss, unknown, usual])

    assert found.value[-3] < 0.8 * found.value[-1]
    assert found.value[-2] == pytest.approx(found.value[-1], rel=0.05)


def test_spend_that_moves_with_frequency_costs_confidence() -> None:
    growing = [c._replace(cents=10_000.0 * c.days) for c in REGULAR]
    found = scored(growing)

    assert reasons.TOGETHER in found.reasons[0]
    assert found.confidence.max() == 1


def test_identical_customers_are_worth_the_same() -> None:
    found = scored([Customer(3, 300, 30)] * 50)

    assert np.ptp(found.value) == 0.0
    sound(found, 50)


def test_many_histories_are_grouped_without_moving_the_score(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = np.random.default_rng(3)
    town = []
    for _ in range(600):
        days, since = int(chance.geometric(0.4)), int(chance.integers(200, 1500))
        town.append(Customer(days, since, since if days == 1 else int(chance.integers(1, since))))
    exact = scored(town)
    monkeypatch.setattr("goodword.clv.worth.GRID_FROM", 10)
    grouped = scored(town)

    assert grouped.value.sum() == pytest.approx(exact.value.sum(), rel=0.01)
    assert np.corrcoef(grouped.value, exact.value)[0, 1] > 0.999


numbers = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(-1e4, 1e4),
    st.integers(-5, 50).map(float),
)
anybody = st.builds(Customer, numbers, numbers, numbers, numbers, st.booleans(), st.booleans())


@settings(max_examples=150, deadline=None)
@given(
    st.lists(anybody, min_size=1, max_size=12),
    st.integers(0, 30),
    st.sampled_from(["orders", "contracts"]),
    st.integers(1, 60),
    st.sampled_from([0.0, 15.0, 300.0]),
)
@example([Customer(1e308, 1e308, -1e308, 1e308)], 20, "orders", 12, 15.0)
def test_no_history_however_absurd_breaks_the_score(
    odd: list[Customer],
    usual: int,
    sells: Literal["orders", "contracts"],
    months: int,
    discount: float,
) -> None:
    with np.errstate(over="ignore", invalid="ignore"):  # of the test's own rows
        given_rows = histories([*odd, *REGULAR[:usual]])
    terms = Terms(horizon_months=months, annual_discount_percent=discount, sells=sells)

    sound(worth(given_rows, TODAY, terms), len(odd) + usual)
