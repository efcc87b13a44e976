"""Workbooks that would fill the memory, by mistake or intent, are refused before they are read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from goodword import SourceError
from goodword_csv.layout.book import read_book


def book_with(folder: Path, cell: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Name", "Email"])
    sheet.append(["Pat Doe", "pat@example.com"])
    sheet[cell] = "x"
    path = folder / "list.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("cell", ["XFD1048576", "CV1048576", "Z1048576"])
def test_a_stray_cell_in_the_last_corner_is_refused_by_name(tmp_path: Path, cell: str) -> None:
    with pytest.raises(SourceError) as refused:
        read_book(book_with(tmp_path, cell))
    assert cell in refused.value.message
    assert "Ctrl+End" in refused.value.hint


def test_a_cell_somewhat_apart_is_read(tmp_path: Path) -> None:
    (grid,) = read_book(book_with(tmp_path, "AA400")).grids
    assert grid.header[:2] == ("Name", "Email")


def test_a_workbook_that_unpacks_to_far_too_much_is_refused(tmp_path: Path) -> None:
    path = book_with(tmp_path, "C2")
    data = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"0" * (80 * 1024**2))
    path.write_bytes(data.getvalue())
    with pytest.raises(SourceError, match="would unpack to"):
        read_book(path)
