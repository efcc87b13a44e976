"""A worksheet's XML keeps every byte outside the cells we write."""

from __future__ import annotations

import codecs
import re
from datetime import date, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import SourceError
from goodword_csv.files.cells import CellEdit, cell_range, column_index, column_name
from goodword_csv.files.sheet_part import edit_sheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(rows: str, before: str = "", after: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<worksheet xmlns="{MAIN}">'
        f"{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
    ).encode()


def shown(part: bytes) -> dict[str, str]:
    """Read a part the way a spreadsheet does: reference to text, positions counted if not given."""
    cells: dict[str, str] = {}
    row_number = 0
    for row in ElementTree.fromstring(part).iter(f"{{{MAIN}}}row"):  # noqa: S314 (our own part)
        row_number = int(row.get("r", row_number + 1))
        column = -1
        for cell in row:
            reference = cell.get("r")
            stated = None if reference is None else column_index(reference.rstrip("0123456789"))
            assert stated is None or stated > column
            column = column + 1 if stated is None else stated
            cells[f"{column_name(column)}{row_number}"] = "".join(cell.itertext())
    return cells


def test_a_cell_goes_between_its_neighbours() -> None:
    part = sheet('<row r="1"><c r="A1"><v>1</v></c><c r="D1"><v>4</v></c></row>')

    assert edit_sheet(
        part, [CellEdit(1, 2, "x"), CellEdit(1, 5, 6), CellEdit(1, 1, True)]
    ) == sheet(
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="b"><v>1</v></c>'
        '<c r="C1" t="inlineStr"><is><t xml:space="preserve">x</t></is></c>'
        '<c r="D1"><v>4</v></c><c r="F1"><v>6</v></c></row>'
    )


def test_a_cell_that_exists_keeps_its_look_and_loses_its_old_value() -> None:
    part = sheet('<row r="1"><c r="A1" s="7" t="s" cm="1"><v>3</v></c><c r="B1" s="2"/></row>')

    assert edit_sheet(part, [CellEdit(1, 0, 5), CellEdit(1, 1, None)]) == sheet(
        '<row r="1"><c r="A1" s="7"><v>5</v></c><c r="B1" s="2"/></row>'
    )


def test_missing_rows_are_made_in_order_and_touched_rows_lose_their_spans() -> None:
    part = sheet(
        '<row r="2" spans="1:1" ht="9"><c r="A2"><v>2</v></c></row><row r="4" spans="1:1"/>'
        '<row r="6" spans="1:1"><c r="A6"><v>6</v></c></row>'
    )

    assert edit_sheet(part, [CellEdit(row, 1, row) for row in (1, 2, 3, 4, 9)]) == sheet(
        '<row r="1"><c r="B1"><v>1</v></c></row>'
        '<row r="2" ht="9"><c r="A2"><v>2</v></c><c r="B2"><v>2</v></c></row>'
        '<row r="3"><c r="B3"><v>3</v></c></row>'
        '<row r="4"><c r="B4"><v>4</v></c></row>'
        '<row r="6" spans="1:1"><c r="A6"><v>6</v></c></row>'
        '<row r="9"><c r="B9"><v>9</v></c></row>'
    )


@pytest.mark.parametrize("data", ["<sheetData/>", "<sheetData />", "<sheetData></sheetData>"])
def test_an_empty_sheet_gets_its_first_rows(data: str) -> None:
    part = f'<worksheet xmlns="{MAIN}">{data}</worksheet>'.encode()

    edited = edit_sheet(part, [CellEdit(3, 0, "c"), CellEdit(1, 0, "a")])

    assert shown(edited) == {"A1": "a", "A3": "c"}


def test_rows_and_cells_without_references_are_counted() -> None:
    part = sheet(
        "<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c/><c r='D3'><v>4</v></c><c/></row>"
    )

    edited = edit_sheet(part, [CellEdit(1, 1, "b"), CellEdit(2, 0, "x"), CellEdit(3, 2, "c")])

    assert shown(edited) == {
        "A1": "1", "B1": "b", "A2": "x", "A3": "", "C3": "c", "D3": "4", "E3": "",
    }  # fmt: skip


def test_a_prefix_is_used_for_our_cells_too() -> None:
    part = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    ).encode()

    edited = edit_sheet(part, [CellEdit(1, 1, "b"), CellEdit(2, 0, 2.5)])

    assert shown(edited) == {"A1": "1", "B1": "b", "A2": "2.5"}


def test_comments_and_cdata_that_look_like_cells_are_text() -> None:
    part = sheet(
        '<!-- <row r="1"><c r="B1"/></row> --><row r="1"><c r="A1" t="inlineStr"><is><t>'
        "<![CDATA[</c></row><c r='B1'>]]></t></is></c><?x <c r='B1'/>?></row>"
    )

    edited = edit_sheet(part, [CellEdit(1, 1, "b")])

    assert shown(edited) == {"A1": "</c></row><c r='B1'>", "B1": "b"}
    assert len(edited) - len(part) == len(
        '<c r="B1" t="inlineStr"><is><t xml:space="preserve">b</t></is></c>'
    )


