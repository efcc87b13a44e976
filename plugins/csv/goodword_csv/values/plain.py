"""What a cell and a column are before anybody decides what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

T = TypeVar("T")


def word_set(text: str) -> frozenset[str]:
    """The words of a text; so long lists of words stay readable in the source."""
    return frozenset(text.split())


Cell = str | int | float | bool | date | datetime | time | timedelta
"""A cell as the file holds it: always text in CSV, typed only where XLSX is."""

Column = Sequence[tuple[int, Cell]]
"""One column of a sheet: ``(line number, cell)`` from top to bottom."""

PLACEHOLDERS = word_set(
    "- -- \u2013 \u2014 . ? / n/a na #n/a none null nil nan (blank) (leer) (vide) tbd tba unknown"
    " k.a. s/o nvt n.v.t. #value! #ref! #div/0! #name?"
)
"""Words that people and programs write where they mean an empty cell."""

_UNSEEN: dict[int, str | None] = {
    **dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200e\u200f\u2060\u00ad")),
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " "),
}
"""Invisible signs, which go, and wide or unbreakable spaces, which become plain ones."""

_GUARDED = re.compile(r"'[\d+]")


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that could not be read; *what* describes it without quoting it."""

    line: int
    what: str


def text_of(cell: Cell) -> str:
    """Write a cell as trimmed text; whole numbers lose their ``.0``, invisible signs go."""
    if isinstance(cell, str):
        if cell.isascii():
            return cell.strip()
        return cell.translate(_UNSEEN).strip()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, timedelta):
        return str(cell)
    return cell.isoformat()


def read_once(column: Column, read: Callable[[Cell], T]) -> list[T]:
    """Read the cells of a column, each different one once.

    Columns repeat themselves (a town, a day, yes and no), and looking a cell up takes a tenth of
    reading it.
    """
    cells = [cell for _, cell in column]
    if bool in set(map(type, cells)):  # True equals 1 and would be read as one
        return [read(cell) for cell in cells]
    known = {cell: read(cell) for cell in dict.fromkeys(cells)}
    return [known[cell] for cell in cells]


def id_of(cell: Cell) -> str:
    """Write a cell as an id: text, without the apostrophe that guards a number in a sheet."""
    text = text_of(cell)
    return text[1:] if _GUARDED.match(text) else text


def is_empty(cell: Cell) -> bool:
    """Say whether a cell holds nothing, or only a placeholder such as ``n/a``."""
    text = text_of(cell)
    return not text or text.lower() in PLACEHOLDERS
