"""Taking a run back: for each of its writes the action that undoes it, or why it stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from goodword.apply import named
from goodword.model import Action, CreateTask, RemoveTask, SetFields, UpdateTask, action_key

if TYPE_CHECKING:
    from goodword.ledger import Entry


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
        key = action_key(account, action.contact_id, "undo", f"{run_id}:{action.key}")
        taken = _taken_back(action, key, own_fields, asks)
        if taken is not None:
            actions.append(taken)
            undoes[key] = action.key
        else:
            kept.append(f"{named(action)} of contact {action.contact_id} stays as it is")
    return actions, undoes, kept


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
        if task is None or task["state"] != "open" or task["edited"]:
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
