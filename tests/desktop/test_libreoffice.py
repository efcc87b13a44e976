"""LibreOffice opens what we wrote, shows the same values, and what it saves is read again."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine

from goodword import Action, CreateTask, Cursor, SetFields, Workplace
from goodword_csv.connector import SpreadsheetConnector
from goodword_csv.guessing.proposal import propose
from goodword_csv.rows.sources import read_file
from goodword_csv.settings import CsvSettings
from goodword_csv.tasks.task_place import find_tasks
from goodword_csv.tasks.task_sheet import DUE, OUTCOME, SUBJECT, TaskRow

pytestmark = pytest.mark.desktop
TODAY = date(2026, 11, 20)
SHEET = "Referral tasks"


class Ears:
    """Hears one pull."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Any]] = {}

    def put(self, table: str, rows: Any) -> None:
        self.tables.setdefault(table, []).extend(rows)

    def whole(self, *tables: str) -> None:
        for table in tables:
            self.tables.setdefault(table, [])

    def remove(self, table: str, keys: Any) -> None:
        raise AssertionError((table, keys))

    def absent(self, *tables: str) -> None:
        """Nothing to do: the test looks at what is there."""

    def forgotten(self, *contact_ids: str) -> None:
        raise AssertionError(contact_ids)

    def notice(self, code: str, text: str) -> None:
        """Notices are looked at elsewhere."""


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Path], Path]:
    """Let LibreOffice open a workbook and save it as a new one."""
    office = shutil.which("soffice")
    assert office, "these tests need LibreOffice; leave them out with -m 'not desktop'"

    def save(path: Path) -> Path:
        target = tmp_path / "saved"
        command = [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"]
        command += ["--headless", "--convert-to", "xlsx", "--outdir", str(target), str(path)]
        done = subprocess.run(command, capture_output=True, check=False, timeout=240)
        assert done.returncode == 0, done.stderr
        return (target / path.name).with_suffix(".xlsx")

    return save


def connector_on(path: Path, settings: CsvSettings, run_id: str) -> SpreadsheetConnector:
    state = path.parent / ".goodword"
    state.mkdir(exist_ok=True)
    return SpreadsheetConnector(settings, Workplace(path.parent, state, run_id, TODAY, "csv-test"))


def heard(path: Path, settings: CsvSettings) -> dict[str, list[Any]]:
    ears = Ears()
    connector_on(path, settings, "read").pull(Cursor({}), ears)
    return ears.tables


def a_task(contact_id: str, name: str, due: date) -> CreateTask:
    return CreateTask(
        key=name.encode().hex().zfill(32),
        contact_id=contact_id,
        contact_name="Fiona MacLeish",
        owner_id="Moira Kerr",
        play="ask",
        cycle=name,
        due=due,
        subject=f"Ask for a good word, {name}",
        body="WHO\nFiona\n\nSAY THIS\nHi Fiona – =1+1 … <b>“grand”</b>",
        because=("rated us 10 of 10",),
        rank=1,
        asks=True,
    )


def tasks_of(path: Path, settings: CsvSettings) -> list[TaskRow]:
    tasks = find_tasks(settings, read_file(path)).tasks
    assert tasks is not None
    return list(tasks.rows)


def values(path: Path) -> dict[str, list[list[Any]]]:
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return {
        name: [
            [str(cell) for cell in row]
            for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        ]
        for name in book.sheet_names
        if name != SHEET
    }


def opened(path: Path) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it says which extensions it cannot read
        return openpyxl.load_workbook(path)


def formulas(path: Path) -> dict[tuple[str, str], str]:
    book = opened(path)
    return {
        (page.title, cell.coordinate): cell.value
        for page in book.worksheets
        for row in page.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def test_a_workbook_we_wrote_goes_through_libreoffice_and_on(
    sample_workbook: Path, saved: Callable[[Path], Path]
) -> None:
    path = sample_workbook
    settings = CsvSettings.model_validate(propose([path], path.parent).settings)
    before_values, before_formulas = values(saved(path)), formulas(path)
    people = [str(row["contact_id"]) for row in heard(path, settings)["contacts"]]
    tasks = [a_task(people[0], "late", date(2026, 11, 30)), a_task(people[1], "soon", TODAY)]
    stages: list[Action] = [
        SetFields(key=f"s-{one}", contact_id=one, values={"stage": "buy"}, before={"stage": None})
        for one in people
    ]
    connector_on(path, settings, "20261120-1-a").write([*stages, *tasks])

    again = saved(path)
    after = values(again)
    assert after.keys() == before_values.keys()
    for name, rows in before_values.items():
        for old, new in zip(rows, after[name], strict=True):
            assert new[: len(old)] == old
    assert formulas(path) == before_formulas
    assert formulas(again).keys() == before_formulas.keys()

    shutil.copyfile(again, path)
    tables = heard(path, settings)
    assert {row["stage"] for row in tables["own_fields"]} == {"buy"}
    asks = {row["task_key"]: row for row in tables["asks"]}
    assert {(ask["state"], ask["edited"]) for ask in asks.values()} == {("open", False)}
    assert [row.text(SUBJECT)[-4:] for row in tasks_of(path, settings)] == ["soon", "late"]

    book = opened(path)
    page = book[SHEET]
    assert page["A1"].value.startswith("Since 20 November 2026: 0 asked")
    page["B4"], page["V3"], page["V4"] = "Yes", "My notes", "nice call"
    book.save(path)
    third = a_task(people[2], "third", TODAY)
    connector_on(path, settings, "20261121-1-b").write([third])
    last = saved(path)
    rows = tasks_of(last, settings)
    assert [(row.text(SUBJECT)[-4:], row.outcome) for row in rows] == [
        *(("hird", None), ("late", None), ("soon", "yes"))
    ]
    assert [row.text(DUE) for row in rows] == ["2026-11-20", "2026-11-30", "2026-11-20"]
    assert opened(last)[SHEET]["V6"].value == "nice call"
    assert tasks_of(last, settings)[2].text(OUTCOME) == "Yes"


def test_a_csv_list_and_its_tasks_go_through_libreoffice(
    tmp_path: Path, saved: Callable[[Path], Path]
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Customer no,Name,Email\n007,Nora Quill,n@x.example\n")
    settings = CsvSettings.model_validate(propose([path], tmp_path).settings)
    connector_on(path, settings, "20261120-1-a").write([a_task("007", "soon", TODAY)])
    shown = saved(tmp_path / "people.tasks.csv")
    (page,) = opened(shown).worksheets
    cells = {top.value: cell.value for top, cell in zip(page[1], page[2], strict=True)}
    assert cells["Subject"] == "Ask for a good word, soon"
    assert "=1+1" in cells["Say this"]
    assert not formulas(shown)
