"""Where our key stands on a task or note: what decides whether a write can happen twice.

Level A: a property HubSpot keeps unique, so that writing by key can never make a second one.
Level B: a property of ours that is not unique; we look before we write.
Level C: no property for the key; it stands in the mark.

A property under one of our names that is not ours is never written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from goodword import task_key
from goodword_hubspot.marks import Mark, mark_in, with_mark
from goodword_hubspot.names import BUILT_IN_KEY, KEY, MARK, key_property, mark_property
from goodword_hubspot.seam.schema import why_a_strangers

if TYPE_CHECKING:
    from goodword_hubspot.seam.records import Record
    from goodword_hubspot.seam.schema import Defined

BODIES = {"tasks": "hs_task_body", "notes": "hs_note_body"}
"""Property with the text of each kind."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where key and mark stand on a kind of record.

    Args:
        kind: tasks or notes.
        account: The portal, part of the key of every task.
        level: How surely a write happens once.
        key: Property with our key, empty at level C.
        mark: Property with our mark; empty where it stands in the text.
        moved: Property that held our marks before an admin moved it; read, and never written.
    """

    kind: str
    account: str
    level: Literal["A", "B", "C"]
    key: str = ""
    mark: str = ""
    moved: str = ""

    @property
    def body(self) -> str:
        """The property with the text."""
        return BODIES[self.kind]

    @property
    def reads(self) -> tuple[str, ...]:
        """Properties to read, so that ``mark_of`` finds the mark."""
        return tuple(name for name in (self.body, self.key, self.mark, self.moved) if name)

    @property
    def marked(self) -> str:
        """The property in which marks stand."""
        return self.mark or self.body

    def mark_of(self, record: Record) -> Mark | None:
        """Return our mark on a record, None if it is not ours."""
        found = self._mark_in(record, self.marked)
        return found or (self._mark_in(record, self.moved) if self.moved else None)

    def mark_in_text(self, record: Record) -> Mark | None:
        """Return the mark in a record's text, where the portal had no property for it."""
        return self._mark_in(record, self.body)

    def _mark_in(self, record: Record, name: str) -> Mark | None:
        """Return a mark that is true: a task's key is made of what its mark says."""
        mark = mark_in(record.get(name))
        if mark is None or self.kind != "tasks":
            return mark
        true = task_key(self.account, mark.contact, mark.play, mark.cycle)
        return mark if mark.key == true else None

    def written(self, mark: Mark, body: str) -> dict[str, str]:
        """Return the properties that hold text, key and mark."""
        return {self.body: body if self.mark else with_mark(body, mark), **self.held(mark)}

    def held(self, mark: Mark) -> dict[str, str]:
        """Return the properties beside the text that hold key and mark."""
        found = {self.mark: mark.text, self.key: mark.key}
        return {name: value for name, value in found.items() if name}


def place_of(
    kind: str, defined: Mapping[str, Defined], account: str, *, upserts: bool = True
) -> Place:
    """Return where key and mark stand, by the properties the portal has.

    Args:
        kind: tasks or notes.
        defined: Its properties.
        account: The portal.
        upserts: Whether the portal takes reads and writes by a unique property of this kind.
    """
    key, built_in, there = defined.get(KEY), defined.get(BUILT_IN_KEY), defined.get(MARK)
    ours = key is not None and not key_in_the_way(kind, defined)
    mark = MARK if there and not why_a_strangers(mark_property(kind), there) else ""
    moved = MARK if there and not mark and there.type == "string" else ""
    if upserts and ours and key and key.unique:
        return Place(kind, account, "A", KEY, mark, moved)
    if upserts and built_in and built_in.unique and not built_in.read_only:
        return Place(kind, account, "A", BUILT_IN_KEY, mark, moved)
    if ours:
        return Place(kind, account, "B", KEY, mark, moved)
    return Place(kind, account, "C", "", mark, moved)


def key_in_the_way(kind: str, defined: Mapping[str, Defined]) -> str:
    """Return why a property under the name of our key is not ours, or nothing."""
    found = defined.get(KEY)
    return why_a_strangers(key_property(kind, unique=False), found) if found else ""
