"""Files that are hard to read or to write, each with what it does to a run as a whole."""

from __future__ import annotations

import io
import resource
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from goodword import SourceError
from goodword_csv.files.cells import MAX_ROWS
from goodword_csv.layout.book import book_of

Lay = Callable[..., Any]
HEADER = ["Customer no", "Name", "Email"]
PEOPLE = [["007", "Nora Quill", "n@x.example"], ["008", "Ida Brandt", "i@x.example"]]
TEXT = "\n".join(map(",".join, [HEADER, *PEOPLE])) + "\n"


def book_of_rows(
    rows: list[list[Any]], change: Callable[[Any], object] = lambda page: None
) -> bytes:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "People"
    for row in rows:
        page.append(row)
    change(page)
    return saved(book)


def book_of_texts(rows: list[list[str]]) -> bytes:
    """Make a workbook in which what looks like a formula is a text."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("People")
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return held.getvalue()


def sales(*lines: str) -> str:
    return "\n".join(["Order no,Customer no,Date,Amount", *lines, ""])


def saved(book: Any) -> bytes:
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def rewritten(data: bytes, changes: dict[str, tuple[bytes, bytes]]) -> bytes:
    """Change the text of parts, and add parts, as another program would have written them."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            before, after = changes.get(name, (b"", b""))
            assert before in part
            new.writestr(name, part.replace(before, after) if before else part)
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name][1])
    return held.getvalue()


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@contextmanager
def disk_with_room_for(size: int) -> Iterator[None]:
    """Let the system refuse every file larger than *size* bytes, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


# ------------------------------------------------------------------ too little, too much


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_header_without_people_is_a_list_that_waits_for_them(desk: Lay, ending: str) -> None:
    data = ",".join(HEADER).encode() + b"\n" if ending == "csv" else book_of_rows([HEADER])
    firm = desk({f"people.{ending}": data})
    assert firm.pull().tables["contacts"] == []
    assert firm.open().write([]) == []
    assert (firm.folder / f"people.{ending}").read_bytes() == data


@pytest.mark.long
def test_more_rows_than_a_sheet_holds_are_refused() -> None:
    with pytest.raises(SourceError, match=f"{MAX_ROWS + 1:,} rows") as refused:
        book_of(b"Name\n" + b"N\n" * MAX_ROWS, where="people.csv")
    assert "Split it" in refused.value.hint


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_three_hundred_columns_are_as_good_as_three(desk: Lay, fields: Lay, ending: str) -> None:
    rows = [[f"Answer {at}" for at in range(297)], *([str(at) * 3] * 297 for at in (1, 2))]
    wide = [[*row, *own] for row, own in zip(rows, [HEADER, *PEOPLE], strict=True)]
    text = "\n".join(map(",".join, wide)) + "\n"
    firm = desk({f"people.{ending}": text if ending == "csv" else book_of_rows(wide)})
    assert set(firm.pull().people()) == {"Nora Quill", "Ida Brandt"}
    firm.open().write([fields("007", stage="buy")])
    heard = firm.pull()
    assert [row["contact_id"] for row in heard.tables["own_fields"]] == ["007"]
    assert heard.contact("Ida Brandt") == "008"


# ------------------------------------------------------------------ workbooks


def test_macros_stay_in_a_workbook_that_is_written(desk: Lay, fields: Lay, a_task: Lay) -> None:
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macros = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    code = {
        "xl/vbaProject.bin": (b"", b"\xd0\xcf\x11\xe0 code"),
        "[Content_Types].xml": (plain, macros),
    }
    firm = desk({"people.xlsm": rewritten(book_of_rows([HEADER, *PEOPLE]), code)})
    firm.open().write([fields("007", stage="buy"), a_task("007")])
    after = parts(firm.folder / "people.xlsm")
    assert after["xl/vbaProject.bin"] == b"\xd0\xcf\x11\xe0 code"
    assert macros in after["[Content_Types].xml"]
    assert firm.pull().tables["own_fields"][0]["stage"] == "buy"


def test_two_sheets_of_one_name_are_told_and_not_mixed_up(desk: Lay) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "People"
    for row in [HEADER, *PEOPLE]:
        page.append(row)
    book.create_sheet("Peoplf").append(["Colour", "Shape"])
    twice = rewritten(saved(book), {"xl/workbook.xml": (b'"Peoplf"', b'"People"')})
    with pytest.raises(SourceError, match="People") as refused:
        desk({"people.xlsx": twice})
    assert refused.value.hint


def merged(page: Any) -> None:
    page.insert_rows(1)
    page["A1"] = "Customers"
    page.merge_cells("A1:C1")
    page.merge_cells("A2:A2")


def test_merged_cells_over_the_header_do_not_hide_it(desk: Lay, fields: Lay) -> None:
    firm = desk({"people.xlsx": book_of_rows([HEADER, *PEOPLE], merged)})
    assert set(firm.pull().people()) == {"Nora Quill", "Ida Brandt"}
    firm.open().write([fields("007", stage="buy")])
    page = openpyxl.load_workbook(firm.folder / "people.xlsx")["People"]
    assert [str(each) for each in page.merged_cells.ranges][:1] == ["A1:C1"]
    assert [cell.value for cell in page[2]][:4] == [*HEADER, "Goodword stage"]


def test_a_header_merged_over_two_columns_keeps_both_apart(desk: Lay, fields: Lay) -> None:
    rows = [["Customer no", "Name", None, "Email"]]
    rows += [[number, *name.split(), mail] for number, name, mail in PEOPLE]
    data = book_of_rows(rows, lambda page: page.merge_cells("B1:C1"))
    firm = desk({"people.xlsx": data})
    assert {str(row["email"]) for row in firm.pull().tables["contacts"]} == {
        "n@x.example",
        "i@x.example",
    }
    firm.open().write([fields("007", stage="buy")])
    page = openpyxl.load_workbook(firm.folder / "people.xlsx")["People"]
    assert [cell.value for cell in page[2]][:5] == ["007", "Nora", "Quill", "n@x.example", "buy"]


def test_hidden_rows_are_people_and_stay_hidden(desk: Lay, fields: Lay) -> None:
    def hide(page: Any) -> None:
        page.row_dimensions[3].hidden = True

    firm = desk({"people.xlsx": book_of_rows([HEADER, *PEOPLE], hide)})
    assert "Ida Brandt" in firm.pull().people()
    firm.open().write([fields("008", stage="buy")])
    page = openpyxl.load_workbook(firm.folder / "people.xlsx")["People"]
    assert page.row_dimensions[3].hidden
    assert page["D3"].value == "buy"


def test_formulas_nobody_has_calculated_are_told(desk: Lay) -> None:
    """A program that saves a workbook without calculating leaves formulas without values."""
    rows = [[*HEADER, "Total spent"], [*PEOPLE[0], "=10*10"], [*PEOPLE[1], "=10*20"]]
    firm = desk({"people.xlsx": book_of_rows(rows)})
    heard = firm.pull()
    assert set(heard.people()) == {"Nora Quill", "Ida Brandt"}
    for told in (firm.guess.notices, heard.notices):
        assert "people.xlsx: 2 formulas hold no value yet" in " ".join(told)


def test_formulas_that_give_an_empty_text_are_no_news(desk: Lay) -> None:
    rows = [[*HEADER, "Total spent"], [*PEOPLE[0], '=IF(A1="x","y","")']]
    as_excel_does = {"xl/worksheets/sheet1.xml": (b'r="D2"', b'r="D2" t="str"')}
    firm = desk({"people.xlsx": rewritten(book_of_rows(rows), as_excel_does)})
    assert "formula" not in " ".join([*firm.guess.notices, *firm.pull().notices])


# ------------------------------------------------------------------ cells


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_name_that_is_a_formula_is_theirs_and_never_runs_in_ours(
    desk: Lay, a_task: Lay, ending: str
) -> None:
    name = '=HYPERLINK("http://x.invalid","Nora")'
    rows = [HEADER, ["007", name, "n@x.example"], PEOPLE[1]]
    if ending == "csv":
        quoted = name.replace('"', '""')
        data = TEXT.replace("Nora Quill", f'"{quoted}"').encode()
    else:
        data = book_of_texts(rows)
    firm = desk({f"people.{ending}": data})
    firm.pull()
    firm.open().write([a_task("007", contact_name=name, subject=name, body=name)])
    if ending == "csv":
        assert (firm.folder / "people.csv").read_bytes().startswith(data.splitlines()[0])
        tasks = (firm.folder / "people.tasks.csv").read_text("utf-8-sig")
        assert "'=HYPERLINK" in tasks
        assert not any(f"{before}=HYPERLINK" in tasks for before in (",", '"', "\n"))
        assert data.splitlines()[1] in (firm.folder / "people.csv").read_bytes()
    else:
        book = openpyxl.load_workbook(firm.folder / "people.xlsx")
        assert {cell.data_type for row in book["Referral tasks"] for cell in row} <= {
            "s",
            "n",
            "inlineStr",
        }
        assert book["People"]["B2"].value == name


def test_a_phone_that_excel_spoilt_is_told_and_the_rest_is_read(desk: Lay) -> None:
    text = "Customer no,Name,Phone\n1,Nora Quill,4.47912E+11\n2,Ida Brandt,+44 117 496 0102\n"
    heard = desk({"people.csv": text}).pull()
    phones = {name: row["phone"] for name, row in heard.people().items()}
    assert phones == {"Nora Quill": None, "Ida Brandt": "+441174960102"}
    assert any("Phone" in notice and "line 2" in notice for notice in heard.notices)


def test_lost_zeros_in_front_do_not_lose_the_sale(desk: Lay) -> None:
    """A program made 7 of the customer number 007 in one of the files."""
    firm = desk(
        {
            "people.csv": TEXT,
            "sales.csv": sales("1,7,2026-01-02,£5.00", "2,008,2026-01-03,£6.00"),
        }
    )
    heard = firm.pull()
    known = {row["contact_id"] for row in heard.tables["deal_contacts"]}
    assert "008" in known
    assert "007" in known or any("line 2" in notice for notice in heard.notices)


def test_amounts_of_another_currency_are_left_out_and_told(desk: Lay) -> None:
    text = sales("1,007,2026-01-02,£5.00", "2,008,2026-01-03,$6.00", "3,008,2026-01-04,£7.00")
    firm = desk({"people.csv": TEXT, "sales.csv": text})
    assert firm.settings.currency == "GBP"
    heard = firm.pull()
    amounts = {row["deal_id"]: row["amount_cents"] for row in heard.tables["deals"]}
    assert amounts.get("2") is None
    assert (amounts["1"], amounts["3"]) == (500, 700)
    assert any(
        "USD" in told or "currency" in told for told in (*firm.guess.notices, *heard.notices)
    )


def test_minus_signs_behind_and_brackets_take_away(desk: Lay) -> None:
    text = sales("1,007,2026-01-02,500.00-", "2,008,2026-01-03,(6.50)", "3,008,2026-01-04,7.00")
    heard = desk({"people.csv": TEXT, "sales.csv": text}).pull()
    amounts = {row["deal_id"]: row["amount_cents"] for row in heard.tables["deals"]}
    assert amounts == {"1": -50_000, "2": -650, "3": 700}


# ------------------------------------------------------------------ while we work


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("owner_file", ["~$people.{}", ".~lock.people.{}#"])
def test_a_list_that_is_open_is_read_but_not_written(
    desk: Lay, fields: Lay, ending: str, owner_file: str
) -> None:
    data = TEXT.encode() if ending == "csv" else book_of_rows([HEADER, *PEOPLE])
    firm = desk({f"people.{ending}": data})
    lock = firm.folder / owner_file.format(ending)
    lock.write_text("Somebody")
    assert len(firm.pull().tables["contacts"]) == 2
    with pytest.raises(SourceError, match="is open in") as refused:
        firm.open().write([fields("007", stage="buy")])
    assert "Somebody" not in str(refused.value)
    assert (firm.folder / f"people.{ending}").read_bytes() == data
    lock.unlink()
    assert firm.open().write([fields("007", stage="buy")])[0].ok


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_list_changed_between_reading_and_writing_keeps_the_change(
    desk: Lay, fields: Lay, ending: str
) -> None:
    data = TEXT.encode() if ending == "csv" else book_of_rows([HEADER, *PEOPLE])
    firm = desk({f"people.{ending}": data})
    connector = firm.open()
    connector.write([])
    path = firm.folder / f"people.{ending}"
    third = [*PEOPLE, ["009", "Tom Reyes", "t@x.example"]]
    changed = (
        data + b"009,Tom Reyes,t@x.example\n" if ending == "csv" else book_of_rows([HEADER, *third])
    )
    path.write_bytes(changed)
    with pytest.raises(SourceError, match="changed since it was read"):
        connector.write([fields("007", stage="buy")])
    assert path.read_bytes() == changed
    assert firm.open("next").write([fields("007", stage="buy"), fields("009", stage="buy")])[1].ok


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_disk_full_while_the_list_is_replaced_leaves_it_whole(
    desk: Lay, fields: Lay, a_task: Lay, ending: str
) -> None:
    rows = [HEADER, *([f"{at:04}", f"Person {at}", f"p{at}@x.example"] for at in range(900))]
    data = "\n".join(map(",".join, rows)).encode() if ending == "csv" else book_of_rows(rows)
    firm = desk({f"people.{ending}": data})
    people = [str(row["contact_id"]) for row in firm.pull().tables["contacts"]]
    batch = [*(fields(one, stage="buy", why="because") for one in people), a_task(people[0])]
    with disk_with_room_for(len(data) + 2_000), pytest.raises(SourceError) as refused:
        firm.open().write(batch)
    assert "as it was" in refused.value.message
    assert "Make room" in refused.value.hint
    assert (firm.folder / f"people.{ending}").read_bytes() == data
    left = {path.name for path in firm.folder.iterdir()}
    assert left <= {".goodword", f"people.{ending}", "people.tasks.csv"}
    assert all(result.ok for result in firm.open("next").write(batch))
    assert len(firm.pull().tables["own_fields"]) == 900
