"""The task list as people see it: the headline, the order, rows that move as a whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from goodword import CloseTask, CreateTask, RemoveTask
from goodword_csv.tasks.headline import is_headline
from goodword_csv.tasks.task_sheet import (
    CONTACT,
    DONE,
    DUE,
    HEADER,
    KEY,
    NAME,
    OUTCOME,
    RUN,
    STATUS,
)

PEOPLE = [["Customer no", "Name", "Email"], ["007", "Nora Quill", "n@x.example"]]
SHEET = "Referral tasks"
Lay = Callable[..., Any]
Task = Callable[..., CreateTask]


def workbook(*rows: list[Any], further: dict[str, list[list[Any]]] | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "People"
    for row in rows:
        book.worksheets[0].append(row)
    for name, more in (further or {}).items():
        page = book.create_sheet(name)
        for row in more:
            page.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def firm(desk: Lay) -> Any:
    return desk({"people.xlsx": workbook(*PEOPLE)})


def page_of(firm: Any) -> Any:
    return openpyxl.load_workbook(firm.folder / "people.xlsx")[SHEET]


def table(firm: Any) -> list[dict[str, Any]]:
    """The rows of the list below its header, as a person sees them; empty ones left out."""
    path = firm.folder / "people.tasks.csv"
    if path.exists():
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [list(row) for row in csv.reader(file)]
    else:
        rows = [list(row) for row in page_of(firm).iter_rows(values_only=True)]
    top = next(at for at, row in enumerate(rows) if KEY in row)
    found = [dict(zip(rows[top], row, strict=False)) for row in rows[top + 1 :]]
    return [row for row in found if any(row.values())]


def work(firm: Any, do: Callable[[Any, dict[str, int], int], None]) -> None:
    """Open the sheet as a rep does, and save it; *do* gets page, columns and header row."""
    path = firm.folder / "people.xlsx"
    book = openpyxl.load_workbook(path)
    page = book[SHEET]
    top = next(cell.row for row in page.iter_rows() for cell in row if cell.value == KEY)
    do(page, {cell.value: cell.column for cell in page[top] if cell.value}, top)
    book.save(path)


def cycles(firm: Any, tasks: dict[str, CreateTask]) -> list[str]:
    """The tasks in the order of the list, by the names the test gave them."""
    names = {f"gw-{task.key}": name for name, task in tasks.items()}
    return [names[row[KEY]] for row in table(firm) if row[KEY]]


def dated(a_task: Task, **days: int) -> dict[str, CreateTask]:
    return {
        name: a_task("007", name, key=name.encode().hex().zfill(32), due=date(2026, 11, day))
        for name, day in days.items()
    }


def test_a_fresh_list_opens_with_a_headline_and_frozen_header(firm: Any, a_task: Task) -> None:
    firm.open().write([a_task("007", play="thank_you")])
    page = page_of(firm)
    assert page["A1"].value == (
        "Since 20 November 2026: 0 asked, 0 yes, 0 referred, 0 won · 1 thank-you owed"
    )
    assert page["A1"].font.b
    assert "Outcome" in page["A2"].value
    assert [cell.value for cell in page[3]] == list(HEADER)
    assert page["A3"].font.b
    assert page.freeze_panes == "A4"
    assert page.auto_filter.ref == "A3:U1048576"
    assert (page.row_dimensions[4].height, page["M4"].alignment.wrapText) == (90, True)
    ranges = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert set(ranges) == {"A4:A1048576", "B4:B1048576"}
    assert "wrong person" in ranges["B4:B1048576"]
    assert not page.column_dimensions["N"].hidden
    assert page.column_dimensions["O"].hidden


def test_the_headline_counts_what_came_of_it(desk: Lay, a_task: Task) -> None:
    people = [["Customer no", "Name", "Email"], ["007", "Nora", "n@x.example"]]
    referrals = [
        ["Referrer", "Referred", "Date", "Status"],
        ["Nora", "Old Pal", date(2024, 3, 1), "won"],
        ["Nora", "Tilda Grayson", date(2026, 11, 21), "won"],
        ["Nora", "Jo Hart", date(2026, 11, 22), "received"],
    ]
    book = workbook(*people, further={"Referrals": referrals})
    firm = desk({"people.xlsx": book})
    tasks = dated(a_task, a=23, b=24, c=25)
    thanks = a_task("007", "t", play="thank_you")
    firm.open().write([*tasks.values(), thanks])

    def answer(page: Any, at: dict[str, int], top: int) -> None:
        page.cell(top + 1, at[OUTCOME]).value = "YES – Tilda"
        page.cell(top + 2, at[DONE]).value = "x"

    work(firm, answer)
    firm.today = date(2026, 11, 27)
    firm.open("20261127-1-b").write([a_task("007", "d")])
    assert page_of(firm)["A1"].value == (
        "Since 20 November 2026: 2 asked, 1 yes, 2 referred, 1 won · 1 thank-you owed"
    )


def test_open_tasks_come_first_by_due_date_and_done_ones_sink(firm: Any, a_task: Task) -> None:
    tasks = dated(a_task, late=29, soon=23, middle=25, held=21, gone=20, done=19)
    firm.open().write(list(tasks.values()))
    assert cycles(firm, tasks) == ["done", "gone", "held", "soon", "middle", "late"]
    work(firm, lambda page, at, top: setattr(page.cell(top + 1, at[DONE]), "value", "x"))
    hold = CloseTask(
        key="h",
        task_key=tasks["held"].key,
        contact_id="007",
        state="withdrawn",
        reason="open_ticket",
    )
    expire = CloseTask(
        key="e", task_key=tasks["gone"].key, contact_id="007", state="expired", reason=""
    )
    new = dated(a_task, new=24)
    firm.open("20261121-1-b").write([hold, expire, *new.values()])
    assert cycles(firm, tasks | new) == [*("soon", "new", "middle", "late", "gone", "held", "done")]


@pytest.mark.promise("rep.not-overwritten")
def test_a_row_moves_with_the_reps_notes_height_and_colour(firm: Any, a_task: Task) -> None:
    tasks = dated(a_task, first=23, second=24)
    firm.open().write(list(tasks.values()))

    def annotate(page: Any, at: dict[str, int], top: int) -> None:
        beside = max(at.values()) + 1
        page.cell(top, beside).value = "My notes"
        page.cell(top + 1, beside).value = "about the first"
        page.cell(top + 1, beside).font = openpyxl.styles.Font(italic=True)
        page.cell(top + 2, beside).value = "about the second"
        page.cell(top + 3, beside).value = "a line of my own"
        page.row_dimensions[top + 1].height = 99
        page.cell(top + 1, at[DONE]).value = "x"

    work(firm, annotate)
    firm.open("20261121-1-b").write([a_task("007", "third", due=date(2026, 11, 23))])
    rows = table(firm)
    assert [row["My notes"] for row in rows] == [
        *(None, "about the second", "a line of my own", "about the first")
    ]
    page = page_of(firm)
    beside = len(HEADER) + 1
    assert (page.row_dimensions[7].height, page.cell(7, beside).font.i) == (99, True)
    assert page.row_dimensions[4].height == 90
    assert page.auto_filter.ref == "A3:V1048576"  # so that sorting takes the notes along


def pin(page: Any, how: str, top: int) -> None:
    if how == "formula":
        page.cell(top + 1, 30).value = f"=E{top + 1}"
    elif how == "merged cells":
        page.merge_cells(start_row=top + 1, end_row=top + 1, start_column=30, end_column=31)
    elif how == "comment":
        page.cell(top + 1, 5).comment = Comment("call after five", "rep")
    else:
        page.row_dimensions.group(top + 1, top + 1)


@pytest.mark.parametrize("how", ["formula", "merged cells", "comment", "outline"])
def test_rows_stay_where_they_are_when_something_hangs_on_them(
    firm: Any, a_task: Task, how: str
) -> None:
    tasks = dated(a_task, late=28, done=23)
    firm.open().write(list(tasks.values()))

    def edit(page: Any, at: dict[str, int], top: int) -> None:
        page.cell(top + 1, at[DONE]).value = "x"
        pin(page, how, top)

    work(firm, edit)
    new = dated(a_task, new=24)
    firm.open("20261121-1-b").write(list(new.values()))
    assert cycles(firm, tasks | new) == ["done", "late", "new"]
    assert page_of(firm)["A1"].value.startswith("Since 20 November 2026: 1 asked")


def test_links_that_a_spreadsheet_makes_of_addresses_go_with_their_row(
    firm: Any, a_task: Task
) -> None:
    tasks = dated(a_task, first=23, second=24)
    firm.open().write(list(tasks.values()))

    def link(page: Any, at: dict[str, int], top: int) -> None:
        page.cell(top + 1, at[DONE]).value = "x"
        page.cell(top + 1, at[NAME]).value = "tilda@y.example"
        page.cell(top + 1, at[NAME]).hyperlink = "mailto:tilda@y.example"

    work(firm, link)
    firm.open("20261121-1-b").write([a_task("007", "third", due=date(2026, 11, 23))])
    page = page_of(firm)
    (linked,) = (cell for row in page.iter_rows() for cell in row if cell.hyperlink)
    assert (linked.row, linked.value) == (6, "tilda@y.example")


def test_a_headline_of_the_reps_own_is_left(firm: Any, a_task: Task) -> None:
    firm.open().write([a_task("007", "a")])
    work(firm, lambda page, at, top: setattr(page["A1"], "value", "Our calls"))
    firm.open("20261121-1-b").write([a_task("007", "b")])
    assert page_of(firm)["A1"].value == "Our calls"
    assert len(firm.pull().tables["asks"]) == 2


def test_a_list_of_an_earlier_version_gets_no_headline(firm: Any, a_task: Task) -> None:
    first, second = a_task("007", "a"), a_task("007", "b", due=date(2026, 11, 20))
    firm.open().write([first])

    def as_it_was(page: Any, at: dict[str, int], top: int) -> None:
        page.delete_rows(1, 2)
        page.auto_filter.ref = "A1:U1048576"

    work(firm, as_it_was)
    firm.open("20261121-1-b").write([second])
    page = page_of(firm)
    assert page["A1"].value == DONE
    assert [row[KEY] for row in table(firm)] == [f"gw-{second.key}", f"gw-{first.key}"]
    assert page.auto_filter.ref == "A1:U1048576"


def test_a_csv_list_has_no_headline_and_its_records_move_as_they_are(
    desk: Lay, a_task: Task
) -> None:
    firm = desk({"people.csv": "Customer no,Name,Email\n007,Nora,n@x.example\n"})
    tasks = dated(a_task, first=23, second=24)
    firm.open().write(list(tasks.values()))
    path = firm.folder / "people.tasks.csv"
    text = path.read_bytes().decode("utf-8-sig")
    head, _, body = text.partition("\r\n")
    assert head.startswith("Done,")
    ticked = body.replace(",", '"x",', 1)
    path.write_bytes(f"\ufeff{head},Mine\r\n{ticked}".encode())
    firm.open("20261121-1-b").write([a_task("007", "third", due=date(2026, 11, 23))])
    after = path.read_bytes().decode("utf-8-sig")
    moved = ticked[: ticked.index(f"gw-{tasks['second'].key}")]
    first = moved[: moved.rindex("20261120-090000-aaaa") + len("20261120-090000-aaaa")]
    assert after.endswith(first.replace(",Open,", ",Done,") + "\r\n")
    assert cycles(firm, tasks | {"third": a_task("007", "third")}) == ["third", "second", "first"]


def test_an_idle_run_leaves_even_a_mixed_up_list_alone(firm: Any, a_task: Task) -> None:
    tasks = dated(a_task, first=23, second=24)
    firm.open().write(list(tasks.values()))
    work(firm, lambda page, at, top: setattr(page.cell(top + 1, at[DONE]), "value", "x"))
    before = (firm.folder / "people.xlsx").read_bytes()
    firm.pull()
    assert all(result.ok for result in firm.open("20261121-1-b").write(list(tasks.values())))
    assert (firm.folder / "people.xlsx").read_bytes() == before


def test_a_task_taken_back_leaves_no_hole(firm: Any, a_task: Task) -> None:
    tasks = dated(a_task, first=23, second=24, third=25)
    firm.open().write(list(tasks.values()))
    firm.open().write([RemoveTask(key="r", task_key=tasks["first"].key, contact_id="007")])
    assert [page_of(firm).cell(row, 5).value for row in (4, 5, 6)] == [
        *("2026-11-24", "2026-11-25", None)
    ]
    firm.open().write([a_task("007", "new", due=date(2026, 11, 30))])
    assert page_of(firm).cell(6, 5).value == "2026-11-30"


@pytest.mark.parametrize(
    "said", ["YES", " Yes ", "yes - Tilda", "Yes, Tilda", "No answer", "no-answer"]
)
def test_an_outcome_typed_another_way_is_read(firm: Any, a_task: Task, said: str) -> None:
    task = a_task("007")
    firm.open().write([task])
    work(firm, lambda page, at, top: setattr(page.cell(top + 1, at[OUTCOME]), "value", said))
    (ask,) = firm.pull().tables["asks"]
    assert ask["outcome"] == ("yes" if "y" in said.lower()[:2] else "no answer")
    assert ask["state"] == "done"


steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 20)),
        st.tuples(st.just("tick"), st.integers(0, 7)),
        st.tuples(st.just("note"), st.integers(0, 7)),
        st.tuples(st.just("expire"), st.integers(0, 7)),
        st.tuples(st.just("remove"), st.integers(0, 7)),
        st.tuples(st.just("idle"), st.just(0)),
    ),
    min_size=3,
    max_size=9,
)


@settings(max_examples=15)
@given(steps=steps, kind=st.sampled_from(["csv", "xlsx"]))
def test_whatever_happens_every_row_stays_whole(
    tmp_path_factory: pytest.TempPathFactory,
    desk_at: Callable[..., Any],
    a_task: Task,
    steps: list[tuple[str, int]],
    kind: str,
) -> None:
    folder = tmp_path_factory.mktemp("firm")
    path = folder / f"people.{kind}"
    text = "\n".join(",".join(row) for row in PEOPLE) + "\n"
    path.write_bytes(workbook(*PEOPLE) if kind == "xlsx" else text.encode())
    firm = desk_at(folder, [path])
    alive: dict[str, CreateTask] = {}
    notes: dict[str, str] = {}
    beside = len(HEADER)

    def edit(key: str, column: int, value: str) -> None:
        rep_edits(folder, kind, f"gw-{key}", column, value)

    for number, (what, at) in enumerate(steps):
        keys = list(alive)
        task = alive[keys[at % len(keys)]] if keys else None
        if what == "add":
            new = a_task("007", f"c{number}", due=date(2026, 11, 1 + at), subject=f"s{number}")
            firm.open().write([new])
            once = path_of(folder, kind).read_bytes()
            firm.open().write([new])
            assert path_of(folder, kind).read_bytes() == once
            alive[new.key] = new
        elif task is None:
            continue
        elif what == "tick":
            edit(task.key, 0, "x")
        elif what == "note":
            edit(task.key, beside, f"note {number}")
            notes[task.key] = f"note {number}"
        elif what == "expire":
            close = CloseTask(
                key="e", task_key=task.key, contact_id="007", state="expired", reason=""
            )
            firm.open().write([close])
        elif what == "remove":
            gone = RemoveTask(key="r", task_key=task.key, contact_id="007")
            (result,) = firm.open().write([gone])
            if result.ok:
                del alive[task.key]
                notes.pop(task.key, None)
        else:
            before = path_of(folder, kind).read_bytes() if alive else b""
            firm.open().write(list(alive.values()))
            assert not alive or path_of(folder, kind).read_bytes() == before
        if alive:
            rows = {row[KEY]: row for row in table(firm) if row.get(KEY)}
            assert set(rows) == {f"gw-{key}" for key in alive}
            for key, one in alive.items():
                row = rows[f"gw-{key}"]
                assert (row["Subject"], row[DUE]) == (one.subject, one.due.isoformat())
                assert row[CONTACT] in {"007", "'007"}
                assert (row.get("My notes") or None) == notes.get(key)


def path_of(folder: Path, kind: str) -> Path:
    return folder / ("people.xlsx" if kind == "xlsx" else "people.tasks.csv")


def rep_edits(folder: Path, kind: str, key: str, column: int, value: str) -> None:
    path = path_of(folder, kind)
    at = HEADER.index(KEY)
    if kind == "xlsx":
        book = openpyxl.load_workbook(path)
        page = book[SHEET]
        page.cell(3, len(HEADER) + 1).value = "My notes"
        row = next(row for row in page.iter_rows() if row[at].value == key)
        page.cell(row[0].row, column + 1).value = value
        book.save(path)
        return
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = [list(row) for row in csv.reader(file)]
    rows = [row + [""] * (len(HEADER) + 1 - len(row)) for row in rows]
    rows[0][len(HEADER)] = "My notes"
    next(row for row in rows if row[at] == key)[column] = value
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8-sig", newline="")


def test_the_headline_is_known_by_its_form() -> None:
    assert is_headline(
        "Since 2 March 2026: 1,041 asked, 12 yes, 9 referred, 4 won · 2 thank-yous owed"
    )
    assert not is_headline("Since March we asked 41")
    assert (STATUS in HEADER, HEADER[-1]) == (True, RUN)
