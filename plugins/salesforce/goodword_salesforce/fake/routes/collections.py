"""Up to 200 records in one call, answered one by one in the order they were sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NoReturn

from goodword_salesforce.fake.access import field_named
from goodword_salesforce.fake.answers import Answer, Json, RefusedError, not_found, refuse
from goodword_salesforce.fake.object_types import ObjectType
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.records import alter, delete, expect, make
from goodword_salesforce.fake.request import Request
from goodword_salesforce.fake.routes.single import shown
from goodword_salesforce.fake.routing import Route
from goodword_salesforce.fake.upserts import external_id, upsert

MOST_RECORDS = 200
MOST_CHUNKS = 10
"""Runs of records of one object."""
MOST_READ = 2_000
ROLLED_BACK = RefusedError(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone",
)
One = Callable[[Json], Json]


def _create(org: Org, request: Request) -> Answer:
    def one(record: Json) -> Json:
        kind = _kind(org, record)
        if "Id" in record or "id" in record:
            refuse("INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call")
        return {"id": make(org, request.actor, kind, record)}

    return _each(org, request, one)


def _update(org: Org, request: Request) -> Answer:
    def one(record: Json) -> Json:
        kind = _kind(org, record)
        number = str(record.get("Id") or record.get("id") or "")
        if not number:
            refuse("MISSING_ARGUMENT", "Id not specified in an update call")
        row = expect(org, kind, number)
        alter(org, request.actor, kind, number, record)
        return {"id": row["Id"]}

    return _each(org, request, one)


def _upsert(org: Org, request: Request) -> Answer:
    kind = org.kind(request.params["kind"])
    key = external_id(org, request.actor, kind, request.params["field"])

    def one(record: Json) -> Json:
        if _kind(org, record) is not kind:
            refuse("INVALID_TYPE", f"all records must be of {kind.name}")
        if key.name != "Id" and record.get("Id"):
            refuse("INVALID_FIELD", "Id must not be given beside the external id")
        number, created = upsert(org, request.actor, kind, key, record)
        return {"id": number, "created": created}

    return _each(org, request, one)


def _delete(org: Org, request: Request) -> Answer:
    numbers = [one for one in request.query.get("ids", "").split(",") if one]
    _check_size(numbers)

    def one(record: Json) -> Json:
        number = str(record["Id"])
        kind = org.schema.kind_of_id(number)
        if kind is None:
            refuse("MALFORMED_ID", f"malformed id {number}")
        row = expect(org, kind, number)
        delete(org, request.actor, kind, number)
        return {"id": row["Id"]}

    together = request.query.get("allOrNone", "false").lower() == "true"
    return _run(org, [{"Id": number} for number in numbers], one, together=together)


def _read(org: Org, request: Request) -> Answer:
    kind = org.kind(request.params["kind"])
    if request.method == "POST":
        body = request.json()
        ids, names = _texts(body.get("ids")), _texts(body.get("fields"))
    else:
        ids = [one for one in request.query.get("ids", "").split(",") if one]
        names = [one for one in request.query.get("fields", "").split(",") if one]
    if len(ids) > MOST_READ:
        refuse("EXCEEDED_ID_LIMIT", f"no more than {MOST_READ} records can be retrieved")
    fields = [field_named(org, request.actor, kind, name) for name in names]
    found: list[Json | None] = []
    for number in ids:
        try:
            found.append(shown(org, kind, expect(org, kind, number), fields, request.version))
        except RefusedError:
            found.append(None)
    return Answer(200, found)


def _each(org: Org, request: Request, one: One) -> Answer:
    body = request.json()
    records = body.get("records")
    if not isinstance(records, list) or not all(isinstance(item, dict) for item in records):
        refuse("JSON_PARSER_ERROR", "records must be a list of objects")
    _check_size(records)
    kinds = [_type(record) for record in records]
    changes = sum(1 for before, after in pairwise(kinds) if before != after)
    if changes >= MOST_CHUNKS:
        refuse("INVALID_INPUT", f"records cannot contain more than {MOST_CHUNKS} chunks")
    return _run(org, records, one, together=body.get("allOrNone") is True)


def _run(org: Org, records: Sequence[Json], one: One, *, together: bool) -> Answer:
    before = org.store.copy() if together else None
    results = [_result(record, one) for record in records]
    if before is not None and not all(result["success"] for result in results):
        org.store.become(before)
        rolled: Json = {"success": False, "errors": [ROLLED_BACK.as_row()]}
        results = [rolled if result["success"] else result for result in results]
    return Answer(200, results)


def _result(record: Json, one: One) -> Json:
    try:
        return {"success": True, "errors": [], **one(record)}
    except RefusedError as problem:
        found: Json = {"success": False, "errors": [problem.as_row()]}
        number = record.get("Id") or record.get("id")
        return {"id": number, **found} if number else found


def _check_size(records: Sequence[object]) -> None:
    if len(records) > MOST_RECORDS:
        _too_many()


def _too_many() -> NoReturn:
    refuse(
        "EXCEEDED_ID_LIMIT",
        f"record limit reached. cannot submit more than {MOST_RECORDS} records into this call",
    )


def _type(record: Json) -> str:
    attributes = record.get("attributes")
    return str(attributes.get("type", "")) if isinstance(attributes, dict) else ""


def _kind(org: Org, record: Json) -> ObjectType:
    name = _type(record)
    if not name:
        refuse("INVALID_TYPE", "attributes.type is missing")
    try:
        return org.kind(name)
    except RefusedError:
        refuse("INVALID_TYPE", f"sObject type '{name}' is not supported.")


def _texts(found: object) -> list[str]:
    if not isinstance(found, list):
        raise not_found()
    return [str(one) for one in found]


ROUTES = (
    Route("POST", "/composite/sobjects/?", "collections create", _create, "collections"),
    Route("PATCH", "/composite/sobjects/?", "collections update", _update, "collections"),
    Route("DELETE", "/composite/sobjects/?", "collections delete", _delete, "collections"),
    Route("GET", "/composite/sobjects/{kind}/?", "collections read", _read, "collections"),
    Route("POST", "/composite/sobjects/{kind}/?", "collections read", _read, "collections"),
    Route(
        "PATCH",
        "/composite/sobjects/{kind}/{field}/?",
        "collections upsert",
        _upsert,
        "collections",
    ),
)
