"""What the ledger hands out: writes, outstanding tasks, runs and lines of history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from goodword.model import Action


@dataclass(frozen=True, slots=True)
class Entry:
    """One write: its action, its state (intent, done, failed, undone, struck) and the host's id."""

    action: Action
    run_id: str
    state: str
    remote_id: str
    at: datetime
    missing_since: date | None


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A task we wrote that the host did not show yet, or (since a day) shows no more.

    ``last`` is how it stood when the host last showed it: ``state, outcome, outcome_at,
    outcome_name, done_at`` as text, as far as they were known.
    """

    key: str
    contact_id: str
    owner_id: str | None
    play: str
    cycle: str
    due: date
    remote_id: str
    at: datetime
    missing_since: date | None
    last: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as the ledger remembers it; *writes* are those that stand today."""

    run_id: str
    plan_id: str
    kind: str
    started_at: datetime
    finished_at: datetime | None
    writes: int
    mode: str = ""
    result: str = ""
    """running, done, stopped or failed; a run that was killed stays running."""
    error: str = ""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One line of history: who changed what, when, under which plan and versions."""

    at: datetime
    os_user: str
    run_id: str
    plan_id: str
    versions: Mapping[str, str]
    key: str
    kind: str
    contact_id: str
    rule: str
    change: str
    result: str


def moment_text(moment: datetime) -> str:
    """Return *moment* as the ledger keeps it, in UTC, so that texts sort as times do."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat()
