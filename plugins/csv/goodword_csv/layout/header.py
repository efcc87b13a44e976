"""Where the header row is among the first rows of a sheet, and what its columns are called."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from goodword_csv.files.cells import column_name

SCANNED_ROWS = 20
"""The header is looked for in this many rows; longer title blocks were not seen in exports."""

_MAIL = re.compile(r"[^@\s]@[^@\s]+\.\w")
_DATA = re.compile(
    r"[-+(]*[$€£¥]?\s*\d[\d\s.,:/+()'%€$£-]*(?:am|pm|[a-z]{3})?|\d{4}-\d\d-\d\d[T ].*|https?://.*|'\d+",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"(19|20)\d\d|\d{1,2}|0")
_SECOND_ROW_WORDS = frozenset({"response", "open-ended response", "other (please specify)"})


@dataclass(frozen=True, slots=True)
class HeaderPlace:
    """0-based index of the header row, and whether it is one row or two."""

    row: int
    rows: int


def find_header(rows: Sequence[Sequence[str]], known: Callable[[str], bool]) -> HeaderPlace | None:
    """Find the header among the first rows, by width, known words and absence of data.

    Args:
        rows: The first rows of a sheet as text, blank ones included.
        known: Says whether a cell is a header word we know.

    Returns:
        Where it is, or None when every row looks like data.
    """
    filled = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    widest = max((len(cells) for cells in filled), default=0)
    best, best_score = None, 0.0
    seen_text_row = False
    for index, cells in enumerate(filled[:SCANNED_ROWS]):
        if not cells or _is_comment(cells):
            continue
        wide = len(cells) * 2 >= widest
        data = [cell for cell in cells if _looks_like_data(cell)]
        counted = sum(1 for cell in data if _COUNTED.fullmatch(cell))
        words = sum(1 for cell in cells if known(cell))
        if len(data) > counted or (counted and not words):
            seen_text_row = seen_text_row or wide
            continue
        if not words and (seen_text_row or not wide):
            continue  # without a word we know, only the first full row of text can be a header
        seen_text_row = seen_text_row or wide
        score = (len(cells) + 2 * words - counted) / widest
        if score > best_score:
            best, best_score = index, score
    if best is None:
        return None
    return HeaderPlace(best, 2 if _has_second_row(rows, best) else 1)


def holds_data(header: Sequence[str]) -> bool:
    """Say whether a header is a row of data, such as an address or a number; it is not quoted."""
    return any(_looks_like_data(cell) and not _COUNTED.fullmatch(cell) for cell in header)


def header_names(rows: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """Name every column: two rows are joined, blanks become "Column C", twins "Email (2)"."""
    tops = _cells(rows[0], width)
    if len(rows) > 1:
        tops = _joined(tops, _cells(rows[1], width))
    names: list[str] = []
    taken: set[str] = set()
    for index, cell in enumerate(tops):
        name = cell or f"Column {column_name(index)}"
        number, unique = 1, name
        while unique.lower() in taken:
            number += 1
            unique = f"{name} ({number})"
        taken.add(unique.lower())
        names.append(unique)
    return tuple(names)


def _is_comment(cells: Sequence[str]) -> bool:
    return len(cells) == 1 and cells[0].startswith("#") and len(cells[0]) > 1


def _looks_like_data(cell: str) -> bool:
    return bool(_MAIL.search(cell) or _DATA.fullmatch(cell))


def _cells(row: Sequence[str], width: int) -> list[str]:
    cells = [" ".join(cell.split()) for cell in row[:width]]
    return cells + [""] * (width - len(cells))


def _joined(tops: Sequence[str], seconds: Sequence[str]) -> list[str]:
    """Join a question with the options under it; the question stands only over the first."""
    names: list[str] = []
    question = ""
    for top, second in zip(tops, seconds, strict=True):
        question = top or (question if second else "")
        if second.lower() in _SECOND_ROW_WORDS or not second:
            names.append(question)
        else:
            names.append(f"{question} - {second}" if question else second)
    return names


def _has_second_row(rows: Sequence[Sequence[str]], header: int) -> bool:
    """Survey tools put the options of a question in a second row, under blank leading cells."""
    if header + 1 >= len(rows):
        return False
    tops = [cell.strip() for cell in rows[header]]
    seconds = [cell.strip() for cell in rows[header + 1]]
    options = [cell for cell in seconds if cell]
    if not options or seconds[0] or any(_looks_like_data(cell) for cell in options):
        return False
    if all(cell.lower() in _SECOND_ROW_WORDS for cell in options):
        return True
    under_blank = sum(1 for top, second in zip(tops, seconds, strict=False) if second and not top)
    under_name = sum(1 for top, second in zip(tops, seconds, strict=False) if top and not second)
    return "respondent id" in {top.lower() for top in tops} or (
        under_blank > 0 and under_name * 2 >= sum(1 for top in tops if top)
    )
