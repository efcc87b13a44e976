"""The page on performance says what was measured, when, and whether the aims are reached."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from figures import Figure, Large, Measured, Pulled, Reading, Small, figure
from kept_figures import figures_in, keep_figures
from one_side import LITTLE, OURS
from performance_page import page, spreadsheets_of, with_spreadsheets


def whole(wall: float, peak: float = 500.0) -> list[Figure]:
    return [
        figure("whole process, wall", "s", [wall, wall + 1]),
        figure("whole process, CPU", "s", [wall * 2]),
        figure("whole process, peak memory", "MiB", [peak]),
    ]


def a_firm(contacts: int, wall: float) -> Large:
    ratios = {
        side: {what: figure(side, "", [times]) for what in ("wall", "CPU")}
        for side, times in (("sql", 1.4), ("pandas", 0.5), (LITTLE, 0.4), ("floor", 9.0))
    }
    sides = {side: whole(wall) for side in (OURS, "sql", "pandas", LITTLE, "floor")}
    scoring = [figure("scoring, wall", "s", [8.0]), figure("scoring, CPU", "s", [8.0])]
    sides["scoring"] = [*scoring, *whole(9.0)]
    return Large(contacts, f"Taken of {contacts}.\n", sides, ratios, [Reading("facts", "%", 60.0)])


@pytest.fixture
def measured() -> Measured:
    started = [figure("goodword, wall", "s", [0.1]), figure("goodword, CPU", "s", [0.1])]
    pulled = whole(20.0, 250.0)
    pulled += [figure("rows", "", [1e6]), figure("room they take", "MiB", [90.0])]
    merged = [*pulled, figure("snapshots on disk", "", [3.0])]
    return Measured(
        Small("Taken small.\n", started, started),
        {n: a_firm(n, n / 10_000) for n in (100_000, 1_000_000)},
        {100_000: Pulled(100_000, "Taken pulled.\n", {"pull": pulled, "merge": merged})},
    )


def test_what_was_measured_before_stays_when_another_size_is(
    measured: Measured, tmp_path: Path
) -> None:
    kept = tmp_path / "build" / "figures.json"
    assert figures_in(kept) == Measured()
    keep_figures(measured, kept)
    before = figures_in(kept)
    assert page(before) == page(measured)
    newer = replace(before, large={**before.large, 5_000_000: a_firm(5_000_000, 600.0)})
    keep_figures(newer, kept)
    told = page(figures_in(kept))
    for contacts in ("100,000", "1,000,000", "5,000,000"):
        assert f"## {contacts} contacts\n" in told
    assert told.count("Taken ") == 5


def test_an_aim_is_reached_or_not(measured: Measured) -> None:
    aims = [line for line in page(measured).splitlines() if line.startswith("| 1,000,000")]
    assert [line.rpartition("| ")[2] for line in aims if "multiple" in line] == [
        "reached |",
        "not reached |",
    ]
    grown = next(line for line in page(measured).splitlines() if ": wall" in line)
    assert grown.endswith("| at most 12 times | 9.6 times | reached |")


def test_what_another_script_wrote_on_the_page_stays(measured: Measured) -> None:
    section = "## A list of 9 customers as a file\n\nfigures\n"
    first = with_spreadsheets(page(measured), section)
    assert spreadsheets_of(first) == section
    assert spreadsheets_of(with_spreadsheets(page(measured), spreadsheets_of(first))) == section
