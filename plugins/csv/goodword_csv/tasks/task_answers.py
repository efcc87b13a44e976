"""What the reps wrote into the task list, as rows of ``asks``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from goodword_csv.rows.first_seen import FirstSeen
from goodword_csv.rows.notices import Notices, named
from goodword_csv.tasks.outcomes import CHOICES, is_ours
from goodword_csv.tasks.task_sheet import (
    CONTACT,
    CYCLE,
    DONE,
    DUE,
    FOR,
    NAME,
    OUTCOME,
    OUTCOME_DATE,
    PLAY,
    RUN,
    WRITTEN,
    TaskRow,
    first_by_key,
)
from goodword_csv.values.dates import parse_dates
from goodword_csv.values.plain import id_of, is_empty

LONGEST_NAME = 60
"""Letters of the longest name that is likely: two double surnames fit."""
_NO_NAME = re.compile(r"[\d,]")


def ask_rows(
    tasks: Iterable[TaskRow],
    seen: FirstSeen,
    notices: Notices,
    where: str,
    *,
    day_first: bool | None,
) -> Iterator[dict[str, object]]:
    """Return the tasks as rows of ``asks``, with what the reps wrote; of a copied row the first."""
    rows = list(first_by_key(tasks).values())
    _tell_nameless(rows, notices, where)
    _tell_wordy(rows, notices, where)
    _tell_unanswered(rows, notices, where)

    def dates(title: str) -> Sequence[datetime | None]:
        column = [(row.line, row.cells.get(title, "")) for row in rows]
        return parse_dates(column, day_first=day_first).values

    columns = (dates(title) for title in (DONE, OUTCOME_DATE, DUE, WRITTEN))
    for row, done, said, due, written in zip(rows, *columns, strict=True):
        if row.outcome is not None and not is_ours(row.text(OUTCOME)):
            what = f'with an outcome in other words, read as "{row.outcome}"'
            notices.rows("outcome", where, what, [row.line], unit="row")
        if row.unread:
            what = f"with an outcome we do not know; write one of: {', '.join(CHOICES)}"
            notices.rows("outcome", where, what, [row.line], unit="row")
        later = row.outcome == "later"
        if later and said is None and not is_empty(row.cells.get(OUTCOME_DATE, "")):
            what = "with an outcome date we cannot read"
            notices.rows("outcome", where, what, [row.line], unit="row")
        finished = done or (None if later else said)
        if row.state == "done" and finished is None:
            finished = seen.at(f"done:{row.key}", due.date() if due else None)
        yield {
            "task_key": row.key,
            "remote_id": row.key,
            "contact_id": id_of(row.text(CONTACT)) or None,
            "owner_id": row.text(FOR) or None,
            "play": row.text(PLAY) or None,
            "cycle": id_of(row.text(CYCLE)) or None,
            "run_id": row.text(RUN) or None,
            "state": row.state,
            "edited": row.touched,
            "created_at": written,
            "due_at": due,
            "done_at": finished if row.state == "done" else None,
            "outcome": row.outcome,
            "outcome_at": said if later else None,
            "outcome_name": row.text(NAME) or None,
        }


def _tell_nameless(rows: Sequence[TaskRow], notices: Notices, where: str) -> None:
    """Say which introductions nobody can be thanked for yet."""
    lines = [row.line for row in rows if row.outcome == "yes" and not row.text(NAME)]
    if lines:
        what = f"{len(lines):,} yes without a name"
        todo = f'fill in "{NAME}" ({named(lines, unit="row")})'
        notices.say("outcome", f"{where}: {what}: {todo}; no thank-you can be planned before that")


def _tell_wordy(rows: Sequence[TaskRow], notices: Notices, where: str) -> None:
    """Say where more than a name was given: nobody can be recognised by the whole of it."""
    told = [(row.line, row.text(NAME)) for row in rows]
    lines = [line for line, name in told if len(name) > LONGEST_NAME or _NO_NAME.search(name)]
    what = f'with more than a name in "{NAME}"; only the name belongs there'
    notices.rows("outcome", where, what, lines, unit="row")


def _tell_unanswered(rows: Sequence[TaskRow], notices: Notices, where: str) -> None:
    """Say where a name counts for nothing yet, because no outcome says that it was given."""
    done = (row for row in rows if row.state == "done" and row.outcome is None and not row.unread)
    lines = [row.line for row in done if row.text(NAME)]
    what = f'with a "{NAME}", but no outcome; write yes, and the name counts'
    notices.rows("outcome", where, what, lines, unit="row")
