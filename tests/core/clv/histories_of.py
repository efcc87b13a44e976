"""Purchase histories in rows, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from goodword.clv.histories import Histories

TODAY = 740_000.0
"""The day of the run, on the calendar of these tests."""


class Customer(NamedTuple):
    """One customer: purchases on so many days, the first and the last so many days ago."""

    days: float
    since: float
    ago: float
    cents: float = 10_000.0
    priced: bool = True
    summed: bool = False


def histories(customers: Sequence[Customer]) -> Histories:
    """The histories of *customers*, each purchase of the same amount."""
    days, since, ago, cents, priced, summed = (
        np.array(column) for column in zip(*customers, strict=True)
    )
    days, since, ago, cents = (n.astype(np.float64) for n in (days, since, ago, cents))
    paid = np.where(summed, days, days - 1.0)
    return Histories(
        days=days,
        first=TODAY - since,
        last=TODAY - ago,
        total=cents * days,
        priced=priced.astype(np.bool_),
        spent=cents * paid,
        paid=paid,
        summed=summed.astype(np.bool_),
    )
