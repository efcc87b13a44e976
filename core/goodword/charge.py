"""Who is in charge: whether this state folder, on this machine, may work with that host.

Another account, another machine, another installation's tasks on the host, a clock that went back:
each stops the run before anything is planned or written, with the way out.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from goodword.connector import Connector
from goodword.errors import AuthError, PlanError
from goodword.gather import ADOPTED, START
from goodword.ledger import Ledger
from goodword.mirror import Snapshot

if TYPE_CHECKING:
    from goodword.firm import Firm

ACCOUNT, SANDBOX, MACHINE, INSTALLATION = "account", "sandbox", "machine", "installation"
"""What the ledger keeps about itself: the account it wrote to and whether that is a test account,
where it lives, and its own name."""
CLOCK = "clock"
"""A time of a run that a person called wrong."""
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


def installation(ledger: Ledger) -> str:
    """Return the name of this ledger, six signs that stand in the id of each of its runs."""
    name = ledger.meta(INSTALLATION)
    if name is None:
        name = secrets.token_hex(3)
        ledger.set_meta(INSTALLATION, name)
    return name


def settle_in(work: Work) -> None:
    """Remember which account and machine this state is about, before its first write."""
    work.ledger.set_meta(ACCOUNT, work.connector.account)
    work.ledger.set_meta(SANDBOX, str(work.connector.sandbox))
    work.ledger.set_meta(MACHINE, work.firm.machine)


def take_over(firm: Firm, ledger: Ledger) -> None:
    """Name the ledger anew where it came from another machine, so that the old one stops.

    Runs dated after today were dated wrong, then: they hold back none of the following.
    """
    latest = ledger.clock()
    if latest is not None and latest > firm.clock():
        ledger.set_meta(CLOCK, latest.isoformat())
    if ledger.meta(MACHINE) not in (None, firm.machine):
        ledger.set_meta(INSTALLATION, secrets.token_hex(3))


def new_run_id(now: datetime, name: str) -> str:
    """Return an id that says when, and which ledger: ``20261120-090000-3f9a1c07d2``."""
    return f"{now.astimezone(UTC):%Y%m%d-%H%M%S}-{name}{secrets.token_hex(2)}"


def require_ours(firm: Firm, ledger: Ledger, *, moving: bool) -> None:
    """Refuse a ledger that was written on another computer, unless the user is *moving* it.

    Raises:
        PlanError: It was; the message names both.
    """
    home = ledger.meta(MACHINE)
    if home in (None, firm.machine) or moving:
        return
    msg = f"This state folder was written on the computer {home!r}, and this is {firm.machine!r}."
    hint = "One computer writes for an account. If it was moved or renamed: goodword adopt"
    raise PlanError(msg, hint=hint)


def require_clock(firm: Firm, ledger: Ledger, *, moving: bool) -> None:
    """Refuse to run before the last run by more than ``CLOCK_SLACK``.

    Raises:
        PlanError: The clock went back; the message says both times.
    """
    latest, now = ledger.clock(), firm.clock()
    accepted = latest is not None and ledger.meta(CLOCK) == latest.isoformat()
    if latest is not None and now < latest - CLOCK_SLACK and not accepted and not moving:
        msg = f"The clock says {now:%Y-%m-%d %H:%M} UTC, but the last run was at "
        msg += f"{latest:%Y-%m-%d %H:%M} UTC."
        hint = "Set the computer's clock right. If it was wrong at that run: goodword adopt"
        raise PlanError(msg, hint=hint)


def require_account(firm: Firm, ledger: Ledger, connector: Connector) -> None:
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


def adopt_all(work: Work, snapshot: Snapshot) -> None:
    """Take over every task of ours on the host, whoever wrote it."""
    _adopt(work, snapshot, work.ledger.foreign(_runs_on_host(work, snapshot)))


def recognise(work: Work, snapshot: Snapshot) -> None:
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
    asks = snapshot.tables["asks"].filter(~nw.col("play").is_null())  # else an answer without one
    if not ledger.is_empty():
        asks = asks.filter(nw.col("run_id").is_in(runs))
    rows = firm.engine.collect(asks).to_native().to_dicts()
    days = [row["created_at"] for row in rows if row["created_at"]]
    ledger.take_in(rows, firm.clock())
    ledger.adopt(runs, firm.clock())
    if rows:
        ledger.set_meta(ADOPTED, str(len(rows)))
        if ledger.meta(START) is None and days:
            ledger.set_meta(START, min(days).date().isoformat())
        told = f"{len(rows):,} of our tasks are on the host, but not in this ledger: they count as "
        work.notices.append(f"{told}ours again. Runs before this one cannot be undone from here.")
