"""Undo: a run is taken back, whole where the host can be restored, else write by write.

It also runs while everything is paused or in shadow mode, because a person asks for it. One that
was cut off is finished by the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from goodword.apply import Sent
from goodword.connector import Capability, RestoringConnector
from goodword.errors import PlanError
from goodword.gather import completed
from goodword.taking_back import begin, end, inverse, require_undone, take_up
from goodword.telling import heard, report_of
from goodword.working import refresh, rows_by, working
from goodword.writing import PAYLOAD_DAYS, write

if TYPE_CHECKING:
    from goodword.charge import Work
    from goodword.firm import Firm
    from goodword.ledger import RunRow
    from goodword.mirror import Snapshot
    from goodword.model import RunReport


def undo(firm: Firm, run_id: str | None = None) -> RunReport:
    """Take back a run (the latest by default): fields, open untouched tasks; notes stay.

    Raises:
        PlanError: There is no such run.
    """
    return heard(firm, "undo", lambda: _undo(firm, run_id))


def _undo(firm: Firm, run_id: str | None) -> RunReport:
    with working(firm, "undo") as work:
        ledger, account = work.ledger, work.connector.account
        if ledger.open_intents():
            refresh(work)
        cut_off = take_up(ledger, account, firm.clock())
        if cut_off and run_id not in {None, cut_off}:
            require_undone(ledger)
        chosen = ledger.to_undo(run_id or cut_off)
        if chosen is None and cut_off and run_id in (None, cut_off):
            end(ledger)
            work.notices.append(f"Run {cut_off} is taken back; the undo before was cut off.")
            return report_of(work, "undo", "", Sent([], []), ())
        if chosen is None:
            if run_id in ledger.undone_runs():
                msg = f"Run {run_id} is taken back already."
                raise PlanError(msg, hint=f"To plan it again: goodword release {run_id}")
            what = f"no run {run_id!r}" if run_id else "no run"
            msg = f"There is {what} to undo."
            raise PlanError(msg, hint="Only a run that wrote something can be undone.")
        snapshot = refresh(work)  # whatever forbids a run stops it here, before a file is restored
        begin(ledger, chosen.run_id, work.run_id)
        work.notices.append(f"To plan them again: goodword release {chosen.run_id}")
        report = _restored(work, chosen) or _write_by_write(work, chosen, snapshot)
        end(ledger)
        return report


def _restored(work: Work, chosen: RunRow) -> RunReport | None:
    """Put the host back as it was before the run, if it can and nobody changed it since."""
    firm, ledger = work.firm, work.ledger
    if Capability.RESTORE not in firm.spec.capabilities:
        return None
    if not cast("RestoringConnector", work.connector).restore(chosen.run_id):
        return None
    keys, plan_id, now = ledger.keys_of_run(chosen.run_id), chosen.plan_id, firm.clock()
    ledger.start(work.run_id, "undo", plan_id, now, firm.book.hash, firm.versions)
    ledger.mark_undone(work.run_id, plan_id, keys, now)
    ledger.finish(work.run_id, firm.clock(), "done")
    refresh(work)
    return report_of(work, "undo", plan_id, Sent([], []), (), restored=keys)


def _write_by_write(work: Work, chosen: RunRow, snapshot: Snapshot) -> RunReport:
    """Take back each write that is still ours; say how many cannot be taken back any more."""
    firm, ledger = work.firm, work.ledger
    gone = ledger.expired(chosen.run_id)
    if gone:
        told = f"{gone:,} writes of that run cannot be taken back: what they replaced was "
        work.notices.append(f"{told}forgotten, or is older than {PAYLOAD_DAYS} days.")
    tables = completed(firm, snapshot, ledger)
    fields = rows_by(firm, tables["own_fields"], "contact_id")
    asks = rows_by(firm, tables["asks"], "task_key")
    entries, account = ledger.of_run(chosen.run_id), work.connector.account
    actions, undoes, kept = inverse(entries, fields, asks, account, work.run_id)
    return write(work, chosen.plan_id, actions, kept, kind="undo", undoes=undoes)
