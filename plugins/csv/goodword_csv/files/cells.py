"""The cells we write into a worksheet: the edit, its A1 reference and its XML."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from goodword_csv.files.xml_part import xml_text

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
_DIGITS = "0123456789"
_MAX_TEXT = 32_767  # Excel's limit for the characters of one cell

CellValue = str | int | float | bool | date | None


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One value for one cell.

    Dates become ISO text, which sorts and reads the same everywhere, unless ``style`` is given:
    then the cell holds a real date (a serial number) and the style must show it as one.
    None empties the cell and keeps its look. A float that is no number empties it too.

    Args:
        row: 1-based, as the spreadsheet shows it.
        column: 0-based.
        value: What the cell shall hold.
        style: Index into the workbook's cell formats; None keeps the cell's own, or for a new
            cell takes that of its row or column, as typing into it would.
        like: 0-based column of a cell in the same row that a new cell shall look like, if it has
            a style; None for no such cell.
    """

    row: int
    column: int
    value: CellValue
    style: int | None = None
    like: int | None = None

    def __post_init__(self) -> None:
        """Refuse a cell no worksheet has."""
        if not (1 <= self.row <= MAX_ROWS and 0 <= self.column < MAX_COLUMNS):
            msg = f"row {self.row}, column {self.column} is outside of any worksheet"
            raise ValueError(msg)


@cache
def column_name(column: int) -> str:
    """Name a 0-based column: 0 is ``A``, 26 is ``AA``."""
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name


@cache
def column_index(letters: str) -> int:
    """Return the 0-based column called ``letters``: the reverse of ``column_name``.

    Raises:
        ValueError: Something else than the letters A to Z.
    """
    if not (letters.isascii() and letters.isalpha()):
        msg = "a column is named by letters"
        raise ValueError(msg)
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


def cell_range(reference: str) -> tuple[int, int, int, int]:
    """Split ``B2:D9`` (or ``B2``) into first row, first column, last row and last column.

    Rows are 1-based, columns 0-based.
    """
    first, _, last = reference.replace("$", "").partition(":")
    last = last or first
    left, right = first.rstrip(_DIGITS), last.rstrip(_DIGITS)
    top, bottom = int(first[len(left) :]), int(last[len(right) :])
    return top, column_index(left), bottom, column_index(right)


def cell_xml(
    edit: CellEdit, *, prefix: str, style: str | None, reference: str, epoch_1904: bool = False
) -> bytes:
    """Write one cell; text is an inline string, which a spreadsheet never evaluates.

    Args:
        edit: The cell.
        prefix: Namespace prefix with its colon, or nothing.
        style: Style index as text, or None for no style.
        reference: The ``r`` attribute; empty leaves it out.
        epoch_1904: The workbook counts days from 1904.
    """
    p = prefix
    head = f'<{p}c r="{reference}"' if reference else f"<{p}c"
    if style is not None:
        head += f' s="{style}"'
    value = edit.value
    if isinstance(value, date | float):
        value = _plain(edit, value, epoch_1904=epoch_1904)
    if value is None:
        return f"{head}/>".encode()
    if isinstance(value, bool):
        return f'{head} t="b"><{p}v>{int(value)}</{p}v></{p}c>'.encode()
    if isinstance(value, int | float):
        return f"{head}><{p}v>{value!r}</{p}v></{p}c>".encode()
    text = xml_text(value[:_MAX_TEXT])
    return (
        f'{head} t="inlineStr"><{p}is><{p}t xml:space="preserve">{text}</{p}t></{p}is></{p}c>'
    ).encode()


def _plain(edit: CellEdit, value: date | float, *, epoch_1904: bool) -> str | float | None:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if edit.style is not None:
        serial = _serial(value, epoch_1904=epoch_1904)
        if serial is not None:
            return serial
    return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()


def _serial(value: date, *, epoch_1904: bool) -> float | None:
    """Count days the way a spreadsheet does; None before March 1900, where Excel errs by a day."""
    epoch = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30)
    if value.year < 1904 and (epoch_1904 or (value.year, value.month) < (1900, 3)):
        return None
    if not isinstance(value, datetime):
        return value.toordinal() - epoch.toordinal()
    return (value.replace(tzinfo=None) - epoch) / timedelta(days=1)
