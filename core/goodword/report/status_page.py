"""The page of ``status``: what needs a person first, then how things stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from goodword.report.layout import GAP, heading, lines, page, table
from goodword.report.phrases import counted, unlock_line

if TYPE_CHECKING:
    from goodword.looking import Status

WAYS_OUT = {
    "The last run failed": "Put that right, then: goodword plan",
    "The last run stopped": "Read it with goodword plan, then: goodword apply",
    "The last run wrote a part": "goodword plan plans again what is missing.",
    "The last run never ended": "Run it again: goodword plan",
    "is missing since": "Bring it back, or name it under [brakes] allow_blind in goodword.toml.",
    "more than a week old": "goodword schedule prints the entry; goodword pull reads it now.",
}
"""What to do, by a part of each sentence that can stand in a status."""
ELSE = "goodword doctor says more."
HOURS_SHOWN = 48
"""Age of the data up to which it is told in hours."""


def status_page(told: Status, now: datetime) -> Group:
    """Return the page of *told* at *now*, UTC."""
    return page(_parts(told, now))


def _parts(told: Status, now: datetime) -> Iterator[RenderableType]:
    if told.unhealthy:
        yield heading("Something needs you")
        for sentence in told.unhealthy:
            yield lines([sentence, f"→ {_way_out(sentence)}"])
    else:
        yield Text("All is well." if told.pulled_at else "Nothing was pulled yet: goodword plan")
    yield GAP
    mode = f"{told.mode}, {told.scope}" if told.scope else told.mode
    rows = [
        ("mode", mode),
        ("paused", " ".join(told.paused) or "no"),
        ("account", told.account or "not fixed yet"),
        ("writes since", told.started or "nothing was written yet"),
        ("last run", told.last_run),
        ("last success", _moment(told.last_success)),
        ("data", _age(told.pulled_at, now)),
        ("open tasks", f"{told.open_tasks:,}, {told.overdue:,} of them overdue"),
        ("refused", f"{counted(told.failures, 'write')} in the last run"),
    ]
    yield table(rows, whole=(0,))
    if told.cannot_check:
        yield from (GAP, heading("Cannot check", "the data is not there"))
        yield lines([", ".join(told.cannot_check)])
    if told.unlocks:
        yield from (GAP, heading("What would help"), lines(map(unlock_line, told.unlocks)))


def _way_out(sentence: str) -> str:
    return next((way for part, way in WAYS_OUT.items() if part in sentence), ELSE)


def _moment(moment: datetime | None) -> str:
    return "none yet" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def _age(pulled: datetime | None, now: datetime) -> str:
    if pulled is None:
        return "none yet"
    hours = max(0, int((now - pulled).total_seconds() // 3600))
    age = counted(hours, "hour") if hours <= HOURS_SHOWN else counted(hours // 24, "day")
    return f"{age} old, read {_moment(pulled)}"
