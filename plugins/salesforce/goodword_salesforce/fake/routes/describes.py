"""What there is: resources, objects, their fields, and how much of the limits is left."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from goodword_salesforce.fake.answers import Answer
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.rendering import brief, described
from goodword_salesforce.fake.request import Request
from goodword_salesforce.fake.routing import Route


def _resources(org: Org, request: Request) -> Answer:
    names = ("sobjects", "query", "queryAll", "composite", "limits", "jobs", "metadata")
    found = {name: f"/services/data/{request.version}/{name}" for name in names}
    me = f"{org.sessions.org_id}/{request.actor.user_id}"
    return Answer(200, {**found, "identity": f"https://login.salesforce.com/id/{me}"})


def _all(org: Org, request: Request) -> Answer:
    headers, fresh = _dated(org, request)
    if not fresh:
        return Answer(304, None, headers)
    kinds = sorted(org.schema.types.values(), key=lambda kind: kind.name)
    body = {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": [brief(one) for one in kinds]}
    return Answer(200, body, headers)


def _one(org: Org, request: Request) -> Answer:
    return Answer(200, {"objectDescribe": brief(org.seen_kind(request.params["kind"]))})


def _describe(org: Org, request: Request) -> Answer:
    kind = org.seen_kind(request.params["kind"])
    headers, fresh = _dated(org, request)
    if not fresh:
        return Answer(304, None, headers)
    return Answer(200, described(org, request.actor, kind), headers)


def _dated(org: Org, request: Request) -> tuple[dict[str, str], bool]:
    """Return when the schema changed last, as headers, and whether the caller does not know it."""
    changed = datetime.fromtimestamp(int(org.schema.changed_at), tz=UTC)
    since = request.headers.get("if-modified-since", "")
    fresh = not since or parsedate_to_datetime(since) < changed
    tag = f'"{int(org.schema.changed_at):08x}"'
    return {"ETag": tag, "Last-Modified": format_datetime(changed, usegmt=True)}, fresh


def _limits(org: Org, request: Request) -> Answer:
    most = org.account.daily_calls
    left = max(0, most - org.limits.used(org.clock()))
    return Answer(
        200,
        {
            "DailyApiRequests": {"Max": most, "Remaining": left},
            "DailyBulkV2QueryJobs": {"Max": 10_000, "Remaining": 10_000 - len(org.jobs)},
        },
    )


ROUTES = (
    Route("GET", "/", "resources", _resources),
    Route("GET", "/limits/?", "limits", _limits),
    Route("GET", "/sobjects/?", "describe all", _all),
    Route("GET", "/sobjects/{kind}/?", "describe briefly", _one),
    Route("GET", "/sobjects/{kind}/describe/?", "describe", _describe),
)
