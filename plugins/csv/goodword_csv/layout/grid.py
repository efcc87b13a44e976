"""One sheet as a header and rows, with every row that was left out and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from goodword_csv.layout.header import HeaderPlace, header_names
from goodword_csv.values.plain import Cell, text_of

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


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet.

    Attributes:
        name: Name of the sheet, or of the file without its ending.
        header: Unique names of the columns; index 0 is the file's first column.
        rows: Rows of data, each as wide as the header.
        skipped: Every other row: titles, blank, total, group, footer, wrong width.
        header_line: 1-based line of the (first) header row.
        grouped: The first column is filled in from group rows ("Acme", then its rows).
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    skipped: tuple[Skipped, ...]
    header_line: int
    grouped: bool = False

    def column(self, index: int) -> list[tuple[int, Cell]]:
        """The cells of one column with their line numbers."""
        return [(row.line, row.cells[index]) for row in self.rows]


def build_grid(name: str, lines: Sequence[tuple[int, Sequence[Cell]]], place: HeaderPlace) -> Grid:
    """Sort the lines of a sheet into header, rows and skipped lines.

    Args:
        name: Name of the sheet.
        lines: Every line with its number, in order.
        place: Where the header is.
    """
    after = place.row + place.rows
    head = [[text_of(cell) for cell in cells] for _, cells in lines[place.row : after]]
    body = lines[after:]
    named = max((i + 1 for row in head for i, cell in enumerate(row) if cell), default=1)
    width = _width(head, body, named)
    header = header_names(head, width)
    headings = (head[0] + [""] * width)[:width]
    grouped = not headings[0] and _has_groups(body)
    skipped = [(line, _title(cells)) for line, cells in lines[: place.row]]
    footer = _footer_start(body, width)
    rows: list[Row] = []
    group = ""
    for position, (line, cells) in enumerate(body):
        reason = _reason(cells, headings, width, named, group=group, grouped=grouped)
        if reason not in {"blank", "total"} and position >= footer:
            reason = "footer"
        if reason == "group":
            group = text_of(cells[0])
        if reason:
            skipped.append((line, reason))
            continue
        full = tuple(cells[:width]) + ("",) * (width - len(cells))
        if grouped and not text_of(full[0]):
            full = (group, *full[1:])
        rows.append(Row(line, full))
    return Grid(name, header, tuple(rows), _merged(skipped), lines[place.row][0], grouped)


def _title(cells: Sequence[Cell]) -> str:
    return "above the header" if _filled(cells) else "blank"


def _width(
    head: Sequence[Sequence[str]], body: Sequence[tuple[int, Sequence[Cell]]], named: int
) -> int:
    """Columns of the sheet: those with a name, and nameless ones that hold something."""
    width = max(len(row) for row in head)
    while width > named and not any(text_of(c[width - 1]) for _, c in body if len(c) >= width):
        width -= 1
    return width


def _reason(
    cells: Sequence[Cell],
    headings: Sequence[str],
    width: int,
    named: int,
    *,
    group: str,
    grouped: bool,
) -> str:
    """Why a line is no row of data; empty when it is one."""
    first = next((text for cell in cells if cell != "" and (text := text_of(cell))), "")
    if not first:
        return "blank"
    if first in headings and _repeats(cells, headings):
        return "the header again"
    if _is_total(first, cells, group):
        return "total"
    if grouped and text_of(cells[0]) and len(_filled(cells)) == 1:
        return "group"
    if len(cells) < named or (len(cells) > width and _filled(cells[width:])):
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


def _footer_start(body: Sequence[tuple[int, Sequence[Cell]]], width: int) -> int:
    """Position from which only footer lines, totals and blank lines follow."""
    start = len(body)
    for position in range(len(body) - 1, -1, -1):
        cells = body[position][1]
        filled = _filled(cells)
        alone = len(filled) == 1
        short = len(cells) == 1 < width
        if alone and (short or _FOOTER.search(filled[0])):
            start = position
        elif filled and not _is_total(filled[0], cells, ""):
            break
    return start


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
