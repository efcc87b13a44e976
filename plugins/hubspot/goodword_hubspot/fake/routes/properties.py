"""Property definitions: list, read, create, change, archive."""

from __future__ import annotations

from goodword_hubspot.fake.answers import Answer, refuse
from goodword_hubspot.fake.body import Body
from goodword_hubspot.fake.object_types import ObjectType
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.properties import NO_UNIQUE, Property
from goodword_hubspot.fake.rendering import page
from goodword_hubspot.fake.request import Request
from goodword_hubspot.fake.routes.property_shapes import new_property, options_of, shown_property
from goodword_hubspot.fake.routing import Model, Route
from goodword_hubspot.fake.scopes import reads_schema, writes_schema

PACKAGE = "hubspot.crm.properties"


def list_properties(portal: Portal, request: Request) -> Answer:
    """List the live properties of an object, or the archived ones when asked for."""
    found = portal.definitions.all(request.kind.name, archived=request.flag("archived"))
    return Answer(200, page([shown_property(one) for one in found]))


def read_property(portal: Portal, request: Request) -> Answer:
    """Read one definition."""
    archived = request.flag("archived")
    found = portal.definitions.expect(request.kind.name, request.params["name"], archived=archived)
    return Answer(200, shown_property(found))


def create_property(portal: Portal, request: Request) -> Answer:
    """Create a property; an archived one of that name comes back with what it held."""
    return Answer(201, shown_property(add(portal, request.kind, request.body)))


def add(portal: Portal, kind: ObjectType, body: Body) -> Property:
    """Create the property *body* asks for.

    Raises:
        RefusedError: It contradicts itself, exists, or the object cannot have it.
    """
    may = kind.name not in NO_UNIQUE and (
        not kind.on_timeline or portal.account.switches.unique_task_property
    )
    new = new_property(body, portal.now())
    if new.unique and new.type not in {"string", "number"}:
        may = False
    return portal.definitions.create(kind.name, new, may_be_unique=may)


def update_property(portal: Portal, request: Request) -> Answer:
    """Change label, description, options or group; what makes it unique stays as it is."""
    found = portal.definitions.expect(request.kind.name, request.params["name"])
    body = request.body
    if not found.own:
        refuse(f"Property '{found.name}' is defined by HubSpot and cannot be changed.")
    new = Property(
        found.name,
        body.text("label") or found.label,
        body.text("type") or found.type,
        body.text("fieldType") or found.field_type,
        body.text("groupName") or found.group,
        options=options_of(body) if "options" in body else found.options,
    )
    portal.definitions.check(request.kind.name, new)
    found.label, found.type, found.field_type = new.label, new.type, new.field_type
    found.group, found.options = new.group, new.options
    found.updated = portal.now()
    if "description" in body:
        found.description = body.text("description")
    return Answer(200, shown_property(found))


def archive_property(portal: Portal, request: Request) -> Answer:
    """Archive one property."""
    portal.definitions.archive(request.kind.name, request.params["name"], portal.now())
    return Answer(204)


BASE = "/crm/v3/properties/{kind}"
ROUTES = (
    Route("GET", BASE, "{kind} properties", list_properties, reads_schema),
    Route("GET", f"{BASE}/{{name}}", "{kind} property", read_property, reads_schema),
    Route(
        "POST",
        BASE,
        "{kind} property create",
        create_property,
        writes_schema,
        Model("PropertyCreate", PACKAGE),
    ),
    Route(
        "PATCH",
        f"{BASE}/{{name}}",
        "{kind} property update",
        update_property,
        writes_schema,
        Model("PropertyUpdate", PACKAGE),
    ),
    Route("DELETE", f"{BASE}/{{name}}", "{kind} property archive", archive_property, writes_schema),
)
