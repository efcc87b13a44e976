"""Links between records: kept both ways, with every label they carry."""

from __future__ import annotations

from goodword_hubspot.fake.association_types import Link, LinkTypes
from goodword_hubspot.fake.object_types import ObjectType

Kinds = tuple[str, int]
"""Category and number of a link type."""


class Links:
    """All links of a portal: from a record to the others, with the link types between them."""

    def __init__(self, types: LinkTypes) -> None:
        self.types = types
        self._links: dict[tuple[str, str], dict[int, dict[int, set[Kinds]]]] = {}

    def of(self, source: ObjectType, number: int, target: ObjectType) -> dict[int, list[Link]]:
        """Return the records of *target* linked from the record *number*, by id."""
        found = self._links.get((source.name, target.name), {}).get(number, {})
        return {
            other: [
                self.types.find(source, target, category, kind)
                for category, kind in sorted(found[other])
            ]
            for other in sorted(found)
        }

    def numbers(self, source: ObjectType, number: int, target: ObjectType) -> list[int]:
        """Return the ids of the records of *target* linked from the record *number*."""
        return sorted(self._links.get((source.name, target.name), {}).get(number, {}))

    def put(self, source: ObjectType, number: int, target: ObjectType, to: int, link: Link) -> None:
        """Link two records; a label comes with the plain link, and there is one primary."""
        for each in (link, self.types.plain(source, target)):
            if each.primary:
                self._drop_primary(each, number)
            self._between(source.name, target.name, number, to).add((each.category, each.number))
            back = self._between(target.name, source.name, to, number)
            back.add((each.category, each.back))

    def cut(self, source: ObjectType, number: int, target: ObjectType, to: int) -> None:
        """Remove every link between two records."""
        self._links.get((source.name, target.name), {}).get(number, {}).pop(to, None)
        self._links.get((target.name, source.name), {}).get(to, {}).pop(number, None)

    def unlabel(
        self, source: ObjectType, number: int, target: ObjectType, to: int, link: Link
    ) -> None:
        """Remove one label between two records; without any left they are not linked."""
        there = self._between(source.name, target.name, number, to)
        back = self._between(target.name, source.name, to, number)
        there.discard((link.category, link.number))
        back.discard((link.category, link.back))
        if not there:
            self.cut(source, number, target, to)

    def forget_label(self, link: Link) -> None:
        """Take the label *link* off every pair of records; the plain link stays."""
        for ends in ((link.source, link.target), (link.target, link.source)):
            for others in self._links.get(ends, {}).values():
                for kinds in others.values():
                    kinds -= {(link.category, link.number), (link.category, link.back)}

    def move(self, kind: ObjectType, number: int, to: int) -> None:
        """Hand every link of the record *number* to the record *to*: they were merged."""
        for (source, target), ends in list(self._links.items()):
            if source == kind.name:
                for other, kinds in ends.pop(number, {}).items():
                    ends.setdefault(to, {}).setdefault(other, set()).update(kinds)
                    back = self._links.get((target, source), {}).get(other, {})
                    if number in back:
                        back.setdefault(to, set()).update(back.pop(number))

    def remove(self, kind: ObjectType, number: int) -> None:
        """Remove every link of the record *number*."""
        for (source, target), ends in list(self._links.items()):
            if source == kind.name:
                for other in ends.pop(number, {}):
                    self._links.get((target, source), {}).get(other, {}).pop(number, None)

    def _between(self, source: str, target: str, number: int, to: int) -> set[Kinds]:
        ends = self._links.setdefault((source, target), {})
        return ends.setdefault(number, {}).setdefault(to, set())

    def _drop_primary(self, link: Link, number: int) -> None:
        for other, kinds in self._links.get((link.source, link.target), {}).get(number, {}).items():
            kinds.discard((link.category, link.number))
            back = self._between(link.target, link.source, other, number)
            back.discard((link.category, link.back))
