"""Moments: milliseconds inside, and the two ways the host takes and writes them."""

from __future__ import annotations

from datetime import UTC, datetime

DAY = 86_400_000
"""Milliseconds of a day."""


def as_stamp(moment: int) -> str:
    """Write *moment* (milliseconds since 1970, UTC) as the host does, such as …T18:03:09.120Z."""
    return f"{as_datetime(moment):%Y-%m-%dT%H:%M:%S}.{moment % 1000:03d}Z"


def as_day(moment: int) -> str:
    """Write the day of *moment*, UTC."""
    return f"{as_datetime(moment):%Y-%m-%d}"


def as_datetime(moment: int) -> datetime:
    """Return *moment* as an aware time, without the milliseconds."""
    return datetime.fromtimestamp(moment // 1000, tz=UTC)


def milliseconds(text: str) -> int:
    """Read *text*: milliseconds since 1970, or an ISO date or time; without a zone it is UTC.

    Raises:
        ValueError: It is neither.
    """
    if text.lstrip("-").isdigit():
        return int(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)
