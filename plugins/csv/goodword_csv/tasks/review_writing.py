"""The review list as it is to be: new questions in it, and nobody who is to be forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from goodword_csv.files.cells import CellEdit
from goodword_csv.files.new_sheet import NewSheet
from goodword_csv.files.text_file import add_records, file_bytes, set_cells
from goodword_csv.tasks.review_list import CHOICES, HEADER, WIDTHS, ReviewPlace, about


@dataclass(frozen=True, slots=True)
class ReviewChanges:
    """What is to change in a review list.

    Attributes:
        rows: Rows to add, texts by title.
        removed: Rows that go.
        emptied: Row to titles of cells that become empty.
    """

    rows: Sequence[Mapping[str, str]] = ()
    removed: Collection[int] = ()
    emptied: Mapping[int, Collection[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Say whether anything changes."""
        return bool(self.rows or self.removed or self.emptied)


def without(place: ReviewPlace, names: Collection[str]) -> ReviewChanges:
    """Take a person out of the list: see ``about``."""
    removed, emptied = about(place, names)
    return ReviewChanges((), removed, emptied)


def review_file(place: ReviewPlace, changes: ReviewChanges) -> bytes:
    """Return the bytes of the file beside a CSV list."""
    columns = place.columns
    if columns is None:
        columns = {title: at for at, title in enumerate(HEADER)}
        records = add_records([], [HEADER], place.layout)
    else:
        records = []
        for row, record in enumerate(place.records, start=1):
            if row not in changes.removed:
                empty = {columns[title]: "" for title in changes.emptied.get(row, ())}
                records.append(set_cells(record, empty, place.layout))
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
    return [NewSheet(place.name, HEADER, rows, WIDTHS, choices=CHOICES)]


def review_edits(place: ReviewPlace, changes: ReviewChanges) -> dict[str, list[CellEdit]]:
    """Return the cells to change in the sheet of a workbook, by its name; empty for none."""
    columns = place.columns or {}
    edits = [CellEdit(line, at, None) for line in changes.removed for at in columns.values()]
    for line, titles in changes.emptied.items():
        edits += [CellEdit(line, columns[title], None) for title in titles]
    for line, texts in enumerate(changes.rows, start=place.end + 1):
        edits += [CellEdit(line, at, texts[t]) for t, at in columns.items() if texts.get(t)]
    return {place.name: edits} if edits else {}
