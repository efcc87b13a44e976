"""Gamma-Gamma: what a purchase of each customer brings, few purchases pulled towards the mean.

Amounts of one customer vary around a mean of their own (gamma: shape ``p``), means vary over
people (inverse gamma: ``q``, ``v``). Fader and Hardie, note 025, 2013. ``v`` has the unit of money.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, psi

from goodword.clv.arrays import Floats, weighed
from goodword.clv.maximum import maximise

MEDIANS = {"p": 1.5, "q-1": 3.0}
"""Medians of the prior; v follows so that p v / (q - 1) is the mean seen. With these alone the
estimate is (sum + 2 x mean) / (purchases + 2). Convention."""
MOVES_TOGETHER = 0.3
"""Correlation of spend and frequency from which the model's assumption is doubtful (convention)."""


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """The three parameters; q is above 1 by construction, so that every mean is finite."""

    p: float
    q: float
    v: float
    log_likelihood: float = 0.0
    converged: bool = True


def fit(
    purchases: Floats, mean: Floats, weight: Floats | None = None, *, prior: bool = True
) -> GammaGamma:
    """Return the parameters for customers with at least one purchase of a positive amount.

    Args:
        purchases: How many purchases each mean is over, above 0.
        mean: Mean amount of each customer, above 0.
        weight: How many customers share each position; one each if left out.
        prior: Without it, maximum likelihood (large data only).
    """
    count = np.ones_like(mean) if weight is None else weight
    scale = weighed(count, mean) / float(count.sum())
    x, z = purchases, mean / scale
    log_x, log_z, people = np.log(x), np.log(z), float(count.sum())

    def log_likelihood(parameters: Floats) -> tuple[float, Floats]:
        p, above, v = (float(n) for n in parameters)
        q = 1.0 + above
        total = np.log(x * z + v)
        each = (
            gammaln(p * x + q)
            - gammaln(p * x)
            - gammaln(q)
            + q * np.log(v)
            + (p * x - 1.0) * log_z
            + p * x * log_x
            - (p * x + q) * total
        )
        of_p = x * (psi(p * x + q) - psi(p * x) + log_z + log_x - total)
        of_q = psi(p * x + q) - psi(q) + np.log(v) - total
        of_v = q / v - (p * x + q) / (x * z + v)
        slope = np.array([weighed(count, of_p), weighed(count, of_q), weighed(count, of_v)])
        return weighed(count, each), slope

    spread = MEDIANS["q-1"] / MEDIANS["p"]
    best = maximise(log_likelihood, (MEDIANS["p"], MEDIANS["q-1"], spread), prior=prior)
    p, above, v = best.parameters
    return GammaGamma(
        p, 1.0 + above, v * scale, best.log_likelihood - people * np.log(scale), best.converged
    )


def mean_of_one(model: GammaGamma, purchases: Floats, mean: Floats) -> Floats:
    """Return the amount to expect of a purchase of each customer; 0 purchases give the mean."""
    known = np.where(purchases > 0, mean, 0.0)
    top = model.p * (model.v + purchases * known)
    return np.asarray(top / (model.p * purchases + model.q - 1.0), dtype=np.float64)


def correlation(purchases: Floats, mean: Floats) -> float:
    """Return how spend moves with frequency, -1 to 1; 0 where either is the same for everybody."""
    if purchases.size < 3 or np.ptp(purchases) == 0 or np.ptp(mean) == 0:
        return 0.0
    return float(np.nan_to_num(np.corrcoef(purchases, mean)[0, 1]))
