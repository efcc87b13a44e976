"""Taking a run back: for each of its writes the action that undoes it, or why it stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from goodword.apply import named
from goodword.errors import PlanError
from goodword.model import Action, CreateTask, RemoveTask, SetFields, UpdateTask, action_key

if TYPE_CHECKING:
    from datetime import datetime

    from goodword.ledger import Entry, Ledger

UNDOING = "undoing"
"""What the ledger notes while a run is being taken back: that run, and the run that undoes."""


def begin(ledger: Ledger, run_id: str, undo_id: str) -> None:
    """Note that run *undo_id* begins to take back *run_id*."""
    ledger.set_meta(UNDOING, f"{run_id} {undo_id}")


def end(ledger: Ledger) -> None:
    """Note that a run was taken back, as far as it can be."""
    ledger.set_meta(UNDOING, None)


def take_up(ledger: Ledger, account: str, now: datetime) -> str | None:
    """Return the run whose undo was cut off, if one was; call when no write is open any more.

    Its last batch may have reached the host before the ledger could note what it took back; that
    is noted now.
    """
    noted = ledger.meta(UNDOING)
    if noted is None:
        return None
    run_id, undo_id = noted.split(" ")
    actions = [entry.action for entry in ledger.of_run(run_id)]
    keys = {_key(account, action, undo_id): action.key for action in actions}
    back = [keys[key] for key in ledger.settled(keys)]
    run = ledger.to_undo(run_id)
    if back and run is not None:
        ledger.mark_undone(undo_id, run.plan_id, back, now)
    return run_id


def require_undone(ledger: Ledger) -> None:
    """Refuse to write while the undo of a run was cut off half-way.

    Raises:
        PlanError: It was; the next undo finishes it.
    """
    noted = ledger.meta(UNDOING)
    if noted is not None:
        msg = f"The undo of run {noted.split(' ')[0]} was cut off."
        raise PlanError(msg, hint="Run goodword undo once more; it finishes what it began.")


def inverse(
    entries: Sequence[Entry],
    own_fields: Mapping[str, Mapping[str, Any]],
    asks: Mapping[str, Mapping[str, Any]],
    account: str,
    run_id: str,
) -> tuple[list[Action], dict[str, str], list[str]]:
    """Return the actions that take a run back, and what has to stay.

    Args:
        entries: The run's writes.
        own_fields: Our fields on the host now, by contact.
        asks: Our tasks on the host now, by key.
        account: Host account, part of each key.
        run_id: The run that undoes.

    Returns:
        The actions; for each action's key the key of the write it takes back; and a line for each
        write that stays.
    """
    actions: list[Action] = []
    undoes: dict[str, str] = {}
    kept: list[str] = []
    for entry in reversed(entries):
        action = entry.action
        key = _key(account, action, run_id)
        taken = _taken_back(action, key, own_fields, asks)
        if taken is not None:
            actions.append(taken)
            undoes[key] = action.key
        else:
            kept.append(f"{named(action)} of contact {action.contact_id} stays as it is")
    return actions, undoes, kept


def _key(account: str, action: Action, undo_id: str) -> str:
    return action_key(account, action.contact_id, "undo", f"{undo_id}:{action.key}")


def _taken_back(
    action: Action,
    key: str,
    own_fields: Mapping[str, Mapping[str, Any]],
    asks: Mapping[str, Mapping[str, Any]],
) -> Action | None:
    if isinstance(action, SetFields):
        here = own_fields.get(action.contact_id, {})
        ours = {n: v for n, v in action.values.items() if (here.get(n) or None) == (v or None)}
        before = {name: action.before[name] for name in ours}
        if not ours:
            return None
        return SetFields(key=key, contact_id=action.contact_id, values=before, before=ours)
    if isinstance(action, CreateTask | UpdateTask):
        task_key = action.key if isinstance(action, CreateTask) else action.task_key
        task = asks.get(task_key)
        if task is None or task["state"] != "open" or task["edited"] or task.get("outcome"):
            return None
        if isinstance(action, CreateTask):
            return RemoveTask(key=key, task_key=task_key, contact_id=action.contact_id)
        if task["owner_id"] != action.owner_id:
            return None
        return UpdateTask(
            key=key,
            task_key=task_key,
            contact_id=action.contact_id,
            owner_id=action.before["owner_id"],
            before={"owner_id": action.owner_id},
        )
    return None
