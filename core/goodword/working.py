"""Inside one run: the lock, the open ledger and host, what a crash left, and a fresh copy."""

from __future__ import annotations

import gc
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from goodword.apply import resolve, resolve_pulled
from goodword.asks import tasks_of_nobody
from goodword.charge import (
    Work,
    adopt_all,
    installation,
    new_run_id,
    recognise,
    require_account,
    require_clock,
    require_ours,
    settle_in,
    take_over,
)
from goodword.erasures import remembered
from goodword.errors import ConnectorError, DamagedSnapshot, GoodwordError, PlanError
from goodword.forgetting import forget_here
from goodword.gather import DAMAGED
from goodword.ledger import RECONCILED, Ledger
from goodword.mirror import Snapshot
from goodword.taking_back import take_up

if TYPE_CHECKING:
    from goodword.firm import Firm
    from goodword.tables import Frame

ERASED = "erased"
"""People the host erased for privacy, noted until they are forgotten here."""
NAMED = 5
"""Most people a notice names, by id."""
_NUMBER = re.compile(r"(?=.*[0-9])[A-Za-z0-9-]{1,18}")
SELDOM = 200_000
"""New objects after which Python looks for garbage while a run is at work, instead of 700."""


@contextmanager
def working(firm: Firm, verb: str, *, moving: bool = False) -> Iterator[Work]:
    """Hold the firm's lock with an open ledger and host.

    Args:
        firm: The firm.
        verb: What is being done, for whoever finds the folder locked.
        moving: The user says that this machine is in charge from now on.

    Raises:
        LockedError: Another run is at work.
        PlanError: The ledger belongs to another machine, or the clock went back.
        AuthError: The host is another account than the one this state is about.
    """
    lock = firm.state.lock(f"goodword {verb}, process {os.getpid()}")
    with lock, _seldom_collecting(), open_ledger(firm) as ledger:
        run_id = new_run_id(firm.clock(), installation(ledger))
        try:
            require_ours(firm, ledger, moving=moving)
            require_clock(firm, ledger, moving=moving)
            connector = firm.connect(run_id)
            require_account(firm, ledger, connector)
            yield Work(firm, run_id, ledger, connector)
        except GoodwordError as error:
            if isinstance(error, ConnectorError) or (
                verb == "sync" and isinstance(error, PlanError)
            ):
                ledger.note_failure(run_id, verb, firm.clock(), error.message)
            raise


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Let Python look for garbage seldom: a run builds up values by the hundred thousand.

    They are no garbage, and looking at all of them again and again took nearly as long as making
    them (0.4 of 0.95 s for 100,000 actions).
    """
    before = gc.get_threshold()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def open_ledger(firm: Firm) -> Iterator[Ledger]:
    """Open the firm's ledger and close it again."""
    ledger = Ledger(firm.state.ledger)
    try:
        yield ledger
    finally:
        ledger.close()


def refresh(work: Work) -> Snapshot:
    """Settle what a crash left open, then pull what changed on the host.

    Raises:
        PlanError: Another installation writes to this host, too.
    """
    work.firm.progress("Reading customers")
    snapshot = _pulled(work)
    recognise(work, snapshot)
    gone = tasks_of_nobody(snapshot.tables, work.firm.engine)
    if gone:
        work.notices.append(told_of_nobody(gone))
    return snapshot


def told_of_nobody(gone: Sequence[str]) -> str:
    """Say that open tasks are about people who are there no longer.

    Args:
        gone: The contact id of each task; one that may be an address or a name is not repeated.
    """
    tasks = "1 open task is" if len(gone) == 1 else f"{len(gone):,} open tasks are"
    people = [each for each in dict.fromkeys(gone) if _NUMBER.fullmatch(each)]
    more = f" and {len(people) - NAMED:,} more" if len(people) > NAMED else ""
    named = f" By contact id: {', '.join(people[:NAMED])}{more}." if people else ""
    return (
        f"{tasks} about people who are no longer on your list. Do not ask them for now: mark the"
        " task done or delete it, or put the person back."
        f"{named}"
    )


