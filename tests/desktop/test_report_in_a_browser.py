"""The pages people get, in a real browser: on a phone, on a desk and on paper."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from typer.testing import CliRunner

from goodword.cli import make_app

sys.path.insert(0, str(Path(__file__).parent))  # tests are no package, and share one module
from browser import pages_of, printed, seen_at

pytestmark = pytest.mark.desktop
TODAY = "2026-11-20"
PHONE, DESK = 390, 1280
A4 = (595, 842)
READABLE = 11
"""Pixels below which nobody reads on a phone."""
SAMPLE = Path(__file__).parents[2] / "plugins" / "csv" / "goodword_csv" / "sample"
POINT = "[goodword]\ncsv = goodword_csv\n"
METADATA = "Metadata-Version: 2.1\nName: goodword-csv\nVersion: 1.0\n"
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 3
"""A name without a blank, longer than a phone is wide."""
TURNED = "\u202eNora <b>Quill</b>"


def goodword(folder: Path, *arguments: str) -> None:
    """Run one command on the folder as a user would."""
    seen = CliRunner().invoke(make_app(), ["-C", str(folder), *arguments])
    assert seen.exit_code == 0, seen.output


@pytest.fixture(scope="module")
def spreadsheets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The spreadsheet plugin of this checkout, announced unless it is installed."""
    with pytest.MonkeyPatch.context() as patch:
        if not any(point.name == "csv" for point in entry_points(group="goodword")):
            site = tmp_path_factory.mktemp("site")
            info = site / "goodword_csv-1.0.dist-info"
            info.mkdir()
            (info / "METADATA").write_text(METADATA, encoding="utf-8")
            (info / "entry_points.txt").write_text(POINT, encoding="utf-8")
            patch.syspath_prepend(str(site))
        yield


def pages(folder: Path) -> dict[str, Path]:
    """The page of the plan and the report of a firm."""
    goodword(folder, "plan", "--today", TODAY, "--html", str(folder / "plan.html"))
    goodword(folder, "report", "--today", TODAY, "--to", str(folder / "report.html"))
    return {name: folder / f"{name}.html" for name in ("plan", "report")}


@pytest.fixture(scope="module")
def made(spreadsheets: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of the sample firm in its first week, of odd names, and of a bare list."""
    room = tmp_path_factory.mktemp("firms")
    week, odd, bare = room / "week", room / "odd", room / "bare"
    for folder in (week, odd, bare):
        folder.mkdir()
    book = week / "harbour-heating.xlsx"
    book.write_bytes((SAMPLE / book.name).read_bytes())
    goodword(week, "init", str(book), "--yes")
    names = (LONG, TURNED, "Ида Брандт", "نورة القحطاني", "山田 太郎", f"{LONG} {LONG}")
    rows = "".join(f"{name},0117 496 010{n},1{n}/11/2026,£80.00\n" for n, name in enumerate(names))
    (odd / "people.csv").write_text(f"Name,Phone,Last job,Total spent\n{rows}", encoding="utf-8")
    goodword(odd, "init", str(odd / "people.csv"), "--yes")
    (bare / "people.csv").write_text("Name,Phone\nNora Quill,0117 496 0101\n", encoding="utf-8")
    goodword(bare, "init", str(bare / "people.csv"), "--yes")
    found = {f"{folder.name}-{n}": p for folder in (odd, bare) for n, p in pages(folder).items()}
    found |= {f"week-{name}": path for name, path in pages(week).items()}
    goodword(week, "rollout", "live")
    goodword(week, "plan", "--today", TODAY)
    goodword(week, "apply", "--today", TODAY)
    goodword(week, "report", "--today", TODAY, "--to", str(week / "written.html"))
    return {**found, "week-written": week / "written.html"}


ALL = (
    *("week-plan", "week-report", "week-written"),
    *("odd-plan", "odd-report", "bare-plan", "bare-report"),
)


@pytest.mark.promise("report.screens")
@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", ALL)
def test_no_page_has_to_be_moved_sideways(
    made: dict[str, Path], tmp_path: Path, name: str, width: int
) -> None:
    seen = seen_at(made[name], tmp_path, width)
    assert seen["width"] <= width
    assert seen["scroll"] <= seen["width"]
    assert seen["outside"] == []
    assert seen["smallest"] >= READABLE
    assert (seen["scripts"], seen["loaded"]) == (0, [])


@pytest.mark.promise("report.screens")
@pytest.mark.parametrize(
    ("name", "most"), [("week-plan", 20), ("week-report", 4), ("odd-report", 4)]
)
def test_a_page_is_printed_on_a4(
    made: dict[str, Path], tmp_path: Path, name: str, most: int
) -> None:
    pdf = printed(made[name], tmp_path)
    assert pdf.startswith(b"%PDF-")
    sheets = pages_of(pdf)
    assert 1 <= len(sheets) <= most
    assert set(sheets) == {A4}


def test_the_report_is_read_as_it_was_meant(made: dict[str, Path], tmp_path: Path) -> None:
    headings = seen_at(made["week-written"], tmp_path, PHONE)["headings"]
    assert headings[:2] == ["The week of 16 to 22 November 2026", "What came of asking"]
    assert {"Moira Kerr", "Thank-yous owed", "Where your customers stand"} <= set(headings)
