"""BG/NBD: how often somebody buys, and whether they still do, from count and dates alone.

While a customer, a person buys at a rate of their own (gamma over people: shape ``r``, rate
``alpha``); after each purchase they leave with a chance of their own (beta: ``a``, ``b``). Model
and formulas: Fader, Hardie and Lee, Marketing Science 24(2), 2005. The conditional expectation is
written with Euler's transformation of the hypergeometric function, which stays finite for any
count of purchases.

``x`` counts repeat purchases, ``recency`` is the time of the last one and ``age`` the time until
today, both since the first purchase and in any one unit; ``alpha`` has that unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, gammaln, hyp2f1, psi

from goodword.clv.arrays import Floats, weighed
from goodword.clv.maximum import maximise

MEDIANS = {"r": 0.8, "a": 0.6, "b": 3.0}
"""Medians of the prior. That of alpha follows from the data: r / (1.3 x repeats in all / time in
all), so the prior has no unit. Halving or doubling any of them moves errors by less than 3 %."""
RATE_FACTOR = 1.3
"""Rate of a customer who is still there, over the pooled rate, which counts those who left."""
NEAR_ONE = 1e-4
"""The expectation divides by a - 1; that close to it, a is moved by as much."""


@dataclass(frozen=True, slots=True)
class BgNbd:
    """The four parameters; ``alpha`` in the unit of time of the data it was fitted to."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float = 0.0
    converged: bool = True


def fit(
    x: Floats, recency: Floats, age: Floats, weight: Floats | None = None, *, prior: bool = True
) -> BgNbd:
    """Return the parameters for these customers.

    Args:
        x: Repeat purchases, 0 or more.
        recency: Time of the last purchase, between 0 and *age*.
        age: Time until today.
        weight: How many customers share each position; one each if left out.
        prior: Without it, maximum likelihood (large data only).
    """
    count = np.ones_like(x) if weight is None else weight
    total = weighed(count, age)
    scale = total / float(count.sum()) or 1.0
    recent, aged = recency / scale, age / scale
    pooled = max(weighed(count, x), 1.0) / max(weighed(count, aged), 1e-9)
    medians = (
        MEDIANS["r"],
        MEDIANS["r"] / (RATE_FACTOR * pooled),
        MEDIANS["a"],
        MEDIANS["b"],
    )
    counts, where = np.unique(x, return_inverse=True)
    by_count = np.bincount(where, weights=count, minlength=counts.size).astype(np.float64)
    again = x > 0

    def log_likelihood(parameters: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = (float(p) for p in parameters)
        some = (
            gammaln(r + counts)
            - gammaln(r)
            + r * np.log(alpha)
            + gammaln(a + b)
            + gammaln(b + counts)
            - gammaln(b)
            - gammaln(a + b + counts)
        )
        stayed, gone, share = _branches(x, recent, aged, again, (r, alpha, a, b))
        value = weighed(by_count, some) + weighed(count, np.logaddexp(stayed, gone))
        kept = 1.0 - share
        log_age, log_recent = np.log(alpha + aged), np.log(alpha + recent)
        shared = np.bincount(where, weights=count * share, minlength=counts.size)
        of_r = psi(r + counts) - psi(r) + np.log(alpha)
        of_a = psi(a + b) - psi(a + b + counts)
        of_b = psi(a + b) + psi(b + counts) - psi(b) - psi(a + b + counts)
        left = shared / np.maximum(b + counts - 1.0, 1e-12) * (counts > 0)
        pull = (r + x) * (kept / (alpha + aged) + share / (alpha + recent))
        slope = np.array(
            [
                weighed(by_count, of_r) - weighed(count, kept * log_age + share * log_recent),
                float(count.sum()) * r / alpha - weighed(count, pull),
                weighed(by_count, of_a) + float(shared.sum()) / a,
                weighed(by_count, of_b) - float(left.sum()),
            ]
        )
        return value, slope

    best = maximise(log_likelihood, medians, prior=prior)
    r, alpha, a, b = best.parameters
    # Time was scaled: per customer the density of x purchases gets a factor of scale^-x.
    at_scale = best.log_likelihood - weighed(count, x) * float(np.log(scale))
    return BgNbd(r, alpha * scale, a, b, at_scale, best.converged)


def _branches(
    x: Floats,
    recency: Floats,
    age: Floats,
    again: np.ndarray[tuple[int], np.dtype[np.bool_]],
    parameters: tuple[float, float, float, float],
) -> tuple[Floats, Floats, Floats]:
    """Return the logs of "still there" and "left after the last purchase", and the latter's share.

    Whoever never bought again cannot have left: the second is minus infinity for them.
    """
    r, alpha, a, b = parameters
    stayed = -(r + x) * np.log(alpha + age)
    chance = np.log(a) - np.log(np.maximum(b + x - 1.0, 1e-12))
    gone = np.where(again, chance - (r + x) * np.log(alpha + recency), -np.inf)
    return stayed, gone, expit(np.where(again, gone - stayed, -np.inf))


def chance_alive(model: BgNbd, x: Floats, recency: Floats, age: Floats) -> Floats:
    """Return the chance that each customer is still one; 1 for those who bought once."""
    parameters = (model.r, model.alpha, model.a, model.b)
    _, _, gone = _branches(x, recency, age, x > 0, parameters)
    return np.asarray(1.0 - gone, dtype=np.float64)


def expected_purchases(
    model: BgNbd, x: Floats, recency: Floats, age: Floats, ahead: float
) -> Floats:
    """Return the purchases to expect of each customer in the next *ahead* units of time."""
    r, alpha, b = model.r, model.alpha, model.b
    a = _off_one(model.a)
    log_left = np.log1p(-ahead / (alpha + age + ahead))
    series = hyp2f1(a + b - 1.0 - r, a - 1.0, a + b + x - 1.0, ahead / (alpha + age + ahead))
    unconditional = (a + b + x - 1.0) / (a - 1.0) * (1.0 - np.exp((a - 1.0) * log_left) * series)
    expected = unconditional * chance_alive(model, x, recency, age)
    # Nobody buys less than nothing, nor faster than at a rate that never ends.
    most = (r + x) / (alpha + age) * ahead
    return np.clip(np.nan_to_num(expected, nan=0.0), 0.0, most)


def expected_from_start(model: BgNbd, ahead: float) -> float:
    """Return the repeat purchases to expect of a new customer within *ahead*."""
    nothing = np.zeros(1)
    return float(expected_purchases(model, nothing, nothing, nothing, ahead)[0])


def _off_one(a: float) -> float:
    """Return *a*, kept away from 1, where the expectation is 0/0 though its limit is finite."""
    if abs(a - 1.0) >= NEAR_ONE:
        return a
    return 1.0 + NEAR_ONE if a >= 1.0 else 1.0 - NEAR_ONE
