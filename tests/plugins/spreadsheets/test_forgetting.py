"""A person is forgotten: no word of ours about them stays, and the rest is as it was."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from goodword import SourceError

PEOPLE = """\
Customer no,Name,Email,Notes
1,Nora Quill,nora@x.example,her own words
2,Ida Brandt,ida@x.example,
"""
Lay = Callable[..., Any]


def workbook(text: str) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "People"
    for row in csv.reader(io.StringIO(text)):
        book.worksheets[0].append([cell or None for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture(params=["csv", "xlsx"])
def firm(request: pytest.FixtureRequest, desk: Lay) -> Any:
    if request.param == "csv":
        return desk({"people.csv": PEOPLE})
    return desk({"people.xlsx": workbook(PEOPLE)})


def saved_again(path: Path) -> None:
    """Save a workbook as spreadsheet programs do, each text once, with a remark beside a task."""
    old = openpyxl.load_workbook(path)
    with xlsxwriter.Workbook(path, {"in_memory": True}) as new:
        for page in old.worksheets:
            copy = new.add_worksheet(page.title)
            for row in page.iter_rows():
                for cell in row:
                    copy.write(cell.row - 1, cell.column - 1, cell.value)
        copy.write("Z4", "a remark of ours")


def text_of(folder: Path) -> str:
    """Everything the firm's files hold, unpacked, hidden corners included."""
    found = []
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                found += [
                    archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
                ]
        else:
            found.append(path.read_text(encoding="utf-8-sig"))
    return "\n".join(found)


def written(firm: Any, a_task: Callable[..., Any], fields: Callable[..., Any]) -> list[Any]:
    batch = [
        a_task("1", subject="Call Nora Quill", body="Hi Nora, xylophone"),
        a_task("1", "old", subject="Earlier", body="zeppelin for Nora Quill"),
        a_task(
            "2",
            "thanks",
            contact_name="Ida Brandt",
            subject="Thank Ida for Nora Quill",
            body="Ida,\nthank you for\nsending NORA  Quill.",
            because=("referred Nora Quill on 2026-11-12",),
        ),
        fields("1", stage="buy", score=61, why="bought on 2026-10-01"),
        fields("2", stage="like", score=17, why="wrote on 2026-10-02"),
    ]
    assert all(result.ok for result in firm.open().write(batch))
    return batch


@pytest.mark.promise("forget.purged")
def test_nothing_of_ours_about_the_person_stays_and_the_list_is_the_firms(
    firm: Any, a_task: Callable[..., Any], fields: Callable[..., Any]
) -> None:
    batch = written(firm, a_task, fields)
    left = firm.open("20261122-1-f").forget("1")
    text = text_of(firm.folder)
    assert [word for word in ("xylophone", "zeppelin", "bought on") if word in text] == []
    assert text.count("Nora Quill") == 1, "her own row in the firm's list"
    assert "her own words" in text
    assert "wrote on 2026-10-02" in text
    heard = firm.pull()
    assert [row["task_key"] for row in heard.tables["asks"]] == [batch[2].key]
    assert [row["contact_id"] for row in heard.tables["own_fields"]] == ["2"]
    assert "own record" in left[0]
    assert "row 2" in left[0]
    assert "Quill" not in " ".join(left)


def test_a_thank_you_to_somebody_else_keeps_its_words_without_the_name(
    firm: Any, a_task: Callable[..., Any], fields: Callable[..., Any]
) -> None:
    written(firm, a_task, fields)
    firm.open().forget("1")
    text = text_of(firm.folder)
    assert "Thank Ida for somebody" in text
    assert "sending somebody." in text
    assert "referred somebody on 2026-11-12" in text
    (ask,) = firm.pull().tables["asks"]
    assert not ask["edited"]


def test_a_name_the_rep_wrote_is_left_and_its_row_named(
    desk: Lay, a_task: Callable[..., Any], fields: Callable[..., Any]
) -> None:
    firm = desk({"people.csv": PEOPLE})
    written(firm, a_task, fields)
    path = firm.folder / "people.tasks.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    rows[3][3] = "Nora Quill"
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8-sig")
    left = firm.open().forget("1")
    assert any("people.tasks.csv, row 2 of the task list: a rep wrote" in line for line in left)
    assert list(firm.open().forget("1")) == list(left)
    assert "Nora Quill" in path.read_text(encoding="utf-8-sig")


