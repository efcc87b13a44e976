"""Working days: tasks are never due on a weekend or a holiday of the firm."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.working_days import add_working_days, is_working_day, period_of

FRIDAY = date(2026, 11, 20)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
HOLIDAYS = st.sets(st.integers(0, 40).map(lambda n: FRIDAY + timedelta(days=n)), max_size=8)


@pytest.mark.parametrize(
    ("days", "due"),
    [
        (0, date(2026, 11, 20)),
        (1, date(2026, 11, 23)),
        (2, date(2026, 11, 24)),
        (5, date(2026, 11, 27)),
        (6, date(2026, 11, 30)),
    ],
)
@pytest.mark.promise("due.working-days")
def test_a_weekend_is_skipped(days: int, due: date) -> None:
    assert add_working_days(FRIDAY, days, ()) == due


@pytest.mark.promise("due.working-days")
def test_a_holiday_is_skipped() -> None:
    assert add_working_days(FRIDAY, 1, {date(2026, 11, 23)}) == date(2026, 11, 24)
    christmas = {date(2026, 12, 25), date(2026, 12, 28)}
    assert add_working_days(date(2026, 12, 24), 1, christmas) == date(2026, 12, 29)


@pytest.mark.parametrize("start", [date(2026, 11, 21), date(2026, 11, 22)])
def test_from_a_weekend_on_counting_starts_on_monday(start: date) -> None:
    assert add_working_days(start, 0, ()) == date(2026, 11, 23)
    assert add_working_days(start, 1, ()) == date(2026, 11, 24)


@given(st.integers(0, 15), HOLIDAYS)
@pytest.mark.promise("due.working-days")
def test_a_due_date_is_a_working_day_with_that_many_between(days: int, holidays: set[date]) -> None:
    due = add_working_days(FRIDAY, days, holidays)
    assert is_working_day(due, holidays)
    first = add_working_days(FRIDAY, 0, holidays)
    passed = [first + timedelta(days=n) for n in range((due - first).days)]
    assert sum(is_working_day(day, holidays) for day in passed) == days


@pytest.mark.parametrize(
    ("day", "every", "period"),
    [
        (date(2026, 11, 20), "week", "2026-W47"),
        (date(2027, 1, 1), "week", "2026-W53"),
        (date(2026, 11, 20), "month", "2026-11"),
        (date(2026, 3, 31), "quarter", "2026-Q1"),
        (date(2026, 4, 1), "quarter", "2026-Q2"),
        (date(2026, 12, 31), "quarter", "2026-Q4"),
        (date(2026, 11, 20), "year", "2026"),
    ],
)
def test_a_period_is_written_as_people_write_it(day: date, every: str, period: str) -> None:
    assert period_of(day, every) == period


@given(DAYS, st.sampled_from(["week", "month", "quarter", "year"]))
def test_periods_follow_each_other_without_a_gap(day: date, every: str) -> None:
    today, tomorrow = period_of(day, every), period_of(day + timedelta(days=1), every)
    assert today <= tomorrow
