"""The cells of one row, found in the bytes of a worksheet part."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from goodword import SourceError
from goodword_csv.files.cells import column_index
from goodword_csv.files.xml_part import attributes

RESAVE = "Open the file in your spreadsheet program, save it and run again."

FoundCell = tuple[int, re.Match[bytes]]
"""A 0-based column and the start tag of the cell in it; its third group is the slash of `<c/>`."""


def cells_from(
    mask: bytes, prefix: bytes, span: tuple[int, int], lowest: int, where: str
) -> list[FoundCell]:
    """List the cells of a row from column ``lowest`` on, walking in from its right end.

    Our columns are mostly the last ones, so few cells are looked at. A cell without a reference
    can only be counted from the left, so then the whole row is.

    Args:
        mask: The proven part.
        prefix: Namespace prefix with its colon, or nothing.
        span: Where the inside of the row starts and ends.
        lowest: 0-based column; what is left of it is not looked at.
        where: The row as a message calls it.

    Raises:
        SourceError: The cells are out of order.
    """
    start, end = span
    opened, pattern = b"<" + prefix + b"c", _cell_tag(prefix)
    found: list[FoundCell] = []
    at = mask.rfind(opened, start, end)
    while at >= 0:
        tag = pattern.match(mask, at, end)
        if tag is not None:
            column = _column(tag)
            if column is None:
                found = _counted(pattern.finditer(mask, start, end))
                break
            if column < lowest:
                found.reverse()
                break
            found.append((column, tag))
        at = mask.rfind(opened, start, at)
    else:
        found.reverse()
    if any(left >= right for (left, _), (right, _) in pairwise(found)):
        msg = f"{where} out of order."
        raise SourceError(msg, hint=RESAVE)
    return found


@cache
def _cell_tag(prefix: bytes) -> re.Pattern[bytes]:
    """Return a pattern for a cell's start tag: column letters if first, the rest, slash."""
    inside = rb"""((?:[^"'<>/]+|"[^"]*"|'[^']*')*)"""
    name = b"<" + re.escape(prefix) + rb"c(?=[\s/>])"
    return re.compile(name + rb"""(?:\s+r="([A-Z]+)[0-9]+")?""" + inside + rb"(/?)>")


def _column(tag: re.Match[bytes]) -> int | None:
    letters = tag[1] or attributes(tag[2]).get(b"r", b"").rstrip(b"0123456789")
    return column_index(letters.decode()) if letters else None


def _counted(found: Iterable[re.Match[bytes]]) -> list[FoundCell]:
    cells: list[FoundCell] = []
    column = -1
    for tag in found:
        stated = _column(tag)
        column = column + 1 if stated is None else stated
        cells.append((column, tag))
    return cells
