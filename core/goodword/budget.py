"""The budget: one walk down the queue that keeps every rep's week and every customer's peace.

Caps count what is open already. A candidate without room goes to the backlog with its reason; a
vetoed one passes the turn to the next contact of its account.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from goodword.model import Candidate
from goodword.shortlist import Place, candidate_of

if TYPE_CHECKING:
    from goodword.decisions import Decisions
    from goodword.policy import Caps

SPARE = 1_000
"""Places whose facts are fetched ahead when a plugin passed somebody over; twice as many next."""
FIRST_TIER = 0
"""Plays of this tier (a referred lead, a thank-you) may come in any number per contact."""
URGENT_TIER = 1
"""Plays of this tier (putting something right) wait for none of the first."""


@dataclass(frozen=True, slots=True)
class Team:
    """Who can be given tasks: reps by id, account owners, and the firm's fallback.

    Args:
        active: Ids of reps still there.
        left: Ids of reps known to have left; an id nobody listed counts as active.
        account_owners: Owner of each account.
        fallback: Who gets what nobody owns, or None.
        paused: Reps whose contacts nothing is written about for now.
    """

    active: frozenset[str]
    left: frozenset[str]
    account_owners: Mapping[str, str]
    fallback: str | None
    paused: frozenset[str] = frozenset()

    def assignee(self, owner_id: str | None, account_id: str | None) -> str | None:
        """Return the contact's rep, else the account's, else the fallback."""
        for owner in (owner_id, self.account_owners.get(account_id or "")):
            if owner and owner not in self.left:
                return owner
        return self.fallback


@dataclass(frozen=True, slots=True)
class Accepted:
    """A candidate that gets a task."""

    place: Place
    candidate: Candidate


class Waiting(NamedTuple):
    """A candidate that gets none now: a line of the backlog, light because there may be many."""

    contact_id: str
    owner_id: str | None
    play: str
    priority: int
    reason: str


@dataclass(slots=True)
class Load:
    """What is open already, and what this walk has given out.

    Args:
        by_owner: Tasks by rep.
        contacts: Who has one beyond the first tier.
        accounts: Accounts of which somebody is being asked.
        firm: Tasks given out.
        called: Who has one of any tier; a greeting waits for it, an ask by its suppressors.
    """

    by_owner: Counter[str | None]
    contacts: set[str]
    accounts: set[str]
    firm: int = 0
    called: set[str] = field(default_factory=set)

    def take(self, place: Place, owner: str | None, account: str | None) -> None:
        """Count one more task."""
        self.by_owner[owner] += 1
        self.firm += 1
        self.called.add(place.contact_id)
        if place.play.tier > FIRST_TIER:
            self.contacts.add(place.contact_id)
        if place.play.asks and account is not None:
            self.accounts.add(account)


def walk(
    places: Iterable[Place],
    decisions: Decisions,
    team: Team,
    load: Load,
    caps: Caps,
    veto: Callable[[Candidate], str | None],
) -> tuple[list[Accepted], list[Waiting]]:
    """Serve the queue and return who gets a task and who waits, both in order.

    Args:
        places: The shortlist in order.
        decisions: Facts by contact.
        team: Who can be given tasks.
        load: Open tasks by owner, and contacts and accounts that have an open one.
        caps: The firm's limits.
        veto: Asks the plugins; a reason passes the candidate over.
    """
    accepted: list[Accepted] = []
    backlog: list[Waiting] = []
    queue, more = [*places], 0
    for number, place in enumerate(queue):
        account = decisions.account(place.contact_id)
        owner = team.assignee(decisions.owner(place.contact_id), account)
        reason = "paused" if owner in team.paused else _full(place, owner, account, load, caps)
        if reason is None:
            if not decisions.fetched(place.contact_id):
                rest = queue[number:]
                next_ones = [each.contact_id for each in rest[: more + 1]]
                decisions.fetch([*next_ones, *_in_turn(rest, decisions, team, load, caps)])
                more = 2 * more or SPARE  # somebody was passed over: others get their turn
            candidate = candidate_of(place, decisions, owner)
            said = veto(candidate)
            if said is None:
                accepted.append(Accepted(place, candidate))
                load.take(place, owner, account)
                continue
            reason = f"veto:{said}"
        backlog.append(Waiting(place.contact_id, owner, place.play.name, place.priority, reason))
    return accepted, backlog


def _in_turn(
    places: Sequence[Place], decisions: Decisions, team: Team, load: Load, caps: Caps
) -> list[str]:
    """Return who of *places* will be considered, should no plugin pass anybody over."""
    load = replace(
        load,
        by_owner=Counter(load.by_owner),
        contacts=set(load.contacts),
        accounts=set(load.accounts),
        called=set(load.called),
    )
    found: list[str] = []
    for place in places:
        account = decisions.account(place.contact_id)
        owner = team.assignee(decisions.owner(place.contact_id), account)
        if owner not in team.paused and _full(place, owner, account, load, caps) is None:
            found.append(place.contact_id)
            load.take(place, owner, account)
    return found


def _full(
    place: Place, owner: str | None, account: str | None, load: Load, caps: Caps
) -> str | None:
    """Return why there is no room for this candidate, or None."""
    if caps.firm_tasks_per_run is not None and load.firm >= caps.firm_tasks_per_run:
        return "firm_full"
    if place.play.tier > FIRST_TIER and place.contact_id in load.contacts:
        return "contact_busy"
    greets = place.play.tier > URGENT_TIER and not place.play.asks
    if greets and place.contact_id in load.called:
        return "contact_busy"
    if place.play.asks and account in load.accounts:
        return "account_turn"
    if load.by_owner[owner] >= caps.rep_open_tasks:
        return "rep_full"
    return None
