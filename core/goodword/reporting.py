"""How the week and the whole practice stand: what ``goodword report`` shows, gathered to be read.

Everything comes from the latest plan, the copy of the host and the ledger; nothing is pulled and
nothing is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from goodword.approval import PLAN_DAYS
from goodword.asks import tasks_of_nobody
from goodword.errors import PlanError
from goodword.facts import build_facts
from goodword.funnel import EVER, Funnel, funnel, thanks_owed
from goodword.gather import PILOT_START, START, completed, decided_frame, first_day
from goodword.model import CreateTask, Plan, Unlock, Value
from goodword.open_tasks import THANK_YOU
from goodword.working import open_ledger

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

    from goodword.firm import Firm
    from goodword.ledger import Ledger
    from goodword.tables import Frame

MOST_TASKS = 400
"""Open tasks, and planned ones, shown one by one; the rest are counted."""
MOST_OWED = 25
"""People shown by name who are owed a thank-you."""
OWED = "thanks_owed"
"""Fact that counts the events a contact was not thanked for; a firm's rules may do without it."""
SEVEN_DAYS = timedelta(days=7)


class OpenTask(Value):
    """One task a rep has now; ``overdue`` compares its day with the day of the report."""

    contact_id: str
    contact_name: str
    play: str
    due: date | None
    overdue: bool
    later: bool
    """It is due after the week of the report, and not within the next seven days."""


class RepWeek(Value):
    """One rep's week: what is open, and what the latest plan would add."""

    owner_id: str | None
    name: str
    open: tuple[OpenTask, ...]
    planned: tuple[CreateTask, ...]
    more_open: int = 0
    more_planned: int = 0


class Owed(Value):
    """Somebody who is owed thank-yous."""

    contact_id: str
    name: str
    number: int


class Report(Value):
    """Everything the page shows."""

    firm: str
    as_of: date
    monday: date
    sunday: date
    plan: Plan
    weeks: tuple[RepWeek, ...]
    funnel: Funnel
    stages: tuple[tuple[str, int], ...]
    owed: tuple[Owed, ...]
    thanks_owed: int
    people_owed: int
    contacts: int
    pulled_at: datetime
    unlocks: tuple[Unlock, ...]
    gone: int = 0
    """Open tasks about people who are no longer among the contacts."""
    overdue: int = 0
    """Open tasks whose day has passed, those that are only counted with them."""
    thanks_without_task: int = 0
    """Further ones, that stand in no task list yet; ``owed`` names their people, too."""
    stale: bool = False
    """The plan is too old to be applied."""


def report(firm: Firm) -> Report:
    """Gather how *firm* stands, as of its day.

    Raises:
        PlanError: There is no plan yet, or no copy of the customers.
    """
    made, snapshot = firm.state.load_plan(), firm.mirror.load()
    if made is None or snapshot is None:
        msg = "There is nothing to report yet."
        raise PlanError(msg, hint="Run goodword plan first: it reads your customers.")
    with open_ledger(firm) as ledger:
        tables = completed(firm, snapshot, ledger)
        frame, _ = decided_frame(firm, made, snapshot, tables, ledger)
        asks = firm.engine.collect(tables["asks"]).to_native().to_dicts()
        planned = _not_yet_written(made, asks, ledger)
        since = _since(firm, ledger, asks)
    monday = firm.as_of - timedelta(days=firm.as_of.weekday())
    sunday = monday + timedelta(days=6)
    taskless = _without_a_task(firm, frame, tables)
    stages, owed = _stages(firm, frame), _owed(firm, tables, asks, taskless)
    return Report(
        firm=firm.settings.firm.name,
        as_of=firm.as_of,
        monday=monday,
        sunday=sunday,
        plan=made,
        weeks=_weeks(firm, tables, asks, planned, sunday),
        funnel=funnel(tables, asks, since, firm.as_of, firm.beginning_of, firm.engine),
        stages=stages,
        owed=tuple(owed[:MOST_OWED]),
        thanks_owed=sum(one.number for one in owed) - sum(taskless.values()),
        thanks_without_task=sum(taskless.values()),
        people_owed=len(owed),
        contacts=sum(number for _, number in stages),
        pulled_at=snapshot.pulled_at,
        unlocks=made.unlocks,
        gone=len(tasks_of_nobody(tables, firm.engine)),
        overdue=sum(_is_overdue(row, firm.as_of) for row in asks if _is_open(row)),
        stale=(firm.as_of - made.as_of).days > PLAN_DAYS,
    )


def _not_yet_written(
    made: Plan, asks: Iterable[Mapping[str, Any]], ledger: Ledger
) -> list[CreateTask]:
    """Return the tasks of the plan that are neither there nor struck, most urgent first."""
    tasks = [action for action in made.actions if isinstance(action, CreateTask)]
    there = {str(row["task_key"]) for row in asks} | ledger.known(task.key for task in tasks)
    return sorted((t for t in tasks if t.key not in there), key=lambda t: (t.rank, t.key))


def _since(firm: Firm, ledger: Ledger, asks: Iterable[Mapping[str, Any]]) -> date | None:
    """Return the day goodword began here: the firm's own, else of its first write or first task."""
    written = (row["created_at"].date() for row in asks if row["created_at"])
    return first_day(firm, ledger, (START, PILOT_START), written)


# ---------------------------------------------------------------------- the week


