"""Links between records: read 1,000 at a time with every page of each, made, and their labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from goodword_hubspot.names import (
    HUBSPOT_DEFINED,
    LABEL_NAME,
    REFERRED,
    REFERRED_BY_LABEL,
    USER_DEFINED,
)
from goodword_hubspot.seam.objects import chunks

if TYPE_CHECKING:
    from goodword_hubspot.seam.client import Portal

READ, CREATE = 1_000, 2_000
"""Most inputs of one call (HubSpot's association guide)."""


@dataclass(frozen=True, slots=True)
class Linked:
    """One record at the other end, with the numbers of the types of the link."""

    id: str
    types: frozenset[int]


@dataclass(frozen=True, slots=True)
class Label:
    """Our paired label between two contacts.

    Args:
        given: Number of its type as seen from the referrer.
        received: Number of its type as seen from the referred; 0 where HubSpot names none.
    """

    given: int
    received: int


def read_links(
    portal: Portal, start: str, end: str, ids: Sequence[str]
) -> dict[str, tuple[Linked, ...]]:
    """Return what each of the records is linked with; one without a link is left out."""
    models = _models()
    found: dict[str, list[Linked]] = {}
    waiting = [(each, "") for each in dict.fromkeys(ids)]
    while waiting:
        part, waiting = waiting[:READ], waiting[READ:]
        body = models.BatchInputPublicFetchAssociationsBatchRequest(
            inputs=[
                models.PublicFetchAssociationsBatchRequest(id=each, after=after or None)
                for each, after in part
            ]
        )
        reply = portal.ask(portal.sdk.crm.associations.v4.batch_api.get_page, start, end, body)
        for row in reply.data.get("results") or ():
            here = str(row["from"]["id"])
            found.setdefault(here, []).extend(map(_linked, row.get("to") or ()))
            after = ((row.get("paging") or {}).get("next") or {}).get("after")
            if after:
                waiting.append((here, str(after)))
    return {each: tuple(linked) for each, linked in found.items()}


def link(
    portal: Portal,
    start: str,
    end: str,
    pairs: Iterable[tuple[str, str]],
    type_id: int,
    category: str = HUBSPOT_DEFINED,
) -> None:
    """Link each pair of ids; a link that is there stays as it is."""
    models = _models()
    for part in chunks(list(dict.fromkeys(pairs)), CREATE):
        body = models.BatchInputPublicAssociationMultiPost(
            inputs=[
                models.PublicAssociationMultiPost(
                    _from=models.PublicObjectId(id=one),
                    to=models.PublicObjectId(id=other),
                    types=[
                        models.AssociationSpec(
                            association_category=category, association_type_id=type_id
                        )
                    ],
                )
                for one, other in part
            ]
        )
        portal.ask(portal.sdk.crm.associations.v4.batch_api.create, start, end, body)


def labels(portal: Portal, start: str, end: str) -> tuple[Mapping[str, Any], ...]:
    """Return the labels between two kinds of object (Any: HubSpot's own shape)."""
    api = portal.sdk.crm.associations.v4.schema.definitions_api
    return tuple(portal.ask(api.get_all, start, end).data.get("results") or ())


def our_label(portal: Portal) -> Label | None:
    """Return our label, if the portal has it."""
    numbers = {
        str(each.get("label")): int(each["typeId"])
        for each in labels(portal, "contacts", "contacts")
        if each.get("category") == USER_DEFINED
    }
    given = numbers.get(REFERRED)
    return Label(given, numbers.get(REFERRED_BY_LABEL, 0)) if given is not None else None


def make_label(portal: Portal) -> None:
    """Make the paired label between contacts."""
    from hubspot.crm.associations.v4 import schema  # type: ignore[import-untyped]  # no types

    body = schema.PublicAssociationDefinitionCreateRequest(
        name=LABEL_NAME, label=REFERRED, inverse_label=REFERRED_BY_LABEL
    )
    api = portal.sdk.crm.associations.v4.schema.definitions_api
    portal.ask(api.create, "contacts", "contacts", body)


def remove_label(portal: Portal, label: Label) -> None:
    """Remove our label; the links themselves stay, without it."""
    api = portal.sdk.crm.associations.v4.schema.definitions_api
    portal.ask(api.remove, "contacts", "contacts", label.given)


def _linked(data: Mapping[str, Any]) -> Linked:
    types = (int(each["typeId"]) for each in data.get("associationTypes") or ())
    return Linked(str(data["toObjectId"]), frozenset(types))


def _models() -> Any:
    """Return the SDK's models of associations."""
    from hubspot.crm.associations import v4  # type: ignore[import-untyped]  # the SDK has no types

    return v4
