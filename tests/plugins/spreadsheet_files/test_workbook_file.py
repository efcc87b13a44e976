"""A workbook keeps every part we do not have to change, and opens as before."""

from __future__ import annotations

import io
import os
import re
import warnings
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.formula import ArrayFormula
from python_calamine import CalamineWorkbook

from goodword import SourceError
from goodword_csv.files import unpacking
from goodword_csv.files.cells import CellEdit
from goodword_csv.files.new_sheet import NewSheet
from goodword_csv.files.workbook_file import patch_workbook
from goodword_csv.files.workbook_parts import open_workbook

TASKS = NewSheet(
    "Referral tasks",
    ["Task", "Contact", "Due", "Why", "Done"],
    [["t1", "=HYPERLINK(1)", date(2026, 12, 1), "long\ntext", None]],
    widths={3: 60.0},
    dropdowns={4: ("Yes", "No")},
)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def changed_parts(before: bytes, after: bytes) -> set[str]:
    old, new = parts(before), parts(after)
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def calamine(data: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        name: [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        for name in book.sheet_names
    }


def loaded(data: bytes, *, data_only: bool = False) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it says which extensions it cannot read
        return openpyxl.load_workbook(io.BytesIO(data), data_only=data_only, rich_text=True)


def values(data: bytes, *, formulas: bool) -> dict[tuple[str, str], object]:
    book = loaded(data, data_only=not formulas)
    return {
        (sheet.title, cell.coordinate): (
            (cell.value.ref, cell.value.text)
            if isinstance(cell.value, ArrayFormula)
            else cell.value
        )
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_sheets_are_listed_with_their_state(rich_book: Path, openpyxl_book: Path) -> None:
    assert [(sheet.name, sheet.state) for sheet in open_workbook(rich_book).sheets] == [
        ("Customers & co", "visible"),
        ("Sales", "visible"),
        ("Lists", "veryHidden"),
    ]
    assert [sheet.part for sheet in open_workbook(openpyxl_book).sheets] == [
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
    ]


def test_only_the_edited_sheet_differs_and_every_other_value_is_there(rich_book: Path) -> None:
    before = rich_book.read_bytes()
    ours = {"F1": "Referral stage", "F2": "like", "G2": 71, "F40": "below"}
    edits = [
        CellEdit(1, 5, "Referral stage"), CellEdit(2, 5, "like"), CellEdit(2, 6, 71),
        CellEdit(40, 5, "below"),
    ]  # fmt: skip

    after = patch_workbook(rich_book, {"Customers & co": edits})

    assert changed_parts(before, after) == {"xl/worksheets/sheet1.xml"}
    for formulas in (True, False):
        expected = values(before, formulas=formulas)
        expected |= {("Customers & co", at): value for at, value in ours.items()}
        assert values(after, formulas=formulas) == expected
    read = calamine(after)["Customers & co"]
    assert read[0][5] == "Referral stage"
    assert read[39][5] == "below"
    for old, new in zip(calamine(before)["Customers & co"], read, strict=False):
        assert [*new[:5], *new[7:]] == [*old[:5], *old[7:]]
    sheet = parts(after)["xl/worksheets/sheet1.xml"]
    for kept in (b"sparkline", b"<f>SUM(B2:B2)</f><v>7</v>", b"dataBar", b"legacyDrawing"):
        assert kept in sheet


def test_the_zip_keeps_order_dates_and_kind_of_entries(rich_book: Path) -> None:
    after = patch_workbook(rich_book, {"Sales": [CellEdit(9, 0, "x")]})

    with zipfile.ZipFile(rich_book) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert [
            (entry.filename, entry.date_time, entry.compress_type) for entry in old.infolist()
        ] == [(entry.filename, entry.date_time, entry.compress_type) for entry in new.infolist()]
        assert new.testzip() is None


def test_nothing_to_write_changes_no_part(rich_book: Path) -> None:
    after = patch_workbook(rich_book, {"Sales": []})

    assert changed_parts(rich_book.read_bytes(), after) == set()


@pytest.mark.parametrize("book", ["rich_book", "openpyxl_book"])
def test_a_new_sheet_comes_last_and_the_rest_stays(
    book: str, request: pytest.FixtureRequest
) -> None:
    path: Path = request.getfixturevalue(book)
    before = path.read_bytes()

    after = patch_workbook(path, {}, [TASKS])

    new_part = next(iter(parts(after).keys() - parts(before).keys()))
    assert changed_parts(before, after) == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        new_part,
    }  # fmt: skip
    old = calamine(before)
    assert {name: rows for name, rows in calamine(after).items() if name in old} == old
    assert calamine(after)["Referral tasks"] == [
        ["Task", "Contact", "Due", "Why", "Done"],
        ["t1", "=HYPERLINK(1)", "2026-12-01", "long\ntext", ""],
    ]
    for formulas in (True, False):
        theirs = values(after, formulas=formulas)
        assert {at: theirs[at] for at in theirs if at[0] != "Referral tasks"} == values(
            before, formulas=formulas
        )
    sheet = loaded(after)["Referral tasks"]
    assert sheet["A1"].font.b
    assert sheet["D2"].alignment.wrapText
    assert not sheet["D2"].font.b
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E1048576"
    assert sheet.column_dimensions["D"].width == 60
    (rule,) = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("E2:E1048576", '"Yes,No"')


def test_the_looks_of_the_users_cells_stay_when_ours_are_added(rich_book: Path) -> None:
    before = loaded(rich_book.read_bytes())["Customers & co"]
    after = loaded(patch_workbook(rich_book, {}, [TASKS]))

    for row in before.iter_rows():
        for cell in row:
            same = after["Customers & co"][cell.coordinate]
            assert (same.number_format, same.font.b) == (cell.number_format, cell.font.b)


def test_a_later_run_finds_its_sheet_and_adds_below_what_the_user_made_of_it(
    rich_book: Path,
) -> None:
    rich_book.write_bytes(patch_workbook(rich_book, {}, [TASKS]))
    by_user = [CellEdit(2, 4, "Yes"), CellEdit(2, 7, "my own remark"), CellEdit(3, 0, "mine")]
    rich_book.write_bytes(patch_workbook(rich_book, {"Referral tasks": by_user}))

    after = patch_workbook(
        rich_book, {"Referral tasks": [CellEdit(4, 0, "t2"), CellEdit(2, 3, "w")]}
    )

    assert changed_parts(rich_book.read_bytes(), after) == {"xl/worksheets/sheet4.xml"}
    rows = calamine(after)["Referral tasks"]
    assert rows[1] == ["t1", "=HYPERLINK(1)", "2026-12-01", "w", "Yes", "", "", "my own remark"]
    assert [row[0] for row in rows] == ["Task", "t1", "mine", "t2"]
    sheet = loaded(after)["Referral tasks"]
    assert sheet["A4"].alignment.wrapText
    with pytest.raises(SourceError, match="already has a sheet"):
        patch_workbook(rich_book, {}, [TASKS])


def test_two_new_sheets_and_names_that_need_escaping(openpyxl_book: Path) -> None:
    sheets = [NewSheet('Pat\'s <b> & "co"', ["A"]), NewSheet("Two", ["x", "y"], [[1, True]])]

    after = patch_workbook(openpyxl_book, {"Empty": [CellEdit(1, 0, "x")]}, sheets)

    book = loaded(after)
    assert book.sheetnames == ["Sheet", "Empty", 'Pat\'s <b> & "co"', "Two"]
    assert [cell.value for cell in book["Two"][2]] == [1, True]
    assert book['Pat\'s <b> & "co"'].auto_filter.ref == "A1:A1048576"
    assert calamine(after)["Empty"] == [["x"]]


@pytest.mark.parametrize(
    "make",
    [
        lambda: NewSheet("a/b", ["x"]),
        lambda: NewSheet("", ["x"]),
        lambda: NewSheet("x" * 32, ["x"]),
        lambda: NewSheet("'x", ["x"]),
        lambda: NewSheet("ok", []),
        lambda: NewSheet("ok", ["x"], dropdowns={0: ("a,b",)}),
        lambda: NewSheet("ok", ["x"], dropdowns={0: ("a" * 300,)}),
    ],
)
def test_a_sheet_excel_would_refuse_is_never_made(make: Callable[[], NewSheet]) -> None:
    with pytest.raises(ValueError, match=r"sheet|drop-down"):
        make()


def rewrite(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    content = parts(path.read_bytes())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, change(data) if name == part else data)


def test_a_workbook_with_prefixes_absolute_links_and_no_styles(openpyxl_book: Path) -> None:
    def prefixed(data: bytes) -> bytes:
        named = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", data)
        return named.replace(b"xmlns=", b"xmlns:x=", 1).replace(b"<x:?", b"<?")

    def no_styles(data: bytes) -> bytes:
        return re.sub(rb"<Relationship [^>]*styles[^>]*/>", b"", data)

    content = parts(openpyxl_book.read_bytes())
    assert b'Target="/xl/worksheets/sheet1.xml"' in content["xl/_rels/workbook.xml.rels"]
    with zipfile.ZipFile(openpyxl_book, "w") as archive:
        for name, data in content.items():
            if name == "xl/_rels/workbook.xml.rels":
                data = no_styles(data)
            elif name in {"xl/workbook.xml", "xl/worksheets/sheet2.xml"}:
                data = prefixed(data)
            archive.writestr(name, data)

    after = patch_workbook(openpyxl_book, {"Empty": [CellEdit(2, 1, "x")]}, [TASKS])

    book = loaded(after)
    assert book["Empty"]["B2"].value == "x"
    assert book["Referral tasks"]["A1"].value == "Task"
    assert book["Sheet"]["A1"].value == "Day"


def test_a_workbook_with_macros_keeps_them(rich_book: Path) -> None:
    path = rich_book.with_suffix(".xlsm")
    content = parts(rich_book.read_bytes())
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            if name == "[Content_Types].xml":
                data = data.replace(
                    b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
                )
            archive.writestr(name, data)
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf macro")

    after = patch_workbook(path, {"Sales": [CellEdit(1, 4, "x")]}, [TASKS])

    assert parts(after)["xl/vbaProject.bin"] == b"\xd0\xcf macro"
    assert b"macroEnabled" in parts(after)["[Content_Types].xml"]


def test_dates_follow_the_calendar_of_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "mac.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        book.add_worksheet("S").write_datetime(0, 0, date(2026, 1, 1), day)
    style = int(
        re.findall(rb'<c r="A1" s="(\d+)"', parts(path.read_bytes())["xl/worksheets/sheet1.xml"])[0]
    )

    after = patch_workbook(path, {"S": [CellEdit(2, 0, date(2026, 12, 1), style=style)]})

    assert calamine(after)["S"] == [[date(2026, 1, 1)], [date(2026, 12, 1)]]


def test_a_table_stays_valid(rich_book: Path, openpyxl_book: Path) -> None:
    for where in (CellEdit(1, 1, "Referral stage"), CellEdit(5, 0, "x")):
        with pytest.raises(SourceError, match="header or totals row of a table"):
            patch_workbook(rich_book, {"Sales": [where]})
    edits = [CellEdit(1, 1, "Sum"), CellEdit(1, 2, "Referral stage"), CellEdit(3, 1, 30)]

    after = patch_workbook(openpyxl_book, {"Sheet": edits})

    assert changed_parts(openpyxl_book.read_bytes(), after) == {"xl/worksheets/sheet1.xml"}
    assert loaded(after)["Sheet"].tables["T"].ref == "A1:B3"


def test_the_users_formulas_are_never_overwritten(rich_book: Path) -> None:
    with pytest.raises(SourceError, match=r'sheet "Customers & co": cell D3 holds a formula'):
        patch_workbook(rich_book, {"Customers & co": [CellEdit(3, 3, 1)]})
    with pytest.raises(SourceError, match="M3 belongs to a formula"):
        patch_workbook(rich_book, {"Customers & co": [CellEdit(3, 12, 1)]})


def test_an_unknown_sheet_is_named(rich_book: Path) -> None:
    with pytest.raises(SourceError, match='no sheet called "Kunden"'):
        patch_workbook(rich_book, {"Kunden": [CellEdit(1, 0, 1)]})


def zipped(*entries: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b"Name,Email\n", "no Excel workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "password"),
        (zipped(("a.txt", b"x")), "zip file, but no Excel workbook"),
        (zipped(("[Content_Types].xml", b""), ("xl/workbook.bin", b"")), "binary workbook"),
        (zipped(("[Content_Types].xml", b"<x/>")), "no Excel workbook"),
        (zipped(("[Content_Types].xml", b""), ("_xmlsignatures/s.xml", b"")), "signature"),
        (zipped(("a.xml", b""), ("A.xml", b"")), "two parts of one name"),
        (zipped(("[Content_Types].xml", b""), ("x", bytes(80 * 1024**2))), "would unpack to 80 MB"),
    ],
)
def test_a_file_that_is_no_workbook_we_can_write_is_refused(
    tmp_path: Path, data: bytes, what: str
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(data)

    with pytest.raises(SourceError, match=what) as caught:
        patch_workbook(path, {})
    assert caught.value.hint


def test_the_limit_for_all_parts_together_holds(
    rich_book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "MAX_BYTES", 10_000)

    with pytest.raises(SourceError, match="would unpack"):
        open_workbook(rich_book)


def test_a_part_that_was_cut_or_scrambled_is_refused(rich_book: Path) -> None:
    data = bytearray(rich_book.read_bytes())
    with zipfile.ZipFile(rich_book) as archive:
        at = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    data[at + 80 : at + 200] = os.urandom(120)
    rich_book.write_bytes(data)

    with pytest.raises(SourceError, match=r"sheet1\.xml cannot be unpacked"):
        patch_workbook(rich_book, {"Customers & co": [CellEdit(1, 9, "x")]})

    rich_book.write_bytes(data[:-300])
    with pytest.raises(SourceError, match="no Excel workbook, or it is damaged"):
        open_workbook(rich_book)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/workbook.xml", rb'sheetId="1"', b'sheetId="one"'),
        ("xl/worksheets/sheet1.xml", rb'<row r="1"', b'<row r="one"'),
        ("xl/worksheets/sheet1.xml", rb'<c r="B1"', b'<c r="1B"'),
        ("xl/tables/table1.xml", rb' ref="A1:B3"', b""),
        ("xl/tables/table1.xml", rb"<tableColumn [^>]*>", b"<x>"),
    ],
)
def test_a_part_that_makes_no_sense_is_told_without_a_traceback(
    openpyxl_book: Path, part: str, old: bytes, new: bytes
) -> None:
    def broken(data: bytes) -> bytes:
        assert re.search(old, data)
        return re.sub(old, new, data)

    rewrite(openpyxl_book, part, broken)

    with pytest.raises(SourceError, match=r"damaged|numbers"):
        patch_workbook(openpyxl_book, {"Sheet": [CellEdit(1, 1, "Sum")]}, [TASKS])


