"""Six ways to ask, compared over several invented towns, as the page of evidence shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
LEAST = {"random": 1.5, "top spenders": 2.0}
"""How many times the referrals per ask both together must bring, at least."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One policy in one world: all towns together, how much they differ, and each one's tally."""

    policy: str
    tally: Tally
    spread: float
    towns: tuple[Tally, ...]

    def per_100_of(self, count: int) -> float:
        """Return the referrals per 100 asks of the first *count* towns."""
        return _sum(self.towns[:count]).per_100


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
    spread = float(np.std([tally.per_100 for tally in tallies]))
    return Compared(policy, _sum(tallies), spread, tuple(tallies))


def _sum(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total += tally
    return total


def all_worlds() -> dict[str, list[Compared]]:
    """Return the comparison in every world."""
    return {
        name: compared(planted, CONTROL if planted.null else SEEDS)
        for name, planted in WORLDS.items()
    }


def missed(worlds: Mapping[str, Iterable[Compared]]) -> list[str]:
    """Return what the comparison does not reach: the gates without which no page is written."""
    return [f"{world}: {what}" for world, found in worlds.items() for what in _missed(world, found)]


def _missed(world: str, found: Iterable[Compared]) -> Iterator[str]:
    of = {one.policy: one.tally for one in found}
    both = of["both"]
    for policy in ("both", "timing only"):
        if of[policy].seen_unhappy:
            yield f"{policy} asked {of[policy].seen_unhappy} people who were unhappy for all to see"
    if world == NULL:
        ratio = both.per_100 / of["everyone"].per_100
        if not 0.9 <= ratio <= 1.1:
            yield f"both bring {ratio:.2f} times what asking everyone does, with nothing planted"
        return
    for policy, least in LEAST.items():
        ratio = both.per_100 / of[policy].per_100
        if ratio < least:
            yield f"both bring {ratio:.2f} times {policy}, not {least}"
