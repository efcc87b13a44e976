"""One run: pull, plan, apply, sync, release, adopt, forget, wired from a firm's parts.

These are the verbs of the command line that change something, as functions of a ``Firm``. Each
holds the firm's lock from start to end. Taking back is in ``undoing``, looking in ``looking``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from goodword.apply import dropped_line, still_wanted
from goodword.approval import accept, braked, require_awake, require_current, require_no_new_brake
from goodword.charge import Work
from goodword.connector import Capability, ForgettingConnector
from goodword.decisions import Decisions
from goodword.errors import PlanError
from goodword.forgetting import forget_here, ids_of, require_known
from goodword.gather import (
    ADOPTED,
    DAMAGED,
    baseline_of,
    completed,
    decides_alone,
    head_of,
    scope_of,
    situation_of,
)
from goodword.grounds import grounds_of, made_again
from goodword.mirror import Snapshot
from goodword.model import Action, CloseTask, Plan, RunReport, UpdateTask
from goodword.pauses import read_pauses
from goodword.plan import make_plan
from goodword.rollout import limited, require_writable, without
from goodword.situation import Host, Situation, decided, in_scope, team_of
from goodword.taking_back import require_undone
from goodword.telling import heard
from goodword.working import ERASED, refresh, take_charge, working
from goodword.writing import gate_of, write

if TYPE_CHECKING:
    from goodword.firm import Firm
    from goodword.tables import Frame


def pull(firm: Firm) -> tuple[Snapshot, list[str]]:
    """Bring the mirror up to date with the host; return it and what is worth telling."""
    with working(firm, "pull") as work:
        return refresh(work), work.notices


def plan(firm: Firm, *, fresh: bool = True) -> Plan:
    """Make and save a plan, after a pull unless *fresh* is False and there is a snapshot."""
    firm.require_sound()
    with working(firm, "plan") as work:
        snapshot = None if fresh else firm.mirror.load()
        return _planned(work, snapshot or refresh(work))


def apply(
    firm: Firm,
    plan_id: str | None = None,
    *,
    limit: int | None = None,
    struck: Sequence[str] = (),
) -> RunReport:
    """Write a saved plan (the latest by default) to the host, after a fresh look at it.

    Args:
        firm: The firm.
        plan_id: Id of the plan.
        limit: Write about the first so many contacts of the plan only.
        struck: Contacts a person struck from the plan.

    Raises:
        PlanError: The firm may not write yet or is paused; no such plan; or it was made for
            another account, under other rules or settings, or too long ago.
    """
    return heard(firm, "apply", lambda: _apply(firm, plan_id, limit, struck))


def _apply(firm: Firm, plan_id: str | None, limit: int | None, struck: Sequence[str]) -> RunReport:
    firm.require_sound()
    with working(firm, "apply") as work:
        require_writable(scope_of(firm, work.ledger), limit)
        require_awake(firm)
        head = firm.state.load_head(plan_id)
        if head is None:
            msg = "There is no plan to apply."
            raise PlanError(msg, hint="Run goodword plan, read it, then apply.")
        require_current(work, head)
        snapshot = refresh(work)
        require_undone(work.ledger)
        approved = firm.state.load_plan(plan_id) or head  # its actions, not before there is room
        kept, left = without(approved.actions, struck)
        look = _second_look(work, snapshot, kept, None if left else approved)
        require_no_new_brake(approved, look.plan)
        wanted, gone = still_wanted(kept, look.plan)
        gone, outside = _outside(look, gone)
        wanted, over = limited(wanted, limit)
        if any(isinstance(action, CloseTask | UpdateTask) for action in over):
            look = _second_look(work, snapshot, wanted)  # tasks that stay open make no room
            wanted, roomless = still_wanted(wanted, look.plan)
            over += roomless
        dropped = _dropped(work, gone)
        work.notices += _left_out(len(outside), len(over), len(left))
        gate = gate_of(work, look.situation, look.frame, wanted)
        del look  # as large as the plan itself, and writing needs the room
        work.ledger.strike(work.run_id, left, firm.clock())
        report = write(work, approved.plan_id, wanted, dropped, gate=gate)
        for noted in (ADOPTED, DAMAGED):  # a person has read about it
            work.ledger.set_meta(noted, None)
        accept(work, snapshot)
        return report


@dataclass(frozen=True, slots=True)
class Look:
    """A fresh look at the host: what is so now, and the plan one would make of it."""

    situation: Situation
    frame: Frame
    plan: Plan


def _second_look(
    work: Work, snapshot: Snapshot, approved: Sequence[Action], whole: Plan | None = None
) -> Look:
    """Decide anew on *snapshot*, for the approved actions alone.

    Args:
        work: The run.
        snapshot: The fresh pull.
        approved: The actions that may be written.
        whole: The plan, where these are all of its actions. What it saved is taken where the pull
            gives the same grounds, for deciding anew would give the same.
    """
    situation = _situation(work, snapshot)
    same = whole is not None and _same_grounds(work, situation, whole)
    situation = replace(situation, only=frozenset(action.key for action in approved))
    head = head_of(work.firm, snapshot, work.notices)
    if same and whole is not None:
        frame = work.firm.engine.read(work.firm.state.frame_path(whole.plan_id))
        plan = made_again(situation, frame, head, approved)
    else:
        frame = decided(situation)
        plan = make_plan(situation, frame, head)
    return Look(situation, frame, braked(work, snapshot, plan))


def _same_grounds(work: Work, situation: Situation, made: Plan) -> bool:
    """Say whether everything that *made* was decided on is as it was then."""
    if made.as_of != situation.as_of or not decides_alone(work.firm):
        return False
    return work.firm.state.stands_on(made.plan_id, grounds_of(situation))


def sync(firm: Firm) -> tuple[Plan, RunReport]:
    """Pull, plan and apply in one go, unless a brake, a pause or the mode leaves it to a person."""
    made: list[Plan] = []
    report = heard(firm, "sync", lambda: _sync(firm, made))
    return made[0], report


def _sync(firm: Firm, made: list[Plan]) -> RunReport:
    firm.require_sound()
    with working(firm, "sync") as work:
        scope = scope_of(firm, work.ledger)
        if scope.mode != "shadow":
            require_writable(scope, None)
        snapshot = refresh(work)
        require_undone(work.ledger)
        situation = _situation(work, snapshot)
        frame = decided(situation)
        plan = _saved(work, situation, snapshot, frame)
        made.append(plan)
        paused = read_pauses(firm.folder).whole(firm.as_of)
        if scope.mode == "shadow" or paused:
            quiet = "paused" if paused else "in shadow mode"
            work.notices.append(f"goodword is {quiet}: the plan is there, and nothing was written.")
            return write(work, plan.plan_id, [], [], kind="sync")
        if plan.brakes:
            why = [brake.text for brake in plan.brakes]
            return write(work, plan.plan_id, [], [], kind="sync", stopped=why)
        gate = gate_of(work, situation, frame, plan.actions)
        report = write(work, plan.plan_id, plan.actions, [], kind="sync", gate=gate)
        accept(work, snapshot)
        return report


def release(firm: Firm, run_id: str) -> int:
    """Let the undone or struck writes of a run be planned again; return how many."""
    with working(firm, "release") as work:
        return work.ledger.release(run_id)


def adopt(firm: Firm) -> list[str]:
    """Make this computer the one in charge of the host and of our tasks there."""
    with working(firm, "adopt", moving=True) as work:
        take_charge(work)
        work.ledger.set_meta(ADOPTED, "")
        return work.notices


def forget(firm: Firm, contact_id: str) -> list[str]:
    """Forget a person here and in what we wrote on the host; return what is left and where.

    Works while everything is paused or in shadow mode: a person has a right to it.

    Raises:
        GoodwordError: Nobody of that id is known.
    """
    with working(firm, "forget") as work:
        snapshot = refresh(work)
        ids = ids_of(firm, contact_id, snapshot)
        if not work.ledger.forgotten(ids):  # else an earlier command was cut off: finish it
            require_known(firm, work.ledger, ids, snapshot)
        work.ledger.set_meta(
            ERASED, json.dumps(ids)
        )  # should this be cut off, the next run goes on
        left: list[str] = []
        if Capability.FORGET in firm.spec.capabilities:
            host = cast("ForgettingConnector", work.connector)
            left = [line for each in ids for line in host.forget(each)]
        forget_here(firm, work.ledger, ids, snapshot)
        work.ledger.set_meta(ERASED, None)
        return [*work.notices, *dict.fromkeys(left)]


# ---------------------------------------------------------------------- inside a run


def _situation(work: Work, snapshot: Snapshot) -> Situation:
    firm = work.firm
    spec = firm.spec
    host = Host(
        work.connector.account,
        spec.capabilities,
        work.connector.fields,
        spec.batch,
        spec.wishes,
    )
    tables = completed(firm, snapshot, work.ledger)
    return situation_of(firm, snapshot, tables, host, work.ledger)


def _planned(work: Work, snapshot: Snapshot) -> Plan:
    situation = _situation(work, snapshot)
    return _saved(work, situation, snapshot, decided(situation))


def _saved(work: Work, situation: Situation, snapshot: Snapshot, frame: Frame) -> Plan:
    """Make the plan and save it with the facts it was decided on."""
    firm = work.firm
    firm.progress("Deciding")
    made = make_plan(situation, frame, head_of(firm, snapshot, work.notices))
    made = braked(work, snapshot, made)
    firm.state.save_frame(made.plan_id, lambda path: firm.engine.write(frame, path))
    firm.state.save_grounds(made.plan_id, grounds_of(situation))
    firm.state.save_plan(made)
    if baseline_of(work.ledger) is None:
        accept(work, snapshot)
    return made


def _outside(look: Look, gone: Sequence[Action]) -> tuple[list[Action], list[Action]]:
    """Split what is not written into what changed, and what the mode leaves out."""
    situation = look.situation
    if not gone or (situation.scope.whole and not situation.paused):
        return list(gone), []
    decisions = Decisions.of(look.frame, situation.engine)
    team = team_of(situation)
    inside = [action for action in gone if in_scope(situation, action, decisions, team)]
    return inside, [action for action in gone if action not in inside]


def _dropped(work: Work, gone: Sequence[Action]) -> list[str]:
    """Return a line for each approved action that is not written, unless it was written before."""
    written = work.ledger.settled(action.key for action in gone)
    return [dropped_line(action) for action in gone if action.key not in written]


def _left_out(outside: int, over: int, struck: int) -> list[str]:
    told = {
        "left out by the mode or a pause": outside,
        "left out by --limit": over,
        "struck; to plan them again, release this run": struck,
    }
    return [f"{n:,} action{'s' * (n > 1)} of the plan {why}." for why, n in told.items() if n]
