"""The line above the task list: what came of asking since the first task, as the report counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from goodword import came_of
from goodword_csv.rows.first_seen import FirstSeen
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.reading import Called
from goodword_csv.tasks.task_answers import ask_rows
from goodword_csv.tasks.task_sheet import WRITTEN, TaskRow
from goodword_csv.values.dates import parse_dates
from goodword_csv.values.plain import Cell

HOW_TO = (
    "Tick Done and choose an Outcome when a task is through; who was named goes into Name given,"
    " only the name. Notes are yours: add columns at the right."
)
_ASK, _THANK = "ask", "thank_you"
_ASK_NOBODY = {_THANK, "fast_lane", "recover", "warm_up", "quiet"}
"""Plays as the tasks name them; a play of a plugin asked when somebody said yes to it."""
_OURS = re.compile(
    r"Since \d{1,2} [A-Z][a-z]+ \d{4}: [\d,]+ asked, [\d,]+ yes, [\d,]+ referred, [\d,]+ won"
    r" · [\d,]+ thank-yous? owed(?:, [\d,]+ lapsed)?"
)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day on which a list is written, and the referrals known by then.

    Attributes:
        today: That day.
        referrals: Rows of the table, whoever sent and was sent.
        people: The contacts they name, by id.
        day_first: How dates in the list are read, see `parse_dates`.
    """

    today: date
    referrals: Sequence[Mapping[str, object]] = ()
    people: Mapping[str, Called] = field(default_factory=dict)
    day_first: bool | None = None


def headline(rows: Sequence[TaskRow], as_of: AsOf) -> str:
    """Count what was asked, answered and referred since the first task was written.

    Args:
        rows: The tasks as they will stand.
        as_of: The day, which counts as the first where no task says its own.
    """
    written = [day for day in days([row.cells.get(WRITTEN, "") for row in rows]) if day]
    since = min(written, default=as_of.today)
    seen, unheard = FirstSeen({}, as_of.today), Notices()
    asks = list(ask_rows(rows, seen, unheard, "", day_first=as_of.day_first))
    told = came_of(
        [{**ask, "asking": _asks(ask)} for ask in asks],
        [{**row, "called": _called(row, as_of.people)} for row in as_of.referrals],
        since,
        as_of.today,
        _midnight,
    )
    lapsed = f", {told.lapsed:,} lapsed" if told.lapsed else ""
    return (
        f"Since {since.day} {since:%B %Y}: {told.asked:,} asked, {told.yes:,} yes,"
        f" {told.referred:,} referred, {told.won:,} won"
        f" · {told.owed:,} thank-you{'' if told.owed == 1 else 's'} owed{lapsed}"
    )


def is_headline(text: str) -> bool:
    """Say whether a line is still the one we wrote; a person may have put their own there."""
    return _OURS.fullmatch(text) is not None


def days(column: Sequence[Cell]) -> list[date | None]:
    """Read a column of dates of ours, whatever a spreadsheet program made of them."""
    values = parse_dates(list(enumerate(column))).values
    return [None if value is None else value.date() for value in values]


def _asks(ask: Mapping[str, object]) -> bool:
    play = ask["play"]
    return play == _ASK or (ask["outcome"] == "yes" and play not in _ASK_NOBODY)


def _called(referral: Mapping[str, object], people: Mapping[str, Called]) -> str | None:
    one = people.get(str(referral["referred_id"]))
    return one.name if one is not None else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)
