"""Records of any kind: lists, searches and batches, within HubSpot's page sizes.

Requests have every field that HubSpot's reference names, also where the SDK would leave one out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from goodword import Trail
from goodword_hubspot.names import HUBSPOT_DEFINED
from goodword_hubspot.seam.failures import endless
from goodword_hubspot.seam.records import Batch, Page, Record, batch_of, page_of

if TYPE_CHECKING:
    from goodword_hubspot.seam.client import Portal

T = TypeVar("T")
LIST_PAGE, SEARCH_PAGE, BATCH = 100, 200, 100
HISTORY_BATCH = 50
"""Records of one batch read with history."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition of a search; all conditions of a search hold together."""

    name: str
    operator: str
    value: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a batch of writes.

    Args:
        properties: Name to value; an empty text empties the property.
        id: The record to change, or with *id_property* the value that finds it.
        id_property: A unique property, for upserts and updates by key.
        trace: Our name of this input; errors and results carry it.
        links: Number of the type of association to the id to link with, for creates.
    """

    properties: Mapping[str, str]
    id: str = ""
    id_property: str = ""
    trace: str = ""
    links: tuple[tuple[int, str], ...] = ()


def list_page(
    portal: Portal,
    kind: str,
    properties: Sequence[str],
    after: str = "",
    linked: Sequence[str] = (),
    *,
    archived: bool = False,
) -> Page:
    """Return one page of all records of a kind."""
    options: dict[str, object] = {"limit": LIST_PAGE, "archived": archived}
    if properties:
        options["properties"] = list(properties)
    if linked:
        options["associations"] = list(linked)
    if after:
        options["after"] = after
    reply = portal.ask(portal.sdk.crm.objects.basic_api.get_page, kind, **options)
    return reply.read(partial(page_of, listed=bool(linked)))


def each_page(
    portal: Portal,
    kind: str,
    properties: Sequence[str],
    linked: Sequence[str] = (),
    *,
    archived: bool = False,
) -> Iterator[Page]:
    """Yield every page of a list."""
    after, trail = "", Trail(endless(kind))
    while True:
        page = list_page(portal, kind, properties, after, linked, archived=archived)
        yield page
        after = trail.go(page.after, len(page.records))
        if not after:
            return


def search(
    portal: Portal,
    kind: str,
    groups: Sequence[Sequence[Filter]],
    properties: Sequence[str],
    sort: str = "",
    after: str = "0",
    limit: int = SEARCH_PAGE,
) -> Page:
    """Return one page of the records that fit one of the *groups*, oldest by *sort* first."""
    models = _models()
    request = models.PublicObjectSearchRequest(
        limit=limit,
        after=after,
        sorts=[{"propertyName": sort, "direction": "ASCENDING"}] if sort else [],
        properties=list(properties),
        filter_groups=[
            models.FilterGroup(filters=[_filter(models, each) for each in group])
            for group in groups
        ],
    )
    reply = portal.ask(portal.sdk.crm.objects.search_api.do_search, kind, request)
    return reply.read(page_of)


def read(
    portal: Portal,
    kind: str,
    ids: Sequence[str],
    properties: Sequence[str],
    history: Sequence[str] = (),
    id_property: str = "",
) -> Iterator[Record]:
    """Yield those of the records that exist, not from the search index: they are up to date.

    Args:
        portal: The portal.
        kind: Kind of object.
        ids: Their ids, or values of *id_property*.
        properties: What to read of them.
        history: Properties to read with their history.
        id_property: A unique property, where *ids* are its values.
    """
    models = _models()
    size = HISTORY_BATCH if history else BATCH
    for part in chunks(list(dict.fromkeys(ids)), size):
        body = models.BatchReadInputSimplePublicObjectId(
            inputs=[models.SimplePublicObjectId(id=each) for each in part],
            properties=list(properties),
            properties_with_history=list(history),
            id_property=id_property or None,
        )
        reply = portal.ask(portal.sdk.crm.objects.batch_api.read, kind, body)
        yield from reply.read(batch_of).records


def update(portal: Portal, kind: str, inputs: Sequence[Input]) -> Batch:
    """Change at most 100 records."""
    models = _models()
    body = models.BatchInputSimplePublicObjectBatchInput(
        inputs=[
            models.SimplePublicObjectBatchInput(
                id=each.id,
                id_property=each.id_property or None,
                properties=dict(each.properties),
                object_write_trace_id=each.trace or None,
            )
            for each in inputs
        ]
    )
    return portal.ask(portal.sdk.crm.objects.batch_api.update, kind, body).read(batch_of)


def upsert(portal: Portal, kind: str, inputs: Sequence[Input]) -> Batch:
    """Make or change at most 100 records, found by a unique property."""
    models = _models()
    body = models.BatchInputSimplePublicObjectBatchInputUpsert(
        inputs=[
            models.SimplePublicObjectBatchInputUpsert(
                id=each.id,
                id_property=each.id_property,
                properties=dict(each.properties),
                object_write_trace_id=each.trace or None,
            )
            for each in inputs
        ]
    )
    return portal.ask(portal.sdk.crm.objects.batch_api.upsert, kind, body).read(batch_of)


def create(portal: Portal, kind: str, inputs: Sequence[Input]) -> Batch:
    """Make at most 100 records, linked at once."""
    models = _models()
    body = models.BatchInputSimplePublicObjectBatchInputForCreate(
        inputs=[
            models.SimplePublicObjectBatchInputForCreate(
                properties=dict(each.properties),
                associations=[
                    models.PublicAssociationsForObject(
                        to=models.PublicObjectId(id=to),
                        types=[
                            models.AssociationSpec(
                                association_category=HUBSPOT_DEFINED, association_type_id=number
                            )
                        ],
                    )
                    for number, to in each.links
                ],
                object_write_trace_id=each.trace or None,
            )
            for each in inputs
        ]
    )
    return portal.ask(portal.sdk.crm.objects.batch_api.create, kind, body).read(batch_of)


def archive(portal: Portal, kind: str, ids: Sequence[str]) -> None:
    """Put records into the recycle bin; those that are there or gone stay so."""
    models = _models()
    for part in chunks(list(dict.fromkeys(ids)), BATCH):
        body = models.BatchInputSimplePublicObjectId(
            inputs=[models.SimplePublicObjectId(id=each) for each in part]
        )
        portal.ask(portal.sdk.crm.objects.batch_api.archive, kind, body)


def chunks(items: Sequence[T], size: int) -> Iterator[list[T]]:
    """Yield *items* in parts of at most *size*."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def _filter(models: Any, given: Filter) -> Any:
    return models.Filter(
        property_name=given.name,
        operator=given.operator,
        value=given.value or None,
        values=list(given.values) or None,
    )


def _models() -> Any:
    """Return the SDK's models of records."""
    from hubspot.crm import objects  # type: ignore[import-untyped]  # the SDK has no types

    return objects
