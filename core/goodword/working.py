"""Inside one run: the lock, the open ledger and host, what a crash left, and a fresh copy.

Whatever says that this state folder is not in charge of that host stops the run here, before
anything is planned or written: another account, another machine, another installation's tasks, a
clock that went back.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from goodword.apply import resolve, resolve_pulled
from goodword.connector import Connector
from goodword.errors import AuthError, DamagedSnapshot, PlanError
from goodword.forgetting import forget_here
from goodword.gather import ADOPTED, START
from goodword.ledger import RECONCILED, Ledger
from goodword.mirror import Snapshot

if TYPE_CHECKING:
    from goodword.firm import Firm
    from goodword.tables import Frame

ACCOUNT, SANDBOX, MACHINE, INSTALLATION = "account", "sandbox", "machine", "installation"
"""What the ledger keeps about itself: the account it wrote to and whether that is a test account,
where it lives, and its own name."""
ERASED = "erased"
"""People the host erased for privacy, noted until they are forgotten here."""
CLOCK_SLACK = timedelta(days=1)
"""How far the clock may go back between two runs: time zones and summer time stay below it."""


@dataclass
class Work:
    """One locked run: its id, the open ledger and host, and what is worth telling."""

    firm: Firm
    run_id: str
    ledger: Ledger
    connector: Connector
    notices: list[str] = field(default_factory=list)


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
    with firm.state.lock(f"goodword {verb}, process {os.getpid()}"), open_ledger(firm) as ledger:
        _require_ours(firm, ledger, moving=moving)
        _require_clock(firm, ledger)
        run_id = _run_id(firm.clock(), installation(ledger))
        connector = firm.connect(run_id)
        _require_account(firm, ledger, connector)
        yield Work(firm, run_id, ledger, connector)


@contextmanager
def open_ledger(firm: Firm) -> Iterator[Ledger]:
    """Open the firm's ledger and close it again."""
    ledger = Ledger(firm.state.ledger)
    try:
        yield ledger
    finally:
        ledger.close()


def installation(ledger: Ledger) -> str:
    """Return the name of this ledger, six signs that stand in the id of each of its runs."""
    name = ledger.meta(INSTALLATION)
    if name is None:
        name = secrets.token_hex(3)
        ledger.set_meta(INSTALLATION, name)
    return name


def refresh(work: Work) -> Snapshot:
    """Settle what a crash left open, then pull what changed on the host.

    Raises:
        PlanError: Another installation writes to this host, too.
    """
    work.firm.progress("Reading customers")
    snapshot = _pulled(work)
    _recognise(work, snapshot)
    return snapshot


def _pulled(work: Work) -> Snapshot:
    """Settle what a crash left open, pull, and note in the ledger what is told only once."""
    firm, ledger = work.firm, work.ledger
    resolve(ledger, work.connector, firm.clock())
    before = _copy_before(work)
    intake = firm.mirror.intake(ledger.forgotten)
    cursor = work.connector.pull(before.cursor if before else None, intake)
    erased = {*json.loads(ledger.meta(ERASED) or "[]"), *intake.privacy_deleted}
    if erased:  # the host says so once: a run cut off after the pull leaves it to the next
        ledger.set_meta(ERASED, json.dumps(sorted(erased)))
    snapshot = intake.commit(cursor, firm.clock())
    erased |= intake.privacy_deleted
    _reconcile(work, before, snapshot)
    if ledger.open_intents():
        fields = rows_by(firm, snapshot.tables["own_fields"], "contact_id")
        asks = rows_by(firm, snapshot.tables["asks"], "task_key")
        resolve_pulled(ledger, fields, asks, firm.clock())
    if erased:
        snapshot = forget_here(firm, ledger, sorted(erased), before or snapshot)
        ledger.set_meta(ERASED, None)
        work.notices.append(f"{len(erased):,} people were erased on the host, and so here.")
    firm.mirror.finish_purge()
    return snapshot


def take_charge(work: Work) -> Snapshot:
    """Make this machine and ledger the ones in charge of the host and of all tasks there."""
    firm, ledger = work.firm, work.ledger
    if ledger.meta(MACHINE) not in (None, firm.machine):
        ledger.set_meta(INSTALLATION, secrets.token_hex(3))
    settle_in(work)
    snapshot = _pulled(work)
    _adopt(work, snapshot, ledger.foreign(_runs_on_host(work, snapshot)))
    return snapshot


def settle_in(work: Work) -> None:
    """Remember which account and machine this state is about, before its first write."""
    work.ledger.set_meta(ACCOUNT, work.connector.account)
    work.ledger.set_meta(SANDBOX, str(work.connector.sandbox))
    work.ledger.set_meta(MACHINE, work.firm.machine)


def rows_by(firm: Firm, frame: Frame, column: str) -> dict[str, Mapping[str, Any]]:
    """Return the rows of *frame* by one of its columns."""
    rows = firm.engine.collect(frame).to_native().to_dicts()
    return {str(row[column]): row for row in rows}


