"""Contracts: the shifted beta-geometric model of who renews, and what the rest is worth.

At the end of each period a customer leaves with a chance of their own, spread over people as a
beta distribution. Those who stayed are the loyal ones, so retention rises with the periods
survived; one constant rate undervalues them by 25 to 37 %. Fader and Hardie, Journal of
Interactive Marketing 21(1), 2007, and Marketing Science 29(1), 2010 (DERL).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, hyp2f1, psi

from goodword.clv.arrays import Floats, weighed
from goodword.clv.maximum import maximise

LEAST_DISCOUNT = 0.001
"""Smallest discount a period: without one, the value of a contract may be infinite."""


@dataclass(frozen=True, slots=True)
class ShiftedBetaGeometric:
    """Parameters of the beta distribution of the chance to leave."""

    alpha: float
    beta: float
    log_likelihood: float = 0.0
    converged: bool = True


def fit(lost: Floats, active: Floats, *, prior: bool = True) -> ShiftedBetaGeometric:
    """Return the parameters for these contracts.

    Args:
        lost: ``lost[k]`` customers paid k periods and left; ``lost[0]`` is 0.
        active: ``active[n]`` customers renewed n times and are still there.
        prior: Without it, maximum likelihood (large data only). The prior is weak and scaled by
            the share of renewals that failed (convention).
    """
    left: Floats = np.maximum(np.arange(lost.size, dtype=np.float64), 1.0).astype(np.float64)
    paid: Floats = np.arange(active.size, dtype=np.float64)
    failed = float(lost.sum())
    chances = failed + weighed(lost, left - 1.0) + weighed(active, paid)
    churn = (failed + 0.5) / (chances + 1.0)
    medians = (1.0, (1.0 - churn) / churn)

    def log_likelihood(parameters: Floats) -> tuple[float, Floats]:
        a, b = (float(n) for n in parameters)
        whole = float(betaln(a, b))
        value = weighed(lost, _betaln(a + 1.0, b + left - 1.0) - whole)
        value += weighed(active, _betaln(a, b + paid) - whole)
        both = psi(a + b)
        of_a = weighed(lost, psi(a + 1.0) - psi(a + b + left) - psi(a) + both)
        of_a += weighed(active, both - psi(a + b + paid))
        of_b = weighed(lost, psi(b + left - 1.0) - psi(a + b + left) - psi(b) + both)
        of_b += weighed(active, psi(b + paid) - psi(a + b + paid) - psi(b) + both)
        return value, np.array([of_a, of_b])

    best = maximise(log_likelihood, medians, prior=prior)
    alpha, beta = best.parameters
    return ShiftedBetaGeometric(alpha, beta, best.log_likelihood, best.converged)


def _betaln(a: float, b: Floats) -> Floats:
    return np.asarray(betaln(a, b), dtype=np.float64)


def survival(model: ShiftedBetaGeometric, periods: Floats) -> Floats:
    """Return the share of new customers that renews at least *periods* times."""
    a, b = model.alpha, model.beta
    return np.asarray(np.exp(betaln(a, b + periods) - betaln(a, b)), dtype=np.float64)


def expected_periods(model: ShiftedBetaGeometric, discount: float) -> float:
    """Return the discounted periods of a new customer, the first one included (DEL)."""
    a, b = model.alpha, model.beta
    return float(hyp2f1(1.0, b, a + b, 1.0 / (1.0 + max(discount, LEAST_DISCOUNT))))


def remaining_periods(model: ShiftedBetaGeometric, renewals: Floats, discount: float) -> Floats:
    """Return the discounted periods still to come of customers who renewed so often (DERL).

    The next renewal is due now and counts whole.

    Args:
        model: The fitted model.
        renewals: Periods survived, 0 or more.
        discount: Rate per period; at least ``LEAST_DISCOUNT`` is used.
    """
    a, b = model.alpha, model.beta
    z = 1.0 / (1.0 + max(discount, LEAST_DISCOUNT))
    stays = (b + renewals) / (a + b + renewals)
    rest = hyp2f1(1.0, b + renewals + 1.0, a + b + renewals + 1.0, z)
    most = 1.0 / (1.0 - z)
    return np.clip(np.nan_to_num(stays * rest, nan=0.0, posinf=most), 0.0, most)
