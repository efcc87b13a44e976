"""Changes to new bytes: cell by cell into a CSV file or a sheet's part, all else untouched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from goodword_csv.files.atomic import Fingerprint
from goodword_csv.files.cells import CellEdit, CellValue
from goodword_csv.files.encoding import decode
from goodword_csv.files.new_sheet import NewSheet
from goodword_csv.files.records import Record
from goodword_csv.files.text_file import (
    Layout,
    add_records,
    file_bytes,
    fit,
    layout_of,
    set_cells,
    unprotected,
)
from goodword_csv.files.workbook_file import patch_workbook
from goodword_csv.layout.sniff import records_of
from goodword_csv.rows.sources import Sheet
from goodword_csv.tasks.changes import Changes, Texts
from goodword_csv.tasks.task_place import TaskPlace
from goodword_csv.tasks.task_sheet import (
    BODY,
    CHECK,
    CONTACT,
    CYCLE,
    DROPDOWNS,
    HEADER,
    SUBJECT,
    WIDTHS,
    check,
)


@dataclass(frozen=True, slots=True)
class NewContent:
    """A file's new bytes, and what it was when read (None: it was not there)."""

    path: Path
    data: bytes
    expected: Fingerprint | None


def new_contents(changes: Changes, sheet: Sheet, place: TaskPlace) -> list[NewContent]:
    """Return the files that change, the task list before the customer list.

    Raises:
        SourceError: A cell may not be written, or the file is not what it was.
    """
    file = sheet.file
    if file.book.format == "xlsx":
        data = _workbook(changes, sheet, place)
        return [] if data == file.data else [NewContent(file.path, data, file.fingerprint)]
    contents: list[NewContent] = []
    if place.path is not None and (changes.new_tasks or changes.tasks or changes.removed):
        data = _task_file(changes, place)
        contents.append(NewContent(place.path, data, place.fingerprint))
    if changes.cells:
        data = _list_file(changes, sheet)
        if data != file.data:
            contents.append(NewContent(file.path, data, file.fingerprint))
    return contents


# ---------------------------------------------------------------------- CSV


def _list_file(changes: Changes, sheet: Sheet) -> bytes:
    """Write our cells into the records of the list; with new columns every row gets them."""
    sniffed = sheet.file.book.layout
    if sniffed is None:
        msg = "a CSV file always has a layout"
        raise ValueError(msg)
    where = sheet.file.path.name
    decoded = decode(sheet.file.data, where=where, encoding=sheet.source.encoding)
    layout = layout_of(
        decoded,
        delimiter=sniffed.delimiter,
        newline=sniffed.newline,
        has_sep_line=sniffed.has_sep_line,
    )
    people = {row.line for row in sheet.grid.rows}
    blank = dict.fromkeys(changes.header, "")
    records: list[Record] = []
    for record in records_of(decoded, sniffed, where=where):
        values: dict[int, str] = {}
        if record.line == sheet.grid.header_line:
            values = changes.header
        elif record.line in people:
            own = changes.cells.get(record.line, {})
            values = blank | {at: "" if v is None else str(v) for at, v in own.items()}
        records.append(set_cells(record, values, layout) if values else record)
    return file_bytes(records, layout)


def _task_file(changes: Changes, place: TaskPlace) -> bytes:
    layout = place.layout
    removed = set(changes.removed)
    if place.tasks is None:
        records = add_records([], [HEADER], layout)
        columns = {title: index for index, title in enumerate(HEADER)}
    else:
        columns = dict(place.tasks.columns)
        records = [
            set_cells(record, _placed(changes.tasks[row], columns), layout)
            if row in changes.tasks
            else record
            for row, record in enumerate(place.records, start=1)
            if row not in removed
        ]
    width = max(columns.values()) + 1
    rows = []
    for texts in changes.new_tasks:
        cells = [""] * width
        for at, text in _placed(_for_csv(texts, layout), columns).items():
            cells[at] = text
        rows.append(cells)
    return file_bytes(add_records(records, rows, layout), layout)


def _placed(texts: Texts, columns: dict[str, int]) -> dict[int, str]:
    return {columns[title]: text for title, text in texts.items() if title in columns}


def _for_csv(texts: Texts, layout: Layout) -> Texts:
    """Mark our words as they will stand in the file, and keep ids from becoming numbers."""
    held = {title: fit(texts[title], layout.encoding) for title in (SUBJECT, BODY)}
    ids = {title: f"'{texts[title]}" for title in (CONTACT, CYCLE) if texts[title][:1].isdigit()}
    return texts | {CHECK: check(held[SUBJECT], unprotected(held[BODY]))} | ids


# ---------------------------------------------------------------------- XLSX


def _workbook(changes: Changes, sheet: Sheet, place: TaskPlace) -> bytes:
    edits: dict[str, list[CellEdit]] = {}
    if changes.cells:
        edits[sheet.grid.name] = list(_list_edits(changes, sheet))
    new_sheets: list[NewSheet] = []
    if place.tasks is not None:
        found = list(_task_edits(changes, place))
        if found:
            edits[place.name] = found
    elif changes.new_tasks:
        rows = [_task_cells(texts) for texts in changes.new_tasks]
        new_sheets.append(NewSheet(place.name, HEADER, rows, WIDTHS, DROPDOWNS))
    if not edits and not new_sheets:
        return sheet.file.data
    return patch_workbook(sheet.file.path, edits, new_sheets, forget=changes.forgotten)


def _list_edits(changes: Changes, sheet: Sheet) -> Iterator[CellEdit]:
    for at, title in changes.header.items():
        yield CellEdit(sheet.grid.header_line, at, title)
    for line, values in changes.cells.items():
        for at, value in values.items():
            yield CellEdit(line, at, value)


def _task_edits(changes: Changes, place: TaskPlace) -> Iterator[CellEdit]:
    tasks = place.tasks
    if tasks is None:
        return
    for line, texts in changes.tasks.items():
        for at, text in _placed(texts, dict(tasks.columns)).items():
            yield CellEdit(line, at, text or None)
    for line in changes.removed:
        for at in tasks.columns.values():
            yield CellEdit(line, at, None)
    for line, texts in enumerate(changes.new_tasks, start=tasks.end + 1):
        values = dict(zip(HEADER, _task_cells(texts), strict=True))
        for title, at in tasks.columns.items():
            if values[title] is not None:
                yield CellEdit(line, at, values[title])


def _task_cells(texts: Texts) -> list[CellValue]:
    marked = texts | {CHECK: check(texts[SUBJECT], texts[BODY])}
    return [marked.get(title) or None for title in HEADER]
