"""The evidence holds: what the page says comes out again, and the gates of the score are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from cdnow import Summary, purchases, summary
from evidence_page import holdout, published
from golden import golden
from holdout import Forecast, Ranking, forecasts, rankings, split
from small_firms import SIZES, handfuls

PAGE = Path(__file__).parents[1] / "docs" / "evidence.md"


@pytest.fixture(scope="module")
def sample() -> Summary:
    return summary()


@pytest.fixture(scope="module")
def town() -> tuple[list[Forecast], list[Ranking]]:
    """The holdout of the whole town: what was foreseen, and who was ranked first."""
    people = split(purchases())
    foreseen, found = forecasts(people)
    return foreseen, rankings(people, found)


def test_every_published_number_comes_out(sample: Summary) -> None:
    missed = [n for n in golden(sample) if abs(n.ours - n.published) > n.tolerance]

    assert missed == []


def test_the_page_shows_the_numbers_that_come_out_today(
    sample: Summary, town: tuple[list[Forecast], list[Ranking]]
) -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert published(golden(sample)) in text, "make evidence"
    assert holdout(*town) in text, "make evidence"


def test_the_next_39_weeks_are_foreseen(town: tuple[list[Forecast], list[Ranking]]) -> None:
    model, naive = town[0]

    assert model.mean_error <= 0.83
    assert 0.8 <= model.ratio <= 1.2
    assert model.mean_error < naive.mean_error


def test_the_best_tenth_brings_half_of_the_money(
    town: tuple[list[Forecast], list[Ranking]],
) -> None:
    model, *others = town[1]

    assert model.capture >= 0.51
    assert all(model.capture > other.capture for other in others)
    assert all(model.repeaters > other.repeaters for other in others)


@pytest.mark.parametrize("size", SIZES)
def test_no_small_firm_gets_a_fit_that_ran_away(size: int, sample: Summary) -> None:
    assert handfuls(sample, size, 60).ran_away == 0
