"""Rows of a worksheet part change places whole, or not at all."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword_csv.files.moved_rows import move_rows
from goodword_csv.files.new_sheet import NewSheet
from goodword_csv.files.workbook_file import patch_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(rows: str, after: str = "", prefix: str = "") -> bytes:
    mark = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    text = f'<worksheet {mark}="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    return re.sub(r"<(/?)(?=[a-z])", rf"<\1{prefix}", text).encode()


def row(number: int, value: int, more: str = "") -> str:
    return f'<row r="{number}"{more}><c r="A{number}" s="{value}"><v>{value}</v></c></row>'


THREE = row(4, 1, ' ht="9"') + "\n" + row(5, 2) + row(9, 3)


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_row_takes_its_height_and_style_along_and_gets_the_number_of_its_place(
    prefix: str,
) -> None:
    moved = move_rows(sheet(THREE, prefix=prefix), {4: 9, 5: 4, 9: 5})

    wanted = row(4, 2) + "\n" + row(5, 3) + row(9, 1, ' ht="9"')
    assert moved == sheet(wanted, prefix=prefix)


def test_a_remark_or_raw_text_in_a_cell_is_not_taken_for_a_number() -> None:
    odd = '<row r="1"><!-- r="7" --><c t="inlineStr" r="A1"><is>'
    odd += '<t><![CDATA[<c r="A1">]]></t></is></c></row>'

    moved = move_rows(sheet(odd + row(2, 2)), {1: 2, 2: 1})

    assert moved == sheet(row(1, 2) + odd.replace('<row r="1"', '<row r="2"').replace(
        't="inlineStr" r="A1"', 't="inlineStr" r="A2"'
    ))  # fmt: skip


@pytest.mark.parametrize(
    "after",
    [
        '<mergeCells><mergeCell ref="A5:B5"/></mergeCells>',
        '<conditionalFormatting sqref="A1 A5:A7"/>',
        '<dataValidations><dataValidation sqref="B5"/></dataValidations>',
        '<drawing r:id="rId1" xmlns:r="r"/>',
        '<legacyDrawing r:id="rId1" xmlns:r="r"/>',
        "<extLst><ext><sqref>C4</sqref></ext></extLst>",
    ],
)
def test_nothing_moves_where_something_hangs_on_a_row(after: str) -> None:
    assert move_rows(sheet(THREE, after), {4: 9, 9: 4}) is None


@pytest.mark.parametrize(
    "after",
    [
        '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
        '<conditionalFormatting sqref="A1:A99"/><dataValidations/>',
        '<dataValidations><dataValidation sqref="B4:B1048576 C:C"/></dataValidations>',
    ],
)
def test_ranges_over_all_of_the_rows_or_none_do_not_hinder(after: str) -> None:
    assert move_rows(sheet(THREE, after), {4: 9, 9: 4}) is not None


@pytest.mark.parametrize(
    "rows",
    [
        '<row><c r="A1"/></row><row r="2"/>',
        row(1, 1, ' outlineLevel="1"') + row(2, 2),
        row(1, 1) + '<row r="2"><c r="A2"><f>A1</f><v>1</v></c></row>',
        row(1, 1),
        "",
    ],
)
def test_nothing_moves_without_sure_places(rows: str) -> None:
    assert move_rows(sheet(rows), {1: 2, 2: 1}) is None


def test_rows_of_a_table_stay_in_it() -> None:
    assert move_rows(sheet(THREE), {4: 9, 9: 4}, fixed=["A4:C5"]) is None
    assert move_rows(sheet(THREE), {4: 5, 5: 4}, fixed=["A4:C5"]) is not None


@given(order=st.permutations(range(1, 7)))
def test_moving_there_and_back_gives_the_same_bytes(order: list[int]) -> None:
    part = sheet("".join(row(number, number * 11) for number in range(1, 7)))
    there = dict(zip(range(1, 7), order, strict=True))

    moved = move_rows(part, there)

    assert moved is not None
    assert move_rows(moved, {new: old for old, new in there.items()}) == part
    shown = dict(re.findall(rb'<c r="A(\d)"[^>]*><v>(\d+)<', moved))
    assert shown == {str(new).encode(): str(old * 11).encode() for old, new in there.items()}


def test_a_sheet_offers_what_stands_in_its_row_and_hides_what_nobody_needs(
    openpyxl_book: Path,
) -> None:
    questions = NewSheet(
        "Questions",
        ["Answer", "One", "Two", "Key"],
        [[None, "Nora", "Ida", "k"]],
        choices={0: (1, 2)},
        above=("What we would like to know",),
        hidden=frozenset({3}),
        row_height=30,
    )

    book = openpyxl.load_workbook(io.BytesIO(patch_workbook(openpyxl_book, {}, [questions])))

    page = book["Questions"]
    (rule,) = page.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("A3:A1048576", "$B3:$C3")
    assert (page["A1"].value, page["A2"].value, page["B3"].value) == (
        *("What we would like to know", "Answer", "Nora"),
    )
    assert (page.freeze_panes, page.auto_filter.ref) == ("A3", "A2:D1048576")
    assert (page.column_dimensions["D"].hidden, page.row_dimensions[3].height) == (True, 30)
