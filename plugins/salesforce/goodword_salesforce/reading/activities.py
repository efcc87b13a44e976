"""What happened with people: completed tasks, events, and campaigns they answered to.

Our own tasks are not among them; they are read as asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from goodword_salesforce.names import KEY
from goodword_salesforce.reading.columns import EVENT, MEMBER, TASK, columns_of
from goodword_salesforce.reading.values import day_at, whole
from goodword_salesforce.seam.query import Wanted
from goodword_salesforce.seam.soql import Condition, Term, all_of, compare, equal, filled, select
from goodword_salesforce.seam.values import Row, is_true, moment

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk

SUBTYPES = {"Call": "call", "Email": "email", "ListEmail": "newsletter", "LinkedIn": "message"}
"""Subtype of a task to our word for what happened; it is the same in every org."""
TYPES = {"call": "call", "email": "email", "meeting": "meeting"}
"""Type of a task, which orgs choose themselves, to our word."""
CAMPAIGNS: Mapping[str, str] = {
    "advertisement": "advert",
    "conference": "event",
    "email": "newsletter",
    "seminar / conference": "event",
    "trade show": "event",
    "webinar": "webinar",
}
COUNTED = ("Call", "Email")
"""Subtypes of tasks that Salesforce counts for us."""
_MADE = "CreatedDate"


def recent_tasks(desk: Desk) -> Wanted | None:
    """Return the query for what reps completed of late, archived or not."""
    days = desk.settings.engagement_days
    if not days or not desk.has(TASK, "ActivityDate"):
        return None
    since = desk.work.today - timedelta(days=days)
    query = select(TASK, *columns_of(desk, TASK))
    return Wanted(query.where(*_done(desk), compare("ActivityDate", ">=", since)), gone_too=True)


def recent_events(desk: Desk) -> Wanted | None:
    """Return the query for the events of late."""
    days = desk.settings.engagement_days
    if not days or not desk.has(EVENT, "ActivityDate"):
        return None
    since = desk.work.today - timedelta(days=days)
    query = select(EVENT, *columns_of(desk, EVENT))
    return Wanted(query.where(*_past(desk), compare("ActivityDate", ">=", since)), gone_too=True)


def responses(desk: Desk) -> Wanted:
    """Return the query for the campaigns that people answered to."""
    query = select(MEMBER, *columns_of(desk, MEMBER))
    return Wanted(query.where(equal("HasResponded", True)))


def counts(desk: Desk, people: Condition | None = None) -> dict[str, Wanted]:
    """Return, by our word, the queries that count touches of each person, however long ago.

    Args:
        desk: The org.
        people: Condition on the person; without it, everybody's are counted.
    """
    also = (people,) if people else ()
    terms = (
        "WhoId",
        Term("COUNT", "Id", "times"),
        Term("MIN", "ActivityDate", "first_at"),
        Term("MAX", "ActivityDate", "last_at"),
    )
    found: dict[str, Wanted] = {}
    if desk.has(TASK, "TaskSubtype") and desk.has(TASK, "ActivityDate"):
        for subtype in COUNTED:
            query = select(TASK, *terms).where(*_done(desk), equal("TaskSubtype", subtype), *also)
            found[SUBTYPES[subtype]] = Wanted(query.group_by("WhoId"), gone_too=True)
    if desk.has(EVENT, "ActivityDate"):
        query = select(EVENT, *terms).where(*_past(desk), *also)
        found["meeting"] = Wanted(query.group_by("WhoId"), gone_too=True)
    return found


def put_counts(sink: Sink, kind: str, rows: Sequence[Row]) -> None:
    """Hand over how often each person was touched so."""
    sink.put(
        "touches",
        [
            {
                "contact_id": row["WhoId"],
                "kind": kind,
                "count": whole(row, "times"),
                "first_at": day_at(row, "first_at"),
                "last_at": day_at(row, "last_at"),
            }
            for row in rows
        ],
    )


def put_activities(desk: Desk, sink: Sink, of: str, rows: Sequence[Row]) -> None:
    """Hand over tasks, events or answers to campaigns; what is none any more goes."""
    kept = [row for row in rows if _counts(desk, of, row)]
    here = {row["Id"] for row in kept}
    sink.remove("activities", [{"activity_id": r["Id"]} for r in rows if r["Id"] not in here])
    sink.put("activities", [_activity(of, row) for row in kept])


def _activity(of: str, row: Row) -> dict[str, object]:
    return {
        "activity_id": row["Id"],
        "contact_id": _who(row),
        "owner_id": row.get("OwnerId"),
        "kind": _kind(of, row),
        "at": _at(row),
        "subject": row.get("Campaign.Name") if of == MEMBER else row.get("Subject"),
        "direction": "in" if of == MEMBER else None,
    }


def _counts(desk: Desk, of: str, row: Row) -> bool:
    """Say whether something happened with a person."""
    if is_true(row, "IsDeleted") or not _who(row):
        return False
    if of == MEMBER:
        return is_true(row, "HasResponded")
    if of == TASK:
        return is_true(row, "IsClosed")
    at = _at(row)
    return at is not None and at.date() <= desk.work.today


def _who(row: Row) -> str | None:
    return row.get("WhoId") or row.get("ContactId") or row.get("LeadId")


def _kind(of: str, row: Row) -> str:
    if of == EVENT:
        return "meeting"
    if of == MEMBER:
        return CAMPAIGNS.get(row.get("Campaign.Type", "").lower(), "campaign")
    told = TYPES.get(row.get("Type", "").lower())
    return SUBTYPES.get(row.get("TaskSubtype", "")) or told or "task"


def _at(row: Row) -> datetime | None:
    """Return when it happened: the day it was meant for, which reps enter, before all else."""
    start = moment(row, "StartDateTime") or day_at(row, "FirstRespondedDate")
    return start or day_at(row, "ActivityDate") or moment(row, _MADE)


def _done(desk: Desk) -> Iterator[Condition]:
    """Yield what holds of a task that a rep completed about somebody, and that is not ours."""
    yield equal("IsDeleted", False)
    yield equal("IsClosed", True)
    yield filled("WhoId")
    if desk.has(TASK, KEY):
        yield equal(KEY, None)


def _past(desk: Desk) -> Iterator[Condition]:
    yield all_of(
        equal("IsDeleted", False),
        filled("WhoId"),
        compare("ActivityDate", "<=", desk.work.today),
    )
