"""A customer who is deleted from the list leaves open tasks behind, and everybody hears of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from goodword.working import told_of_nobody

if TYPE_CHECKING:
    from conftest import CommandLine

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "customers.csv"
DAY = ("--today", "2026-11-20")
TOLD = "1 open task is about people who are no longer on your list."

pytestmark = pytest.mark.usefixtures("spreadsheets")


@pytest.mark.long
def test_open_tasks_of_people_who_are_gone_are_told(here: CommandLine) -> None:
    mine = here.folder / "customers.csv"
    shutil.copy(EXAMPLE, mine)
    for line in (("init", "customers.csv", "--yes"), ("rollout", "live"), ("sync", *DAY)):
        assert here(*line).exit_code == 0
    assert TOLD not in here("pull").stdout
    lines = mine.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("Grace Okoye")]
    mine.write_text("".join(kept), encoding="utf-8-sig")
    for command in (("pull",), ("plan", *DAY)):
        assert TOLD in " ".join(here(*command).stdout.split())
    assert json.loads(here("report", "--json", *DAY).stdout)["gone"] == 1
    page = here("report", "--to", "-", *DAY).stdout
    assert "1 open task is about people who are no longer on the list" in page
    mine.write_text("".join(lines), encoding="utf-8-sig")
    assert TOLD not in here("pull").stdout


def test_those_who_are_gone_are_named_by_numbers_only() -> None:
    told = told_of_nobody(["1025", "1025", "003Qy00000AbCdE", "grace@okoye.example", "Grace Okoye"])
    assert told.startswith("5 open tasks are about people who are no longer on your list.")
    assert told.endswith("By contact id: 1025, 003Qy00000AbCdE.")
    assert "Okoye" not in told
    assert told_of_nobody(["grace@okoye.example"]).endswith("put the person back.")
    assert told_of_nobody([str(n) for n in range(9)]).endswith("0, 1, 2, 3, 4 and 4 more.")
