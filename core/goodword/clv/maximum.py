"""The best-fitting parameters of a model: likelihood times a weak log-normal prior (MAP).

Plain maximum likelihood degenerates on small firms (at 60 customers in 15 to 31 of 100 samples);
the prior keeps every fit finite and has next to no weight left at a thousand customers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from goodword.clv.arrays import Floats, weighed

PRIOR_SD = 0.7
"""Standard deviation of each log-normal prior: a factor of two either way is nothing unusual."""
WIDEST = float(np.log(1e4))
"""Furthest a parameter may move from its median: a factor of ten thousand."""
STEPS = 200
"""Most steps; twenty are usual."""
FLAT = 1e-7
"""Slope, as a share of the value, that counts as none."""
ALMOST = 1e-4
"""The same where rounding lets no step be seen to gain."""
LEAST_GAIN = 1e-4
"""Share of the gain promised by the slope that a step must bring (Armijo)."""

Target: TypeAlias = Callable[[Floats], tuple[float, Floats]]
"""Value and slope at a point."""


@dataclass(frozen=True, slots=True)
class Maximum:
    """Parameters found, the log-likelihood there (without the prior), and whether it is a peak."""

    parameters: tuple[float, ...]
    log_likelihood: float
    converged: bool


def maximise(log_likelihood: Target, medians: Sequence[float], *, prior: bool = True) -> Maximum:
    """Return the parameters that explain the data best.

    Args:
        log_likelihood: Value and gradient (with respect to the parameters) at given parameters.
        medians: Where to start, and the prior's medians; all positive.
        prior: Without it the fit is maximum likelihood, as published numbers are.
    """
    centre = np.log(np.asarray(medians, dtype=np.float64))

    def loss(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logs)
        value, slope = log_likelihood(parameters)
        value, slope = -value, -slope * parameters
        if prior:
            step = (logs - centre) / PRIOR_SD
            value, slope = value + 0.5 * weighed(step, step), slope + step / PRIOR_SD
        return value, slope

    logs, flat = _lowest(loss, centre)
    parameters = np.exp(logs)
    peak, _ = log_likelihood(parameters)
    inside = bool(np.all(np.abs(logs - centre) < WIDEST))
    return Maximum(tuple(float(p) for p in parameters), peak, flat and inside)


def _lowest(loss: Target, centre: Floats) -> tuple[Floats, bool]:
    """Return where *loss* is lowest within ``WIDEST`` of *centre*, and whether it is flat there.

    BFGS (Nocedal and Wright, Numerical Optimization, 6.1) for a handful of parameters. Written
    out, because the library's solver waits for threads on matrices of four by four, and costs
    half a second to load.
    """
    low, high = centre - WIDEST, centre + WIDEST
    at, (value, slope) = centre, loss(centre)
    bend, fresh = _straight(slope), True
    for _ in range(STEPS):
        # At its limit a parameter only counts if it is drawn back inside.
        free = ~((at <= low) & (slope > 0) | (at >= high) & (slope < 0))
        pull = np.where(free, slope, 0.0)
        if float(np.max(np.abs(pull))) <= FLAT * (10.0 + abs(value)):
            return at, True
        way = np.where(free, -np.sum(bend * pull, axis=1), 0.0)
        if weighed(way, pull) >= 0.0:
            way = -pull / float(np.max(np.abs(pull)))
        step = 1.0
        while step > 1e-12:
            there = np.clip(at + step * way, low, high)
            new_value, new_slope = loss(there)
            if new_value <= value + LEAST_GAIN * weighed(there - at, pull):
                break
            step /= 2.0
        else:
            almost = bool(np.max(np.abs(pull)) <= ALMOST * (1.0 + abs(value)))
            if almost or fresh:  # as low as numbers of this length go
                return at, almost
            bend, fresh = _straight(slope), True
            continue
        moved, turned = there - at, new_slope - slope
        product = weighed(moved, turned)
        if product > 1e-12:
            if fresh:
                bend, fresh = np.eye(at.size) * product / weighed(turned, turned), False
            turn = np.eye(at.size) - moved[:, None] * turned[None, :] / product
            both = np.sum(turn[:, :, None] * bend[None, :, :], axis=1)
            bend = np.sum(both[:, None, :] * turn[None, :, :], axis=2)
            bend = bend + moved[:, None] * moved[None, :] / product
        at, value, slope = there, new_value, new_slope
    return at, False


def _straight(slope: Floats) -> Floats:
    """Return the bend that leads straight down, one unit at most."""
    return np.eye(slope.size) / max(1.0, float(np.max(np.abs(slope))))