def test_a_quoted_angle_bracket_in_an_attribute_does_not_end_the_tag() -> None:
    part = sheet('<row r="1" note="a>b"><c r="A1" note="/>" s="3"><v>1</v></c></row>')

    assert b'<c r="A1" s="3"><v>2</v></c>' in edit_sheet(part, [CellEdit(1, 0, 2)])


def test_elements_that_begin_like_a_row_or_a_cell_are_left_alone() -> None:
    part = sheet(
        '<rowless/><row r="1"><c r="A1" t="inlineStr"><is><r><rPr><color rgb="FF0000FF"></color>'
        '<charset val="1"/></rPr><t>a</t></r></is></c></row>'
    )

    edited = edit_sheet(part, [CellEdit(1, 1, "b"), CellEdit(1, 0, "new")])

    assert b"rowless" in edited
    assert b"color" not in edited
    assert edited.count(b"</c>") == 2


def test_text_keeps_its_spaces_and_loses_what_xml_cannot_hold() -> None:
    text = '  <b>&"quoted"\x00\x0b\ud800 line\r\nbreak _x0041_ '

    edited = edit_sheet(sheet(""), [CellEdit(1, 0, text)])

    assert shown(edited) == {"A1": '  <b>&"quoted" line\nbreak _x005F_x0041_ '}


@pytest.mark.promise("safe.formulas")
def test_a_formula_in_our_text_stays_text() -> None:
    edited = edit_sheet(sheet(""), [CellEdit(1, 0, "=HYPERLINK(1)")])

    assert b'<c r="A1" t="inlineStr"><is><t xml:space="preserve">=HYPERLINK(1)<' in edited


def test_dates_are_iso_text_and_real_dates_only_with_a_style() -> None:
    edited = edit_sheet(
        sheet(""),
        [
            CellEdit(1, 0, date(2026, 11, 22)),
            CellEdit(1, 1, datetime(2026, 11, 22, 12)),
            CellEdit(1, 2, date(2026, 11, 22), style=4),
            CellEdit(1, 3, datetime(2026, 11, 22, 12), style=5),
            CellEdit(1, 4, date(1899, 1, 1), style=4),
        ],
    )

    assert shown(edited) == {
        "A1": "2026-11-22",
        "B1": "2026-11-22 12:00:00",
        "C1": "46348",
        "D1": "46348.5",
        "E1": "1899-01-01",
    }
    with_1904 = edit_sheet(sheet(""), [CellEdit(1, 0, date(2026, 11, 22), 4)], epoch_1904=True)
    assert shown(with_1904) == {"A1": "44886"}


def test_a_number_that_is_none_empties_the_cell() -> None:
    part = sheet('<row r="1"><c r="A1" s="1"><v>1</v></c></row>')

    assert shown(edit_sheet(part, [CellEdit(1, 0, float("nan"))])) == {"A1": ""}


def test_a_new_cell_takes_the_look_of_its_row_or_column() -> None:
    part = sheet(
        '<row r="1"/><row r="2" s="9" customFormat="1"/>',
        before='<cols><col min="1" max="2" style="4" width="9"/><col min="5" max="6"/></cols>',
    )

    edited = edit_sheet(part, [CellEdit(row, column, 1) for row in (1, 2, 3) for column in (1, 4)])

    styles = re.findall(rb'<c r="(\w+)"(?: s="(\d+)")?>', edited)
    assert dict(styles) == {
        b"B1": b"4", b"E1": b"", b"B2": b"9", b"E2": b"9", b"B3": b"4", b"E3": b"",
    }  # fmt: skip


def test_a_new_header_looks_like_the_one_beside_it() -> None:
    part = sheet('<row r="1"><c r="A1" s="4" t="s"><v>0</v></c><c r="B1"/></row>')
    new = edit_sheet(part, [CellEdit(1, 2, "Ours", like=0), CellEdit(1, 3, "More", like=1)])
    assert b'<c r="C1" s="4" t="inlineStr">' in new
    assert b'<c r="D1" t="inlineStr">' in new


def test_emptying_a_cell_that_is_not_there_changes_nothing() -> None:
    part = sheet('<row r="1"><c r="A1"><v>1</v></c></row>')

    assert edit_sheet(part, [CellEdit(1, 3, None), CellEdit(7, 0, None)]) == part
    assert edit_sheet(part, []) == part


def test_the_stated_size_of_the_sheet_goes_and_everything_around_the_rows_stays() -> None:
    after = '<autoFilter ref="A1:B2"/><tableParts count="1"><tablePart/></tableParts>'
    part = sheet(
        "", before='<dimension ref="A1:B2"/><cols><col min="1" max="1"/></cols>', after=after
    )

    edited = edit_sheet(part, [CellEdit(1, 0, 1)])

    assert b"dimension" not in edited
    assert edited.endswith(f"</sheetData>{after}</worksheet>".encode())


