"""Our own tasks, read back with what the rep made of them, and others with an outcome.

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
from goodword_salesforce.reading.columns import EVENT, TASK, stamp_of, task_columns
from goodword_salesforce.reading.elsewhere import (
    is_about_the_person,
    is_alone,
    key_alone,
    withdraw,
)
from goodword_salesforce.reading.outcomes import is_over, outcome_of
from goodword_salesforce.reading.unfinished import (
    tell_bare,
    tell_elsewhere,
    tell_unfinished,
    tell_unknown,
)
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
        if desk.described(EVENT) and not desk.has(EVENT, OUTCOME):
            text = f"'{_LABELS[OUTCOME]}' cannot be seen on events, so a 'Never ask again' there "
            sink.notice("permission", f"{text}is not read. {_GIVE}")
        return False
    if not (memory.attempts or memory.open_tasks or desk.fields):
        return False
    hidden = [_LABELS[name] for name in (KEY, MARK, OUTCOME) if not desk.has(TASK, name)]
    told = " and ".join(f"'{label}'" for label in hidden)
    text = f"{told} cannot be seen on tasks, so reps' answers are not read; those read before still"
    sink.notice("permission", f"{text} count. {_GIVE}")
    return True


def all_tasks(desk: Desk) -> Wanted:
    """Return the query for every task of ours or with an outcome, deleted and archived ones too."""
    return Wanted(_query(desk).where(_ours()), gone_too=True)


def changed_tasks(desk: Desk, since: datetime) -> Wanted:
    """Return the query for those tasks that were changed, deleted ones too."""
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


def tell_taken_back(desk: Desk, sink: Sink) -> None:
    """Say that tasks are gone which were taken back: without a key no query shows them.

    While the key is hidden nobody knows; all tasks are read once it can be seen again.
    """
    if not desk.has(TASK, KEY):
        return
    if keys := desk.memory.recently_taken_back(desk.org.clock()):
        there = tasks_by_key(desk, keys)
        sink.remove("asks", [{"task_key": key} for key in keys if key not in there])


def by_key(rows: Iterable[Row]) -> dict[str, Row]:
    """Return the tasks of each key: the one that is there, else one that was deleted."""
    ordered = sorted(rows, key=lambda row: not is_true(row, "IsDeleted"))
    return {row[KEY]: row for row in ordered if KEY in row}


def put_asks(desk: Desk, sink: Sink, rows: Iterable[Row]) -> None:
    """Hand over tasks with the reps' answers.

    One that a rep deleted goes, unless it was answered before; its key does not.
    """
    memory, rows = desk.memory, list(rows)
    none_of_ours = [row for row in rows if _whole(desk, row) is None and not _is_taken_back(row)]
    withdraw(sink, (row["Id"] for row in none_of_ours))
    intact = {row["Id"] for row in rows if _is_intact(row)}
    found = by_key(whole for row in rows if (whole := _whole(desk, row)) is not None)
    gone = [key for key, row in found.items() if is_true(row, "IsDeleted") and not outcome_of(row)]
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
        if key in gone or is_over(row):
            memory.open_tasks.pop(row["Id"], None)
            if key in gone or row["Id"] in intact:
                memory.known_tasks.pop(row["Id"], None)
        else:
            memory.open_tasks[row["Id"]] = key
            if row["Id"] in intact:
                memory.known_tasks[row["Id"]] = (key, row["WhoId"], row[MARK])
    tell_unfinished(desk, sink, here.values())
    tell_unknown(sink, rows)
    tell_elsewhere(sink, (row for row in none_of_ours if OUTCOME in row))
    answered = {key: row for key, row in here.items() if OUTCOME in row}
    bare = [k for k, r in answered.items() if marks[k] is None or "WhoId" not in r]
    tell_bare(sink, sum(not is_alone(key) or "WhoId" not in here[key] for key in bare))


def ask_row(desk: Desk, row: Row, mark: Mark | None) -> Mapping[str, object]:
    """Return the row of one task; without a mark, it says nothing of what it was for."""
    over, ours = is_over(row), mark.closed if mark else ""
    outcome = outcome_of(row)
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
        "outcome_at": day_at(row, LATER),
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
    elif _is_taken_back(row):
        return None
    row = {**lost, **row}
    if KEY in row:
        return row
    return {**row, KEY: key_alone(row["Id"])} if is_about_the_person(row) else None


def _is_taken_back(row: Row) -> bool:
    """Say whether we freed the key of a task, to delete it."""
    mark = mark_in(row.get(MARK))
    return mark is not None and bool(mark.closed) and KEY not in row


def _is_intact(row: Row) -> bool:
    """Say whether a task has all that goodword gave it to be known by."""
    return KEY in row and "WhoId" in row and mark_in(row.get(MARK)) is not None


def _ours() -> Condition:
    """Return the condition that tasks of ours fit, and those that say something of the person.

    Somebody may have emptied the key, the mark or both; an answer is there all the same.
    """
    return any_of(filled(KEY), filled(MARK), filled(OUTCOME))


def _query(desk: Desk) -> Query:
    return select(TASK, *task_fields(desk))
