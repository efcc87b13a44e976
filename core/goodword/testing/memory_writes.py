"""How the host in memory takes each kind of action: once, and never over a person's hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword.connector import Capability, WriteResult
from goodword.errors import RecordError
from goodword.model import (
    CloseTask,
    CreateTask,
    LinkReferral,
    LogActivity,
    RemoveTask,
    SetFields,
    UpdateTask,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from goodword.model import Action
    from goodword.testing.memory_host import MemoryHost

NEEDS: Mapping[str, Capability] = {
    "set_fields": Capability.FIELDS,
    "create_task": Capability.TASKS,
    "update_task": Capability.TASKS,
    "close_task": Capability.TASKS,
    "remove_task": Capability.TASKS,
    "log_activity": Capability.NOTES,
    "link_referral": Capability.LINKS,
}
"""What a host must be able to hold for each kind of action."""


def write_action(
    host: MemoryHost, action: Action, fields: frozenset[str], today: date, run_id: str
) -> WriteResult:
    """Store *action* of run *run_id* in *host* and say what became of it.

    Raises:
        RecordError: The host refuses it; nothing was stored.
    """
    if host.get("contacts", (action.contact_id,)) is None:
        msg = f"{action.kind}: there is no such contact."
        raise RecordError(msg, hint="It may have been deleted or merged; pull again.")
    if isinstance(action, SetFields):
        return _set_fields(host, action, fields)
    if isinstance(action, CreateTask):
        return _create_task(host, action, today, run_id)
    if isinstance(action, UpdateTask | CloseTask | RemoveTask):
        return _change_task(host, action)
    if action.key in host.receipts:
        return _done(host, action)
    if isinstance(action, LogActivity):
        return _log(host, action)
    return _link(host, action)


def _set_fields(host: MemoryHost, action: SetFields, fields: frozenset[str]) -> WriteResult:
    unknown = sorted(action.values.keys() - fields)
    if unknown:
        msg = f"set_fields: there is no field {unknown[0]!r}."
        raise RecordError(msg, hint="Install goodword's fields on the host first.")
    contact = action.contact_id
    here = host.get("own_fields", (contact,)) or {"contact_id": contact}
    ours = all(
        _same(here.get(name), value) or _same(here.get(name), action.before.get(name))
        for name, value in action.values.items()
    )
    if not ours:
        error = "set_fields: a person changed the field since."
        return WriteResult(action.key, ok=False, error=error, skipped=True)
    host.put("own_fields", {**here, **action.values})
    return WriteResult(action.key, ok=True, remote_id=contact)


def _create_task(host: MemoryHost, action: CreateTask, today: date, run_id: str) -> WriteResult:
    existing = host.get("asks", (action.key,))
    if existing is not None:
        return WriteResult(action.key, ok=True, remote_id=str(existing["remote_id"]))
    _require_owner(host, action.owner_id)
    remote_id = f"task-{host.version + 1}"
    row = {
        "task_key": action.key,
        "remote_id": remote_id,
        "contact_id": action.contact_id,
        "owner_id": action.owner_id,
        "play": action.play,
        "cycle": action.cycle,
        "run_id": run_id or None,
        "state": "open",
        "edited": False,
        "created_at": today,
        "due_at": action.due,
    }
    host.put("asks", row)
    return _done(host, action, remote_id, action.subject, action.body)


def _change_task(host: MemoryHost, action: UpdateTask | CloseTask | RemoveTask) -> WriteResult:
    task = host.get("asks", (action.task_key,))
    if isinstance(action, CloseTask) and task is not None and task["state"] == action.state:
        return WriteResult(action.key, ok=True, remote_id=str(task["remote_id"]))
    if isinstance(action, RemoveTask) and task is None and action.key in host.receipts:
        return _done(host, action)
    if task is None or task["state"] != "open" or task["edited"]:
        error = f"{action.kind}: a person changed, completed or deleted the task."
        return WriteResult(action.key, ok=False, error=error, skipped=True)
    remote_id = str(task["remote_id"])
    if isinstance(action, RemoveTask):
        host.remove("asks", (action.task_key,))
        return _done(host, action, remote_id)
    if isinstance(action, CloseTask):
        host.put("asks", {**task, "state": action.state})
    else:
        _require_owner(host, action.owner_id)
        host.put("asks", {**task, "owner_id": action.owner_id})
    return WriteResult(action.key, ok=True, remote_id=remote_id)


def _log(host: MemoryHost, action: LogActivity) -> WriteResult:
    remote_id = f"note-{host.version + 1}"
    row = {
        "activity_id": remote_id,
        "contact_id": action.contact_id,
        "owner_id": action.owner_id,
        "kind": action.activity,
        "at": action.at,
        "subject": action.subject,
        "direction": "out",
    }
    host.put("activities", row)
    return _done(host, action, remote_id, action.subject, action.body)


def _link(host: MemoryHost, action: LinkReferral) -> WriteResult:
    if host.get("contacts", (action.referred_id,)) is None:
        msg = f"{action.kind}: there is no such referred contact."
        raise RecordError(msg, hint="It may have been deleted or merged; pull again.")
    pair = (action.contact_id, action.referred_id)
    for row in host.rows("referrals"):
        if (row.get("referrer_id"), row.get("referred_id")) == pair:
            return _done(host, action, str(row["referral_id"]))
    remote_id = f"link-{host.version + 1}"
    row = {
        "referral_id": remote_id,
        "referrer_id": action.contact_id,
        "referred_id": action.referred_id,
        "status": "received",
        "at": action.at,
    }
    host.put("referrals", row)
    return _done(host, action, remote_id)


def _require_owner(host: MemoryHost, owner_id: str | None) -> None:
    """Refuse a rep the host does not know, where it knows any."""
    known = {str(row["owner_id"]) for row in host.rows("owners")}
    if owner_id is not None and known and owner_id not in known:
        msg = "There is no such owner."
        raise RecordError(msg, hint="Give the task to an active rep.")


def _done(
    host: MemoryHost, action: Action, remote_id: str = "", subject: str = "", body: str = ""
) -> WriteResult:
    """Keep a receipt of a first write; return it for every further one."""
    receipt = {
        "kind": action.kind,
        "contact_id": action.contact_id,
        "remote_id": remote_id,
        "subject": subject,
        "body": body,
    }
    kept = host.receipts.get(action.key)
    if kept is None or (kept["remote_id"] != remote_id and remote_id):
        kept = host.receipts[action.key] = receipt
    return WriteResult(action.key, ok=True, remote_id=kept["remote_id"])


def _same(one: object, other: object) -> bool:
    """Compare as a person reads: an empty field equals no value."""
    return one == other or (one in (None, "") and other in (None, ""))
