"""A fresh export takes the place of the list: nobody and nothing of ours is lost on the way."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from goodword import Replacement, SourceError, Workplace
from goodword_csv.replacing.replacement import replacement
from goodword_csv.settings import CsvSettings

Lay = Callable[..., Any]
Make = Callable[..., Any]
HEADER = ["Name", "Email", "Phone", "Town"]
PEOPLE = [
    ["Nora Quill", "nora@x.example", "0117 496 0101", "Leeds"],
    ["Ida Brandt", "ida@x.example", "0117 496 0102", "Bonn"],
    ["Tom Reyes", "tom@x.example", "0117 496 0103", "York"],
]
FRESH = [
    ["Tom Reyes", "tom@x.example", "0117 496 0103", "York"],
    ["Ada Holm", "ada@x.example", "0117 496 0109", "Bonn"],
    ["Nora Quill", "nora.quill@x.example", "0117 496 0101", "Leeds"],
]
RUN = "20261121-090000-bbbb"


def save(path: Path, rows: list[list[Any]]) -> Path:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    else:
        book = openpyxl.Workbook()
        page = book.active
        assert page is not None
        page.title = "People"
        for row in rows:
            page.append(row)
        book.save(path)
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    page = openpyxl.load_workbook(path)["People"]
    header, *rows = page.iter_rows(values_only=True)
    return [
        {
            str(title): "" if cell is None else str(cell)
            for title, cell in zip(header, row, strict=True)
        }
        for row in rows
    ]


def offer(firm: Any, new: Path, of: str = "") -> Any:
    work = Workplace(firm.folder, firm.folder / ".goodword", RUN, firm.today, "csv-test")
    return replacement(firm.settings, work, new, of)


def moved(firm: Any, made: Replacement) -> Any:
    """The firm after its settings name the new file."""
    CsvSettings.model_validate(made.settings)
    return type(firm)(firm.folder, type(firm.guess)(made.settings, ()), firm.today)


@pytest.fixture(params=["csv", "xlsx"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def firm(desk_at: Lay, tmp_path: Path, kind: str, a_task: Make, fields: Make) -> Any:
    """A firm that has been written to: two tasks, one of them done, and one person refused."""
    folder = tmp_path / "firm"
    folder.mkdir()
    path = save(folder / f"people.{kind}", [HEADER, *PEOPLE])
    firm = desk_at(folder, [path])
    everybody = [row["contact_id"] for row in firm.pull().tables["contacts"]]
    tasks = [a_task("nora@x.example"), a_task("ida@x.example")]
    firm.open().write([*(fields(one, stage="buy", score=7) for one in everybody), *tasks])
    mark(path, "Tom Reyes", "Goodword do not ask", "not him")
    tick(folder, kind, "nora@x.example")
    firm.pull()
    return firm


def mark(path: Path, name: str, title: str, text: str) -> None:
    if path.suffix == ".csv":
        rows = rows_of(path)
        next(row for row in rows if row["Name"] == name)[title] = text
        save(path, [list(rows[0]), *([*row.values()] for row in rows)])
        return
    book = openpyxl.load_workbook(path)
    page = book["People"]
    at = [cell.value for cell in page[1]].index(title)
    next(row for row in page.iter_rows() if row[0].value == name)[at].value = text
    book.save(path)


def tick(folder: Path, kind: str, contact: str) -> None:
    if kind == "csv":
        path = folder / "people.tasks.csv"
        rows = rows_of(path)
        next(row for row in rows if row["Contact id"] == contact)["Outcome"] = "no"
        save(path, [list(rows[0]), *([*row.values()] for row in rows)])
        return
    book = openpyxl.load_workbook(folder / "people.xlsx")
    page = book["Referral tasks"]
    top = next(row for row in page.iter_rows() if row[0].value == "Done")
    titles = [cell.value for cell in top]
    row = next(r for r in page.iter_rows() if r[titles.index("Contact id")].value == contact)
    row[titles.index("Outcome")].value = "no"
    book.save(folder / "people.xlsx")


def asks(heard: Any) -> dict[str, tuple[Any, ...]]:
    return {
        row["task_key"]: (row["contact_id"], row["state"], row["outcome"], row["edited"])
        for row in heard.tables["asks"]
    }


@pytest.mark.parametrize("fresh", ["csv", "xlsx"])
def test_known_new_and_missing_are_counted_and_ours_moves_over(firm: Any, fresh: str) -> None:
    before = firm.pull()
    old = {path: path.read_bytes() for path in firm.folder.glob("people*")}
    new = save(firm.folder / f"december.{fresh}", [HEADER, *FRESH])
    made = offer(firm, new)
    assert (made.known, made.new, made.missing) == (2, 1, 1)
    assert made.missing_names == ("Ida Brandt",)
    made.write()
    assert {path: path.read_bytes() for path in old} == old
    tom, ada, nora = rows_of(new)
    assert (nora["Goodword id"], nora["Goodword stage"]) == ("nora@x.example", "buy")
    assert (ada["Goodword id"], ada["Goodword stage"]) == ("", "")
    assert (tom["Goodword do not ask"], nora["Goodword do not ask"]) == ("not him", "")
    after = moved(firm, made).pull()
    assert asks(after) == asks(before)
    assert after.people()["Nora Quill"]["contact_id"] == "nora@x.example"
    assert [name for name, row in after.people().items() if row["do_not_ask"]] == ["Tom Reyes"]


def test_doing_it_again_changes_nothing_more(firm: Any, kind: str) -> None:
    new = save(firm.folder / f"december.{kind}", [HEADER, *FRESH])
    assert offer(firm, new).write()
    once = {path: path.read_bytes() for path in firm.folder.glob("december*")}
    assert offer(firm, new).write() == []
    assert {path: path.read_bytes() for path in firm.folder.glob("december*")} == once


def test_what_happened_on_the_old_list_since_a_run_was_cut_off_counts(firm: Any, kind: str) -> None:
    new = save(firm.folder / f"december.{kind}", [HEADER, *FRESH])
    offer(firm, new).write()
    tick(firm.folder, kind, "ida@x.example")
    mark(firm.folder / f"people.{kind}", "Nora Quill", "Goodword do not ask", "x")
    before = firm.pull()
    made = offer(firm, new)
    made.write()
    after = moved(firm, made).pull()
    assert asks(after) == asks(before)
    refused = {name for name, row in after.people().items() if row["do_not_ask"]}
    assert refused == {"Nora Quill", "Tom Reyes"}


def test_a_run_that_is_cut_off_anywhere_is_finished_by_the_next(
    firm: Any, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step to the disk is refused once: the old list is used on, and again is enough."""
    real, done = os.fsync, []
    before = asks(firm.pull())
    old = {path: path.read_bytes() for path in firm.folder.glob("people*")}
    step = 0
    while True:
        new = save(firm.folder / f"december-{step}.{kind}", [HEADER, *FRESH])
        as_it_came, steps = new.read_bytes(), 0

        def full(handle: int, stop: int = step) -> None:
            nonlocal steps
            steps += 1
            if steps > stop:
                raise OSError(28, "No space left on device")
            real(handle)

        made = offer(firm, new)
        monkeypatch.setattr(os, "fsync", full)
        try:
            made.write()
        except SourceError as error:
            done.append(error.message)
        finally:
            monkeypatch.setattr(os, "fsync", real)
        assert {path: path.read_bytes() for path in old} == old
        assert asks(firm.pull()) == before
        if steps <= step:
            break
        assert new.read_bytes() == as_it_came or rows_of(new)
        again = offer(firm, new)
        again.write()
        assert asks(moved(firm, again).pull()) == before
        step += 1
    assert len(done) >= 3


