"""Which file of a firm a fresh export replaces, and which of its sheets is which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from goodword import SourceError
from goodword_csv.guessing.guess import SheetGuess, guess_grid
from goodword_csv.layout.grid import Grid
from goodword_csv.rows.sources import File, column_of
from goodword_csv.settings import CsvSettings, Source
from goodword_csv.tasks.task_sheet import KEY

_LIKELY = 0.5
"""Half of the columns we read have to be there, for a file to be found by itself."""
_CLEAR = 0.15
"""How much likelier the best file must be than the second one."""
_SAME_SHEET = 0.8
"""Columns of a sheet that make it the same whatever its rows are taken for."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A sheet of the new file that takes the place of a source; *likeness* from 0 to 1."""

    source: Source
    grid: Grid
    guess: SheetGuess
    likeness: float


def fits(new: File, settings: CsvSettings) -> dict[str, list[Fit]]:
    """Return by old file which sheets of the new one would take its place, likeliest file first."""
    sheets = [
        (grid, guess_grid(grid, file_name=new.path.name))
        for grid in new.book.grids
        if column_of(grid.header, KEY) is None
    ]
    found: dict[str, list[Fit]] = defaultdict(list)
    for source in settings.sources:
        fitting = [
            Fit(source, grid, guess, likeness)
            for grid, guess in sheets
            if (likeness := _likeness(source, grid, guess)) > 0
        ]
        if fitting:
            best = max(fitting, key=lambda fit: (fit.grid.name == source.sheet, fit.likeness))
            found[source.file].append(best)
    return dict(sorted(found.items(), key=lambda item: -_worth(item[1])))


def chosen(found: Mapping[str, Sequence[Fit]], of: str, settings: CsvSettings) -> str | None:
    """Return the file that is replaced; None where a person has to say.

    Args:
        found: What ``fits`` says.
        of: The file the user named; empty where the user named none.
        settings: The firm's.

    Raises:
        SourceError: No file is like it, or none of that name is read.
    """
    if of:
        names = {source.file for source in settings.sources}
        named = [name for name in names if of in (name, Path(name).name)]
        if len(named) == 1:
            return named[0]
        msg = f"goodword reads no file {of!r}."
        raise SourceError(msg, hint=f"It reads: {', '.join(sorted(names))}.")
    if not found:
        msg = "This file holds nothing like the files goodword reads."
        hint = "Is it the right one? Name the file it replaces: --of FILE"
        raise SourceError(msg, hint=hint)
    worth = [_worth(fit) for fit in found.values()]
    if worth[0] < _LIKELY or (len(worth) > 1 and worth[0] - worth[1] < _CLEAR):
        return None
    return next(iter(found))


def _worth(fit: Sequence[Fit]) -> float:
    return max(each.likeness for each in fit)


def _likeness(source: Source, grid: Grid, guess: SheetGuess) -> float:
    """Say how alike: the share of the columns read so far, or half as much for meanings."""
    headers = [header for field in source.columns for header in source.headers(field)]
    there = sum(column_of(grid.header, header) is not None for header in headers)
    share = there / len(headers) if headers else 0.0
    if guess.kind != source.kind:
        return share if share >= _SAME_SHEET else 0.0
    meanings = sum(field in guess.columns for field in source.columns)
    return max(share, meanings / len(source.columns) / 2 if source.columns else 0.0)
