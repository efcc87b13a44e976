"""What is ours of the old list, written into the new one: columns, refusals, tasks, questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from goodword_csv.files.text_file import unprotected
from goodword_csv.rows.own_columns import DO_NOT_ASK, FIELDS, ID, placed
from goodword_csv.rows.reading import Reading
from goodword_csv.rows.sources import column_of
from goodword_csv.tasks.changes import PUT_BACK, Changes, Texts
from goodword_csv.tasks.review_list import ReviewPlace
from goodword_csv.tasks.review_writing import ReviewChanges
from goodword_csv.tasks.task_place import TaskPlace
from goodword_csv.tasks.task_sheet import CHECK, CONTACT, CYCLE, HEADER, TaskRow
from goodword_csv.values.plain import id_of, text_of

_MIDNIGHT = "T00:00:00"
"""What a date has behind it where a spreadsheet program made a typed cell of it."""


@dataclass(frozen=True, slots=True)
class Ours:
    """What one person's row held of ours: our fields, and the words of a refusal."""

    fields: Mapping[str, str | int | None]
    refusal: str


@dataclass(frozen=True, slots=True)
class Retired:
    """What is ours of the old list: by person, the task list and the review list."""

    ours: Mapping[str, Ours]
    tasks: TaskPlace
    review: ReviewPlace


def ours_of(old: Reading) -> dict[str, Ours]:
    """Return what the old list holds of ours, by person; of equal rows the first counts."""
    roll, grid = old.customers.roll, old.customers.rows.sheet.grid
    at = column_of(grid.header, DO_NOT_ASK)
    found: dict[str, Ours] = {}
    for one, row, own, answer in zip(roll.ids, grid.rows, old.own, roll.refused, strict=True):
        if one is None or one in found:
            continue
        said = unprotected(text_of(row.cells[at])) if at is not None and answer == "yes" else ""
        refusal = said or (PUT_BACK if one in roll.remembered else "")
        if refusal or any(value is not None for value in own.values()):
            found[one] = Ours(own, refusal)
    return found


def carried(ours: Mapping[str, Ours], new: Reading, changes: Changes) -> None:
    """Note the cells of the new list that take over what the old one held."""
    roll, grid = new.customers.roll, new.customers.rows.sheet.grid
    columns = placed(grid.header, with_id=roll.cells is not None)
    for index, (one, row) in enumerate(zip(roll.ids, grid.rows, strict=True)):
        refusal = PUT_BACK if one in roll.remembered else ""
        held = ours.get(one or "", Ours({}, refusal))
        wanted: dict[int, str | int | None] = {
            columns[FIELDS[name]]: value
            for name, value in held.fields.items()
            if value is not None and new.own[index].get(name) != value
        }
        if (held.refusal or refusal) and roll.refused[index] != "yes":
            wanted[columns[DO_NOT_ASK]] = held.refusal or refusal
        has_fields = any(value is not None for value in held.fields.values())
        if roll.cells is not None and has_fields and roll.cells[index] != one:
            wanted[columns[ID]] = one
        if wanted:
            changes.cells[row.line] |= wanted
    if changes.cells:
        width = len(grid.header)
        changes.header = {at: name for name, at in columns.items() if at >= width}


def tasks_carried(old: TaskPlace, new: TaskPlace, changes: Changes) -> None:
    """Note the tasks of the old list for the new one; where both hold one, the old one counts."""
    known = new.tasks.by_key() if new.tasks is not None else {}
    for key, row in (old.tasks.by_key() if old.tasks is not None else {}).items():
        texts = _texts(row)
        there = known.get(key)
        if there is None:
            changes.new_tasks.append(texts)
        elif any(there.text(title) != text for title, text in texts.items()):
            changes.tasks[there.line] |= texts


def questions_carried(old: ReviewPlace, new: ReviewPlace) -> ReviewChanges:
    """Return the questions of the old list for the new one; answers of the old one count."""
    known = {row.key: row for row in new.rows}
    rows = [row for row in old.rows if row.key not in known or known[row.key].texts != row.texts]
    replaced = [known[row.key].line for row in rows if row.key in known]
    return ReviewChanges([row.texts for row in rows], replaced)


def _texts(row: TaskRow) -> Texts:
    """Return every cell of a task as text; only an edited one keeps the mark that shows it."""
    texts = {title: row.text(title).removesuffix(_MIDNIGHT) for title in HEADER}
    texts |= {title: id_of(texts[title]) for title in (CONTACT, CYCLE)}
    if not row.edited:
        del texts[CHECK]
    return texts
