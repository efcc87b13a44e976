"""New sheets wired into a workbook: the few bytes that go into the parts that name its sheets."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from goodword import SourceError
from goodword_csv.files.new_sheet import MAIN_NAMESPACE, NewSheet, sheet_xml
from goodword_csv.files.package import relations_part
from goodword_csv.files.style_part import SheetStyles, with_sheet_styles
from goodword_csv.files.table_part import absolute
from goodword_csv.files.workbook_parts import Workbook
from goodword_csv.files.xml_part import (
    Splice,
    closing,
    elements,
    first_tag,
    prove,
    root_prefix,
    spliced,
    xml_text,
)

_CONTENT_TYPES = "[Content_Types].xml"
_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STRICT = "http://purl.oclc.org/ooxml/"
_AFTER_SHEETS = (b"externalReferences", b"functionGroups", b"sheets")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A new sheet with the names the package knows it by; ``tab`` is its 0-based position."""

    sheet: NewSheet
    part: str
    link: str
    sheet_id: int
    tab: int


def add_sheets(
    book: Workbook, new_sheets: Sequence[NewSheet], before: Mapping[str, bytes]
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Write the parts of new sheets and wire them in.

    Args:
        book: The workbook.
        new_sheets: What to add.
        before: Parts that changed already, by name.

    Returns:
        The changed parts and the added ones, by name.

    Raises:
        SourceError: A name is taken, or a part that must change is damaged.
    """
    model = book.related("worksheet")
    if model is None:
        msg = f"{book.package.name} has no worksheet."
        raise SourceError(msg, hint="Point goodword at a workbook with a list of contacts.")
    placed = _placed(book, new_sheets)
    changed, styles = _styles(book)
    is_strict = model.type.startswith(_STRICT)
    namespace = f"{_STRICT}spreadsheetml/main" if is_strict else MAIN_NAMESPACE
    added = {each.part: sheet_xml(each.sheet, styles, namespace=namespace) for each in placed}
    folder = posixpath.dirname(book.part)
    names = before.get(book.part) or book.package.read(book.part)
    changed[book.part] = _with_tabs(book, names, placed)
    changed[relations_part(book.part)] = _with_children(
        book,
        relations_part(book.part),
        b"Relationships",
        [
            f'Relationship Id="{each.link}" Type="{model.type}"'
            f' Target="{posixpath.relpath(each.part, folder)}"'
            for each in placed
        ],
    )
    changed[_CONTENT_TYPES] = _with_children(
        book,
        _CONTENT_TYPES,
        b"Types",
        [f'Override PartName="/{each.part}" ContentType="{_WORKSHEET}"' for each in placed],
    )
    return changed, added


def _placed(book: Workbook, new_sheets: Sequence[NewSheet]) -> list[_Placed]:
    folder = posixpath.dirname(book.part)
    parts = (posixpath.join(folder, f"worksheets/sheet{number}.xml") for number in count(1))
    free_parts = (part for part in parts if not book.package.has(part))
    free_links = (f"rId{number}" for number in count(1) if f"rId{number}" not in book.relations)
    taken = {name.casefold() for name in book.tabs}
    placed: list[_Placed] = []
    for sheet in new_sheets:
        if sheet.name.casefold() in taken:
            msg = f'{book.package.name} already has a sheet called "{sheet.name}".'
            raise SourceError(msg, hint="Rename that sheet, or let goodword use another name.")
        taken.add(sheet.name.casefold())
        tab, sheet_id = len(book.tabs) + len(placed), book.last_id + 1 + len(placed)
        placed.append(_Placed(sheet, next(free_parts), next(free_links), sheet_id, tab))
    return placed


def _styles(book: Workbook) -> tuple[dict[str, bytes], SheetStyles]:
    link = book.related("styles")
    if link is None or not book.package.has(link.part):
        return {}, SheetStyles()
    old = book.package.read(link.part)
    new, styles = with_sheet_styles(old, f"{book.package.name}: {link.part}")
    return ({} if new == old else {link.part: new}), styles


def _with_tabs(book: Workbook, part: bytes, placed: Sequence[_Placed]) -> bytes:
    """Name the sheets in the workbook part, and their filters as Excel does, by a hidden name."""
    where = f"{book.package.name}: {book.part}"
    mask = prove(part, where)
    p = root_prefix(mask, b"workbook")
    first = first_tag(mask, p + b"sheet")
    identity = (
        next((key for key in first.attributes if key.endswith(b":id")), b"") if first else b""
    )
    declared = b"xmlns:" + identity.rpartition(b":")[0]
    here = first.attributes.get(declared) if first else None  # some programs say it on each sheet
    saying = f' {declared.decode()}="{here.decode()}"' if here else ""
    tabs = "".join(
        f'<{p.decode()}sheet{saying} name="{xml_text(each.sheet.name)}" sheetId="{each.sheet_id}"'
        f' {identity.decode()}="{each.link}"/>'
        for each in placed
    )
    names = "".join(_filter_name(each, p.decode()) for each in placed).encode()
    end = closing(mask, p + b"sheets", 0)[0]
    splices: list[Splice] = [(end, end, tabs.encode())]
    known = first_tag(mask, p + b"definedNames")
    if known is not None and not known.is_empty:
        at = closing(mask, p + b"definedNames", known.end)[0]
        splices.append((at, at, names))
    else:
        names = b"<%bdefinedNames>%b</%bdefinedNames>" % (p, names, p)
        at = known.start if known else _end_of_any(mask, p)
        splices.append((at, known.end if known else at, names))
    new = spliced(part, splices)
    elements(new, where)  # an undeclared prefix would show here
    return new


def _end_of_any(mask: bytes, prefix: bytes) -> int:
    """Return the place behind the last element that must stand before the defined names."""
    ends = []
    for name in _AFTER_SHEETS:
        tag = first_tag(mask, prefix + name)
        if tag is not None:
            ends.append(tag.end if tag.is_empty else closing(mask, prefix + name, tag.end)[1])
    return max(ends)


def _filter_name(placed: _Placed, prefix: str) -> str:
    quoted = xml_text(placed.sheet.name.replace("'", "''"))
    cells = absolute(placed.sheet.filtered)
    return (
        f'<{prefix}definedName name="_xlnm._FilterDatabase" localSheetId="{placed.tab}"'
        f" hidden=\"1\">'{quoted}'!{cells}</{prefix}definedName>"
    )


def _with_children(book: Workbook, name: str, root: bytes, children: Sequence[str]) -> bytes:
    """Add empty elements at the end of a part's root."""
    part = book.package.read(name)
    mask = prove(part, f"{book.package.name}: {name}")
    prefix = root_prefix(mask, root)
    end = closing(mask, prefix + root, 0)[0]
    new = "".join(f"<{prefix.decode()}{child}/>" for child in children)
    return spliced(part, [(end, end, new.encode())])
