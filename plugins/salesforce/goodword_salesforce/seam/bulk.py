"""Large jobs (Bulk API 2.0): many thousand records read in a dozen calls.

A session that ends in the middle is renewed as for any call, because every step of a job is a call
of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from goodword import RecordError, RetryableError, Trail
from goodword_salesforce.seam.csv_text import decoded
from goodword_salesforce.seam.failures import as_given, endless, unusual
from goodword_salesforce.seam.ids import id_in
from goodword_salesforce.seam.kinds import Kind
from goodword_salesforce.seam.query import Wanted
from goodword_salesforce.seam.soql import Term
from goodword_salesforce.seam.transport import CSV
from goodword_salesforce.seam.values import Row

if TYPE_CHECKING:
    from goodword_salesforce.seam.client import Org
    from goodword_salesforce.seam.transport import Reply

PAGE = 50_000
"""Rows of one download."""
PATIENCE = 3_600.0
"""Seconds after which a job that is not done is left to the next run."""
FIRST_WAIT, LONGEST_WAIT = 2.0, 30.0
_DONE, _FAILED = "JobComplete", frozenset({"Failed", "Aborted"})


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
    job = _made(org, body)
    _wait(org, f"jobs/query/{job}")
    trail, locator = Trail(endless(query.object)), ""
    columns = [each for each in query.fields if isinstance(each, str)]
    while True:
        asked = {"maxRecords": str(PAGE), **({"locator": locator} if locator else {})}
        reply = org.transport.send("GET", f"jobs/query/{job}/results", query=asked, accept=CSV)
        rows = tuple(decoded(reply.text, *columns))
        locator = trail.go(_next(reply), len(rows))
        if rows:
            yield rows
        if not locator:
            return


def _made(org: Org, body: Mapping[str, str]) -> str:
    """Make a job and return its id."""
    data = org.transport.send("POST", "jobs/query", body, kind=Kind.READ).data
    with as_given("POST jobs/query"):
        return id_in(data["id"])


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
            raise RetryableError(msg, hint="Run again later.")
        org.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)


def _state(org: Org, path: str) -> str:
    data = org.transport.send("GET", path).data
    with as_given("a large job"):
        state = data["state"]
        if not isinstance(state, str):
            raise unusual(what="a large job")
    return state


def _next(reply: Reply) -> str:
    """Return where the next page of a job begins; empty at the end."""
    locator = reply.headers.get("Sforce-Locator") or "null"
    return "" if locator == "null" else locator
