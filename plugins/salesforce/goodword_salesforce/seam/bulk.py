"""Large jobs (Bulk API 2.0): write or read many thousand records in a dozen calls.

The CSV is ours on both ways; a session that ends in the middle is renewed as for any call, because
every step of a job is a call of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from goodword import ConnectorError, RecordError, RetryableError
from goodword_salesforce.seam.collections import Change, Saved
from goodword_salesforce.seam.csv_text import decoded, encoded
from goodword_salesforce.seam.failures import LOCKED, Trouble, trouble_of_text, unreadable
from goodword_salesforce.seam.ids import as_id
from goodword_salesforce.seam.kinds import Kind
from goodword_salesforce.seam.query import Wanted
from goodword_salesforce.seam.soql import Term, name
from goodword_salesforce.seam.transport import CSV, Upload
from goodword_salesforce.seam.values import Row, Written, as_text

if TYPE_CHECKING:
    from goodword_salesforce.seam.client import Org

Operation = Literal["insert", "update", "upsert", "delete"]
MOST_BYTES = 90_000_000
"""Bytes of one upload; Salesforce reads 150 MB after it has grown by a third on its side."""
PAGE = 50_000
"""Rows of one download."""
PATIENCE = 3_600.0
"""Seconds after which a job that is not done is left to the next run."""
UPLOADS = 3
"""Tries of one upload."""
FIRST_WAIT, LONGEST_WAIT = 2.0, 30.0
_DONE, _FAILED = "JobComplete", frozenset({"Failed", "Aborted"})
_CLOSED = frozenset({"UploadComplete", "InProgress", _DONE})


def ingest(
    org: Org, operation: Operation, changes: Sequence[Change], key: str = "Id"
) -> list[Saved]:
    """Write records of one object in large jobs; one result each, in order.

    Args:
        org: The org.
        operation: What to do with them.
        changes: All of one object.
        key: Field that tells the records apart, as rows that fail come back without an id: ``Id``,
            or the unique field of new ones. Every change has a value of its own for it.

    Raises:
        ValueError: Two changes have the same key, or one has none.
        ConnectorError: The job failed as a whole; what it wrote before stays.
    """
    rows = [_row(change, key) for change in changes]
    keys = [as_text(row.get(key) or "") for row in rows]
    if len(set(keys)) != len(keys) or "" in keys:
        msg = f"Records of a large job are not told apart by {key}."
        raise ValueError(msg)
    found: dict[str, Saved] = {}
    for part in _parts(rows) if rows else ():
        found |= _job(org, operation, changes[0].of, part, key)
    locked = [row for row in rows if _is_locked(found.get(as_text(row[key])))]
    if locked:
        org.sleep(LONGEST_WAIT)
        found |= _job(org, operation, changes[0].of, locked, key)
    missing = Saved(ok=False, trouble=Trouble(("NOT_PROCESSED",)))
    return [found.get(each, missing) for each in keys]


def read(org: Org, wanted: Wanted) -> Iterator[tuple[Row, ...]]:
    """Yield the rows of a query, up to 50,000 at a time.

    Raises:
        ValueError: It groups or sums, which large jobs cannot.
    """
    query = wanted.query
    if query.groups or any(isinstance(each, Term) for each in query.fields):
        msg = f"A large job cannot group or sum {query.object}."
        raise ValueError(msg)
    body = {"operation": "queryAll" if wanted.gone_too else "query", "query": org.spoken(query)}
    job = _made(org, "jobs/query", body, Kind.READ)
    _wait(org, f"jobs/query/{job}")
    locator = ""
    while True:
        asked = {"maxRecords": str(PAGE), **({"locator": locator} if locator else {})}
        reply = org.transport.send("GET", f"jobs/query/{job}/results", query=asked, accept=CSV)
        if rows := tuple(decoded(reply.text)):
            yield rows
        locator = reply.headers.get("Sforce-Locator") or "null"
        if locator == "null":
            return


def _job(
    org: Org, operation: Operation, of: str, rows: Sequence[Mapping[str, Written]], key: str
) -> dict[str, Saved]:
    """Run one job and return what became of each record, by its key."""
    body = {
        "object": name(of),
        "operation": operation,
        "contentType": "CSV",
        "lineEnding": "LF",
        "columnDelimiter": "COMMA",
        **({"externalIdFieldName": name(key)} if operation == "upsert" else {}),
    }
    path = _uploaded(org, body, encoded(rows))
    _close(org, path)
    _wait(org, path)
    saved: dict[str, Saved] = {}
    for row in _results(org, f"{path}/successfulResults"):
        made = row.get("sf__Created", "").lower() == "true"
        saved[_key(row, key)] = Saved(ok=True, id=as_id(row.get("sf__Id", "")) or "", created=made)
    for row in _results(org, f"{path}/failedResults"):
        trouble = trouble_of_text(row.get("sf__Error", ""))
        saved[_key(row, key)] = Saved(ok=False, trouble=trouble)
    return saved


def _uploaded(org: Org, body: Mapping[str, str], content: bytes) -> str:
    """Make a job and give it its rows; return its path.

    A job takes rows once only, and does nothing before it is closed; so where the answer to the
    upload is lost, a new job begins.
    """
    attempt = 0
    while True:
        attempt += 1
        path = f"jobs/ingest/{_made(org, 'jobs/ingest', body, Kind.REPEATABLE)}"
        try:
            org.transport.send("PUT", f"{path}/batches", kind=Kind.CREATE, upload=Upload(content))
        except RetryableError:
            if attempt >= UPLOADS:
                raise
            org.sleep(FIRST_WAIT * attempt)
        else:
            return path


def _made(org: Org, path: str, body: Mapping[str, str], kind: Kind) -> str:
    """Make a job and return its id."""
    data = org.transport.send("POST", path, body, kind=kind).data
    job = as_id(str(data.get("id") or "")) if isinstance(data, dict) else None
    if job is None:
        raise unreadable(what=f"POST {path}")
    return job


def _close(org: Org, path: str) -> None:
    """Say that all rows are there; where the answer was lost, look whether it arrived."""
    try:
        org.transport.send("PATCH", path, {"state": "UploadComplete"})
    except ConnectorError:
        if _state(org, path) not in _CLOSED:
            raise


def _wait(org: Org, path: str) -> None:
    """Wait until a job is done.

    Raises:
        RecordError: It failed.
        RetryableError: It takes too long.
    """
    start, wait = org.clock(), FIRST_WAIT
    while (state := _state(org, path)) != _DONE:
        if state in _FAILED:
            msg = f"Salesforce gave a large job up: {state}."
            hint = "Setup > Bulk Data Load Jobs says why; the next run begins a new one."
            raise RecordError(msg, hint=hint)
        if org.clock() - start > PATIENCE:
            msg = f"A large job in Salesforce was not done after {PATIENCE / 60:.0f} minutes."
            raise RetryableError(msg, hint="Run again later; what it writes is kept.")
        org.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)


def _state(org: Org, path: str) -> str:
    data = org.transport.send("GET", path).data
    return str(data.get("state") or "") if isinstance(data, dict) else ""


def _results(org: Org, path: str) -> Iterator[Row]:
    """Yield the rows of a list of results, every page of it."""
    locator = ""
    while True:
        asked = {"locator": locator} if locator else None
        reply = org.transport.send("GET", path, query=asked, accept=CSV)
        yield from decoded(reply.text)
        locator = reply.headers.get("Sforce-Locator") or "null"
        if locator == "null":
            return


def _row(change: Change, key: str) -> dict[str, Written]:
    return {**({"Id": change.id} if key == "Id" else {}), **change.values}


def _is_locked(saved: Saved | None) -> bool:
    """Say whether a record met a lock; Salesforce itself tried it ten times by then."""
    return saved is not None and not LOCKED.isdisjoint(saved.trouble.codes)


def _key(row: Row, key: str) -> str:
    """Return the key of a row of results."""
    return row.get(key) or row.get("sf__Id", "")


def _parts(rows: Sequence[Mapping[str, Written]]) -> Iterator[Sequence[Mapping[str, Written]]]:
    """Yield rows in parts that fit into one upload."""
    if len(encoded(rows)) <= MOST_BYTES or len(rows) < 2:
        yield rows
        return
    middle = len(rows) // 2
    yield from _parts(rows[:middle])
    yield from _parts(rows[middle:])
