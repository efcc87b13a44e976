"""Making a task or note exactly once, as surely as the portal lets us.

A: written by a unique property, so that a second write is the first; then linked.
B and C: looked for on the contact first, made with its link in one call, and a duplicate that a
lost answer left is archived later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodword_hubspot.marks import Mark
from goodword_hubspot.names import NOTE_TO_CONTACT, TASK_TO_CONTACT
from goodword_hubspot.places import Place
from goodword_hubspot.seam.associations import link
from goodword_hubspot.seam.objects import Input, create, upsert
from goodword_hubspot.writing.batches import Fate, sent
from goodword_hubspot.writing.existing import existing

if TYPE_CHECKING:
    from goodword_hubspot.desk import Desk

TO_CONTACT: Mapping[str, int] = {"tasks": TASK_TO_CONTACT, "notes": NOTE_TO_CONTACT}
"""Number of the association with the contact, by kind."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record that should exist once.

    Args:
        mark: Its key and contact.
        body: Its text, without the mark.
        properties: Everything else on it.
    """

    mark: Mark
    body: str
    properties: Mapping[str, str]


def made_once(desk: Desk, kind: str, wanted: Sequence[Wanted]) -> dict[str, Fate]:
    """Make the records that do not exist yet, all linked with their contact.

    Args:
        desk: The portal.
        kind: tasks or notes.
        wanted: Records of different keys.

    Returns:
        What became of each, by key; one that existed is not changed.
    """
    place, memory = desk.place(kind), desk.memory
    doubtful = [each.mark.key for each in wanted if memory.may_exist(each.mark.key)]
    there = existing(desk, kind, doubtful)
    new = [each for each in wanted if each.mark.key not in there]
    fates = {key: Fate(record) for key, record in there.items()}
    if new:
        pairs = [(each.mark.key, each.mark.contact) for each in new]
        memory.attempt(pairs, desk.portal.clock())
        fates |= _made(desk, place, new)
    ids = {key: fate.record.id for key, fate in fates.items() if fate.record is not None}
    memory.note(kind, ((record, key) for key, record in ids.items()), desk.portal.clock())
    if place.level == "A":
        _linked(desk, kind, {each.mark.key: each.mark.contact for each in wanted}, ids)
    return fates


def mend_links(desk: Desk, kind: str, found: Mapping[str, Mark], ids: Mapping[str, str]) -> None:
    """Link records whose run died between making and linking them."""
    if desk.place(kind).level == "A" and not desk.portal.transport.read_only:
        _linked(desk, kind, {key: mark.contact for key, mark in found.items()}, ids)


def _made(desk: Desk, place: Place, new: Sequence[Wanted]) -> dict[str, Fate]:
    """Send what does not exist yet, in an order of its own so that a repeat is the same."""
    ordered = sorted(new, key=lambda each: each.mark.key)
    if place.level == "A":
        inputs = [
            Input(
                properties={**each.properties, **place.written(each.mark, each.body)},
                id=each.mark.key,
                id_property=place.key,
                trace=each.mark.key,
            )
            for each in ordered
        ]
        return sent(inputs, lambda part: upsert(desk.portal, place.kind, part))
    inputs = [
        Input(
            properties={**each.properties, **place.written(each.mark, each.body)},
            trace=each.mark.key,
            links=((TO_CONTACT[place.kind], each.mark.contact),),
        )
        for each in ordered
    ]
    return sent(inputs, lambda part: create(desk.portal, place.kind, part))


def _linked(desk: Desk, kind: str, contacts: Mapping[str, str], ids: Mapping[str, str]) -> None:
    pairs = [(ids[key], contact) for key, contact in contacts.items() if key in ids]
    if pairs:
        link(desk.portal, kind, "contacts", pairs, TO_CONTACT[kind])
