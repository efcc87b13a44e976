"""The gate: one last look right before each batch is sent.

A pause made meanwhile stops the run or holds back a rep's contacts; a task to ask is held back
where any reason not to ask stands in the facts of this run's pull; and a run that lasts past
midnight stops, because the day it decided for is over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from goodword.budget import Team
from goodword.decisions import Decisions
from goodword.model import Action, CreateTask
from goodword.pauses import read_pauses
from goodword.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Look:
    """What the gate says of one batch: why all stops (or nothing), and which actions wait."""

    stop: str = ""
    held: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """Looks at a batch before it is sent.

    Args:
        folder: The firm's folder, where a pause stands.
        as_of: The day the run decided for.
        day_now: Tells the day it is now where the firm is.
        decisions: What was decided from this run's pull.
        book: The rules it was decided under.
        team: Who looks after whom.
        triggers: The trigger that speaks, of everybody who may be asked.
        holding: The suppressors that hold, likewise, in their order.
    """

    folder: Path
    as_of: date
    day_now: Callable[[], date]
    decisions: Decisions
    book: Rulebook
    team: Team
    triggers: Mapping[str, str | None]
    holding: Mapping[str, Sequence[str]]

    def __call__(self, batch: Sequence[Action]) -> Look:
        """Return what may not be sent of *batch* now, and why."""
        today = self.day_now()
        pauses = read_pauses(self.folder)
        if pauses.whole(today):
            return Look(stop=" ".join(pauses.words(today)[:1]))
        if today != self.as_of:
            return Look(
                stop="The day has changed since this run decided; the rest is for the next."
            )
        away = pauses.holding(today)
        held = {}
        for action in batch:
            if self._owner(action) in away:
                held[action.key] = "paused"
            elif isinstance(action, CreateTask) and action.asks:
                reason = self._objection(action)
                if reason:
                    held[action.key] = reason
        return Look(held=held)

    def _owner(self, action: Action) -> str | None:
        contact = action.contact_id
        if contact not in self.decisions:
            return getattr(action, "owner_id", None)
        return self.team.assignee(self.decisions.owner(contact), self.decisions.account(contact))

    def _objection(self, action: CreateTask) -> str:
        """Return the first reason not to ask that holds for the contact, or nothing."""
        contact = action.contact_id
        if contact not in self.holding:
            return "unknown contact"
        exempts = {trigger.name: trigger.exempt for trigger in self.book.triggers}
        exempt = exempts.get(self.triggers[contact] or "", ())
        return next((name for name in self.holding[contact] if name not in exempt), "")
