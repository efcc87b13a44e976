"""Columns of a large list: only what is wanted is kept, and quick ways read as the slow ones do."""

from __future__ import annotations

import pytest

from goodword_csv.files.encoding import decode, encoded
from goodword_csv.layout.book import book_of
from goodword_csv.values.money import parse_money
from goodword_csv.values.plain import Cells


def test_cells_of_a_column_nobody_wants_read_as_empty() -> None:
    data = b"Name,Notes,Email\nNora,Rang back,n@q.example\n"
    (grid,) = book_of(data, where="list.csv", wanted=lambda header: {header.index("Email")}).grids
    assert grid.rows[0].cells == ("", "", "n@q.example")
    assert not grid.has_bare_column


@pytest.mark.parametrize("ending", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_lines_read_one_by_one_are_the_whole_text(encoding: str, ending: str) -> None:
    data = f'Näme,"a{ending}b"{ending}{ending}é'.encode(encoding)
    whole, apart = decode(data, where="a.csv"), encoded(data, where="a.csv")
    assert list(apart.lines()) == list(whole.lines())
    assert "".join(apart.lines()) == whole.text


@pytest.mark.parametrize(
    ("text", "cents"),
    [("£1,234.50", 123450), ("1.234,5 €", 123450), ("12", 1200), ("$7.1", 710), ("0012,50", 1250)],
)
def test_plain_amounts_are_exact(text: str, cents: int) -> None:
    assert parse_money(Cells([2], [text])).cents == (cents,)
