"""Our own tasks, read back with what the rep made of them.

An answer outlives what becomes of its task: deleted since, or without the key, the mark or the
person that it had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from goodword_salesforce.marks import Mark, mark_in, words_of
from goodword_salesforce.names import FIELDS, INTEGRATION, KEY, LATER, MARK, NAME, OUTCOME
from goodword_salesforce.reading.activities import SUBTYPES, TYPES
from goodword_salesforce.reading.columns import TASK, stamp_of, task_columns
from goodword_salesforce.reading.unfinished import tell_unfinished
from goodword_salesforce.reading.values import day_at
from goodword_salesforce.seam.collections import chunks
from goodword_salesforce.seam.query import Wanted, each_page_of
from goodword_salesforce.seam.soql import Condition, Query, any_of, compare, filled, one_of, select
from goodword_salesforce.seam.values import Row, day, is_true, moment

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk

AT_ONCE = 200
"""Keys of one query; each has up to 80 characters."""
ABOUT_THE_PERSON = frozenset({"never", "wrong person", "unhappy"})
"""Answers that count without knowing what was asked."""
ALONE = "answer-"
"""Begins the key of an answer on a task that lost its own."""
_GIVE = f"Give the integration user the permission set {INTEGRATION}."
_CHANNELS = frozenset({"call", "email", "meeting"})
_LABELS = {field.name: field.label for field in FIELDS}


def task_fields(desk: Desk) -> tuple[str, ...]:
    """Return what is read of a task of ours."""
    return task_columns(desk)


def reads_asks(desk: Desk) -> bool:
    """Say whether our tasks can be read with what reps answered on them."""
    return all(desk.has(TASK, name) for name in (KEY, MARK, OUTCOME))


def tell_unread(desk: Desk, sink: Sink) -> bool:
    """Say what of reps' answers cannot be read; return whether what is known of asks stays.

    Where nothing of ours was ever made, there is nothing to read.
    """
    memory = desk.memory
    if reads_asks(desk):
        hidden = [_LABELS[name] for name in (LATER, NAME) if not desk.has(TASK, name)]
        if hidden:
            told = " and ".join(f"'{label}'" for label in hidden)
            text = f"{told} cannot be seen on tasks, so what reps enter there is not read."
            sink.notice("permission", f"{text} {_GIVE}")
        return False
    if not (memory.attempts or memory.open_tasks or desk.fields):
        return False
    hidden = [_LABELS[name] for name in (KEY, MARK, OUTCOME) if not desk.has(TASK, name)]
    told = " and ".join(f"'{label}'" for label in hidden)
    text = f"{told} cannot be seen on tasks, so reps' answers are not read; those read before still"
    sink.notice("permission", f"{text} count. {_GIVE}")
    return True


def all_tasks(desk: Desk) -> Wanted:
    """Return the query for every task of ours, deleted and archived ones too."""
    return Wanted(_query(desk).where(_ours()), gone_too=True)


def changed_tasks(desk: Desk, since: datetime) -> Wanted:
    """Return the query for tasks of ours that were changed, deleted ones too."""
    changed = compare(stamp_of(desk, TASK), ">=", since)
    return Wanted(_query(desk).where(_ours(), changed), gone_too=True)


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
    """Hand over tasks with the reps' answers.

    One that a rep deleted goes, unless an outcome was chosen on it before; its key does not.
    """
    memory, rows = desk.memory, list(rows)
    intact = {row["Id"] for row in rows if _is_intact(row)}
    found = by_key(whole for row in rows if (whole := _whole(desk, row)) is not None)
    gone = [key for key, row in found.items() if is_true(row, "IsDeleted") and OUTCOME not in row]
    sink.remove("asks", [{"task_key": key} for key in gone])
    here = {key: row for key, row in found.items() if key not in gone}
    marks = {key: mark_in(row.get(MARK)) for key, row in here.items()}
    sink.put(
        "asks",
        [
            ask_row(desk, row, marks[key])
            for key, row in here.items()
            if marks[key] is not None or OUTCOME in row
        ],
    )
    for key, row in found.items():
        if key in gone or _is_over(row):
            memory.open_tasks.pop(row["Id"], None)
            if key in gone or row["Id"] in intact:
                memory.known_tasks.pop(row["Id"], None)
        else:
            memory.open_tasks[row["Id"]] = key
            if row["Id"] in intact:
                memory.known_tasks[row["Id"]] = (key, row["WhoId"], row[MARK])
    tell_unfinished(desk, sink, here.values())
    answered = {key: row for key, row in here.items() if OUTCOME in row}
    alone = [key for key, row in answered.items() if marks[key] is None or "WhoId" not in row]
    if alone:
        text = f"Answered tasks of ours lost their mark or whom they are about ({len(alone):,}). "
        text += "An answer counts as far as it is known whose it is: see to it that nothing empties"
        sink.notice("answers", f"{text} these fields.")


def ask_row(desk: Desk, row: Row, mark: Mark | None) -> Mapping[str, object]:
    """Return the row of one task; without a mark, it says nothing of what it was for."""
    over, ours = _is_over(row), mark.closed if mark else ""
    outcome = row.get(OUTCOME)
    kind = SUBTYPES.get(row.get("TaskSubtype", "")) or TYPES.get(row.get("Type", "").lower())
    ended = moment(row, "CompletedDateTime") or moment(row, "LastModifiedDate")
    return {
        "task_key": row[KEY],
        "remote_id": row["Id"],
        "contact_id": row.get("WhoId"),
        "owner_id": row.get("OwnerId"),
        "play": mark.play if mark else None,
        "cycle": mark.cycle if mark else None,
        "run_id": (mark.run or None) if mark else None,
        "state": (ours or "done") if over else "open",
        "edited": mark is None or is_edited(desk, row, mark),
        "created_at": moment(row, "CreatedDate"),
        "due_at": day_at(row, "ActivityDate"),
        "done_at": ended if over and not ours else None,
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


def _whole(desk: Desk, row: Row) -> Row | None:
    """Return a task with what it lost since it was read, as far as that is known.

    One that we took back, or of which nothing tells that it was ours, is none of ours.
    """
    mark = mark_in(row.get(MARK))
    key, contact, said = desk.memory.known_tasks.get(row["Id"], ("", "", ""))
    lost = {name: value for name, value in ((KEY, key), ("WhoId", contact)) if value}
    if mark is None and said:
        row = {**row, MARK: said}
    elif mark is not None and mark.closed and KEY not in row:
        return None
    row = {**lost, **row}
    if KEY in row:
        return row
    return {**row, KEY: f"{ALONE}{row['Id']}"} if row.get(OUTCOME) in ABOUT_THE_PERSON else None


def _is_intact(row: Row) -> bool:
    """Say whether a task has all that goodword gave it to be known by."""
    return KEY in row and "WhoId" in row and mark_in(row.get(MARK)) is not None


def _is_over(row: Row) -> bool:
    """Say whether a task is completed, or was deleted: nobody works on it any more."""
    return is_true(row, "IsClosed") or is_true(row, "IsDeleted")


def _ours() -> Condition:
    """Return the condition that only tasks of ours fit, though one of the two be emptied."""
    return any_of(filled(KEY), filled(MARK))


def _query(desk: Desk) -> Query:
    return select(TASK, *task_fields(desk))
