"""The plan: decisions minus what the host already holds, as a document a person can read first.

``decided`` computes the facts frame with stages, scores and verdicts; ``make_plan`` turns it into
actions. Nothing here talks to a host.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from goodword.budget import FIRST_TIER, Accepted, Load, Team, walk
from goodword.connector import Capability
from goodword.decide import NO_TRIGGER, choose, decide
from goodword.facts import blind_facts, build_facts
from goodword.hookspecs import TaskText
from goodword.model import (
    Action,
    Backlog,
    Candidate,
    CloseTask,
    CreateTask,
    Plan,
    plan_id_of,
    task_key,
)
from goodword.open_tasks import closing, moving, thanks_given
from goodword.own_fields import FIELDS, changed_fields
from goodword.rules import Play, facts_read
from goodword.shortlist import Decisions, shortlist
from goodword.standing import add_scores, add_stage
from goodword.working_days import add_working_days

if TYPE_CHECKING:
    from goodword.engines import Engine
    from goodword.policy import Policy
    from goodword.rulebook import Rulebook
    from goodword.tables import ColumnType, Frame

BACKLOG_SHOWN = 200
"""Waiting candidates written into the plan; all of them are counted by reason."""


@dataclass(frozen=True, slots=True)
class Host:
    """What the plan must know of the host: its account and what it can hold."""

    account: str
    capabilities: frozenset[Capability]
    fields: frozenset[str]


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
        as_of: Day of the run (UTC).
        today: Day of the run where the firm is, for due dates.
        host: What the host can hold.
        voices: Hooks.
        engine: Where frames are computed.
        known: Keys of tasks and notes that exist or existed, from the ledger.
        given: Whom we last gave each task to, by key, from the ledger.
    """

    tables: Mapping[str, Frame]
    available: frozenset[str]
    book: Rulebook
    policy: Policy
    extra: Mapping[str, ColumnType]
    as_of: date
    today: date
    host: Host
    voices: Voices
    engine: Engine
    known: frozenset[str]
    given: Mapping[str, str | None]


def decided(situation: Situation) -> Frame:
    """Return one row a contact with every fact, stage, score and decision.

    Computed once; a second time where the plan closes tasks of ours, so that an ask that expires
    or is withdrawn holds nobody back any more in the same plan.
    """
    s = situation
    frame = _decided_once(s)
    closed = {action.task_key: action.state for action in _closing(s, frame)}
    if not closed:
        return frame
    return _decided_once(replace(s, tables={**s.tables, "asks": _without(s, closed)}))


def _closing(s: Situation, frame: Frame) -> list[CloseTask]:
    """Return the tasks a plan on *frame* closes; none where the host holds no tasks."""
    import narwhals.stable.v2 as nw

    if Capability.TASKS not in s.host.capabilities:
        return []
    is_open = s.tables["asks"].filter(nw.col("state") == "open")
    tasks = s.engine.collect(is_open).to_native().to_dicts()
    if not tasks:
        return []
    people = list({str(task["contact_id"]) for task in tasks})
    decisions = Decisions(s.engine.collect(frame.filter(nw.col("contact_id").is_in(people))))
    days = s.policy.calendar.expire_days
    return closing(tasks, decisions, s.book, s.as_of, days, s.host.account)


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
    staged = s.engine.materialise(add_stage(facts, s.book.stages, s.as_of))
    scores = s.voices.score(s.tables, staged, s.as_of)
    scored = add_scores(staged, scores, s.tables["own_fields"], s.policy.champions.segments_from)
    return s.engine.materialise(decide(scored, s.book, s.as_of))


@dataclass(frozen=True, slots=True)
class PlanHead:
    """What identifies a plan: when, from which snapshot, under which rules and versions."""

    created_at: datetime
    snapshot: int
    settings_hash: str
    versions: Mapping[str, str]
    notices: tuple[str, ...]


def make_plan(situation: Situation, frame: Frame, head: PlanHead) -> Plan:
    """Return the plan for the decided *frame*."""
    s = situation
    decisions = Decisions(s.engine.collect(frame))
    asks = s.engine.collect(s.tables["asks"]).to_native().to_dicts()
    open_tasks = [task for task in asks if task["state"] == "open"]
    known = s.known | {task["task_key"] for task in asks} | _keys_after_merges(asks, s.host.account)
    team = _team(s)
    closed = _closing(s, frame)
    closed_keys = {action.task_key for action in closed}
    still_open = [task for task in open_tasks if task["task_key"] not in closed_keys]
    accepted: list[Accepted] = []
    backlog: list[Backlog] = []
    actions: list[Action] = []
    if Capability.TASKS in s.host.capabilities:
        places = shortlist(decisions, s.book, s.tables, s.as_of, s.host.account, known, s.engine)
        moved = moving(still_open, decisions, team, s.given, s.host.account)
        load = _load(
            still_open, {move.task_key: move.owner_id for move in moved}, decisions, s.book
        )
        accepted, backlog = walk(places, decisions, team, load, s.policy.caps, s.voices.veto)
        actions += closed
        actions += moved
        actions += [_task(s, item, rank) for rank, item in enumerate(accepted, start=1)]
    if Capability.NOTES in s.host.capabilities:
        done = [task for task in asks if task["state"] == "done"]
        actions += thanks_given(done, s.host.account, known)
    if Capability.FIELDS in s.host.capabilities:
        shown = _shown(s, frame, decisions)
        actions += changed_fields(
            shown, s.tables["own_fields"], s.host.fields, s.host.account, s.engine
        )
    actions = [action for action in actions if action.key not in s.known]
    verdicts, held = _counts(decisions)
    return Plan(
        plan_id=plan_id_of(s.as_of, s.host.account, s.book.hash, actions),
        created_at=head.created_at,
        as_of=s.as_of,
        account=s.host.account,
        rules_hash=s.book.hash,
        settings_hash=head.settings_hash,
        versions=head.versions,
        snapshot=head.snapshot,
        contacts=len(decisions.frame),
        actions=tuple(actions),
        verdicts=verdicts,
        held=held,
        backlog=tuple(backlog[:BACKLOG_SHOWN]),
        waiting=dict(Counter(item.reason for item in backlog)),
        cannot_check=cannot_check(s.book, s.available),
        notices=(*head.notices, *s.book.exceptions),
    )


