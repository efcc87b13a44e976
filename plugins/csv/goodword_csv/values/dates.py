"""One column of dates: a closed list of formats, and day or month first decided once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from goodword_csv.values.months import MONTHS, WEEKDAYS, ZONES
from goodword_csv.values.plain import Cell, Column, Distinct, Problem, text_of

SERIALS = (20_000, 60_000)
"""Excel day numbers taken for dates: October 1954 to April 2064."""

YEARS = (1900, 2100)
"""A year outside is a typing error, not a date."""

_EPOCH = datetime(1899, 12, 30)  # day 0 of Excel
_LAST_MONTH = 12
_NOON = 12
_PIVOT = 69  # two-digit years: POSIX reads 69 to 99 as 19xx, 00 to 68 as 20xx
_LONGEST_OFFSET = timedelta(hours=14)
_EITHER_WAY = "day and month could be either way round"

_TIME = (
    r"(?:[T\s,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?(?:\s*uhr)?"
    r"(?:\s*(?P<zone>z|(?:utc|gmt)?\s*[+-]\d{1,2}(?::?\d{2})?|[a-z]{2,4}))?(?:\s*\([\w\s]+\))?)?"
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _TIME, re.IGNORECASE)
_WEEKDAY = r"(?:(?P<weekday>[^\W\d_]+)\.?,?\s+)?"
_DAY_MONTH = re.compile(
    _WEEKDAY + r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?[\s\-/]*(?:de\s+)?(?P<month>[^\W\d_]+)"
    r"[.,]?[\s\-/]*(?:de\s+)?(?P<year>\d{4}|'?\d{2})" + _TIME,
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    _WEEKDAY + r"(?P<month>[^\W\d_]+)\.?[\s\-]+(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,\s*|[\s\-]+)"
    r"(?P<year>\d{4})" + _TIME,
    re.IGNORECASE,
)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class Dates:
    """A column of UTC-naive times; a date without a clock time is that date at midnight.

    Attributes:
        values: One time a cell, None where it is empty or could not be read.
        problems: Cells that hold something, but no date we can be sure of.
        day_first: What the column itself settles; None when it holds no evidence, or both.
        ambiguous: Some cell reads both ways and nothing in the column settles it.
    """

    values: tuple[datetime | None, ...]
    problems: tuple[Problem, ...]
    day_first: bool | None
    ambiguous: bool


class _Parts(NamedTuple):
    """A numeric date whose order is not known yet."""

    one: int
    two: int
    year: int
    clock: timedelta
    dotted: bool

    @property
    def open(self) -> bool:
        """True when both orders give a date, and not the same one."""
        return self.one != self.two and max(self.one, self.two) <= _LAST_MONTH

    def read(self, *, day_first: bool) -> datetime | None:
        """The time in the given order, or None when there is no such date."""
        day, month = (self.one, self.two) if day_first else (self.two, self.one)
        return _moment(self.year, month, day, self.clock)


def parse_dates(column: Column, *, day_first: bool | None = None) -> Dates:
    """Read a column of dates; one value above 12 settles the order for all of it.

    Args:
        column: The cells.
        day_first: The settings' word for a column that does not settle it: 03/04 is 3 April
            when True, 4 March when False; when None such cells stay unread and are reported.
    """
    cells = Distinct(column)
    parsed = cells.read(_parse)
    numeric = {parts for parts in parsed.values() if isinstance(parts, _Parts)}
    settled, contradictory = _order(numeric)
    order = settled if settled is not None else (None if contradictory else day_first)
    either_way = {parts for parts in numeric if parts.open} if settled is None else set()
    known = {
        key: _read(found, order, is_open=found in either_way)
        if isinstance(found, _Parts)
        else found
        for key, found in parsed.items()
    }

    def what(cell: Cell) -> str:
        return _EITHER_WAY if _parse(cell) in either_way else "not a date we know"

    problems = cells.unread(known, what)
    return Dates(tuple(cells.spread(known)), problems, settled, bool(either_way))


def _read(parts: _Parts, order: bool | None, *, is_open: bool) -> datetime | None:
    """The time of a numeric date, None when its order stays open."""
    if is_open:
        return None if order is None else parts.read(day_first=order)
    return parts.read(day_first=_sure_order(parts, order))


def _sure_order(parts: _Parts, order: bool | None) -> bool:
    """The order of one cell: its own when only one is possible, the column's otherwise."""
    if parts.open:
        return bool(order)
    return parts.one > _LAST_MONTH or parts.one == parts.two


