"""One run: pull, decide, plan, apply, undo, why, wired from a firm's settings and plugins.

These are the verbs of the command line, as functions of a ``Firm``. Those that touch the host or
the ledger hold the firm's lock from start to end.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, cast

from goodword.apply import (
    dropped_line,
    inverse,
    resolve,
    resolve_pulled,
    send,
    still_wanted,
)
from goodword.connector import Capability, Check, Connector, RestoringConnector
from goodword.errors import GoodwordError, PlanError
from goodword.explain import Explanation, explain, find_contacts
from goodword.ledger import Ledger
from goodword.mirror import Snapshot
from goodword.model import (
    Action,
    Failure,
    Plan,
    RunReport,
)
from goodword.plan import Host, Situation, cannot_check, decided, make_plan
from goodword.plugins import Plugins
from goodword.situation import completed, decided_frame, head_of, situation_of
from goodword.tables import TABLES
from goodword.words import check_words

if TYPE_CHECKING:
    from goodword.connector import WriteResult
    from goodword.firm import Firm
    from goodword.tables import Frame

PLAN_DAYS = 7
"""Oldest plan that may be applied, in days."""
OLDEST_PLAN = timedelta(days=PLAN_DAYS)


@dataclass(frozen=True, slots=True)
class Work:
    """One locked run: its id, the open ledger and the open connector."""

    firm: Firm
    run_id: str
    ledger: Ledger
    connector: Connector


def doctor(firm: Firm) -> list[Check]:
    """Look at settings, plugins, rules, connector and data; change nothing."""
    checks = [_rules_check(firm)]
    checks += [
        Check(f"plugin {name}", ok=False, detail=error.message, hint=error.hint)
        for name, error in firm.plugins.broken.items()
    ]
    checks += _ledger_check(firm)
    checks += firm.connect("doctor").check()
    snapshot = firm.mirror.load()
    if snapshot is None:
        detail, hint = "nothing pulled yet", "Run goodword plan."
        return [*checks, Check("data", ok=True, detail=detail, hint=hint)]
    pulled = f"{sum(snapshot.rows.values())} rows pulled {snapshot.pulled_at:%Y-%m-%d %H:%M} UTC"
    checks.append(Check("data", ok=True, detail=pulled))
    blind = cannot_check(firm.book, snapshot.available)
    if blind:
        hint = "Add that data to your file or CRM and the rule will use it."
        checks.append(Check("cannot check", ok=True, detail=", ".join(blind), hint=hint))
    return checks


def _ledger_check(firm: Firm) -> list[Check]:
    """Open the ledger, if there is one; a damaged one is named with the way out."""
    if not firm.state.ledger.exists():
        return []
    try:
        with _open_ledger(firm) as ledger:
            return [Check("ledger", ok=True, detail=f"{len(ledger.runs())} runs remembered")]
    except GoodwordError as error:
        return [Check("ledger", ok=False, detail=error.message, hint=error.hint)]


def _rules_check(firm: Firm) -> Check:
    """Decide for a firm without customers and read every words file; nothing may go wrong."""
    empty = {name: firm.engine.rows([], firm.mirror.types(name)) for name in TABLES}
    try:
        nobody = Snapshot(0, firm.clock(), empty, frozenset(), {}, None, ())
        nowhere = Host(firm.settings.connector.account, frozenset(), frozenset())
        decided(situation_of(firm, nobody, empty, nowhere))
        for play in firm.book.plays:
            columns = play.events(empty, firm.as_of).collect_schema().names() if play.events else []
            known = [*firm.book.types, *columns]
            language = firm.settings.firm.language
            check_words(play, language=language, folders=firm.words_folders, known=known)
    except GoodwordError as error:
        return Check("rules and words", ok=False, detail=error.message, hint=error.hint)
    rules = len(firm.book.sources)
    return Check("rules and words", ok=True, detail=f"{rules} facts and rules fit together")


def pull(firm: Firm) -> Snapshot:
    """Bring the mirror up to date with the host."""
    with _working(firm, "pull") as work:
        return _refresh(work)


def plan(firm: Firm, *, fresh: bool = True) -> Plan:
    """Make and save a plan, after a pull unless *fresh* is False and there is a snapshot."""
    firm.require_sound()
    with _working(firm, "plan") as work:
        snapshot = None if fresh else firm.mirror.load()
        return _planned(work, snapshot or _refresh(work))


def apply(firm: Firm, plan_id: str | None = None) -> RunReport:
    """Write a saved plan (the latest by default) to the host, after a fresh look at it.

    Raises:
        PlanError: No such plan, or it was made for another account, under other rules or
            settings, or too long ago.
    """
    firm.require_sound()
    with _working(firm, "apply") as work:
        approved = firm.state.load_plan(plan_id)
        if approved is None:
            msg = "There is no plan to apply."
            raise PlanError(msg, hint="Run goodword plan, read it, then apply.")
        _require_current(work, approved)
        snapshot = _refresh(work)
        situation = _situation(work, snapshot)
        fresh = make_plan(situation, decided(situation), head_of(firm, snapshot))
        wanted, gone = still_wanted(approved, fresh)
        written = work.ledger.settled(action.key for action in gone)
        dropped = [dropped_line(action) for action in gone if action.key not in written]
        return _write(work, approved.plan_id, wanted, dropped)


def sync(firm: Firm) -> tuple[Plan, RunReport]:
    """Pull, plan and apply in one go."""
    firm.require_sound()
    with _working(firm, "sync") as work:
        made = _planned(work, _refresh(work))
        return made, _write(work, made.plan_id, made.actions, [])


def undo(firm: Firm, run_id: str | None = None) -> RunReport:
    """Take back a run (the latest by default): fields, open untouched tasks; notes stay.

    Raises:
        PlanError: There is no such run.
    """
    with _working(firm, "undo") as work:
        runs = [r for r in work.ledger.runs() if r.kind != "undo" and r.writes]
        if run_id is None:
            undone = work.ledger.undone_runs()
            runs = [r for r in runs if r.run_id not in undone]
        chosen = next((r for r in runs if run_id in (None, r.run_id)), None)
        if chosen is None:
            what = f"no run {run_id!r}" if run_id else "no run"
            msg = f"There is {what} to undo."
            raise PlanError(msg, hint="Only a run that wrote something can be undone.")
        entries = work.ledger.of_run(chosen.run_id)
        keys = [entry.action.key for entry in entries]
        if Capability.RESTORE in firm.spec.capabilities:
            restoring = cast("RestoringConnector", work.connector)
            if restoring.restore(chosen.run_id):
                work.ledger.mark_undone(keys)
                _refresh(work)
                report = _report(work, chosen.plan_id, [], [], restored=keys)
                return _until_released(report, chosen.run_id)
        tables = completed(firm, _refresh(work), work.ledger)
        fields = _rows_by(firm, tables["own_fields"], "contact_id")
        asks = _rows_by(firm, tables["asks"], "task_key")
        account = work.connector.account
        actions, undoes, kept = inverse(entries, fields, asks, account, work.run_id)
        report = _write(work, chosen.plan_id, actions, kept, kind="undo", undoes=undoes)
        return _until_released(report, chosen.run_id)


def release(firm: Firm, run_id: str) -> int:
    """Let the undone writes of a run be planned again; return how many."""
    with _working(firm, "release") as work:
        return work.ledger.release(run_id)


def why(firm: Firm, query: str) -> tuple[list[tuple[str, str]], Explanation | None]:
    """Return the contacts *query* means and, when it is exactly one, its explanation.

    Raises:
        PlanError: Nothing was pulled yet.
    """
    snapshot = firm.mirror.load()
    if snapshot is None:
        msg = "Nothing was pulled yet."
        raise PlanError(msg, hint="Run goodword plan first.")
    import narwhals.stable.v2 as nw

    made = firm.state.load_plan()
    with _open_ledger(firm) as ledger:
        tables = completed(firm, snapshot, ledger)
    frame = decided_frame(firm, made, snapshot, tables)
    found = find_contacts(frame, query, firm.engine)
    if len(found) != 1:
        return found, None
    contact = found[0][0]
    row = firm.engine.collect(frame.filter(nw.col("contact_id") == contact))
    values = dict(zip(row.columns, row.row(0), strict=True))
    mine = firm.engine.collect(tables["asks"].filter(nw.col("contact_id") == contact))
    tasks = mine.to_native().to_dicts()
    day = made.as_of if made is not None and firm.today is None else firm.as_of
    return found, explain(values, firm.book, snapshot.available, made, tasks, day)


# ---------------------------------------------------------------------- inside a run


@contextmanager
def _working(firm: Firm, verb: str) -> Iterator[Work]:
    """Hold the firm's lock with an open ledger and connector."""
    with firm.state.lock(f"goodword {verb}, process {os.getpid()}"):
        run_id = f"{firm.clock().astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        with _open_ledger(firm) as ledger:
            yield Work(firm, run_id, ledger, firm.connect(run_id))


