"""One action on its way to Salesforce: the record it becomes, and what is said of its fate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from goodword import Action, WriteResult
from goodword_salesforce.seam.collections import Change, Saved


@dataclass(frozen=True, slots=True)
class Letter:
    """An action and the change of one record that carries it out."""

    action: Action
    change: Change


def done(action: Action, remote_id: str) -> WriteResult:
    """Return that the org holds the action's result."""
    return WriteResult(action.key, ok=True, remote_id=remote_id)


def refused(action: Action, reason: str) -> WriteResult:
    """Return that it could not be done; *reason* is a clause without anybody's data."""
    return WriteResult(action.key, ok=False, error=f"{action.kind}: {reason}.")


def left_alone(action: Action, reason: str) -> WriteResult:
    """Return that a person came first, so that nothing was done."""
    error = f"{action.kind}: {reason}."
    return WriteResult(action.key, ok=False, error=error, skipped=True)


def told(action: Action, saved: Saved) -> WriteResult:
    """Return what became of a record, with Salesforce's reason and what to do."""
    if saved.ok:
        return done(action, saved.id)
    error = f"{action.kind}: Salesforce refused it: {saved.trouble.reason}. {saved.trouble.hint}"
    return WriteResult(action.key, ok=False, error=error)


def rounds(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """Yield letters so that no two of a round change one record, which Salesforce refuses."""
    rest = list(letters)
    while rest:
        first: dict[str, Letter] = {}
        later: list[Letter] = []
        for each in rest:
            if first.setdefault(each.change.id, each) is not each:
                later.append(each)
        yield list(first.values())
        rest = later
