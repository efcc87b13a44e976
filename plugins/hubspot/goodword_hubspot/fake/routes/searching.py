"""The search address: 200 a page, a short body, and no further than the 10,000th result."""

from __future__ import annotations

from functools import partial

from goodword_hubspot.fake.answers import Answer, refuse
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.rendering import page, shown
from goodword_hubspot.fake.request import Request
from goodword_hubspot.fake.routing import Model, Route
from goodword_hubspot.fake.scopes import reads
from goodword_hubspot.fake.search import DEEPEST, Search

USUAL_PAGE = 10
MOST_ON_A_PAGE = 200


def search_records(search: Search, portal: Portal, request: Request) -> Answer:
    """Search records of one object."""
    kind, body = request.kind, request.body
    limit = body.number("limit", USUAL_PAGE)
    after = body.text("after") or "0"
    if not 1 <= limit <= MOST_ON_A_PAGE:
        refuse(f"limit must be from 1 to {MOST_ON_A_PAGE}, not {limit}")
    if not after.isdigit():
        refuse(f"after must be a number, not {after}")
    start = int(after)
    if start + limit > DEEPEST:
        refuse(f"Search results beyond {DEEPEST} cannot be paged through.")
    hits = search.find(kind, body)
    names = body.texts("properties")
    rows = [
        shown(portal, kind, record, names, values=values)
        for record, values in hits[start : start + limit]
    ]
    more = str(start + limit) if len(hits) > start + limit else ""
    found = page(rows, more)
    if more:
        found["paging"] = {"next": {"after": more}}
    return Answer(200, {"total": len(hits), **found})


def routes(search: Search) -> tuple[Route, ...]:
    """Return the search address."""
    return (
        Route(
            "POST",
            "/crm/v3/objects/{kind}/search",
            "{kind} search",
            partial(search_records, search),
            reads,
            Model("PublicObjectSearchRequest"),
            bucket="search",
        ),
    )
