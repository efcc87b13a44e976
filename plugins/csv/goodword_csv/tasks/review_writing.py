"""The review list as it is to be: new questions in it, and nobody who is to be forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from goodword_csv.files.cells import CellEdit
from goodword_csv.files.new_sheet import NewSheet
from goodword_csv.files.text_file import add_records, file_bytes, set_cells
from goodword_csv.rows.identity import folded
from goodword_csv.rows.notices import named
from goodword_csv.tasks.review_list import (
    ANSWER,
    CHOICES,
    CUSTOMER,
    HEADER,
    HIDDEN,
    REVIEW_HEIGHT,
    SUGGESTIONS,
    WIDTHS,
    WROTE,
    ReviewPlace,
    ReviewRow,
)
from goodword_csv.tasks.task_sheet import KEY


@dataclass(frozen=True, slots=True)
class ReviewChanges:
    """What is to change in a review list.

    Attributes:
        rows: Rows to add, texts by title.
        removed: Rows whose question goes, and with it the row where nothing else stands in it.
        emptied: Row to titles of cells that become empty.
        cleared: Row to columns that are not ours and become empty all the same.
    """

    rows: Sequence[Mapping[str, str]] = ()
    removed: Collection[int] = ()
    emptied: Mapping[int, Collection[str]] = field(default_factory=dict)
    cleared: Mapping[int, Collection[int]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Say whether anything changes."""
        return bool(self.rows or self.removed or self.emptied or self.cleared)


@dataclass(frozen=True, slots=True)
class Traces:
    """What a review list says about a person.

    Attributes:
        rows: Rows that are about them.
        cells: Row to titles of cells elsewhere that suggest them.
        beside: Row to columns that are not ours and name them.
    """

    rows: list[int]
    cells: dict[int, list[str]]
    beside: dict[int, list[int]]


def about(place: ReviewPlace, names: Collection[str]) -> Traces:
    """Return what the list says about a person.

    Args:
        place: The list.
        names: Full names, addresses and ids of the person.
    """
    wanted = {key for name in names if (key := folded(name))}
    whole = {folded(name) for name in names if len(name.split()) > 1 or "@" in name}

    def holds(text: str) -> bool:
        key = folded(text)
        return key in wanted or any(name in key for name in whole)

    found = Traces([], {}, {})
    for row in place.rows:
        held = {title for title, text in row.texts.items() if title != KEY and holds(text)}
        columns = [at for at, text in row.beside.items() if holds(text)]
        if columns:
            found.beside[row.line] = columns
        if held & {CUSTOMER, WROTE, ANSWER}:
            found.rows.append(row.line)
        elif titles := [title for title in SUGGESTIONS if title in held]:
            found.cells[row.line] = titles
    return found


def without(place: ReviewPlace, names: Collection[str]) -> ReviewChanges:
    """Take a person out of the list: see ``about``."""
    found = about(place, names)
    return ReviewChanges((), found.rows, found.cells, found.beside)


def left_beside(place: ReviewPlace, changes: ReviewChanges) -> list[str]:
    """Say in which rows of a person who goes something of the firm's own stays."""
    gone = set(changes.removed)
    kept = [row.line for row in place.rows if row.line in gone and _stays(row, changes)]
    if place.path is not None:  # in a file an emptied row goes, and the rows below move up
        dropped = gone - set(kept)
        kept = [line - sum(one < line for one in dropped) for line in kept]
    if not kept:
        return []
    what = "of the review list: notes in columns of your own"
    return [f"{place.name}, {named(kept, unit='row')} {what}. Delete them if they must go too."]


def _stays(row: ReviewRow, changes: ReviewChanges) -> bool:
    return bool(set(row.beside) - set(changes.cleared.get(row.line, ())))


def review_file(place: ReviewPlace, changes: ReviewChanges) -> bytes:
    """Return the bytes of the file beside a CSV list."""
    columns = place.columns
    if columns is None:
        columns = {title: at for at, title in enumerate(HEADER)}
        records = add_records([], [HEADER], place.layout)
    else:
        records = []
        stays = {row.line for row in place.rows if _stays(row, changes)}
        for row, record in enumerate(place.records, start=1):
            empty = {columns[title]: "" for title in changes.emptied.get(row, ())}
            empty |= dict.fromkeys(changes.cleared.get(row, ()), "")
            if row in changes.removed:
                if row not in stays:
                    continue
                empty |= dict.fromkeys(columns.values(), "")
            records.append(set_cells(record, empty, place.layout) if empty else record)
    cells = [[""] * (max(columns.values()) + 1) for _ in changes.rows]
    for texts, line in zip(changes.rows, cells, strict=True):
        for title, text in texts.items():
            if title in columns:
                line[columns[title]] = text
    return file_bytes(add_records(records, cells, place.layout), place.layout)


def review_sheets(place: ReviewPlace, changes: ReviewChanges) -> list[NewSheet]:
    """Return the sheet to add to a workbook that has no review list yet, if it needs one."""
    if place.columns is not None or not changes.rows:
        return []
    rows = [[texts.get(title) or None for title in HEADER] for texts in changes.rows]
    return [
        NewSheet(
            place.name,
            HEADER,
            rows,
            WIDTHS,
            choices=CHOICES,
            hidden=HIDDEN,
            row_height=REVIEW_HEIGHT,
        )
    ]


def review_edits(place: ReviewPlace, changes: ReviewChanges) -> dict[str, list[CellEdit]]:
    """Return the cells to change in the sheet of a workbook, by its name; empty for none."""
    columns = place.columns or {}
    edits = [CellEdit(line, at, None) for line in changes.removed for at in columns.values()]
    edits += [CellEdit(line, at, None) for line, ats in changes.cleared.items() for at in ats]
    for line, titles in changes.emptied.items():
        edits += [CellEdit(line, columns[title], None) for title in titles]
    for line, texts in enumerate(changes.rows, start=place.end + 1):
        edits += [CellEdit(line, at, texts[t]) for t, at in columns.items() if texts.get(t)]
    return {place.name: edits} if edits else {}
