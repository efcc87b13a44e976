"""The page a manager approves: one HTML file that needs no script, no network and no other file.

What is on it stands in ``plan.html.jinja``, how it looks in ``page.css`` and ``plan.css``; here is
what they are filled with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodword.model import (
    CloseTask,
    CreateTask,
    LinkReferral,
    LogActivity,
    RemoveTask,
    SetFields,
    UpdateTask,
)
from goodword.own_fields import FIELDS
from goodword.report.html_page import moment_of, shares, template
from goodword.report.phrases import ACTIONS, ENDINGS, counted, day_of, in_words, nobody_of

if TYPE_CHECKING:
    from goodword.model import Action, Plan

CHANGES_SHOWN = 200
"""Contacts whose changed tags are shown one by one; the rest are counted."""
MODES = {
    "shadow": ("Shadow", "Nothing will be written. This is what goodword would do."),
    "pilot": ("Pilot", "Only about {scope}; nobody else is touched."),
    "live": ("Live", "Once applied, it is written about everybody named here."),
}
"""Name of each mode, and what it means for this plan."""
SOME = "the first contacts of the plan, as many as --limit says"
"""Whom a pilot without named reps or contacts writes about."""


@dataclass(frozen=True, slots=True)
class Rep:
    """One rep and the rep's tasks, most urgent first."""

    name: str
    summary: str
    tasks: tuple[CreateTask, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One contact's changed tags, from old to new, in the order of the columns."""

    contact_id: str
    cells: tuple[tuple[str, str] | None, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else that would be written about a contact."""

    contact_id: str
    what: str
    detail: str


def plan_document(
    plan: Plan,
    reps: Mapping[str, str],
    reasons: Mapping[str, str],
    *,
    firm_name: str,
    names: Mapping[str, str],
    taken_back: Mapping[str, int] | None = None,
) -> str:
    """Return *plan* as one HTML page, the same for the same plan.

    Args:
        plan: The plan.
        reps: Names of the reps by id.
        reasons: Sentence of each suppressor by name.
        firm_name: Whose plan it is; may be empty.
        names: Names of the contacts by id, for actions that carry none.
        taken_back: Tasks held back by an undo, by run; the latest run first.
    """
    tasks = [action for action in plan.actions if isinstance(action, CreateTask)]
    fields = [action for action in plan.actions if isinstance(action, SetFields)]
    columns = _columns(fields)
    name, meaning = MODES[plan.mode]
    called = {item.contact_id: item.contact_name for item in plan.backlog}
    called |= {task.contact_id: task.contact_name for task in tasks}
    return template("plan.html.jinja").render(
        plan=plan,
        firm=firm_name,
        mode=(name, meaning.format(scope=plan.scope or SOME)),
        totals=list(_totals(plan)),
        asking=sum(task.asks for task in tasks),
        plays=shares(Counter(task.play for task in tasks), {}),
        reps=_reps(tasks, reps),
        own=FIELDS,
        columns=columns,
        changes=[_change(action, columns) for action in fields[:CHANGES_SHOWN]],
        more_changes=max(0, len(fields) - CHANGES_SHOWN),
        others=list(_others(plan.actions, reps)),
        held=shares({k: n for k, n in plan.held.items() if k not in ENDINGS}, reasons),
        endings=[(plan.held[k], text) for k, text in ENDINGS.items() if plan.held.get(k)],
        waiting=sorted(plan.waiting.items(), key=lambda item: (-item[1], item[0])),
        taken_back=taken_back or {},
        versions=sorted(plan.versions.items()),
        made=moment_of(plan.created_at),
        names={**called, **names},
        rep_of=lambda owner: _rep_of(owner, reps),
    )


def _totals(plan: Plan) -> Iterator[tuple[int, str]]:
    """Yield how many writes of each kind; tasks and tags also where there are none."""
    kinds = Counter[str](action.kind for action in plan.actions)
    for kind, thing in ACTIONS.items():
        if kinds[kind] or kind in {"create_task", "set_fields"}:
            yield kinds[kind], counted(kinds[kind], thing).partition(" ")[2]


def _reps(tasks: Iterable[CreateTask], reps: Mapping[str, str]) -> list[Rep]:
    """Return the reps by name with their tasks; those of nobody come last."""
    by_owner: dict[str | None, list[CreateTask]] = {}
    for task in sorted(tasks, key=lambda task: (task.rank, task.key)):
        by_owner.setdefault(task.owner_id, []).append(task)
    found = [
        (owner or "", Rep(_rep_of(owner, reps), _summary(theirs), tuple(theirs)))
        for owner, theirs in by_owner.items()
    ]
    found.sort(key=lambda item: (not item[0], item[1].name.casefold(), item[0]))
    return [rep for _, rep in found]


def _summary(tasks: list[CreateTask]) -> str:
    plays = Counter(in_words(task.play) for task in tasks)
    listed = ", ".join(f"{number} {play}" for play, number in plays.items())
    return f"{counted(len(tasks), 'task')}: {listed}"


def _rep_of(owner_id: str | None, reps: Mapping[str, str]) -> str:
    return reps.get(owner_id, owner_id) if owner_id else nobody_of(reps)


def _columns(fields: Iterable[SetFields]) -> list[str]:
    """Return the tags that change anywhere, in the order they stand on a contact."""
    named = {name for action in fields for name in action.values}
    known = [name for name in FIELDS if name in named]
    return known + sorted(named.difference(FIELDS))


def _change(action: SetFields, columns: Iterable[str]) -> Change:
    """Return old and new text of each column; None where a tag stays as it is."""
    cells = [
        (_text(action.before.get(name)), _text(action.values[name]))
        if name in action.values
        else None
        for name in columns
    ]
    return Change(action.contact_id, tuple(cells))


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _others(actions: Iterable[Action], reps: Mapping[str, str]) -> Iterator[Other]:
    """Yield what is written beside new tasks and tags."""
    for action in actions:
        match action:
            case CloseTask():
                passed = f"the moment has passed ({in_words(action.reason)})"
                detail = "long overdue" if action.state == "expired" else passed
            case UpdateTask():
                before = _rep_of(action.before.get("owner_id"), reps)
                detail = f"from {before} to {_rep_of(action.owner_id, reps)}"
            case LogActivity():
                detail = "; ".join(filter(None, (day_of(action.at), action.subject, action.body)))
            case LinkReferral():
                detail = f"sent us {action.referred_id} on {day_of(action.at)}"
            case RemoveTask():
                detail = "open and untouched"
            case _:
                continue
        yield Other(action.contact_id, ACTIONS[action.kind], detail)
