"""Dates: a closed list of formats, and one order of day and month a column."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword_csv.values.dates import parse_dates
from goodword_csv.values.plain import Cell


def column(*cells: Cell) -> list[tuple[int, Cell]]:
    return list(enumerate(cells, start=2))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024-03-12", datetime(2024, 3, 12)),
        ("2024-03-12 09:14", datetime(2024, 3, 12, 9, 14)),
        ("2024-03-12T09:14:00Z", datetime(2024, 3, 12, 9, 14)),
        ("2024-03-12T09:14:00.250+02:00", datetime(2024, 3, 12, 7, 14, 0, 250000)),
        ("2026-09-03 10:15:00 -0400", datetime(2026, 9, 3, 14, 15)),
        ("2026/05/28 7:01:33 PM GMT+2", datetime(2026, 5, 28, 17, 1, 33)),
        ("3/15/2024 2:30 PM", datetime(2024, 3, 15, 14, 30)),
        ("3/15/2024 12:05 AM", datetime(2024, 3, 15, 0, 5)),
        ("31.12.2024", datetime(2024, 12, 31)),
        ("03.04.2024", datetime(2024, 4, 3)),
        ("12/31/99", datetime(1999, 12, 31)),
        ("20240312", datetime(2024, 3, 12)),
        ("09 Oct 2024", datetime(2024, 10, 9)),
        ("15-Jan-24", datetime(2024, 1, 15)),
        ("Mar 5, 2024", datetime(2024, 3, 5)),
        ("Mar 5,2024", datetime(2024, 3, 5)),
        ("1st March 2024", datetime(2024, 3, 1)),
        ("12. März 2024", datetime(2024, 3, 12)),
        ("1er août 2024", datetime(2024, 8, 1)),
        ("12 de marzo de 2024", datetime(2024, 3, 12)),
        ("3 mei 2024", datetime(2024, 5, 3)),
        ("Wednesday, September 30, 2026 01:46 PM GMT-05:00", datetime(2026, 9, 30, 18, 46)),
        ("Mon 12 Mar 2024 10:00 EST", datetime(2024, 3, 12, 15)),
        ("45631", datetime(2024, 12, 5)),
        ("45384.34789351852", datetime(2024, 4, 2, 8, 20, 58)),
        (45631, datetime(2024, 12, 5)),
        (45631.5, datetime(2024, 12, 5, 12)),
        (date(2024, 1, 2), datetime(2024, 1, 2)),
        (datetime(2024, 1, 2, 3, 4), datetime(2024, 1, 2, 3, 4)),
    ],
)
def test_dates_we_know(cell: Cell, expected: datetime) -> None:
    assert parse_dates(column(cell)).values == (expected,)


@pytest.mark.parametrize(
    "cell",
    [
        *("May", "04/12", "2999", "Pat", "Q1 2024", "2024", "--03-07", "30/02/2024", "2024-13-01"),
        *(
            "31/12/2024 24:00",
            "31/12/2024 13:00 PM",
            "12 Foo 2024",
            "Foo 12 Mar 2024",
            "0000-00-00",
        ),
        *("12/13/14/15", "1/2", "19999", "60001", "12 Mar 2024 XYZ", "2024-03-12 10:00 +25:00"),
        *("1024-01-01", True, time(9, 30), "tomorrow", "13/13/2024"),
    ],
)
def test_what_is_no_date_is_reported_and_never_guessed(cell: Cell) -> None:
    dates = parse_dates(column(cell), day_first=True)
    assert dates.values == (None,)
    assert [(problem.line, problem.what) for problem in dates.problems] == [
        (2, "not a date we know")
    ]


@pytest.mark.parametrize("cell", ["", "  ", "-", "n/a", "N/A", "None"])
def test_an_empty_cell_is_no_problem(cell: str) -> None:
    dates = parse_dates(column(cell))
    assert (dates.values, dates.problems) == ((None,), ())


def test_one_value_above_twelve_settles_the_column() -> None:
    dates = parse_dates(column("03/04/2024", "13/04/2024"), day_first=False)
    assert dates.values == (datetime(2024, 4, 3), datetime(2024, 4, 13))
    assert (dates.day_first, dates.ambiguous) == (True, False)


@pytest.mark.parametrize(
    ("day_first", "expected"), [(True, datetime(2024, 4, 3)), (False, datetime(2024, 3, 4))]
)
def test_the_settings_decide_where_the_column_does_not(day_first: bool, expected: datetime) -> None:
    dates = parse_dates(column("03/04/2024"), day_first=day_first)
    assert dates.values == (expected,)
    assert dates.ambiguous
    assert dates.day_first is None


def test_without_settings_an_ambiguous_date_stays_unread() -> None:
    dates = parse_dates(column("03/04/2024", "05/05/2024"))
    assert dates.values == (None, datetime(2024, 5, 5))
    assert dates.ambiguous
    assert [problem.line for problem in dates.problems] == [2]


def test_a_column_that_contradicts_itself_is_not_settled_by_settings_either() -> None:
    dates = parse_dates(column("13/04/2024", "04/13/2024", "03/04/2024"), day_first=True)
    assert dates.values == (datetime(2024, 4, 13), datetime(2024, 4, 13), None)
    assert dates.ambiguous


def test_a_problem_says_nothing_about_the_cell() -> None:
    dates = parse_dates(column("Nora's birthday"))
    assert "Nora" not in dates.problems[0].what


MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2068, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
STYLES = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%d-%m-%y %H:%M:%S",
    "%d %B %Y %H:%M:%S",
    "%b %d, %Y %I:%M:%S %p",
    "%A, %B %d, %Y %I:%M:%S %p GMT",
    "%Y/%m/%d %I:%M:%S %p",
]


@given(st.lists(MOMENTS, min_size=1, max_size=8), st.sampled_from(STYLES))
def test_dates_written_in_one_style_come_back(moments: list[datetime], style: str) -> None:
    cells = [moment.strftime(style) for moment in moments]
    assert parse_dates(column(*cells), day_first=True).values == tuple(moments)


@given(st.lists(MOMENTS, min_size=1, max_size=8))
def test_month_first_dates_come_back(moments: list[datetime]) -> None:
    cells = [f"{m.month}/{m.day}/{m.year} {m:%I:%M:%S %p}" for m in moments]
    assert parse_dates(column(*cells), day_first=False).values == tuple(moments)


@given(st.text(max_size=20))
def test_no_text_breaks_the_reader(text: str) -> None:
    dates = parse_dates(column(text), day_first=True)
    assert len(dates.values) == 1
