"""The scope of a run: whom the firm lets goodword write about yet.

In shadow nothing is written, and plans show what a live run would do. In a pilot every write, of
fields too, is about named contacts or about contacts of named reps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodword.errors import PlanError

if TYPE_CHECKING:
    from goodword.model import Action, Mode
    from goodword.policy import Rollout

EVERYBODY = ""
"""Words for a scope without a limit."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a plan may write about.

    Args:
        mode: The firm's mode.
        owners: Reps whose contacts take part in a pilot.
        contacts: Contacts that take part in a pilot.
    """

    mode: Mode = "live"
    owners: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, rollout: Rollout) -> Scope:
        """Return the scope the settings give."""
        return cls(rollout.mode, frozenset(rollout.owners), frozenset(rollout.contacts))

    @property
    def whole(self) -> bool:
        """Say whether everybody is in scope.

        A pilot that names nobody is planned for everybody; ``require_writable`` wants a limit then.
        """
        return self.mode != "pilot" or not (self.owners or self.contacts)

    def holds(self, contact_id: str, owner_id: str | None) -> bool:
        """Say whether *contact_id*, looked after by *owner_id*, is in scope."""
        return self.whole or contact_id in self.contacts or owner_id in self.owners

    def words(self, names: Mapping[str, str] | None = None) -> str:
        """Return whom this scope holds, for a person; empty for everybody.

        Args:
            names: Names of the reps by id; without one the id is said.
        """
        if self.whole:
            return EVERYBODY
        parts = []
        if self.owners:
            reps = sorted((names or {}).get(owner, owner) for owner in self.owners)
            parts.append(f"the contacts of {', '.join(reps)}")
        if self.contacts:
            number = len(self.contacts)
            parts.append(f"{number:,} named contact{'' if number == 1 else 's'}")
        return " and ".join(parts)


def require_writable(scope: Scope, limit: int | None) -> None:
    """Refuse to write where the mode does not allow it.

    Raises:
        PlanError: The firm is in shadow, or its pilot names nobody and no limit is given.
    """
    if scope.mode == "shadow":
        msg = "goodword is in shadow mode here: it plans and writes nothing."
        hint = "When the plans look right: goodword rollout pilot --owner REP, or goodword rollout"
        raise PlanError(msg, hint=f"{hint} live.")
    if scope.mode == "pilot" and scope.whole and limit is None:
        msg = "The pilot names neither reps nor contacts."
        hint = "Add --limit 10, or name them: goodword rollout pilot --owner REP."
        raise PlanError(msg, hint=hint)


def limited(actions: Iterable[Action], limit: int | None) -> tuple[list[Action], list[Action]]:
    """Split *actions* into those about the first *limit* contacts, and the rest.

    Those with the most urgent tasks count first; what is kept stays in the order of the plan.
    """
    actions = list(actions)
    if limit is None:
        return actions, []
    by_rank = sorted(actions, key=lambda a: (a.kind != "create_task", getattr(a, "rank", 0)))
    people = dict.fromkeys(action.contact_id for action in by_rank)
    chosen = set(list(people)[:limit])
    kept = [action for action in actions if action.contact_id in chosen]
    return kept, [action for action in actions if action.contact_id not in chosen]


def without(
    actions: Iterable[Action], contacts: Iterable[str]
) -> tuple[list[Action], list[Action]]:
    """Split *actions* into those not about any of *contacts*, and those a person struck.

    Raises:
        PlanError: A contact to be struck is not in the plan, so a misspelt id cannot slip through.
    """
    actions, struck = list(actions), set(contacts)
    unknown = sorted(struck - {action.contact_id for action in actions})
    if unknown:
        msg = f"The plan writes nothing about a contact with the id {unknown[0]!r}."
        raise PlanError(msg, hint="Take the id from goodword plan --html, or from goodword why.")
    kept = [action for action in actions if action.contact_id not in struck]
    return kept, [action for action in actions if action.contact_id in struck]
