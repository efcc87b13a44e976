"""Writing the actions of a run through the gate and the ledger, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from goodword.apply import RunName, held_line, send
from goodword.charge import Work, settle_in
from goodword.decisions import Decisions, held_back
from goodword.errors import GoodwordError
from goodword.gate import Gate
from goodword.gather import PILOT_START, START, scope_of
from goodword.model import Action, CreateTask, Mode, RunReport
from goodword.situation import Situation, team_of
from goodword.telling import report_of

if TYPE_CHECKING:
    from goodword.ledger import Result
    from goodword.tables import Frame

PAYLOAD_DAYS = 90
"""Days for which the ledger keeps what a write replaced; after that a run cannot be undone."""


def gate_of(work: Work, situation: Situation, frame: Frame, wanted: Iterable[Action]) -> Gate:
    """Return what looks at each batch of this run right before it is sent.

    Args:
        work: The run.
        situation: What it decided on.
        frame: What it decided.
        wanted: Everything that is about to be written.
    """
    import narwhals.stable.v2 as nw

    firm = work.firm
    asked = {action.contact_id for action in wanted if isinstance(action, CreateTask)}
    theirs = firm.engine.materialise(frame.filter(nw.col("contact_id").is_in(sorted(asked))))
    rows = firm.engine.collect(theirs.select("contact_id", "trigger")).rows()
    return Gate(
        folder=firm.folder,
        as_of=firm.as_of,
        day_now=firm.day_now,
        decisions=Decisions.of(frame, firm.engine),
        book=situation.book,
        team=team_of(situation),
        triggers=dict(rows),
        holding=held_back(theirs, asked, situation.book.suppressors, firm.as_of, firm.engine),
    )


def write(
    work: Work,
    plan_id: str,
    actions: Sequence[Action],
    dropped: Sequence[str],
    *,
    kind: str = "apply",
    gate: Gate | None = None,
    undoes: Mapping[str, str] | None = None,
    stopped: Sequence[str] = (),
) -> RunReport:
    """Send the actions through the ledger and return what became of them."""
    firm, ledger = work.firm, work.ledger
    mode = scope_of(firm, ledger).mode
    now = firm.clock()
    ledger.start(work.run_id, kind, plan_id, now, firm.book.hash, firm.versions, mode=mode)
    settle_in(work)
    if actions and kind in {"apply", "sync"}:
        _note_start(work, mode)
    firm.progress(f"Writing {len(actions)} changes")
    done = 0

    def count(written: int) -> None:
        nonlocal done
        done += written
        firm.progress(f"Written {done} of {len(actions)}")

    name = RunName(work.run_id, plan_id)
    batch = firm.spec.batch
    try:
        sent = send(actions, work.connector, ledger, name, batch, firm.clock, count, gate, undoes)
    except GoodwordError as error:
        ledger.finish(work.run_id, firm.clock(), "failed", error.message)
        raise
    lines = [*dropped, *(held_line(action, reason) for action, reason in sent.held)]
    report = report_of(work, kind, plan_id, sent, lines, stopped=stopped)
    ledger.finish(work.run_id, firm.clock(), result_of(report), " ".join(report.stopped))
    ledger.expire(firm.clock() - timedelta(days=PAYLOAD_DAYS))
    firm.state.expire_copies(firm.clock() - timedelta(days=PAYLOAD_DAYS))
    return report


def result_of(report: RunReport) -> Result:
    """Return in one word how a run ended."""
    if report.stopped:
        return "stopped"
    return "partly" if report.exit_code else "done"


def _note_start(work: Work, mode: Mode) -> None:
    """Remember the day of the first run that wrote; nothing before it ever becomes a task."""
    name = PILOT_START if mode == "pilot" else START
    if work.ledger.meta(name) is None:
        work.ledger.set_meta(name, work.firm.as_of.isoformat())
