"""The task list written as a CSV file: each record keeps its raw text, also where it moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from goodword_csv.files.records import Record
from goodword_csv.files.text_file import (
    Layout,
    add_records,
    file_bytes,
    fit,
    set_cells,
    unprotected,
)
from goodword_csv.tasks.changes import Changes, Texts
from goodword_csv.tasks.order import standing
from goodword_csv.tasks.task_place import TaskPlace
from goodword_csv.tasks.task_sheet import BODY, CHECK, CONTACT, CYCLE, HEADER, SUBJECT, check


def task_file(changes: Changes, place: TaskPlace) -> bytes:
    """Return the bytes of the task file once a batch is written, the tasks in their order.

    Nothing is put in order while somebody is forgotten: messages name lines then.
    """
    layout = place.layout
    if place.tasks is None:
        records = add_records([], [HEADER], layout)
        columns: Mapping[str, int] = {title: at for at, title in enumerate(HEADER)}
    else:
        records, columns = list(place.records), place.tasks.columns
    after = standing(place.tasks, changes, len(records) + 1)
    blank = dict.fromkeys(columns.values(), "")
    values = {line: in_columns(texts, columns) for line, texts in changes.tasks.items()}
    values |= dict.fromkeys(changes.removed, blank)  # what stands beside ours stays
    records = [
        set_cells(record, values[line], layout) if line in values else record
        for line, record in enumerate(records, start=1)
    ]
    width = max(columns.values()) + 1
    rows = []
    for texts in changes.new_tasks:
        cells = [""] * width
        for at, text in in_columns(_for_csv(texts, layout), columns).items():
            cells[at] = text
        rows.append(cells)
    records = add_records(records, rows, layout)
    moves = {} if changes.forgotten else after.moves
    return file_bytes(_moved(records, moves, set(after.emptied), layout), layout)


def in_columns(texts: Texts, columns: Mapping[str, int]) -> dict[int, str]:
    """Return texts by column; what has no column is left out."""
    return {columns[title]: text for title, text in texts.items() if title in columns}


def _moved(
    records: Sequence[Record], moves: Mapping[int, int], emptied: set[int], layout: Layout
) -> list[Record]:
    """Put records in order and leave out empty ones; the last line end stays as it was."""
    by_line = dict(enumerate(records, start=1))
    placed = by_line | {new: by_line[old] for old, new in moves.items()}
    went_to = {moves.get(line, line) for line in emptied}
    kept = [placed[line] for line in sorted(placed) if line not in went_to]
    if not moves or not kept:
        return kept
    ended = [_with_end(record, layout) for record in kept]
    if records[-1].raw.endswith(("\r", "\n")):
        return ended
    last = ended[-1]
    return [*ended[:-1], replace(last, raw=last.raw.removesuffix(layout.newline))]


def _with_end(record: Record, layout: Layout) -> Record:
    if record.raw.endswith(("\r", "\n")):
        return record
    return replace(record, raw=record.raw + layout.newline)


def _for_csv(texts: Texts, layout: Layout) -> Texts:
    """Mark our words as they will stand in the file, and keep ids from becoming numbers."""
    held = {title: fit(texts[title], layout.encoding) for title in (SUBJECT, BODY)}
    ids = {title: f"'{texts[title]}" for title in (CONTACT, CYCLE) if texts[title][:1].isdigit()}
    fresh = {CHECK: check(held[SUBJECT], unprotected(held[BODY]))}  # one carried over has its own
    return fresh | texts | ids
