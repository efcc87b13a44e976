"""XLSX workbooks: typed cells, several sheets, titles above the header, formats we refuse."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from goodword import SourceError
from goodword_csv.guessing.guess import guess_grid
from goodword_csv.layout.book import book_of, read_book
from goodword_csv.values.answers import parse_nps
from goodword_csv.values.dates import parse_dates
from goodword_csv.values.money import parse_money
from goodword_csv.values.people import parse_phones
from goodword_csv.values.plain import id_of

EXPORTS = Path(__file__).parents[2] / "data" / "exports"


def workbook_of(sheets: dict[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        *("hubspot-contacts", "shopify-customers", "quickbooks-sales-by-customer", "surveymonkey"),
        *("linkedin-connections", "xero-contacts", "stripe-customers", "lonely-list"),
    ],
)
def test_an_export_saved_as_a_workbook_reads_the_same(name: str) -> None:
    text = (EXPORTS / f"{name}.csv").read_text("utf-8-sig")
    rows: list[list[object]] = [list(row) for row in csv.reader(io.StringIO(text))]
    plain = read_book(EXPORTS / f"{name}.csv").grids[0]
    (grid,) = book_of(workbook_of({name: rows}), where=f"{name}.xlsx").grids
    assert grid.header == plain.header
    assert [row.cells for row in grid.rows] == [row.cells for row in plain.rows]
    assert guess_grid(grid).columns == guess_grid(plain).columns


def test_numbers_and_dates_keep_their_type() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("Jobs")
    day, euro = book.add_format({"num_format": "dd/mm/yy"}), book.add_format({"num_format": "0 €"})
    sheet.write_row(0, 0, ["Job ID", "Client Name", "Completion Date", "Job Total", "Phone"])
    sheet.write_number(1, 0, 7210448301122)
    sheet.write_string(1, 1, "Nora Quill")
    sheet.write_datetime(1, 2, datetime(2026, 3, 4), day)
    sheet.write_number(1, 3, 1960.17, euro)
    sheet.write_number(1, 4, 441134960000)
    book.close()
    grid = book_of(buffer.getvalue(), where="jobs.xlsx").grids[0]
    guess = guess_grid(grid)
    assert guess.kind == "deals"
    cells = {field: grid.column(one.index) for field, one in guess.columns.items()}
    assert [id_of(cell) for _, cell in cells["deal_id"]] == ["7210448301122"]
    assert parse_dates(cells["date"]).values == (datetime(2026, 3, 4),)
    assert parse_money(cells["amount"]).cents == (196017,)
    assert parse_phones(cells["phone"], region="GB").values == (("+441134960000",),)


def test_leading_zeros_in_text_cells_stay() -> None:
    data = workbook_of({"Kunden": [["Kundennr", "Name", "PLZ"], ["0042", "Nora Quill", "01067"]]})
    assert book_of(data, where="a.xlsx").grids[0].rows[0].cells == ("0042", "Nora Quill", "01067")


def test_orders_saved_again_in_excel_hold_serials_for_dates() -> None:
    data = workbook_of(
        {
            "Orders": [
                ["Order ID", "Email", "Order Date", "Total"],
                ["1001", "nora@quill.example", 45384.34789351852, 100],
            ]
        }
    )
    grid = book_of(data, where="a.xlsx").grids[0]
    guess = guess_grid(grid)
    dates = parse_dates(grid.column(guess.columns["date"].index))
    assert dates.values == (datetime(2024, 4, 2, 8, 20, 58),)


def test_the_sheets_of_one_firm_are_told_apart() -> None:
    data = workbook_of(
        {
            "Customers": [["Name", "Email"], ["Nora Quill", "nora@quill.example"]],
            "Jobs": [["Client", "Date", "Amount"], ["Nora Quill", "2026-01-02", "100.00"]],
            "Survey": [["Email", "NPS", "Submitted At"], ["nora@quill.example", 9, "2026-02-03"]],
            "Referrals": [["Referrer", "Referred"], ["Nora Quill", "Ida Brandt"]],
            "Complaints": [["Customer", "Complaint", "Opened"], ["Ida", "late", "2026-03-04"]],
            "Wish list": [["Company", "City"], ["Laanhof", "Utrecht"]],
            "Empty": [],
        }
    )
    book = book_of(data, where="firm.xlsx")
    assert [guess_grid(grid).kind for grid in book.grids] == [
        *("contacts", "deals", "feedback", "referrals", "tickets", "targets")
    ]
    assert book.left_out == (("Empty", "empty"),)
    survey = book.grids[2]
    nps = guess_grid(survey).columns["nps"]
    assert parse_nps(survey.column(nps.index)).values == (9,)


def test_row_numbers_are_those_of_the_sheet() -> None:
    rows: list[list[object]] = [["Our customers"], [], ["Name", "Email"], ["Nora", "n@q.example"]]
    grid = book_of(workbook_of({"A": rows}), where="a.xlsx").grids[0]
    assert (grid.header_line, grid.rows[0].line) == (3, 4)


def test_a_table_that_does_not_start_in_column_a_keeps_its_place() -> None:
    rows: list[list[object]] = [[], [None, "Name", "Email"], [None, "Nora", "n@q.example"]]
    grid = book_of(workbook_of({"A": rows}), where="a.xlsx").grids[0]
    assert {one.header: one.index for one in guess_grid(grid).columns.values()} == {
        "Name": 1,
        "Email": 2,
    }


def test_hidden_sheets_are_left_out_by_name() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Name", "Email"])
    book.worksheets[0].append(["Nora", "n@q.example"])
    book.create_sheet("Old").sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    assert book_of(buffer.getvalue(), where="a.xlsx").left_out == (("Old", "hidden"),)


def test_a_workbook_with_a_csv_ending_is_still_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(workbook_of({"A": [["Name", "Email"], ["Nora", "n@q.example"]]}))
    assert read_book(path).format == "xlsx"


def test_an_empty_workbook_is_refused_with_its_reasons() -> None:
    with pytest.raises(SourceError, match="A: empty"):
        book_of(workbook_of({"A": []}), where="a.xlsx")


@pytest.mark.parametrize(
    ("part", "words"),
    [("xl/workbook.bin", ".xlsb"), ("mimetype", "not an Excel"), ("xl/workbook.xml", "damaged")],
)
def test_other_archives_are_refused(part: str, words: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(part, "x")
    with pytest.raises(SourceError, match=words) as caught:
        book_of(buffer.getvalue(), where="a.xlsx")
    assert caught.value.hint


def test_the_bundled_sample_firm_is_understood_without_a_question() -> None:
    sample = Path(__file__).parents[3] / "plugins/csv/goodword_csv/sample/harbour-heating.xlsx"
    book = read_book(sample)
    guesses = {grid.name: guess_grid(grid, file_name=sample.name) for grid in book.grids}
    kinds = {name: guess.kind for name, guess in guesses.items() if guess.kind}
    assert kinds == {
        "Customers": "contacts",
        "Sales": "deals",
        "Survey": "feedback",
        "Complaints": "tickets",
        "Referrals": "referrals",
        "Visits": "activities",
        "Invoices due": "invoices",
        "Wish list": "targets",
    }
    assert not [one for guess in guesses.values() for one in guess.unsure]
