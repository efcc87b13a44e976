"""The plan: decisions minus what the host already holds, as a document a person can read first.

``make_plan`` turns the decided frame of a situation into actions. Nothing here talks to a host.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from goodword.budget import FIRST_TIER, Accepted, Load, Team, Waiting, walk
from goodword.connector import Capability
from goodword.decide import NO_TRIGGER, decide, flagged
from goodword.decisions import Decisions
from goodword.facts import blind_facts
from goodword.model import (
    Action,
    Backlog,
    CloseTask,
    CreateTask,
    Plan,
    UpdateTask,
    plan_id_of,
    task_key,
)
from goodword.open_tasks import THANK_YOU, moving, thanks_given
from goodword.own_fields import FIELDS, Withheld, changed_fields, overruled
from goodword.rules import facts_read
from goodword.shortlist import Known, Place, fingerprint, shortlist
from goodword.situation import (
    Situation,
    closing_tasks,
    everybody,
    in_scope,
    may_change,
    open_tasks,
    rep_names,
    team_of,
)
from goodword.unlocking import unlocks
from goodword.working_days import add_working_days

if TYPE_CHECKING:
    from goodword.rulebook import Rulebook
    from goodword.tables import Frame

OUT_OF_SCOPE = "out_of_scope"
"""Backlog reason of candidates whom the firm's mode does not write about yet."""
BACKLOG_SHOWN = 200
"""Waiting candidates written into the plan; all of them are counted by reason."""


@dataclass(frozen=True, slots=True)
class PlanHead:
    """What identifies a plan: when, from which snapshot, under which rules and versions."""

    created_at: datetime
    snapshot: int
    rules_hash: str
    settings_hash: str
    versions: Mapping[str, str]
    notices: tuple[str, ...]


def make_plan(situation: Situation, frame: Frame, head: PlanHead) -> Plan:
    """Return the plan for the decided *frame*."""
    s = situation
    decisions = Decisions.of(frame, s.engine)
    team = team_of(s)
    actions, accepted, backlog = _task_actions(s, frame, decisions, team)
    if Capability.NOTES in s.host.capabilities:
        actions += thanks_given(_done(s, THANK_YOU), s.host.account, _known(s))
    withheld: Mapping[str, Withheld] = {}
    if Capability.FIELDS in s.host.capabilities:
        shown, withheld = _shown(s, frame), s.withheld()
        actions += changed_fields(
            shown,
            s.tables["own_fields"],
            s.host.fields,
            s.host.account,
            s.engine,
            withheld,
            s.as_of,
        )
    before = s.known(action.key for action in actions)
    actions = [action for action in actions if action.key not in before]
    inside, outside = actions, set[str]()
    if not everybody(s):
        inside = [action for action in actions if in_scope(s, action, decisions, team)]
        outside = {a.contact_id for a in actions} - {a.contact_id for a in inside}
    tasks = [_task(s, item, rank) for rank, item in enumerate(accepted, start=1)]
    of_tasks = [action for action in inside if isinstance(action, CloseTask | UpdateTask)]
    others = [action for action in inside if not isinstance(action, CloseTask | UpdateTask)]
    actions = [*of_tasks, *tasks, *others]  # should the run be cut off, reps have their tasks
    outside |= {item.contact_id for item in backlog if item.reason == OUT_OF_SCOPE}
    backlog = [item for item in backlog if item.reason != OUT_OF_SCOPE]
    verdicts, held = _counts(s, frame)
    return Plan(
        plan_id=plan_id_of(s.as_of, s.host.account, head.rules_hash, actions),
        created_at=head.created_at,
        as_of=s.as_of,
        account=s.host.account,
        rules_hash=head.rules_hash,
        settings_hash=head.settings_hash,
        versions=head.versions,
        snapshot=head.snapshot,
        contacts=len(decisions.frame),
        actions=tuple(actions),
        verdicts=verdicts,
        held=held,
        backlog=tuple(
            Backlog(contact_name=decisions.name(item.contact_id), **item._asdict())
            for item in backlog[:BACKLOG_SHOWN]
        ),
        waiting=dict(Counter(item.reason for item in backlog)),
        cannot_check=cannot_check(s.book, s.available),
        notices=(*head.notices, *s.book.exceptions, *_corrected(actions, withheld)),
        mode=s.scope.mode,
        scope=s.scope.words(rep_names(s)),
        out_of_scope=len(outside),
        calls=math.ceil(len(actions) / s.host.batch),
        unlocks=unlocks(frame, s.book, s.available, s.host.wishes, s.engine, s.as_of),
    )


def _corrected(actions: Iterable[Action], withheld: Mapping[str, Withheld]) -> list[str]:
    """Return the line about tags that are written although they were taken back."""
    number = overruled(actions, withheld)
    who = "1 contact has a tag" if number == 1 else f"{number:,} contacts have tags"
    said = f"{who} that invite{'s' * (number == 1)} to ask, put back by an undo, though asking is"
    said += " not right today: the reason and the date are written again, although taken back."
    return [said] if number else []