@contextmanager
def _open_ledger(firm: Firm) -> Iterator[Ledger]:
    ledger = Ledger(firm.state.ledger)
    try:
        yield ledger
    finally:
        ledger.close()


def _refresh(work: Work) -> Snapshot:
    """Settle what a crash left open, then pull what changed on the host."""
    firm = work.firm
    firm.progress("Reading customers")
    resolve(work.ledger, work.connector, firm.clock())
    before = firm.mirror.load()
    intake = firm.mirror.intake()
    cursor = work.connector.pull(before.cursor if before else None, intake)
    snapshot = intake.commit(cursor, firm.clock())
    keys = firm.engine.collect(snapshot.tables["asks"].select("task_key"))["task_key"].to_list()
    work.ledger.note_missing(frozenset(keys), firm.as_of)
    if work.ledger.open_intents():
        fields = _rows_by(firm, snapshot.tables["own_fields"], "contact_id")
        asks = _rows_by(firm, snapshot.tables["asks"], "task_key")
        resolve_pulled(work.ledger, fields, asks, firm.clock())
    return snapshot


def _situation(work: Work, snapshot: Snapshot) -> Situation:
    firm = work.firm
    host = Host(work.connector.account, firm.spec.capabilities, work.connector.fields)
    tables = completed(firm, snapshot, work.ledger)
    return situation_of(firm, snapshot, tables, host, work.ledger)


