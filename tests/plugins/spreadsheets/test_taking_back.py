"""Backups before a run, byte-restore after it, and a run that is killed in the middle."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from goodword import CloseTask, RemoveTask, UpdateTask
from goodword_csv.tasks.task_sheet import DONE, HEADER, KEY, NAME, OUTCOME, OUTCOME_DATE

PEOPLE = "Name,Email\nNora,n@x.example\nIda,i@x.example\n"
RUN = "20261120-090000-aaaa"
Lay = Callable[..., Any]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.promise("undo.bytes")
def test_a_run_is_taken_back_byte_for_byte_with_the_files_it_made(
    desk: Lay, fields: Callable[..., Any], a_task: Callable[..., Any]
) -> None:
    firm = desk({"people.csv": PEOPLE})
    before = files_of(firm.folder)
    firm.open(RUN).write([fields("n@x.example", stage="buy"), a_task("n@x.example")])
    assert set(files_of(firm.folder)) == {"people.csv", "people.tasks.csv"}
    assert firm.open("later").restore(RUN)
    assert files_of(firm.folder) == before
    assert firm.open("later").restore(RUN), "taking it back twice is taking it back once"


@pytest.mark.promise("undo.bytes")
def test_several_batches_of_one_run_go_back_to_its_beginning(
    desk: Lay, fields: Callable[..., Any], a_task: Callable[..., Any]
) -> None:
    firm = desk({"people.csv": PEOPLE})
    before = files_of(firm.folder)
    connector = firm.open(RUN)
    connector.write([fields("n@x.example", stage="buy")])
    connector.write([fields("i@x.example", stage="like"), a_task("n@x.example")])
    connector.write([a_task("i@x.example", "other")])
    assert firm.open("later").restore(RUN)
    assert files_of(firm.folder) == before


@pytest.mark.parametrize("changed", ["people.csv", "people.tasks.csv"])
def test_a_file_somebody_changed_since_is_never_overwritten(
    desk: Lay, fields: Callable[..., Any], a_task: Callable[..., Any], changed: str
) -> None:
    firm = desk({"people.csv": PEOPLE})
    firm.open(RUN).write([fields("n@x.example", stage="buy"), a_task("n@x.example")])
    path = firm.folder / changed
    path.write_bytes(path.read_bytes() + b"Somebody new\r\n")
    after = files_of(firm.folder)
    assert not firm.open("later").restore(RUN)
    assert files_of(firm.folder) == after
    assert not firm.open("later").restore("a run that never was")


def laid_out(desk: Lay, kind: str) -> Any:
    """A firm with one list, a CSV file or a workbook."""
    if kind == "csv":
        return desk({"people.csv": PEOPLE})
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(PEOPLE)):
        book.worksheets[0].append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return desk({"people.xlsx": buffer.getvalue()})


def rep_writes(firm: Any, key: str, title: str, text: object) -> None:
    """Fill one cell of a task as a rep does; a title that is not ours is a new column."""
    path = firm.folder / "people.tasks.csv"
    if not path.exists():
        book = openpyxl.load_workbook(firm.folder / "people.xlsx")
        page = book["Referral tasks"]
        top = next(row for row in page.iter_rows() if any(cell.value == KEY for cell in row))
        column = {cell.value: cell.column for cell in top}.get(title, len(top) + 1)
        page.cell(top[0].row, column).value = title
        line = next(row for row in page.iter_rows() if any(c.value == f"gw-{key}" for c in row))
        page.cell(line[0].row, column).value = text
        book.save(firm.folder / "people.xlsx")
        return
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = [list(row) for row in csv.reader(file)]
    if title not in rows[0]:
        rows = [[*rows[0], title], *([*row, ""] for row in rows[1:])]
    next(row for row in rows if f"gw-{key}" in row)[rows[0].index(title)] = str(text)
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(rows)


def rows_of(firm: Any) -> list[dict[str, Any]]:
    """The rows below the header of the task list that hold anything."""
    path = firm.folder / "people.tasks.csv"
    if path.exists():
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows: list[Any] = [list(row) for row in csv.reader(file)]
    else:
        page = openpyxl.load_workbook(firm.folder / "people.xlsx")["Referral tasks"]
        rows = [[cell or "" for cell in row] for row in page.iter_rows(values_only=True)]
    top = next(at for at, row in enumerate(rows) if KEY in row)
    return [dict(zip(rows[top], row, strict=False)) for row in rows[top + 1 :] if any(row)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("title", "text"),
    [
        (NAME, "Walter Reed"),
        (OUTCOME_DATE, "2026-12-01"),
        (OUTCOME, "maybe"),
        ("My notes", "phoned"),
    ],
)
@pytest.mark.promise("rep.not-overwritten")
def test_a_task_somebody_wrote_in_or_beside_is_not_taken_back(
    desk: Lay, a_task: Callable[..., Any], kind: str, title: str, text: str
) -> None:
    firm = laid_out(desk, kind)
    mine, other = a_task("n@x.example"), a_task("i@x.example", "other")
    firm.open(RUN).write([mine, other])
    rep_writes(firm, mine.key, title, text)
    back = [RemoveTask(key=f"u{t.key}", task_key=t.key, contact_id="") for t in (mine, other)]
    first, second = firm.open("later").write(back)
    assert (first.ok, first.skipped, second.ok) == (False, True, True)
    (row,) = rows_of(firm)
    assert (row[KEY], row[title]) == (f"gw-{mine.key}", text)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_answer_that_is_only_begun_leaves_the_task_to_the_rep(
    desk: Lay, a_task: Callable[..., Any], kind: str
) -> None:
    firm = laid_out(desk, kind)
    task = a_task("n@x.example")
    firm.open(RUN).write([task])
    rep_writes(firm, task.key, NAME, "Walter Reed")
    (ask,) = firm.pull().tables["asks"]
    assert (ask["state"], ask["edited"]) == ("open", True)
    about: dict[str, Any] = {"task_key": task.key, "contact_id": task.contact_id}
    close = CloseTask(key="c", state="withdrawn", reason="complaint", **about)
    move = UpdateTask(key="m", owner_id="Kim", before={"owner_id": "Sam Rowe"}, **about)
    results = firm.open("later").write([close, move])
    assert [(result.ok, result.skipped) for result in results] == [(False, True)] * 2
    rep_writes(firm, task.key, OUTCOME, "yes")
    (ask,) = firm.pull().tables["asks"]
    assert (ask["state"], ask["edited"]) == ("done", False)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_neither_an_empty_box_nor_a_note_beside_keeps_trouble_from_withdrawing_a_task(
    desk: Lay, a_task: Callable[..., Any], kind: str
) -> None:
    firm = laid_out(desk, kind)
    task = a_task("n@x.example")
    firm.open(RUN).write([task])
    rep_writes(firm, task.key, DONE, "no")
    rep_writes(firm, task.key, "My notes", "phoned")
    close = CloseTask(
        key="c", task_key=task.key, contact_id="", state="withdrawn", reason="complaint"
    )
    (result,) = firm.open("later").write([close])
    assert result.ok
    (row,) = rows_of(firm)
    assert (row["Status"], row["My notes"]) == ("Hold: complaint", "phoned")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_forgetting_somebody_leaves_what_reps_wrote_beside_their_task_and_says_so(
    desk: Lay, a_task: Callable[..., Any], kind: str
) -> None:
    firm = laid_out(desk, kind)
    first, second = a_task("n@x.example"), a_task("n@x.example", "other")
    third = a_task("i@x.example", contact_name="Ida Brandt", subject="Call", body="Hi")
    firm.open(RUN).write([first, second, third])
    rep_writes(firm, second.key, "My notes", "phoned")
    left = firm.open("later").forget("n@x.example")
    assert any("of the task list: notes in columns of your own" in line for line in left)
    kept = next(row for row in rows_of(firm) if row["My notes"])
    assert ({kept[title] for title in HEADER}, kept["My notes"]) == ({""}, "phoned")
    assert {row[KEY] for row in rows_of(firm)} == {"", f"gw-{third.key}"}


@pytest.mark.promise("forget.backups-expire")
def test_backups_are_private_and_the_ten_newest_are_kept(
    desk: Lay, fields: Callable[..., Any]
) -> None:
    firm = desk({"people.csv": PEOPLE})
    for number in range(12):
        firm.open(f"202611{number + 1:02}-1-a").write([fields("n@x.example", score=number)])
    backups = firm.folder / ".goodword" / "backups"
    assert [path.name for path in sorted(backups.iterdir())] == [
        f"202611{number + 1:02}-1-a" for number in range(2, 12)
    ]
    assert {path.stat().st_mode & 0o077 for path in backups.rglob("*")} == {0}


WRITER = """
import sys
from datetime import date
from pathlib import Path
from goodword import CreateTask, SetFields, Workplace
from goodword_csv.connector import SpreadsheetConnector
from goodword_csv.guessing.proposal import propose
from goodword_csv.settings import CsvSettings

