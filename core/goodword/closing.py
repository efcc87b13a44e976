"""Closing what is open before a pause: our untouched asks, as a run like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword.charge import Work
from goodword.errors import PlanError
from goodword.gather import canonical_scope, completed, scope_of
from goodword.model import CloseTask, RunReport, action_key
from goodword.rollout import require_writable
from goodword.telling import heard
from goodword.working import refresh, rows_by, working
from goodword.writing import write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from goodword.firm import Firm

REASON = "paused"
"""What stands in a task that was closed for a pause."""


def close_open(firm: Firm, owner: str | None = None) -> RunReport:
    """Close our open asks that no rep has touched; only those of *owner* where one is given.

    Raises:
        PlanError: The firm is in shadow mode, in which nothing is written.
    """
    return heard(firm, "pause", lambda: _close_open(firm, owner))


def _close_open(firm: Firm, owner: str | None) -> RunReport:
    with working(firm, "pause") as work:
        if scope_of(firm, work.ledger).mode == "shadow":
            msg = "goodword is in shadow mode here: it writes nothing, so it closes no task."
            raise PlanError(msg, hint="Leave out --close-open.")
        require_writable(scope_of(firm, work.ledger), None)
        return write(work, "", _closing(work, owner), [], kind="pause")


def _closing(work: Work, owner: str | None) -> Sequence[CloseTask]:
    """Return the asks to close; a pilot closes those of its own people only."""
    firm = work.firm
    tables = completed(firm, refresh(work), work.ledger)
    scope = canonical_scope(scope_of(firm, work.ledger), tables, firm)
    asking, account = firm.book.asking, work.connector.account
    return [
        CloseTask(
            key=action_key(account, str(task["contact_id"]), "close_task", f"{key}:withdrawn"),
            task_key=key,
            contact_id=str(task["contact_id"]),
            state="withdrawn",
            reason=REASON,
        )
        for key, task in rows_by(firm, tables["asks"], "task_key").items()
        if task["state"] == "open"
        and not task["edited"]
        and task["play"] in asking
        and owner in (None, task["owner_id"])
        and scope.holds(str(task["contact_id"]), task["owner_id"])
    ]
