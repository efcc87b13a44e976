"""Companies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from goodword_hubspot.reading.values import lower

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_hubspot.seam.records import Record


def put_accounts(sink: Sink, records: Iterable[Record]) -> None:
    """Hand over companies."""
    rows = [
        {
            "account_id": record.id,
            "name": record.get("name"),
            "domain": lower(record.get("domain")),
            "owner_id": record.get("hubspot_owner_id"),
            "city": record.get("city"),
            "industry": record.get("industry"),
        }
        for record in records
    ]
    sink.put("accounts", rows)
