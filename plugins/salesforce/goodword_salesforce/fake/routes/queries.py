"""Queries, and the further pages of their results."""

from __future__ import annotations

import re

from goodword_salesforce.fake.answers import Answer, Json, refuse
from goodword_salesforce.fake.ids import numbered
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.request import Request
from goodword_salesforce.fake.routing import Route
from goodword_salesforce.fake.soql.run import MOST_ROWS, run

SMALLEST_PAGE = 200
_LOCATOR = re.compile(r"(01g[0-9A-Za-z]{15})-(\d+)")


def _query(org: Org, request: Request) -> Answer:
    return _first_page(org, request, everything=False)


def _query_all(org: Org, request: Request) -> Answer:
    return _first_page(org, request, everything=True)


def _first_page(org: Org, request: Request, *, everything: bool) -> Answer:
    soql = request.query.get("q", "")
    if not soql:
        refuse("MALFORMED_QUERY", "A query string has to be specified")
    org.queries.append(soql)
    found = run(org, request.actor, soql, everything=everything)
    size = _page_size(request)
    if len(found.records) <= size:
        body: Json = {"totalSize": found.total, "done": True, "records": found.records}
        return Answer(200, body)
    locator = numbered("01g", len(org.locators) + 1)
    org.locators[locator] = found.records
    return Answer(200, _page(org, request, locator, 0, size))


def _more(org: Org, request: Request) -> Answer:
    match = _LOCATOR.fullmatch(request.params["locator"])
    if match is None or match.group(1) not in org.locators:
        refuse("INVALID_QUERY_LOCATOR", "invalid query locator")
    body = _page(org, request, match.group(1), int(match.group(2)), _page_size(request))
    return Answer(200, body)


def _page(org: Org, request: Request, locator: str, start: int, size: int) -> Json:
    records = org.locators[locator]
    end = start + size
    body: Json = {
        "totalSize": len(records),
        "done": end >= len(records),
        "records": records[start:end],
    }
    if end < len(records):
        body["nextRecordsUrl"] = f"/services/data/{request.version}/query/{locator}-{end}"
    return body


def _page_size(request: Request) -> int:
    match = re.search(r"batchSize=(\d+)", request.headers.get("sforce-query-options", ""))
    return min(MOST_ROWS, max(SMALLEST_PAGE, int(match.group(1)))) if match else MOST_ROWS


ROUTES = (
    Route("GET", "/query/?", "query", _query, "query"),
    Route("GET", "/queryAll/?", "queryAll", _query_all, "query"),
    Route("GET", "/query/{locator}", "query more", _more, "query"),
)
