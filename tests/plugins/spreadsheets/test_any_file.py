"""Any list there may be: read, written twice and taken back, it loses nothing and nobody."""

from __future__ import annotations

import io
import re
import shutil
import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from goodword_csv.headers.columns import OWN_HEADERS

Lay = Callable[..., Any]
RUNS = ("20261120-090000-aaaa", "20261121-090000-bbbb")
NAMES = ("Nora Quill", "Ída Brandt", "Piet van der Laan", "Zoë O'Neil", "Müller, Jörg", "Tom Reyes")
LETTERS = "abcXYZ 0189 äöüéñ-_.!?#&<>'()/"
HARD = st.text(LETTERS + '",;\t|=+@', max_size=12)
"""What people write into a column of notes, with every sign that means something to a CSV."""


# ------------------------------------------------------------------ CSV


@dataclass(frozen=True)
class Text:
    """A CSV file: its bytes, and what it is made of."""

    encoding: str
    sep: str
    newline: str
    records: tuple[str, ...]
    ends: bool
    people: tuple[str, ...]

    @property
    def data(self) -> bytes:
        """The file, its last line with or without an end."""
        text = self.sep + self.newline.join(self.records) + self.newline * self.ends
        return text.encode(self.encoding)


@st.composite
def csv_files(draw: st.DrawFn) -> Text:
    delimiter = draw(st.sampled_from(",;\t|"))
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    always = draw(st.booleans())
    header = ["Name", "Email", *draw(st.permutations(["Phone", "Town", "Notes"]))[:2], "Last job"]
    people = NAMES[: draw(st.integers(1, len(NAMES)))]
    lines = "\n\r" if newline != "\r" else "\r"
    notes = st.one_of(HARD, st.text(LETTERS + lines, max_size=9))

    def raw(cells: Sequence[str]) -> str:
        return delimiter.join(quoted(cell) for cell in cells)

    def quoted(cell: str) -> str:
        needs = any(sign in cell for sign in (delimiter, '"', "\n", "\r")) or cell[:1] == " "
        if needs or always or draw(st.integers(0, 9)) == 0:
            return '"' + cell.replace('"', '""') + '"'
        return cell

    def row(at: int) -> str:
        values = {
            "Name": people[at],
            "Email": f"p{at}@x.example",
            "Phone": f"+44 117 496 01{at:02}",
            "Town": draw(st.sampled_from(["", "Leeds", "Köln", "York"])),
            "Notes": draw(notes),
            "Last job": f"2026-10-{at + 1:02}",
        }
        return raw([values[title] for title in header])

    rows = [row(at) for at in range(len(people))]
    if draw(st.booleans()):
        rows.insert(draw(st.integers(1, len(rows))), draw(st.sampled_from(["", delimiter * 4])))
    top = draw(st.sampled_from([[], [], ["Customers of the shop"], ["Our list", ""]]))
    foot = draw(st.sampled_from([[], [], ["Exported 20.11.2026 10:15"]]))
    return Text(
        draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])),
        draw(st.sampled_from(["", "", f"sep={delimiter}{newline}"])),
        newline,
        (*top, raw(header), *rows, *foot),
        draw(st.booleans()),
        people,
    )


def assert_theirs(before: Text, after: bytes) -> None:
    """Walk over the file: every record of theirs, then maybe cells of ours, then the line's end."""
    text = after.decode(before.encoding)
    assert after == text.encode(before.encoding), "byte order mark and encoding stay"
    assert text.startswith(before.sep)
    at = len(before.sep)
    for number, record in enumerate(before.records):
        assert text.startswith(record, at), number
        at += len(record)
        ours = re.compile(r"[^\r\n]*").match(text, at)
        assert ours is not None
        at = ours.end()
        if number < len(before.records) - 1 or before.ends:
            assert text.startswith(before.newline, at), number
            at += len(before.newline)
    assert at == len(text)


