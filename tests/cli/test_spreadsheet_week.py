"""A firm with one customer list, from init to forgetting somebody, as its owner would type it."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import CommandLine

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "customers.csv"

pytestmark = pytest.mark.usefixtures("spreadsheets")


@pytest.mark.long
def test_a_week_on_a_list_from_looking_to_forgetting(here: CommandLine) -> None:
    home, mine = here.folder, here.folder / "customers.csv"
    shutil.copy(EXAMPLE, mine)
    before = mine.read_bytes()

    def listing() -> str:
        return mine.read_text(encoding="utf-8-sig")

    def well(*line: str) -> str:
        seen = here(*line)
        assert seen.exit_code == 0, (line, seen.output)
        return seen.stdout

    day = ("--today", "2026-11-20")
    well("init", "customers.csv", "--firm", "Marsh Street Plumbing", "--yes")
    well("plan", *day, "--html", "week.html")
    assert "Marsh Street Plumbing" in (home / "week.html").read_text(encoding="utf-8")
    assert here("apply", *day).exit_code == 1
    assert mine.read_bytes() == before
    well("rollout", "pilot", "--contact", "Ida Marsh")
    well("plan", *day)
    well("apply", *day)
    tasks = next(home.glob("*.tasks.csv")).read_text(encoding="utf-8-sig")
    assert "Ida Marsh" in tasks
    assert "Grace Okoye" not in tasks
    well("rollout", "live")
    well("sync", *day, "--quiet")
    assert "Grace Okoye" in next(home.glob("*.tasks.csv")).read_text(encoding="utf-8-sig")
    assert "Goodword" in listing()
    rows = list(csv.DictReader(io.StringIO(well("history", "--csv", "--contact", "Ida Marsh"))))
    assert {row["result"] for row in rows} == {"done"}
    assert "All is well." in well("status", *day)
    told = well("forget", "Grace Okoye", "--yes")
    assert "backup" in told
    assert "Grace Okoye" not in told
    assert "Grace Okoye" not in next(home.glob("*.tasks.csv")).read_text(encoding="utf-8-sig")
    assert "Grace Okoye" in listing(), "the list is the firm's own"
    well("pause")
    assert here("apply", *day).exit_code == 1
    well("resume")
    well("rollout", "shadow")
    well("undo")
    assert "Grace Okoye" not in well("plan", *day)
