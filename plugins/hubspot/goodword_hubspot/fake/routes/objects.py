"""Single records: list, read, create, update, archive."""

from __future__ import annotations

from collections.abc import Sequence

from goodword_hubspot.fake.answers import Answer, refuse
from goodword_hubspot.fake.body import Body
from goodword_hubspot.fake.object_types import ObjectType
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.records import Wanted, alter, bin_it, expect, make
from goodword_hubspot.fake.rendering import page, shown, written
from goodword_hubspot.fake.request import Request
from goodword_hubspot.fake.routing import Model, Route
from goodword_hubspot.fake.rules import checked
from goodword_hubspot.fake.scopes import reads, writes
from goodword_hubspot.fake.store import Record

USUAL_PAGE = 10
MOST_ON_A_PAGE = 100
MOST_WITH_HISTORY = 50


def list_records(portal: Portal, request: Request) -> Answer:
    """List records by id; merged ones are gone, archived ones come only when asked for."""
    kind, history = request.kind, request.words("propertiesWithHistory")
    limit = request.limit(USUAL_PAGE, MOST_WITH_HISTORY if history else MOST_ON_A_PAGE)
    archived = request.flag("archived")
    found = portal.store.after(kind.name, request.after(), limit + 1, archived=archived)
    rows = [
        shown(
            portal,
            kind,
            record,
            request.words("properties"),
            history=history,
            associations=request.words("associations"),
        )
        for record in found[:limit]
    ]
    after = str(found[limit - 1].id) if len(found) > limit else ""
    return Answer(200, page(rows, after, f"https://api.hubapi.com/crm/v3/objects/{kind.name}"))


def read_record(portal: Portal, request: Request) -> Answer:
    """Read one record by id, or by a unique property named in ``idProperty``."""
    record = wanted_record(portal, request)
    return Answer(
        200,
        shown(
            portal,
            request.kind,
            record,
            request.words("properties"),
            history=request.words("propertiesWithHistory"),
            associations=request.words("associations"),
        ),
    )


def create_record(portal: Portal, request: Request) -> Answer:
    """Create one record, linked as its body says."""
    kind = request.kind
    links = wanted_links(portal, kind, request.body)
    sent = request.body.values("properties")
    kept = checked(portal, kind, sent, None, set(), mandatory=mandatory(portal, request))
    return Answer(201, written(portal, kind, make(portal, kind, kept, links)))


def update_record(portal: Portal, request: Request) -> Answer:
    """Change one record."""
    kind, record = request.kind, wanted_record(portal, request)
    kept = checked(portal, kind, request.body.values("properties"), record, set())
    alter(portal, kind, record, kept)
    return Answer(200, written(portal, kind, record))


def archive_record(portal: Portal, request: Request) -> Answer:
    """Put one record into the recycle bin; one that is not there is fine, too."""
    record = portal.store.get(request.kind.name, request.params["id"])
    if record is not None:
        bin_it(portal, request.kind, record)
    return Answer(204)


def wanted_record(portal: Portal, request: Request) -> Record:
    """Return the record the path names.

    Raises:
        RefusedError: It is not there, or ``idProperty`` is not unique.
    """
    name = request.first("idProperty")
    if not name:
        archived = request.flag("archived")
        return expect(portal, request.kind, request.params["id"], archived=archived)
    check_key(portal, request.kind, name)
    found = by_key(portal, request.kind, name, request.params["id"], indexed=True)
    return found if found is not None else expect(portal, request.kind, "")


def check_key(portal: Portal, kind: ObjectType, name: str) -> None:
    """Refuse *name* as a key unless its values are unique.

    Raises:
        RefusedError: They are not.
    """
    if name not in portal.definitions.unique(kind.name):
        refuse(f"idProperty {name} is not a unique property of {kind.singular}.")


def by_key(
    portal: Portal, kind: ObjectType, name: str, value: str, *, indexed: bool
) -> Record | None:
    """Return the record with that unique value; *indexed* reads may lag behind."""
    found = portal.store.holder(kind.name, name, value)
    lags = indexed and portal.account.switches.key_reads_lag
    if found is None or (lags and found.created > portal.indexed_until()):
        return None
    return found


def wanted_links(portal: Portal, kind: ObjectType, body: Body) -> list[Wanted]:
    """Return the links a new record shall have.

    Raises:
        RefusedError: The other record is not there, or the two cannot be linked that way.
    """
    found: list[Wanted] = []
    for one in body.parts("associations"):
        number = one.part("to").text("id")
        for spec in one.parts("types"):
            link = portal.links.types.leaving(
                kind, spec.text("associationCategory"), spec.number("associationTypeId")
            )
            target = portal.links.types.target(link)
            record = portal.store.get(target.name, number)
            if record is None:
                refuse(f"{target.singular} {number} does not exist.", ids=[number])
            found.append(Wanted(target, record.id, link))
    return found


def mandatory(portal: Portal, request: Request) -> Sequence[str]:
    """Return what an admin made mandatory, where this version of the API enforces it."""
    if not request.says_all_in_one_body():
        return ()
    return portal.account.switches.required_on_create.get(request.kind.name, ())


ROUTES = (
    Route("GET", "/crm/v3/objects/{kind}", "{kind} list", list_records, reads),
    Route("GET", "/crm/v3/objects/{kind}/{id}", "{kind} read", read_record, reads),
    Route(
        "POST",
        "/crm/v3/objects/{kind}",
        "{kind} create",
        create_record,
        writes,
        Model("SimplePublicObjectInputForCreate"),
    ),
    Route(
        "PATCH",
        "/crm/v3/objects/{kind}/{id}",
        "{kind} update",
        update_record,
        writes,
        Model("SimplePublicObjectInput"),
    ),
    Route("DELETE", "/crm/v3/objects/{kind}/{id}", "{kind} archive", archive_record, writes),
)
