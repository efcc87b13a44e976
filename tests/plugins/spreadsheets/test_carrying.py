"""A fresh export takes over the task list of the file it replaces, with what people wrote in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from goodword import CreateTask
from goodword_csv.rows.sources import read_sheets
from goodword_csv.settings import CsvSettings
from goodword_csv.tasks.changes import Changes
from goodword_csv.tasks.headline import AsOf
from goodword_csv.tasks.task_place import find_tasks
from goodword_csv.tasks.task_sheet import HEADER, KEY
from goodword_csv.tasks.writing import Beside, new_contents

PEOPLE = "Customer no,Name,Email\n007,Nora Quill,n@x.example\n008,Ida,i@x.example\n"
Lay = Callable[..., Any]


def people(kind: str) -> bytes:
    if kind == "csv":
        return PEOPLE.encode()
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(PEOPLE)):
        book.worksheets[0].append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def annotate(folder: Path, kind: str) -> None:
    """Let a rep answer the first task and write a note beside it."""
    if kind == "xlsx":
        book = openpyxl.load_workbook(folder / "old.xlsx")
        page = book["Referral tasks"]
        page["A4"], page["B4"], page["V3"], page["V4"] = "x", "yes", "Mine", 7
        book.save(folder / "old.xlsx")
        return
    path = folder / "old.tasks.csv"
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    rows[0].append("Mine")
    rows[1] = ["x", "yes", *rows[1][2:], "7"]
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8")


@pytest.mark.parametrize("old", ["csv", "xlsx"])
@pytest.mark.parametrize("new", ["csv", "xlsx"])
def test_every_task_answer_and_note_goes_over(
    desk: Lay,
    a_task: Callable[..., CreateTask],
    sheet: Callable[..., Any],
    old: str,
    new: str,
) -> None:
    firm = desk({f"old.{old}": people(old)})
    tasks = [a_task("007", "a"), a_task("008", "b", subject="@odd", owner_id=None)]
    firm.open().write(tasks)
    annotate(firm.folder, old)
    before = firm.pull().tables["asks"]
    settings = firm.settings
    (here,) = read_sheets(settings, firm.folder)
    old_place = find_tasks(settings, here.file)

    firm.guess = desk({f"new.{new}": people(new)}).guess
    settings = CsvSettings.model_validate(firm.guess.settings)
    (there,) = read_sheets(settings, firm.folder)
    contents = new_contents(
        *(Changes(), there, find_tasks(settings, there.file), AsOf(firm.today)),
        Beside(carried=old_place),
    )
    for content in contents:
        content.path.write_bytes(content.data)

    after = firm.pull().tables["asks"]
    assert [row | {"done_at": None} for row in after] == [row | {"done_at": None} for row in before]
    if new == old == "csv":
        assert (firm.folder / "new.tasks.csv").read_bytes() == (
            firm.folder / "old.tasks.csv"
        ).read_bytes()
    if new == "xlsx":
        rows = sheet(firm.folder / "new.xlsx", "Referral tasks")
        assert rows[0][0].startswith("Since 20 November 2026: 1 asked, 1 yes")
        assert rows[2] == [*HEADER, "Mine"]
        assert str(rows[3][-1]).removesuffix(".0") == "7"
        assert openpyxl.load_workbook(firm.folder / "new.xlsx")["Referral tasks"]["A3"].font.b
    firm.open("20261121-1-b").write([a_task("007", "third"), *tasks])
    keys = [row["task_key"] for row in firm.pull().tables["asks"]]
    assert sorted(keys) == sorted(task.key for task in [*tasks, a_task("007", "third")])


def test_a_list_without_tasks_carries_only_its_columns(
    desk: Lay, a_task: Callable[..., CreateTask]
) -> None:
    firm = desk({"old.xlsx": people("xlsx")})
    firm.open().write([a_task("007", "a")])
    book = openpyxl.load_workbook(firm.folder / "old.xlsx")
    book["Referral tasks"].delete_rows(4, 5)
    book.save(firm.folder / "old.xlsx")
    (here,) = read_sheets(firm.settings, firm.folder)
    place = find_tasks(firm.settings, here.file)
    firm.guess = desk({"new.xlsx": people("xlsx")}).guess
    (there,) = read_sheets(firm.settings, firm.folder)
    (content,) = new_contents(
        *(Changes(), there, find_tasks(firm.settings, there.file), AsOf(firm.today)),
        Beside(carried=place),
    )
    content.path.write_bytes(content.data)
    page = openpyxl.load_workbook(firm.folder / "new.xlsx")["Referral tasks"]
    assert KEY in [cell.value for cell in page[3]]
    assert firm.pull().tables["asks"] == []
