"""One record at a time: create, read, update, delete, and upsert by an external id."""

from __future__ import annotations

from goodword_salesforce.fake.access import field_named, visible
from goodword_salesforce.fake.answers import Answer, Json, refuse
from goodword_salesforce.fake.fields import Field
from goodword_salesforce.fake.object_types import ObjectType
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.records import alter, delete, expect, make, stored
from goodword_salesforce.fake.request import Request
from goodword_salesforce.fake.routing import Route
from goodword_salesforce.fake.store import Row
from goodword_salesforce.fake.upserts import external_id, upsert


def _create(org: Org, request: Request) -> Answer:
    kind = org.kind(request.params["kind"])
    number = make(org, request.actor, kind, _body(request))
    return Answer(201, {"id": number, "success": True, "errors": []})


def _read(org: Org, request: Request) -> Answer:
    kind = org.kind(request.params["kind"])
    row = expect(org, kind, request.params["number"])
    wanted = request.query.get("fields", "")
    fields = (
        [field_named(org, request.actor, kind, name.strip()) for name in wanted.split(",")]
        if wanted
        else list(visible(org, request.actor, kind).values())
    )
    return Answer(200, shown(org, kind, row, fields, request.version))


def shown(org: Org, kind: ObjectType, row: Row, fields: list[Field], version: str) -> Json:
    """Return a record with *fields*."""
    url = f"/services/data/{version}/sobjects/{kind.name}/{row['Id']}"
    return {
        "attributes": {"type": kind.name, "url": url},
        **{field.name: stored(row, org, kind, field) for field in fields},
        "Id": row["Id"],
    }


def _update(org: Org, request: Request) -> Answer:
    kind = org.kind(request.params["kind"])
    alter(org, request.actor, kind, request.params["number"], _body(request))
    return Answer(204)


def _delete(org: Org, request: Request) -> Answer:
    delete(org, request.actor, org.kind(request.params["kind"]), request.params["number"])
    return Answer(204)


def _upsert(org: Org, request: Request) -> Answer:
    kind = org.kind(request.params["kind"])
    key = external_id(org, request.actor, kind, request.params["field"])
    if key.name in request.json():
        refuse("INVALID_FIELD", f"The external id {key.name} must not be in the body too")
    values = {**request.json(), key.name: request.params["key"]}
    number, created = upsert(org, request.actor, kind, key, values)
    body = {"id": number, "success": True, "errors": [], "created": created}
    return Answer(201 if created else 200, body)


def _body(request: Request) -> Json:
    values = request.json()
    if any(name.lower() == "id" for name in values):
        refuse("INVALID_FIELD", "The Id field should not be specified in the sobject data.")
    return values


ROUTES = (
    Route("POST", "/sobjects/{kind}/?", "create", _create),
    Route("GET", "/sobjects/{kind}/{number}", "read", _read),
    Route("PATCH", "/sobjects/{kind}/{number}", "update", _update),
    Route("DELETE", "/sobjects/{kind}/{number}", "delete", _delete),
    Route("PATCH", "/sobjects/{kind}/{field}/{key}", "upsert", _upsert),
)
