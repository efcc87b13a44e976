"""Who renews, and what the rest of a contract is worth: the published numbers."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.clv import contracts
from goodword.clv.contracts import ShiftedBetaGeometric

REGULAR = (1000, 631, 468, 382, 326, 289, 262, 241)
HIGH_END = (1000, 869, 743, 653, 593, 551, 517, 491)


def fitted(*survivors: int, prior: bool = False) -> ShiftedBetaGeometric:
    """The model of a cohort followed for seven years."""
    left = np.array([0, *(a - b for a, b in pairwise(survivors))])
    there = np.zeros(len(survivors))
    there[-1] = survivors[-1]
    return contracts.fit(left.astype(np.float64), there, prior=prior)


@pytest.mark.parametrize(
    ("cohort", "alpha", "beta", "log_likelihood"),
    [(REGULAR, 0.704, 1.182, -1680.27), (HIGH_END, 0.668, 3.806, -1611.16)],
)
def test_the_published_parameters_come_out(
    cohort: tuple[int, ...], alpha: float, beta: float, log_likelihood: float
) -> None:
    model = fitted(*cohort)

    assert (model.alpha, model.beta) == pytest.approx((alpha, beta), abs=1e-3)
    assert model.log_likelihood == pytest.approx(log_likelihood, abs=1e-2)


def test_a_thousand_contracts_outweigh_the_prior() -> None:
    plain, weak = fitted(*HIGH_END), fitted(*HIGH_END, prior=True)
    years = np.arange(1.0, 13.0)

    assert contracts.survival(weak, years) == pytest.approx(
        contracts.survival(plain, years), abs=0.01
    )


def test_survival_in_the_years_after_is_as_published() -> None:
    shares = contracts.survival(fitted(*HIGH_END), np.arange(8.0, 13.0))

    assert shares == pytest.approx([0.460, 0.436, 0.414, 0.395, 0.378], abs=1e-3)


def test_the_rest_of_a_contract_is_worth_what_was_published() -> None:
    model = ShiftedBetaGeometric(0.668, 3.806)

    assert contracts.remaining_periods(model, np.array([7.0]), 0.1)[0] == pytest.approx(
        7.530, abs=1e-3
    )


def test_a_new_contract_is_worth_more_than_a_constant_rate_says() -> None:
    assert contracts.expected_periods(fitted(*HIGH_END), 0.1) == pytest.approx(5.92, abs=0.005)
    assert contracts.expected_periods(fitted(*REGULAR), 0.1) == pytest.approx(3.695, abs=1e-3)


def test_the_closed_form_is_the_sum_of_the_years() -> None:
    model, renewals = ShiftedBetaGeometric(0.668, 3.806), 7.0
    years = np.arange(1.0, 5000.0)
    share = contracts.survival(model, renewals + years) / contracts.survival(
        model, np.array([renewals])
    )
    by_hand = float((share / 1.1 ** (years - 1.0)).sum())

    assert contracts.remaining_periods(model, np.array([renewals]), 0.1)[0] == pytest.approx(
        by_hand, rel=1e-6
    )


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=12))
def test_every_book_of_contracts_has_a_finite_value(book: list[tuple[int, int]]) -> None:
    lost = np.array([0.0, *(float(gone) for gone, _ in book[1:])])
    there = np.array([float(active) for _, active in book])
    model = contracts.fit(lost, there)
    rest = contracts.remaining_periods(model, np.arange(20.0), 0.0)

    assert np.all(np.isfinite(rest))
    assert np.all(np.diff(rest) >= -1e-9)  # who stayed longer stays longer
