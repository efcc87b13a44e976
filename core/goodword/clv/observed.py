"""The score of a firm too small for a model: margin a year so far, pulled towards the mean.

Run rates overstate by about half, because they do not know who left without a word; so this
score is always marked with low confidence.
"""

from __future__ import annotations

import numpy as np

from goodword.clv.arrays import Floats

DAYS_A_YEAR = 365.0
PRIOR_YEARS = 1.0
"""Years of average behaviour assumed before a customer's own (convention)."""

LEAST_YEARS = 1.0
"""A purchase stands for a year at least, however new the customer (convention)."""


def margin_a_year(total: Floats, age: Floats) -> Floats:
    """Return the margin a year to expect of each customer, in cents, never below 0.

    Args:
        total: Margin so far, in cents; a loss counts as nothing.
        age: Days since the first purchase.
    """
    earned = np.maximum(total, 0.0)
    years = np.maximum(age / DAYS_A_YEAR, LEAST_YEARS)
    mean = float(earned.sum()) / float(years.sum()) if years.size else 0.0
    return np.asarray((earned + PRIOR_YEARS * mean) / (years + PRIOR_YEARS), dtype=np.float64)
