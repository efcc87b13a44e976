"""What a purchase brings: the published numbers, and means that stay between what was seen."""

from __future__ import annotations

import numpy as np
import pytest
from cdnow import Summary
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.clv import gamma_gamma


def test_without_a_prior_the_published_parameters_come_out(cdnow: Summary) -> None:
    again = cdnow.x > 0
    found = gamma_gamma.fit(cdnow.x[again], cdnow.mean[again], prior=False)

    assert (found.p, found.q, found.v) == pytest.approx((6.249, 3.745, 15.448), abs=1e-3)
    assert found.log_likelihood == pytest.approx(-4055.923, abs=1e-2)


def test_mean_amounts_are_as_published(cdnow: Summary) -> None:
    again = cdnow.x > 0
    model = gamma_gamma.fit(cdnow.x[again], cdnow.mean[again], prior=False)
    first = gamma_gamma.mean_of_one(model, cdnow.x[:10], cdnow.mean[:10])
    published = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]

    # The published column was worked out with parameters of two digits.
    assert first == pytest.approx(published, abs=0.06)
    assert first[2] == pytest.approx(model.p * model.v / (model.q - 1.0))


def test_spend_hardly_moves_with_frequency_there(cdnow: Summary) -> None:
    again = cdnow.x > 0

    assert gamma_gamma.correlation(cdnow.x[again], cdnow.mean[again]) == pytest.approx(
        0.114, abs=1e-3
    )


def test_the_unit_of_money_does_not_matter(cdnow: Summary) -> None:
    again = cdnow.x > 0
    dollars = gamma_gamma.fit(cdnow.x[again], cdnow.mean[again])
    cents = gamma_gamma.fit(cdnow.x[again], cdnow.mean[again] * 100.0)

    assert cents.v == pytest.approx(dollars.v * 100.0, rel=1e-2)
    assert (cents.p, cents.q) == pytest.approx((dollars.p, dollars.q), rel=1e-2)


means = st.lists(st.tuples(st.integers(1, 500), st.floats(0.01, 1e9)), min_size=1, max_size=40)


@settings(max_examples=30, deadline=None)
@given(means)
def test_an_estimate_lies_between_the_customers_own_mean_and_the_firms(
    seen: list[tuple[int, float]],
) -> None:
    purchases, mean = (np.array(column, dtype=np.float64) for column in zip(*seen, strict=True))
    model = gamma_gamma.fit(purchases, mean)
    firm = model.p * model.v / (model.q - 1.0)
    own = gamma_gamma.mean_of_one(model, purchases, mean)

    assert model.q > 1.0
    assert np.all(own >= np.minimum(mean, firm) * (1 - 1e-9))
    assert np.all(own <= np.maximum(mean, firm) * (1 + 1e-9))


def test_what_is_the_same_for_everybody_moves_with_nothing() -> None:
    assert gamma_gamma.correlation(np.array([1.0, 2.0, 3.0]), np.full(3, 5.0)) == 0.0
    assert gamma_gamma.correlation(np.array([1.0]), np.array([5.0])) == 0.0
