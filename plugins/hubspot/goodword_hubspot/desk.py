"""What a run knows of the portal before it reads or writes records: looked up once, when needed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from goodword import Lookups
from goodword_hubspot.known_ids import KnownIds
from goodword_hubspot.memory import LOOKUPS, Memory, read_memory
from goodword_hubspot.names import ANSWERS, CONTACT_PROPERTY, OWN
from goodword_hubspot.places import Place, place_of
from goodword_hubspot.seam.associations import Label, our_label
from goodword_hubspot.seam.failures import ScopeError
from goodword_hubspot.seam.portal_facts import (
    Account,
    Owner,
    account_in,
    deal_stages,
    each_owner,
    read_account,
)
from goodword_hubspot.seam.records import milliseconds
from goodword_hubspot.seam.schema import Defined, properties, trouble_with, why_a_strangers

if TYPE_CHECKING:
    from goodword import Workplace
    from goodword_hubspot.seam.client import Portal
    from goodword_hubspot.settings import HubSpotSettings

T = TypeVar("T")


@dataclass(slots=True)
class Desk:
    """One portal in one run.

    Args:
        settings: The section ``[plugin.hubspot]``.
        work: Folders, run and day.
        portal: The open portal.
        memory: What earlier runs learned.
    """

    settings: HubSpotSettings
    work: Workplace
    portal: Portal
    memory: Memory = field(init=False)
    _lookups: Lookups | None = None
    _known: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.memory = read_memory(self.work.state)

    @property
    def account(self) -> Account:
        """The account the key belongs to."""
        return self._kept("account", lambda: read_account(self.portal), account_in)

    @property
    def owners(self) -> Mapping[str, Owner]:
        """Everybody records can belong to, by id."""
        return self._once("owners", lambda: {each.id: each for each in each_owner(self.portal)})

    @property
    def stages(self) -> Mapping[str, str]:
        """What each deal stage means; nothing where the pipelines may not be read."""
        try:
            return self._kept("stages", lambda: deal_stages(self.portal), dict)
        except ScopeError:
            return {}

    @property
    def label(self) -> Label | None:
        """Our label between contacts, None where it was not installed."""
        return self._kept(
            "label",
            lambda: [label.given, label.received] if (label := our_label(self.portal)) else [],
            lambda pair: Label(*pair) if pair else None,
        )

    @property
    def currency(self) -> str:
        """The home currency."""
        return self.settings.home_currency or self.account.currency

    @property
    def fields(self) -> frozenset[str]:
        """Columns of ``own_fields`` for which the portal has a property that is ours."""
        ours = self.ours
        return frozenset(column for column, name in OWN.items() if name in ours)

    @property
    def ours(self) -> frozenset[str]:
        """Contact properties of ours, as they are in the portal; a stranger's is none of them."""
        return frozenset(self.defined("contacts").keys() & CONTACT_PROPERTY) - self.troubles.keys()

    @property
    def answers(self) -> tuple[str, ...]:
        """Our properties with what reps answered; a picklist that lacks an option counts, too."""
        found = self.defined("contacts")
        there = [name for name in ANSWERS if name in found]
        return tuple(n for n in there if not why_a_strangers(CONTACT_PROPERTY[n], found[n]))

    @property
    def troubles(self) -> Mapping[str, str]:
        """Why a contact property under one of our names is not used, by name."""
        found = self.defined("contacts")
        told = {n: trouble_with(p, found[n]) for n, p in CONTACT_PROPERTY.items() if n in found}
        return {name: trouble for name, trouble in told.items() if trouble}

    def defined(self, kind: str) -> Mapping[str, Defined]:
        """Return the properties of a kind of object."""
        return self._kept(
            f"properties:{kind}",
            lambda: [each.texts for each in properties(self.portal, kind).values()],
            lambda rows: {each.name: each for each in map(Defined.of_texts, rows)},
        )

    def has(self, kind: str, name: str) -> bool:
        """Say whether a kind of object has a property; where that may not be read, it may have."""
        try:
            return name in self.defined(kind)
        except ScopeError:
            return True

    def place(self, kind: str) -> Place:
        """Return where key and mark of tasks or notes stand."""
        upserts = kind not in self.memory.no_upserts
        return place_of(kind, self.defined(kind), self.account.id, upserts=upserts)

    def ids(self, kind: str) -> KnownIds:
        """Return the ids of contacts or deals as they were read last."""
        return self._once(f"ids:{kind}", lambda: KnownIds(self.work.state, kind))

    def now(self) -> datetime:
        """Return the current time, UTC-naive."""
        return datetime.fromtimestamp(self.portal.clock(), UTC).replace(tzinfo=None)

    def server_now(self) -> datetime:
        """Return the earlier of our time and what HubSpot's clock said last."""
        said = self.portal.transport.server_time
        now = self.portal.clock()
        earlier = min(now, said) if said is not None else now
        return datetime.fromtimestamp(earlier, UTC).replace(tzinfo=None)

    def day_of(self, moment: datetime) -> date:
        """Return the day a UTC-naive time falls on where the portal is."""
        return moment.replace(tzinfo=UTC).astimezone(self.account.zone).date()

    def moment_of(self, day: date, hour: int) -> int:
        """Return an hour of a day where the portal is, as milliseconds since 1970."""
        local = datetime(day.year, day.month, day.day, hour, tzinfo=self.account.zone)
        return milliseconds(local.astimezone(UTC).replace(tzinfo=None))

    def define_again(self, kind: str) -> Mapping[str, Defined]:
        """Return the properties of a kind as they are this moment."""
        name = f"properties:{kind}"
        self._known.pop(name, None)
        self._answers.drop(name)
        return self.defined(kind)

    def look_again(self) -> None:
        """Forget what was looked up, after the portal was changed."""
        self._known.clear()
        self._answers.clear()

    @property
    def _answers(self) -> Lookups:
        if self._lookups is None:
            key = hashlib.sha256(self.portal.transport.token().encode()).hexdigest()[:16]
            label = f"{self.work.today} {key} {self.settings.host}"
            self._lookups = Lookups(self.work.state / LOOKUPS, label)
        return self._lookups

    def _kept(self, name: str, look: Callable[[], object], read: Callable[[Any], T]) -> T:
        """Return what was looked up today, or look it up; *read* makes values of plain data."""

        def answer() -> T:
            kept = self._answers.get(name)
            if kept is None:
                kept = look()
                self._answers.put(**{name: kept})
            return read(kept)

        return self._once(name, answer)

    def _once(self, name: str, look: Callable[[], T]) -> T:
        if name not in self._known:
            self._known[name] = look()
        return self._known[name]  # type: ignore[return-value]  # stored under its own name only
