"""The files of a firm as they are now: read once, each with what it was when it was read."""

from __future__ import annotations

import difflib
import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from goodword import SourceError
from goodword_csv.files.atomic import Fingerprint, fingerprint, read_regular
from goodword_csv.headers.columns import OWN_HEADERS
from goodword_csv.headers.vocabulary import header_key
from goodword_csv.layout.book import Book, Wanted, book_of
from goodword_csv.layout.grid import Grid
from goodword_csv.layout.header import holds_data
from goodword_csv.settings import CsvSettings, Source


@dataclass(frozen=True, slots=True)
class File:
    """One file as it was read: what it was, and its sheets."""

    path: Path
    fingerprint: Fingerprint
    book: Book

    @property
    def data(self) -> bytes:
        """Its bytes, read again: they are needed once or twice, and would be held all the time.

        Raises:
            SourceError: The file changed since it was read.
        """
        data = read_regular(self.path)
        if hashlib.sha256(data).hexdigest() != self.fingerprint.sha256:
            msg = f"{self.path.name} changed since it was read; it was not touched."
            raise SourceError(msg, hint="Run again, so that the new content is seen.")
        return data


@dataclass(frozen=True, slots=True)
class Sheet:
    """One source with its rows, and where its mapped fields are.

    Attributes:
        source: What the settings say about it.
        file: The file it is in.
        grid: Its rows.
        columns: Field name to indices into the grid's header, the primary one first.
    """

    source: Source
    file: File
    grid: Grid
    columns: Mapping[str, tuple[int, ...]]

    @property
    def where(self) -> str:
        """What messages call it."""
        return self.source.title

    def without_theirs(self) -> Sheet:
        """Return the sheet with the cells of our columns only; those of others read as empty."""
        keys = {header_key(name) for name in OWN_HEADERS}
        ours = [at for at, name in enumerate(self.grid.header) if header_key(name) in keys]
        grid = self.grid.only(ours)
        grids = tuple(grid if each is self.grid else each.only(()) for each in self.file.book.grids)
        file = replace(self.file, book=replace(self.file.book, grids=grids))
        return replace(self, file=file, grid=grid)


def read_file(path: Path, source: Source | None = None, wanted: Wanted | None = None) -> File:
    """Read a file whole, and note what it was.

    Args:
        path: The file.
        source: What the settings say about how it is written down.
        wanted: Of the names of a sheet's columns, those whose cells are kept; None keeps all.

    Raises:
        SourceError: Missing, unreadable, empty, not a spreadsheet, or changing right now.
    """
    before = fingerprint(path)
    data = read_regular(path)
    if hashlib.sha256(data).hexdigest() != before.sha256:
        msg = f"{path.name} is being written right now."
        raise SourceError(msg, hint="Wait until it is saved and run again.")
    header = source.header_row if source else None
    book = book_of(
        data,
        where=path.name,
        encoding=source.encoding if source else None,
        delimiter=source.delimiter if source else None,
        header_row=None if header is None else header - 1,
        wanted=wanted,
    )
    return File(path, before, book)


def told_of_formulas(book: Book) -> str:
    """Say that formulas of a file hold no values, which makes their cells look empty."""
    count = book.uncalculated
    text = f"{book.where}: {count:,} formula{'s hold' if count > 1 else ' holds'} no value yet"
    return f"{text} and read as empty. Open it in a spreadsheet program, save it, and run again."


def read_sheets(settings: CsvSettings, folder: Path) -> list[Sheet]:
    """Read every source of the settings, each file once.

    Columns that are neither mapped nor ours are not kept: they may be most of a file.

    Raises:
        SourceError: A file cannot be read, a sheet is gone, or a header was renamed.
    """
    sharing: dict[_Key, list[Source]] = defaultdict(list)
    for source in settings.sources:
        sharing[_key(source)].append(source)
    files: dict[_Key, File] = {}
    sheets: list[Sheet] = []
    for source in settings.sources:
        key = _key(source)
        if key not in files:
            files[key] = read_file(folder / source.file, source, _mapped(sharing[key]))
        grid = _grid(files[key].book, source)
        sheets.append(Sheet(source, files[key], grid, _columns(grid, source)))
    return sheets


_Key = tuple[str, str | None, str | None, int | None]


def _key(source: Source) -> _Key:
    """Return what two sources have in common that are read from a file at once."""
    return (source.file, source.encoding, source.delimiter, source.header_row)


def _mapped(sources: Sequence[Source]) -> Wanted:
    """Return what chooses the columns that sources name, and our own."""
    names = {
        name for source in sources for field in source.columns for name in source.headers(field)
    }
    names.update(OWN_HEADERS)
    keys = {header_key(name) for name in names} - {""}

    def wanted(header: Sequence[str]) -> Collection[int]:
        return {at for at, name in enumerate(header) if name in names or header_key(name) in keys}

    return wanted


def _grid(book: Book, source: Source) -> Grid:
    if book.format == "csv":
        return book.grids[0]
    names = [grid.name for grid in book.grids]
    wanted = source.sheet or names[0]
    for grid in book.grids:
        if grid.name == wanted:
            return grid
    reason = dict(book.left_out).get(wanted)
    if reason is not None:
        msg = f'{book.where}: sheet "{wanted}" cannot be read now: {reason}.'
        hint = "Show the sheet and give it a header row, or take it out of goodword.toml."
        raise SourceError(msg, hint=hint)
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.5)
    msg = f'{book.where} has no sheet "{wanted}" any more.'
    hint = f'Is it "{near[0]}" now? ' if near else f"It has: {', '.join(names)}. "
    raise SourceError(msg, hint=hint + "Write its name into goodword.toml.")


def _columns(grid: Grid, source: Source) -> dict[str, tuple[int, ...]]:
    return {
        field: tuple(_index(grid, source, header) for header in source.headers(field))
        for field in source.columns
    }


def _index(grid: Grid, source: Source, header: str) -> int:
    """Find a column by its header; only letters and digits count, whatever its place."""
    found = column_of(grid.header, header)
    if found is not None:
        return found
    sound = () if holds_data(grid.header) else grid.header  # people's names stand beside it
    near = difflib.get_close_matches(header, sound, n=1, cutoff=0.4)
    msg = f'{source.title} has no column "{header}" any more.'
    hint = f'Is it "{near[0]}" now? ' if near else ""
    hint += "Write the new header into goodword.toml, or run goodword init again."
    raise SourceError(msg, hint=hint)


def column_of(header: Sequence[str], name: str) -> int | None:
    """Return the index of the column called *name*, or None."""
    if name in header:
        return header.index(name)
    key = header_key(name)
    return next((i for i, other in enumerate(header) if key and header_key(other) == key), None)