def cannot_check(book: Rulebook, available: frozenset[str]) -> tuple[str, ...]:
    """Return the suppressors that read only tables the host never delivered, with the table."""
    blind = blind_facts(book.facts, available)
    lines: list[str] = []
    for rule in book.suppressors:
        missing = sorted(facts_read(rule) & blind.keys())
        if missing:
            lines.append(f"{rule.name} (needs {blind[missing[0]]})")
    return tuple(lines)


def _team(s: Situation) -> Team:
    owners = s.engine.collect(s.tables["owners"].select("owner_id", "active")).rows()
    accounts = s.engine.collect(s.tables["accounts"].select("account_id", "owner_id")).rows()
    return Team(
        active=frozenset(str(owner) for owner, active in owners if active is not False),
        left=frozenset(str(owner) for owner, active in owners if active is False),
        account_owners={str(account): str(owner) for account, owner in accounts if owner},
        fallback=s.policy.firm.fallback_owner or None,
    )


def _keys_after_merges(asks: list[dict[str, Any]], account: str) -> set[str]:
    """Return the keys our tasks would have today, where their contact was merged into another."""
    return {
        task_key(account, str(task["contact_id"]), str(task["play"]), str(task["cycle"]))
        for task in asks
    }


def _shown(s: Situation, frame: Frame, decisions: Decisions) -> Frame:
    """Return the decisions as they are written on the contacts: our own open tasks left out."""
    import narwhals.stable.v2 as nw

    mirrors = [f"fails:{rule.name}" for rule in s.book.suppressors if rule.pending]
    if not any(decisions.frame[name].any() for name in mirrors):
        return frame
    rules = tuple(rule for rule in s.book.suppressors if not rule.pending)
    held = nw.any_horizontal(*(nw.col(name) for name in mirrors), ignore_nulls=False)
    columns = ["contact_id", *FIELDS]
    again = choose(frame.filter(held), replace(s.book, suppressors=rules), s.as_of)
    return nw.concat([frame.filter(~held).select(columns), again.select(columns)])


def _load(
    open_tasks: list[dict[str, Any]],
    moved: Mapping[str, str | None],
    decisions: Decisions,
    book: Rulebook,
) -> Load:
    """Count what is open already, by the rep it will be with, contact and (for asks) account."""
    asking = book.asking
    asked = {str(task["contact_id"]) for task in open_tasks if task["play"] in asking}
    accounts = {decisions.account(contact) for contact in asked if contact in decisions}
    early = [play for play in book.plays if play.tier == FIRST_TIER]
    first = {name for play in early for name in (play.name, *play.renamed_from)}
    return Load(
        by_owner=Counter(moved.get(task["task_key"], task["owner_id"]) for task in open_tasks),
        contacts={str(task["contact_id"]) for task in open_tasks if task["play"] not in first},
        accounts={account for account in accounts if account is not None},
    )


def _task(s: Situation, item: Accepted, rank: int) -> CreateTask:
    play, candidate = item.place.play, item.candidate
    text = s.voices.compose(candidate, play)
    days = play.due_days if text.due_days is None else text.due_days
    return CreateTask(
        key=item.place.key,
        contact_id=candidate.contact_id,
        contact_name=candidate.name,
        owner_id=candidate.owner_id,
        play=play.name,
        cycle=item.place.cycle,
        due=add_working_days(s.today, days, s.policy.calendar.holidays),
        subject=text.subject,
        body=text.body,
        because=candidate.because,
        rank=rank,
        asks=play.asks,
    )


def _counts(decisions: Decisions) -> tuple[dict[str, int], dict[str, int]]:
    """Return contacts by verdict, and held asks by the first rule that held them."""
    frame = decisions.frame.select("verdict", "code", ":chosen", "next_code")
    verdicts: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for verdict, code, chosen, next_code in frame.iter_rows():
        verdicts[verdict] += 1
        if verdict != "ask" and chosen is not None and code != NO_TRIGGER:
            held[code] += 1
            if next_code:
                held[next_code] += 1
    return dict(verdicts), dict(held)