# ---------------------------------------------------------------------- who is in charge


def _run_id(now: datetime, name: str) -> str:
    """Return an id that says when, and which ledger: ``20261120-090000-3f9a1c07d2``."""
    return f"{now.astimezone(UTC):%Y%m%d-%H%M%S}-{name}{secrets.token_hex(2)}"


def _require_ours(firm: Firm, ledger: Ledger, *, moving: bool) -> None:
    home = ledger.meta(MACHINE)
    if home in (None, firm.machine) or moving:
        return
    msg = f"This state folder was written on the computer {home!r}, and this is {firm.machine!r}."
    hint = "One computer writes for an account. If it was moved or renamed: goodword adopt"
    raise PlanError(msg, hint=hint)


def _require_clock(firm: Firm, ledger: Ledger) -> None:
    latest, now = ledger.clock(), firm.clock()
    if latest is not None and now < latest - CLOCK_SLACK:
        msg = f"The clock says {now:%Y-%m-%d %H:%M} UTC, but the last run was at "
        msg += f"{latest:%Y-%m-%d %H:%M} UTC."
        raise PlanError(msg, hint="Set the computer's clock right, then run again.")


def _require_account(firm: Firm, ledger: Ledger, connector: Connector) -> None:
    """Refuse a host that is not the one the settings or the ledger are about."""
    section = firm.settings.connector
    pinned = section.account or ledger.meta(ACCOUNT)
    if pinned and connector.account != pinned:
        msg = f"The connection leads to the account {connector.account!r}, not to {pinned!r}."
        hint = "Use the key of the right account; another account is another folder or profile."
        raise AuthError(msg, hint=hint)
    noted = ledger.meta(SANDBOX)
    says = noted == str(True) if section.sandbox is None and noted else section.sandbox
    if says is not None and connector.sandbox != says:
        kinds = {True: "a test account", False: "no test account"}
        where = "the ledger" if section.sandbox is None else "goodword.toml"
        msg = f"The account {connector.account!r} is {kinds[connector.sandbox]}, "
        msg += f"but {where} says it is {kinds[says]}."
        raise AuthError(msg, hint="Set [connector] sandbox right, or use the other account's key.")


def _runs_on_host(work: Work, snapshot: Snapshot) -> list[str]:
    import narwhals.stable.v2 as nw

    runs = snapshot.tables["asks"].filter(~nw.col("run_id").is_null()).select("run_id").unique()
    return [str(run) for run in work.firm.engine.collect(runs)["run_id"].to_list()]


def _recognise(work: Work, snapshot: Snapshot) -> None:
    """Adopt our own tasks that this ledger does not remember; stop at another installation's."""
    ledger = work.ledger
    unknown = ledger.foreign(_runs_on_host(work, snapshot))
    others = [run for run in unknown if run.split("-")[-1][:6] != installation(ledger)]
    if others and not ledger.is_empty():
        msg = f"Another goodword writes to this host, too: its latest run there is {max(others)}."
        hint = "One computer writes for an account. To let this one go on alone: goodword adopt"
        raise PlanError(msg, hint=hint)
    if unknown or (ledger.is_empty() and ledger.meta(START) is None):
        _adopt(work, snapshot, unknown)


def _adopt(work: Work, snapshot: Snapshot, runs: list[str]) -> None:
    """Take over the tasks found on the host; how they came about is not known any more."""
    import narwhals.stable.v2 as nw

    firm, ledger = work.firm, work.ledger
    asks = snapshot.tables["asks"]
    if not ledger.is_empty():
        asks = asks.filter(nw.col("run_id").is_in(runs))
    days = [d for d in firm.engine.collect(asks.select("created_at"))["created_at"].to_list() if d]
    rows = firm.engine.collect(asks.select("task_key"))
    ledger.adopt(runs, firm.clock())
    if len(rows):
        ledger.set_meta(ADOPTED, str(len(rows)))
        if ledger.meta(START) is None and days:
            ledger.set_meta(START, min(days).date().isoformat())
        told = f"{len(rows):,} of our tasks are on the host, but not in this ledger: they count as "
        work.notices.append(f"{told}ours again. Runs before this one cannot be undone from here.")


# ---------------------------------------------------------------------- a fresh copy


def _copy_before(work: Work) -> Snapshot | None:
    """Return the copy in use; a damaged one is moved aside, and the user is told."""
    try:
        return work.firm.mirror.load()
    except DamagedSnapshot as error:
        aside = work.firm.mirror.set_aside()
        told = f"{error.message} It was moved to {aside.name}, and everything was read anew."
        work.notices.append(told)
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
    names = ("state", "outcome", "outcome_at", "done_at")
    texts = {n: row[n].isoformat() if n.endswith("_at") and row[n] else row[n] for n in names}
    return {name: str(text) for name, text in texts.items() if text}
