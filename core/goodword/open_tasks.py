"""The life of our open tasks: expired, withdrawn, moved to another rep; and thanks that were given.

Only tasks a rep has not touched are changed. A task whose words were edited is left alone, also
when a suppressor arises; ``why`` then says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from goodword.model import CloseTask, LogActivity, UpdateTask, action_key

if TYPE_CHECKING:
    from goodword.budget import Team
    from goodword.decisions import Decisions
    from goodword.shortlist import Known

THANK_YOU = "thank_you"
"""Play whose completed task is written down as an activity that really happened."""
GIVEN = frozenset({None, "", "yes", "unhappy"})
"""Outcomes of a completed thank-you that say the person was reached."""


def closing(
    open_tasks: Iterable[Mapping[str, Any]],
    holding: Mapping[str, Sequence[str]],
    asking: Collection[str],
    as_of: date,
    expire_days: int,
    account: str,
) -> list[CloseTask]:
    """Return the open, untouched tasks to close: withdrawn by a suppressor, or long overdue.

    Args:
        open_tasks: Rows of ``asks`` in state open.
        holding: The suppressors that withdraw and hold, by contact, in the order of the rules.
        asking: Plays whose tasks ask for a referral.
        as_of: Day of the run.
        expire_days: Days overdue after which a task expires.
        account: Host account, part of each key.
    """
    closed: list[CloseTask] = []
    for task in open_tasks:
        if task["edited"]:
            continue
        contact = str(task["contact_id"])
        reason = next(iter(holding.get(contact, ())), "") if task["play"] in asking else ""
        due = task["due_at"]
        expired = due is not None and _day(due) + timedelta(days=expire_days) <= as_of
        if reason or expired:
            state: Literal["withdrawn", "expired"] = "withdrawn" if reason else "expired"
            key = action_key(account, contact, "close_task", f"{task['task_key']}:{state}")
            closed.append(
                CloseTask(
                    key=key,
                    task_key=str(task["task_key"]),
                    contact_id=contact,
                    state=state,
                    reason=reason or "overdue",
                )
            )
    return closed


def moving(
    open_tasks: Iterable[Mapping[str, Any]],
    decisions: Decisions,
    team: Team,
    given: Mapping[str, str | None],
    account: str,
) -> list[UpdateTask]:
    """Return the open, untouched tasks whose contact has another rep now.

    A task a rep handed to a colleague stays there: it is no longer with whom we gave it to.

    Args:
        open_tasks: Rows of ``asks`` in state open.
        decisions: Facts by contact.
        team: Who can be given tasks.
        given: Whom we last gave each task to, by task key, as far as the ledger knows.
        account: Host account, part of each key.
    """
    moved: list[UpdateTask] = []
    for task in open_tasks:
        contact = str(task["contact_id"])
        handed_on = task["owner_id"] != given.get(task["task_key"], task["owner_id"])
        if task["edited"] or handed_on or contact not in decisions:
            continue
        owner = team.assignee(decisions.owner(contact), decisions.account(contact))
        if owner is not None and owner != task["owner_id"]:
            key = action_key(account, contact, "update_task", f"{task['task_key']}:{owner}")
            moved.append(
                UpdateTask(
                    key=key,
                    task_key=str(task["task_key"]),
                    contact_id=contact,
                    owner_id=owner,
                    before={"owner_id": task["owner_id"]},
                )
            )
    return moved


def thanks_given(
    done_tasks: Iterable[Mapping[str, Any]], account: str, known: Known
) -> list[LogActivity]:
    """Return an activity for each thank-you task a rep completed; none is written before that."""
    given = {
        action_key(account, str(task["task_key"]), "log_activity", THANK_YOU): task
        for task in done_tasks
        if task["play"] == THANK_YOU and task["outcome"] in GIVEN and task["done_at"] is not None
    }
    logged = known(given)
    return [
        LogActivity(
            key=key,
            contact_id=str(task["contact_id"]),
            owner_id=task["owner_id"],
            activity=THANK_YOU,
            at=_day(task["done_at"]),
            subject="Thank-you for a referral",
            body=f"Given by the rep who completed the task{_by(task.get('channel'))}.",
            channel=str(task.get("channel") or ""),
        )
        for key, task in given.items()
        if key not in logged
    ]


def _by(channel: object) -> str:
    return f", by {channel}" if channel else ""


def _day(value: datetime) -> date:
    return value.date()
