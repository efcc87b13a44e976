"""A task list that is gone: what is lost with it, and which copy still holds it."""

from __future__ import annotations

import io
from pathlib import Path

import python_calamine

from goodword_csv.tasks.backups import Backups
from goodword_csv.tasks.task_place import TaskPlace


def told_of_lost_list(place: TaskPlace, held: int, book: Path, backups: Backups) -> str:
    """Say that a task list is gone, what that means, and how to get it back.

    Args:
        place: Where it should be.
        held: How many tasks it held when it was read last.
        book: The file of the customer list; the list is a sheet of it, or a file beside it.
        backups: The copies made before each run.
    """
    many = held > 1
    said = (
        f'Task list "{place.name}" is missing; it held {held:,} task{"s" if many else ""}, which'
        f" now count{'' if many else 's'} as deleted. Lost with it is what was ticked or written"
        " there since goodword last read it; those customers are left alone for a while."
    )
    if place.path is None:
        copy = backups.newest_copy(book, lambda data: _has_sheet(data, place.name))
        how = f'open it and move the sheet "{place.name}" back into {book.name}'
    else:
        copy = backups.newest_copy(place.path, bool)
        how = f"copy it beside {book.name} and name it {place.name}"
    if copy is None:
        return (
            f"{said} No backup holds it yet: if nobody meant to delete it, look in the recycle"
            " bin or the older versions your cloud drive keeps, or go on without it."
        )
    return (
        f"{said} If nobody meant to delete it, the newest copy is {copy.name} in {copy.parent},"
        f" as it was before goodword last wrote: {how}."
    )


def _has_sheet(data: bytes, name: str) -> bool:
    names = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    return any(each.casefold() == name.casefold() for each in names)
