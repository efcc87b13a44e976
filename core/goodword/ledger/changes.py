"""What a write is in a line of history: the rule behind it and old -> new, never names or words."""

from __future__ import annotations

from goodword.model import (
    Action,
    CloseTask,
    CreateTask,
    LogActivity,
    RemoveTask,
    SetFields,
    UpdateTask,
)

STRUCTURED = frozenset({"stage", "segment", "score", "next_ask"})
"""Fields whose values are stages, labels, numbers and days. Of the others only the name is kept."""


def rule_of(action: Action) -> str:
    """Return what made the action: a trigger, play or suppressor; else the kind of action."""
    if isinstance(action, CreateTask):
        return action.rule or action.play
    if isinstance(action, CloseTask):
        return action.reason
    return action.kind


def change_of(action: Action) -> str:
    """Return old -> new of the action, such as ``stage: try -> buy; score: 40 -> 55``."""
    if isinstance(action, SetFields):
        before = action.before
        return "; ".join(
            [
                f"{name}: {_shown(before.get(name))} -> {_shown(value)}"
                if name in STRUCTURED
                else f"{name} changed"
                for name, value in action.values.items()
            ]
        )
    if isinstance(action, CreateTask):
        return f"{action.play} due {action.due}"
    if isinstance(action, UpdateTask):
        return f"owner {_shown(action.before.get('owner_id'))} -> {_shown(action.owner_id)}"
    if isinstance(action, CloseTask):
        return action.state
    if isinstance(action, RemoveTask):
        return "removed"
    if isinstance(action, LogActivity):
        return f"{action.activity} on {action.at}"
    return f"linked on {action.at}"


def columns_of(action: Action) -> tuple[str, str, str, str | None, str | None]:
    """Return task_key, play, cycle, owner and due date: what lookups need of the action."""
    if isinstance(action, CreateTask):
        due = action.due.isoformat()
        return (action.key, action.play, action.cycle, action.owner_id, due)
    if isinstance(action, UpdateTask):
        return (action.task_key, "", "", action.owner_id, None)
    if isinstance(action, CloseTask | RemoveTask):
        return (action.task_key, "", "", None, None)
    return ("", "", "", None, None)


def _shown(value: str | int | None) -> str:
    return "none" if value is None or value == "" else str(value)
