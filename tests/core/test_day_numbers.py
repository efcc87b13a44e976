"""Days since a moment, counted alike on every engine, over leap years and centuries."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from goodword.engines import open_engine
from goodword.expressions import Expr, compile_expr, fact

DAY = date(2026, 11, 20)
MOMENTS = [
    *(datetime(1899, 12, 31, 23, 59) + timedelta(days=97 * n, hours=n % 24) for n in range(700)),
    *(
        datetime(year, month, 28) + timedelta(days=n)
        for year in (1900, 2000, 2024, 2100)
        for month in (2, 12)
        for n in range(5)
    ),
    datetime(2026, 10, 25, 0, 30),
]


@pytest.mark.parametrize(
    "name",
    [
        "polars",
        pytest.param("duckdb", marks=pytest.mark.duckdb),
        pytest.param("spark", marks=pytest.mark.spark),
    ],
)
def test_days_since_are_calendar_days(name: str, tmp_path: Path) -> None:
    engine = open_engine(name, spill=tmp_path)
    rows = [{"n": number, "at": at} for number, at in enumerate(MOMENTS)]
    frame = engine.rows([*rows, {"n": -1}], {"n": "int", "at": "time"})
    days = compile_expr(Expr("days_since", (fact("at"),)), DAY)
    found = dict(engine.collect(frame.select("n", days.alias("days"))).rows())

    assert found == {-1: None} | {
        number: (DAY - at.date()).days for number, at in enumerate(MOMENTS)
    }
