"""Bulk API 2.0: jobs that write a table, and jobs that answer a query as one."""

from __future__ import annotations

from goodword_salesforce.fake import bulk_text
from goodword_salesforce.fake.answers import Answer, Json, not_found, refuse
from goodword_salesforce.fake.bulk_jobs import Job
from goodword_salesforce.fake.bulk_running import ask, ingest
from goodword_salesforce.fake.ids import full_id, numbered
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.request import Request
from goodword_salesforce.fake.routing import Route

LARGEST_PAGE = 50_000
OPERATIONS = {
    "ingest": {"insert", "update", "upsert", "delete"},
    "query": {"query", "queryAll"},
}


def _make(org: Org, request: Request) -> Answer:
    body = request.json()
    kind = request.path.strip("/").split("/")[1]
    operation = str(body.get("operation"))
    if operation not in OPERATIONS[kind]:
        refuse("INVALIDJOB", f"Operation {operation} is not supported")
    job = Job(
        numbered("750", len(org.jobs) + 1),
        kind,
        operation,
        str(body.get("object") or ""),
        request.actor.user_id,
        org.now(),
        str(body.get("externalIdFieldName") or "Id"),
        str(body.get("query") or ""),
        str(body.get("lineEnding") or "LF"),
    )
    if body.get("columnDelimiter", "COMMA") != "COMMA" or job.line_ending not in bulk_text.ENDS:
        refuse("INVALIDJOB", "only tables with commas are taken here")
    if kind == "query":
        ask(org, job)
        job.state = "UploadComplete"
    else:
        org.kind(job.object)
    org.jobs[job.id] = job
    return Answer(200, _shown(job, request))


def _state(org: Org, request: Request) -> Answer:
    job = _job(org, request)
    if job.state in {"UploadComplete", "InProgress"}:
        job.polls += 1
        done = job.polls > org.account.switches.bulk_polls
        job.state = "JobComplete" if done else "InProgress"
    return Answer(200, _shown(job, request))


def _upload(org: Org, request: Request) -> Answer:
    job = _job(org, request)
    if not request.headers.get("content-type", "").startswith("text/csv"):
        refuse("UNSUPPORTED_MEDIA_TYPE", "Content-Type must be text/csv", 415)
    if job.state != "Open" or job.data:
        refuse("INVALIDJOBSTATE", "Found multiple contents for job, or it is not open")
    job.data = request.body.decode("utf-8")
    return Answer(201)


def _set_state(org: Org, request: Request) -> Answer:
    job = _job(org, request)
    wanted = request.json().get("state")
    if wanted == "Aborted" and not job.ended:
        job.state = "Aborted"
    elif wanted == "UploadComplete" and job.state == "Open" and job.kind == "ingest":
        job.state = "UploadComplete"
        ingest(org, job)
    else:
        refuse("INVALIDJOBSTATE", f"Job is {job.state}: it cannot become {wanted}")
    return Answer(200, _shown(job, request))


def _forget(org: Org, request: Request) -> Answer:
    job = _job(org, request)
    if not job.ended:
        refuse("INVALIDJOBSTATE", f"Job is {job.state}: it cannot be deleted")
    del org.jobs[job.id]
    return Answer(204)


def _results(org: Org, request: Request) -> Answer:
    """Answer with the rows that worked, that did not, or that nobody looked at."""
    job = _job(org, request)
    if not job.ended:
        refuse("INVALIDJOBSTATE", f"Job is {job.state}: it has no results yet")
    match request.params["which"].lower():
        case "successfulresults":
            text = bulk_text.table(["sf__Id", "sf__Created", *job.header], job.done)
        case "failedresults":
            text = bulk_text.table(["sf__Id", "sf__Error", *job.header], job.failed)
        case "unprocessedrecords":
            text = bulk_text.table(job.header, [])
        case _:
            raise not_found()
    return Answer(200, text, {"Content-Type": "text/csv;charset=UTF-8"})


def _rows(org: Org, request: Request) -> Answer:
    """Answer with a page of what a query found."""
    job = _job(org, request)
    if job.state != "JobComplete":
        refuse("INVALIDJOBSTATE", f"Job is {job.state}: it has no results yet")
    start = int(request.query.get("locator", "0"), 36)
    size = min(LARGEST_PAGE, int(request.query.get("maxRecords", LARGEST_PAGE)))
    page = job.rows[start : start + size]
    end = start + len(page)
    return Answer(
        200,
        bulk_text.table(job.header, page, job.line_ending),
        {
            "Content-Type": "text/csv;charset=UTF-8",
            "Sforce-NumberOfRecords": str(len(page)),
            "Sforce-Locator": _base36(end) if end < len(job.rows) else "null",
        },
    )


def _base36(number: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = digits[digit] + text
    return text


def _job(org: Org, request: Request) -> Job:
    kind = request.path.strip("/").split("/")[1]
    job = org.jobs.get(full_id(request.params["job"]))
    if job is None or job.kind != kind:
        raise not_found()
    return job


def _shown(job: Job, request: Request) -> Json:
    found: Json = {
        "id": job.id,
        "operation": job.operation,
        "object": job.object,
        "createdById": job.user_id,
        "createdDate": job.created,
        "state": job.state,
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": float(request.version.removeprefix("v")),
        "lineEnding": job.line_ending,
        "columnDelimiter": "COMMA",
        "jobType": "V2Ingest" if job.kind == "ingest" else "V2Query",
    }
    if job.kind == "ingest":
        found["externalIdFieldName"] = job.key
        found["contentUrl"] = f"services/data/{request.version}/jobs/ingest/{job.id}/batches"
    if job.ended:
        counted = len(job.rows) if job.kind == "query" else len(job.done) + len(job.failed)
        found |= {"numberRecordsProcessed": counted, "numberRecordsFailed": len(job.failed)}
    if job.message:
        found["errorMessage"] = job.message
    return found


ROUTES = (
    Route("POST", "/jobs/ingest/?", "bulk make", _make, "closed"),
    Route("POST", "/jobs/query/?", "bulk make", _make, "closed"),
    Route("PUT", "/jobs/ingest/{job}/batches/?", "bulk upload", _upload, "closed"),
    Route("GET", "/jobs/query/{job}/results/?", "bulk rows", _rows, "closed"),
    Route("GET", "/jobs/ingest/{job}/{which}/?", "bulk results", _results, "closed"),
    Route("GET", "/jobs/ingest/{job}/?", "bulk state", _state, "closed"),
    Route("GET", "/jobs/query/{job}/?", "bulk state", _state, "closed"),
    Route("PATCH", "/jobs/ingest/{job}/?", "bulk close", _set_state, "closed"),
    Route("PATCH", "/jobs/query/{job}/?", "bulk close", _set_state, "closed"),
    Route("DELETE", "/jobs/ingest/{job}/?", "bulk forget", _forget, "closed"),
    Route("DELETE", "/jobs/query/{job}/?", "bulk forget", _forget, "closed"),
)
