"""Workbooks full of what a careless writer would lose, made by two other programs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table


@pytest.fixture
def rich_book(tmp_path: Path) -> Path:
    """Everything a spreadsheet program puts in that a careless writer would lose."""
    path = tmp_path / "customers.xlsx"
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Customers & co")
        sheet.write_row(0, 0, ["Name", "Spent", "Since", "Total", "Note"], bold)
        for row in range(1, 9):
            sheet.write_string(row, 0, f"Pat {row}")
            sheet.write_number(row, 1, row * 100.5)
            sheet.write_datetime(row, 2, date(2024, 1, row), day)
            sheet.write_formula(row, 3, f"=SUM(B2:B{row + 1})", None, row * 7)
            sheet.write_rich_string(row, 4, "a ", bold, "bold", " word")
        sheet.write_dynamic_array_formula("M2:M4", "=B2:B4*2", None, 201)
        sheet.conditional_format("B2:B9", {"type": "data_bar"})
        sheet.conditional_format("B2:B9", {"type": "icon_set", "icon_style": "3_arrows"})
        sheet.data_validation("E2:E9", {"validate": "list", "source": ["a", "b"]})
        sheet.add_sparkline("J2", {"range": "'Customers & co'!B2:B9"})
        sheet.write_comment("A2", "a remark")
        sheet.insert_textbox("K5", "a text box")
        sheet.insert_button("K9", {"caption": "Go"})
        sheet.freeze_panes(1, 0)
        sheet.set_row(7, None, None, {"hidden": True})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "='Customers & co'!$B$2:$B$9"})
        sheet.insert_chart("K20", chart)
        other = book.add_worksheet("Sales")
        columns = [{"header": "Day"}, {"header": "Sum", "total_function": "sum"}]
        other.add_table("A1:B5", {"columns": columns, "total_row": True})
        hidden = book.add_worksheet("Lists")
        hidden.write(0, 0, "secret list")
        hidden.very_hidden()
        line = book.add_chart({"type": "line"})
        line.add_series({"values": "='Customers & co'!$B$2:$B$9"})
        book.add_chartsheet("Picture").set_chart(line)
        book.define_name("Spent", "='Customers & co'!$B$2:$B$9")
        book.set_custom_property("owner", "us")
    return path


@pytest.fixture
def openpyxl_book(tmp_path: Path) -> Path:
    path = tmp_path / "other.xlsx"
    book = openpyxl.Workbook()
    sheet = book["Sheet"]
    for row in (["Day", "Sum"], [1, 10], [2, 20]):
        sheet.append(row)
    sheet["A2"].comment = Comment("note", "us")
    sheet.add_table(Table(displayName="T", ref="A1:B3"))
    rule = DataValidation(type="whole")
    sheet.add_data_validation(rule)
    rule.add("B2:B3")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3))
    sheet.add_chart(chart, "D5")
    book.create_sheet("Empty")
    book.save(path)
    return path