def _planned(work: Work, snapshot: Snapshot) -> Plan:
    """Decide, make the plan, save it with the facts it was decided on."""
    firm = work.firm
    firm.progress("Deciding")
    situation = _situation(work, snapshot)
    frame = decided(situation)
    made = make_plan(situation, frame, head_of(firm, snapshot))
    path = firm.state.frame_path(made.plan_id)
    firm.engine.write(frame, path)
    path.chmod(0o600)
    firm.state.save_plan(made)
    return made


def _require_current(work: Work, approved: Plan) -> None:
    """Refuse a plan for another account, under other rules or settings, or too old."""
    firm = work.firm
    reasons = {
        "was made for another account": approved.account != work.connector.account,
        "was made under other rules": approved.rules_hash != firm.book.hash,
        "was made under other settings": approved.settings_hash != firm.settings.hash,
        "was made in the future": approved.created_at - firm.clock() > timedelta(days=1),
        f"is older than {PLAN_DAYS} days": firm.clock() - approved.created_at
        > timedelta(days=PLAN_DAYS),
    }
    for reason, holds in reasons.items():
        if holds:
            msg = f"Plan {approved.plan_id} {reason}."
            raise PlanError(msg, hint="Run goodword plan and read the new one.")


def _write(
    work: Work,
    plan_id: str,
    actions: Sequence[Action],
    dropped: Sequence[str],
    kind: str = "apply",
    undoes: Mapping[str, str] | None = None,
) -> RunReport:
    """Send the actions through the ledger and tell the plugins."""
    firm, ledger = work.firm, work.ledger
    ledger.start(work.run_id, kind, plan_id, firm.clock(), firm.book.hash, firm.versions)
    firm.progress(f"Writing {len(actions)} changes")
    done = 0

    def count(written: int) -> None:
        nonlocal done
        done += written
        firm.progress(f"Written {done} of {len(actions)}")

    outcome = send(
        actions,
        work.connector,
        ledger,
        work.run_id,
        plan_id,
        firm.spec.batch,
        firm.clock,
        count,
        undoes,
    )
    ledger.finish(work.run_id, firm.clock())
    report = _report(work, plan_id, outcome, dropped)
    return report.model_copy(update={"notices": (*report.notices, *_told(firm.plugins, report))})


def _told(plugins: Plugins, report: RunReport) -> list[str]:
    """Call ``goodword_applied``; an error becomes a notice, the others still hear."""
    notices: list[str] = []
    for impl in plugins.working("goodword_applied"):
        try:
            plugins.ask(impl, "goodword_applied", {"report": report})
        except GoodwordError as error:
            notices.append(str(error))
    return notices


def _report(
    work: Work,
    plan_id: str,
    outcome: Sequence[tuple[Action, WriteResult]],
    dropped: Sequence[str],
    restored: Sequence[str] = (),
) -> RunReport:
    applied: Counter[str] = Counter(action.kind for action, result in outcome if result.ok)
    if restored:
        applied["restored"] = len(restored)
    failures = [
        Failure(key=a.key, kind=a.kind, contact_id=a.contact_id, error=r.error)
        for a, r in outcome
        if not r.ok and not r.skipped
    ]
    return RunReport(
        run_id=work.run_id,
        plan_id=plan_id,
        applied=dict(applied),
        skipped=sum(result.skipped for _, result in outcome),
        dropped=tuple(dropped),
        failures=tuple(failures),
        notices=(),
        changed=tuple(f"{a.kind} {a.key}" for a, r in outcome if r.ok),
    )


def _until_released(report: RunReport, run_id: str) -> RunReport:
    """Add how the writes taken back from *run_id* can be planned again."""
    told = f"To plan them again: goodword release {run_id}"
    return report.model_copy(update={"notices": (*report.notices, told)})


def _rows_by(firm: Firm, frame: Frame, column: str) -> dict[str, dict[str, Any]]:
    rows = firm.engine.collect(frame).to_native().to_dicts()
    return {str(row[column]): row for row in rows}
