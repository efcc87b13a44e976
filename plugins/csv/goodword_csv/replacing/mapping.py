"""What the columns of a fresh export mean: as before, and guessed only where headers differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from goodword import SourceError
from goodword_csv.guessing.guess import SheetGuess
from goodword_csv.layout.grid import Grid
from goodword_csv.replacing.finding import Fit, headers_read
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.sources import File, column_of
from goodword_csv.settings import CsvSettings, Source
from goodword_csv.values.plain import id_of

Place: TypeAlias = tuple[str, str]

_SAME_IDS = 0.5
"""Share of ids that must be known for a column of another name to hold the same ids."""
_LAYOUT = ("encoding", "delimiter", "header_row")
_TELLS_APART = ("contact_id", "email", "phone", "name", "last_name")


def place_of(source: Source) -> Place:
    """Return where a source is: file and sheet."""
    return source.file, source.sheet


def mapped(
    settings: CsvSettings,
    new: File,
    fits: Sequence[Fit],
    folder: Path,
    *,
    before: Mapping[Place, Sequence[str]],
    ids: Collection[str],
    notices: Notices,
) -> CsvSettings:
    """Return the settings with the new file in the place of the old one.

    Args:
        settings: As they are.
        new: The new file, somewhere in the firm's folder.
        fits: Its sheets, with the sources they replace.
        folder: The firm's folder.
        before: Headers of the old sheets; what was there and not read stays unread. Of a sheet
            that is not there any more, those that were read.
        ids: Contact ids of the old list.
        notices: Hears of columns that are gone or new.
    """
    fitting = {id(fit.source): fit for fit in fits}
    name = new.path.relative_to(folder)
    sources = []
    for source in settings.sources:
        known = source.model_dump(exclude_unset=True)
        fit = fitting.get(id(source))
        if fit is not None:
            old = before.get(place_of(source)) or headers_read(source)
            known |= {"file": name.as_posix(), "columns": _columns(fit, old, ids, notices)}
            for setting in ("sheet", *(() if fit.as_before else _LAYOUT)):
                known.pop(setting, None)
            if new.book.format == "xlsx":
                known["sheet"] = fit.grid.name
            for setting in ("day_first", "decimal"):
                said = getattr(fit.guess, setting)
                if setting not in known and said is not None:
                    known[setting] = said
        sources.append(known)
    whole = settings.model_dump(exclude_unset=True) | {"sources": sources}
    return CsvSettings.model_validate(whole)


def _columns(
    fit: Fit, before: Sequence[str], ids: Collection[str], notices: Notices
) -> dict[str, str | list[str]]:
    source, grid, guess = fit.source, fit.grid, fit.guess
    columns: dict[str, str | list[str]] = {}
    for field in source.columns:
        headers = [name for header in source.headers(field) if (name := _there(grid, header))]
        headers = headers or list(_renamed(field, source, grid, guess, ids))
        if headers:
            columns[field] = headers[0] if len(headers) == 1 else headers
        else:
            gone = ", ".join(f'"{header}"' for header in source.headers(field))
            notices.say("gone", f"Column {gone} is not there; {field} is not known from it now.")
    used = {column_of(grid.header, one) for headers in columns.values() for one in _list(headers)}
    same_kind = guess.kind == source.kind
    for field, column in guess.columns.items() if same_kind else ():
        is_new = column_of(before, column.header) is None
        if field not in columns and column.index not in used and is_new and field != "contact_id":
            columns[field] = column.header
            notices.say("new", f'New column "{column.header}" is read as {field}.')
    if source.write and not any(field in columns for field in _TELLS_APART):
        msg = "The new file says nothing that tells people apart: no id, e-mail, phone or name."
        raise SourceError(msg, hint="Export it again with such a column.")
    return columns


def _there(grid: Grid, header: str) -> str | None:
    """Return a header as the new file writes it."""
    at = column_of(grid.header, header)
    return None if at is None else grid.header[at]


def _renamed(
    field: str, source: Source, grid: Grid, guess: SheetGuess, ids: Collection[str]
) -> Iterator[str]:
    """Give the headers that mean what a missing one meant; ids count only where they are known."""
    column = guess.columns.get(field)
    if column is None or guess.kind != source.kind:
        return
    if field == "contact_id":
        values = {id_of(cell) for _, cell in grid.column(column.index)} - {""}
        if len(values & set(ids)) < _SAME_IDS * len(values):
            return
    for index in (column.index, *column.also):
        yield grid.header[index]


def _list(headers: str | list[str]) -> list[str]:
    return [headers] if isinstance(headers, str) else headers
