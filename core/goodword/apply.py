"""Plan to host, through the ledger: every write once, resumable after a crash, undoable.

For each batch: intents are committed, the host is called, results are committed. A crash leaves
open intents; the next run asks the host which of them arrived (``resolve``) before it plans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from goodword.connector import WriteResult
from goodword.model import (
    Action,
    CloseTask,
    CreateTask,
    LogActivity,
    Plan,
    RemoveTask,
    SetFields,
    UpdateTask,
    action_key,
)

if TYPE_CHECKING:
    from goodword.connector import Connector
    from goodword.ledger import Entry, Ledger


def resolve(ledger: Ledger, connector: Connector, now: datetime) -> int:
    """Settle the tasks and notes that a crash left open, by asking the host; return how many.

    One found on the host is done; one that is not never arrived and may be planned again. A task
    that was to be removed is gone or still there. Other writes wait for the pull
    (``resolve_pulled``).
    """
    intents = [entry for entry in ledger.open_intents() if _host_key(entry.action)]
    if not intents:
        return 0
    found = connector.find([_host_key(entry.action) for entry in intents])
    for entry in intents:
        key = _host_key(entry.action)
        removing = isinstance(entry.action, RemoveTask)
        if (key in found) != removing:
            remote_id = found[key].remote_id if key in found else ""
            result = WriteResult(entry.action.key, ok=True, remote_id=remote_id)
            ledger.settle(entry.run_id, "", [(entry.action, result)], now)
        else:
            ledger.forget_intent(entry.action.key)
    return len(intents)


def _host_key(action: Action) -> str:
    """Return the key by which the host knows what *action* makes or removes, or nothing."""
    if isinstance(action, CreateTask | LogActivity):
        return action.key
    return action.task_key if isinstance(action, RemoveTask) else ""


def resolve_pulled(
    ledger: Ledger,
    own_fields: Mapping[str, Mapping[str, Any]],
    asks: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> None:
    """Settle the other writes that a crash left open, by what stands on the host after a pull.

    Args:
        ledger: The firm's ledger.
        own_fields: Our fields on the host, by contact.
        asks: Our tasks on the host, by key.
        now: Current time, UTC.
    """
    for entry in ledger.open_intents():
        if _arrived(entry.action, own_fields, asks):
            result = WriteResult(entry.action.key, ok=True)
            ledger.settle(entry.run_id, "", [(entry.action, result)], now)
        else:
            ledger.forget_intent(entry.action.key)


def _arrived(
    action: Action,
    own_fields: Mapping[str, Mapping[str, Any]],
    asks: Mapping[str, Mapping[str, Any]],
) -> bool:
    if isinstance(action, SetFields):
        here = own_fields.get(action.contact_id, {})
        return all((here.get(n) or None) == (v or None) for n, v in action.values.items())
    if isinstance(action, UpdateTask | CloseTask):
        task = asks.get(action.task_key, {})
        if isinstance(action, UpdateTask):
            return task.get("owner_id") == action.owner_id
        return task.get("state") == action.state
    return False


def send(
    actions: Sequence[Action],
    connector: Connector,
    ledger: Ledger,
    run_id: str,
    plan_id: str,
    batch: int,
    clock: Callable[[], datetime],
    progress: Callable[[int], None],
    undoes: Mapping[str, str] | None = None,
) -> list[tuple[Action, WriteResult]]:
    """Write *actions* in order, batch by batch, and return what became of each.

    *undoes* maps the key of an action that takes a write back to the key of that write.

    Raises:
        ConnectorError: The host failed as a whole; what was sent is in the ledger, the rest is
            planned again by the next run.
    """
    outcome: list[tuple[Action, WriteResult]] = []
    for part in _batches(actions, batch):
        ledger.intend(run_id, part, clock())
        results = connector.write(part)
        pairs = list(zip(part, results, strict=True))
        ledger.settle(run_id, plan_id, pairs, clock(), undoes)
        outcome += pairs
        progress(len(part))
    return outcome


def _batches(actions: Sequence[Action], size: int) -> Iterator[list[Action]]:
    rest = iter(actions)
    while part := list(islice(rest, size)):
        yield part


def still_wanted(approved: Plan, fresh: Plan) -> tuple[list[Action], list[Action]]:
    """Split an approved plan by what a fresh look at the host still says.

    A task keeps its approved words; its due date moves on when the plan has waited. One that would
    go to another rep now is not what was approved.

    Returns:
        The approved actions that a plan made now would hold, and those it would not: written
        meanwhile, or their contact changed since the plan was made.
    """
    now = {action.key: action for action in fresh.actions}
    wanted: list[Action] = []
    gone: list[Action] = []
    for action in approved.actions:
        again = now.get(action.key)
        if again is None or getattr(again, "owner_id", None) != getattr(action, "owner_id", None):
            gone.append(action)
        elif isinstance(action, CreateTask) and isinstance(again, CreateTask):
            wanted.append(action.model_copy(update={"due": max(action.due, again.due)}))
        else:
            wanted.append(action)
    return wanted, gone


def dropped_line(action: Action) -> str:
    """Return the line that says which approved action is not written any more."""
    return f"{_words_for(action)} of contact {action.contact_id}: no longer fits, plan again"


def _words_for(action: Action) -> str:
    if isinstance(action, CreateTask):
        return f"The task {action.play!r}"
    names = {"set_fields": "The tags", "log_activity": "The note", "link_referral": "The link"}
    return names.get(action.kind, "The change of a task")


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
            kept.append(f"{_words_for(action)} of contact {action.contact_id} stays as it is")
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
