"""Answers that do not count, or not as they stand: they are told, by the ids of their records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from goodword_salesforce.names import NAME, OUTCOME
from goodword_salesforce.reading.columns import TASK
from goodword_salesforce.reading.outcomes import is_unknown
from goodword_salesforce.seam.values import Row, is_true

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk

NAMED = 5
"""Most tasks a notice names."""
CODE = "answers"


def tell_unfinished(desk: Desk, sink: Sink, rows: Iterable[Row]) -> None:
    """Say which completed tasks of ours have a name and no outcome; it counts with one."""
    if not desk.has(TASK, OUTCOME):
        return
    done = (row for row in rows if is_true(row, "IsClosed") and not is_true(row, "IsDeleted"))
    left = [row["Id"] for row in done if NAME in row and OUTCOME not in row]
    if left:
        text = "A name on a completed task of ours counts once the outcome says that it was given"
        sink.notice(CODE, f"{text} {_named(left)}: choose 'Yes, gave a name' on the task.")


def tell_unknown(sink: Sink, rows: Iterable[Row]) -> None:
    """Say which records have an outcome that is none of ours."""
    left = [row["Id"] for row in rows if is_unknown(row)]
    if left:
        text = "An outcome that goodword does not know counts as 'No', where one counts"
        sink.notice(CODE, f"{text} {_named(left)}: choose one of its own instead.")


def tell_elsewhere(sink: Sink, rows: Iterable[Row]) -> None:
    """Say which tasks and events that are not ours have an outcome that does not count there."""
    left = [row["Id"] for row in rows if not is_true(row, "IsDeleted")]
    if left:
        text = "On tasks and events that goodword did not make, 'Never ask again', 'Wrong person' "
        text += "and 'Unhappy' count, and only with a contact or lead; another outcome does not"
        sink.notice(CODE, f"{text} {_named(left)}.")


def tell_bare(sink: Sink, tasks: int) -> None:
    """Say how many answered tasks of ours lost what says what they were for, or about whom."""
    if tasks:
        text = f"Answered tasks of ours lost their mark or whom they are about ({tasks:,}). An "
        text += "answer counts as far as it is known whose it is: see to it that nothing empties"
        sink.notice(CODE, f"{text} these fields.")


def _named(records: Iterable[str]) -> str:
    ids = sorted(records)
    more = f" and {len(ids) - NAMED:,} more" if len(ids) > NAMED else ""
    return f"(record ID {', '.join(ids[:NAMED])}{more})"
