"""Where our key stands on a task or note: what decides whether a write can happen twice.

Level A: a property HubSpot keeps unique, so that writing by key can never make a second one.
Level B: a property of ours that is not unique; we look before we write.
Level C: no property at all; the key stands in the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from goodword_hubspot.marks import Mark, mark_in, with_mark
from goodword_hubspot.names import BUILT_IN_KEY, KEY, MARK

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
        level: How surely a write happens once.
        key: Property with our key, empty at level C.
        mark: Property with our mark; empty where it stands in the text.
    """

    kind: str
    level: Literal["A", "B", "C"]
    key: str = ""
    mark: str = ""

    @property
    def body(self) -> str:
        """The property with the text."""
        return BODIES[self.kind]

    @property
    def reads(self) -> tuple[str, ...]:
        """Properties to read, so that ``mark_of`` finds the mark."""
        return tuple(name for name in (self.body, self.key, self.mark) if name)

    def mark_of(self, record: Record) -> Mark | None:
        """Return our mark on a record, None if it is not ours."""
        found = mark_in(record.get(self.mark)) if self.mark else None
        return found or mark_in(record.get(self.body))

    def written(self, mark: Mark, body: str) -> dict[str, str]:
        """Return the properties that hold text, key and mark."""
        found = {self.body: body if self.mark else with_mark(body, mark)}
        if self.mark:
            found[self.mark] = mark.text
        if self.key:
            found[self.key] = mark.key
        return found


def place_of(kind: str, defined: Mapping[str, Defined], *, upserts: bool = True) -> Place:
    """Return where key and mark stand, by the properties the portal has.

    Args:
        kind: tasks or notes.
        defined: Its properties.
        upserts: Whether the portal takes reads and writes by a unique property of this kind.
    """
    mark = MARK if _ours(defined, MARK) else ""
    if upserts:
        for name in (KEY, BUILT_IN_KEY):
            found = defined.get(name)
            if found is not None and found.unique and not found.read_only:
                return Place(kind, "A", name, mark)
    if _ours(defined, KEY):
        return Place(kind, "B", KEY, mark)
    return Place(kind, "C", "", mark)


def _ours(defined: Mapping[str, Defined], name: str) -> bool:
    found = defined.get(name)
    return found is not None and found.type == "string" and not found.read_only
