"""The page of a plan: per rep who, what, until when and why; then what waits, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from goodword.model import CloseTask, CreateTask
from goodword.report.layout import GAP, heading, lines, page, table
from goodword.report.phrases import (
    ACTIONS,
    ENDINGS,
    clean,
    counted,
    day_of,
    in_words,
    nobody_of,
    short,
    unlock_line,
    verdict_counts,
    waiting_reason,
    without_code,
)

if TYPE_CHECKING:
    from goodword.model import Plan

REASON = 300
"""Longest reason shown of one task, in characters."""
SHOWN = 5
"""Waiting candidates named on the page, unless all are wanted."""


def plan_page(
    plan: Plan,
    reps: Mapping[str, str],
    reasons: Mapping[str, str],
    *,
    full: bool = False,
    taken_back: Mapping[str, int] | None = None,
    program: str = "goodword",
    asked: bool = True,
) -> Group:
    """Return the page of *plan*.

    Args:
        plan: The plan.
        reps: Names of the reps by id.
        reasons: Sentence of each suppressor by name.
        full: Name everybody who waits.
        taken_back: Tasks held back by an undo, by run; the latest run first.
        program: How commands shown here begin; with ``--profile`` where there is one.
        asked: Whether what to do next is up to the reader; not where the plan was just written.
    """
    back = taken_back or {}
    return page(_parts(plan, reps, reasons, program, full=full, taken_back=back, asked=asked))


def _parts(
    plan: Plan,
    reps: Mapping[str, str],
    reasons: Mapping[str, str],
    program: str,
    *,
    full: bool,
    taken_back: Mapping[str, int],
    asked: bool,
) -> Iterator[RenderableType]:
    yield heading(f"Plan {plan.plan_id}", f"for {day_of(plan.as_of)}")
    yield lines([f"{counted(plan.contacts, 'contact')}: {verdict_counts(plan.verdicts)}"])
    yield lines([_mode(plan)])
    yield from _brakes(plan)
    yield from _tasks(plan, reps)
    yield from _others(plan)
    yield from _held(plan, reasons)
    yield from _backlog(plan, reps, program, full=full)
    yield from _undone(taken_back, program)
    if plan.cannot_check:
        yield from (GAP, heading("Cannot check", "the data is not there"))
        yield lines([", ".join(plan.cannot_check)])
    if plan.unlocks:
        yield from (GAP, heading("What would help"), lines(map(unlock_line, plan.unlocks)))
    if plan.notices:
        yield from (GAP, heading("Worth knowing"), lines(map(without_code, plan.notices)))
    yield GAP
    if not asked:
        return
    if plan.actions or (plan.brakes and plan.mode != "shadow"):
        yield from _next(plan, program)
    elif taken_back:
        yield Text("There is nothing to write now; what was taken back waits until it is released.")
    else:
        yield Text("There is nothing to write: everything is as it should be.")


def _mode(plan: Plan) -> str:
    """Return how much may be written, whom that leaves out, and how many calls it takes."""
    parts = [f"mode: {plan.mode}", plan.scope]
    if plan.out_of_scope:
        parts.append(f"{counted(plan.out_of_scope, 'contact')} left out")
    if plan.calls and plan.mode != "shadow":
        parts.append(f"about {counted(plan.calls, 'call')} to your file or CRM")
    return " · ".join(filter(None, parts))


def _brakes(plan: Plan) -> Iterator[RenderableType]:
    """Yield why a run that nobody watches would leave this plan for a person."""
    if plan.brakes:
        yield from (GAP, heading("A run nobody watches would stop here"))
        yield lines(brake.text for brake in plan.brakes)


def _next(plan: Plan, program: str) -> Iterator[RenderableType]:
    """Return what to type to write the plan, or that nothing will be."""
    if plan.mode == "shadow":
        yield Text("Nothing was written, and nothing will be: goodword only looks until you say:")
        yield lines([f"{program} rollout live"], style="bold")
        return
    limit = "" if plan.scope or plan.mode == "live" else " --limit 10"
    apply = (f"{program} apply {plan.plan_id}{limit}", "bold")
    what = "To write it: " if plan.actions else "To accept the data as it is: "
    yield Text.assemble("Nothing was written yet. ", what, apply)


def _tasks(plan: Plan, reps: Mapping[str, str]) -> Iterator[RenderableType]:
    """Yield each rep's tasks, in the order of their rank."""
    by_rep: dict[str, list[CreateTask]] = {}
    for action in plan.actions:
        if isinstance(action, CreateTask):
            by_rep.setdefault(_rep(action.owner_id, reps), []).append(action)
    for rep in sorted(by_rep, key=lambda name: (name == nobody_of(reps), name.casefold())):
        tasks = sorted(by_rep[rep], key=lambda task: task.rank)
        plays = Counter(in_words(task.play) for task in tasks)
        yield from (GAP, heading(rep, f"{counted(len(tasks), 'task')}: {_listed(plays)}"))
        rows = [
            (
                *(day_of(task.due)[:-5], in_words(task.play), short(task.contact_name)),
                short("; ".join(task.because), REASON),
            )
            for task in tasks
        ]
        yield table(rows, headers=("due", "what", "who", "why"), whole=(0, 1))


