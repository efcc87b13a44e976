"""Property groups: list, read, create, change, archive."""

from __future__ import annotations

from goodword_hubspot.fake.answers import Answer, RefusedError, not_found
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.properties import Group
from goodword_hubspot.fake.rendering import page
from goodword_hubspot.fake.request import Request
from goodword_hubspot.fake.routes.properties import PACKAGE
from goodword_hubspot.fake.routes.property_shapes import shown_group
from goodword_hubspot.fake.routing import Model, Route
from goodword_hubspot.fake.scopes import reads_schema, writes_schema


def list_groups(portal: Portal, request: Request) -> Answer:
    """List the groups of an object."""
    found = portal.definitions.groups(request.kind.name)
    return Answer(200, page([shown_group(one) for one in found]))


def read_group(portal: Portal, request: Request) -> Answer:
    """Read one group."""
    return Answer(200, shown_group(_group(portal, request)))


def create_group(portal: Portal, request: Request) -> Answer:
    """Create a group; an archived one of that name comes back."""
    body, kind = request.body, request.kind.name
    if portal.definitions.group(kind, body.text("name")) is not None:
        raise RefusedError(
            409,
            "OBJECT_ALREADY_EXISTS",
            f"A property group named '{body.text('name')}' already exists.",
            sub_category="Properties.GROUP_WITH_NAME_EXISTS",
        )
    group = Group(body.text("name"), body.text("label"), body.number("displayOrder", -1))
    portal.definitions.put_group(kind, group)
    return Answer(201, shown_group(group))


def update_group(portal: Portal, request: Request) -> Answer:
    """Change label or order of a group."""
    group = _group(portal, request)
    group.label = request.body.text("label") or group.label
    group.display_order = request.body.number("displayOrder", group.display_order)
    return Answer(200, shown_group(group))


def archive_group(portal: Portal, request: Request) -> Answer:
    """Archive an empty group."""
    portal.definitions.archive_group(request.kind.name, request.params["group"])
    return Answer(204)


def _group(portal: Portal, request: Request) -> Group:
    found = portal.definitions.group(request.kind.name, request.params["group"])
    if found is None:
        raise not_found(message=f"Property group {request.params['group']} does not exist")
    return found


BASE = "/crm/v3/properties/{kind}/groups"
ONE = f"{BASE}/{{group}}"
ROUTES = (
    Route("GET", BASE, "{kind} groups", list_groups, reads_schema),
    Route("GET", ONE, "{kind} group", read_group, reads_schema),
    Route(
        "POST",
        BASE,
        "{kind} group create",
        create_group,
        writes_schema,
        Model("PropertyGroupCreate", PACKAGE),
    ),
    Route(
        "PATCH",
        ONE,
        "{kind} group update",
        update_group,
        writes_schema,
        Model("PropertyGroupUpdate", PACKAGE),
    ),
    Route("DELETE", ONE, "{kind} group archive", archive_group, writes_schema),
)
