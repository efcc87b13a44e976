"""Whole rows of a worksheet part put into another order, with everything that stands in them.

A row moves with its cells, its height and its looks. Where something in the sheet points at rows
by their number (a formula, a merged cell, a comment, a picture), nothing moves at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from goodword_csv.files.cells import cell_range
from goodword_csv.files.xml_part import (
    Splice,
    Tag,
    attributes,
    closing,
    first_tag,
    opening,
    prove,
    root_prefix,
    spliced,
    tags,
)

_PINNED = (b"drawing", b"legacyDrawing", b"oleObjects", b"controls")
"""Elements that hang pictures, comments and buttons on rows."""
_RANGES = (
    (b"mergeCell", b"ref"),
    (b"conditionalFormatting", b"sqref"),
    (b"dataValidation", b"sqref"),
    (b"protectedRange", b"sqref"),
)
_EXTENSION = re.compile(rb"<(?:[\w.-]+:)?sqref>([^<]*)<")
_NUMBER = re.compile(rb"""\sr\s*=\s*["']([A-Z]*)([0-9]+)["']""")
_LINK_NUMBER = re.compile(rb"""\sref\s*=\s*["']([A-Z]+)([0-9]+)["']""")

_Rows = dict[int, tuple[int, int]]
"""Row number to where its element starts and ends."""


def move_rows(
    part: bytes, moves: Mapping[int, int], *, fixed: Iterable[str] = (), name: str = "The sheet"
) -> bytes | None:
    """Put rows into another order; None when something in the sheet forbids it.

    Args:
        part: The worksheet part.
        moves: Row to the row it becomes, 1-based; each row goes and each place is filled.
        fixed: Further ranges whose rows must stay together, such as the rows of a table.
        name: The sheet as a person would call it, for messages.

    Raises:
        SourceError: The part is damaged.
    """
    moves = {old: new for old, new in moves.items() if old != new}
    if not moves:
        return part
    mask = prove(part, name)
    prefix = root_prefix(mask, b"worksheet")
    data = first_tag(mask, prefix + b"sheetData")
    if data is None or data.is_empty or moves.keys() != set(moves.values()):
        return None
    end = closing(mask, prefix + b"sheetData", data.end)[0]
    if first_tag(mask, prefix + b"f", data.end, end) is not None:
        return None
    rows = _rows(mask, prefix, data, end)
    if rows is None or not moves.keys() <= rows.keys():
        return None
    if _is_pinned(mask[end:], prefix, (min(moves), max(moves)), fixed):
        return None
    goes_to = {new: old for old, new in moves.items()}
    splices: list[Splice] = [
        (*rows[place], _renumbered(part, mask, prefix, rows[goes_to[place]], place))
        for place in sorted(goes_to)
    ]
    splices += _followed_links(mask, prefix, end, moves)
    return spliced(part, splices)


def _rows(mask: bytes, prefix: bytes, data: Tag, end: int) -> _Rows | None:
    """Find every row; None when one has no number or belongs to an outline."""
    found: _Rows = {}
    pattern, at = opening(prefix + b"row"), data.end
    while (tag := pattern.search(mask, at, end)) is not None:
        known = attributes(tag[1])
        if b"r" not in known or known.get(b"outlineLevel", b"0") != b"0":
            return None
        at = tag.end() if tag[2] else closing(mask, prefix + b"row", tag.end())[1]
        found[int(known[b"r"])] = (tag.start(), at)
    return found


def _is_pinned(tail: bytes, prefix: bytes, moved: tuple[int, int], fixed: Iterable[str]) -> bool:
    """Say whether something behind the cells would be left at the wrong row."""
    if any(first_tag(tail, prefix + name) is not None for name in _PINNED):
        return True
    ranges = list(fixed)
    for name, key in _RANGES:
        for tag in tags(tail, prefix + name):
            ranges += tag.attributes.get(key, b"").decode().split()
    for found in _EXTENSION.findall(tail):
        ranges += found.decode().split()
    return any(_cuts(each, moved) for each in ranges)


def _cuts(reference: str, moved: tuple[int, int]) -> bool:
    """Say whether a range holds some of the moved rows and not all of them."""
    if not any(letter.isdigit() for letter in reference):  # whole columns, such as A:A
        return False
    top, _, bottom, _ = cell_range(reference)
    first, last = moved
    return not (bottom < first or top > last or (top <= first and bottom >= last))


def _renumbered(
    part: bytes, mask: bytes, prefix: bytes, span: tuple[int, int], number: int
) -> bytes:
    """Return the bytes of a row with its number, and those of its cells, changed."""
    start, end = span
    places = [opening(prefix + b"row").match(mask, start, end)]
    places += opening(prefix + b"c").finditer(mask, start, end)
    splices: list[Splice] = []
    for tag in places:
        found = None if tag is None else _NUMBER.search(mask, tag.start(), tag.end())
        if found is not None:
            at, stop = found.span(2)
            splices.append((at - start, stop - start, str(number).encode()))
    return spliced(part[start:end], splices)


def _followed_links(
    mask: bytes, prefix: bytes, start: int, moves: Mapping[int, int]
) -> Iterable[Splice]:
    """Let the link of a single cell go with its row."""
    for tag in tags(mask, prefix + b"hyperlink", start):
        found = _LINK_NUMBER.search(mask, tag.start, tag.end)
        if found is not None and int(found[2]) in moves:
            yield (*found.span(2), str(moves[int(found[2])]).encode())