def _listed(plays: Mapping[str, int]) -> str:
    """Return "2 ask, 1 thank you"; the names of plays are no words to put in the plural."""
    return ", ".join(f"{number} {play}" for play, number in plays.items())


def _others(plan: Plan) -> Iterator[RenderableType]:
    """Yield what is written beside new tasks, by kind, and why tasks close."""
    kinds = Counter(action.kind for action in plan.actions if action.kind != "create_task")
    if not kinds:
        return
    yield from (GAP, heading("Also"))
    yield lines(counted(number, ACTIONS[kind]) for kind, number in kinds.items())
    closed = Counter(
        (action.state, action.reason) for action in plan.actions if isinstance(action, CloseTask)
    )
    yield lines(
        f"{number:,} closed, because {_they_were(number, state, reason)}"
        for (state, reason), number in closed.items()
    )


def _they_were(number: int, state: str, reason: str) -> str:
    """Return why *number* tasks close."""
    if state == "expired":
        return "it was long overdue" if number == 1 else "they were long overdue"
    return f"the moment has passed ({in_words(reason)})"


def _held(plan: Plan, reasons: Mapping[str, str]) -> Iterator[RenderableType]:
    """Yield how many good moments are held back, by the first reason."""
    held = {code: number for code, number in plan.held.items() if code not in ENDINGS}
    if not held:
        return
    total = sum(held.values())
    yield from (GAP, heading("Held back", f"{counted(total, 'good moment')} to ask, not used now"))
    ranked = sorted(held.items(), key=lambda item: (-item[1], item[0]))
    rows = [(f"{number:,}", in_words(code), reasons.get(code, "")) for code, number in ranked]
    yield table(rows, numbers=(0,), quiet=(2,), whole=(1,))
    yield lines(
        f"of these {plan.held[code]:,}: {text}"
        for code, text in ENDINGS.items()
        if plan.held.get(code)
    )


def _backlog(
    plan: Plan, reps: Mapping[str, str], program: str, *, full: bool
) -> Iterator[RenderableType]:
    """Yield who waits for room: how many by reason, and the first of them."""
    if not plan.waiting:
        return
    total = sum(plan.waiting.values())
    yield from (GAP, heading("Waiting for room", counted(total, "task")))
    yield lines(f"{number:,}: {waiting_reason(code)}" for code, number in plan.waiting.items())
    shown = plan.backlog if full else plan.backlog[:SHOWN]
    rows = [
        (short(item.contact_name), in_words(item.play), _rep(item.owner_id, reps)) for item in shown
    ]
    yield table(rows, headers=("next", "what", "rep"), whole=(1,))
    if len(shown) < total:
        more = f"and {total - len(shown):,} more"
        yield lines([more if full else f"{more}: {program} plan --full"], style="dim")


def _undone(taken_back: Mapping[str, int], program: str) -> Iterator[RenderableType]:
    """Yield what an undo keeps from being planned, and the command that allows it."""
    if not taken_back:
        return
    total = sum(taken_back.values())
    what = counted(total, "task") if total else "the tags of contacts"
    yield from (GAP, heading("Not planned, because it was taken back", what))
    runs = list(taken_back)
    yield lines(
        f"To allow it: {program} release {run}{_of(taken_back[run])}" for run in runs[:SHOWN]
    )
    if len(runs) > SHOWN:
        yield lines([f"and {len(runs) - SHOWN:,} older runs"], style="dim")


def _of(tasks: int) -> str:
    return f"  ({counted(tasks, 'task')})" if tasks else ""


def _rep(owner_id: str | None, reps: Mapping[str, str]) -> str:
    return short(clean(reps.get(owner_id, owner_id))) if owner_id else nobody_of(reps)
