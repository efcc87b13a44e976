"""Which links two kinds of records can have: HubSpot's own numbers, and an admin's labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from goodword_hubspot.fake.answers import RefusedError, refuse
from goodword_hubspot.fake.object_types import ObjectType, object_type

HUBSPOT = "HUBSPOT_DEFINED"
OWN = "USER_DEFINED"
MOST_LABELS = 50
"""Labels an admin may define between two kinds of records."""

_PAIRS = (
    ("contacts", "companies", 279, 280),
    ("deals", "contacts", 3, 4),
    ("deals", "companies", 341, 342),
    ("contacts", "tickets", 15, 16),
    ("deals", "tickets", 27, 28),
    ("companies", "tickets", 340, 339),
    ("contacts", "contacts", 449, 449),
    ("companies", "companies", 450, 450),
    ("deals", "deals", 451, 451),
    ("contacts", "feedback_submissions", 97, 98),
    ("tickets", "feedback_submissions", 99, 100),
    ("companies", "calls", 181, 182),
    ("companies", "emails", 185, 186),
    ("companies", "meetings", 187, 188),
    ("companies", "notes", 189, 190),
    ("companies", "tasks", 191, 192),
    ("contacts", "calls", 193, 194),
    ("contacts", "emails", 197, 198),
    ("contacts", "meetings", 199, 200),
    ("contacts", "notes", 201, 202),
    ("contacts", "tasks", 203, 204),
    ("deals", "calls", 205, 206),
    ("deals", "emails", 209, 210),
    ("deals", "meetings", 211, 212),
    ("deals", "notes", 213, 214),
    ("deals", "tasks", 215, 216),
    ("tickets", "calls", 219, 220),
    ("tickets", "emails", 223, 224),
    ("tickets", "meetings", 225, 226),
    ("tickets", "notes", 227, 228),
    ("tickets", "tasks", 229, 230),
)
_PRIMARY = (
    ("contacts", "companies", 1, 2),
    ("deals", "companies", 5, 6),
    ("tickets", "companies", 26, 25),
)


@dataclass(frozen=True, slots=True)
class Link:
    """One way a record can be linked to another, and the number of the way back."""

    source: str
    target: str
    category: str
    number: int
    back: int
    label: str = ""
    primary: bool = False


class LinkTypes:
    """All ways records of a portal can be linked."""

    def __init__(self) -> None:
        self._links: dict[tuple[str, int], Link] = {}
        self._next = 28
        for source, target, there, back in _PAIRS:
            self._put(source, target, HUBSPOT, there, back)
        for source, target, there, back in _PRIMARY:
            self._put(source, target, HUBSPOT, there, back, "Primary", primary=True)

    def find(self, source: ObjectType, target: ObjectType, category: str, number: int) -> Link:
        """Return the link type *number* from *source* to *target*.

        Raises:
            RefusedError: There is none between those two.
        """
        link = self._links.get((category, number))
        if link is None or (link.source, link.target) != (source.name, target.name):
            refuse(
                f"{number} is not a valid {category} association type "
                f"between {source.singular} and {target.singular}."
            )
        return link

    def leaving(self, source: ObjectType, category: str, number: int) -> Link:
        """Return the link type *number*, which leads from *source* to whatever it leads to.

        Raises:
            RefusedError: No such link type starts there.
        """
        link = self._links.get((category, number))
        if link is None or link.source != source.name:
            refuse(f"{number} is not a valid {category} association from {source.singular}.")
        return link

    def target(self, link: Link) -> ObjectType:
        """Return the object *link* leads to."""
        return object_type(link.target)

    def plain(self, source: ObjectType, target: ObjectType) -> Link:
        """Return the link without a label from *source* to *target*.

        Raises:
            RefusedError: Records of those two kinds cannot be linked.
        """
        found = (link for link in self.between(source, target) if link.category == HUBSPOT)
        plain = next((link for link in found if not link.primary), None)
        if plain is None:
            refuse(f"{source.singular} and {target.singular} cannot be associated.")
        return plain

    def between(self, source: ObjectType, target: ObjectType) -> Iterator[Link]:
        """Yield every link type from *source* to *target*."""
        for link in self._links.values():
            if (link.source, link.target) == (source.name, target.name):
                yield link

    def label(
        self, source: ObjectType, target: ObjectType, label: str, inverse: str
    ) -> tuple[Link, ...]:
        """Define a label, paired when *inverse* is given.

        Raises:
            RefusedError: The label exists, or there are too many.
        """
        taken = [link for link in self.between(source, target) if link.category == OWN]
        if {link.label for link in taken} & {label, inverse or label}:
            raise RefusedError(409, "CONFLICT", "An association label with this name exists.")
        if len(taken) >= MOST_LABELS:
            refuse(f"You can only define {MOST_LABELS} association labels.")
        there = self._next
        self._next += 2
        same = source == target and not inverse
        back = there if same else there + 1
        self._put(source.name, target.name, OWN, there, back, label, inverse or label)
        return tuple(self._links[OWN, number] for number in sorted({there, back}))

    def forget(self, number: int) -> Link | None:
        """Remove the label *number* with its way back; return it if it was there."""
        link = self._links.pop((OWN, number), None)
        if link is not None:
            self._links.pop((OWN, link.back), None)
        return link

    def rename(self, number: int, label: str, inverse: str) -> None:
        """Give the label *number* another wording.

        Raises:
            RefusedError: There is no such label.
        """
        link = self._links.get((OWN, number))
        if link is None:
            refuse(f"There is no association label {number}.")
        back = self._links[OWN, link.back]
        self._links[OWN, number] = Link(link.source, link.target, OWN, number, link.back, label)
        if inverse and back.number != number:
            self._links[OWN, back.number] = Link(
                back.source, back.target, OWN, back.number, number, inverse
            )

    def _put(
        self,
        source: str,
        target: str,
        category: str,
        there: int,
        back: int,
        label: str = "",
        inverse: str = "",
        *,
        primary: bool = False,
    ) -> None:
        self._links[category, there] = Link(source, target, category, there, back, label, primary)
        if back != there:
            self._links[category, back] = Link(
                target, source, category, back, there, inverse or label, primary
            )
