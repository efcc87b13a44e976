"""The task list people work in: answered, sorted, annotated, deleted, closed, taken back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from goodword import OUTCOMES, CloseTask, RemoveTask, SourceError, UpdateTask
from goodword_csv.tasks.task_sheet import BODY, DONE, FOR, HEADER, KEY, NAME, OUTCOME, RUN, STATUS

PEOPLE = """\
Customer no,Name,Email,Account manager
007,Nora Quill,n@x.example,Sam Rowe
008,Ida,i@x.example,
"""
Lay = Callable[..., Any]
OUTCOME_DATE = "Outcome date"


class Book:
    """The rep's hands on the task list, in either format."""

    def __init__(self, firm: Any) -> None:
        self.firm = firm
        self.csv = firm.folder / "people.tasks.csv"
        self.xlsx = firm.folder / "people.xlsx"

    def read(self) -> list[list[Any]]:
        """The list from its header on."""
        if self.xlsx.exists():
            rows = openpyxl.load_workbook(self.xlsx)["Referral tasks"].iter_rows(values_only=True)
            read = [["" if cell is None else cell for cell in row] for row in rows]
            return read[next(at for at, row in enumerate(read) if KEY in row) :]
        with self.csv.open(newline="", encoding="utf-8-sig") as file:
            return [list(row) for row in csv.reader(file)]

    def save(self, rows: list[list[Any]]) -> None:
        if self.xlsx.exists():
            book = openpyxl.load_workbook(self.xlsx)
            page = book["Referral tasks"]
            top = next(cell.row for row in page.iter_rows() for cell in row if cell.value == KEY)
            page.delete_rows(top, page.max_row + 1)
            for row in rows:
                page.append([cell if cell != "" else None for cell in row])
            book.save(self.xlsx)
            return
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerows(rows)
        self.csv.write_text(buffer.getvalue(), encoding="utf-8-sig")

    def fill(self, key: str, **cells: Any) -> None:
        rows = self.read()
        titles = {
            "done": DONE,
            "outcome": OUTCOME,
            "when": OUTCOME_DATE,
            "name": NAME,
            "body": BODY,
        }
        for row in rows[1:]:
            if row[rows[0].index(KEY)] == f"gw-{key}":
                for name, value in cells.items():
                    row[rows[0].index(titles[name])] = value
        self.save(rows)


