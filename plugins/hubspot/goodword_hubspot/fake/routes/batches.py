"""Batches of up to 100 records: read, create, update, upsert, archive.

A write fails as a whole, unless each input carries its own ``objectWriteTraceId``: then what can
be done is done, and each failure is listed with that id.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from goodword_hubspot.fake.answers import Answer, Json, RefusedError, refuse
from goodword_hubspot.fake.body import Body
from goodword_hubspot.fake.object_types import ObjectType
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.records import alter, bin_it, make
from goodword_hubspot.fake.rendering import batch, shown, written
from goodword_hubspot.fake.request import Request
from goodword_hubspot.fake.routes.objects import by_key, check_key, mandatory, wanted_links
from goodword_hubspot.fake.routing import Model, Route
from goodword_hubspot.fake.rules import Claims, checked
from goodword_hubspot.fake.scopes import reads, writes
from goodword_hubspot.fake.store import Record

MOST = 100
MOST_WITH_HISTORY = 50
Step = Callable[[], Json]
Check = Callable[[Body, Claims], Step]


def read_batch(portal: Portal, request: Request) -> Answer:
    """Read records by id or unique value; those not there are listed in one error."""
    kind, body = request.kind, request.body
    history = body.texts("propertiesWithHistory")
    inputs = _inputs(request, MOST_WITH_HISTORY if history else MOST)
    name = body.text("idProperty")
    if name:
        check_key(portal, kind, name)
    archived = request.flag("archived")
    found: dict[int, Record] = {}
    missing: list[str] = []
    for one in inputs:
        value = one.text("id")
        record = (
            by_key(portal, kind, name, value, indexed=True)
            if name
            else portal.store.get(kind.name, value, archived=archived)
        )
        if record is None:
            missing.append(value)
        else:
            found[record.id] = record
    rows = [
        shown(portal, kind, record, body.texts("properties"), history=history)
        for record in found.values()
    ]
    return batch(portal, rows, _missing(kind, missing), single_body=request.says_all_in_one_body())


def create_batch(portal: Portal, request: Request) -> Answer:
    """Create records, linked as their inputs say."""
    kind = request.kind

    def check(one: Body, claims: Claims) -> Step:
        links = wanted_links(portal, kind, one)
        needed = mandatory(portal, request)
        kept = checked(portal, kind, one.values("properties"), None, claims, mandatory=needed)
        trace = one.text("objectWriteTraceId")
        return lambda: written(portal, kind, make(portal, kind, kept, links), trace)

    return _write(portal, request, check, done=201)


def update_batch(portal: Portal, request: Request) -> Answer:
    """Change records; those not there are listed in one error, the others change."""
    kind, missing = request.kind, list[str]()
    inputs: list[Body] = []
    _refuse_twice([(one.text("idProperty"), one.text("id")) for one in _inputs(request, MOST)])
    for one in _inputs(request, MOST):
        if _target(portal, kind, one) is None:
            missing.append(one.text("id"))
        else:
            inputs.append(one)

    def check(one: Body, claims: Claims) -> Step:
        record = _target(portal, kind, one)
        kept = checked(portal, kind, one.values("properties"), record, claims)
        return partial(_change, portal, kind, record, kept, one.text("objectWriteTraceId"))

    return _write(portal, request, check, inputs=inputs, errors=_missing(kind, missing))


def upsert_batch(portal: Portal, request: Request) -> Answer:
    """Change the records that hold a unique value, and create those nobody holds yet."""
    kind = request.kind
    inputs = _inputs(request, MOST)
    for one in inputs:
        if "idProperty" not in one:
            refuse("idProperty is required to upsert.")
        check_key(portal, kind, one.text("idProperty"))
    _refuse_twice([(one.text("idProperty"), one.text("id").lower()) for one in inputs])
    holders = [_holder(portal, kind, one) for one in inputs]
    _refuse_twice([("record", str(one.id)) for one in holders if one is not None])

    def check(one: Body, claims: Claims) -> Step:
        record = _holder(portal, kind, one)
        sent = {one.text("idProperty"): one.text("id")} | one.values("properties")
        if record is not None:
            sent = one.values("properties")
        kept = checked(portal, kind, sent, record, claims, mandatory=mandatory(portal, request))
        return partial(_change, portal, kind, record, kept, one.text("objectWriteTraceId"))

    return _write(portal, request, check, upsert=True)


def archive_batch(portal: Portal, request: Request) -> Answer:
    """Put records into the recycle bin; those not there are fine, too."""
    for one in _inputs(request, MOST):
        record = portal.store.get(request.kind.name, one.text("id"))
        if record is not None:
            bin_it(portal, request.kind, record)
    return Answer(204)


def _write(
    portal: Portal,
    request: Request,
    check: Check,
    *,
    inputs: Sequence[Body] | None = None,
    errors: Sequence[Json] = (),
    done: int = 200,
    upsert: bool = False,
) -> Answer:
    """Check every input before the first is applied, unless trace ids allow partial failure."""
    inputs = _inputs(request, MOST) if inputs is None else inputs
    traces = [one.text("objectWriteTraceId") for one in inputs]
    partial_failure = bool(traces) and all(traces) and len(set(traces)) == len(traces)
    failed: list[Json] = list(errors)
    claims: Claims = set()
    steps: list[Step] = []
    for one in inputs:
        try:
            steps.append(check(one, claims))
        except RefusedError as problem:
            if upsert and _is_conflict(problem):
                problem = _whole_conflict(problem)
                if portal.account.switches.conflicts_fail_the_batch:
                    raise problem from None
            if not partial_failure:
                raise problem from None
            failed.append(problem.as_row(one.text("objectWriteTraceId")))
    rows = [step() for step in steps]
    single = request.says_all_in_one_body()
    return batch(portal, rows, failed, done=done, single_body=single)


def _change(
    portal: Portal, kind: ObjectType, record: Record | None, kept: dict[str, str], trace: str
) -> Json:
    if record is None:
        return written(portal, kind, make(portal, kind, kept), trace) | {"new": True}
    alter(portal, kind, record, kept)
    return written(portal, kind, record, trace) | {"new": False}


def _target(portal: Portal, kind: ObjectType, one: Body) -> Record | None:
    name = one.text("idProperty")
    if not name:
        return portal.store.get(kind.name, one.text("id"))
    check_key(portal, kind, name)
    return by_key(portal, kind, name, one.text("id"), indexed=False)


def _holder(portal: Portal, kind: ObjectType, one: Body) -> Record | None:
    return by_key(portal, kind, one.text("idProperty"), one.text("id"), indexed=False)


def _inputs(request: Request, most: int) -> list[Body]:
    inputs = request.body.parts("inputs")
    if len(inputs) > most:
        refuse(f"The maximum number of inputs in a batch request is {most}.")
    return inputs


def _refuse_twice(keys: Sequence[tuple[str, str]]) -> None:
    twice = sorted({key[1] for key in keys if keys.count(key) > 1})
    if twice:
        message = f"Duplicate IDs found in batch input: [{', '.join(twice)}]. IDs must be unique"
        refuse(message, ids=twice)


def _missing(kind: ObjectType, ids: Sequence[str]) -> list[Json]:
    if not ids:
        return []
    message = (
        f"Could not get some {kind.singular.upper()} objects, they may be deleted or not exist. "
        "Check that ids are valid."
    )
    return [RefusedError(404, "OBJECT_NOT_FOUND", message, context={"ids": ids}).as_row()]


def _is_conflict(problem: RefusedError) -> bool:
    codes = [error.get("code") for error in problem.errors]
    return problem.status == 409 or "CONFLICTING_UNIQUE_VALUE" in codes


def _whole_conflict(problem: RefusedError) -> RefusedError:
    return RefusedError(409, "CONFLICT", problem.message, errors=problem.errors)


def _route(verb: str, handle: Callable[[Portal, Request], Answer], model: str) -> Route:
    needs = reads if verb == "read" else writes
    path = f"/crm/v3/objects/{{kind}}/batch/{verb}"
    return Route("POST", path, f"{{kind}} batch {verb}", handle, needs, Model(model))


ROUTES = (
    _route("read", read_batch, "BatchReadInputSimplePublicObjectId"),
    _route("create", create_batch, "BatchInputSimplePublicObjectBatchInputForCreate"),
    _route("update", update_batch, "BatchInputSimplePublicObjectBatchInput"),
    _route("upsert", upsert_batch, "BatchInputSimplePublicObjectBatchInputUpsert"),
    _route("archive", archive_batch, "BatchInputSimplePublicObjectId"),
)
