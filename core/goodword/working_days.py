"""Working days: when a task is due, and when an open one has expired."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

SATURDAY = 5


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Return whether reps work on *day* (Monday to Friday, no listed holiday)."""
    return day.weekday() < SATURDAY and day not in holidays


def add_working_days(start: date, days: int, holidays: Collection[date]) -> date:
    """Return the day *days* working days after *start*; 0 gives *start* or the next working day."""
    day = start
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=1)
        while not is_working_day(day, holidays):
            day += timedelta(days=1)
    return day


def period_of(day: date, every: str) -> str:
    """Return the ISO period *day* lies in, which is the cycle of a recurring play.

    Args:
        day: Any day.
        every: week (2026-W47), month (2026-11), quarter (2026-Q4) or year (2026).
    """
    if every == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    if every == "month":
        return f"{day.year}-{day.month:02d}"
    if every == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return str(day.year)
