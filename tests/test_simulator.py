"""The rules, run on an invented town: they find what was planted, and nothing where nothing is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from asking import WORLDS, compared
from life import Tally
from simulator import simulate
from town import Planted

SEEDS = (0, 1, 2)
QUARTER = 13
"""Weeks between two plans in the small runs: their cost is the number of plans."""


def summed(
    planted: Planted, folder: Path, seeds: Iterable[int], policies: Iterable[str]
) -> dict[str, Tally]:
    names = list(policies)
    found = dict.fromkeys(names, Tally())
    for seed in seeds:
        for name, tally in simulate(planted, seed, folder, every=QUARTER, policies=names).items():
            found[name] = found[name] + tally
    return found


def test_asking_by_score_and_moment_beats_chance_and_money_and_spares_the_unhappy(
    tmp_path: Path,
) -> None:
    found = summed(Planted(1_500), tmp_path, SEEDS, ("random", "top spenders", "both"))

    assert found["both"].per_100 >= 1.5 * found["random"].per_100
    assert found["both"].per_100 >= 2.0 * found["top spenders"].per_100
    assert found["both"].seen_unhappy == 0
    assert found["random"].seen_unhappy > 0
    assert found["both"].asks > 0.7 * found["random"].asks


def test_where_nothing_was_planted_nothing_is_found(tmp_path: Path) -> None:
    found = summed(Planted(3_000, null=True), tmp_path, SEEDS[:2], ("everyone", "both"))

    assert 0.9 <= found["both"].per_100 / found["everyone"].per_100 <= 1.1


def test_a_town_is_the_same_each_time_it_is_drawn() -> None:
    from town import build

    one, again = build(Planted(60), 3), build(Planted(60), 3)

    assert (one.mood == again.mood).all()
    assert one.purchases == again.purchases


@pytest.mark.long
@pytest.mark.parametrize("world", WORLDS)
def test_in_every_world_the_numbers_of_the_page_are_reached(world: str) -> None:
    rate = {one.policy: one for one in compared(WORLDS[world], SEEDS)}
    both = rate["both"].tally

    assert both.seen_unhappy == rate["timing only"].tally.seen_unhappy == 0
    if WORLDS[world].null:
        assert 0.9 <= both.per_100 / rate["everyone"].tally.per_100 <= 1.1
    else:
        assert both.per_100 >= 1.5 * rate["random"].tally.per_100
        assert both.per_100 >= 2.0 * rate["top spenders"].tally.per_100