def _order(numeric: Collection[_Parts]) -> tuple[bool | None, bool]:
    """Settle day or month first for a column; also say whether it contradicts itself.

    Dates with dots (12.04.2024) are day first wherever people write them.
    """
    votes = Counter(
        parts.one > _LAST_MONTH
        for parts in numeric
        if (parts.one > _LAST_MONTH) != (parts.two > _LAST_MONTH)
    )
    if len(votes) > 1:
        return None, True
    if votes:
        return next(iter(votes)), False
    if numeric and all(parts.dotted for parts in numeric):
        return True, False
    return None, False


def _parse(cell: Cell) -> datetime | _Parts | None:
    if isinstance(cell, datetime):
        return _within(cell.replace(tzinfo=None) - (cell.utcoffset() or timedelta()))
    if isinstance(cell, date):
        return _within(datetime(cell.year, cell.month, cell.day))
    if isinstance(cell, bool | time | timedelta):
        return None
    text = text_of(cell)
    if _SERIAL.fullmatch(text):
        return _serial(float(text.replace(",", ".")))
    if match := _COMPACT.fullmatch(text):
        return _moment(int(match[1]), int(match[2]), int(match[3]), timedelta())
    return next((found for found in _textual(text) if found is not None), None)


def _textual(text: str) -> Iterator[datetime | _Parts | None]:
    """Try each written format in turn; at most one of them can match."""
    if match := _YEAR_FIRST.fullmatch(text):
        clock = _clock(match)
        if clock is not None:
            yield _moment(int(match[1]), int(match[3]), int(match[4]), clock)
    elif match := _NUMERIC.fullmatch(text):
        clock = _clock(match)
        if clock is not None:
            year = _full_year(match[4])
            yield _valid(_Parts(int(match[1]), int(match[3]), year, clock, match[2] == "."))
    elif match := _DAY_MONTH.fullmatch(text) or _MONTH_DAY.fullmatch(text):
        clock = _clock(match)
        month = MONTHS.get(match["month"].lower())
        weekday = match["weekday"]
        if clock is not None and month and (not weekday or weekday.lower() in WEEKDAYS):
            yield _moment(_full_year(match["year"]), month, int(match["day"]), clock)


def _valid(parts: _Parts) -> _Parts | None:
    either = parts.read(day_first=True) or parts.read(day_first=False)
    return parts if either else None


def _full_year(text: str) -> int:
    year = int(text.lstrip("'"))
    if year > 99:
        return year
    return year + (1900 if year >= _PIVOT else 2000)


def _serial(days: float) -> datetime | None:
    low, high = SERIALS
    if not low <= days <= high:
        return None
    milliseconds = round(days * 86_400_000)  # Excel keeps times to the millisecond
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _clock(match: re.Match[str]) -> timedelta | None:
    """Time of day minus its offset from UTC; zero without one, None when impossible."""
    if match["hour"] is None:
        return timedelta()
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if match["half"]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if match["half"].lower() == "p" else 0)
    try:
        time(hour, minute, second)
    except ValueError:
        return None
    micro = int((match["part"] or "").ljust(6, "0")[:6])
    offset = _offset(match["zone"])
    if offset is None:
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro) - offset


def _offset(zone: str | None) -> timedelta | None:
    """Offset of a written zone from UTC; None for a zone we do not know."""
    if zone is None:
        return timedelta()
    if zone.upper() in ZONES:
        return timedelta(hours=ZONES[zone.upper()])
    match = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", zone)
    if match is None:
        return None
    size = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if size > _LONGEST_OFFSET:
        return None
    return -size if match[1] == "-" else size


def _moment(year: int, month: int, day: int, clock: timedelta) -> datetime | None:
    try:
        return _within(datetime(year, month, day) + clock)
    except (ValueError, OverflowError):
        return None


def _within(moment: datetime) -> datetime | None:
    return moment if YEARS[0] <= moment.year <= YEARS[1] else None