@pytest.fixture
def round_trip(tmp_path: Path, desk_at: Lay, fields: Lay, a_task: Lay) -> Callable[..., None]:
    """Read, write, read, write and take back; look at the file after each write."""

    def go(name: str, data: bytes, people: Sequence[str], look: Callable[[bytes], None]) -> None:
        folder = tmp_path / "firm"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        path = folder / name
        path.write_bytes(data)
        firm = desk_at(folder, [path])
        first = firm.pull()
        assert [str(row["name"]) for row in first.tables["contacts"]] == list(people)
        ids = [str(row["contact_id"]) for row in first.tables["contacts"]]
        seen = first
        for number, run in enumerate(RUNS):
            values = {"stage": "buy", "score": number, "why": 'rated us "10; 10", twice'}
            batch = [fields(one, **values) for one in ids]
            results = firm.open(run).write([*batch, a_task(ids[number % len(ids)], f"f{number}")])
            assert all(result.ok for result in results)
            look(path.read_bytes())
            seen = firm.pull(seen.cursor)
            mine = {row["contact_id"]: row["score"] for row in seen.tables["own_fields"]}
            assert mine == dict.fromkeys(ids, number)
            for table in ("contacts", "activities"):
                assert seen.tables.get(table) == first.tables.get(table)
        for run in reversed(RUNS):
            assert firm.open("later").restore(run)
        assert path.read_bytes() == data
        assert sorted(each.name for each in folder.iterdir()) == [".goodword", name]

    return go


@pytest.mark.long
@given(made=csv_files())
@settings(max_examples=50)
def test_a_csv_file_keeps_every_byte_that_is_not_ours(
    round_trip: Callable[..., None], made: Text
) -> None:
    round_trip("people.csv", made.data, made.people, lambda after: assert_theirs(made, after))


# ------------------------------------------------------------------ workbooks

FEATURES = (
    *("table", "filter", "formulas", "merged title", "hidden row", "hidden sheet", "chart"),
    *("validation", "rich text", "formats", "comment", "colours", "name", "further sheet", "wide"),
)
HEADER = ["Name", "Email", "Phone", "Last job", "Spent"]


@dataclass(frozen=True)
class Wanted:
    """What a workbook is to hold."""

    people: tuple[str, ...]
    has: frozenset[str]
    top: int

    @property
    def rows(self) -> list[list[Any]]:
        """The people, a row each."""
        return [
            [name, f"p{at}@x.example", f"+44 117 496 01{at:02}", date(2026, 10, at + 1), at * 9.5]
            for at, name in enumerate(self.people)
        ]


@st.composite
def wanted(draw: st.DrawFn) -> Wanted:
    has = draw(st.frozensets(st.sampled_from(FEATURES), max_size=9))
    if "table" in has:
        has -= {"filter"}
    people = NAMES[: draw(st.integers(2, len(NAMES)))]
    return Wanted(people, has, 2 if "merged title" in has else 0)


def by_xlsxwriter(want: Wanted) -> bytes:
    held = io.BytesIO()
    has, top, last = want.has, want.top, want.top + len(want.people)
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        page = book.add_worksheet("People")
        if top:
            page.merge_range(0, 0, 0, 3, "Customers of the shop", bold)
        page.write_row(top, 0, HEADER, bold if "formats" in has else None)
        for at, row in enumerate(want.rows, start=top + 1):
            page.write_row(at, 0, row[:3])
            page.write_datetime(at, 3, row[3], day)
            page.write_number(at, 4, row[4])
            if "formulas" in has:
                page.write_formula(at, 4, f"=SUM({at},1)", None, at + 1)
        if "table" in has:
            titles = [{"header": title} for title in HEADER]
            page.add_table(top, 0, last, 4, {"columns": titles})
        if "filter" in has:
            page.autofilter(top, 0, last, 4)
        if "hidden row" in has:
            page.set_row(last, None, None, {"hidden": True})
        if "validation" in has:
            page.data_validation(
                top + 1, 2, last, 2, {"validate": "length", "value": 3, "criteria": ">"}
            )
        if "rich text" in has:
            page.write_rich_string(top + 1, 0, "Nora ", bold, "Quill")
        if "comment" in has:
            page.write_comment(top + 1, 0, "a remark")
        if "colours" in has:
            page.conditional_format(top + 1, 4, last, 4, {"type": "data_bar"})
        if "wide" in has:
            page.set_column(0, 2, 30, bold)
            page.freeze_panes(top + 1, 1)
        if "chart" in has:
            chart = book.add_chart({"type": "column"})
            chart.add_series({"values": f"=People!$E${top + 2}:$E${last + 1}"})
            page.insert_chart("M20", chart)
        add_further(book.add_worksheet, book.define_name, want)
    return held.getvalue()