def test_the_export_may_name_its_columns_otherwise_and_bring_new_ones(firm: Any, kind: str) -> None:
    header = ["Full name", "E-mail", "Phone", "Town", "Account manager", "Customer no"]
    people = [[*row, "Sam Rowe", str(number)] for number, row in enumerate(FRESH)]
    made = offer(firm, save(firm.folder / f"december.{kind}", [header, *people]))
    columns = made.settings["sources"][0]["columns"]
    assert columns["name"] == "Full name"
    assert columns["email"] == "E-mail"
    assert columns["owner"] == "Account manager"
    assert "contact_id" not in columns  # people stay who they are
    assert (made.known, made.new, made.missing) == (2, 1, 1)
    assert any("Account manager" in notice for notice in made.notices)


def test_the_old_list_may_be_gone_already(firm: Any, kind: str) -> None:
    asked = asks(firm.pull())
    (firm.folder / f"people.{kind}").unlink()
    new = save(firm.folder / f"december.{kind}", [HEADER, *FRESH])
    if kind == "xlsx":  # and with it the task list
        with pytest.raises(SourceError, match="task list would be lost") as failed:
            offer(firm, new)
        assert "its name back" in failed.value.hint
        kept = list((firm.folder / ".goodword" / "backups").glob("*/people.*.xlsx"))
        assert any(str(copy) in failed.value.hint for copy in kept)
        return
    made = offer(firm, new)
    assert (made.known, made.new, made.missing) == (2, 1, 1)
    made.write()
    after = moved(firm, made).pull()
    assert after.people()["Nora Quill"]["contact_id"] == "nora@x.example"
    assert after.people()["Tom Reyes"]["do_not_ask"]
    assert asks(after) == asked


