"""Answers on tasks and events that reps made themselves: what they say about the person counts.

What was asked there, and whether anything was, nobody knows; so a yes, a no or a day does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from goodword_salesforce.names import OUTCOME
from goodword_salesforce.reading.columns import EVENT, columns_of
from goodword_salesforce.reading.outcomes import ABOUT_THE_PERSON, outcome_of
from goodword_salesforce.reading.unfinished import tell_elsewhere, tell_unknown
from goodword_salesforce.reading.values import day_at
from goodword_salesforce.seam.query import Wanted
from goodword_salesforce.seam.soql import filled, select
from goodword_salesforce.seam.values import Row, moment

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk

_ALONE = "answer-"


def key_alone(record: str) -> str:
    """Return the key of an answer on a record that has none of ours, or lost it."""
    return f"{_ALONE}{record}"


def is_alone(key: str) -> bool:
    """Say whether a key is of such an answer."""
    return key.startswith(_ALONE)


def is_about_the_person(row: Row) -> bool:
    """Say whether an answer counts without knowing what was asked."""
    return outcome_of(row) in ABOUT_THE_PERSON


def answered_events(desk: Desk) -> Wanted | None:
    """Return the query for every event with an outcome, deleted and archived ones too."""
    if not desk.has(EVENT, OUTCOME):
        return None
    return Wanted(select(EVENT, *columns_of(desk, EVENT)).where(filled(OUTCOME)), gone_too=True)


def put_answers_of_events(desk: Desk, sink: Sink, rows: Sequence[Row]) -> None:
    """Hand over what events say about people; what one of them does not say any more goes."""
    if not desk.has(EVENT, OUTCOME):
        return
    counting = [row for row in rows if is_about_the_person(row) and row.get("WhoId")]
    heard = {row["Id"] for row in counting}
    withdraw(sink, (row["Id"] for row in rows if row["Id"] not in heard))
    sink.put("asks", [_said(row) for row in counting])
    tell_unknown(sink, rows)
    tell_elsewhere(sink, (row for row in rows if OUTCOME in row and row["Id"] not in heard))


def withdraw(sink: Sink, records: Iterable[str]) -> None:
    """Take out what records said that say nothing about the person any more."""
    sink.remove("asks", [{"task_key": key_alone(each)} for each in records])


def _said(row: Row) -> Mapping[str, object]:
    return {
        "task_key": key_alone(row["Id"]),
        "remote_id": row["Id"],
        "contact_id": row["WhoId"],
        "owner_id": row.get("OwnerId"),
        "state": "done",
        "edited": True,
        "created_at": moment(row, "CreatedDate"),
        "due_at": day_at(row, "ActivityDate"),
        "done_at": moment(row, "LastModifiedDate") or moment(row, "CreatedDate"),
        "outcome": outcome_of(row),
    }
