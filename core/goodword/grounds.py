"""The grounds of a plan: a sum over everything it was decided on, saved beside it.

Where a fresh pull gives the same sum, the decisions saved with the plan are those one would make
again, so ``apply`` need not make them. What it does not cover is looked at each time: what the
ledger holds already, the rules and settings (a plan under others is refused), a veto, the words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from goodword.connector import Capability
from goodword.model import Action, Plan, SetFields
from goodword.plan import PlanHead, make_plan
from goodword.situation import Situation, open_tasks

if TYPE_CHECKING:
    from goodword.tables import Frame


def grounds_of(s: Situation) -> str:
    """Return the sum over what decides for the contacts of a situation.

    Equal tables give equal sums, in whatever order their rows are. Rules of the situation are its
    firm's and those for lost tables; the firm's are told apart by the hash in the plan.
    """
    tables = {name: s.engine.digest(frame) for name, frame in sorted(s.tables.items())}
    withheld = {who: sorted(map(str, times.items())) for who, times in sorted(s.withheld().items())}
    said = [
        *(tables, sorted(s.available), withheld, sorted(s.extra.items())),
        [rule.name for rule in s.book.suppressors],
        [s.as_of, s.today, s.start, s.host.account],
        [sorted(s.host.fields), sorted(s.host.capabilities)],
        [s.scope.mode, sorted(s.scope.owners), sorted(s.scope.contacts), sorted(s.paused)],
    ]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


def made_again(
    situation: Situation, frame: Frame, head: PlanHead, approved: Sequence[Action]
) -> Plan:
    """Return what ``make_plan`` would say of approved actions, on the decisions they were made on.

    What is written about our fields follows from those decisions alone, so it is only asked
    whether the ledger holds it already. What follows from the ledger, too, or from what a plugin
    says today is made again: for the few people with a task, not for everybody.

    Args:
        situation: What there is now, for the approved actions alone.
        frame: The decisions, as they were saved with the plan.
        head: What identifies the plan.
        approved: All actions of the plan.
    """
    import narwhals.stable.v2 as nw

    s = situation
    people = {action.contact_id for action in approved if not isinstance(action, SetFields)}
    people |= {str(task["contact_id"]) for task in open_tasks(s)}
    some = frame.filter(nw.col("contact_id").is_in(sorted(people)))
    bare = replace(s.host, capabilities=s.host.capabilities - {Capability.FIELDS})
    made = make_plan(replace(s, host=bare), s.engine.materialise(some), head)
    fields = [action for action in approved if isinstance(action, SetFields)]
    before = s.known(action.key for action in fields)
    still = (action for action in fields if action.key not in before)
    return made.model_copy(update={"actions": (*made.actions, *still)})
