"""Tables and filters reach over our columns, so that sorting by them keeps every row whole."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from goodword import CreateTask
from goodword_csv.headers.columns import OWN_HEADERS

Lay = Callable[..., Any]
ROWS = [
    ["Customer no", "Name", "Email"],
    ["007", "Nora Quill", "n@x.example"],
    ["008", "Ida Brandt", "i@x.example"],
]
OURS = list(OWN_HEADERS[1:])  # a list with ids of its own gets no id of ours
LAST = "I"  # C is theirs, D to I are ours


def book_with(change: Callable[[Any], None], rows: list[list[Any]] = ROWS) -> bytes:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "People"
    for row in rows:
        page.append(row)
    change(page)
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        book.save(buffer)
    return buffer.getvalue()


def tabled(reference: str, **more: Any) -> Callable[[Any], None]:
    return lambda page: page.add_table(Table(displayName="T", ref=reference, **more))


def filtered(reference: str) -> Callable[[Any], None]:
    return lambda page: setattr(page.auto_filter, "ref", reference)


def part(firm: Any, name: str) -> bytes:
    with zipfile.ZipFile(firm.folder / "people.xlsx") as archive:
        return archive.read(name)


@pytest.fixture
def written(desk: Lay, fields: Callable[..., Any]) -> Callable[..., Any]:
    """Write our columns into a workbook, and say what tables and filters are like then."""

    def write(data: bytes) -> Any:
        firm = desk({"people.xlsx": data})
        firm.open().write([fields("007", stage="buy")])
        return firm

    return write


def test_a_table_that_ends_where_our_columns_begin_reaches_over_them(
    written: Callable[..., Any],
) -> None:
    firm = written(book_with(tabled("A1:C3")))
    page = openpyxl.load_workbook(firm.folder / "people.xlsx")["People"]
    table = page.tables["T"]
    assert (table.ref, table.autoFilter.ref) == (f"A1:{LAST}3", f"A1:{LAST}3")
    assert [column.name for column in table.tableColumns] == [*ROWS[0], *OURS]
    assert [cell.value for cell in page[1]] == [column.name for column in table.tableColumns]
    ids = [column.id for column in table.tableColumns]
    assert len(set(ids)) == len(ids)
    assert b'count="9"' in part(firm, "xl/tables/table1.xml")


def test_a_table_of_an_earlier_version_grows_with_the_next_write(
    desk: Lay, fields: Callable[..., Any]
) -> None:
    rows = [[*ROWS[0], *OURS], [*ROWS[1], "buy"], ROWS[2]]
    firm = desk({"people.xlsx": book_with(tabled("A1:C3"), rows)})
    before = (firm.folder / "people.xlsx").read_bytes()
    firm.open().write([fields("007", stage="buy")])
    assert (firm.folder / "people.xlsx").read_bytes() == before  # an idle run writes nothing
    firm.open().write([fields("008", stage="like")])
    page = openpyxl.load_workbook(firm.folder / "people.xlsx")["People"]
    assert page.tables["T"].ref == f"A1:{LAST}3"
    again = part(firm, "xl/tables/table1.xml")
    firm.open().write([fields("008", stage="buy")])
    assert part(firm, "xl/tables/table1.xml") == again


def test_a_totals_row_stays_the_last(written: Callable[..., Any]) -> None:
    firm = written(book_with(tabled("A1:C4", totalsRowCount=1), [*ROWS, ["Total"]]))
    table = openpyxl.load_workbook(firm.folder / "people.xlsx")["People"].tables["T"]
    assert table.ref == f"A1:{LAST}4"
    assert table.totalsRowCount == 1


def taken(page: Any) -> None:
    """A table with merged cells at its right, where it would have to grow."""
    tabled("A1:C3")(page)
    page.merge_cells("E2:E3")


def apart(page: Any) -> None:
    """A table with a column of its own between it and ours."""
    tabled("A1:C3")(page)
    page["D1"] = "Notes"


@pytest.mark.parametrize("how", [taken, apart, tabled("A1:C3", tableType="queryTable")])
def test_a_table_that_cannot_grow_is_left_as_it_is(
    written: Callable[..., Any], how: Callable[[Any], None]
) -> None:
    data = book_with(how)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        before = archive.read("xl/tables/table1.xml")
    firm = written(data)
    assert part(firm, "xl/tables/table1.xml") == before
    assert firm.pull().tables["own_fields"][0]["stage"] == "buy"


def test_doctor_says_where_sorting_would_leave_our_columns_behind(
    written: Callable[..., Any],
) -> None:
    firm = written(book_with(apart))
    (told,) = (check for check in firm.open().check() if check.name == "sorting")
    assert "A1:C3 ends before our columns" in told.detail
    assert "all columns" in told.hint
    firm = written(book_with(tabled("A1:C3")))
    assert not [check for check in firm.open().check() if check.name == "sorting"]


def test_a_workbook_that_declares_its_links_on_each_sheet_gets_its_task_list(
    written: Callable[..., Any], a_task: Callable[..., CreateTask]
) -> None:
    says = b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book_with(apart))) as old,
        zipfile.ZipFile(held, "w") as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml":
                content = content.replace(says, b"").replace(b"<sheet ", b"<sheet" + says + b" ")
            new.writestr(name, content)
    firm = written(held.getvalue())
    assert all(result.ok for result in firm.open().write([a_task("007")]))
    book = openpyxl.load_workbook(firm.folder / "people.xlsx")
    assert "Referral tasks" in book.sheetnames


def test_a_filter_reaches_over_our_columns_and_so_does_its_name(
    written: Callable[..., Any],
) -> None:
    def two_filters(page: Any) -> None:
        filtered("A1:C3")(page)
        page.auto_filter.add_filter_column(1, ["Nora Quill"])
        page.auto_filter.add_sort_condition("B2:B3")
        other = page.parent.create_sheet("Other")
        other.append(["a", "b"])
        other.auto_filter.ref = "A1:C3"

    data = book_with(two_filters)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        named = archive.read("xl/workbook.xml")
    assert named.count(b"$A$1:$C$3") == 2
    firm = written(data)
    sheet = part(firm, "xl/worksheets/sheet1.xml")
    assert f'<autoFilter ref="A1:{LAST}3">'.encode() in sheet
    assert b'<filter val="Nora Quill"' in sheet
    names = re.findall(rb'localSheetId="(\d)"[^>]*>([^<]*)<', part(firm, "xl/workbook.xml"))
    assert dict(names) == {b"0": b"'People'!$A$1:$I$3", b"1": b"'Other'!$A$1:$C$3"}


@pytest.mark.parametrize("reference", ["A1:B3", "B2:C3", "A1:A3"])
def test_a_filter_that_ends_elsewhere_stays(written: Callable[..., Any], reference: str) -> None:
    firm = written(book_with(filtered(reference)))
    page = openpyxl.load_workbook(firm.folder / "people.xlsx")["People"]
    assert page.auto_filter.ref == reference


def test_a_new_task_list_and_a_longer_filter_go_into_one_workbook_part(
    desk: Lay, fields: Callable[..., Any], a_task: Callable[..., CreateTask]
) -> None:
    firm = desk({"people.xlsx": book_with(filtered("A1:C3"))})
    firm.open().write([fields("007", stage="buy"), a_task("007")])
    names = re.findall(rb'localSheetId="(\d)"[^>]*>([^<]*)<', part(firm, "xl/workbook.xml"))
    assert dict(names) == {
        b"0": b"'People'!$A$1:$I$3",
        b"1": b"'Referral tasks'!$A$3:$U$1048576",
    }


def test_rows_added_to_the_task_list_come_into_a_table_and_a_filter_made_of_it(
    desk: Lay, a_task: Callable[..., CreateTask]
) -> None:
    firm = desk({"people.xlsx": book_with(lambda page: None)})
    firm.open().write([a_task("007", "a"), a_task("007", "b")])
    path = firm.folder / "people.xlsx"
    book = openpyxl.load_workbook(path)
    page = book["Referral tasks"]
    page.auto_filter.ref = None
    page.add_table(Table(displayName="Calls", ref="A3:U5"))
    book.save(path)
    firm.open("20261121-1-b").write([a_task("008", "c")])
    page = openpyxl.load_workbook(path)["Referral tasks"]
    assert page.tables["Calls"].ref == "A3:U6"
    page.auto_filter.ref = "A3:U6"
    del page.tables["Calls"]
    page.parent.save(path)
    firm.open("20261122-1-b").write([a_task("008", "dd")])
    page = openpyxl.load_workbook(path)["Referral tasks"]
    assert page.auto_filter.ref == "A3:U7"


BENT = {
    "from the last to the first": (b'ref="A1:C3"', b'ref="C3:A1"'),
    "two columns of one name": (b'name="Email"', b'name="Name"'),
    "in a way no program does": (b'id="3"', b'id="99999999999999999999"'),
    "more or fewer columns": (b'ref="A1:C3"', b'ref="A1:B3"'),
    "which cells it covers": (b' ref="A1:C3"', b' ref="here"'),
    "cells that no sheet has": (b'ref="A1:C3"', b'ref="A1:C9999999"'),
}


@pytest.mark.parametrize("what", list(BENT))
def test_a_table_no_program_writes_is_told_when_the_list_is_read(desk: Lay, what: str) -> None:
    old, new = BENT[what]
    data = io.BytesIO()
    good = zipfile.ZipFile(io.BytesIO(book_with(tabled("A1:C3"))))
    with good, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as bent:
        for name in good.namelist():
            text = good.read(name)
            if name == "xl/tables/table1.xml":
                assert old in text
                text = text.replace(old, new)
            bent.writestr(name, text)
    firm = desk({"people.xlsx": data.getvalue()})
    told = [notice for notice in firm.pull().notices if notice.startswith("tables:")]
    assert len(told) == 1
    assert what in told[0]
    assert "repair the table" in told[0]
    assert [check.ok for check in firm.open().check() if check.name == "tables"] == [False]


def test_a_sound_table_is_not_told(desk: Lay) -> None:
    firm = desk({"people.xlsx": book_with(tabled("A1:C3"))})
    assert not [notice for notice in firm.pull().notices if notice.startswith("tables:")]
