"""New columns get a width that shows their title; whoever set a width keeps it."""

from __future__ import annotations

import pytest

from goodword_csv.files.column_widths import with_widths

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(before: str) -> bytes:
    return f'<worksheet xmlns="{NAMESPACE}">{before}<sheetData/></worksheet>'.encode()


def col(low: int, high: int, width: str = "8") -> str:
    return f'<col min="{low}" max="{high}" width="{width}"/>'


OURS = '<col min="3" max="3" width="20" customWidth="1"/>'
NEXT = '<col min="4" max="4" width="60" customWidth="1"/>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"<cols>{OURS}{NEXT}</cols>"),
        ("<cols/>", f"<cols>{OURS}{NEXT}</cols>"),
        (f"<cols>{col(1, 2)}</cols>", f"<cols>{col(1, 2)}{OURS}{NEXT}</cols>"),
        (
            f"<cols>{col(1, 1)}{col(9, 9)}</cols>",
            f"<cols>{col(1, 1)}{OURS}{NEXT}{col(9, 9)}</cols>",
        ),
        (f"<cols>{col(1, 3)}</cols>", f"<cols>{col(1, 3)}{NEXT}</cols>"),
        (f"<cols>{col(1, 3)}{col(4, 99)}</cols>", f"<cols>{col(1, 3)}{col(4, 99)}</cols>"),
        (f"<cols>{col(4, 4)}</cols>", f"<cols>{OURS}{col(4, 4)}</cols>"),
    ],
)
def test_columns_without_a_width_get_one_in_their_place(before: str, after: str) -> None:
    assert with_widths(sheet(before), {3: 60.0, 2: 20.0}, "The sheet") == sheet(after)
