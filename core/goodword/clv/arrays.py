"""Arrays as the models use them."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
"""Numbers; times in days, money in cents."""
Counts: TypeAlias = NDArray[np.int64]
"""Whole numbers."""
Flags: TypeAlias = NDArray[np.bool_]
"""Yes or no."""


def weighed(count: Floats, values: Floats) -> float:
    """Return the sum of *values*, each *count* times.

    Not by matrix product: that runs on as many threads as it finds, in an order of their own, so
    the last digits differ between machines and small sums wait for each other.
    """
    return float(np.sum(count * values))
