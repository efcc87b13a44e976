"""A list with little in it still gives somebody to call, and says what would give more."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import CommandLine

TODAY = date(2026, 11, 20)
DAYS_AGO = (3, 9, 14, 21, 27, 29, 45, 60, 80, 95, 110, 119, 85, 70, 66)
"""How long ago the last jobs of fifteen customers were; six are good moments to ask."""
FIRST = (
    *("Nora", "Ida", "Piet", "Greta", "Omar", "Lena", "Hugo", "Maya"),
    *("Theo", "Rosa", "Finn", "Ava", "Karl", "Mina", "Zoe"),
)
LAST = ("Quill", "Brandt")


def customers(ago: Sequence[int]) -> list[tuple[str, str, str, str]]:
    """Name, phone, day of the last job and money spent of customers served that long ago."""
    return [
        (
            f"{FIRST[n % 15]} {LAST[n // 15 % 2]}",
            f"0117 496 01{n:02}",
            f"{TODAY - timedelta(days=days):%d/%m/%Y}",
            f"£{80 + 37 * n}.00",
        )
        for n, days in enumerate(ago)
    ]


def planned(
    line: CommandLine, ago: Sequence[int], header: str = "Name,Phone,Last job,Total spent"
) -> list[dict[str, Any]]:
    """The tasks of the first plan from a list of only these four columns."""
    rows = "".join(",".join(row) + "\n" for row in customers(ago))
    (line.folder / "people.csv").write_text(f"{header}\n{rows}", encoding="utf-8")
    set_up = line("init", "people.csv", "--yes")
    assert set_up.exit_code == 0, set_up.stderr
    seen = line.on_the_day("plan", "--json")
    assert seen.exit_code == 0, seen.stderr
    actions = json.loads(seen.stdout)["actions"]
    return [action for action in actions if action["kind"] == "create_task"]


@pytest.mark.promise("little.five")
@pytest.mark.parametrize(
    "header",
    [
        "Name,Phone,Last job,Total spent",
        "Customer,Mobile,Last Service,Lifetime Revenue",
        "Kunde,Telefon,Letzter Auftrag,Umsatz gesamt",
    ],
)
@pytest.mark.usefixtures("spreadsheets")
def test_four_columns_give_five_people_to_ask_by_name(here: CommandLine, header: str) -> None:
    tasks = planned(here, DAYS_AGO, header)
    names = {row[0] for row in customers(DAYS_AGO)}
    assert len(tasks) >= 5
    assert {task["contact_name"] for task in tasks} <= names
    assert all(task["play"] == "ask" for task in tasks)
    assert all("last worked for them on 2026-" in task["because"][0] for task in tasks)


@pytest.mark.promise("little.five")
@pytest.mark.usefixtures("spreadsheets")
@pytest.mark.parametrize("eligible", [0, 2, 5])
def test_nobody_is_made_up_where_fewer_are_eligible(here: CommandLine, eligible: int) -> None:
    tasks = planned(here, [5] * eligible + [60] * (15 - eligible))
    assert len(tasks) == eligible


@pytest.mark.promise("little.five")
@pytest.mark.usefixtures("spreadsheets")
def test_customers_not_heard_from_for_long_are_greeted_where_there_is_room(
    here: CommandLine,
) -> None:
    tasks = planned(here, [5, 9] + [200] * 13)
    assert [task["play"] for task in tasks] == ["ask"] * 2 + ["quiet"] * 3


@pytest.mark.long
@pytest.mark.promise("little.wishes")
def test_what_would_help_is_told_in_plan_status_and_report_alike(
    here: CommandLine, spreadsheets: None
) -> None:
    rows = "".join(f"Person {n},0117 496 01{n:02},15/09/2026,£80.00\n" for n in range(10, 19))
    (here.folder / "people.csv").write_text(f"Name,Phone,Last job,Total spent\n{rows}", "utf-8")
    assert here("init", "people.csv", "--yes").exit_code == 0
    for command in (("plan",), ("plan", "--html", "-"), ("status",), ("report", "--to", "-")):
        seen = here.on_the_day(*command)
        assert seen.exit_code == 0, seen.stderr
        text = " ".join(re.sub(r"<[^>]*>", " ", seen.stdout).split())
        assert "A column with survey scores" in text, command
        assert "up to 9 more customers" in text, command
        assert len(re.findall("more customers?", text)) <= 5, command
