"""Which file of a firm a fresh export replaces, and which of its sheets is which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from goodword import SourceError
from goodword_csv.guessing.guess import SheetGuess, guess_grid
from goodword_csv.layout.grid import Grid
from goodword_csv.rows.sources import File, column_of, read_file
from goodword_csv.settings import CsvSettings, Source
from goodword_csv.tasks.task_sheet import KEY

_LIKELY = 0.5
"""Half of the columns we read have to be there, for a file to be found by itself."""
_CLEAR = 0.15
"""How much likelier the best file must be than the second one."""
_SAME_SHEET = 0.8
"""Columns of a sheet that make it the same whatever its rows are taken for."""
_OTHER_KIND = 0.8
"""What such a sheet counts: orders hold names and addresses, too, and are no list of customers."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A sheet of the new file that takes the place of a source.

    Attributes:
        source: What it takes the place of.
        grid: Its rows.
        guess: What they mean by themselves.
        likeness: From 0 to 1.
        as_before: It is read with what the settings say about encoding, delimiter and header row.
    """

    source: Source
    grid: Grid
    guess: SheetGuess
    likeness: float
    as_before: bool = False


def fits(new: File, settings: CsvSettings) -> dict[str, list[Fit]]:
    """Return by old file which sheets of the new one would take its place, likeliest file first."""
    sheets = _sheets(new)
    found: dict[str, list[Fit]] = defaultdict(list)
    for source in settings.sources:
        before = _read_as_before(new, source)
        fitting = [
            Fit(source, grid, guess, likeness, as_before=before is not None)
            for grid, guess in (sheets if before is None else _sheets(before))
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


def _sheets(new: File) -> list[tuple[Grid, SheetGuess]]:
    """Return the sheets of the new file, without a task list of ours."""
    return [
        (grid, guess_grid(grid, file_name=new.path.name))
        for grid in new.book.grids
        if column_of(grid.header, KEY) is None
    ]


def _read_as_before(new: File, source: Source) -> File | None:
    """Read the new file as the settings say of the old one; None where that fits it no better.

    A person said it because the old file was misread; an export of the same program would be, too.
    An encoding is only doubted where the file is UTF-8 for sure.
    """
    said = (source.encoding, source.delimiter, source.header_row)
    if new.book.layout is None or said == (None, None, None):
        return None
    try:
        before = read_file(new.path, source)
    except SourceError:  # it is laid out otherwise
        return None
    there, by_itself = (_share(source, file.book.grids[0]) for file in (before, new))
    same = before.book.grids == new.book.grids
    unsure = not new.book.layout.encoding.startswith("utf")
    return before if there > by_itself or (there == by_itself and (same or unsure)) else None


def _worth(fit: Sequence[Fit]) -> float:
    return max(each.likeness for each in fit)


def _likeness(source: Source, grid: Grid, guess: SheetGuess) -> float:
    """Say how alike: the share of the columns read so far, or half as much for meanings."""
    share = _share(source, grid)
    if guess.kind != source.kind:
        return share * _OTHER_KIND if share >= _SAME_SHEET else 0.0
    meanings = sum(field in guess.columns for field in source.columns)
    return max(share, meanings / len(source.columns) / 2 if source.columns else 0.0)


def headers_read(source: Source) -> list[str]:
    """Return every header that the settings name for a source."""
    return [header for field in source.columns for header in source.headers(field)]


def _share(source: Source, grid: Grid) -> float:
    """Return the share of the headers of a source that a sheet has."""
    headers = headers_read(source)
    there = sum(column_of(grid.header, header) is not None for header in headers)
    return there / len(headers) if headers else 0.0
