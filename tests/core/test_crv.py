"""The value of referrals, against hand-computed numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.crv import (
    acceptance,
    expected_value,
    rate_per_period,
    referral_rate,
    share_of_type_one,
    type_one,
    type_two,
    value_of_one,
)

HALF_YEAR = 1.15**0.5 - 1
money = st.floats(0, 1e6)


def test_a_yearly_rate_of_15_percent_is_the_published_rate_per_half_year() -> None:
    assert rate_per_period(15) == pytest.approx(0.07238, abs=1e-5)
    assert (1 + rate_per_period(15)) ** 2 == pytest.approx(1.15)


def test_the_worked_example_comes_to_155_064() -> None:
    # Two half-years; one referral who would not have joined (60 margin and 5 marketing a period,
    # 20 reward and 40 saved in the first) and one who would have joined anyway (40 saved).
    would_not = type_one([60, 60], marketing=5, reward=20, saving=40, rate=HALF_YEAR)
    would = type_two(reward=0, saving=40, rate=HALF_YEAR)

    assert would_not + would == pytest.approx(155.064, abs=5e-4)


def test_a_paid_reward_is_a_cost_whoever_would_have_come() -> None:
    assert type_two(saving=40, reward=15, rate=0) == 25
    assert type_two(saving=40, reward=15, rate=0, net_reward_on_type_two=False) == 40


def test_one_good_referral_says_little_about_the_next() -> None:
    assert value_of_one(0.0, 0.0, 100.0) == 100
    assert value_of_one(700.0, 1.0, 100.0) == 200
    assert value_of_one(0.0, 5.0, 100.0) == 50


@given(money, st.floats(0, 1))
def test_without_a_reward_both_ways_to_count_it_agree(saving: float, rate: float) -> None:
    net = type_two(reward=0, saving=saving, rate=rate)

    assert net == type_two(reward=0, saving=saving, rate=rate, net_reward_on_type_two=False)


@given(money, money, money, money, st.floats(0, 1))
def test_the_value_of_a_referral_is_a_line_over_its_margin(
    margin: float, marketing: float, reward: float, saving: float, rate: float
) -> None:
    # The bundled score multiplies a firm's mean margin by the slope of this line.
    fixed = type_one([0, 0], marketing=marketing, reward=reward, saving=saving, rate=rate)
    slope = type_one([0.5, 0.5], marketing=0, reward=0, saving=0, rate=rate)
    half = margin / 2
    whole = type_one([half, half], marketing=marketing, reward=reward, saving=saving, rate=rate)

    assert whole == pytest.approx(fixed + slope * margin, rel=1e-9, abs=1e-3)


@given(st.floats(0, 1), money, money)
def test_the_expected_value_lies_between_the_two_types(p: float, one: float, two: float) -> None:
    value = expected_value(p, one, two)

    assert min(one, two) - 1e-3 <= value <= max(one, two) + 1e-3


def test_a_rate_moves_from_the_firms_mean_to_the_persons_own_record() -> None:
    assert referral_rate(0.0, 0.0, 0.2, 1) == pytest.approx(0.2)
    assert referral_rate(3.0, 1.0, 0.2, 1) == pytest.approx(1.6)
    assert referral_rate(30.0, 10.0, 0.2, 1) == pytest.approx(30.2 / 11)


def test_acceptance_starts_at_8_percent_and_learns_from_answers() -> None:
    assert acceptance(0.0, 0.0, 0.08) == pytest.approx(0.08)
    assert acceptance(2.0, 3.0, 0.08) == pytest.approx(2.8 / 13)
    assert acceptance(0.0, 10.0, 0.08) < 0.08


def test_the_share_of_types_starts_at_the_setting_and_learns_from_reps() -> None:
    assert share_of_type_one(0.5, 0.0, 0.0) == pytest.approx(0.5)
    assert share_of_type_one(0.5, 8.0, 2.0) == pytest.approx(0.25)
