"""Property definitions in batches of up to 100: read, create, archive."""

from __future__ import annotations

from goodword_hubspot.fake.answers import Answer, Json, RefusedError, not_found, refuse
from goodword_hubspot.fake.body import Body
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.rendering import batch
from goodword_hubspot.fake.request import Request
from goodword_hubspot.fake.routes.properties import PACKAGE, add
from goodword_hubspot.fake.routes.property_shapes import shown_property
from goodword_hubspot.fake.routing import Model, Route
from goodword_hubspot.fake.scopes import reads_schema, writes_schema

MOST = 100


def read_batch(portal: Portal, request: Request) -> Answer:
    """Read definitions by name."""
    rows: list[Json] = []
    errors: list[Json] = []
    archived = request.body.flag("archived")
    for one in _inputs(request):
        found = portal.definitions.any(request.kind.name, one.text("name"))
        if found is None or bool(found.archived_at) != archived:
            errors.append(not_found(f"Property {one.text('name')} does not exist").as_row())
        else:
            rows.append(shown_property(found))
    return batch(portal, rows, errors, single_body=request.says_all_in_one_body())


def create_batch(portal: Portal, request: Request) -> Answer:
    """Create definitions; each that is refused is listed, the others are made."""
    rows: list[Json] = []
    errors: list[Json] = []
    for one in _inputs(request):
        try:
            rows.append(shown_property(add(portal, request.kind, one)))
        except RefusedError as problem:
            errors.append(problem.as_row())
    return batch(portal, rows, errors, done=201, single_body=request.says_all_in_one_body())


def archive_batch(portal: Portal, request: Request) -> Answer:
    """Archive definitions."""
    for one in _inputs(request):
        portal.definitions.archive(request.kind.name, one.text("name"), portal.now())
    return Answer(204)


def _inputs(request: Request) -> list[Body]:
    inputs = request.body.parts("inputs")
    if len(inputs) > MOST:
        refuse(f"The maximum number of inputs in a batch request is {MOST}.")
    return inputs


BASE = "/crm/v3/properties/{kind}/batch"
ROUTES = (
    Route(
        "POST",
        f"{BASE}/read",
        "{kind} properties batch read",
        read_batch,
        reads_schema,
        Model("BatchReadInputPropertyName", PACKAGE),
    ),
    Route(
        "POST",
        f"{BASE}/create",
        "{kind} properties batch create",
        create_batch,
        writes_schema,
        Model("BatchInputPropertyCreate", PACKAGE),
    ),
    Route(
        "POST",
        f"{BASE}/archive",
        "{kind} properties batch archive",
        archive_batch,
        writes_schema,
        Model("BatchInputPropertyName", PACKAGE),
    ),
)
