"""What a run knows of the org before it reads or writes records: looked up once, when needed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from goodword import Lookups
from goodword_salesforce.memory import LOOKUPS, Memory, read_memory
from goodword_salesforce.names import FIELDS as OURS
from goodword_salesforce.names import OWN, PEOPLE, SHOWN_ON
from goodword_salesforce.org_facts import (
    Organization,
    Owner,
    Seen,
    chosen,
    look_up,
    organization_in,
    owner_in,
    seen_in,
)

if TYPE_CHECKING:
    from goodword import Workplace
    from goodword_salesforce.seam.client import Org
    from goodword_salesforce.settings import SalesforceSettings


@dataclass(slots=True)
class Desk:
    """One org in one run.

    Args:
        settings: The section ``[plugin.salesforce]``.
        work: Folders, run and day.
        org: The open org.
        memory: What earlier runs learned.
    """

    settings: SalesforceSettings
    work: Workplace
    org: Org
    memory: Memory = field(init=False)
    _lookups: Lookups | None = None
    _described: dict[str, Mapping[str, Seen]] = field(default_factory=dict)
    _owners: Mapping[str, Owner] | None = None

    def __post_init__(self) -> None:
        self.memory = read_memory(self.work.state)

    @property
    def organization(self) -> Organization:
        """The org itself."""
        many = "CurrencyIsoCode" in self.described("Opportunity")
        return organization_in(self._kept("organization"), self._kept("currency"), many=many)

    @property
    def currency(self) -> str:
        """The home currency; empty where nobody names it."""
        return self.settings.home_currency or self.organization.currency

    @property
    def owners(self) -> Mapping[str, Owner]:
        """Everybody records can belong to, those who left too, by id."""
        if self._owners is None:
            self._owners = {row["Id"]: owner_in(row) for row in self._kept("users")}
        return self._owners

    @property
    def open_status(self) -> str:
        """Status of a new task, by the org's own list."""
        return chosen(self._kept("statuses"))

    @property
    def closed_status(self) -> str:
        """Status of a completed task, by the org's own list."""
        return chosen(self._kept("statuses"), closed=True)

    @property
    def priority(self) -> str:
        """Priority of a new task, by the org's own list."""
        return chosen(self._kept("priorities"))

    @property
    def fields(self) -> frozenset[str]:
        """Columns of ``own_fields`` that contacts have, and that we may write."""
        return frozenset(column for column, name in OWN.items() if self.is_ours("Contact", name))

    @property
    def troubles(self) -> Mapping[str, str]:
        """Why a field under one of our names is not used, by object and name."""
        return {
            f"{place}.{each.name}": seen.trouble
            for each in OURS
            for owner in each.objects
            for place in SHOWN_ON[owner][:1]
            if (seen := self.described(place).get(each.name)) and seen.trouble
        }

    def described(self, of: str) -> Mapping[str, Seen]:
        """Return the fields of an object that we can see; none where the object is hidden."""
        if of not in self._described:
            self._described[of] = seen_in(self._kept(f"described:{of}"))
        return self._described[of]

    def has(self, of: str, name: str) -> bool:
        """Say whether we see a field of an object."""
        return name in self.described(of)

    def is_ours(self, of: str, name: str) -> bool:
        """Say whether a field is there, is what goodword made, and can be written."""
        seen = self.described(of).get(name)
        return seen is not None and not seen.trouble

    def sees_people(self, of: str) -> bool:
        """Say whether one of the objects that are people can be read."""
        return of in PEOPLE and bool(self.described(of))

    def now(self) -> datetime:
        """Return the current time, UTC-naive."""
        return datetime.fromtimestamp(self.org.clock(), UTC).replace(tzinfo=None)

    def server_now(self) -> datetime:
        """Return the earlier of our time and what Salesforce's clock said last, UTC-naive."""
        said, now = self.org.transport.server_time, self.org.clock()
        earlier = min(now, said) if said is not None else now
        return datetime.fromtimestamp(earlier, UTC).replace(tzinfo=None)

    def look_again(self) -> None:
        """Forget what was looked up, after the org was changed."""
        self._described.clear()
        self._owners = None
        self._answers.clear()

    @property
    def _answers(self) -> Lookups:
        if self._lookups is None:
            who = self.settings
            parts = (who.auth, who.username, who.consumer_key, who.domain, who.instance_url)
            label = "|".join((str(self.work.today), who.api_version, *parts))
            digest = hashlib.sha256(label.encode()).hexdigest()[:16]
            self._lookups = Lookups(self.work.state / LOOKUPS, f"{self.work.today} {digest}")
        return self._lookups

    def _kept(self, name: str) -> Any:
        """Return what was looked up today, or look everything up (Any: plain data)."""
        if self._answers.get(name) is None:
            self._answers.put(**look_up(self.org))
        return self._answers.get(name)
