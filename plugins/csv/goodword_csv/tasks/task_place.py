"""Where the task list is: a sheet of the workbook, or a file beside the CSV list."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from goodword_csv.files.atomic import Fingerprint
from goodword_csv.files.records import Record
from goodword_csv.files.text_file import Layout
from goodword_csv.rows.sources import File
from goodword_csv.settings import CsvSettings
from goodword_csv.tasks.beside_file import layout_beside, path_beside, read_beside, sheet_beside
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
    return tasks_beside(file.path, layout_beside(file))


def tasks_beside(csv: Path, layout: Layout) -> TaskPlace:
    """Find the task list beside a CSV list, also where that list is gone.

    Args:
        csv: The customer list.
        layout: How a new one is to be written.

    Raises:
        SourceError: It cannot be read.
    """
    path = path_beside(csv, "tasks")
    found = read_beside(path)
    if found is None:
        return TaskPlace(path.name, None, path, layout=layout)
    tasks = task_list(found.lines, path.name)
    return TaskPlace(path.name, tasks, path, found.fingerprint, found.records, found.layout)


def _in_workbook(name: str, file: File) -> TaskPlace:
    found = sheet_beside(file, name)
    if found is None:
        return TaskPlace(name, None)
    real, lines = found
    return TaskPlace(real, task_list(lines, f'{file.path.name}, sheet "{name}"'))
