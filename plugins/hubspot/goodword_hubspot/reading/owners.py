"""Sales reps: HubSpot's owners, those who left included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from goodword_hubspot.reading.optional import where_allowed

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_hubspot.desk import Desk
    from goodword_hubspot.seam.portal_facts import Owner


def put_owners(desk: Desk, sink: Sink) -> None:
    """Hand over everybody tasks can belong to; queues are no people and count as inactive."""
    where_allowed(sink, ("owners",), "Owners", _all(desk), lambda each: _put(sink, each))


def _all(desk: Desk) -> Iterator[Mapping[str, Owner]]:
    yield desk.owners


def _put(sink: Sink, owners: Mapping[str, Owner]) -> None:
    rows = [
        {
            "owner_id": each.id,
            "name": each.name,
            "email": each.email or None,
            "active": each.active and each.person,
        }
        for each in owners.values()
    ]
    sink.put("owners", rows)
    sink.whole("owners")
