"""Fits on small firms: random handfuls of the published sample, and whether any ran away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from cdnow import Summary

from goodword.clv import bg_nbd
from goodword.clv.bg_nbd import BgNbd
from goodword.clv.worth import FEWEST_REPEATS

SIZES = (20, 30, 60)
RUNAWAY = 50.0
"""A parameter this many times above or below its usual value has run away."""


@dataclass(frozen=True, slots=True)
class Handfuls:
    """How many fits of firms of one size ran away."""

    size: int
    fits: int
    ran_away: int


def handfuls(data: Summary, size: int, times: int) -> Handfuls:
    """Fit *times* random firms of *size* customers, those with enough repeat purchases."""
    chance = np.random.default_rng(size)
    fits, degenerate = 0, 0
    while fits < times:
        some = chance.choice(data.x.size, size, replace=False)
        if data.x[some].sum() < FEWEST_REPEATS:
            continue
        fits += 1
        model = bg_nbd.fit(data.x[some], data.recency[some], data.age[some])
        degenerate += _ran_away(model)
    return Handfuls(size, fits, degenerate)


def _ran_away(model: BgNbd) -> bool:
    usual = (0.8, 0.6, 3.0)
    ratios = [n / m for n, m in zip((model.r, model.a, model.b), usual, strict=True)]
    return not model.converged or max(*ratios, *(1 / r for r in ratios)) > RUNAWAY
