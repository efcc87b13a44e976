"""What ``goodword doctor`` says about the spreadsheets: files, headers, rows."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from goodword import Check, SourceError
from goodword_csv.files.atomic import open_elsewhere
from goodword_csv.rows.first_seen import FirstSeen
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.reading import read_tables
from goodword_csv.rows.sources import read_sheets
from goodword_csv.settings import CsvSettings
from goodword_csv.tasks.task_place import find_tasks

_WRITE = 0o222


def look(settings: CsvSettings, folder: Path, today: date) -> list[Check]:
    """Look at every file and report; nothing is changed."""
    checks = list(_files(settings, folder))
    notices = Notices()
    try:
        sheets = read_sheets(settings, folder)
        reading = read_tables(sheets, settings, FirstSeen(None, today), notices)
        file = reading.customers.rows.sheet.file
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
    checks += [Check(f"rows: {code}", ok=True, detail=text) for code, text in notices]
    return checks


def _files(settings: CsvSettings, folder: Path) -> Iterator[Check]:
    names = dict.fromkeys(source.file for source in settings.sources)
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


def _cannot_write(path: Path) -> tuple[str, str] | None:
    opened = open_elsewhere(path)
    if opened is not None:
        return opened, "Close it there before goodword apply."
    places: Sequence[tuple[Path, str]] = ((path, path.name), (path.parent, "its folder"))
    for place, name in places:
        if not place.stat().st_mode & _WRITE or not os.access(place, os.W_OK):
            return f"{name} is read-only", "Allow writing to it, or use a copy elsewhere."
    return None