def _pulled(work: Work) -> Snapshot:
    """Settle what a crash left open, pull, and note in the ledger what is told only once."""
    firm, ledger = work.firm, work.ledger
    resolve(ledger, work.connector, firm.clock())
    before = _copy_before(work)
    back = ledger.recall(remembered(firm.state.folder), firm.clock())
    intake = firm.mirror.intake(ledger.forgotten, ledger.mark_of_forgotten())
    cursor = work.connector.pull(before.cursor if before else None, intake)
    erased = {*json.loads(ledger.meta(ERASED) or "[]"), *intake.privacy_deleted, *back}
    if erased:  # the host says so once: a run cut off after the pull leaves it to the next
        ledger.set_meta(ERASED, json.dumps(sorted(erased)))
    snapshot = intake.commit(cursor, firm.clock())
    erased |= intake.privacy_deleted
    _reconcile(work, before, snapshot)
    if ledger.open_intents():
        fields = rows_by(firm, snapshot.tables["own_fields"], "contact_id")
        asks = rows_by(firm, snapshot.tables["asks"], "task_key")
        resolve_pulled(ledger, fields, asks, firm.clock())
    take_up(ledger, work.connector.account, firm.clock())
    if erased:
        snapshot = forget_here(firm, ledger, sorted(erased), before or snapshot)
        ledger.set_meta(ERASED, None)
        work.notices.append(f"{len(erased):,} people were erased on the host, and so here.")
    firm.mirror.finish_purge()
    return snapshot


def take_charge(work: Work) -> Snapshot:
    """Make this machine and ledger the ones in charge of the host and of all tasks there."""
    take_over(work.firm, work.ledger)
    settle_in(work)
    snapshot = _pulled(work)
    adopt_all(work, snapshot)
    return snapshot


def rows_by(firm: Firm, frame: Frame, column: str) -> dict[str, Mapping[str, Any]]:
    """Return the rows of *frame* by one of its columns."""
    rows = firm.engine.collect(frame).to_native().to_dicts()
    return {str(row[column]): row for row in rows}


# ---------------------------------------------------------------------- a fresh copy


def _copy_before(work: Work) -> Snapshot | None:
    """Return the copy in use; a damaged one is moved aside, and the user is told."""
    try:
        return work.firm.mirror.load()
    except DamagedSnapshot as error:
        aside = work.firm.mirror.set_aside()
        told = f"{error.message} It was moved to {aside.name}, and everything was read anew."
        work.notices.append(told)
        work.ledger.set_meta(DAMAGED, str(error))
        return None


def _reconcile(work: Work, before: Snapshot | None, snapshot: Snapshot) -> None:
    """Note which of our tasks came up on the host since the last look, and which are gone."""
    firm, ledger = work.firm, work.ledger
    now = snapshot.tables["asks"]
    noted = ledger.meta(RECONCILED) or ""
    if before is not None and noted != str(before.number):  # a run was cut off after its pull
        before = firm.mirror.earlier(int(noted)) if noted else None
    if before is None:
        keys = firm.engine.collect(now.select("task_key"))["task_key"].to_list()
        ledger.reconcile(keys, firm.as_of, snapshot.number)
    else:
        then = before.tables["asks"]
        gone = firm.engine.collect(then.join(now, on="task_key", how="anti")).to_native().to_dicts()
        new = now.select("task_key").join(then.select("task_key"), on="task_key", how="anti")
        seen = firm.engine.collect(new)["task_key"].to_list()
        ledger.note_host(
            seen, {str(row["task_key"]): _how(row) for row in gone}, firm.as_of, snapshot.number
        )


def _how(row: Mapping[str, Any]) -> dict[str, str]:
    """Return how a task stood that the host shows no more."""
    names = ("state", "outcome", "outcome_at", "outcome_name", "done_at")
    texts = {n: row[n].isoformat() if n.endswith("_at") and row[n] else row[n] for n in names}
    return {name: str(text) for name, text in texts.items() if text}