@pytest.fixture(params=["csv", "xlsx"])
def firm(request: pytest.FixtureRequest, desk: Lay) -> Any:
    if request.param == "csv":
        return desk({"people.csv": PEOPLE})
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "People"
    for row in csv.reader(io.StringIO(PEOPLE)):
        page.append([cell or None for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return desk({"people.xlsx": buffer.getvalue()})


def ask_of(heard: Any, key: str) -> dict[str, Any]:
    (row,) = (row for row in heard.tables["asks"] if row["task_key"] == key)
    return dict(row)


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.promise("ask.answered", "outcome.same-everywhere", "ours.outcome")
def test_what_the_rep_picks_is_read_back(
    firm: Any, a_task: Callable[..., Any], outcome: str
) -> None:
    task = a_task("007")
    firm.open().write([task])
    Book(firm).fill(task.key, done="x", outcome=outcome.upper(), name="Tilda Grayson")
    ask = ask_of(firm.pull(), task.key)
    assert (ask["state"], ask["outcome"]) == ("done", outcome)
    assert (ask["contact_id"], ask["owner_id"], ask["play"]) == ("007", "Sam Rowe", "ask")
    assert ask["outcome_name"] == "Tilda Grayson"
    assert not ask["edited"]


@pytest.mark.promise("outcome.completion-day")
def test_the_day_it_was_done_is_what_the_rep_wrote_or_the_day_we_first_saw_it(
    firm: Any, a_task: Callable[..., Any]
) -> None:
    tasks = [a_task("007", cycle) for cycle in ("a", "b", "c", "d")]
    firm.open().write(tasks)
    book = Book(firm)
    before = firm.pull()
    book.fill(tasks[0].key, done="2026-11-23")
    book.fill(tasks[1].key, done="x", outcome="no", when="2026-11-24")
    book.fill(tasks[2].key, done="x", outcome="later", when="2027-02-01")
    book.fill(tasks[3].key, done="x")
    firm.today = date(2026, 11, 30)
    seen = firm.pull(before.cursor)
    firm.today = date(2026, 12, 30)
    later = firm.pull(seen.cursor)
    for heard in (seen, later):
        asks = [ask_of(heard, task.key) for task in tasks]
        assert [ask["done_at"] for ask in asks] == [
            datetime(2026, 11, 23),
            datetime(2026, 11, 24),
            datetime(2026, 11, 30),
            datetime(2026, 11, 30),
        ]
        assert asks[2]["outcome_at"] == datetime(2027, 2, 1)


def test_after_a_lost_mirror_an_old_tick_is_not_taken_for_a_new_one(
    firm: Any, a_task: Callable[..., Any]
) -> None:
    task = a_task("007", due=date(2026, 3, 2))
    firm.open().write([task])
    Book(firm).fill(task.key, done="x")
    assert ask_of(firm.pull(), task.key)["done_at"] == datetime(2026, 3, 2)


def test_sorting_adding_columns_and_own_rows_disturb_nothing(
    firm: Any, a_task: Callable[..., Any]
) -> None:
    tasks = [a_task("007", "a"), a_task("008", "b", owner_id=None)]
    firm.open().write(tasks)
    book = Book(firm)
    header, first, second = book.read()
    mixed = ["Mine", *header]
    book.save([mixed, ["note", *second], ["buy milk"], ["", *first]])
    firm.open("20261121-1-b").write([*tasks, a_task("008", "c")])
    rows = book.read()
    assert rows[0] == mixed
    assert [str(row[0]) for row in rows[1:]] == ["note", "buy milk", "", ""]
    heard = firm.pull()
    assert {row["task_key"] for row in heard.tables["asks"]} == {
        *(task.key for task in tasks),
        a_task("008", "c").key,
    }
    assert not any(row["edited"] for row in heard.tables["asks"])


def test_a_row_the_rep_deleted_is_gone(firm: Any, a_task: Callable[..., Any]) -> None:
    tasks = [a_task("007", "a"), a_task("007", "b")]
    firm.open().write(tasks)
    book = Book(firm)
    header, _, second = book.read()
    book.save([header, second])
    assert [row["task_key"] for row in firm.pull().tables["asks"]] == [tasks[1].key]
    assert set(firm.open().find([task.key for task in tasks])) == {tasks[1].key}


@pytest.mark.promise("rep.not-overwritten")
def test_a_task_whose_words_the_rep_changed_is_theirs(
    firm: Any, a_task: Callable[..., Any]
) -> None:
    task = a_task("007")
    firm.open().write([task])
    Book(firm).fill(task.key, body="My own words")
    assert ask_of(firm.pull(), task.key)["edited"]
    close = CloseTask(key="c", task_key=task.key, contact_id="007", state="expired", reason="")
    (result,) = firm.open().write([close])
    assert (result.ok, result.skipped) == (False, True)


@pytest.mark.promise("ask.hold-in-sheet")
def test_open_tasks_are_moved_closed_and_taken_back(firm: Any, a_task: Callable[..., Any]) -> None:
    tasks = [a_task("007", cycle) for cycle in ("a", "b", "c", "d")]
    firm.open().write(tasks)
    keys = [task.key for task in tasks]
    move = UpdateTask(
        key="m", task_key=keys[0], contact_id="007", owner_id="Lena Fox", before={"owner_id": None}
    )
    hold = CloseTask(
        key="h", task_key=keys[1], contact_id="007", state="withdrawn", reason="open_ticket"
    )
    expire = CloseTask(key="e", task_key=keys[2], contact_id="007", state="expired", reason="")
    remove = RemoveTask(key="r", task_key=keys[3], contact_id="007")
    assert all(result.ok for result in firm.open().write([move, hold, expire, remove]))
    rows = Book(firm).read()
    at = {title: rows[0].index(title) for title in HEADER}
    shown = {row[at[KEY]]: (row[at[FOR]], row[at[STATUS]]) for row in rows[1:] if row[at[KEY]]}
    assert shown == {
        f"gw-{keys[0]}": ("Lena Fox", "Open"),
        f"gw-{keys[1]}": ("Sam Rowe", "Hold: open ticket"),
        f"gw-{keys[2]}": ("Sam Rowe", "Expired"),
    }
    states = {row["task_key"]: row["state"] for row in firm.pull().tables["asks"]}
    assert states == {keys[0]: "open", keys[1]: "withdrawn", keys[2]: "expired"}


def test_an_outcome_nobody_knows_is_told_and_changes_nothing(
    firm: Any, a_task: Callable[..., Any]
) -> None:
    task = a_task("007")
    firm.open().write([task])
    Book(firm).fill(task.key, outcome="not now")
    heard = firm.pull()
    assert ask_of(heard, task.key)["outcome"] is None
    assert any("outcome" in notice and "wrong person" in notice for notice in heard.notices)


def test_another_sheet_of_that_name_is_never_taken_over(
    desk: Lay, a_task: Callable[..., Any], fields: Callable[..., Any]
) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Referral tasks"
    book.worksheets[0].append(["To do", "Who"])
    page = book.create_sheet("People")
    for row in (["Name", "Email"], ["Nora", "n@x.example"]):
        page.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    firm = desk({"people.xlsx": buffer.getvalue()})
    with pytest.raises(SourceError, match="Goodword key"):
        firm.pull()
    firm.set_settings(tasks="Goodword tasks")
    firm.open().write([a_task("n@x.example")])
    assert len(firm.pull().tables["asks"]) == 1


def test_hidden_tasks_are_still_read(
    desk: Lay, sample_workbook: Path, a_task: Callable[..., Any]
) -> None:
    firm = desk(sample_workbook)
    firm.open().write([a_task("C-1001")])
    path = firm.folder / sample_workbook.name
    book = openpyxl.load_workbook(path)
    book["Referral tasks"].sheet_state = "hidden"
    book.save(path)
    assert len(firm.pull().tables["asks"]) == 1


def test_a_task_file_saved_by_a_german_spreadsheet_is_read(
    desk: Lay, a_task: Callable[..., Any]
) -> None:
    firm = desk({"people.csv": PEOPLE})
    task = a_task("007")
    firm.open().write([task])
    path = firm.folder / "people.tasks.csv"
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    rows[1][0:2] = ["x", "no"]
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";").writerows(rows)
    path.write_bytes(buffer.getvalue().replace("…", "...").encode("cp1252"))
    ask = ask_of(firm.pull(), task.key)
    assert (ask["outcome"], ask["contact_id"]) == ("no", "007")
    firm.open("20261122-1-b").write([a_task("008", "z")])
    assert [path.read_bytes().count(b";%b;" % word) for word in (b"Open", b"Done")] == [1, 1]


def hold(task: Any) -> CloseTask:
    return CloseTask(
        key=f"h-{task.key}",
        task_key=task.key,
        contact_id=task.contact_id,
        state="withdrawn",
        reason="open_ticket",
    )


def status_of(firm: Any, key: str) -> str:
    rows = Book(firm).read()
    at = {title: rows[0].index(title) for title in HEADER}
    return next(str(row[at[STATUS]]) for row in rows[1:] if row[at[KEY]] == f"gw-{key}")


def test_a_task_the_rep_edited_or_completed_is_not_put_on_hold(
    firm: Any, a_task: Callable[..., Any]
) -> None:
    edited, done, open_one = (a_task("007", cycle) for cycle in ("a", "b", "c"))
    firm.open().write([edited, done, open_one])
    Book(firm).fill(edited.key, body="My own words")
    Book(firm).fill(done.key, done="x")
    results = firm.open().write([hold(edited), hold(done), hold(open_one)])
    assert [(one.ok, one.skipped) for one in results] == [
        (False, True),
        (False, True),
        (True, False),
    ]
    assert status_of(firm, edited.key) == "Open"
    assert status_of(firm, done.key) == "Done"
    assert status_of(firm, open_one.key) == "Hold: open ticket"
    asks = {row["task_key"]: row for row in firm.pull().tables["asks"]}
    assert [asks[task.key]["state"] for task in (edited, done, open_one)] == [
        *("open", "done", "withdrawn")
    ]
    assert asks[edited.key]["edited"]


def test_a_task_on_hold_stays_so_and_holding_it_again_changes_nothing(
    firm: Any, a_task: Callable[..., Any]
) -> None:
    task = a_task("007")
    firm.open().write([task])
    firm.open().write([hold(task)])
    before = {path.name: path.read_bytes() for path in firm.folder.iterdir() if path.is_file()}
    (again,) = firm.open().write([hold(task)])
    assert again.ok
    after = {path.name: path.read_bytes() for path in firm.folder.iterdir() if path.is_file()}
    assert after == before


@pytest.mark.parametrize("outcome", ["", "yes", "never"])
def test_a_task_on_hold_that_the_rep_completes_anyway_counts_as_done(
    firm: Any, a_task: Callable[..., Any], outcome: str
) -> None:
    task = a_task("007")
    firm.open().write([task])
    firm.open().write([hold(task)])
    Book(firm).fill(task.key, done="2026-11-23", outcome=outcome)
    ask = ask_of(firm.pull(), task.key)
    assert (ask["state"], ask["outcome"]) == ("done", outcome or None)
    assert ask["done_at"] == datetime(2026, 11, 23)
    assert firm.open().find([task.key])[task.key].state == "done"
    (close,) = firm.open().write([hold(task)])
    assert (close.ok, close.skipped) == (False, True)


def test_each_task_keeps_the_run_that_wrote_it(firm: Any, a_task: Callable[..., Any]) -> None:
    first, second = a_task("007", "a"), a_task("008", "b")
    firm.open("20261120-090000-aaaa").write([first])
    firm.open("20261121-090000-bbbb").write([first, second])
    runs = {row["task_key"]: row["run_id"] for row in firm.pull().tables["asks"]}
    assert runs == {first.key: "20261120-090000-aaaa", second.key: "20261121-090000-bbbb"}


def test_a_list_of_an_earlier_version_has_no_runs_and_works_on(
    firm: Any, a_task: Callable[..., Any]
) -> None:
    first, second = a_task("007", "a"), a_task("008", "b")
    firm.open().write([first])
    book = Book(firm)
    assert HEADER[-1] == RUN
    book.save([row[: len(HEADER) - 1] for row in book.read()])
    firm.open().write([first, second])
    asks = firm.pull().tables["asks"]
    assert [(row["task_key"], row["run_id"], row["state"]) for row in asks] == [
        (first.key, None, "open"),
        (second.key, None, "open"),
    ]
    assert RUN not in book.read()[0]
