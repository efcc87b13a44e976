"""Moments and days as the API writes them; texts of one form sort like the moments they name."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

DAY = 86_400
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)")


def as_moment(seconds: float) -> str:
    """Return seconds since 1970 as the API writes a moment."""
    return _written(datetime.fromtimestamp(seconds, tz=UTC))


def kept_moment(text: str) -> str:
    """Return a moment with a zone in the one form that is kept; empty when it is none."""
    if not _MOMENT.fullmatch(text):
        return ""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return ""
    return _written(moment.astimezone(UTC))


def kept_day(text: str) -> str:
    """Return a day such as 2026-11-20; empty when it is none."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def as_day(seconds: float) -> str:
    """Return the day (UTC) of seconds since 1970."""
    return as_moment(seconds)[:10]


def days_before(day: str, days: int) -> str:
    """Return the day that lies *days* before *day*."""
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+0000"
