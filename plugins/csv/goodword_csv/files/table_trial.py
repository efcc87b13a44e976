"""Tables of a workbook looked at when it is read: what no spreadsheet program writes is told early.

A write would have to stop at such a table, or leave it worse than it was.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator

from goodword import SourceError
from goodword_csv.files.cells import MAX_COLUMNS, MAX_ROWS, cell_range
from goodword_csv.files.package import Package
from goodword_csv.files.unpacking import part_name
from goodword_csv.files.workbook_parts import workbook_in
from goodword_csv.files.xml_part import Element, elements

_REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?[0-9]{1,7}(:\$?[A-Z]{1,3}\$?[0-9]{1,7})?")
_MOST_ID = 2**32 - 1
"""The largest number a column of a table can have, by the file format."""


def odd_tables(data: bytes, name: str, sheets: Collection[str]) -> list[str]:
    """Say what is wrong with the tables of some sheets, a sentence for each table.

    Args:
        data: The workbook, which was found harmless before.
        name: Its file.
        sheets: The sheets we write to; others do not matter.
    """
    try:
        return list(_odd_ones(data, name, sheets))
    except (SourceError, ValueError, LookupError):  # its cells could be read, so that is told only
        return [f"{name} is damaged: a part of it does not say what it must"]


def _odd_ones(data: bytes, name: str, sheets: Collection[str]) -> Iterator[str]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = {part_name(entry).casefold(): entry.filename for entry in archive.infolist()}
    package = Package(name, archive, names)
    for sheet in workbook_in(package).sheets:
        for link in package.relations(sheet.part) if sheet.name in sheets else ():
            what = _odd(package, link.part) if link.kind == "table" else None
            if what is not None:
                yield f'{name}, sheet "{sheet.name}": {what}'


def _odd(package: Package, part: str) -> str | None:
    """Say what is wrong with one table; None where nothing is."""
    try:
        found = elements(package.read(part), f"{package.name}: a table")
    except SourceError:
        return "a table cannot be read"
    table = found[0].attributes
    what = next(_faults(table.get("ref", ""), found), None)
    return f'table "{table.get("displayName", part)}" {what}' if what else None


def _faults(reference: str, found: list[Element]) -> Iterator[str]:
    if not _REFERENCE.fullmatch(reference):
        yield "does not say which cells it covers"
        return
    top, left, bottom, right = cell_range(reference)
    if top > bottom or left > right:
        yield "covers cells from the last to the first"
    if not (top >= 1 and bottom <= MAX_ROWS and right < MAX_COLUMNS):
        yield "covers cells that no sheet has"
    columns = [each.attributes for each in found if each.name == "tableColumn"]
    if len(columns) != right - left + 1:
        yield "names more or fewer columns than it covers"
    names = [known.get("name", "").casefold() for known in columns]
    if len(set(names)) < len(names):
        yield "has two columns of one name"
    ids = [known.get("id", "") for known in columns]
    if len(set(ids)) < len(ids) or not all(_is_id(one) for one in ids):
        yield "numbers its columns in a way no program does"


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 10 and 0 < int(text) <= _MOST_ID
