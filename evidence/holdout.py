"""What 39 weeks say about the next 39: 23,570 customers of a music shop, scored and then compared.

Scores come from ``goodword.clv.worth``, the very function a run uses; beside them stand the plain
rankings a firm could make in a spreadsheet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from cdnow import SPLIT, Purchases

from goodword.clv.arrays import Counts, Floats
from goodword.clv.histories import Histories
from goodword.clv.worth import Terms, Worth, worth

MONTHS = 9
"""Months ahead: 39 weeks are 273 days, nine months 273.75."""
TENTH = 0.1
SHUFFLE = 20_261
"""Seed of the order in which ties stand."""


@dataclass(frozen=True, slots=True)
class Town:
    """Histories up to the split, and what each customer did after it; shape (n,) each."""

    histories: Histories
    today: float
    purchases: Floats
    spent: Floats


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well one way of ranking finds those who will spend."""

    name: str
    capture: float
    precision: float
    all_customers: float
    repeaters: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """How far the number of purchases was missed, each and in all."""

    name: str
    mean_error: float
    ratio: float


def split(rows: Purchases) -> Town:
    """Return the town as it stood on the last day of the first 39 weeks."""
    today = float(SPLIT.toordinal())
    people, who = np.unique(rows.customer, return_inverse=True)
    before = rows.day <= today

    def days_of(
        chosen: np.ndarray[tuple[int], np.dtype[np.bool_]],
    ) -> tuple[Counts, Floats, Floats]:
        """Merge the purchases of one day: customer, day, cents."""
        key = who[chosen] * 10_000_000 + rows.day[chosen].astype(np.int64)
        keys, where = np.unique(key, return_inverse=True)
        cents = np.bincount(where, weights=rows.cents[chosen])
        person, day = np.divmod(keys, 10_000_000)
        return person, day.astype(np.float64), cents.astype(np.float64)

    person, day, cents = days_of(before)
    size = people.size
    first = np.full(size, np.inf)
    last = np.full(size, -np.inf)
    np.minimum.at(first, person, day)
    np.maximum.at(last, person, day)
    days = np.bincount(person, minlength=size).astype(np.float64)
    total = np.bincount(person, weights=cents, minlength=size).astype(np.float64)
    later = np.where(day > first[person], cents, 0.0)
    spent = np.bincount(person, weights=later, minlength=size).astype(np.float64)
    histories = Histories(
        days=days,
        first=first,
        last=last,
        total=total,
        priced=np.ones(size, dtype=np.bool_),
        spent=spent,
        paid=days - 1.0,
        summed=np.zeros(size, dtype=np.bool_),
    )
    person, _, cents = days_of(~before)
    return Town(
        histories,
        today,
        np.bincount(person, minlength=size).astype(np.float64),
        np.bincount(person, weights=cents, minlength=size).astype(np.float64),
    )


def forecasts(town: Town) -> tuple[list[Forecast], Worth]:
    """Return how many purchases were foreseen, by the model and by each one's rate so far."""
    found = worth(town.histories, town.today, Terms(MONTHS, 0.0))
    if found.expected is None:
        msg = "the town is too small for a model"
        raise ValueError(msg)
    days = MONTHS * 365.0 / 12
    age = np.maximum(town.today - town.histories.first, 1.0)
    naive = (town.histories.days - 1.0) / age * days
    ways = {"the model": found.expected, "each one's rate so far": naive}
    return [
        Forecast(
            name,
            float(np.mean(np.abs(values - town.purchases))),
            float(values.sum() / town.purchases.sum()),
        )
        for name, values in ways.items()
    ], found


def rankings(town: Town, found: Worth) -> list[Ranking]:
    """Return how well each way of ranking finds those who spent most afterwards."""
    h = town.histories
    quiet = h.last - town.today
    recency = h.last - h.first
    ways = {
        "the model": found.value,
        "RFM, fifths added": _fifth(quiet) + _fifth(h.days) + _fifth(h.total),
        "money so far": h.total,
        "purchases so far": h.days,
        "time of the last purchase": recency,
    }
    return [_ranking(name, values, town) for name, values in ways.items()]


def _ranking(name: str, values: Floats, town: Town) -> Ranking:
    size = max(int(values.size * TENTH), 1)
    best = _order(values)[:size]
    right = set(_order(town.spent)[:size].tolist())
    again = town.histories.days > 1
    return Ranking(
        name,
        float(town.spent[best].sum() / town.spent.sum()),
        len(right & set(best.tolist())) / size,
        spearman(values, town.spent),
        spearman(values[again], town.spent[again]),
    )


def _order(values: Floats) -> Counts:
    """Return the places from highest to lowest; ties stand in a shuffled, fixed order."""
    ties = np.random.default_rng(SHUFFLE).permutation(values.size)
    return np.lexsort((ties, -values)).astype(np.int64)


def _fifth(values: Floats) -> Floats:
    """Return 1 to 5, by fifths of the town."""
    return np.floor(_ranks(values) * 5.0 / (values.size + 1.0)) + 1.0


def _ranks(values: Floats) -> Floats:
    """Return ranks from 1, ties at their middle."""
    _, where, count = np.unique(values, return_inverse=True, return_counts=True)
    upto = np.cumsum(count)
    return np.asarray((upto - (count - 1) / 2.0)[where.reshape(-1)], dtype=np.float64)


def spearman(one: Floats, other: Floats) -> float:
    """Return the correlation of ranks."""
    return float(np.corrcoef(_ranks(one), _ranks(other))[0, 1])
