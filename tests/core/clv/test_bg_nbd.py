"""How often people buy: the published numbers, and sense at every size."""

from __future__ import annotations

import numpy as np
import pytest
from cdnow import Summary
from hypothesis import given
from hypothesis import strategies as st

from goodword.clv import bg_nbd
from goodword.clv.bg_nbd import BgNbd

PUBLISHED = BgNbd(0.2425945, 4.4136019, 0.7929199, 2.4258881)


def one(value: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([value])


def test_without_a_prior_the_published_parameters_come_out(cdnow: Summary) -> None:
    found = bg_nbd.fit(cdnow.x, cdnow.recency, cdnow.age, prior=False)

    parameters = (found.r, found.alpha, found.a, found.b)
    assert parameters == pytest.approx((0.2426, 4.4135, 0.7929, 2.4258), abs=1e-3)
    assert found.log_likelihood == pytest.approx(-9582.426, abs=1e-2)
    assert found.converged


def test_at_two_thousand_customers_the_prior_says_next_to_nothing(cdnow: Summary) -> None:
    plain = bg_nbd.fit(cdnow.x, cdnow.recency, cdnow.age, prior=False)
    weak = bg_nbd.fit(cdnow.x, cdnow.recency, cdnow.age)

    history = cdnow.x, cdnow.recency, cdnow.age
    totals = [bg_nbd.expected_purchases(model, *history, 39.0).sum() for model in (plain, weak)]
    assert totals[1] == pytest.approx(totals[0], rel=0.01)


def test_the_unit_of_time_does_not_matter(cdnow: Summary) -> None:
    weeks = bg_nbd.fit(cdnow.x, cdnow.recency, cdnow.age)
    days = bg_nbd.fit(cdnow.x, cdnow.recency * 7.0, cdnow.age * 7.0)

    assert days.alpha == pytest.approx(weeks.alpha * 7.0, rel=1e-3)
    assert (days.r, days.a, days.b) == pytest.approx((weeks.r, weeks.a, weeks.b), rel=1e-3)


def test_customers_may_be_counted_by_pattern(cdnow: Summary) -> None:
    rows = np.column_stack((cdnow.x, cdnow.recency, cdnow.age))
    patterns, count = np.unique(rows, axis=0, return_counts=True)
    x, recency, age = patterns.T
    grouped = bg_nbd.fit(x, recency, age, count.astype(np.float64), prior=False)

    assert patterns.shape[0] < cdnow.x.size
    assert grouped.log_likelihood == pytest.approx(-9582.426, abs=1e-2)


def test_a_customer_is_expected_to_buy_as_often_as_published() -> None:
    history = one(2.0), one(30.43), one(38.86)

    assert bg_nbd.expected_purchases(PUBLISHED, *history, 39.0)[0] == pytest.approx(1.226, abs=1e-3)
    assert bg_nbd.chance_alive(PUBLISHED, *history)[0] == pytest.approx(0.7266, abs=1e-3)


@pytest.mark.parametrize(
    ("weeks", "purchases"),
    [(0.1429, 0.0078), (1, 0.0532), (3, 0.1506), (31.8571, 1.0405), (32, 1.0437), (78, 1.8576)],
)
def test_a_new_customer_is_expected_to_buy_as_often_as_published(
    weeks: float, purchases: float
) -> None:
    assert bg_nbd.expected_from_start(PUBLISHED, weeks) == pytest.approx(purchases, abs=1e-3)


def test_whoever_bought_once_cannot_have_left_after_buying_again() -> None:
    assert bg_nbd.chance_alive(PUBLISHED, one(0.0), one(0.0), one(38.86))[0] == 1.0


@pytest.mark.parametrize("a", [1.0, 1.0 + 1e-9, 1.0 - 1e-9])
def test_the_gap_of_the_formula_at_a_of_one_is_closed(a: float) -> None:
    history = one(2.0), one(30.43), one(38.86)
    beside = BgNbd(0.24, 4.41, 1.01, 2.43)
    at = bg_nbd.expected_purchases(BgNbd(0.24, 4.41, a, 2.43), *history, 39.0)[0]

    assert at == pytest.approx(bg_nbd.expected_purchases(beside, *history, 39.0)[0], rel=0.01)


def test_more_silence_means_less_hope() -> None:
    ages = np.array([40.0, 60.0, 90.0, 200.0])
    alive = bg_nbd.chance_alive(PUBLISHED, np.full(4, 3.0), np.full(4, 35.0), ages)

    assert np.all(np.diff(alive) < 0)


@pytest.mark.parametrize("size", [20, 30, 60])
def test_a_small_firm_never_gets_a_degenerate_fit(size: int, cdnow: Summary) -> None:
    chance = np.random.default_rng(size)
    for _ in range(25):
        some = chance.choice(cdnow.x.size, size, replace=False)
        if cdnow.x[some].sum() < 2:
            continue
        model = bg_nbd.fit(cdnow.x[some], cdnow.recency[some], cdnow.age[some])
        assert model.converged
        assert 0.05 < model.r < 20
        assert 0.02 < model.a < 20
        assert 0.1 < model.b < 60


@given(
    st.tuples(*(st.floats(1e-2, 1e2) for _ in range(4))),
    st.floats(0, 1e5),
    st.floats(0, 1),
    st.floats(0, 1e5),
    st.floats(0, 1e4),
)
def test_no_history_breaks_the_formulas(
    parameters: tuple[float, float, float, float],
    x: float,
    share: float,
    age: float,
    ahead: float,
) -> None:
    model = BgNbd(*parameters)
    history = one(np.floor(x)), one(age * share if x >= 1 else 0.0), one(age)
    alive = bg_nbd.chance_alive(model, *history)[0]
    expected = bg_nbd.expected_purchases(model, *history, ahead)[0]

    assert 0.0 <= alive <= 1.0
    assert np.isfinite(expected)
    assert expected >= 0.0
