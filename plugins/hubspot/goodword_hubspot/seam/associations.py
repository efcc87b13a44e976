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
from goodword_hubspot.seam.failures import endless
from goodword_hubspot.seam.objects import chunks
from goodword_hubspot.seam.shapes import after_in, id_of, rows

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
        received: Number of its type as seen from the referred.
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
    seen: set[tuple[str, str]] = set()
    what = f"links of {start}"
    while waiting:
        part, waiting = waiting[:READ], waiting[READ:]
        body = models.BatchInputPublicFetchAssociationsBatchRequest(
            inputs=[
                models.PublicFetchAssociationsBatchRequest(id=each, after=after or None)
                for each, after in part
            ]
        )
        reply = portal.ask(portal.sdk.crm.associations.v4.batch_api.get_page, start, end, body)
        for here, linked, after in reply.read(_pages):
            found.setdefault(here, []).extend(linked)
            if (here, after) in seen:
                raise endless(what)
            if after:
                seen.add((here, after))
                waiting.append((here, after))
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
    return portal.ask(api.get_all, start, end).read(_labels)


def our_label(portal: Portal) -> Label | None:
    """Return our label, if the portal has both halves of it, each once."""
    return _pair_in(labels(portal, "contacts", "contacts"))


def label_in_the_way(portal: Portal) -> str:
    """Return why our label cannot be made, where another one has a name of ours, or nothing."""
    found = labels(portal, "contacts", "contacts")
    names = {str(each.get("label")) for each in found if each.get("category") == USER_DEFINED}
    taken = sorted(names & {REFERRED, REFERRED_BY_LABEL}) if _pair_in(found) is None else []
    if not taken:
        return ""
    return f"a label '{taken[0]}' of another pair is there; it is left as it is, and not used"


def make_label(portal: Portal) -> Label | None:
    """Make the paired label between contacts; return it, if HubSpot says its numbers."""
    from hubspot.crm.associations.v4 import schema  # type: ignore[import-untyped]  # no types

    body = schema.PublicAssociationDefinitionCreateRequest(
        name=LABEL_NAME, label=REFERRED, inverse_label=REFERRED_BY_LABEL
    )
    api = portal.sdk.crm.associations.v4.schema.definitions_api
    return _pair_in(portal.ask(api.create, "contacts", "contacts", body).read(_labels))


def remove_label(portal: Portal, label: Label) -> None:
    """Remove our label; the links themselves stay, without it."""
    api = portal.sdk.crm.associations.v4.schema.definitions_api
    portal.ask(api.remove, "contacts", "contacts", label.given)


def _pair_in(found: Iterable[Mapping[str, Any]]) -> Label | None:
    """Return the pair with both our names among labels, None where either has another partner."""
    numbers: dict[str, list[int]] = {REFERRED: [], REFERRED_BY_LABEL: []}
    for each in found:
        if each.get("category") == USER_DEFINED and each.get("label") in numbers:
            numbers[str(each["label"])].append(int(each["typeId"]))
    given, received = numbers.values()
    return Label(*given, *received) if len(given) == len(received) == 1 else None


def _labels(data: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    found = tuple(rows(data))
    _ = [int(each["typeId"]) for each in found]  # each has its number, or none is taken
    return found


def _pages(data: Mapping[str, Any]) -> list[tuple[str, list[Linked], str]]:
    """Read one page of each record's links, and where its next one begins."""
    return [
        (id_of(row["from"]["id"]), [_linked(each) for each in rows(row, "to")], after_in(row))
        for row in rows(data)
    ]


def _linked(data: Mapping[str, Any]) -> Linked:
    types = (int(each["typeId"]) for each in rows(data, "associationTypes"))
    return Linked(id_of(data["toObjectId"]), frozenset(types))


def _models() -> Any:
    """Return the SDK's models of associations."""
    from hubspot.crm.associations import v4  # type: ignore[import-untyped]  # the SDK has no types

    return v4
