"""What is left of lists that others took the place of: their task lists, their review lists.

They are files of ours beside a CSV list of before, which nothing reads any more. Whoever is to be
forgotten stands in them, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from goodword import SourceError, private_file
from goodword_csv.files.atomic import replace_atomically
from goodword_csv.files.text_file import Layout
from goodword_csv.settings import CsvSettings
from goodword_csv.tasks.beside_file import path_beside
from goodword_csv.tasks.changes import Changes
from goodword_csv.tasks.forgetting import leave_tasks
from goodword_csv.tasks.review_finding import review_at, review_paths
from goodword_csv.tasks.review_writing import left_beside, review_file, without
from goodword_csv.tasks.task_file import task_file
from goodword_csv.tasks.task_place import TaskPlace, tasks_beside

FILE = "csv/replaced.json"
"""Place in the state folder of the list of files that ``goodword replace`` put away."""
_TASKS, _REVIEW = ".tasks.csv", ".review*.csv"


def note_replaced(state: Path, old: Path) -> None:
    """Remember a file whose place another took: it still holds what is ours of then.

    Raises:
        SourceError: The state folder cannot be written.
    """
    names = [*dict.fromkeys([*map(str, replaced(state)), str(old)])]
    with private_file(state / FILE) as file:
        file.write(json.dumps(names).encode())


def replaced(state: Path) -> list[Path]:
    """Return the files whose place others took; a damaged list of them names none."""
    try:
        return [Path(name) for name in json.loads((state / FILE).read_text("utf-8"))]
    except (OSError, ValueError, TypeError, RecursionError):
        return []


def lists_of_tasks(settings: CsvSettings, folder: Path) -> Iterator[TaskPlace]:
    """Give the task lists that stand in files of their own beside the firm's lists, of before too.

    Args:
        settings: The section ``[plugin.csv]``.
        folder: The firm's folder.
    """
    for path in _files(settings, folder, _TASKS):
        try:
            place = tasks_beside(_list_of(path, _TASKS), Layout())
        except SourceError:  # nobody's task list, or none that can be read
            continue
        yield place


def forget_in_old_lists(
    contact_id: str, names: Sequence[str], settings: CsvSettings, folder: Path, state: Path
) -> list[str]:
    """Take a person out of the lists that are left of before; name what is not ours to change.

    Args:
        contact_id: The person.
        names: What they are called: names, e-mail, id.
        settings: The section ``[plugin.csv]``.
        folder: The firm's folder.
        state: The state folder.

    Raises:
        SourceError: A file of ours is open elsewhere or cannot be written.
    """
    now = folder / settings.customers.file
    used = {path_beside(now, "tasks"), *review_paths(now)}
    left: list[str] = []
    called = {contact_id: None} | dict.fromkeys(names)
    for path in _files(settings, folder, _TASKS):
        if path not in used:
            left += _without_tasks(path, contact_id, called)
    for path in _files(settings, folder, _REVIEW):
        if path not in used:
            left += _without_questions(path, list(called))
    for old in replaced(state):
        if old.is_file() and old not in {folder / source.file for source in settings.sources}:
            text = "is a list that another took the place of; it is as it was then."
            left.append(f"{old.name} {text} Delete it if the person must go there too.")
    return left


def _without_tasks(path: Path, contact_id: str, called: dict[str, None]) -> list[str]:
    """Clean one task list; the names that stand in it are added to *called*."""
    try:
        place = tasks_beside(_list_of(path, _TASKS), Layout())
    except SourceError:
        return [_unread(path)]
    changes = Changes(forgotten=True)
    names, left = leave_tasks(contact_id, list(called), place, changes)
    called |= dict.fromkeys(names)
    if changes.tasks or changes.removed:
        replace_atomically(path, task_file(changes, place), place.fingerprint)
    return left


def _without_questions(path: Path, names: Sequence[str]) -> list[str]:
    try:
        place = review_at(path, Layout(), None)
    except SourceError:
        return [_unread(path)]
    asked = without(place, names) if place is not None else None
    if place is None or not asked:
        return []
    replace_atomically(path, review_file(place, asked), place.fingerprint)
    return left_beside(place, asked)


def _unread(path: Path) -> str:
    return f"{path.name} could not be read; delete it if the person must go there too."


def _list_of(path: Path, ending: str) -> Path:
    """Return the list that a file of ours was beside."""
    return path.with_name(f"{path.name.removesuffix(ending)}.csv")


def _files(settings: CsvSettings, folder: Path, ending: str) -> list[Path]:
    places = {folder, *((folder / source.file).parent for source in settings.sources)}
    return sorted({path for place in places for path in place.glob(f"*{ending}")})
