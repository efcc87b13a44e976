"""Changes to new bytes: cell by cell into a CSV file or a sheet's part, all else untouched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from goodword_csv.files.atomic import Fingerprint
from goodword_csv.files.cells import CellEdit
from goodword_csv.files.encoding import encoded
from goodword_csv.files.new_sheet import NewSheet
from goodword_csv.files.records import Record
from goodword_csv.files.table_part import Reach
from goodword_csv.files.text_file import Layout, file_bytes, layout_of, set_cells
from goodword_csv.files.workbook_file import Arrangement, patch_workbook
from goodword_csv.headers.columns import OWN_HEADERS
from goodword_csv.layout.sniff import records_of
from goodword_csv.rows.own_columns import FIELDS
from goodword_csv.rows.sources import Sheet
from goodword_csv.tasks.carrying import carried_file, carried_tab
from goodword_csv.tasks.changes import Changes
from goodword_csv.tasks.headline import AsOf
from goodword_csv.tasks.review_list import REVIEW_HEIGHT, ReviewPlace
from goodword_csv.tasks.review_writing import (
    ReviewChanges,
    review_edits,
    review_file,
    review_sheets,
)
from goodword_csv.tasks.task_file import task_file
from goodword_csv.tasks.task_place import TaskPlace
from goodword_csv.tasks.task_tab import task_edits, task_tab

_ROOM, _REASON = 4, 60.0
"""Characters beside a title for the arrow of a filter, and the width of a sentence."""


@dataclass(frozen=True, slots=True)
class NewContent:
    """A file's new bytes, and what it was when read (None: it was not there)."""

    path: Path
    data: bytes
    expected: Fingerprint | None


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes into the same files along with a batch.

    Attributes:
        carried: A task list that goes over to a place that has none; a batch that comes with it
            holds no tasks.
        review: The review list; None leaves it alone.
        asked: What changes in it.
    """

    carried: TaskPlace | None = None
    review: ReviewPlace | None = None
    asked: ReviewChanges = field(default_factory=ReviewChanges)


def new_contents(
    changes: Changes, sheet: Sheet, place: TaskPlace, as_of: AsOf, beside: Beside | None = None
) -> list[NewContent]:
    """Return the files that change: review list, task list, customer list.

    Questions come along with tasks, so they are first: without them no later run would ask.

    Args:
        changes: What is written.
        sheet: The customer list.
        place: The task list.
        as_of: The day and the referrals, for the headline.
        beside: What else is written.

    Raises:
        SourceError: A cell may not be written, or the file is not what it was.
    """
    file = sheet.file
    beside = beside or Beside()
    if file.book.format == "xlsx":
        data = _workbook(changes, sheet, place, as_of, beside)
        return [] if data is None else [NewContent(file.path, data, file.fingerprint)]
    contents: list[NewContent] = []
    review, old = beside.review, beside.carried
    if review is not None and review.path is not None and beside.asked:
        data = review_file(review, beside.asked)
        contents.append(NewContent(review.path, data, review.fingerprint))
    if place.path and place.tasks is None and old is not None and old.tasks is not None:
        data = carried_file(old, old.tasks, place)
        contents.append(NewContent(place.path, data, place.fingerprint))
    elif place.path is not None and (changes.new_tasks or changes.tasks or changes.removed):
        data = task_file(changes, place)
        contents.append(NewContent(place.path, data, place.fingerprint))
    if changes.cells:
        before = file.data
        data = _list_file(before, changes, sheet)
        if data != before:
            contents.append(NewContent(file.path, data, file.fingerprint))
    return contents


# ---------------------------------------------------------------------- CSV


def _list_file(data: bytes, changes: Changes, sheet: Sheet) -> bytes:
    """Write our cells into the records of the list; with new columns every row gets them."""
    sniffed = sheet.file.book.layout
    if sniffed is None:
        msg = "a CSV file always has a layout"
        raise ValueError(msg)
    where = sheet.file.path.name
    text = encoded(data, where=where, encoding=sheet.source.encoding)
    layout = layout_of(
        text,
        delimiter=sniffed.delimiter,
        newline=sniffed.newline,
        has_sep_line=sniffed.has_sep_line,
    )
    return file_bytes(
        _new_records(records_of(text, sniffed, where=where), changes, sheet, layout), layout
    )


def _new_records(
    records: Iterable[Record], changes: Changes, sheet: Sheet, layout: Layout
) -> Iterator[Record]:
    """Give the records of the list as they are to be, one at a time: together they are large."""
    people = frozenset(sheet.grid.lines)
    blank = dict.fromkeys(changes.header, "")
    for record in records:
        values: dict[int, str] = {}
        if record.line == sheet.grid.header_line:
            values = changes.header
        elif record.line in people:
            own = changes.cells.get(record.line, {})
            values = blank | {at: "" if v is None else str(v) for at, v in own.items()}
        yield set_cells(record, values, layout) if values else record


# ---------------------------------------------------------------------- XLSX


def _workbook(
    changes: Changes, sheet: Sheet, place: TaskPlace, as_of: AsOf, beside: Beside
) -> bytes | None:
    """The new bytes of the workbook; None where nothing changes in it."""
    edits: dict[str, Sequence[CellEdit]] = {}
    arranged: dict[str, Arrangement] = {}
    new_sheets: list[NewSheet] = []
    if beside.review is not None:
        edits |= review_edits(beside.review, beside.asked)
        arranged[beside.review.name] = Arrangement(row_height=REVIEW_HEIGHT)
    if changes.cells:
        name = sheet.grid.name
        edits[name] = list(_list_edits(changes, sheet))
        arranged[name] = Arrangement(_reach(changes, sheet), widths=_widths(changes))
    if place.tasks is not None:
        found, how = task_edits(changes, place.tasks, as_of)
        if found:
            edits[place.name], arranged[place.name] = found, how
    elif beside.carried is not None and beside.carried.tasks is not None:
        new_sheets.append(carried_tab(place.name, beside.carried.tasks, as_of))
    elif changes.new_tasks:
        new_sheets.append(task_tab(place.name, changes.new_tasks, as_of))
    if beside.review is not None:
        new_sheets += review_sheets(beside.review, beside.asked)
    if not edits and not new_sheets:
        return None
    data = patch_workbook(
        sheet.file.path, edits, new_sheets, arranged=arranged, forget=changes.forgotten
    )
    return None if data == sheet.file.data else data


def _list_edits(changes: Changes, sheet: Sheet) -> Iterator[CellEdit]:
    last = len(sheet.grid.header) - 1  # the new header shall look like the one beside it
    for at, title in changes.header.items():
        yield CellEdit(sheet.grid.header_line, at, title, like=last)
    for line, values in changes.cells.items():
        for at, value in values.items():
            yield CellEdit(line, at, value)


def _widths(changes: Changes) -> dict[int, float]:
    """Return how wide our new columns are: each shows its title, and the reason a sentence."""
    widths = {at: float(len(title) + _ROOM) for at, title in changes.header.items()}
    return widths | {at: _REASON for at, title in changes.header.items() if title == FIELDS["why"]}


def _reach(changes: Changes, sheet: Sheet) -> Reach:
    """Let tables and filters of the customer list reach over our columns, and no further."""
    ours = {at: title for at, title in enumerate(sheet.grid.header) if title in OWN_HEADERS}
    return Reach(sheet.grid.header_line, ours | changes.header, 0, 0)
