"""Where the task list is: a sheet of the workbook, or a file beside the CSV list."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass, field
from pathlib import Path

import python_calamine

from goodword import SourceError
from goodword_csv.files.atomic import Fingerprint, fingerprint, read_regular
from goodword_csv.files.encoding import decode
from goodword_csv.files.records import Record
from goodword_csv.files.text_file import Layout, layout_of
from goodword_csv.layout.sniff import records_of, sniff_text
from goodword_csv.rows.sources import File
from goodword_csv.settings import CsvSettings
from goodword_csv.tasks.task_sheet import TaskList, task_list


@dataclass(frozen=True, slots=True)
class TaskPlace:
    """The task list and what it is written in.

    Attributes:
        name: What messages call it.
        tasks: Its content; None while there is none.
        path: The file of its own beside a CSV list; None for a sheet of the workbook.
        fingerprint: What that file was when read; None while there is none.
        records: Its CSV records; the first is row 1 of the list.
        layout: How it is, or will be, written down.
    """

    name: str
    tasks: TaskList | None
    path: Path | None = None
    fingerprint: Fingerprint | None = None
    records: tuple[Record, ...] = ()
    layout: Layout = field(default_factory=Layout)


def find_tasks(settings: CsvSettings, file: File) -> TaskPlace:
    """Find the task list that belongs to the customer list in *file*.

    Raises:
        SourceError: It cannot be read, or a sheet of that name is something else.
    """
    if file.book.format == "xlsx":
        return _in_workbook(settings.tasks, file)
    path = file.path.with_name(f"{file.path.stem}.tasks.csv")
    delimiter = file.book.layout.delimiter if file.book.layout else ","
    if not os.path.lexists(path):
        fresh = Layout("utf-8", bom=True, delimiter=delimiter, newline="\r\n")
        return TaskPlace(path.name, None, path, layout=fresh)
    return _in_file(path)


def _in_workbook(name: str, file: File) -> TaskPlace:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.data))
    where = f'{file.path.name}, sheet "{name}"'
    real = next((sheet for sheet in book.sheet_names if sheet.casefold() == name.casefold()), None)
    if real is None:
        return TaskPlace(name, None)
    rows = book.get_sheet_by_name(real).to_python(skip_empty_area=False)
    return TaskPlace(real, task_list(list(enumerate(rows, start=1)), where))


def _in_file(path: Path) -> TaskPlace:
    before = fingerprint(path)
    data = read_regular(path)
    if hashlib.sha256(data).hexdigest() != before.sha256:
        msg = f"{path.name} is being written right now."
        raise SourceError(msg, hint="Wait until it is saved and run again.")
    decoded = decode(data, where=path.name)
    sniffed = sniff_text(decoded, where=path.name, header_row=0)
    records = tuple(records_of(decoded, sniffed, where=path.name))
    layout = layout_of(
        decoded,
        delimiter=sniffed.delimiter,
        newline=sniffed.newline,
        has_sep_line=sniffed.has_sep_line,
    )
    rows = [(number, record.cells) for number, record in enumerate(records, start=1)]
    return TaskPlace(path.name, task_list(rows, path.name), path, before, records, layout)
