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

    One found on the host is done; one that is not never arrived and may be planned again. Field
    writes wait for the pull (``resolve_fields``).
    """
    intents = [e for e in ledger.open_intents() if not isinstance(e.action, SetFields)]
    if not intents:
        return 0
    keys = [e.action.key for e in intents if isinstance(e.action, CreateTask | LogActivity)]
    found = connector.find(keys) if keys else {}
    for entry in intents:
        key = entry.action.key
        if key in found:
            result = WriteResult(key, ok=True, remote_id=found[key].remote_id)
            ledger.settle(entry.run_id, "", [(entry.action, result)], now)
        else:
            ledger.forget_intent(key)
    return len(intents)


def resolve_fields(
    ledger: Ledger, own_fields: Mapping[str, Mapping[str, Any]], now: datetime
) -> None:
    """Settle the field writes that a crash left open, by what stands on the host now.

    Args:
        ledger: The firm's ledger.
        own_fields: Our fields on the host after a pull, by contact.
        now: Current time, UTC.
    """
    for entry in ledger.open_intents():
        action = entry.action
        if not isinstance(action, SetFields):
            continue
        here = own_fields.get(action.contact_id, {})
        if all(
            (here.get(name) or None) == (value or None) for name, value in action.values.items()
        ):
            ledger.settle(entry.run_id, "", [(action, WriteResult(action.key, ok=True))], now)
        else:
            ledger.forget_intent(action.key)


def send(
    actions: Sequence[Action],
    connector: Connector,
    ledger: Ledger,
    run_id: str,
    plan_id: str,
    batch: int,
    clock: Callable[[], datetime],
    progress: Callable[[int], None],
) -> list[tuple[Action, WriteResult]]:
    """Write *actions* in order, batch by batch, and return what became of each.

    Raises:
        ConnectorError: The host failed as a whole; what was sent is in the ledger, the rest is
            planned again by the next run.
    """
    outcome: list[tuple[Action, WriteResult]] = []
    for part in _batches(actions, batch):
        ledger.intend(run_id, part, clock())
        results = connector.write(part)
        pairs = list(zip(part, results, strict=True))
        ledger.settle(run_id, plan_id, pairs, clock())
        outcome += pairs
        progress(len(part))
    return outcome


def _batches(actions: Sequence[Action], size: int) -> Iterator[list[Action]]:
    rest = iter(actions)
    while part := list(islice(rest, size)):
        yield part


def still_wanted(approved: Plan, fresh: Plan) -> tuple[list[Action], list[Action]]:
    """Split an approved plan by what a fresh look at the host still says.

    Returns:
        The approved actions that a plan made now would hold, and those it would not: written
        meanwhile, or their contact changed since the plan was made.
    """
    now = {action.key for action in fresh.actions}
    wanted = [action for action in approved.actions if action.key in now]
    return wanted, [action for action in approved.actions if action.key not in now]


def dropped_line(action: Action) -> str:
    """Return the line that says which approved action is not written any more, and why."""
    return f"{action.kind} for contact {action.contact_id}: changed since the plan"


def inverse(
    entries: Sequence[Entry],
    own_fields: Mapping[str, Mapping[str, Any]],
    asks: Mapping[str, Mapping[str, Any]],
    account: str,
    run_id: str,
) -> tuple[list[Action], list[str]]:
    """Return the actions that take a run back, and a line for each write that has to stay.

    Args:
        entries: The run's writes.
        own_fields: Our fields on the host now, by contact.
        asks: Our tasks on the host now, by key.
        account: Host account, part of each key.
        run_id: The run that undoes.
    """
    actions: list[Action] = []
    kept: list[str] = []
    for entry in reversed(entries):
        action = entry.action
        key = action_key(account, action.contact_id, "undo", f"{run_id}:{action.key}")
        taken = _taken_back(action, key, own_fields, asks)
        if taken is not None:
            actions.append(taken)
        else:
            kept.append(f"{action.kind} for contact {action.contact_id} stays as it is")
    return actions, kept


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
