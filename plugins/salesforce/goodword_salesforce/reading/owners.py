"""Sales reps: the users of the org, those who left included."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk


def put_owners(desk: Desk, sink: Sink) -> None:
    """Hand over everybody tasks can belong to; queues are no people, and are left out."""
    rows = [
        {
            "owner_id": each.id,
            "name": each.name or None,
            "email": each.email or None,
            "active": each.active,
        }
        for each in desk.owners.values()
    ]
    sink.put("owners", rows)
    sink.whole("owners")
