"""Looking without changing anything: is all well, what happened, and why this customer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from goodword.brakes import lost_tables
from goodword.connector import Check
from goodword.decide import flagged
from goodword.errors import GoodwordError, PlanError
from goodword.explain import Explanation, explain, find_contacts
from goodword.gather import (
    PILOT_START,
    START,
    baseline_of,
    blinded,
    completed,
    decided_frame,
    nobody,
    scope_of,
)
from goodword.mirror import Snapshot
from goodword.model import Mode, Unlock, Value
from goodword.pauses import read_pauses
from goodword.plan import cannot_check
from goodword.situation import decided
from goodword.tables import TABLES
from goodword.words import check_words
from goodword.working import open_ledger

if TYPE_CHECKING:
    from goodword.firm import Firm
    from goodword.ledger import Ledger, RunRow
    from goodword.policy import Policy
    from goodword.tables import Frame

STALE = timedelta(days=8)
"""Age of the data at which a firm that writes is unhealthy: a weekly run was missed."""
UNFINISHED = timedelta(hours=12)
"""Time after which a run that never ended counts as failed."""


class Status(Value):
    """How goodword is doing for a firm, for a person or a monitor.

    ``unhealthy`` holds a sentence for everything that needs a person; empty when all is well.
    """

    mode: str
    scope: str
    account: str
    paused: tuple[str, ...]
    started: str
    last_success: datetime | None
    last_run: str
    pulled_at: datetime | None
    open_tasks: int
    overdue: int
    failures: int
    cannot_check: tuple[str, ...]
    unlocks: tuple[Unlock, ...]
    unhealthy: tuple[str, ...]


def doctor(firm: Firm) -> list[Check]:
    """Look at settings, plugins, rules, connector and data; change nothing."""
    checks = [_rules_check(firm)]
    checks += [
        Check(f"plugin {name}", ok=False, detail=error.message, hint=error.hint)
        for name, error in firm.plugins.broken.items()
    ]
    checks += _ledger_check(firm)
    checks += firm.connect("doctor").check()
    return [*checks, *_data_checks(firm)]


def _data_checks(firm: Firm) -> Iterator[Check]:
    try:
        snapshot = firm.mirror.load()
    except GoodwordError as error:
        yield Check("data", ok=False, detail=error.message, hint=error.hint)
        return
    if snapshot is None:
        yield Check("data", ok=True, detail="nothing pulled yet", hint="Run goodword plan.")
        return
    pulled = f"{sum(snapshot.rows.values())} rows pulled {snapshot.pulled_at:%Y-%m-%d %H:%M} UTC"
    yield Check("data", ok=True, detail=pulled)
    blind = cannot_check(firm.book, snapshot.available)
    if blind:
        hint = "Add that data to your file or CRM and the rule will use it."
        yield Check("cannot check", ok=True, detail=", ".join(blind), hint=hint)


def _ledger_check(firm: Firm) -> list[Check]:
    """Verify the ledger, if there is one; a damaged one is named with the way out."""
    if not firm.state.ledger.exists():
        return []
    try:
        with open_ledger(firm) as ledger:
            ledger.verify()
            lost = _lost(firm, firm.mirror.load(), ledger)
            checks = [Check("ledger", ok=True, detail=f"{ledger.count_runs()} runs remembered")]
    except GoodwordError as error:
        return [Check("ledger", ok=False, detail=error.message, hint=error.hint)]
    if lost:
        detail = f"missing since the last accepted run: {', '.join(lost)}"
        hint = "Bring the data back, or name it under [brakes] allow_blind."
        checks.append(Check("blind", ok=False, detail=detail, hint=hint))
    return checks


def _rules_check(firm: Firm) -> Check:
    """Decide for a firm without customers and read every words file; nothing may go wrong."""
    empty = {name: firm.engine.rows([], firm.mirror.types(name)) for name in TABLES}
    try:
        snapshot = Snapshot(0, firm.clock(), empty, frozenset(), {}, None, ())
        decided(nobody(firm, snapshot))
        for play in firm.book.plays:
            columns = play.events(empty, firm.as_of).collect_schema().names() if play.events else []
            known = [*firm.book.types, *columns]
            language = firm.settings.firm.language
            check_words(play, language=language, folders=firm.words_folders, known=known)
    except GoodwordError as error:
        return Check("rules and words", ok=False, detail=error.message, hint=error.hint)
    rules = len(firm.book.sources)
    return Check("rules and words", ok=True, detail=f"{rules} facts and rules fit together")


def status(firm: Firm) -> Status:
    """Return how goodword is doing for a firm, without touching the host."""
    snapshot = firm.mirror.load()
    with open_ledger(firm) as ledger:
        scope = scope_of(firm, ledger)
        account = firm.settings.connector.account or ledger.meta("account") or ""
        last = ledger.last_run()
        success = ledger.last_run(results=("done",))
        tables = completed(firm, snapshot, ledger) if snapshot else None
        lost = _lost(firm, snapshot, ledger)
        noted = ledger.meta(PILOT_START if scope.mode == "pilot" else START)
        started = firm.settings.rollout.start_date or noted or ""
        failures = ledger.failures(last.run_id) if last else 0
        unsettled = {entry.action.key for entry in ledger.open_intents()}
    waiting, overdue = _tasks(firm, tables, unsettled) if tables else (0, 0)
    trouble = [f"{error.message}" for error in firm.plugins.broken.values()]
    trouble += _run_trouble(firm, last)
    trouble += [f"{table} is missing since the last accepted run." for table in lost]
    old = snapshot is not None and firm.clock() - snapshot.pulled_at > STALE
    if old and scope.mode != "shadow":
        trouble.append("The data is more than a week old: is the schedule still running?")
    return Status(
        mode=scope.mode,
        scope=scope.words(rep_names(firm)),
        account=account,
        paused=read_pauses(firm.folder).words(firm.as_of),
        started=str(started),
        last_success=success.finished_at if success else None,
        last_run=_run_line(last),
        pulled_at=snapshot.pulled_at if snapshot else None,
        open_tasks=waiting,
        overdue=overdue,
        failures=failures,
        cannot_check=cannot_check(firm.book, snapshot.available) if snapshot else (),
        unlocks=_unlocks(firm),
        unhealthy=tuple(trouble),
    )


def _unlocks(firm: Firm) -> tuple[Unlock, ...]:
    """Return what would help, as the latest plan found it; a damaged plan says nothing."""
    try:
        made = firm.state.load_plan()
    except PlanError:
        return ()
    return made.unlocks if made is not None else ()


def _run_trouble(firm: Firm, last: RunRow | None) -> list[str]:
    if last is None:
        return []
    if last.result == "failed":
        return [f"The last run failed: {last.error}"]
    if last.result == "stopped":
        return [f"The last run stopped and waits for a person: {last.error}"]
    if last.result == "partly":
        return ["The last run wrote a part of its plan only."]
    if last.result == "running" and firm.clock() - last.started_at > UNFINISHED:
        return ["The last run never ended; the next one will settle what it left open."]
    return []


def _run_line(last: RunRow | None) -> str:
    return "none yet" if last is None else f"{last.kind} {last.run_id}: {last.result}"


def _tasks(firm: Firm, tables: Mapping[str, Frame], unsettled: Collection[str]) -> tuple[int, int]:
    """Return how many of our tasks are open, and how many of those are overdue.

    Those of a run that was cut off are not among them: the next run finds out which arrived.
    """
    import narwhals.stable.v2 as nw

    ours = (nw.col("state") == "open") & ~nw.col("task_key").is_in(sorted(unsettled))
    rows = firm.engine.collect(tables["asks"].filter(ours).select("due_at"))
    days = [due.date() for due in rows["due_at"].to_list() if due]
    return len(rows), sum(day < firm.as_of for day in days)


def mode_of(firm: Firm) -> Mode:
    """Return how much the firm lets goodword write."""
    with open_ledger(firm) as ledger:
        return scope_of(firm, ledger).mode


def rep_names(firm: Firm) -> dict[str, str]:
    """Return the names of the reps by id, from the latest pull; the id where there is no name."""
    snapshot = firm.mirror.load()
    if snapshot is None:
        return {}
    rows = firm.engine.collect(snapshot.tables["owners"].select("owner_id", "name")).rows()
    return {str(owner): str(name or owner) for owner, name in rows}


def _lost(firm: Firm, snapshot: Snapshot | None, ledger: Ledger) -> list[str]:
    baseline = baseline_of(ledger)
    if baseline is None or snapshot is None:
        return []
    return sorted(lost_tables(baseline, snapshot, firm.settings.brakes.allow_blind))


def why(firm: Firm, query: str) -> tuple[list[tuple[str, str]], Explanation | None]:
    """Return the contacts *query* means and, when it is exactly one, its explanation.

    Raises:
        PlanError: Nothing was pulled yet.
    """
    snapshot = firm.pulled()
    import narwhals.stable.v2 as nw

    made = firm.state.load_plan()
    with open_ledger(firm) as ledger:
        tables = completed(firm, snapshot, ledger)
        book = blinded(firm, snapshot, ledger)
        frame, day = decided_frame(firm, made, snapshot, tables, ledger)
    found = find_contacts(tables["contacts"], firm.whole_id(query), firm.engine)
    if len(found) != 1:
        return found, None
    contact = found[0][0]
    theirs = flagged(frame.filter(nw.col("contact_id") == contact), book.deciding, day)
    row = firm.engine.collect(theirs)
    values = dict(zip(row.columns, row.row(0), strict=True))
    mine = firm.engine.collect(tables["asks"].filter(nw.col("contact_id") == contact))
    tasks = mine.to_native().to_dicts()
    policy = firm.settings.policy
    told = explain(
        *(values, book, snapshot.available, made, tasks, day),
        currency=policy.firm.currency,
        horizon_months=policy.champions.horizon_months if _sells_orders(policy) else 0,
    )
    return found, told


def _sells_orders(policy: Policy) -> bool:
    """Say whether purchases are counted up to a horizon: renewals of contracts all count."""
    return policy.champions.sells == "orders"
