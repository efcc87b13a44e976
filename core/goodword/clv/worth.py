"""What each customer will be worth, with which model, how sure we are, and why.

Orders: BG/NBD for how many purchases, Gamma-Gamma for what one brings, discounted over the horizon.
Contracts: the shifted beta-geometric model, over all renewals to come. Below ``FEWEST`` customers,
or with fewer than two repeat purchases in all: the observed margin, pulled towards the mean.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from goodword.clv import bg_nbd, contracts, gamma_gamma
from goodword.clv.arrays import Counts, Flags, Floats
from goodword.clv.histories import Clean, Histories, clean, on_grid, patterns
from goodword.clv.observed import DAYS_A_YEAR, margin_a_year
from goodword.clv.reasons import told

FEWEST = 20
"""Fewer customers than this say too little about each other (convention)."""
FEWEST_REPEATS = 2.0
GRID_FROM = 200_000
"""Different histories from which dates are grouped to a grid of ``GRID`` steps over all time;
at that size parameters move by less than 0.0002."""
GRID = 390
DIGITS = 3
"""Digits of a mean amount that count when the spread of amounts is estimated."""
LEAST_DISCOUNT = 1.0
"""Smallest yearly discount of contracts, in percent: without one, some would be worth a thousand
years (convention)."""
GRACE_DAYS = 30.0
"""A contract counts as ended this long after its period (convention)."""
DAYS_A_MONTH = DAYS_A_YEAR / 12
ORDERS, CONTRACTS = "BG/NBD and Gamma-Gamma", "shifted beta-geometric"
OBSERVED = "observed margin, shrunken"
LOW, MEDIUM, HIGH = 0, 1, 2
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(4)


@dataclass(frozen=True, slots=True)
class Terms:
    """How value is counted: months ahead, yearly discount, and whether customers sign contracts."""

    horizon_months: int = 12
    annual_discount_percent: float = 15.0
    sells: Literal["orders", "contracts"] = "orders"
    contract_months: int = 12

    @property
    def force(self) -> float:
        """Discount a day, continuously compounded."""
        return float(np.log1p(self.annual_discount_percent / 100.0)) / DAYS_A_YEAR


@dataclass(frozen=True, slots=True)
class Worth:
    """The scores; every array has shape (n,) and holds no NaN and no infinity.

    ``value``: discounted margin in cents. ``alive``: chance that the person is still a customer.
    ``expected``: purchases (or renewals, discounted) ahead. ``each``: margin of one, in cents. A
    model that does not know these three has None. ``confidence``: 0 low, 1 medium, 2 high.
    ``reasons``: one sentence or several.
    """

    value: Floats
    alive: Floats | None
    expected: Floats | None
    each: Floats | None
    model: str
    confidence: Counts
    reasons: np.ndarray[tuple[int], np.dtype[np.object_]]


@dataclass(frozen=True, slots=True)
class _Outlook:
    alive: Floats
    expected: Floats
    discounted: Floats
    model: str

    def without(self, ended: Flags) -> _Outlook:
        """Return the outlook with nothing ahead of those who are no customers any more."""
        still = np.where(ended, 0.0, 1.0)
        left = self.alive * still, self.expected * still, self.discounted * still
        return _Outlook(*left, model=self.model)


def worth(histories: Histories, today: float, terms: Terms) -> Worth:
    """Return what the customers will be worth.

    Args:
        histories: One position a customer.
        today: Day of the run, on the calendar of the histories.
        terms: How value is counted.
    """
    data = clean(histories, today)
    small, silent = data.x.size < FEWEST, float(data.x.sum()) < FEWEST_REPEATS
    if small or (silent and terms.sells == "orders"):
        return _observed(data, terms, small=small)
    each, together = _amounts(data, contracts=terms.sells == "contracts")
    undiscounted = terms.sells == "contracts" and terms.annual_discount_percent < LEAST_DISCOUNT
    if undiscounted:
        terms = replace(terms, annual_discount_percent=LEAST_DISCOUNT)
    outlook = _renewals(data, terms) if terms.sells == "contracts" else _orders(data, today, terms)
    outlook = outlook.without(data.ended)
    confidence = _confidence(data) - (1 if together else 0)
    return Worth(
        value=outlook.discounted * each,
        alive=outlook.alive,
        expected=outlook.expected,
        each=each,
        model=outlook.model,
        confidence=np.clip(confidence, LOW, HIGH),
        reasons=told(data, together=together, undiscounted=undiscounted, giant=_giant(data)),
    )


def _observed(data: Clean, terms: Terms, *, small: bool) -> Worth:
    yearly = margin_a_year(data.total, data.age)
    days = terms.horizon_months * DAYS_A_MONTH
    years = _annuity(terms.force, days) / DAYS_A_YEAR
    return Worth(
        value=np.where(data.ended, 0.0, yearly * years),
        alive=None,
        expected=None,
        each=None,
        model=OBSERVED,
        confidence=np.full(yearly.shape, LOW, dtype=np.int64),
        reasons=told(data, small=small, silent=not small, giant=_giant(data)),
    )


def _annuity(force: float, days: float) -> float:
    """Return the discounted length of *days*."""
    return days if force == 0 else float(-np.expm1(-force * days)) / force


def _orders(data: Clean, today: float, terms: Terms) -> _Outlook:
    """Return what BG/NBD expects, working each different history out once."""
    chosen, where, count = patterns(data)
    if chosen.size > GRID_FROM:
        data = on_grid(data, today, float(np.ceil(data.age.max() / GRID)))
        chosen, where, count = patterns(data)
    history = data.x[chosen], data.recency[chosen], data.age[chosen]
    model = bg_nbd.fit(*history, count.astype(np.float64))
    ahead = terms.horizon_months * DAYS_A_MONTH
    expected = bg_nbd.expected_purchases(model, *history, ahead)
    # Integrated by parts: e^(-d h) E(h) + d * integral of e^(-d t) E(t) dt.
    discounted = np.exp(-terms.force * ahead) * expected
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        at = float((node + 1.0) / 2.0 * ahead)
        until = bg_nbd.expected_purchases(model, *history, at)
        discounted = (
            discounted + weight / 2.0 * ahead * terms.force * np.exp(-terms.force * at) * until
        )
    alive = bg_nbd.chance_alive(model, *history)
    return _Outlook(alive[where], expected[where], discounted[where], ORDERS)


def _renewals(data: Clean, terms: Terms) -> _Outlook:
    """Return the periods each contract still has to come; none for one that ended or lapsed."""
    period = terms.contract_months * DAYS_A_MONTH
    active = (data.age - data.recency <= period + GRACE_DAYS) & ~data.ended
    renewals = np.minimum(data.x, 1000.0).astype(np.int64)
    size = int(renewals.max()) + 2
    lost = np.bincount(renewals[~active] + 1, minlength=size).astype(np.float64)
    there = np.bincount(renewals[active], minlength=size).astype(np.float64)
    model = contracts.fit(lost, there)
    discount = float(np.expm1(terms.force * period))
    table = contracts.remaining_periods(model, np.arange(size, dtype=np.float64), discount)
    left = np.where(active, table[renewals], 0.0)
    return _Outlook(active.astype(np.float64), left, left, CONTRACTS)


def _amounts(data: Clean, *, contracts: bool) -> tuple[Floats, bool]:
    """Return the margin of one purchase of each customer, and whether it moves with frequency."""
    priced = (data.paid > 0) & (data.mean > 0)
    if not priced.any():
        return np.zeros_like(data.mean), False
    paid, mean = data.paid[priced], data.mean[priced]
    purchases, rounded, count = _grouped(paid, mean)
    model = gamma_gamma.fit(purchases, rounded, count)
    each = gamma_gamma.mean_of_one(model, data.paid, data.mean)
    moves = abs(gamma_gamma.correlation(paid, mean)) > gamma_gamma.MOVES_TOGETHER
    return each, moves and not contracts


def _grouped(paid: Floats, mean: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the different pairs, means to ``DIGITS`` digits, and how often each occurs."""
    places = 10.0 ** (DIGITS - 1 - np.floor(np.log10(mean)))
    means, code = np.unique(np.rint(mean * places) / places, return_inverse=True)
    key, count = np.unique(paid.astype(np.int64) * means.size + code, return_counts=True)
    purchases, which = np.divmod(key, means.size)
    return purchases.astype(np.float64), means[which], count.astype(np.float64)


def _confidence(data: Clean) -> Counts:
    """Return how much was seen of each: low after one purchase, high from five."""
    level = np.where(data.x < 1, LOW, np.where(data.x < 4, MEDIUM, HIGH)).astype(np.int64)
    odd = data.undated | data.contradicts | data.unpriced
    return np.where(odd, LOW, level)


def _giant(data: Clean) -> Flags:
    """Return who alone brought more than half of all margin."""
    earned = np.maximum(data.total, 0.0)
    return np.asarray((earned > 0) & (2.0 * earned > float(earned.sum())) & (earned.size > 1))
