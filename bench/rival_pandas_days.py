"""The days the pandas script reckons with."""

from __future__ import annotations

import pandas as pd  # type: ignore[import-untyped]  # it ships no types

TODAY = pd.Timestamp("2026-11-20")
END = pd.Timestamp("2026-11-21")
HEARD = pd.Timestamp("2026-11-22")
"""News until the evening of the day; reasons not to ask a day longer."""
DAYS = {n: pd.Timedelta(days=n) for n in (1, 14, 30, 60, 90, 180, 365)}
Tables = dict[str, pd.DataFrame]


def day(times: pd.Series) -> pd.Series:
    """Return the day of each instant, as its midnight."""
    return times.dt.floor("D")