folder = Path(sys.argv[1])
settings = CsvSettings.model_validate(propose([folder / "people.csv"], folder).settings)
work = Workplace(folder, folder / ".goodword", sys.argv[2], date(2026, 11, 20), "a")
connector = SpreadsheetConnector(settings, work)
batch = []
for number in range(3000):
    one = f"p{number}@x.example"
    values = {"stage": "buy", "score": number % 100, "why": "because"}
    before = dict.fromkeys(values)
    batch.append(SetFields(key=f"f{number}", contact_id=one, values=values, before=before))
    batch.append(
        CreateTask(
            key=f"{number:032x}", contact_id=one, contact_name=one, owner_id=None, play="ask",
            cycle="c", due=date(2026, 11, 24), subject="Ask", body="Say this", because=("x",),
            rank=1, asks=True,
        )
    )
print("ready", flush=True)
sys.stdin.readline()
assert all(result.ok for result in connector.write(batch))
"""


@pytest.mark.parametrize(
    "moment", [0.02, 0.1, 0.2, *(pytest.param(at, marks=pytest.mark.long) for at in (0.3, 0.45))]
)
@pytest.mark.promise("write.killed")
def test_a_killed_run_leaves_whole_files_and_the_next_one_finishes_it(
    tmp_path: Path, moment: float
) -> None:
    (tmp_path / ".goodword").mkdir()
    old = "Name,Email\n" + "".join(f"Person,p{number}@x.example\n" for number in range(3000))
    people, tasks = tmp_path / "people.csv", tmp_path / "people.tasks.csv"
    people.write_text(old)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    def start(run: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), run],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        return process

    killed = start("20261120-1-a")
    assert killed.stdin is not None
    killed.stdin.write(b"\n")
    killed.stdin.flush()
    time.sleep(moment)
    killed.kill()
    killed.communicate()
    assert people.read_text() == old or people.read_text().count(",because,") == 3000
    if tasks.exists():
        assert tasks.read_text(encoding="utf-8-sig").count("gw-") == 6000
    if people.read_text() != old or tasks.exists():
        backup = list((tmp_path / ".goodword" / "backups" / "20261120-1-a").glob("people*.csv"))
        assert [path.read_text() for path in backup] == [old]
    again = start("20261120-2-b")
    again.communicate(b"\n")
    assert again.returncode == 0
    assert people.read_text().count(",because,") == 3000
    assert tasks.read_text(encoding="utf-8-sig").count("gw-") == 6000
    assert {path.name for path in tmp_path.iterdir() if path.suffix != ".tmp"} == {
        *("people.csv", "people.tasks.csv", ".goodword")
    }


def test_what_a_killed_write_left_goes_with_the_next_pull(desk: Any) -> None:
    firm = desk({"people.csv": "Name,Email\nNora Quill,nora@x.example\n"})
    copies = firm.folder / ".goodword" / "backups" / "20261119-090000-aaaa"
    copies.mkdir(parents=True)
    left = [
        firm.folder / ".people.csv.goodword-ab12.tmp",
        firm.folder / ".people.tasks.csv.goodword-ab12.tmp",
        copies / ".ab12.tmp",
    ]
    theirs = firm.folder / ".other.csv.goodword-ab12.tmp"
    for path in (*left, theirs):
        path.write_text("Nora Quill")
    firm.open().check()
    assert all(path.exists() for path in left)  # looking holds no lock, so it removes nothing
    firm.pull()
    assert [path for path in left if path.exists()] == []
    assert theirs.exists()
