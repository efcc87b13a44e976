"""The rules, run on an invented town: they find what was planted, and nothing where nothing is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from asking import Compared, missed
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


@pytest.mark.long
def test_asking_by_score_and_moment_beats_chance_and_money_and_spares_the_unhappy(
    tmp_path: Path,
) -> None:
    found = summed(Planted(1_500), tmp_path, SEEDS, ("random", "top spenders", "both"))

    assert found["both"].per_100 >= 1.5 * found["random"].per_100
    assert found["both"].per_100 >= 2.0 * found["top spenders"].per_100
    assert found["both"].seen_unhappy == 0
    assert found["random"].seen_unhappy > 0
    assert found["both"].asks > 0.7 * found["random"].asks


@pytest.mark.long
def test_where_nothing_was_planted_nothing_is_found(tmp_path: Path) -> None:
    found = summed(Planted(3_000, null=True), tmp_path, SEEDS[:2], ("everyone", "both"))

    assert 0.9 <= found["both"].per_100 / found["everyone"].per_100 <= 1.1


def test_a_town_is_the_same_each_time_it_is_drawn() -> None:
    from town import build

    one, again = build(Planted(60), 3), build(Planted(60), 3)

    assert (one.mood == again.mood).all()
    assert one.purchases == again.purchases


def found_in(**of: Tally) -> list[Compared]:
    usual = {"both": Tally(100, 10), "timing_only": Tally(100, 9), "everyone": Tally(900, 90)}
    usual |= {"random": Tally(100, 5), "top_spenders": Tally(100, 4)}
    told = {**usual, **of}
    return [Compared(name.replace("_", " "), one, 0.0, (one,)) for name, one in told.items()]


@pytest.mark.parametrize(
    ("world", "of", "told"),
    [
        ("who spends more refers more", {}, []),
        ("nobody differs", {}, []),
        (
            "nobody differs",
            {"both": Tally(100, 12)},
            ["both bring 1.20 times what asking everyone"],
        ),
        (
            "who spends more refers no more",
            {"random": Tally(100, 8)},
            ["1.25 times random, not 1.5"],
        ),
        ("who spends more refers less", {"top_spenders": Tally(100, 6)}, ["not 2.0"]),
        ("nobody differs", {"timing_only": Tally(100, 9, 1, 1)}, ["timing only asked 1 people"]),
    ],
)
def test_no_page_is_written_from_a_comparison_that_misses_what_it_must_reach(
    world: str, of: dict[str, Tally], told: list[str]
) -> None:
    failed = missed({world: found_in(**of)})

    assert len(failed) == len(told)
    assert all(words in line for words, line in zip(told, failed, strict=True))