def add_further(add_sheet: Lay, define: Lay, want: Wanted) -> None:
    if "further sheet" in want.has:
        page = add_sheet("Sums & more")
        page.write_row(0, 0, ["Month", "Sum"])
        page.write_formula(1, 1, "=1+1", None, 2)
    if "hidden sheet" in want.has:
        page = add_sheet("Lists")
        page.write(0, 0, "secret")
        page.hide()
    if "name" in want.has:
        define("Spent", "=People!$E$2:$E$9")


def by_openpyxl(want: Wanted) -> bytes:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "People"
    if want.top:
        page.append(["Customers of the shop"])
        page.merge_cells("A1:D1")
        page.append([])
    page.append(HEADER)
    for row in want.rows:
        page.append(row)
    last = want.top + len(want.people) + 1
    reference = f"A{want.top + 1}:E{last}"
    if "table" in want.has:
        page.add_table(Table(displayName="People", ref=reference))
    if "filter" in want.has:
        page.auto_filter.ref = reference
    if "hidden row" in want.has:
        page.row_dimensions[last].hidden = True
    if "validation" in want.has:
        rule = DataValidation(type="list", formula1='"a,b"')
        rule.add(f"C{last}:C{last + 50}")
        page.add_data_validation(rule)
    if "further sheet" in want.has:
        book.create_sheet("Sums & more").append(["Month", 2])
    if "hidden sheet" in want.has:
        book.create_sheet("Lists").sheet_state = "hidden"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def values_of(data: bytes) -> dict[str, list[list[Any]]]:
    """Every cell as a program shows it, formulas by the value kept with them."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
    return {name: sheet.to_python(skip_empty_area=False) for name, sheet in sheets.items()}


def opened(data: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # about what it would lose on saving
        return openpyxl.load_workbook(io.BytesIO(data), rich_text=True)


def inside(page: Any) -> Mapping[str, Any]:
    """What a sheet holds beside plain values."""
    return {
        "cells": {
            cell.coordinate: (
                [str(part) for part in cell.value]
                if isinstance(cell.value, CellRichText)
                else cell.value,
                cell.number_format,
                cell.font.b,
                cell.comment and cell.comment.text,
            )
            for row in page.iter_rows(max_col=5)
            for cell in row
        },
        "merged": sorted(map(str, page.merged_cells.ranges)),
        "rules": [(str(rule.sqref), rule.type) for rule in page.data_validations.dataValidation],
        "colours": [str(ranges.sqref) for ranges in page.conditional_formatting],
        "hidden": [at for at, row in page.row_dimensions.items() if row.hidden],
        "widths": {at: col.width for at, col in page.column_dimensions.items() if at <= "E"},
        "state": page.sheet_state,
        "frozen": page.freeze_panes,
        "tables": sorted(page.tables),
        "drawn": (len(page._charts), page.legacy_drawing),  # openpyxl has no public way
    }


def assert_workbook_kept(before: bytes, want: Wanted, after: bytes) -> None:
    old, new = parts_of(before), parts_of(after)
    changed = {name for name in old if new.get(name) != old[name]}
    wiring = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    allowed = {"xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/tables/table1.xml", *wiring}
    assert changed <= allowed
    shown = values_of(after)
    for name, rows in values_of(before).items():
        width = max(map(len, rows), default=0)
        assert [row[:width] for row in shown[name][: len(rows)]] == rows
    one, other = opened(before), opened(after)
    for name in one.sheetnames:
        assert inside(other[name]) == inside(one[name]), name
    page = other["People"]
    ends = [table.ref for table in page.tables.values()] + [page.auto_filter.ref or ""]
    right = openpyxl.utils.get_column_letter(len(HEADER) + len(OWN_HEADERS))
    top = want.top + 1
    reach = f"A{top}:{right}{top + len(want.people)}"
    assert set(filter(None, ends)) == ({reach} if want.has & {"table", "filter"} else set())
    assert set(one.defined_names) == set(other.defined_names)


@pytest.mark.parametrize(
    "program", [by_xlsxwriter, pytest.param(by_openpyxl, marks=pytest.mark.long)]
)
@given(want=wanted())
@settings(max_examples=25)
def test_a_workbook_keeps_every_part_and_cell_that_is_not_ours(
    round_trip: Callable[..., None], program: Callable[[Wanted], bytes], want: Wanted
) -> None:
    data = program(want)
    round_trip(
        "people.xlsx", data, want.people, lambda after: assert_workbook_kept(data, want, after)
    )