def test_a_list_with_ids_of_its_own_is_matched_by_them(desk: Lay, fields: Make) -> None:
    firm = desk({"people.csv": "Customer no,Name,Email\n7,Nora,n@x.example\n8,Ida,i@x.example\n"})
    firm.open().write([fields("7", stage="buy")])
    firm.pull()
    new = firm.folder / "fresh.csv"
    new.write_text("Customer no,Name,Email\n9,Tom,t@x.example\n7,Nora B,nb@x.example\n")
    made = offer(firm, new)
    assert (made.known, made.new, made.missing) == (1, 1, 1)
    made.write()
    assert rows_of(new)[1]["Goodword stage"] == "buy"
    assert "Goodword id" not in rows_of(new)[1]


def test_a_file_like_no_other_is_refused_and_one_like_two_is_asked_about(desk: Lay) -> None:
    firm = desk(
        {
            "people.csv": "Name,Email\nNora,n@x.example\n",
            "deals.csv": "Order no,Email,Amount,Paid on\n1,n@x.example,10,2026-11-01\n",
            "old deals.csv": "Order no,Email,Amount,Paid on\n2,n@x.example,10,2025-11-01\n",
        }
    )
    new = firm.folder / "new.csv"
    new.write_text("Order no,Email,Amount,Paid on\n3,n@x.example,10,2026-11-09\n")
    assert set(offer(firm, new)) == {"deals.csv", "old deals.csv"}
    made = offer(firm, new, "deals.csv")
    assert (made.people, made.old) == (False, "deals.csv")
    assert made.write() == ()
    assert {source["file"] for source in made.settings["sources"]} == {
        "people.csv",
        "new.csv",
        "old deals.csv",
    }
    new.write_text("Colour,Weight\nred,3\n")
    with pytest.raises(SourceError, match="nothing like"):
        offer(firm, new)
    with pytest.raises(SourceError, match="reads no file"):
        offer(firm, new, "nothing.csv")
    with pytest.raises(SourceError, match="read already"):
        offer(firm, firm.folder / "people.csv")


ORDERS = "Order no,Email,Amount,Paid on,Status\n{},n@x.example,10,2026-11-0{},{}\n"


def without(firm: Any, file: str, *fields: str) -> None:
    """Take lines out of the mapping, as a person does to have columns left unread."""
    sources = [dict(source) for source in firm.guess.settings["sources"]]
    for source in sources:
        if source["file"] == file and source["columns"].keys() >= set(fields):
            kept = {k: v for k, v in source["columns"].items() if k not in fields}
            source["columns"] = kept
    firm.set_settings(sources=sources)


def source_of(made: Replacement, file: str, sheet: str = "") -> dict[str, Any]:
    return next(
        source
        for source in made.settings["sources"]  # type: ignore[attr-defined]
        if source["file"] == file and source.get("sheet", "") == sheet
    )


