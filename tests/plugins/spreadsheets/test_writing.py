"""Writing touches our columns and our task list, and not one byte or part besides."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import SourceError, Workplace
from goodword_csv.connector import SpreadsheetConnector
from goodword_csv.guessing.proposal import propose
from goodword_csv.headers.columns import OWN_HEADERS
from goodword_csv.settings import CsvSettings

Lay = Callable[..., Any]
OWN = len(OWN_HEADERS)
WORKBOOK_PARTS = {
    "[Content_Types].xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/workbook.xml",
}
"""Parts that change when the task list is added, besides the customer list's own sheet."""

text = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n\x1a"), max_size=8)
quoted = st.builds(lambda value: '"' + value.replace('"', '""') + '"', text)
plain = text.filter(lambda value: not set(value) & set('",;\t|'))
email = st.integers(0, 99).map(lambda number: f"p{number}@x.example")


@given(
    rows=st.lists(st.tuples(st.one_of(plain, quoted), email), min_size=1, max_size=6),
    newline=st.sampled_from(["\n", "\r\n"]),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
    closed=st.booleans(),
)
@pytest.mark.promise("ours.only")
def test_a_csv_file_stays_byte_identical_outside_our_columns(
    tmp_path: Path,
    today: Any,
    rows: list[Any],
    newline: str,
    mark: bytes,
    closed: bool,
    fields: Callable[..., Any],
) -> None:
    lines = ["Notes,Email", *(",".join(row) for row in rows)]
    old = mark + (newline.join(lines) + newline * closed).encode()
    path = tmp_path / "people.csv"
    path.write_bytes(old)
    settings = CsvSettings.model_validate(
        {
            "sources": [
                {
                    "file": "people.csv",
                    "kind": "contacts",
                    "write": True,
                    "columns": {"email": "Email"},
                    "delimiter": ",",
                    "header_row": 1,
                }
            ]
        }
    )
    work = Workplace(tmp_path, tmp_path / ".goodword", "run1", today, "a")
    people = {mail for _, mail in rows}
    SpreadsheetConnector(settings, work).write([fields(one, stage="buy") for one in people])
    header = "," + ",".join(OWN_HEADERS)
    written = path.read_bytes().replace(header.encode(), b"")
    for mail in people:
        written = written.replace(f",{mail},buy,,,,,".encode(), b"")
    assert written == old


def test_a_workbook_keeps_every_part_but_the_ones_we_name(
    desk: Lay, sample_workbook: Path, fields: Callable[..., Any], a_task: Callable[..., Any]
) -> None:
    firm = desk(sample_workbook)
    path = firm.folder / sample_workbook.name
    people = [str(row["contact_id"]) for row in firm.pull().tables["contacts"]]
    with zipfile.ZipFile(path) as archive:
        before = {name: archive.read(name) for name in archive.namelist()}
    firm.open().write([*(fields(one, stage="buy") for one in people), a_task(people[0])])
    with zipfile.ZipFile(path) as archive:
        after = {name: archive.read(name) for name in archive.namelist()}
    assert after.keys() - before.keys() == {"xl/worksheets/sheet11.xml"}
    changed = {name for name in before if before[name] != after[name]}
    assert changed == WORKBOOK_PARTS | {"xl/worksheets/sheet1.xml"}
    firm.open().write([fields(one, stage="repeat") for one in people[:3]])
    with zipfile.ZipFile(path) as archive:
        later = {name: archive.read(name) for name in archive.namelist()}
    assert {name for name in after if after[name] != later[name]} == {"xl/worksheets/sheet1.xml"}


@pytest.mark.promise("ours.only")
def test_every_other_cell_and_formula_of_the_workbook_reads_as_before(
    desk: Lay, sample_workbook: Path, fields: Callable[..., Any], a_task: Callable[..., Any]
) -> None:
    firm = desk(sample_workbook)
    people = [str(row["contact_id"]) for row in firm.pull().tables["contacts"]]
    firm.open().write([*(fields(one, score=5) for one in people), a_task(people[0])])

    def cells(path: Path, *, values: bool) -> dict[str, list[tuple[Any, ...]]]:
        book = openpyxl.load_workbook(path, data_only=values)
        return {
            sheet.title: [row[:11] for row in sheet.iter_rows(values_only=True)]
            for sheet in book.worksheets
            if sheet.title != "Referral tasks"
        }

    written = firm.folder / sample_workbook.name
    for values in (True, False):
        assert cells(written, values=values) == cells(sample_workbook, values=values)


def test_writing_twice_changes_nothing_the_second_time(
    desk: Lay, sample_workbook: Path, fields: Callable[..., Any], a_task: Callable[..., Any]
) -> None:
    for lay in (sample_workbook, {"people.csv": "Name,Email\nNora,n@x.example\n"}):
        firm = desk(lay)
        one = str(firm.pull().tables["contacts"][0]["contact_id"])
        batch = [fields(one, stage="buy", score=5, why="=1+1"), a_task(one)]
        firm.open().write(batch)
        files = {path: path.read_bytes() for path in firm.folder.iterdir() if path.is_file()}
        assert all(result.ok for result in firm.open("20261121-1-b").write(batch))
        assert {path: path.read_bytes() for path in files} == files


