"""Who is linked with a record: from the record itself where it says so, else asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from goodword_hubspot.seam.associations import read_links

if TYPE_CHECKING:
    from goodword_hubspot.desk import Desk
    from goodword_hubspot.seam.records import Record


def ids_linked(
    desk: Desk, start: str, end: str, records: Sequence[Record]
) -> Mapping[str, tuple[str, ...]]:
    """Return the ids of *end* linked with each record.

    A list names the first page of links inside each record; records with more, and records that
    came from a search, are asked for.
    """
    complete = {r.id: r.linked.get(end, ()) for r in records if _complete(r, end)}
    rest = [r.id for r in records if r.id not in complete]
    asked = read_links(desk.portal, start, end, rest) if rest else {}
    found = {each: tuple(one.id for one in linked) for each, linked in asked.items()}
    return {**complete, **found}


def _complete(record: Record, end: str) -> bool:
    """Say whether the record names all its links; a list names the first page of them."""
    return record.listed and end not in record.more_linked


def ids_by_contact(record_id: str, contacts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield an id for each contact of a record: for the first the record's own, else made of it."""
    for place, contact in enumerate(sorted(contacts, key=lambda one: (len(one), one))):
        yield (record_id if place == 0 else f"{record_id}-{contact}"), contact
