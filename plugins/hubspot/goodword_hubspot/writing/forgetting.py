"""Forgetting one person: our tasks, notes and fields go; what is not ours to remove is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword_hubspot.names import OWN
from goodword_hubspot.reading.merges import MERGED, merged_ids
from goodword_hubspot.seam.associations import read_links
from goodword_hubspot.seam.objects import Input, archive, read, update
from goodword_hubspot.seam.records import Record

if TYPE_CHECKING:
    from goodword_hubspot.desk import Desk

PAGE_LEFT = "HubSpot still has the person's own page; delete it there."
BIN_LEFT = "What goodword wrote about them stays in HubSpot's recycle bin for 90 days."
LINKS_LEFT = "HubSpot still links them with other contacts by the label 'Referred'."


def forget_person(desk: Desk, contact_id: str) -> tuple[str, ...]:
    """Remove what is ours about a person; return what is left, without naming anybody."""
    person = (
        next(iter(read(desk.portal, "contacts", [contact_id], MERGED)), None)
        if (contact_id.isdigit())
        else None
    )
    if person is None:
        desk.memory.forget(contact_id, ())
        return ()
    keys: set[str] = set()
    for kind in ("tasks", "notes"):
        keys |= _archived(desk, kind, person)
    own = [OWN[column] for column in desk.fields]
    empty = dict.fromkeys([*own, *desk.answers], "")
    if empty:
        update(desk.portal, "contacts", [Input(properties=empty, id=contact_id)])
    desk.memory.forget(contact_id, keys)
    left = [PAGE_LEFT, BIN_LEFT]
    if _linked(desk, contact_id):
        left.append(LINKS_LEFT)
    return tuple(left)


def _archived(desk: Desk, kind: str, person: Record) -> set[str]:
    """Archive our records of a kind about a person; return their keys."""
    place = desk.place(kind)
    linked = read_links(desk.portal, "contacts", kind, [person.id])
    ids = [one.id for one in linked.get(person.id, ())]
    people = {person.id, *merged_ids(person)}
    marks = {
        record.id: mark
        for record in read(desk.portal, kind, ids, place.reads)
        if (mark := place.mark_of(record)) is not None and mark.contact in people
    }
    archive(desk.portal, kind, list(marks))
    return {mark.key for mark in marks.values()}


def _linked(desk: Desk, contact_id: str) -> bool:
    label = desk.label
    if label is None:
        return False
    others = read_links(desk.portal, "contacts", "contacts", [contact_id]).get(contact_id, ())
    return any({label.given, label.received} & one.types for one in others)
