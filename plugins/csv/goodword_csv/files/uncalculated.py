"""Formulas whose values nobody has calculated: they read as empty cells, which has to be told.

A program that writes a workbook without being a spreadsheet often stores the formula alone; the
value comes when Excel or LibreOffice opens the file and saves it.
"""

from __future__ import annotations

import io
import re
import zipfile

_SHEETS = "xl/worksheets/"
_ALONE = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\s[^<>]*/>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>\s*|<(?:\w+:)?v>\s*</(?:\w+:)?v>\s*)?</(?:\w+:)?c>"
)
"""The end of a cell that holds a formula and no value."""
_TEXT = re.compile(rb"""\st\s*=\s*["']str["']""")


def uncalculated(data: bytes) -> int:
    """Count the formulas of a workbook that hold no value; a text may be empty and still be one.

    Args:
        data: The bytes of a workbook that was found harmless.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [name for name in archive.namelist() if name.startswith(_SHEETS)]
        return sum(_in_part(archive.read(name)) for name in parts if name.endswith(".xml"))


def _in_part(part: bytes) -> int:
    if b"<f" not in part and b":f" not in part:
        return 0
    return sum(not _is_text(part, found.start()) for found in _ALONE.finditer(part))


def _is_text(part: bytes, at: int) -> bool:
    """Say whether the cell around the end of a formula calls its value a text."""
    start = max(part.rfind(b"<c", 0, at), part.rfind(b":c ", 0, at))
    return _TEXT.search(part, start, part.find(b">", start)) is not None
