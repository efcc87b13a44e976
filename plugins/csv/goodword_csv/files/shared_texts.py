"""The table of texts that cells point into: blank what no cell points at any more.

A spreadsheet program stores each text of a workbook once. Emptying a cell leaves its text there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from goodword_csv.files.workbook_parts import Workbook
from goodword_csv.files.xml_part import Splice, closing, prove, root_prefix, spliced, tags

_NUMBER = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^<>]*)?>\s*([0-9]+)")


def blanked_texts(book: Workbook, changed: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the table of texts without those that only cells of the old parts pointed at.

    Args:
        book: The workbook as it was.
        changed: New bytes of its edited sheets.

    Returns:
        The part and its new bytes; empty when nothing has to change.
    """
    link = book.related("sharedStrings")
    if link is None or not book.package.has(link.part):
        return {}
    was = {number for part in changed for number in _used(book.package.read(part), part)}
    parts = {sheet.part for sheet in book.sheets}
    now = {
        number
        for part in parts
        for number in _used(changed.get(part) or book.package.read(part), part)
    }
    gone = was - now
    old = book.package.read(link.part)
    return {link.part: _blanked(old, gone, link.part)} if gone else {}


def _used(part: bytes, name: str) -> Iterator[int]:
    """Give the number of every shared text a sheet points at."""
    mask = prove(part, name)
    prefix = root_prefix(mask, b"worksheet")
    for cell in tags(mask, prefix + b"c"):
        if cell.attributes.get(b"t") == b"s" and not cell.is_empty:
            found = _NUMBER.search(mask, cell.end, closing(mask, prefix + b"c", cell.end)[0])
            if found is not None:
                yield int(found[1])


def _blanked(part: bytes, gone: set[int], name: str) -> bytes:
    mask = prove(part, name)
    prefix = root_prefix(mask, b"sst")
    blank = b"<%bt/>" % prefix
    splices: list[Splice] = []
    for number, entry in enumerate(tags(mask, prefix + b"si")):
        if number in gone and not entry.is_empty:
            splices.append((entry.end, closing(mask, prefix + b"si", entry.end)[0], blank))
    return spliced(part, splices)
