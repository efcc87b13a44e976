"""Plan to host, through the ledger: every write once, resumable after a crash, undoable.

For each batch: intents are committed, the host is called, results are committed. A crash leaves
open intents; the next run asks the host which of them arrived (``resolve``) before it plans.
Right before each batch a gate looks once more whether it may be sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from goodword.connector import WriteResult
from goodword.gate import Look
from goodword.model import (
    Action,
    CloseTask,
    CreateTask,
    LogActivity,
    Plan,
    RemoveTask,
    SetFields,
    UpdateTask,
)

if TYPE_CHECKING:
    from goodword.connector import Connector
    from goodword.ledger import Ledger


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


@dataclass(frozen=True, slots=True)
class RunName:
    """A run and the plan it writes."""

    run_id: str
    plan_id: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the actions of a run.

    Args:
        outcome: Each action that was sent, with its result.
        held: Each action the gate held back, with the reason.
        stopped: Why the run stopped before its end, or nothing.
    """

    outcome: list[tuple[Action, WriteResult]]
    held: list[tuple[Action, str]]
    stopped: str = ""


def send(
    actions: Sequence[Action],
    connector: Connector,
    ledger: Ledger,
    run: RunName,
    batch: int,
    clock: Callable[[], datetime],
    progress: Callable[[int], None],
    gate: Callable[[Sequence[Action]], Look] | None = None,
    undoes: Mapping[str, str] | None = None,
) -> Sent:
    """Write *actions* in order, batch by batch, and return what became of each.

    Args:
        actions: What to write.
        connector: The open host.
        ledger: Where intents and results are committed.
        run: The run and its plan.
        batch: Most actions handed over at once.
        clock: Current time, UTC.
        progress: Hears how many actions each batch held.
        gate: Looks at each batch right before it is sent; None for an undo, which a person wants
            also while everything is paused.
        undoes: For actions that take a write back: their key to the key of that write.

    Raises:
        ConnectorError: The host failed as a whole; what was sent is in the ledger, the rest is
            planned again by the next run.
    """
    outcome: list[tuple[Action, WriteResult]] = []
    waiting: list[tuple[Action, str]] = []
    unclosed: set[str] = set()
    for part in _in_order(actions, batch):
        look = gate(part) if gate else Look()
        if look.stop:
            return Sent(outcome, waiting, look.stop)
        held = {**(look.held or {}), **_after_a_refusal(part, unclosed)}
        waiting += [(action, held[action.key]) for action in part if action.key in held]
        part = [action for action in part if action.key not in held]
        if part:
            ledger.intend(run.run_id, part, clock())
            results = connector.write(part)
            pairs = list(zip(part, results, strict=True))
            ledger.settle(run.run_id, run.plan_id, pairs, clock(), undoes)
            outcome += pairs
            unclosed |= {a.contact_id for a, r in pairs if isinstance(a, CloseTask) and not r.ok}
        progress(len(part))
    return Sent(outcome, waiting)


def _in_order(actions: Sequence[Action], batch: int) -> Iterator[list[Action]]:
    """Give the batches: first what closes tasks, for others may count on the room it makes."""
    closing = [action for action in actions if isinstance(action, CloseTask)]
    yield from _batches(closing, batch)
    yield from _batches([a for a in actions if not isinstance(a, CloseTask)], batch)


def _after_a_refusal(part: Sequence[Action], unclosed: Collection[str]) -> dict[str, str]:
    """Return the new tasks of people whose old one could not be closed."""
    return {
        action.key: "an older task could not be closed"
        for action in part
        if isinstance(action, CreateTask) and action.contact_id in unclosed
    }


def _batches(actions: Sequence[Action], size: int) -> Iterator[list[Action]]:
    rest = iter(actions)
    while part := list(islice(rest, size)):
        yield part


def still_wanted(approved: Sequence[Action], fresh: Plan) -> tuple[list[Action], list[Action]]:
    """Split approved actions by what a fresh look at the host still says.

    A task keeps its approved words; its due date moves on when the plan has waited. One that would
    go to another rep now, or whose facts are others by now, is not what was approved.

    Returns:
        The approved actions that a plan made now would hold, and those it would not: written
        meanwhile, or their contact changed since the plan was made.
    """
    now = {action.key: action for action in fresh.actions}
    wanted: list[Action] = []
    gone: list[Action] = []
    for action in approved:
        again = now.get(action.key)
        if again is not None and isinstance(action, SetFields):  # its key says all there is to it
            wanted.append(action)
        elif again is None or getattr(again, "owner_id", None) != getattr(action, "owner_id", None):
            gone.append(action)
        elif isinstance(action, CreateTask) and isinstance(again, CreateTask):
            if action.fingerprint != again.fingerprint:
                gone.append(action)
                continue
            wanted.append(action.model_copy(update={"due": max(action.due, again.due)}))
        else:
            wanted.append(action)
    return wanted, gone


def dropped_line(action: Action) -> str:
    """Return the line that says which approved action is not written any more."""
    return f"{named(action)} of contact {action.contact_id}: no longer fits, plan again"


def held_line(action: Action, reason: str) -> str:
    """Return the line that says which action was held back at the last moment."""
    return f"{named(action)} of contact {action.contact_id}: {reason.replace('_', ' ')}"


def named(action: Action) -> str:
    """Return what *action* is, for a line about it."""
    if isinstance(action, CreateTask):
        return f"The task {action.play!r}"
    names = {"set_fields": "The tags", "log_activity": "The note", "link_referral": "The link"}
    return names.get(action.kind, "The change of a task")
