"""Actions and whole runs for the tests of the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from goodword import CreateTask, LogActivity, SetFields, WriteResult
from goodword.ledger import Ledger
from goodword.model import Action, LinkReferral, UpdateTask

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def task(
    key: str, contact: str = "c1", name: str = "Ada Brook", owner: str | None = "o1"
) -> CreateTask:
    return CreateTask(
        key=key,
        contact_id=contact,
        contact_name=name,
        owner_id=owner,
        play="ask",
        cycle=f"survey {key}",
        due=date(2026, 11, 24),
        subject=f"Call {name}",
        body="",
        because=("rated us 9/10",),
        rank=1,
        asks=True,
        rule="promoter",
    )


def fields(key: str, contact: str = "c1", score: int = 4, before: int | None = None) -> SetFields:
    return SetFields(key=key, contact_id=contact, values={"score": score}, before={"score": before})


def note(key: str, contact: str = "c1") -> LogActivity:
    return LogActivity(
        key=key,
        contact_id=contact,
        owner_id=None,
        activity="thank_you",
        at=TODAY,
        subject="Thank-you",
        body="",
    )


def link(key: str, contact: str = "c1", referred: str = "c9") -> LinkReferral:
    return LinkReferral(key=key, contact_id=contact, referred_id=referred, at=TODAY)


def move(key: str, task_key: str, before: str | None, after: str | None) -> UpdateTask:
    return UpdateTask(
        key=key, task_key=task_key, contact_id="c1", owner_id=after, before={"owner_id": before}
    )


def written(ledger: Ledger, run: str, *actions: Action, ok: bool = True, later: int = 0) -> None:
    """One run that wrote *actions*, *later* minutes after the first."""
    now = NOW + timedelta(minutes=later)
    ledger.start(run, "apply", f"plan of {run}", now, "rules", {"goodword": "0.2.0"}, "live")
    ledger.intend(run, actions, now)
    results = [(a, WriteResult(a.key, ok=ok, remote_id=f"remote {a.key}")) for a in actions]
    ledger.settle(run, f"plan of {run}", results, now)
    ledger.finish(run, now)
