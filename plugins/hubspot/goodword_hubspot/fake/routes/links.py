"""Links between records: read by page or batch, made, removed. Making one twice changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from goodword_hubspot.fake.answers import Answer, Json, RefusedError, refuse
from goodword_hubspot.fake.association_types import Link
from goodword_hubspot.fake.body import Body
from goodword_hubspot.fake.object_types import ObjectType
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.records import Wanted, expect, join, part
from goodword_hubspot.fake.rendering import batch, page
from goodword_hubspot.fake.request import Request
from goodword_hubspot.fake.routes.labels import shown_label
from goodword_hubspot.fake.routing import Model, Route
from goodword_hubspot.fake.scopes import reads_links, writes_links

PACKAGE = "hubspot.crm.associations.v4"
PAGE = 500
MOST_READ = 1_000
MOST_MADE = 2_000
MOST_ARCHIVED = 100


def list_links(portal: Portal, request: Request) -> Answer:
    """List what one record is linked to."""
    record = expect(portal, request.kind, request.params["id"])
    limit = request.limit(PAGE, PAGE)
    return Answer(200, _page(portal, request, record.id, request.after(), limit))


def read_batch(portal: Portal, request: Request) -> Answer:
    """Read the links of up to 1,000 records; one without any is listed as an error."""
    rows: list[Json] = []
    errors: list[Json] = []
    for one in _inputs(request, MOST_READ):
        number, after = one.text("id"), one.text("after") or "0"
        record = portal.store.get(request.kind.name, number)
        found = None
        if record is not None and after.isdigit():
            found = _page(portal, request, record.id, int(after), PAGE)
        if found is None or not found["results"]:
            errors.append(_unlinked(request, number))
            continue
        row: Json = {"from": {"id": number}, "to": found["results"]}
        rows.append(row | ({"paging": found["paging"]} if "paging" in found else {}))
    return batch(portal, rows, errors, single_body=request.says_all_in_one_body())


def create_batch(portal: Portal, request: Request) -> Answer:
    """Link up to 2,000 pairs."""
    return _create(portal, request, default=False)


def create_default_batch(portal: Portal, request: Request) -> Answer:
    """Link up to 2,000 pairs without a label."""
    return _create(portal, request, default=True)


def archive_batch(portal: Portal, request: Request) -> Answer:
    """Remove every link between the pairs given."""
    for one in _inputs(request, MOST_ARCHIVED):
        for other in one.parts("to"):
            ends = _ends(portal, request, one.part("from").text("id"), other.text("id"))
            if ends is not None:
                part(portal, request.kind, ends[0], request.target, ends[1])
    return Answer(204)


def archive_labels(portal: Portal, request: Request) -> Answer:
    """Remove single labels between the pairs given."""
    for one in _inputs(request, MOST_ARCHIVED):
        ends = _ends(portal, request, one.part("from").text("id"), one.part("to").text("id"))
        for link in _wanted(portal, request.kind, request.target, one.parts("types")):
            if ends is not None:
                portal.links.unlabel(request.kind, ends[0], request.target, ends[1], link)
    return Answer(204)


def put_link(portal: Portal, request: Request) -> Answer:
    """Link two records with the types in the body."""
    source = expect(portal, request.kind, request.params["id"])
    target = expect(portal, request.target, request.params["to"])
    links = _wanted(portal, request.kind, request.target, request.items)
    for link in links:
        join(portal, request.kind, source.id, Wanted(request.target, target.id, link))
    return Answer(201, _pair(request, source.id, target.id, links))


def put_default(portal: Portal, request: Request) -> Answer:
    """Link two records without a label."""
    source = expect(portal, request.kind, request.params["id"])
    target = expect(portal, request.target, request.params["to"])
    link = portal.links.types.plain(request.kind, request.target)
    join(portal, request.kind, source.id, Wanted(request.target, target.id, link))
    return batch(portal, [_default(link, source.id, target.id)])


def remove_links(portal: Portal, request: Request) -> Answer:
    """Remove every link between two records."""
    ends = _ends(portal, request, request.params["id"], request.params["to"])
    if ends is not None:
        part(portal, request.kind, ends[0], request.target, ends[1])
    return Answer(204)


def _create(portal: Portal, request: Request, *, default: bool) -> Answer:
    kind, target = request.kind, request.target
    rows: list[Json] = []
    errors: list[Json] = []
    inputs = _inputs(request, MOST_MADE)
    plain = portal.links.types.plain(kind, target)
    wanted = [
        (plain,) if default else _wanted(portal, kind, target, one.parts("types")) for one in inputs
    ]
    for one, links in zip(inputs, wanted, strict=True):
        number, other = one.part("from").text("id"), one.part("to").text("id")
        ends = _ends(portal, request, number, other)
        if ends is None:
            message = f"{kind.singular} {number} or {target.singular} {other} does not exist."
            context = {"fromObjectId": [number], "toObjectId": [other]}
            errors.append(RefusedError(404, "OBJECT_NOT_FOUND", message, context=context).as_row())
            continue
        for link in links:
            join(portal, kind, ends[0], Wanted(target, ends[1], link))
        rows.append(_default(plain, *ends) if default else _pair(request, *ends, links))
    done = 200 if default else 201
    return batch(portal, rows, errors, done=done, single_body=request.says_all_in_one_body())


def _page(portal: Portal, request: Request, number: int, after: int, limit: int) -> Json:
    found = portal.links.of(request.kind, number, request.target)
    numbers = [one for one in portal.linked(request.kind, number, request.target) if one > after]
    rows: list[Json] = [
        {
            "toObjectId": other,
            "associationTypes": [shown_label(link) for link in found[other]],
        }
        for other in numbers[:limit]
    ]
    more = str(numbers[limit - 1]) if len(numbers) > limit else ""
    base = f"https://api.hubapi.com/crm/v4/objects/{request.kind.name}/{number}/associations"
    return page(rows, more, f"{base}/{request.target.name}")


def _wanted(
    portal: Portal, kind: ObjectType, target: ObjectType, specs: Sequence[Body]
) -> tuple[Link, ...]:
    if not specs:
        refuse("At least one association type is required.")
    return tuple(
        portal.links.types.find(
            kind, target, spec.text("associationCategory"), spec.number("associationTypeId")
        )
        for spec in specs
    )


def _ends(portal: Portal, request: Request, number: str, other: str) -> tuple[int, int] | None:
    source = portal.store.get(request.kind.name, number)
    target = portal.store.get(request.target.name, other)
    return None if source is None or target is None else (source.id, target.id)


def _inputs(request: Request, most: int) -> list[Body]:
    inputs = request.body.parts("inputs")
    if len(inputs) > most:
        refuse(f"The maximum number of inputs in a batch request is {most}.")
    return inputs


def _pair(request: Request, number: int, other: int, links: Sequence[Link]) -> Json:
    return {
        "fromObjectTypeId": request.kind.type_id,
        "fromObjectId": number,
        "toObjectTypeId": request.target.type_id,
        "toObjectId": other,
        "labels": [link.label for link in links if link.label],
    }


def _default(link: Link, number: int, other: int) -> Json:
    spec = {"associationCategory": link.category, "associationTypeId": link.number}
    return {"from": {"id": str(number)}, "to": {"id": str(other)}, "associationSpec": spec}


def _unlinked(request: Request, number: str) -> Json:
    return RefusedError(
        404,
        "OBJECT_NOT_FOUND",
        f"No {request.target.singular} is associated with {request.kind.singular} {number}.",
        context={
            "fromObjectId": [number],
            "fromObjectType": [request.kind.singular],
            "toObjectType": [request.target.singular],
        },
        sub_category="crm.associations.NO_ASSOCIATIONS_FOUND",
    ).as_row()


BASE = "/crm/v4/associations/{kind}/{target}/batch"
ONE = "/crm/v4/objects/{kind}/{id}/associations"
CALLED = "{kind} to {target}"
ROUTES = (
    Route(
        "GET",
        f"{ONE}/{{target}}",
        f"{CALLED} list",
        list_links,
        reads_links,
        bucket="associations",
    ),
    Route(
        "PUT",
        f"{ONE}/{{target}}/{{to}}",
        f"{CALLED} create",
        put_link,
        writes_links,
        Model("list[AssociationSpec]", PACKAGE),
        "associations",
    ),
    Route(
        "PUT",
        f"{ONE}/default/{{target}}/{{to}}",
        f"{CALLED} create",
        put_default,
        writes_links,
        bucket="associations",
    ),
    Route(
        "DELETE",
        f"{ONE}/{{target}}/{{to}}",
        f"{CALLED} archive",
        remove_links,
        writes_links,
        bucket="associations",
    ),
    Route(
        "POST",
        f"{BASE}/read",
        f"{CALLED} batch read",
        read_batch,
        reads_links,
        Model("BatchInputPublicFetchAssociationsBatchRequest", PACKAGE),
        "associations",
    ),
    Route(
        "POST",
        f"{BASE}/create",
        f"{CALLED} batch create",
        create_batch,
        writes_links,
        Model("BatchInputPublicAssociationMultiPost", PACKAGE),
        "associations",
    ),
    Route(
        "POST",
        f"{BASE}/associate/default",
        f"{CALLED} batch create",
        create_default_batch,
        writes_links,
        Model("BatchInputPublicDefaultAssociationMultiPost", PACKAGE),
        "associations",
    ),
    Route(
        "POST",
        f"{BASE}/archive",
        f"{CALLED} batch archive",
        archive_batch,
        writes_links,
        Model("BatchInputPublicAssociationMultiArchive", PACKAGE),
        "associations",
    ),
    Route(
        "POST",
        f"{BASE}/labels/archive",
        f"{CALLED} labels batch archive",
        archive_labels,
        writes_links,
        Model("BatchInputPublicAssociationMultiPost", PACKAGE),
        "associations",
    ),
)
