"""The situation: everything one plan is made from, and the decisions that follow from it.

``decided`` computes the facts frame with stages, scores and verdicts. Nothing here talks to a host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from goodword.budget import Team
from goodword.connector import Capability
from goodword.decide import decide
from goodword.decisions import Decisions, held_back
from goodword.facts import build_facts, extra_facts
from goodword.hookspecs import TaskText
from goodword.model import Action, Candidate, CloseTask, UpdateTask
from goodword.open_tasks import closing
from goodword.rollout import Scope
from goodword.rules import Play, facts_read
from goodword.shortlist import Known
from goodword.standing import add_scores, add_stage
from goodword.tables import EXTRA_PREFIX

if TYPE_CHECKING:
    from goodword.engines import Engine
    from goodword.own_fields import Withheld
    from goodword.policy import Policy
    from goodword.rulebook import Rulebook
    from goodword.table_set import TableSet
    from goodword.tables import ColumnType, Frame
EVERYBODY = Scope()
LOOKED_AFTER = frozenset({"owner_id", "account_id", "name"})
"""Facts that say who looks after a contact."""


@dataclass(frozen=True, slots=True)
class Host:
    """What the plan must know of the host: its account, what it can hold and what it could bring.

    ``wishes`` says in the host's own words what to add so that a fact is known, by fact.
    """

    account: str
    capabilities: frozenset[Capability]
    fields: frozenset[str]
    batch: int = 100
    wishes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Voices:
    """The hooks that speak while planning, as plain callables."""

    score: Callable[[Mapping[str, Frame], Frame, date], Frame]
    veto: Callable[[Candidate], str | None]
    compose: Callable[[Candidate, Play], TaskText]


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a plan is made from.

    Args:
        tables: Canonical tables, aliases resolved, ``asks`` completed from the ledger.
        available: Tables the host really delivered.
        book: The firm's rules.
        policy: The firm's numbers.
        extra: Types of the firm's own contact columns.
        as_of: Day of the run, where the firm is.
        today: Day of the run where the firm is, for due dates.
        host: What the host can hold.
        voices: Hooks.
        engine: Where frames are computed.
        known: Tells which keys exist or existed, from the ledger.
        given: Tells whom we last gave tasks to, by key, from the ledger.
        withheld: Tells which values of our fields were taken back, and how often, by contact.
        scope: Whom the plan may write about.
        start: When goodword began here, UTC; older events are evidence, never tasks.
        paused: Reps whose contacts nothing is written about for now.
        only: Keys of the actions a person approved, when that plan is decided anew; None when a
            new plan is made. Nobody else competes with them for room, and no task is closed or
            moved to make room for them that the plan did not close or move.
    """

    tables: TableSet
    available: frozenset[str]
    book: Rulebook
    policy: Policy
    extra: Mapping[str, ColumnType]
    as_of: date
    today: date
    host: Host
    voices: Voices
    engine: Engine
    known: Known
    given: Callable[[Iterable[str]], Mapping[str, str | None]]
    withheld: Callable[[], Mapping[str, Withheld]] = dict
    scope: Scope = EVERYBODY
    start: datetime | None = None
    paused: frozenset[str] = frozenset()
    only: frozenset[str] | None = None


def decided(situation: Situation) -> Frame:
    """Return one row a contact with every fact, stage, score and decision.

    Tasks of ours that the plan closes are closed first, so that an ask that expires or is withdrawn
    holds nobody back any more in the same plan.
    """
    s = situation
    if Capability.TASKS not in s.host.capabilities or not open_tasks(s):
        return _decided_once(s)
    frame = _withdrawing(s)
    first = _decided_once(s) if frame is None else frame
    closed = {action.task_key: action.state for action in closing_tasks(s, first)}
    if not closed:
        return first if frame is None else _decided_once(s)
    after = s.tables.replaced("asks", _without(s, closed))
    return _decided_once(replace(s, tables=after))


def _withdrawing(s: Situation) -> Frame | None:
    """Return the facts that tell which open tasks a suppressor withdraws, and no others.

    Building all facts of all contacts only to look at a few tasks would double the work of a run.
    None where a rule that withdraws reads what is no fact, such as a score.
    """
    rules = tuple(rule for rule in s.book.suppressors if rule.withdraws)
    read = frozenset[str]().union(LOOKED_AFTER, *map(facts_read, rules))
    extra = {name: kind for name, kind in s.extra.items() if EXTRA_PREFIX + name in read}
    facts = [fact for fact in s.book.facts if fact.name in read]
    if read - {fact.name for fact in facts} - extra_facts(extra).keys() - {"contact_id"}:
        return None
    return build_facts(s.tables, facts, s.book.fact_sources, extra, s.as_of, s.engine)


