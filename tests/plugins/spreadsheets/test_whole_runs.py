"""The sample firm through whole runs: planned, applied, answered, planned again, taken back."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from goodword import run, undoing
from goodword.cli.firm_file import write_firm
from goodword.firm import Firm
from goodword_csv.demo import TODAY, WORKBOOK, lay_out
from goodword_csv.guessing.proposal import propose


@pytest.fixture(autouse=True)
def announced(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Announce the plugin as an installation does, where the tests run without one."""
    if not any(point.name == "csv" for point in entry_points(group="goodword")):
        site = tmp_path_factory.mktemp("site")
        info = site / "goodword_csv-0.1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: goodword-csv\nVersion: 0.1.0\n"
        )
        (info / "entry_points.txt").write_text("[goodword]\ncsv = goodword_csv\n")
        monkeypatch.syspath_prepend(str(site))


LIVE = {"rollout": {"mode": "live", "start_date": date(2026, 1, 1)}}
"""A firm that has let goodword write for a while."""


@pytest.fixture
def firm_on(tmp_path: Path) -> Callable[..., Firm]:
    write_firm(tmp_path, {**lay_out(tmp_path).settings, **LIVE})
    return lambda today=TODAY: Firm(tmp_path, today=today)


def kinds(actions: Any) -> Counter[str]:
    return Counter(action.kind for action in actions)


def test_the_sample_week_is_planned_applied_and_then_there_is_nothing_left(
    firm_on: Callable[..., Firm], tmp_path: Path
) -> None:
    made = run.plan(firm_on())
    plays = Counter(action.play for action in made.actions if action.kind == "create_task")
    assert plays["ask"] > 0
    assert plays["thank_you"] > 0
    assert plays["recover"] > 0
    assert made.cannot_check == ()
    report = run.apply(firm_on())
    assert (report.exit_code, sum(report.applied.values())) == (0, len(made.actions))
    assert run.plan(firm_on()).actions == ()
    tomorrow = run.plan(firm_on(TODAY + timedelta(days=1)))
    assert len(tomorrow.actions) <= len(made.actions) // 20


@pytest.mark.long
def test_an_answer_in_the_task_list_is_learned_from(
    firm_on: Callable[..., Firm], tmp_path: Path
) -> None:
    run.sync(firm_on())
    path = tmp_path / WORKBOOK
    book = openpyxl.load_workbook(path)
    page = book["Referral tasks"]
    header = [cell.value for cell in page[3]]
    row = next(row for row in page.iter_rows(min_row=4) if row[header.index("Play")].value == "ask")
    person = row[header.index("Contact id")].value
    row[header.index("Done")].value = "x"
    row[header.index("Outcome")].value = "no"
    book.save(path)
    run.sync(firm_on(date(2026, 11, 23)))
    customers = openpyxl.load_workbook(path)["Customers"]
    titles = [cell.value for cell in customers[3]]
    (line,) = (row for row in customers.iter_rows(min_row=4, values_only=True) if row[0] == person)
    assert str(line[titles.index("Goodword next ask")]) > "2027-05"


@pytest.mark.promise("undo.bytes")
def test_undo_gives_the_workbook_back_byte_for_byte(
    firm_on: Callable[..., Firm], tmp_path: Path
) -> None:
    before = (tmp_path / WORKBOOK).read_bytes()
    run.sync(firm_on())
    assert (tmp_path / WORKBOOK).read_bytes() != before
    undoing.undo(firm_on())
    assert (tmp_path / WORKBOOK).read_bytes() == before


@pytest.mark.promise("undo.cells")
def test_undo_after_somebody_worked_in_the_file_takes_back_only_what_is_ours(
    firm_on: Callable[..., Firm], tmp_path: Path
) -> None:
    made, _ = run.sync(firm_on())
    path = tmp_path / WORKBOOK
    book = openpyxl.load_workbook(path)
    book["Customers"]["B4"].value = "Fiona MacLeish-Brown"
    book.save(path)
    report = undoing.undo(firm_on())
    assert report.applied["remove_task"] == kinds(made.actions)["create_task"]
    book = openpyxl.load_workbook(path)
    assert book["Customers"]["B4"].value == "Fiona MacLeish-Brown"
    header = [cell.value for cell in book["Customers"][3]]
    rows = book["Customers"].iter_rows(min_row=4, values_only=True)
    assert not any(row[header.index("Goodword stage")] for row in rows)
    tasks = book["Referral tasks"].iter_rows(min_row=4, values_only=True)
    assert not any(any(row) for row in tasks)


@pytest.mark.long
def test_a_sorted_workbook_plans_nothing_new(firm_on: Callable[..., Firm], tmp_path: Path) -> None:
    run.sync(firm_on())
    path = tmp_path / WORKBOOK
    book = openpyxl.load_workbook(path, data_only=True)
    for name, top in (("Customers", 4), ("Referral tasks", 4), ("Sales", 2)):
        page = book[name]
        rows = [list(row) for row in page.iter_rows(min_row=top, values_only=True)]
        full = [row for row in rows if row[4] is not None and row[0] != "Total"]
        full = [row for row in rows if any(row[:3]) and row[0] != "Total"] if top > 2 else full
        for offset, row in enumerate(reversed(full)):
            for column, value in enumerate(row, start=1):
                page.cell(top + offset, column).value = value
    book.save(path)
    again = run.plan(firm_on())
    assert [action for action in again.actions if action.kind != "set_fields"] == []
    assert again.actions == ()


@pytest.mark.long
@pytest.mark.promise("adopt.empty")
def test_an_emptied_state_folder_adopts_the_tasks_in_the_sheet(
    firm_on: Callable[..., Firm], tmp_path: Path
) -> None:
    run.sync(firm_on())
    shutil.rmtree(tmp_path / ".goodword")
    again = run.plan(firm_on())
    assert kinds(again.actions)["create_task"] == 0


def test_a_lonely_list_is_enough_for_a_first_good_word(tmp_path: Path) -> None:
    rows = ["Nora Quill,+44 117 496 0101,2026-11-10,£1960", "Ida Brandt,,2025-11-10,£80"]
    people = tmp_path / "people.csv"
    people.write_text("\n".join(["Name,Phone,Last job,Total spent", *rows]) + "\n")
    guess = propose([people], tmp_path)
    write_firm(tmp_path, {"connector": {"name": "csv"}, "plugin": {"csv": guess.settings}, **LIVE})
    made, report = run.sync(Firm(tmp_path, today=TODAY))
    tasks = {a.contact_name: a.play for a in made.actions if a.kind == "create_task"}
    assert tasks["Nora Quill"] == "ask"
    assert tasks.get("Ida Brandt") != "ask"
    assert report.exit_code == 0
    assert "Nora Quill" in (tmp_path / "people.tasks.csv").read_text(encoding="utf-8-sig")
    assert run.plan(Firm(tmp_path, today=TODAY)).actions == ()
