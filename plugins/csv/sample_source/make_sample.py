"""Write the sample workbook of the invented firm Harbour Heating.

Run it from anywhere: ``python plugins/csv/sample_source/make_sample.py [FILE]``. It needs
XlsxWriter and gives the same bytes every time. The workbook is untidy on purpose, as real ones
are, and carries what a careless tool would lose: formulas with their values, a chart, conditional
formats, lists to choose from, a comment, rich text and a hidden sheet.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter
from harbour_heating import (
    COMPLAINTS,
    CUSTOMERS,
    INVOICES_DUE,
    MANAGERS,
    REFERRALS,
    SURVEY,
    TOWNS,
    VISITS,
    WISH_LIST,
    rows,
)
from history import sales, visits
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

TODAY = date(2026, 11, 20)
TARGET = Path(__file__).parents[1] / "goodword_csv" / "sample" / "harbour-heating.xlsx"

Formats = dict[str, Format]


def main(target: Path = TARGET) -> None:
    """Write the whole workbook to *target*."""
    book = xlsxwriter.Workbook(str(target))
    book.set_properties(
        {
            "title": "Harbour Heating",
            "author": "Harbour Heating (invented)",
            "created": datetime(2026, 11, 20, 8, 0, tzinfo=UTC).replace(tzinfo=None),
        }
    )
    formats = _formats(book)
    _customers(book, formats)
    _sales(book, formats)
    _survey(book, formats)
    _complaints(book, formats)
    _referrals(book, formats)
    _visits(book, formats)
    _invoices_due(book, formats)
    _wish_list(book, formats)
    _overview(book, formats)
    _lists(book, formats)
    book.define_name("Account_managers", "=Lists!$A$2:$A$4")
    book.close()


def _formats(book: Workbook) -> Formats:
    head = {"bold": True, "bg_color": "#1F4E5F", "font_color": "#FFFFFF", "text_wrap": True}
    looks: dict[str, dict[str, object]] = {
        "title": {"bold": True, "font_size": 16, "font_color": "#1F4E5F"},
        "head": {**head, "valign": "vcenter", "border": 1},
        "date": {"num_format": "dd/mm/yyyy", "align": "left"},
        "money": {"num_format": "£#,##0.00;[Red]-£#,##0.00"},
        "years": {"num_format": "0.0"},
        "total": {"bold": True, "top": 1},
        "total_money": {"bold": True, "top": 1, "num_format": "£#,##0.00"},
        "note": {"italic": True, "font_color": "#666666"},
        "bold": {"bold": True},
        "bad": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
        "good": {"bg_color": "#C6EFCE", "font_color": "#006100"},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


def _header(
    sheet: Worksheet, row: int, formats: Formats, columns: Sequence[tuple[str, int]]
) -> None:
    """Write header cells and column widths, and keep the header in view."""
    for column, (name, width) in enumerate(columns):
        sheet.write_string(row, column, name, formats["head"])
        sheet.set_column(column, column, width)
    sheet.freeze_panes(row + 1, 2)


def _date_cell(formats: Formats) -> Callable[[Worksheet, int, int, str], None]:
    def write(sheet: Worksheet, row: int, column: int, text: str) -> None:
        if text:
            sheet.write_datetime(row, column, _midnight(date.fromisoformat(text)), formats["date"])

    return write


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _customers(book: Workbook, formats: Formats) -> None:
    sheet = book.add_worksheet("Customers")
    sheet.write_string(0, 0, "Harbour Heating: customer list", formats["title"])
    columns = (
        ("Customer no", 12),
        ("Name", 26),
        ("Email", 36),
        ("Phone", 26),
        ("Company", 28),
        ("Town", 12),
        ("Account manager", 17),
        ("Marketing OK?", 11),
        ("Customer since", 13),
        ("Years with us", 10),
        ("Notes", 48),
    )
    top = 2
    _header(sheet, top, formats, columns)
    sheet.write_comment(top, 7, "Ask before you change this one. Moira")
    write_date = _date_cell(formats)
    people = rows(CUSTOMERS)
    for row, (number, *texts, since, notes) in enumerate(people, start=top + 1):
        for column, text in enumerate([number, *texts]):
            if text:
                sheet.write_string(row, column, text)
        write_date(sheet, row, 8, since)
        if since:
            years = round((TODAY - date.fromisoformat(since)).days / 365.25, 1)
            formula = f"=ROUND((Lists!$C$2-I{row + 1})/365.25,1)"
            sheet.write_formula(row, 9, formula, formats["years"], years)
        if number == "C-1005":
            flats, rest = notes[:8], notes[8:]
            sheet.write_rich_string(row, 10, formats["bold"], flats, rest)
        elif notes:
            sheet.write_string(row, 10, notes)
    last = top + len(people)
    sheet.write_string(last + 2, 0, "Total", formats["total"])
    count = f'=COUNTA(A{top + 2}:A{last + 1})&" customers"'
    sheet.write_formula(last + 2, 1, count, formats["total"], f"{len(people)} customers")
    sheet.autofilter(top, 0, last, len(columns) - 1)
    choices = {"validate": "list", "source": "=Account_managers", "ignore_blank": True}
    sheet.data_validation(top + 1, 6, last, 6, choices)
    no = {"type": "text", "criteria": "begins with", "value": "no", "format": formats["bad"]}
    sheet.conditional_format(top + 1, 7, last, 7, no)


def _sales(book: Workbook, formats: Formats) -> None:
    sheet = book.add_worksheet("Sales")
    names = ("Invoice no", "Customer no", "Date", "What", "Amount", "Status")
    _header(sheet, 0, formats, list(zip(names, (12, 12, 12, 26, 13, 11), strict=True)))
    write_date = _date_cell(formats)
    row = 0
    total = 0.0
    for row, (invoice, sale) in enumerate(sales().items(), start=1):
        day, number, amount, what, status = sale
        sheet.write_string(row, 0, invoice)
        sheet.write_string(row, 1, number)
        if row % 29 == 0:  # typed as text by somebody
            sheet.write_string(row, 2, f"{day:%d/%m/%Y}")
        else:
            write_date(sheet, row, 2, day.isoformat())
        sheet.write_string(row, 3, what)
        if row % 23 == 0:
            sheet.write_string(row, 4, f"£{amount:,.2f}")
        else:
            sheet.write_number(row, 4, amount, formats["money"])
            total += amount
        sheet.write_string(row, 5, "paid " if row % 31 == 0 and status == "Paid" else status)
    sheet.write_string(row + 2, 0, "TOTAL", formats["total"])
    formula = f"=SUM(E2:E{row + 1})"
    sheet.write_formula(row + 2, 4, formula, formats["total_money"], round(total, 2))
    sheet.autofilter(0, 0, row, len(names) - 1)
    sheet.conditional_format(1, 4, row, 4, {"type": "data_bar", "bar_color": "#9BC2CF"})


def _survey(book: Workbook, formats: Formats) -> None:
    sheet = book.add_worksheet("Survey")
    names = ("Date", "E-mail", "How likely are you to recommend us? (0-10)", "Comment")
    _header(sheet, 0, formats, list(zip(names, (12, 38, 22, 52), strict=True)))
    answers = rows(SURVEY)
    write_date = _date_cell(formats)
    for row, (day, mail, score, comment) in enumerate(answers, start=1):
        write_date(sheet, row, 0, day)
        sheet.write_string(row, 1, mail)
        sheet.write_number(row, 2, int(score))
        if comment:
            sheet.write_string(row, 3, comment)
    for criteria, value, look in ((">=", 9, "good"), ("<=", 6, "bad")):
        rule = {"type": "cell", "criteria": criteria, "value": value, "format": formats[look]}
        sheet.conditional_format(1, 2, len(answers), 2, rule)


def _table(
    book: Workbook,
    formats: Formats,
    name: str,
    columns: Sequence[tuple[str, int, str]],
    table: list[list[str]],
) -> Worksheet:
    """Write a plain sheet; each column is its name, its width and text, date or money."""
    sheet = book.add_worksheet(name)
    _header(sheet, 0, formats, [(title, width) for title, width, _ in columns])
    write_date = _date_cell(formats)
    for row, cells in enumerate(table, start=1):
        for column, (text, (_, _, kind)) in enumerate(zip(cells, columns, strict=True)):
            if not text:
                continue
            if kind == "date":
                write_date(sheet, row, column, text)
            elif kind == "money":
                sheet.write_number(row, column, float(text), formats["money"])
            else:
                sheet.write_string(row, column, text)
    return sheet


def _complaints(book: Workbook, formats: Formats) -> None:
    columns = (
        ("Customer no", 12, "text"),
        ("Opened", 12, "date"),
        ("Closed", 12, "date"),
        ("What", 52, "text"),
        ("Happy now?", 11, "text"),
    )
    _table(book, formats, "Complaints", columns, rows(COMPLAINTS))


def _referrals(book: Workbook, formats: Formats) -> None:
    columns = (
        ("Date", 12, "date"),
        ("Referred by", 28, "text"),
        ("Who", 28, "text"),
        ("Status", 11, "text"),
        ("Met on", 12, "date"),
        ("Won on", 12, "date"),
        ("Lost on", 12, "date"),
    )
    _table(book, formats, "Referrals", columns, rows(REFERRALS))


def _visits(book: Workbook, formats: Formats) -> None:
    columns = (
        ("Date", 12, "date"),
        ("Customer no", 12, "text"),
        ("Type", 16, "text"),
        ("Who went", 16, "text"),
        ("Notes", 48, "text"),
    )
    everyday = [[day.isoformat(), number, kind, who, ""] for day, number, kind, who in visits()]
    table = sorted(rows(VISITS) + everyday, key=lambda visit: visit[0], reverse=True)
    _table(book, formats, "Visits", columns, table)


def _invoices_due(book: Workbook, formats: Formats) -> None:
    columns = (
        ("Invoice", 12, "text"),
        ("Customer no", 12, "text"),
        ("Amount", 13, "money"),
        ("Sent", 12, "date"),
        ("Due", 12, "date"),
        ("Paid on", 12, "date"),
    )
    sent = {(sale.customer, sale.day.isoformat()): number for number, sale in sales().items()}
    table = []
    for customer, day, due, paid in rows(INVOICES_DUE):
        number = sent[customer, day]
        table.append([number, customer, str(sales()[number].pounds), day, due, paid])
    sheet = _table(book, formats, "Invoices due", columns, table)
    icons = {"type": "icon_set", "icon_style": "3_traffic_lights", "reverse_icons": True}
    sheet.conditional_format(1, 2, len(table), 2, icons)


def _wish_list(book: Workbook, formats: Formats) -> None:
    columns = (("Company", 28, "text"), ("Town", 14, "text"), ("Why", 44, "text"))
    _table(book, formats, "Wish list", columns, rows(WISH_LIST))


def _overview(book: Workbook, formats: Formats) -> None:
    sheet = book.add_worksheet("Overview")
    sheet.write_string(0, 0, "Our years", formats["title"])
    sheet.set_column(0, 1, 14)
    paid: dict[int, float] = defaultdict(float)
    for row, sale in enumerate(sales().values(), start=1):
        if row % 23 and row % 29:  # SUMIFS leaves out the rows with text for a number or date
            paid[sale.day.year] += sale.pounds
    for row, year in enumerate(sorted(paid), start=2):
        start, end = f"DATE({year},1,1)", f"DATE({year},12,31)"
        formula = f'=SUMIFS(Sales!E:E,Sales!C:C,">="&{start},Sales!C:C,"<="&{end})'
        sheet.write_number(row, 0, year)
        sheet.write_formula(row, 1, formula, formats["money"], round(paid[year], 2))
    chart = book.add_chart({"type": "column"})
    last = len(paid) + 2
    years, sums = f"=Overview!$A$3:$A${last}", f"=Overview!$B$3:$B${last}"
    chart.add_series({"name": "Sales", "categories": years, "values": sums})
    chart.set_title({"name": "Sales a year"})
    chart.set_legend({"none": True})
    sheet.insert_chart("D2", chart)
    sheet.insert_textbox(16, 3, "Goal for 2027: two new customers a month from a good word.")


def _lists(book: Workbook, formats: Formats) -> None:
    sheet = book.add_worksheet("Lists")
    for column, name in enumerate(("Account managers", "Towns", "As at")):
        sheet.write_string(0, column, name, formats["bold"])
    sheet.write_column(1, 0, MANAGERS)
    sheet.write_column(1, 1, TOWNS)
    sheet.write_datetime(1, 2, _midnight(TODAY), formats["date"])
    sheet.hide()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