@pytest.mark.promise("safe.formulas")
def test_texts_of_ours_cannot_run_as_a_formula(
    desk: Lay, fields: Callable[..., Any], a_task: Callable[..., Any]
) -> None:
    firm = desk({"people.csv": 'Name,Email\n"=HYPERLINK(""x"")",n@x.example\n'})
    evil = '=cmd|"/c calc"!A1'
    firm.open().write(
        [
            fields("n@x.example", why=evil),
            a_task("n@x.example", contact_name=evil, subject="@SUM(1)"),
        ]
    )
    with (firm.folder / "people.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1][0] == '=HYPERLINK("x")'  # theirs stays theirs
    assert rows[1][2 + OWN_HEADERS.index("Goodword why")] == f"'{evil}"
    with (firm.folder / "people.tasks.csv").open(newline="", encoding="utf-8-sig") as file:
        (_, task) = csv.reader(file)
    assert not [cell for cell in task if cell.startswith(tuple("=+-@"))]
    heard = firm.pull()
    assert heard.tables["own_fields"][0]["why"] == evil
    assert not heard.tables["asks"][0]["edited"]


def test_a_short_row_and_a_total_survive_our_columns(desk: Lay, fields: Callable[..., Any]) -> None:
    people = "Name,Email,Town\nNora,n@x.example,Leeds\nIda,i@x.example,\nTotal,,\n"
    firm = desk({"people.csv": people})
    firm.open().write([fields("n@x.example", stage="buy")])
    text = (firm.folder / "people.csv").read_text()
    assert text.splitlines()[2:] == ["Ida,i@x.example," + "," * OWN, "Total,,"]
    assert len(firm.pull().tables["contacts"]) == 2


def test_a_legacy_encoding_is_kept_and_letters_it_lacks_are_written_close(
    desk: Lay, fields: Callable[..., Any]
) -> None:
    firm = desk({"kunden.csv": "Name;Email\r\nJörg Müller;j@x.example\r\n".encode("cp1252")})
    firm.open().write([fields("j@x.example", why="ask Łukasz → soon")])
    data = (firm.folder / "kunden.csv").read_bytes()
    assert data.startswith(b"Name;Email;")
    row = "Jörg Müller;j@x.example;j@x.example;;;;;ask Lukasz -> soon;\r\n"
    assert row.encode("cp1252") in data


def test_people_who_left_the_list_are_skipped_and_the_rest_is_written(
    desk: Lay, fields: Callable[..., Any], a_task: Callable[..., Any]
) -> None:
    firm = desk({"people.csv": "Name,Email\nNora,n@x.example\n"})
    gone, known, task = firm.open().write(
        [fields("gone@x.example", stage="buy"), fields("n@x.example", stage="buy"), a_task("gone")]
    )
    assert (gone.ok, gone.skipped, known.ok, task.ok) == (False, True, True, False)


@pytest.mark.parametrize("how", ["changed", "Excel", "LibreOffice", "read-only", "locked folder"])
def test_a_file_in_use_is_refused_and_nothing_is_lost(
    desk: Lay, fields: Callable[..., Any], a_task: Callable[..., Any], how: str
) -> None:
    firm = desk({"people.csv": "Name,Email\nNora,n@x.example\n"})
    path = firm.folder / "people.csv"
    heard = firm.pull()
    one = heard.contact("Nora")
    connector = firm.open()
    connector.pull(None, heard)
    if how == "changed":
        path.write_text("Name,Email\nNora B,n@x.example\n")
    elif how == "Excel":
        path.with_name("~$people.csv").write_text("somebody")
    elif how == "LibreOffice":
        path.with_name(".~lock.people.csv#").write_text("somebody")
    elif how == "read-only":
        path.chmod(0o444)
    else:
        firm.folder.chmod(0o555)
    before = path.read_bytes()
    try:
        with pytest.raises(SourceError) as refused:
            connector.write([fields(one, stage="buy")])
    finally:
        firm.folder.chmod(0o755)
    assert refused.value.hint
    assert "somebody" not in str(refused.value)
    assert path.read_bytes() == before
    assert not list(firm.folder.glob("*.tmp"))


def test_a_header_below_a_title_gets_our_columns_beside_it(
    desk: Lay, fields: Callable[..., Any], sheet: Callable[..., Any]
) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "Kunden"
    for row in ([None], ["Our customers 2026"], ["Name", "Email"], ["Nora", "n@x.example"]):
        page.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    firm = desk({"kunden.xlsx": buffer.getvalue()})
    firm.open().write([fields("n@x.example", stage="buy", score=3)])
    rows = sheet(firm.folder / "kunden.xlsx", "Kunden")
    assert rows[2] == ["Name", "Email", *OWN_HEADERS]
    assert rows[3] == ["Nora", "n@x.example", "n@x.example", "buy", "", 3.0, "", "", ""]
    assert propose([firm.folder / "kunden.xlsx"], firm.folder).settings == firm.guess.settings


def test_a_date_of_ours_that_excel_rewrote_is_still_ours(
    desk: Lay, fields: Callable[..., Any]
) -> None:
    firm = desk({"people.csv": "Name,Email,Phone\nNora,n@x.example,+44 117 496 0101\n"})
    write = fields("n@x.example", stage="buy", next_ask="2026-12-01")
    firm.open().write([write])
    path = firm.folder / "people.csv"
    path.write_text(path.read_text().replace("2026-12-01", "01/12/2026"))
    (own,) = firm.pull().tables["own_fields"]
    assert own["next_ask"] == "2026-12-01"
    before = path.read_bytes()
    assert firm.open("20261121-1-b").write([write])[0].ok
    assert path.read_bytes() == before


def test_when_the_list_is_in_use_the_task_list_is_not_written_either(
    desk: Lay, fields: Callable[..., Any], a_task: Callable[..., Any]
) -> None:
    firm = desk({"people.csv": "Name,Email\nNora,n@x.example\n"})
    (firm.folder / "~$people.csv").write_text("somebody")
    with pytest.raises(SourceError, match="open in Excel"):
        firm.open().write([fields("n@x.example", stage="buy"), a_task("n@x.example")])
    assert not (firm.folder / "people.tasks.csv").exists()
    assert not (firm.folder / ".goodword" / "backups").exists()
