"""What a cell and a column are before anybody decides what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar, overload

T = TypeVar("T")


def word_set(text: str) -> frozenset[str]:
    """The words of a text; so long lists of words stay readable in the source."""
    return frozenset(text.split())


Cell = str | int | float | bool | date | datetime | time | timedelta
"""A cell as the file holds it: always text in CSV, typed only where XLSX is."""

Column = Sequence[tuple[int, Cell]]
"""One column of a sheet: ``(line number, cell)`` from top to bottom."""


class Cells(Sequence[tuple[int, Cell]]):
    """A column kept as two lists: as pairs, 100,000 cells would take six times the room.

    Args:
        lines: Line number of each cell.
        cells: The cells.
    """

    def __init__(self, lines: Sequence[int], cells: Sequence[Cell]) -> None:
        self.lines = lines
        self.cells = cells

    def __len__(self) -> int:
        return len(self.cells)

    @overload
    def __getitem__(self, index: int) -> tuple[int, Cell]: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[int, Cell]]: ...

    def __getitem__(self, index: int | slice) -> tuple[int, Cell] | Sequence[tuple[int, Cell]]:
        if isinstance(index, slice):
            return Cells(self.lines[index], self.cells[index])
        return self.lines[index], self.cells[index]

    def __iter__(self) -> Iterator[tuple[int, Cell]]:
        return zip(self.lines, self.cells, strict=True)


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


def id_of(cell: Cell) -> str:
    """Write a cell as an id: text, without the apostrophe that guards a number in a sheet."""
    text = text_of(cell)
    return text[1:] if _GUARDED.match(text) else text


def is_empty(cell: Cell) -> bool:
    """Say whether a cell holds nothing, or only a placeholder such as ``n/a``."""
    text = text_of(cell)
    return not text or text.lower() in PLACEHOLDERS


class Distinct:
    """The different cells of a column, so that each is read once.

    Columns repeat themselves (a town, a day, yes and no), and looking a cell up takes a tenth of
    reading it. What is done for every row is left to the interpreter's own loops.
    """

    def __init__(self, column: Column) -> None:
        self._column = column
        cells = column.cells if isinstance(column, Cells) else [cell for _, cell in column]
        self._keys: Sequence[Hashable] = cells
        if bool in set(map(type, cells)):  # True equals 1 and would be read as one
            self._keys = list(zip(map(type, cells), cells, strict=True))
        self._cells: dict[Hashable, Cell] = dict(zip(self._keys, cells, strict=True))

    def read(self, read: Callable[[Cell], T]) -> dict[Hashable, T]:
        """Return what each different cell says."""
        return {key: read(cell) for key, cell in self._cells.items()}

    def spread(self, known: Mapping[Hashable, T]) -> Iterator[T]:
        """Give what the rows say, from what their different cells do."""
        return map(known.__getitem__, self._keys)

    def unread(
        self, known: Mapping[Hashable, object], what: str | Callable[[Cell], str]
    ) -> tuple[Problem, ...]:
        """Return a problem for each cell that holds something and says nothing.

        Args:
            known: What the different cells say: None or ``()`` where that is nothing.
            what: Describes the problem, or such a cell's problem.
        """
        lost = {
            key: what if isinstance(what, str) else what(self._cells[key])
            for key, value in known.items()
            if (value is None or value == ()) and not is_empty(self._cells[key])
        }
        if not lost:
            return ()
        cells = zip(self._column, self._keys, strict=True)
        return tuple(Problem(line, lost[key]) for (line, _), key in cells if key in lost)


def read_once(column: Column, read: Callable[[Cell], T]) -> list[T]:
    """Read the cells of a column, each different one once."""
    cells = Distinct(column)
    return list(cells.spread(cells.read(read)))
