"""Association labels: list, define (paired or not), rename, remove."""

from __future__ import annotations

from goodword_hubspot.fake.answers import Answer, Json
from goodword_hubspot.fake.association_types import Link
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.rendering import page
from goodword_hubspot.fake.request import Request
from goodword_hubspot.fake.routing import Model, Route
from goodword_hubspot.fake.scopes import reads_links, writes_labels

PACKAGE = "hubspot.crm.associations.v4.schema"


def list_labels(portal: Portal, request: Request) -> Answer:
    """List all link types between two objects; those without a label have none."""
    found = portal.links.types.between(request.kind, request.target)
    return Answer(200, page([shown_label(link) for link in found]))


def create_label(portal: Portal, request: Request) -> Answer:
    """Define a label, and with ``inverseLabel`` the other half of a pair."""
    body = request.body
    made = portal.links.types.label(
        request.kind, request.target, body.text("label"), body.text("inverseLabel")
    )
    return Answer(200, page([shown_label(link) for link in made]))


def rename_label(portal: Portal, request: Request) -> Answer:
    """Change the wording of a label."""
    body = request.body
    portal.links.types.rename(
        body.number("associationTypeId"), body.text("label"), body.text("inverseLabel")
    )
    return Answer(204)


def remove_label(portal: Portal, request: Request) -> Answer:
    """Remove a label from the account, and from every pair of records."""
    number = request.params["id"]
    link = portal.links.types.forget(int(number)) if number.isdigit() else None
    if link is not None:
        portal.links.forget_label(link)
    return Answer(204)


def shown_label(link: Link) -> Json:
    """Return a link type as the API shows it."""
    return {"category": link.category, "typeId": link.number, "label": link.label or None}


BASE = "/crm/v4/associations/{kind}/{target}/labels"
CALLED = "{kind} to {target} labels"
ROUTES = (
    Route("GET", BASE, CALLED, list_labels, reads_links),
    Route(
        "POST",
        BASE,
        f"{CALLED} create",
        create_label,
        writes_labels,
        Model("PublicAssociationDefinitionCreateRequest", PACKAGE),
    ),
    Route(
        "PUT",
        BASE,
        f"{CALLED} update",
        rename_label,
        writes_labels,
        Model("PublicAssociationDefinitionUpdateRequest", PACKAGE),
    ),
    Route("DELETE", f"{BASE}/{{id}}", f"{CALLED} archive", remove_label, writes_labels),
)
