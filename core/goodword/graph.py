"""The referral graph: who sent whom, as a forest, and what hangs below each person.

One referrer a person, the earliest link wins; a link to oneself or one that would close a ring is
set aside with its reason. So every walk ends, and every person stands in exactly one tree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

DEPTH = 3
"""Generations counted in the network value (convention)."""
FADE = 0.5
"""What each further generation counts for in the network value (convention)."""


@dataclass(frozen=True, slots=True)
class Link:
    """One claim that *referrer* sent *referred*; a link without a date comes after all others."""

    id: str
    referrer: str
    referred: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SetAside:
    """A link that is no part of the forest, with the reason."""

    link: Link
    reason: Literal["self", "later", "ring"]


@dataclass(frozen=True, slots=True)
class Forest:
    """The links that count, and those set aside as evidence only."""

    links: tuple[Link, ...]
    set_aside: tuple[SetAside, ...]

    @property
    def children(self) -> dict[str, list[str]]:
        """Whom each referrer sent, in order of date."""
        found: dict[str, list[str]] = defaultdict(list)
        for link in self.links:
            found[link.referrer].append(link.referred)
        return dict(found)

    @property
    def roots(self) -> list[str]:
        """Everybody who referred somebody and was not referred, sorted."""
        referred = {link.referred for link in self.links}
        return sorted({link.referrer for link in self.links} - referred)


def forest(links: Iterable[Link]) -> Forest:
    """Return the forest of *links*: earliest first, ties by id, whatever order they come in."""
    kept: list[Link] = []
    aside: list[SetAside] = []
    parent: dict[str, str] = {}
    for link in sorted(links, key=lambda link: (link.at or datetime.max, link.id)):
        if link.referrer == link.referred:
            aside.append(SetAside(link, "self"))
        elif link.referred in parent:
            aside.append(SetAside(link, "later"))
        elif _is_above(link.referred, link.referrer, parent):
            aside.append(SetAside(link, "ring"))
        else:
            parent[link.referred] = link.referrer
            kept.append(link)
    return Forest(tuple(kept), tuple(aside))


def _is_above(person: str, other: str, parent: Mapping[str, str]) -> bool:
    """Say whether *person* is an ancestor of *other*."""
    while other in parent:
        other = parent[other]
        if other == person:
            return True
    return False


def generations(trees: Forest, root: str) -> list[list[str]]:
    """Return everybody below *root*: whom they sent, whom those sent, and so on."""
    children = trees.children
    found: list[list[str]] = []
    level = children.get(root, [])
    while level:
        found.append(level)
        level = [grandchild for child in level for grandchild in children.get(child, [])]
    return found


def network_value(
    trees: Forest, direct: Mapping[str, float], person: str, depth: int = DEPTH
) -> float:
    """Return a person's direct referral value plus the fading value of those below.

    For ranking only: summed over people it counts the same money more than once.

    Args:
        trees: The forest.
        direct: Direct referral value of each person; a missing one counts 0.
        person: Whose value.
        depth: Generations below that count.
    """
    levels = generations(trees, person)[:depth]
    below = sum(
        FADE**generation * direct.get(child, 0.0)
        for generation, level in enumerate(levels, start=1)
        for child in level
    )
    return direct.get(person, 0.0) + below
