"""Purchase histories, made fit for the models: what contradicts itself is put right and named."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from goodword.clv.arrays import Counts, Flags, Floats

MOST_CENTS = 1e15
"""Larger amounts are cut there, so that sums stay whole numbers."""
MOST_DAYS = 100_000
"""Longest history, and most purchases, that count: 270 years of a purchase a day."""


@dataclass(frozen=True, slots=True)
class Histories:
    """What is known of each customer; every array has shape (n,).

    ``days``: different days with a purchase. ``first, last``: dates of the first and the latest
    one, in whole days on any one calendar, NaN where unknown. ``total``: margin of everything, in
    cents; ``priced``: whether any amount is known. ``spent``: margin, in cents, of the ``paid``
    purchases the mean is taken over: those after the first where each is known, all of them where
    only sums are (``summed``). ``ended``: whether the firm says that they are no customer any more;
    None where it never says so.
    """

    days: Floats
    first: Floats
    last: Floats
    total: Floats
    priced: Flags
    spent: Floats
    paid: Floats
    summed: Flags
    ended: Flags | None = None


@dataclass(frozen=True, slots=True)
class Clean:
    """Histories the models can take: finite, in order, at most as old as today.

    ``x, recency, age`` as in ``bg_nbd``, in days; ``mean`` in cents of ``paid`` purchases. The
    flags say what was odd, each shape (n,).
    """

    x: Floats
    recency: Floats
    age: Floats
    mean: Floats
    paid: Floats
    total: Floats
    future: Flags
    undated: Flags
    contradicts: Flags
    unprofitable: Flags
    unpriced: Flags
    summed: Flags
    ended: Flags


def clean(histories: Histories, today: float) -> Clean:
    """Return *histories* as the models need them.

    Args:
        histories: As the firm's data gives them; any number may be missing or absurd.
        today: The day of the run, on the calendar of the histories.
    """
    h = histories
    undated = ~np.isfinite(h.first)
    first = np.where(undated, today, h.first)
    last = np.where(np.isfinite(h.last), h.last, first)
    future = (first > today) | (last > today)
    first, last = np.floor(np.minimum(first, today)), np.floor(np.minimum(last, today))
    backwards = last < first
    first, last = np.minimum(first, last), np.maximum(first, last)
    age = np.minimum(today - first, MOST_DAYS)
    recency = np.minimum(last - first, age)
    x = np.clip(_finite(h.days) - 1.0, 0.0, MOST_DAYS)
    # Several purchase days need as many days in between; one purchase has no later date.
    contradicts = backwards | (x > recency) | ((x == 0) & (recency > 0))
    recency = np.where(x > 0, recency, 0.0)
    total, spent = _money(h.total), _money(h.spent)
    paid = np.clip(_finite(h.paid), 0.0, MOST_DAYS)
    mean = np.where(paid > 0, spent / np.maximum(paid, 1.0), 0.0)
    unprofitable = h.priced & ((total < 1.0) | ((paid > 0) & (mean < 1.0)))
    # What brought nothing counts as purchases of nothing, never as purchases unknown.
    paid = np.where(unprofitable & (paid == 0), x + 1.0, paid)
    paid = np.where(h.priced, paid, 0.0)
    mean = np.where(unprofitable | ~h.priced, 0.0, mean)
    contradicts = contradicts & ~undated
    ended = np.zeros_like(undated) if h.ended is None else h.ended
    odd = (undated, contradicts, unprofitable, ~h.priced, h.summed, ended)
    return Clean(x, recency, age, mean, paid, total, future, *odd)


def on_grid(data: Clean, today: float, step: float) -> Clean:
    """Return *data* with dates moved to the middle of their *step* days of the calendar.

    The steps lie on the calendar, so that from one day to the next everybody grows older alike.
    """
    first = np.floor((today - data.age) / step) * step + step / 2
    last = np.floor((today - data.age + data.recency) / step) * step + step / 2
    age = np.floor(np.maximum(today - first, 0.0))
    recency = np.where(data.x > 0, np.clip(np.floor(last - first), 0.0, age), 0.0)
    return replace(data, recency=recency, age=age)


def patterns(data: Clean) -> tuple[Counts, Counts, Counts]:
    """Return where each different history first stands, each customer's one, and their counts.

    Customers with the same history get the same score, so each history is worked out once.
    """
    days = np.int64(MOST_DAYS + 1)
    x, recency, age = (v.astype(np.int64) for v in (data.x, data.recency, data.age))
    key = (x * days + recency) * days + age
    _, chosen, where, count = np.unique(
        key, return_index=True, return_inverse=True, return_counts=True
    )
    return chosen.astype(np.int64), where.astype(np.int64), count.astype(np.int64)


def _finite(values: Floats) -> Floats:
    return np.floor(np.nan_to_num(values, nan=0.0, posinf=MOST_DAYS, neginf=0.0))


def _money(cents: Floats) -> Floats:
    return np.clip(np.nan_to_num(cents, nan=0.0), -MOST_CENTS, MOST_CENTS)
