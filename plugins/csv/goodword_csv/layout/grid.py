"""One sheet as a header and rows, with every row that was left out and why."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import overload

from goodword_csv.layout.header import HeaderPlace, header_names
from goodword_csv.layout.kept_once import Stack
from goodword_csv.values.plain import Cell, Cells, text_of

_TOTAL = re.compile(
    r"(?:(?:grand|sub)[ -]?totals?|totals?|sum|summe|gesamt(?:summe)?|zwischensumme|totaal|suma"
    r"|eindtotaal|subtotaal|total g[eé]n[eé]ral|sous-total)(?:\s*:)?"
    r"(?:\s+(?:for|von|für|pour|de|voor)\s.+)?",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"\b(?:gmt|utc)\b|\d{1,2}:\d{2}|generated|exported|confidential|copyright|©|^as of\b|^page \d"
    r"|(?:cash|accrual) basis|^report\b|erstellt am|vertraulich",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"[-+(]?\s*\D{0,3}\s*[-+(]?[\d.,' ]+\)?\s*\D{0,3}|\d+ [^\W\d]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data; *line* is its 1-based line in the file or row in the sheet."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Rows that hold no data: *lines* of them from *line* on, all for the same reason."""

    line: int
    reason: str
    lines: int = 1


class Rows(Sequence[Row]):
    """The rows of a grid, each made when it is looked at."""

    def __init__(self, lines: Sequence[int], columns: Sequence[Sequence[Cell]]) -> None:
        self._lines = lines
        self._columns = columns

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...

    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return Rows(self._lines[index], [column[index] for column in self._columns])
        return Row(self._lines[index], tuple([column[index] for column in self._columns]))

    def __iter__(self) -> Iterator[Row]:
        if not self._columns:
            return (Row(line, ()) for line in self._lines)
        cells = zip(*self._columns, strict=True)
        return (Row(line, row) for line, row in zip(self._lines, cells, strict=True))


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet, column by column: so a list of 100,000 rows takes half the room.

    Attributes:
        name: Name of the sheet, or of the file without its ending.
        header: Unique names of the columns; index 0 is the file's first column.
        lines: Line of each row of data in the file, or row in the sheet, from 1 on.
        columns: The cells of each column, one a row; of a column nobody wanted, they read as empty.
        skipped: Every other row: titles, blank, total, group, footer, wrong width.
        header_line: 1-based line of the (first) header row.
        grouped: The first column is filled in from group rows ("Acme", then its rows).
        has_bare_column: Some column holds nothing at all.
    """

    name: str
    header: tuple[str, ...]
    lines: Sequence[int]
    columns: tuple[Sequence[Cell], ...]
    skipped: tuple[Skipped, ...]
    header_line: int
    grouped: bool = False
    has_bare_column: bool = False

    @property
    def rows(self) -> Rows:
        """The rows of data, each as wide as the header."""
        return Rows(self.lines, self.columns)

    def column(self, index: int) -> Cells:
        """The cells of one column with their line numbers."""
        return Cells(self.lines, self.columns[index])

    def only(self, kept: Collection[int]) -> Grid:
        """Return the grid with the cells of some columns; those of the others read as empty."""
        empty = ("",) * len(self.lines)
        columns = enumerate(self.columns)
        return replace(self, columns=tuple(c if at in kept else empty for at, c in columns))


def build_grid(
    name: str,
    lines: Iterable[tuple[int, Sequence[Cell]]],
    place: HeaderPlace,
    wanted: Callable[[Sequence[str]], Collection[int]] | None = None,
) -> Grid:
    """Sort the lines of a sheet into header, rows and skipped lines.

    They are taken one by one, and put together only where a header without a name asks for it.

    Args:
        name: Name of the sheet.
        lines: Every line with its number, in order.
        place: Where the header is.
        wanted: Of the names of the columns, which are kept; None keeps all.
    """
    body = iter(lines)
    above = list(islice(body, place.row))
    top = list(islice(body, place.rows))
    head = [[text_of(cell) for cell in cells] for _, cells in top]
    named = max((i + 1 for row in head for i, cell in enumerate(row) if cell), default=1)
    width, grouped = max(len(row) for row in head), False
    if width > named or not (head[0] and head[0][0]):
        whole = list(body)
        width = _width(width, whole, named)
        grouped = not (head[0] and head[0][0]) and _has_groups(whole)
        body = iter(whole)
    header = header_names(head, width)
    shape = _Shape((head[0] + [""] * width)[:width], width, named, grouped)
    skipped = [(line, _title(cells)) for line, cells in above]
    numbers = array("q")
    stack = Stack(width, range(width) if wanted is None else wanted(header))
    group = ""
    for line, cells, reason in _judged(body, shape):
        if reason == _GROUP:
            group = text_of(cells[0])
        if reason:
            skipped.append((line, reason))
            continue
        full = cells if len(cells) == width else (*cells[:width], *[""] * (width - len(cells)))
        stack.add((group, *full[1:]) if grouped and not text_of(full[0]) else full)
        numbers.append(line)
    return Grid(
        name,
        header,
        numbers,
        stack.columns(),
        _merged(skipped),
        header_line=top[0][0],
        grouped=grouped,
        has_bare_column=bool(numbers) and stack.has_bare_column(),
    )


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a row of data looks like.

    Attributes:
        headings: Texts of the (first) header row, one a column.
        width: Columns of the sheet.
        named: Columns up to the last one with a name.
        grouped: The first column stands alone above the rows it belongs to.
    """

    headings: Sequence[str]
    width: int
    named: int
    grouped: bool


