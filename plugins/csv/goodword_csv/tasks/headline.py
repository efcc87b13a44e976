"""The line above the task list: what came of asking since the first task."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from goodword_csv.tasks.task_sheet import PLAY, WRITTEN, TaskRow
from goodword_csv.values.dates import parse_dates
from goodword_csv.values.plain import Cell

HOW_TO = (
    "Tick Done and choose an Outcome when a task is through; who was named goes into Name given."
    " Notes are yours: add columns at the right."
)
_ASK, _THANK = "ask", "thank_you"
_ASK_NOBODY = {_THANK, "fast_lane", "recover", "warm_up", "quiet"}
"""Plays as the tasks name them; a play of a plugin asked when somebody said yes to it."""
_OURS = re.compile(
    r"Since \d{1,2} [A-Z][a-z]+ \d{4}: [\d,]+ asked, [\d,]+ yes, [\d,]+ referred, [\d,]+ won"
    r" · [\d,]+ thank-yous? owed"
)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day on which a list is written, and the referrals known by then."""

    today: date
    referrals: Sequence[Mapping[str, object]] = ()


def headline(rows: Sequence[TaskRow], as_of: AsOf) -> str:
    """Count what was asked, answered and referred since the first task was written.

    Args:
        rows: The tasks as they will stand.
        as_of: The day, which counts as the first where no task says its own.
    """
    written = [day for day in days([row.cells.get(WRITTEN, "") for row in rows]) if day]
    since = min(written, default=as_of.today)
    rows = list({row.key: row for row in reversed(rows)}.values())  # of a copied row the first
    done = [row for row in rows if row.state == "done"]
    asked = [row for row in done if _asked(row)]
    yes = sum(row.outcome == "yes" for row in asked)
    referred = [row for row in as_of.referrals if _is_since(since, row.get("at"))]
    won = [
        row
        for row in as_of.referrals
        if row.get("status") == "won" and _is_since(since, row.get("won_at") or row.get("at"))
    ]
    owed = sum(row.text(PLAY) == _THANK and row.state == "open" for row in rows)
    return (
        f"Since {since.day} {since:%B %Y}: {len(asked):,} asked, {yes:,} yes,"
        f" {len(referred):,} referred, {len(won):,} won"
        f" · {owed:,} thank-you{'' if owed == 1 else 's'} owed"
    )


def is_headline(text: str) -> bool:
    """Say whether a line is still the one we wrote; a person may have put their own there."""
    return _OURS.fullmatch(text) is not None


def days(column: Sequence[Cell]) -> list[date | None]:
    """Read a column of dates of ours, whatever a spreadsheet program made of them."""
    values = parse_dates(list(enumerate(column))).values
    return [None if value is None else value.date() for value in values]


def _asked(row: TaskRow) -> bool:
    play = row.text(PLAY)
    return play == _ASK or (row.outcome == "yes" and play not in _ASK_NOBODY)


def _is_since(since: date, at: object) -> bool:
    return isinstance(at, datetime) and at.date() >= since
