"""What was deleted or changed in a span of time."""

from __future__ import annotations

from typing import NamedTuple

from goodword_salesforce.fake.answers import Answer, refuse
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.request import Request
from goodword_salesforce.fake.routing import Route
from goodword_salesforce.fake.times import DAY, as_moment, kept_moment

DELETED_DAYS = 15
UPDATED_DAYS = 30


class Span(NamedTuple):
    """From when to when, as moments are kept."""

    start: str
    end: str


def _deleted(org: Org, request: Request) -> Answer:
    kind = org.seen_kind(request.params["kind"])
    span = _span(org, request, DELETED_DAYS)
    found = [
        {"id": one.number, "deletedDate": one.at}
        for one in org.store.deletions
        if one.kind == kind.name and span.start <= one.at < span.end
    ]
    return Answer(
        200,
        {
            "deletedRecords": found,
            "earliestDateAvailable": as_moment(org.clock() - DELETED_DAYS * DAY),
            "latestDateCovered": span.end,
        },
    )


def _updated(org: Org, request: Request) -> Answer:
    kind = org.seen_kind(request.params["kind"])
    span = _span(org, request, UPDATED_DAYS)
    found = [
        row["Id"]
        for row in org.store.rows(kind.name)
        if span.start <= str(row["SystemModstamp"]) < span.end
    ]
    return Answer(200, {"ids": found, "latestDateCovered": span.end})


def _span(org: Org, request: Request, days: int) -> Span:
    span = Span(*(kept_moment(request.query.get(name, "")) for name in ("start", "end")))
    if not all(span):
        refuse("MALFORMED_QUERY", "start and end must be dates with time and zone")
    if span.start >= span.end:
        refuse("INVALID_REPLICATION_DATE", "startDate must be before endDate")
    if span.start < as_moment(org.clock() - days * DAY):
        refuse("INVALID_REPLICATION_DATE", f"startDate cannot be more than {days} days ago")
    return span


ROUTES = (
    Route("GET", "/sobjects/{kind}/deleted/?", "deleted", _deleted),
    Route("GET", "/sobjects/{kind}/updated/?", "updated", _updated),
)