def _task_actions(
    s: Situation, frame: Frame, decisions: Decisions, team: Team
) -> tuple[list[Action], list[Accepted], list[Waiting]]:
    """Return what happens to open tasks, who gets a new one, and who waits."""
    if Capability.TASKS not in s.host.capabilities:
        return [], [], []
    closed = closing_tasks(s, frame)
    closed_keys = {action.task_key for action in closed}
    waiting = [task for task in open_tasks(s) if not task["outcome"]]
    still_open = [task for task in waiting if task["task_key"] not in closed_keys]
    given = s.given(str(task["task_key"]) for task in still_open)
    moved = moving(still_open, decisions, team, given, s.host.account)
    moved = [action for action in moved if may_change(s, action, decisions, team)]
    owners = {move.task_key: move.owner_id for move in moved}
    load = _load(still_open, owners, decisions, s.book)
    places = shortlist(
        decisions, s.book, s.tables, s.as_of, s.host.account, _known(s), s.engine, s.start
    )
    if s.only is not None:
        places = [place for place in places if place.key in s.only]
    left: list[Place] = []
    if not s.scope.whole:
        held = [s.scope.holds(p.contact_id, _rep(p, decisions, team)) for p in places]
        left = [place for place, inside in zip(places, held, strict=True) if not inside]
        places = [place for place, inside in zip(places, held, strict=True) if inside]
    accepted, backlog = walk(places, decisions, team, load, s.policy.caps, s.voices.veto)
    backlog += [
        Waiting(place.contact_id, None, place.play.name, place.priority, OUT_OF_SCOPE)
        for place in left
    ]
    return [*closed, *moved], accepted, backlog


def _rep(place: Place, decisions: Decisions, team: Team) -> str | None:
    contact = place.contact_id
    return team.assignee(decisions.owner(contact), decisions.account(contact))


def _done(s: Situation, play: str) -> list[dict[str, Any]]:
    """Return our completed tasks of one play."""
    import narwhals.stable.v2 as nw

    rows = s.tables["asks"].filter((nw.col("state") == "done") & (nw.col("play") == play))
    return list(s.engine.collect(rows).sort("task_key").iter_rows(named=True))


def _known(s: Situation) -> Known:
    """Return what tells which keys the ledger or the host knows, also from before a merge."""
    asks = s.tables["asks"]
    merged = s.tables["aliases"].select("contact_id").unique()
    moved = s.engine.collect(asks.join(merged, on="contact_id", how="semi"))
    columns = moved.select("contact_id", "play", "cycle").iter_rows()
    renewed = frozenset(task_key(s.host.account, str(c), str(p), str(y)) for c, p, y in columns)

    def known(keys: Iterable[str]) -> frozenset[str]:
        wanted = frozenset(keys)
        if not wanted:
            return wanted
        asked = s.engine.columns({"task_key": sorted(wanted)}, {"task_key": "text"})
        there = asks.select("task_key").join(asked, on="task_key", how="semi")
        on_host = frozenset(s.engine.collect(there)["task_key"].to_list())
        return s.known(wanted) | on_host | (renewed & wanted)

    return known


def cannot_check(book: Rulebook, available: frozenset[str]) -> tuple[str, ...]:
    """Return the suppressors that read only tables the host never delivered, with the table."""
    blind = blind_facts(book.facts, available)
    lines: list[str] = []
    for rule in book.suppressors:
        missing = sorted(facts_read(rule) & blind.keys())
        if missing:
            lines.append(f"{rule.name} (needs {blind[missing[0]]})")
    return tuple(lines)


def _shown(s: Situation, frame: Frame) -> Frame:
    """Return the decisions as they are written on the contacts: our own open tasks left out."""
    import narwhals.stable.v2 as nw

    mirrors = tuple(rule for rule in s.book.suppressors if rule.pending)
    if not mirrors:
        return frame
    fails = (nw.col(f"fails:{rule.name}") for rule in mirrors)
    seen = flagged(frame, mirrors, s.as_of).filter(nw.any_horizontal(*fails, ignore_nulls=False))
    held = s.engine.materialise(seen.select("contact_id"))
    if not len(s.engine.collect(held)):
        return frame
    columns = ["contact_id", *FIELDS]
    rules = tuple(rule for rule in s.book.suppressors if not rule.pending)
    theirs = frame.join(held, on="contact_id", how="semi")
    again = decide(theirs, replace(s.book, suppressors=rules), s.as_of).select(columns)
    return nw.concat([frame.join(held, on="contact_id", how="anti").select(columns), again])


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
        called={str(task["contact_id"]) for task in open_tasks},
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
        rule=candidate.trigger or play.name,
        fingerprint=fingerprint(item.place, candidate, s.book),
    )


def _counts(s: Situation, frame: Frame) -> tuple[dict[str, int], dict[str, int]]:
    """Return contacts by verdict, and held asks by the first rule that held them."""
    import narwhals.stable.v2 as nw

    spoken = (~nw.col(":chosen").is_null()).alias("spoken")
    columns = ("verdict", "code", "spoken", "next_code")
    alike = frame.select("verdict", "code", spoken, "next_code").group_by(*columns)
    counted = s.engine.collect(alike.agg(nw.len().cast(nw.Int64).alias("number")))
    verdicts: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for verdict, code, chosen, next_code, number in counted.sort(*columns).iter_rows():
        verdicts[verdict] += number
        if verdict != "ask" and chosen and code != NO_TRIGGER:
            held[code] += number
            if next_code:
                held[next_code] += number
    return dict(verdicts), dict(held)