@pytest.mark.parametrize(
    "formula",
    ["<f>1+1</f>", '<f t="shared" si="0"/>', '<f t="shared" ref="A1:A9" si="0">B1</f>', "<f/>"],
)
def test_a_formula_is_never_overwritten(formula: str) -> None:
    part = sheet(f'<row r="1"><c r="A1">{formula}<v>2</v></c></row>')

    with pytest.raises(SourceError, match=r"A1 holds a formula"):
        edit_sheet(part, [CellEdit(1, 0, "x")])


@pytest.mark.parametrize("kind", ["array", "dataTable"])
def test_the_result_of_a_formula_over_several_cells_is_never_overwritten(kind: str) -> None:
    part = sheet(
        f'<row r="1"><c r="A1"><f t="{kind}" ref="A1:B2">X</f><v>1</v></c>'
        '<c r="B1"><v>1</v></c><c r="C1"><v>1</v></c></row>'
    )

    with pytest.raises(SourceError, match=r"B2 belongs to a formula"):
        edit_sheet(part, [CellEdit(2, 1, "x")])
    assert shown(edit_sheet(part, [CellEdit(1, 2, "x")]))["C1"] == "x"


@pytest.mark.parametrize(
    ("part", "what"),
    [
        (b'<!DOCTYPE worksheet [<!ENTITY a "b">]>' + sheet("")[57:], "document type"),
        (sheet("").replace(b"UTF-8", b"ISO-8859-1"), "UTF-8"),
        (sheet("").decode().encode("utf-16"), "UTF-8"),
        (sheet("")[:-5], "damaged"),
        (sheet("&nbsp;"), "damaged"),
        (
            sheet("").replace(b"UTF-8", b"UTF-8").replace(b"<sheetData>", b"<sheetData>\xff"),
            "damaged",
        ),
        (b'<chartsheet xmlns="x"/>', "worksheet"),
        (b'<worksheet xmlns="x"/>', "no cell area"),
        (sheet('<row r="2"/><row r="1"/>'), "rows out of order"),
        (sheet('<row r="9"><c r="B9"/><c r="A9"/></row>'), "cells of row 9 out of order"),
        (sheet('<row r="9"><c r="A9"/><c r="A9"/></row>'), "cells of row 9 out of order"),
    ],
)
def test_a_part_that_cannot_be_trusted_is_refused(part: bytes, what: str) -> None:
    with pytest.raises(SourceError, match=what) as caught:
        edit_sheet(part, [CellEdit(9, 0, "x")])
    assert caught.value.hint


def test_a_byte_order_mark_does_not_shift_our_cells() -> None:
    part = codecs.BOM_UTF8 + sheet('<row r="1"><!-- é --><c r="A1"/></row>')

    edited = edit_sheet(part, [CellEdit(1, 0, "ö")])

    assert edited.startswith(codecs.BOM_UTF8)
    assert shown(edited[3:]) == {"A1": "ö"}


def test_references_are_read_and_written() -> None:
    assert [column_name(column) for column in (0, 25, 26, 701, 702, 16383)] == [
        "A", "Z", "AA", "ZZ", "AAA", "XFD",
    ]  # fmt: skip
    assert cell_range("$B$2:D10") == (2, 1, 10, 3)
    assert cell_range("C7") == (7, 2, 7, 2)
    with pytest.raises(ValueError, match="outside"):
        CellEdit(1_048_577, 0, 1)
    with pytest.raises(ValueError, match="outside"):
        CellEdit(1, 16_384, 1)


cells = st.dictionaries(
    st.tuples(st.integers(1, 6), st.integers(0, 5)), st.integers(0, 99), max_size=12
)


@given(before=cells, edits=cells, named=st.booleans(), prefix=st.sampled_from(["", "x:"]))
@pytest.mark.promise("ours.only")
def test_every_cell_but_ours_stays(
    before: dict[tuple[int, int], int],
    edits: dict[tuple[int, int], int],
    named: bool,
    prefix: str,
) -> None:
    rows = ""
    for row in range(1, 7):
        of_row = {column: value for (at, column), value in before.items() if at == row}
        width = max(of_row, default=-1) + 1
        columns = sorted(of_row) if named else range(width)
        name = f' r="{row}"' if named else ""
        rows += f"<{prefix}row{name}>"
        for column in columns:
            reference = f' r="{column_name(column)}{row}"' if named else ""
            value = f"<{prefix}v>{of_row[column]}</{prefix}v>" if column in of_row else ""
            rows += f"<{prefix}c{reference}>{value}</{prefix}c>"
        rows += f"</{prefix}row>\n"
    namespace = "xmlns:x" if prefix else "xmlns"
    part = (
        f'<{prefix}worksheet {namespace}="{MAIN}"><{prefix}sheetData>{rows}</{prefix}sheetData>'
        f"</{prefix}worksheet>"
    ).encode()
    ours = [CellEdit(row, column, value) for (row, column), value in edits.items()]

    edited = edit_sheet(part, ours)

    expected = {
        f"{column_name(column)}{row}": str(value)
        for (row, column), value in (before | edits).items()
    }
    assert {at: value for at, value in shown(edited).items() if value} == expected
    assert edit_sheet(edited, ours) == edited