def closing_tasks(s: Situation, frame: Frame) -> list[CloseTask]:
    """Return the tasks a plan on *frame* closes; none where the host holds no tasks."""
    if Capability.TASKS not in s.host.capabilities:
        return []
    tasks = open_tasks(s)
    if not tasks:
        return []
    people = {str(task["contact_id"]) for task in tasks}
    rules = [rule for rule in s.book.suppressors if rule.withdraws]
    holding = held_back(frame, people, rules, s.as_of, s.engine)
    days = s.policy.calendar.expire_days
    closed = closing(tasks, holding, s.book.asking, s.as_of, days, s.host.account)
    struck = s.known(action.key for action in closed)
    closed = [action for action in closed if action.key not in struck]
    if everybody(s) and s.only is None:
        return closed
    decisions, team = Decisions.of(frame, s.engine), team_of(s)
    return [action for action in closed if may_change(s, action, decisions, team)]


def may_change(s: Situation, action: Action, decisions: Decisions, team: Team) -> bool:
    """Say whether a change of an open task is in scope and, of an approved plan, approved."""
    approved = s.only is None or action.key in s.only
    return approved and in_scope(s, action, decisions, team)


def _without(s: Situation, closed: Mapping[str, str]) -> Frame:
    """Return ``asks`` as the plan leaves it: tasks in *closed* are in their new state."""
    import narwhals.stable.v2 as nw

    state: nw.Expr = nw.col("state")
    for word in sorted(set(closed.values())):
        keys = [key for key, value in closed.items() if value == word]
        state = nw.when(nw.col("task_key").is_in(keys)).then(nw.lit(word)).otherwise(state)
    return s.tables["asks"].with_columns(state.alias("state"))


def _decided_once(s: Situation) -> Frame:
    facts = build_facts(s.tables, s.book.facts, s.book.fact_sources, s.extra, s.as_of, s.engine)
    staged = add_stage(facts, s.book.stages, s.as_of)  # three columns: no reason to copy all
    scores = s.voices.score(s.tables, staged, s.as_of)
    people, least = staged.select("contact_id"), s.policy.champions.segments_from
    ranked = add_scores(people, scores, s.tables["own_fields"], least)
    return s.engine.keep(decide(s.engine.beside(staged, [ranked]), s.book, s.as_of))


def open_tasks(s: Situation) -> list[dict[str, Any]]:
    """Return our open tasks on the host."""
    import narwhals.stable.v2 as nw

    rows = s.engine.collect(s.tables["asks"].filter(nw.col("state") == "open"))
    return list(rows.sort("task_key").iter_rows(named=True))  # engines keep no order


def everybody(s: Situation) -> bool:
    """Say whether no mode and no pause leaves anybody out, so that nobody need be looked at."""
    return s.scope.whole and not s.paused


def in_scope(s: Situation, action: Action, decisions: Decisions, team: Team) -> bool:
    """Say whether the mode and the pauses let this plan write about the action's contact."""
    contact = action.contact_id
    if contact in decisions:
        owner = team.assignee(decisions.owner(contact), decisions.account(contact))
    else:
        owner = getattr(action, "owner_id", None)
    if owner in team.paused:
        return False
    if isinstance(action, UpdateTask) and not s.scope.holds(contact, action.owner_id):
        return False
    return s.scope.holds(contact, owner)


def rep_names(s: Situation) -> dict[str, str]:
    """Return the names of the reps by id, where the host has any."""
    rows = s.engine.collect(s.tables["owners"].select("owner_id", "name")).rows()
    return {str(owner): str(name) for owner, name in rows if name}


def team_of(s: Situation) -> Team:
    """Return who can be given tasks."""
    owners = s.engine.collect(s.tables["owners"].select("owner_id", "active")).rows()
    accounts = s.engine.collect(s.tables["accounts"].select("account_id", "owner_id")).rows()
    return Team(
        active=frozenset(str(owner) for owner, active in owners if active is not False),
        left=frozenset(str(owner) for owner, active in owners if active is False),
        account_owners={str(account): str(owner) for account, owner in accounts if owner},
        fallback=s.policy.firm.fallback_owner or None,
        paused=s.paused,
    )
