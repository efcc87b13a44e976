"""Six ways to ask, compared over several invented towns, as the page of evidence shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from life import Tally
from simulator import POLICIES, simulate
from town import Planted

CUSTOMERS = 2_000
SEEDS = range(3)
CONTROL = range(10)
"""The control has more towns: what it is to show is small."""
EVERY = 4
"""Weeks between two plans."""
WORLDS = {
    "who spends more refers no more": Planted(CUSTOMERS),
    "who spends more refers less": Planted(CUSTOMERS, together=-0.2),
    "who spends more refers more": Planted(CUSTOMERS, together=0.3),
    "nobody differs": Planted(CUSTOMERS, null=True),
}
"""Three correlations, and the control in which there is nothing to find."""
NULL = "nobody differs"


@dataclass(frozen=True, slots=True)
class Compared:
    """One policy in one world: all seeds together, and how much they differ."""

    policy: str
    tally: Tally
    spread: float


def compared(planted: Planted, seeds: Iterable[int], every: int = EVERY) -> list[Compared]:
    """Live every seed under every policy."""
    runs: dict[str, list[Tally]] = {policy: [] for policy in POLICIES}
    with TemporaryDirectory() as folder:
        for seed in seeds:
            lived = simulate(planted, seed, Path(folder), every=every)
            for policy, tally in lived.items():
                runs[policy].append(tally)
    return [_summed(policy, tallies) for policy, tallies in runs.items()]


def _summed(policy: str, tallies: list[Tally]) -> Compared:
    total = Tally()
    for tally in tallies:
        total += tally
    spread = float(np.std([tally.per_100 for tally in tallies]))
    return Compared(policy, total, spread)


def all_worlds() -> dict[str, list[Compared]]:
    """Return the comparison in every world."""
    return {
        name: compared(planted, CONTROL if planted.null else SEEDS)
        for name, planted in WORLDS.items()
    }
