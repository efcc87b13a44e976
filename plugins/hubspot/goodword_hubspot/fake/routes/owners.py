"""Owners: live ones, or the deactivated when asked for."""

from __future__ import annotations

from goodword_hubspot.fake.answers import Answer, not_found
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.rendering import page
from goodword_hubspot.fake.request import Request
from goodword_hubspot.fake.routing import Route
from goodword_hubspot.fake.scopes import reads_owners

USUAL_PAGE = 100
MOST_ON_A_PAGE = 500


def list_owners(portal: Portal, request: Request) -> Answer:
    """List owners by id."""
    limit = request.limit(USUAL_PAGE, MOST_ON_A_PAGE)
    email = request.first("email").lower()
    found = [
        owner
        for owner in portal.owners.all(archived=request.flag("archived"))
        if owner.id > request.after() and email in {"", owner.email}
    ]
    after = str(found[limit - 1].id) if len(found) > limit else ""
    rows = [owner.as_json() for owner in found[:limit]]
    return Answer(200, page(rows, after, "https://api.hubapi.com/crm/v3/owners"))


def read_owner(portal: Portal, request: Request) -> Answer:
    """Read one owner by owner id, or by user id when ``idProperty`` says so."""
    by_user = request.first("idProperty") == "userId"
    number = request.params["id"]
    owner = portal.owners.by_user(number) if by_user else portal.owners.get(number)
    if owner is None or owner.archived != request.flag("archived"):
        raise not_found(message=f"Could not find owner with id {number}")
    return Answer(200, owner.as_json())


ROUTES = (
    Route("GET", "/crm/v3/owners", "owners list", list_owners, reads_owners),
    Route("GET", "/crm/v3/owners/{id}", "owners read", read_owner, reads_owners),
)
