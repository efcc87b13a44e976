"""Merging two records, and erasing a person."""

from __future__ import annotations

from goodword_hubspot.fake.answers import Answer, refuse
from goodword_hubspot.fake.merging import erase, merge
from goodword_hubspot.fake.object_types import CONTACTS
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.records import expect
from goodword_hubspot.fake.rendering import written
from goodword_hubspot.fake.request import Request
from goodword_hubspot.fake.routing import Model, Route
from goodword_hubspot.fake.scopes import writes


def merge_records(portal: Portal, request: Request) -> Answer:
    """Merge one record into another."""
    kind = request.kind
    if kind.on_timeline:
        refuse(f"{kind.name} cannot be merged.")
    primary = expect(portal, kind, request.body.text("primaryObjectId"))
    other = expect(portal, kind, request.body.text("objectIdToMerge"))
    return Answer(200, written(portal, kind, merge(portal, kind, primary, other)))


def erase_contact(portal: Portal, request: Request) -> Answer:
    """Erase a contact for good, named by id or by e-mail address."""
    name, value = request.body.text("idProperty"), request.body.text("objectId")
    record = (
        portal.store.holder(CONTACTS.name, name, value)
        if name
        else portal.store.get(CONTACTS.name, value)
    )
    if record is not None:
        erase(portal, record)
    return Answer(204)


ROUTES = (
    Route(
        "POST",
        "/crm/v3/objects/{kind}/merge",
        "{kind} merge",
        merge_records,
        writes,
        Model("PublicMergeInput"),
    ),
    Route(
        "POST",
        "/crm/v3/objects/contacts/gdpr-delete",
        "contacts gdpr-delete",
        erase_contact,
        lambda *_: ((CONTACTS.write,),),
        Model("PublicGdprDeleteInput", CONTACTS.package),
    ),
)