def test_words_a_spreadsheet_program_put_aside_go_too(
    desk: Lay, a_task: Callable[..., Any], fields: Callable[..., Any]
) -> None:
    firm = desk({"people.xlsx": workbook(PEOPLE)})
    written(firm, a_task, fields)
    path = firm.folder / "people.xlsx"
    saved_again(path)
    with zipfile.ZipFile(path) as archive:
        assert b"xylophone" in archive.read("xl/sharedStrings.xml")
    left = firm.open().forget("1")
    text = text_of(firm.folder)
    assert [word for word in ("xylophone", "zeppelin", "bought on") if word in text] == []
    assert any("row 4 of the task list: notes in columns of your own" in line for line in left)
    again = openpyxl.load_workbook(path)
    assert again["Referral tasks"]["Z4"].value == "a remark of ours"
    assert again["People"]["B2"].value == "Nora Quill"
    assert {row["task_key"] for row in firm.pull().tables["asks"]} == {a_task("2", "thanks").key}


@pytest.mark.promise("forget.backups")
def test_forgetting_twice_writes_once_and_names_every_backup_there_is(
    firm: Any, a_task: Callable[..., Any], fields: Callable[..., Any]
) -> None:
    written(firm, a_task, fields)
    firm.open("20261122-1-f").forget("1")
    before = {path: path.read_bytes() for path in firm.folder.rglob("*") if path.is_file()}
    left = firm.open("20261123-1-f").forget("1")
    after = {path: path.read_bytes() for path in firm.folder.rglob("*") if path.is_file()}
    assert after == before
    backups = firm.folder / ".goodword" / "backups"
    copies = sorted(path for path in backups.rglob("people*") if path.is_file())
    assert copies
    for copy in copies:
        assert sum(copy.name in line for line in left) == 1
    copies[0].unlink()
    assert len(firm.open().forget("1")) == len(left) - 1


@pytest.mark.promise("forget.not-again")
def test_no_undo_brings_a_forgotten_person_back(
    firm: Any, a_task: Callable[..., Any], fields: Callable[..., Any]
) -> None:
    run = "20261120-090000-aaaa"
    written(firm, a_task, fields)
    firm.open(run).forget("1")
    assert not firm.open("later").restore(run)
    assert "xylophone" not in text_of(firm.folder)


def test_somebody_nobody_knows_is_no_failure(
    firm: Any, a_task: Callable[..., Any], fields: Callable[..., Any]
) -> None:
    written(firm, a_task, fields)
    before = text_of(firm.folder)
    assert all("backup" in line for line in firm.open().forget("nobody"))
    assert text_of(firm.folder) == before


def test_a_person_who_left_the_list_is_forgotten_by_their_tasks(
    desk: Lay, a_task: Callable[..., Any], fields: Callable[..., Any]
) -> None:
    firm = desk({"people.csv": PEOPLE})
    written(firm, a_task, fields)
    path = firm.folder / "people.csv"
    rows = path.read_text().splitlines(keepends=True)
    path.write_text("".join(row for row in rows if "nora@" not in row))
    left = firm.open().forget("1")
    assert not any("own record" in line for line in left)
    assert "xylophone" not in text_of(firm.folder)


def test_an_open_file_is_not_half_forgotten(
    firm: Any, a_task: Callable[..., Any], fields: Callable[..., Any]
) -> None:
    written(firm, a_task, fields)
    before = text_of(firm.folder)
    lists = [firm.folder / "people.csv", firm.folder / "people.xlsx"]
    path = next(path for path in lists if path.exists())
    owner = path.with_name(f"~${path.name}")
    owner.write_text("")
    with pytest.raises(SourceError, match="open in Excel"):
        firm.open().forget("1")
    owner.unlink()
    assert text_of(firm.folder) == before
