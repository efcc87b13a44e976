"""What ``goodword doctor`` says about the spreadsheets: files, headers, rows."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from goodword import Check, SourceError, Workplace
from goodword_csv.files.atomic import open_elsewhere
from goodword_csv.files.conflict_copies import conflict_copies, told_of_copies
from goodword_csv.files.table_trial import odd_tables
from goodword_csv.files.workbook_file import left_apart
from goodword_csv.guessing.left_unread import left_unread
from goodword_csv.headers.columns import OWN_HEADERS
from goodword_csv.rows.first_seen import FirstSeen
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.reading import read_tables
from goodword_csv.rows.register import read_register
from goodword_csv.rows.sources import File, Sheet, read_file, read_sheets
from goodword_csv.settings import CsvSettings
from goodword_csv.tasks.review_finding import find_review
from goodword_csv.tasks.task_place import find_tasks

_WRITE = 0o222
MEND_TABLE = (
    "goodword may not be able to write to that sheet: open the workbook in your spreadsheet"
    " program, let it repair the table or turn the table into plain cells, and save it."
)


def look(settings: CsvSettings, work: Workplace) -> list[Check]:
    """Look at every file and report; nothing is changed."""
    folder = work.folder
    checks = list(_files(settings, folder))
    notices = Notices()
    try:
        sheets = read_sheets(settings, folder)
        file = next(sheet.file for sheet in sheets if sheet.source.write)
        seen, known = FirstSeen(None, work.today), read_register(work.state)
        review = find_review(file, known.mark())
        review.tell(notices)
        reading = read_tables(sheets, settings, seen, notices, review.answers, register=known)
        place = find_tasks(settings, file)
    except SourceError as error:
        return [*checks, Check("columns", ok=False, detail=error.message, hint=error.hint)]
    columns = sum(len(sheet.columns) for sheet in sheets)
    checks.append(
        Check("columns", ok=True, detail=f"{columns} columns in {len(sheets)} sheets are found")
    )
    counts = ", ".join(
        f"{len(rows):,} {name}" for name, rows in reading.tables.items() if name != "own_fields"
    )
    checks.append(Check("rows", ok=True, detail=counts))
    tasks = "none yet" if place.tasks is None else f"{len(place.tasks.rows)} tasks"
    checks.append(Check("task list", ok=True, detail=f"{place.name}: {tasks}"))
    if review.rows:
        waiting = len(review.rows) - len(review.answers)
        checks.append(
            Check("review list", ok=True, detail=f"{review.name}: {waiting:,} unanswered")
        )
    checks += [
        Check("tables", ok=False, detail=text, hint=MEND_TABLE)
        for text in odd_tables_of(file, reading.customers.rows.sheet.grid.name, place.name)
    ]
    checks += _sorting(reading.customers.rows.sheet)
    checks += _left_unread(settings, folder)
    checks += [Check(f"rows: {code}", ok=True, detail=text) for code, text in notices]
    return checks


def odd_tables_of(file: File, *sheets: str) -> list[str]:
    """Say what is wrong with the tables of the sheets we write to; nothing of a CSV file."""
    if file.book.format != "xlsx":
        return []
    return odd_tables(file.data, file.path.name, sheets)


def _sorting(sheet: Sheet) -> Iterator[Check]:
    """Say where sorting by a table or a filter would leave our columns behind."""
    ours = [at for at, title in enumerate(sheet.grid.header) if title in OWN_HEADERS]
    if sheet.file.book.format != "xlsx" or not ours:
        return
    for cells in left_apart(sheet.file.path, sheet.grid.name, sheet.grid.header_line, min(ours)):
        detail = f"{sheet.where}: the table or filter {cells} ends before our columns"
        hint = "Select all columns before you sort, or make it reach over ours."
        yield Check("sorting", ok=True, detail=detail, hint=hint)


def _left_unread(settings: CsvSettings, folder: Path) -> Iterator[Check]:
    """Name columns that may say whom to leave alone and are not read; other columns are needed."""
    for source in settings.sources:
        if source.kind != "contacts":
            continue
        same = [e for e in settings.sources if (e.file, e.sheet) == (source.file, source.sheet)]
        grids = read_file(folder / source.file, source).book.grids
        grid = next((g for g in grids if g.name == source.sheet), grids[0])
        for text in left_unread(source, grid, same):
            yield Check("left unread", ok=True, detail=text)


def _files(settings: CsvSettings, folder: Path) -> Iterator[Check]:
    names = dict.fromkeys(source.file for source in settings.sources)
    known = {folder / name for name in names}
    for name in names:
        path = folder / name
        written = name == settings.customers.file
        if not path.is_file():
            hint = "Put it back, or run goodword init again."
            yield Check(name, ok=False, detail="is not there", hint=hint)
            continue
        problem = _cannot_write(path) if written else None
        if problem is not None:
            yield Check(name, ok=False, detail=problem[0], hint=problem[1])
        else:
            detail = "can be read and written" if written else "can be read"
            yield Check(name, ok=True, detail=detail)
        copies = conflict_copies(path, known)
        if copies:
            yield Check(f"copies of {path.name}", ok=True, detail=told_of_copies(copies, path.name))


def _cannot_write(path: Path) -> tuple[str, str] | None:
    opened = open_elsewhere(path)
    if opened is not None:
        return opened, "Close it there before goodword apply."
    places: Sequence[tuple[Path, str]] = ((path, path.name), (path.parent, "its folder"))
    for place, name in places:
        if not place.stat().st_mode & _WRITE or not os.access(place, os.W_OK):
            return f"{name} is read-only", "Allow writing to it, or use a copy elsewhere."
    return None
