"""Our own tasks, read back with what the rep made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from goodword_salesforce.marks import Mark, mark_in, words_of
from goodword_salesforce.names import KEY, LATER, MARK, NAME, OUTCOME
from goodword_salesforce.reading.activities import SUBTYPES, TYPES
from goodword_salesforce.reading.columns import TASK, stamp_of, task_columns
from goodword_salesforce.reading.values import day_at
from goodword_salesforce.seam.collections import chunks
from goodword_salesforce.seam.query import Wanted, each_page_of
from goodword_salesforce.seam.soql import Query, compare, filled, one_of, select
from goodword_salesforce.seam.values import Row, day, is_true, moment

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk

AT_ONCE = 200
"""Keys of one query; each has up to 80 characters."""
_CHANNELS = frozenset({"call", "email", "meeting"})


def task_fields(desk: Desk) -> tuple[str, ...]:
    """Return what is read of a task of ours."""
    return task_columns(desk)


def all_tasks(desk: Desk) -> Wanted:
    """Return the query for every task of ours, deleted and archived ones too."""
    return Wanted(_query(desk).where(filled(KEY)), gone_too=True)


def changed_tasks(desk: Desk, since: datetime) -> Wanted:
    """Return the query for tasks of ours that were changed, deleted ones too."""
    changed = compare(stamp_of(desk, TASK), ">=", since)
    return Wanted(_query(desk).where(filled(KEY), changed), gone_too=True)


def tasks_by_key(desk: Desk, keys: Sequence[str]) -> dict[str, Row]:
    """Return the tasks with these keys, deleted and archived ones too, by key.

    Of a deleted task and one that is there, with the same key, the one that is there.
    """
    query = _query(desk)
    wanted = [
        Wanted(query.where(one_of(KEY, part)), gone_too=True) for part in chunks(keys, AT_ONCE)
    ]
    rows = [row for _, page in each_page_of(desk.org, wanted) for row in page] if wanted else []
    return by_key(row for row in rows if row.get(KEY) in keys)


def by_key(rows: Iterable[Row]) -> dict[str, Row]:
    """Return the tasks of each key: the one that is there, else one that was deleted."""
    ordered = sorted(rows, key=lambda row: not is_true(row, "IsDeleted"))
    return {row[KEY]: row for row in ordered if KEY in row}


def put_asks(desk: Desk, sink: Sink, rows: Iterable[Row]) -> None:
    """Hand over tasks with the reps' answers; one that a rep deleted goes, its key does not."""
    found = by_key(rows)
    gone = [key for key, row in found.items() if is_true(row, "IsDeleted")]
    sink.remove("asks", [{"task_key": key} for key in gone])
    marks = {key: mark_in(row.get(MARK)) for key, row in found.items() if key not in gone}
    sink.put(
        "asks",
        [ask_row(desk, found[key], mark) for key, mark in marks.items() if mark is not None],
    )
    for key, row in found.items():
        if key in gone or is_true(row, "IsClosed"):
            desk.memory.open_tasks.pop(row["Id"], None)
        else:
            desk.memory.open_tasks[row["Id"]] = key


def ask_row(desk: Desk, row: Row, mark: Mark) -> Mapping[str, object]:
    """Return the row of one task."""
    closed = is_true(row, "IsClosed")
    outcome = row.get(OUTCOME)
    kind = SUBTYPES.get(row.get("TaskSubtype", "")) or TYPES.get(row.get("Type", "").lower())
    ended = moment(row, "CompletedDateTime") or moment(row, "LastModifiedDate")
    return {
        "task_key": row[KEY],
        "remote_id": row["Id"],
        "contact_id": row.get("WhoId"),
        "owner_id": row.get("OwnerId"),
        "play": mark.play,
        "cycle": mark.cycle,
        "run_id": mark.run or None,
        "state": (mark.closed or "done") if closed else "open",
        "edited": is_edited(desk, row, mark),
        "created_at": moment(row, "CreatedDate"),
        "due_at": day_at(row, "ActivityDate"),
        "done_at": ended if closed and not mark.closed else None,
        "outcome": outcome,
        "outcome_at": day_at(row, LATER) if outcome == "later" else None,
        "outcome_name": row.get(NAME) if outcome == "yes" else None,
        "channel": kind if kind in _CHANNELS else None,
    }


def is_edited(desk: Desk, row: Row, mark: Mark) -> bool:
    """Say whether a rep changed the words or the day, began to work, or began to answer.

    With an outcome the answer is given, and counts though the task is still open.
    """
    if not is_true(row, "IsClosed") and row.get("Status") != desk.open_status:
        return True
    if not is_true(row, "IsClosed") and OUTCOME not in row and (LATER in row or NAME in row):
        return True
    words = words_of(row.get("Subject"), row.get("Description"), day(row, "ActivityDate"))
    return words != mark.words


def _query(desk: Desk) -> Query:
    return select(TASK, *task_fields(desk))
