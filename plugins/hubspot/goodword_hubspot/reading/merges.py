"""Merged contacts: HubSpot gives the losing ids in two properties, and neither has all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goodword_hubspot.seam.records import Record

MERGED = ("hs_merged_object_ids", "hs_calculated_merged_vids")


def merged_ids(record: Record) -> tuple[str, ...]:
    """Return the ids that were merged into a contact.

    ``hs_merged_object_ids`` is a list ``id;id``, ``hs_calculated_merged_vids`` one with times,
    ``id:milliseconds;id:milliseconds`` (fivetran/dbt_hubspot#168).
    """
    listed = (part for name in MERGED for part in (record.get(name) or "").split(";"))
    ids = (part.split(":")[0].strip() for part in listed)
    return tuple(dict.fromkeys(each for each in ids if each.isdigit() and each != record.id))


def merged_into(record: Record) -> Iterator[dict[str, object]]:
    """Yield a row of ``aliases`` for each contact that became this one."""
    for each in merged_ids(record):
        yield {"alias_id": each, "contact_id": record.id}
