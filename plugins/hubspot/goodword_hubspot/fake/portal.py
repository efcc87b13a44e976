"""Everything one portal is made of, with the clock it lives by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import blake2s

from goodword_hubspot.fake.account import Account
from goodword_hubspot.fake.association_types import LinkTypes
from goodword_hubspot.fake.associations import Links
from goodword_hubspot.fake.limits import Limits
from goodword_hubspot.fake.object_types import ObjectType
from goodword_hubspot.fake.owners import Owners
from goodword_hubspot.fake.pipelines import Pipelines, standard_pipelines
from goodword_hubspot.fake.properties import Definitions
from goodword_hubspot.fake.standard_properties import standard_definitions
from goodword_hubspot.fake.store import Store


@dataclass(frozen=True, slots=True)
class Portal:
    """One portal; the parts change, the portal stays."""

    account: Account
    clock: Callable[[], float]
    store: Store
    definitions: Definitions
    links: Links
    owners: Owners
    pipelines: Pipelines
    limits: Limits

    def now(self) -> int:
        """Return the present in milliseconds since 1970."""
        return int(self.clock() * 1000)

    def linked(self, kind: ObjectType, number: int, target: ObjectType) -> list[int]:
        """Return the live records of *target* that the record *number* is linked to."""
        found = self.links.numbers(kind, number, target)
        return [one for one in found if self.store.get(target.name, str(one)) is not None]

    def indexed_until(self) -> int:
        """Return up to which moment search and other indexes have caught up."""
        return self.now() - round(self.account.switches.search_lag * 1000)


def _lag(account: Account, number: int, moment: int) -> int:
    """Return the milliseconds until search sees a change: some sooner, none later than the lag."""
    longest = round(account.switches.search_lag * 1000)
    chance = int.from_bytes(blake2s(f"{number}:{moment}".encode(), digest_size=2).digest())
    return longest - longest * chance * 4 // (5 * 65_536)


def new_portal(account: Account, clock: Callable[[], float]) -> Portal:
    """Return a portal with standard properties and pipelines, and nobody in it."""
    return Portal(
        account,
        clock,
        Store(partial(_lag, account)),
        standard_definitions(account),
        Links(LinkTypes()),
        Owners(),
        standard_pipelines(),
        Limits(account),
    )