_GROUP = "group"


def _judged(
    body: Iterable[tuple[int, Sequence[Cell]]], shape: _Shape
) -> Iterator[tuple[int, Sequence[Cell], str]]:
    """Give each line with the reason why it is no row of data, or nothing.

    What may be the footer waits until it is known whether only such lines follow.
    """
    waiting: list[tuple[int, Sequence[Cell], bool]] = []
    headings, group = frozenset(shape.headings), ""
    for line, cells in body:
        if not shape.grouped and _is_plain(cells, headings, shape.width):
            for number, other, _ in waiting:
                yield number, other, _reason(other, shape, group)
            waiting.clear()
            yield line, cells, ""
            continue
        filled = _filled(cells)
        closes = len(filled) == 1 and (
            len(cells) == 1 < shape.width or _FOOTER.search(filled[0]) is not None
        )
        waiting.append((line, cells, closes))
        if closes or not filled or _is_total(filled[0], cells, ""):
            continue
        for number, other, _ in waiting:
            reason = _reason(other, shape, group)
            group = text_of(other[0]) if reason == _GROUP else group
            yield number, other, reason
        waiting.clear()
    footer = False
    for number, other, closes in waiting:
        footer = footer or closes
        reason = _reason(other, shape, group)
        reason = "footer" if footer and reason not in {"blank", "total"} else reason
        group = text_of(other[0]) if reason == _GROUP else group
        yield number, other, reason


def _is_plain(cells: Sequence[Cell], headings: Collection[str], width: int) -> bool:
    """Say of most rows of data at a glance that they are: two filled cells, and no total."""
    if len(cells) != width or width == 1 or not cells[0] or not cells[1]:
        return False
    first = text_of(cells[0])
    if not first or first in headings or not text_of(cells[1]):
        return False
    return _TOTAL.fullmatch(first) is None


def _title(cells: Sequence[Cell]) -> str:
    return "above the header" if _filled(cells) else "blank"


def _width(width: int, body: Sequence[tuple[int, Sequence[Cell]]], named: int) -> int:
    """Columns of the sheet: those with a name, and nameless ones that hold something."""
    while width > named and not any(text_of(c[width - 1]) for _, c in body if len(c) >= width):
        width -= 1
    return width


def _reason(cells: Sequence[Cell], shape: _Shape, group: str) -> str:
    """Why a line is no row of data; empty when it is one."""
    first = next((text for cell in cells if cell != "" and (text := text_of(cell))), "")
    if not first:
        return "blank"
    if first in shape.headings and _repeats(cells, shape.headings):
        return "the header again"
    if _is_total(first, cells, group):
        return "total"
    if shape.grouped and text_of(cells[0]) and len(_filled(cells)) == 1:
        return _GROUP
    width = shape.width
    if len(cells) < shape.named or (len(cells) > width and _filled(cells[width:])):
        return f"{len(cells)} cells where the header has {width}"
    return ""


def _filled(cells: Sequence[Cell]) -> list[str]:
    return [text for cell in cells if (text := text_of(cell))]


def _repeats(cells: Sequence[Cell], headings: Sequence[str]) -> bool:
    return [text_of(cell) for cell in cells[: len(headings)]] == list(headings[: len(cells)])


def _is_total(first: str, cells: Sequence[Cell], group: str) -> bool:
    """A total says so in its first cell and holds only amounts, or "60 customers", beside it."""
    of_group = group and first.lower() == f"total {group}".lower()
    if not of_group and not _TOTAL.fullmatch(first):
        return False
    return all(_AMOUNT.fullmatch(text) for text in _filled(cells)[1:])


def _has_groups(body: Sequence[tuple[int, Sequence[Cell]]]) -> bool:
    """Under a nameless first column: names alone in their row, and rows without a name."""
    alone = sum(1 for _, cells in body if len(_filled(cells)) == 1 and text_of(cells[0]))
    nameless = sum(1 for _, cells in body if _filled(cells) and not text_of(cells[0]))
    return alone > 0 and nameless > 0


def _merged(skipped: Sequence[tuple[int, str]]) -> tuple[Skipped, ...]:
    """Join neighbouring lines left out for the same reason."""
    merged: list[Skipped] = []
    for line, reason in skipped:
        last = merged[-1] if merged else None
        if last and last.reason == reason and reason in {"blank", "footer", "above the header"}:
            merged[-1] = Skipped(last.line, reason, last.lines + 1)
        else:
            merged.append(Skipped(line, reason))
    return tuple(merged)