def _weeks(
    firm: Firm,
    tables: Mapping[str, Frame],
    asks: Iterable[Mapping[str, Any]],
    planned: Sequence[CreateTask],
    sunday: date,
) -> tuple[RepWeek, ...]:
    rows = [row for row in asks if _is_open(row)]
    rows.sort(key=lambda row: (row["due_at"] or EVER, str(row["task_key"])))
    names = _names(firm, tables, {str(row["contact_id"]) for row in rows[:MOST_TASKS]})
    reps = _rep_names(firm, tables)
    last = max(sunday, firm.as_of + SEVEN_DAYS)
    shown: dict[str | None, list[OpenTask]] = {}
    for row in rows[:MOST_TASKS]:
        task = _open_task(row, names, firm.as_of, last)
        shown.setdefault(row["owner_id"], []).append(task)
    coming: dict[str | None, list[CreateTask]] = {}
    for new in planned[:MOST_TASKS]:
        coming.setdefault(new.owner_id, []).append(new)
    all_open = Counter(row["owner_id"] for row in rows)
    all_planned = Counter(task.owner_id for task in planned)
    weeks = [
        RepWeek(
            owner_id=owner,
            name=reps.get(owner, owner) if owner else "",
            open=tuple(shown.get(owner, ())),
            planned=tuple(coming.get(owner, ())),
            more_open=all_open[owner] - len(shown.get(owner, ())),
            more_planned=all_planned[owner] - len(coming.get(owner, ())),
        )
        for owner in {**all_open, **all_planned}
    ]
    weeks.sort(key=lambda week: (not week.owner_id, week.name.casefold(), week.owner_id or ""))
    return tuple(weeks)


def _is_open(row: Mapping[str, Any]) -> bool:
    return row["state"] == "open" and not row["outcome"]


def _is_overdue(row: Mapping[str, Any], as_of: date) -> bool:
    return row["due_at"] is not None and row["due_at"].date() < as_of


def _open_task(
    row: Mapping[str, Any], names: Mapping[str, str], as_of: date, last: date
) -> OpenTask:
    contact = str(row["contact_id"])
    due = row["due_at"].date() if row["due_at"] else None
    return OpenTask(
        contact_id=contact,
        contact_name=names.get(contact) or contact,
        play=str(row["play"] or "task"),
        due=due,
        overdue=_is_overdue(row, as_of),
        later=due is not None and due > last,
    )


def _names(firm: Firm, tables: Mapping[str, Frame], wanted: Iterable[str]) -> dict[str, str]:
    """Return the names of some contacts by id."""
    import narwhals.stable.v2 as nw

    people = tables["contacts"].filter(nw.col("contact_id").is_in(sorted(wanted)))
    rows = firm.engine.collect(people.select("contact_id", "name")).rows()
    return {str(contact): str(name) for contact, name in rows if name}


def _rep_names(firm: Firm, tables: Mapping[str, Frame]) -> dict[str, str]:
    rows = firm.engine.collect(tables["owners"].select("owner_id", "name")).rows()
    return {str(owner): str(name) for owner, name in rows if name}


# ---------------------------------------------------------------------- how customers stand


def _stages(firm: Firm, frame: Frame) -> tuple[tuple[str, int], ...]:
    """Return how many contacts stand at each stage, in the order of the firm's model."""
    counts = Counter(firm.engine.collect(frame.select("stage"))["stage"].to_list())
    return tuple((stage, counts[stage]) for stage in firm.book.stages.stages)


def _owed(
    firm: Firm,
    tables: Mapping[str, Frame],
    asks: Iterable[Mapping[str, Any]],
    taskless: Mapping[str, int],
) -> list[Owed]:
    """Return who waits for a thank-you, with a task or without one yet, most first."""
    numbers = Counter(str(row["contact_id"]) for row in thanks_owed(asks))
    numbers.update(taskless)
    names = _names(firm, tables, numbers)
    found = [Owed(contact_id=c, name=names.get(c, c), number=n) for c, n in numbers.items()]
    return sorted(found, key=lambda one: (-one.number, one.name.casefold(), one.contact_id))


def _without_a_task(firm: Firm, frame: Frame, tables: Mapping[str, Frame]) -> dict[str, int]:
    """Count the events by contact that a thank-you is owed for and no task of ours is about.

    The fact leaves out what a task that is over settled, so every task counts as over here.
    """
    import narwhals.stable.v2 as nw

    fact = next((fact for fact in firm.book.facts if fact.name == OWED), None)
    if fact is None or OWED not in frame.collect_schema():
        return {}
    owing: nw.Expr = (nw.col(OWED) > 0) & (nw.col("verdict") != "never")
    asked = tables["asks"].with_columns(
        nw.when(nw.col("play") == THANK_YOU)
        .then(nw.lit("deleted"))
        .otherwise(nw.col("state"))
        .alias("state")
    )
    plugins, over = firm.book.fact_sources, {**tables, "asks": asked}
    left = build_facts(over, [fact], plugins, {}, firm.as_of, firm.engine)
    found = left.filter(nw.col(OWED) > 0).select("contact_id", OWED)
    may = frame.filter(owing).select("contact_id")
    rows = firm.engine.collect(found.join(may, on="contact_id", how="semi")).rows()
    return {str(contact): int(number) for contact, number in rows}