def test_what_another_list_left_unread_stays_unread(desk: Lay) -> None:
    people = "Name,Email\nNora,n@x.example\n"
    firm = desk({"people.csv": people, "sales.csv": ORDERS.format(1, 1, "paid")})
    without(firm, "sales.csv", "status")
    new = firm.folder / "sales2.csv"
    new.write_text(ORDERS.format(2, 9, "paid"))
    made = offer(firm, new)
    assert "status" not in source_of(made, "sales2.csv")["columns"]
    assert not any("New column" in notice for notice in made.notices)


def test_each_sheet_of_a_workbook_is_compared_with_its_own_headers(
    tmp_path: Path, desk_at: Lay
) -> None:
    def workbook(name: str) -> Path:
        book = openpyxl.Workbook()
        people, sales = book.worksheets[0], book.create_sheet("Sales")
        people.title = "People"
        for row in (["Name", "Email"], ["Nora", "n@x.example"]):
            people.append(row)
        for line in ORDERS.format(1, 1, "paid").splitlines():
            sales.append(line.split(","))
        book.save(tmp_path / name)
        return tmp_path / name

    firm = desk_at(tmp_path, [workbook("firm.xlsx")])
    without(firm, "firm.xlsx", "status")
    made = offer(firm, workbook("fresh.xlsx"))
    assert "status" not in source_of(made, "fresh.xlsx", "Sales")["columns"]
    assert not any("New column" in notice for notice in made.notices)


def test_another_list_may_be_gone_already(desk: Lay) -> None:
    people = "Name,Email\nNora,n@x.example\n"
    firm = desk({"people.csv": people, "sales.csv": ORDERS.format(1, 1, "paid")})
    (firm.folder / "sales.csv").rename(firm.folder / "sales2.csv")
    assert source_of(offer(firm, firm.folder / "sales2.csv"), "sales2.csv")["kind"] == "deals"


def misread(firm: Any, **layout: Any) -> None:
    """Say how the list is laid out, as a person does where it was misread."""
    sources = [dict(source) | layout for source in firm.guess.settings["sources"]]
    firm.set_settings(sources=sources)


def test_how_the_old_file_is_laid_out_is_not_taken_for_granted(desk: Lay) -> None:
    old = "Our people\n\nName;Email;Town\nNora Quill;nora@x.example;Köln\n"
    firm = desk({"people.csv": old.encode("cp1252")})
    misread(firm, encoding="cp1252", delimiter=";", header_row=3)
    new = firm.folder / "fresh.csv"
    new.write_text("Name,Email,Town\nNora Quill,nora@x.example,Köln\nIda,ida@x.example,Ulm\n")
    made = offer(firm, new)
    assert (made.known, made.new, made.missing) == (1, 1, 0)
    made.write()
    assert not source_of(made, "fresh.csv").keys() & {"encoding", "delimiter", "header_row"}
    assert moved(firm, made).pull().people()["Nora Quill"]


def test_how_a_file_is_laid_out_stays_said_where_it_is_still_so(desk: Lay) -> None:
    text = "Name,Email,Town\nNora Quill,nora@x.example,Łódź\n"
    firm = desk({"people.csv": text.encode("cp1250")})
    misread(firm, encoding="cp1250")
    new = firm.folder / "fresh.csv"
    new.write_bytes(text.encode("cp1250"))
    made = offer(firm, new)
    assert source_of(made, "fresh.csv")["encoding"] == "cp1250"
    assert moved(firm, made).pull().people()["Nora Quill"]["city"] == "Łódź"


def test_no_message_quotes_a_header_that_is_data(desk: Lay) -> None:
    firm = desk({"people.csv": "Name,Email\nNora Quill,nora@x.example\nIda,ida@x.example\n"})
    misread(firm, header_row=2)
    with pytest.raises(SourceError) as failed:
        firm.pull()
    assert "example" not in f"{failed.value.message} {failed.value.hint}"
    assert "Nora" not in f"{failed.value.message} {failed.value.hint}"


@pytest.mark.parametrize("row", [2, 9])
def test_a_header_row_that_holds_nothing_is_named(desk: Lay, row: int) -> None:
    firm = desk({"people.csv": "Name,Email\n\nNora Quill,nora@x.example\n"})
    misread(firm, header_row=row)
    with pytest.raises(SourceError, match=f"header_row = {row}"):
        firm.pull()