def test_entities_in_the_workbook_part_are_refused(openpyxl_book: Path) -> None:
    bomb = b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    rewrite(openpyxl_book, "xl/workbook.xml", lambda data: bomb + data[data.find(b"<workbook") :])

    with pytest.raises(SourceError, match="document type"):
        open_workbook(openpyxl_book)


texts = st.one_of(
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=20),
)


@settings(max_examples=25)
@given(
    theirs=st.dictionaries(st.tuples(st.integers(1, 12), st.integers(0, 4)), texts, max_size=15),
    ours=st.dictionaries(st.tuples(st.integers(1, 15), st.integers(5, 8)), texts, max_size=15),
)
def test_whatever_is_written_every_other_cell_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    theirs: dict[tuple[int, int], str | int | bool],
    ours: dict[tuple[int, int], str | int | bool],
) -> None:
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    with xlsxwriter.Workbook(path, {"in_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("S")
        for (row, column), value in theirs.items():
            if isinstance(value, str):
                sheet.write_string(row - 1, column, value)
            else:
                sheet.write(row - 1, column, value)
    edits = [CellEdit(row, column, value) for (row, column), value in ours.items()]

    after = patch_workbook(path, {"S": edits})

    assert changed_parts(path.read_bytes(), after) <= {"xl/worksheets/sheet1.xml"}
    rows = calamine(after)["S"]
    for (row, column), value in (theirs | ours).items():
        assert rows[row - 1][column] == value
    path.write_bytes(after)
    assert parts(patch_workbook(path, {"S": edits})) == parts(after)
