"""Whether a plan may be written now: its age, its rules, the pause, and the brakes.

A person who applies a plan has read its brakes; what they have not read stops them. A run nobody
watches stops at any.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from goodword.brakes import SMALL, Baseline, reasons
from goodword.errors import PlanError
from goodword.gather import ACCEPTED, ADOPTED, BASELINE, DAMAGED, baseline_of
from goodword.model import Brake, CreateTask, Plan
from goodword.pauses import read_pauses

if TYPE_CHECKING:
    from goodword.charge import Work
    from goodword.firm import Firm
    from goodword.mirror import Snapshot

PLAN_DAYS = 7
"""Oldest plan that may be applied, in days."""


def braked(work: Work, snapshot: Snapshot, made: Plan) -> Plan:
    """Return *made* with every reason why a run nobody watches would not write it."""
    firm = work.firm
    found = reasons(
        tasks=sum(isinstance(action, CreateTask) for action in made.actions),
        contacts=len({action.contact_id for action in made.actions}),
        baseline=baseline_of(work.ledger),
        pulled=snapshot,
        limits=firm.settings.brakes,
        book=firm.book,
    )
    adopted = work.ledger.meta(ADOPTED)
    if adopted:
        text = (
            f"{adopted} of our tasks are on the host, but were not in this ledger. Read the plan "
        )
        text += "before it is applied: what was undone or struck earlier is not known any more."
        found = (*found, Brake(code="new_ledger", text=text))
    if work.ledger.meta(DAMAGED):
        text = "The copy of the host's data was damaged and read anew. What had no date of its own "
        text += "may look new: read the plan before it is applied."
        found = (*found, Brake(code="damaged_copy", text=text))
    gone, left = _vanished(work, snapshot)
    if gone >= SMALL and gone > left:
        text = f"{gone} of our tasks are gone from the host since the last accepted run; {left} "
        text += "are left. Put the task list back if nobody meant to delete it."
        found = (*found, Brake(code="lost_tasks", text=text))
    return made.model_copy(update={"brakes": found})


def _vanished(work: Work, snapshot: Snapshot) -> tuple[int, int]:
    """Return how many of our tasks went from the host since the last accepted run, and are left."""
    since = work.ledger.meta(ACCEPTED)
    if since is None:
        return 0, 0
    day, known = since.split(" ")
    gone = work.ledger.gone_since(date.fromisoformat(day)) - int(known)
    return gone, snapshot.rows.get("asks", 0)


def accept(work: Work, snapshot: Snapshot) -> None:
    """Remember what the data looked like: later runs brake when much of it is missing."""
    now = (baseline_of(work.ledger) or Baseline()).after(snapshot)
    work.ledger.set_meta(BASELINE, now.to_json())
    today = work.firm.as_of
    work.ledger.set_meta(ACCEPTED, f"{today} {work.ledger.gone_since(today)}")


def require_awake(firm: Firm) -> None:
    """Refuse to write while everything is paused.

    Raises:
        PlanError: It is; the message says until when.
    """
    pauses = read_pauses(firm.folder)
    if pauses.whole(firm.as_of):
        msg = pauses.words(firm.as_of)[0]
        raise PlanError(msg, hint="To go on: goodword resume, or delete the file PAUSE.")


def require_current(work: Work, approved: Plan) -> None:
    """Refuse a plan for another account, under other rules or settings, or too old."""
    firm = work.firm
    reasons = {
        "was made for another account": approved.account != work.connector.account,
        "was made under other rules": approved.rules_hash != firm.book.hash,
        "was made under other settings": approved.settings_hash != firm.settings.hash,
        "was made by another version of goodword or of a plugin": approved.versions
        != firm.versions,
        "was made in the future": approved.created_at - firm.clock() > timedelta(days=1),
        f"is older than {PLAN_DAYS} days": firm.clock() - approved.created_at
        > timedelta(days=PLAN_DAYS),
    }
    for reason, holds in reasons.items():
        if holds:
            msg = f"Plan {approved.plan_id} {reason}."
            raise PlanError(msg, hint="Run goodword plan and read the new one.")


def require_no_new_brake(approved: Plan, fresh: Plan) -> None:
    """Refuse where the data changed since the plan in a way nobody has read about.

    Raises:
        PlanError: A brake that does not stand in the approved plan.
    """
    counted = {
        "many_tasks",
        "many_contacts",
        "new_ledger",
        "lost_tasks",
    }  # a part of the plan has less of these
    codes = {brake.code for brake in approved.brakes}
    known = {(brake.code, brake.text) for brake in approved.brakes}
    new = [
        brake
        for brake in fresh.brakes
        if (brake.code, brake.text) not in known
        and not (brake.code in counted and brake.code in codes)
    ]
    if new:
        msg = f"Since plan {approved.plan_id} was made: {new[0].text}"
        raise PlanError(msg, hint="Run goodword plan and read the new one.")
