"""Published numbers of the models, and ours beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from cdnow import Summary

from goodword.clv import bg_nbd, contracts, gamma_gamma
from goodword.clv.contracts import ShiftedBetaGeometric
from goodword.crv import rate_per_period, type_one, type_two

LIFETIMES = "lifetimes `tests/test_estimation.py`"
HARDIE = "a sheet by Hardie, in lifetimes' tests"
COHORTS = "Fader and Hardie 2007"
REGULAR = (1000, 631, 468, 382, 326, 289, 262, 241)
HIGH_END = (1000, 869, 743, 653, 593, 551, 517, 491)


@dataclass(frozen=True, slots=True)
class Golden:
    """One published number; *tolerance* is how far ours may lie from it."""

    what: str
    published: float
    ours: float
    source: str
    tolerance: float = 1e-3


def golden(data: Summary) -> list[Golden]:
    """Return every number, worked out now.

    Args:
        data: The published sample of 2,357 customers.
    """
    return [*_bg_nbd(data), *_gamma_gamma(data), *_contracts(), *_referrals()]


def _bg_nbd(data: Summary) -> Iterator[Golden]:
    model = bg_nbd.fit(data.x, data.recency, data.age, prior=False)
    yield Golden("BG/NBD r", 0.2426, model.r, LIFETIMES)
    yield Golden("BG/NBD alpha, weeks", 4.4136, model.alpha, LIFETIMES)
    yield Golden("BG/NBD a", 0.7929, model.a, LIFETIMES)
    yield Golden("BG/NBD b", 2.4259, model.b, LIFETIMES)
    yield Golden("BG/NBD log-likelihood", -9582.429, model.log_likelihood, "CLVTools", 1e-2)
    one = np.array([2.0]), np.array([30.43]), np.array([38.86])
    ahead = float(bg_nbd.expected_purchases(model, *one, 39.0)[0])
    yield Golden("purchases in 39 weeks after 2 in 38.86, last at 30.43", 1.226, ahead, HARDIE)
    new = {0.1429: 0.0078, 1.0: 0.0532, 3.0: 0.1506, 31.8571: 1.0405, 32.0: 1.0437, 78.0: 1.8576}
    for weeks, published in new.items():
        ours = bg_nbd.expected_from_start(model, weeks)
        yield Golden(f"purchases of a new customer in {weeks:g} weeks", published, ours, HARDIE)


def _gamma_gamma(data: Summary) -> Iterator[Golden]:
    again = data.x > 0
    model = gamma_gamma.fit(data.x[again], data.mean[again], prior=False)
    source = "lifetimes, and CLVTools"
    # Published with two digits.
    yield Golden("Gamma-Gamma p, 946 repeat buyers", 6.25, model.p, source, 5e-3)
    yield Golden("Gamma-Gamma q", 3.74, model.q, source, 5e-3)
    yield Golden("Gamma-Gamma v", 15.44, model.v, source, 1e-2)
    yield Golden("Gamma-Gamma log-likelihood", -4055.918, model.log_likelihood, source, 1e-2)
    first = gamma_gamma.mean_of_one(model, data.x[:6], data.mean[:6])
    published = {0: 24.65, 1: 18.91, 2: 35.17, 5: 71.46}
    for place, amount in published.items():
        what = f"mean spend of customer {place + 1}"
        yield Golden(what, amount, float(first[place]), HARDIE, 0.06)


def _cohort(survivors: Sequence[int]) -> ShiftedBetaGeometric:
    left = np.array([0, *(a - b for a, b in pairwise(survivors))], dtype=np.float64)
    there = np.zeros(len(survivors))
    there[-1] = survivors[-1]
    return contracts.fit(left, there, prior=False)


def _contracts() -> Iterator[Golden]:
    regular, high = _cohort(REGULAR), _cohort(HIGH_END)
    yield Golden("sBG regular alpha", 0.704, regular.alpha, COHORTS)
    yield Golden("sBG regular beta", 1.182, regular.beta, COHORTS)
    yield Golden("sBG high end alpha", 0.668, high.alpha, COHORTS)
    yield Golden("sBG high end beta", 3.806, high.beta, COHORTS)
    for year, share in {8: 0.460, 9: 0.436, 10: 0.414, 11: 0.395, 12: 0.378}.items():
        ours = float(contracts.survival(high, np.array([float(year)]))[0])
        yield Golden(f"sBG high end, still there in year {year}", share, ours, COHORTS)
    exact = ShiftedBetaGeometric(0.668, 3.806)
    rest = float(contracts.remaining_periods(exact, np.array([7.0]), 0.1)[0])
    yield Golden("years to come after 7 renewals, at 10 %", 7.530, rest, "Fader and Hardie 2010")


def _referrals() -> Iterator[Golden]:
    rate = rate_per_period(15)
    yield Golden("15 % a year, per half-year", 0.07238, rate, "published referral work", 1e-5)
    would_not = type_one([60, 60], marketing=5, reward=20, saving=40, rate=rate)
    ours = would_not + type_two(reward=0, saving=40, rate=rate)
    yield Golden("referral value, example worked by hand", 155.064, ours, "this project")
