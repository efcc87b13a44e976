"""Who left the portal: into the recycle bin, into another contact, or erased for privacy."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from goodword_hubspot.seam.objects import each_page, read

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_hubspot.desk import Desk

FEW, SHARE = 20, 0.01
"""Most people believed to be erased at once: a key that sees less must not erase everybody."""


def sweep_archived(desk: Desk, sink: Sink, kind: str, table: str, key: str) -> frozenset[str]:
    """Take the records of a kind out that are in the recycle bin; return their ids."""
    ids = desk.ids(kind)
    found: set[str] = set()
    for page in each_page(desk.portal, kind, (), archived=True):
        gone = [record.id for record in page.records if record.id in ids]
        sink.remove(table, [{key: each} for each in gone])
        if kind == "contacts":
            sink.remove("own_fields", [{key: each} for each in gone])
            desk.memory.left.difference_update(gone)
        found.update(gone)
    ids.drop(found)
    return frozenset(found)


def settle_departed(desk: Desk, sink: Sink, gone: Collection[str], before: int) -> None:
    """Forget people who left without a trace: they were erased for privacy.

    Args:
        desk: The portal.
        sink: Where it is said.
        gone: Contacts that were there and are in no list any more.
        before: How many contacts there were.
    """
    if not gone:
        return
    portal = desk.portal
    still = {record.id for record in read(portal, "contacts", sorted(gone), ["hs_object_id"])}
    archived = {
        record.id
        for page in each_page(portal, "contacts", (), archived=True)
        for record in page.records
    }
    erased = sorted(set(gone) - still - archived)
    if len(erased) > max(FEW, before * SHARE):
        text = f"{len(erased):,} contacts are no longer shown, too many to take them for erased. "
        sink.notice("departed", f"{text}Look whether the key still sees all contacts.")
        desk.ids("contacts").add(erased)
        return
    sink.remove("contacts", [{"contact_id": each} for each in erased])
    sink.forgotten(*erased)
    desk.ids("contacts").drop(erased)
    for each in erased:
        desk.memory.forget(each, ())
