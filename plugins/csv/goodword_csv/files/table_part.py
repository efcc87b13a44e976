"""Tables and filters that grow: over our columns to their right, and over rows added below.

A table or filter that ends where our columns begin would sort the rows without them. So it is
made to reach over them; one that something else stands between is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodword_csv.files.cells import cell_range, column_name
from goodword_csv.files.xml_part import (
    Splice,
    Tag,
    closing,
    first_tag,
    prove,
    root_prefix,
    spliced,
    tags,
    xml_text,
)

Box = tuple[int, int, int, int]
"""First row, first column, last row, last column; rows 1-based, columns 0-based."""

_REF = re.compile(rb"""(\sref\s*=\s*)(?:"[^"]*"|'[^']*')""")
_FILTER = re.compile(rb"""autoFilter\s[^<>]*?\bref\s*=\s*["']([A-Z0-9$:]+)["']""")
_COUNT = re.compile(rb"""(\scount\s*=\s*)(?:"[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Reach:
    """What tables and filters of a list are to cover.

    Args:
        header: Row of the list's header.
        titles: Column to its title, for columns that may be taken in.
        last: Last row before rows were added.
        now: Last row with them.
    """

    header: int
    titles: Mapping[int, str]
    last: int
    now: int

    def grown(self, box: Box) -> Box:
        """Return a range with the columns that follow it at once, and with the added rows."""
        top, left, bottom, right = box
        if top != self.header:
            return box
        while right + 1 in self.titles:
            right += 1
        if self.last <= bottom < self.now:
            bottom = self.now
        return top, left, bottom, right


def reference(box: Box) -> str:
    """Write a range the way a part does: ``A1:C9``."""
    top, left, bottom, right = box
    return f"{column_name(left)}{top}:{column_name(right)}{bottom}"


def absolute(box: Box) -> str:
    """Write a range the way a name holds it: ``$A$1:$C$9``."""
    top, left, bottom, right = box
    return f"${column_name(left)}${top}:${column_name(right)}${bottom}"


def grow_table(part: bytes, reach: Reach, taken: Sequence[Box], name: str) -> bytes:
    """Let a table reach over our columns and rows; give it back as it is when it cannot.

    Args:
        part: The table part.
        reach: What it is to cover.
        taken: Ranges no table may overlap: other tables, merged cells, array formulas.
        name: The table as a person would call it, for messages.

    Raises:
        SourceError: The part is damaged.
    """
    mask = prove(part, name)
    prefix = root_prefix(mask, b"table")
    root, columns = first_tag(mask, prefix + b"table"), first_tag(mask, prefix + b"tableColumns")
    if root is None or columns is None or columns.is_empty:
        return part
    known = root.attributes
    if (
        known.get(b"headerRowCount") == b"0"
        or known.get(b"tableType", b"worksheet") != b"worksheet"
    ):
        return part
    old = cell_range(known[b"ref"].decode())
    new = reach.grown(old)
    if known.get(b"totalsRowCount", b"0") != b"0":
        new = (*new[:2], old[2], new[3])
    added = [reach.titles[column] for column in range(old[3] + 1, new[3] + 1)]
    end = closing(mask, prefix + b"tableColumns", columns.end)[0]
    present = list(tags(mask, prefix + b"tableColumn", columns.end, end))
    names = {tag.attributes.get(b"name", b"").decode().casefold() for tag in present}
    clash = any(xml_text(title).casefold() in names for title in added)
    if new == old or clash or any(overlap(new, box) for box in taken):
        return part
    free = max(int(tag.attributes[b"id"]) for tag in present) + 1
    fresh = "".join(
        f'<{prefix.decode()}tableColumn id="{free + at}" name="{xml_text(title)}"/>'
        for at, title in enumerate(added)
    )
    splices = _grown_refs(mask, prefix, old, new)
    splices += _counted(mask, columns, len(present) + len(added))
    splices.append((end, end, fresh.encode()))
    return spliced(part, sorted(splices))


def _grown_refs(mask: bytes, prefix: bytes, old: Box, new: Box) -> list[Splice]:
    """Change the range of the table itself, of its filter and of what it was sorted by."""
    splices: list[Splice] = []
    for element in (b"table", b"autoFilter", b"sortState"):
        tag = first_tag(mask, prefix + element)
        if tag is not None and b"ref" in tag.attributes:
            splices += _stretched(mask, tag, old, new)
    return splices


def _stretched(mask: bytes, tag: Tag, old: Box, new: Box) -> list[Splice]:
    """Move the edges of one range that lay on the old edges."""
    top, left, bottom, right = cell_range(tag.attributes[b"ref"].decode())
    if right != old[3]:
        return []
    box = top, left, bottom + new[2] - old[2], new[3]
    found = _REF.search(mask, tag.start, tag.end)
    return [] if found is None else [(*found.span(), found[1] + f'"{reference(box)}"'.encode())]


def _counted(mask: bytes, tag: Tag, count: int) -> list[Splice]:
    found = _COUNT.search(mask, tag.start, tag.end)
    return [(*found.span(), b'%b"%d"' % (found[1], count))] if found else []


def overlap(one: Box, other: Box) -> bool:
    """Say whether two ranges share a cell."""
    rows = one[0] <= other[2] and other[0] <= one[2]
    return rows and one[1] <= other[3] and other[1] <= one[3]


def filter_of(part: bytes) -> Box | None:
    """Return the range of a sheet's filter, by a quick look behind the cells."""
    said = _FILTER.search(part, max(part.rfind(b"sheetData"), 0))
    return None if said is None else cell_range(said[1].decode())


def grow_filter(part: bytes, reach: Reach, name: str) -> tuple[bytes, tuple[Box, Box] | None]:
    """Let the filter of a sheet reach over our columns and rows.

    Returns:
        The part, and the filter's range before and after when it changed.

    Raises:
        SourceError: The part is damaged.
    """
    said = filter_of(part)
    if said is None or reach.grown(said) == said:
        return part, None
    mask = prove(part, name)
    prefix = root_prefix(mask, b"worksheet")
    tag = first_tag(mask, prefix + b"autoFilter", max(part.rfind(b"sheetData"), 0))
    if tag is None or b"ref" not in tag.attributes:
        return part, None
    old = cell_range(tag.attributes[b"ref"].decode())
    new = reach.grown(old)
    if new == old:
        return part, None
    splices = _stretched(mask, tag, old, new)
    if not tag.is_empty:
        end = closing(mask, prefix + b"autoFilter", tag.end)[0]
        order = first_tag(mask, prefix + b"sortState", tag.end, end)
        if order is not None and b"ref" in order.attributes:
            splices += _stretched(mask, order, old, new)
    return spliced(part, splices), (old, new)


def grow_filter_name(part: bytes, tab: int, old: Box, new: Box, name: str) -> bytes:
    """Change the hidden name by which a workbook knows the filter of a sheet.

    Args:
        part: The workbook part.
        tab: 0-based position of the sheet.
        old: The filter before.
        new: The filter now.
        name: The part as a message calls it.

    Raises:
        SourceError: The part is damaged.
    """
    mask = prove(part, name)
    element = root_prefix(mask, b"workbook") + b"definedName"
    for tag in tags(mask, element):
        known = tag.attributes
        if known.get(b"name") != b"_xlnm._FilterDatabase" or tag.is_empty:
            continue
        end = closing(mask, element, tag.end)[0]
        sheet, mark, cells = part[tag.end : end].rpartition(b"!")
        if known.get(b"localSheetId") == str(tab).encode() and cells == absolute(old).encode():
            return spliced(part, [(tag.end, end, sheet + mark + absolute(new).encode())])
    return part
