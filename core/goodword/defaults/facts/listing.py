"""One line a fact: how the topics of this folder declare what they offer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from goodword import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeAlias

    import narwhals.stable.v2 as nw

    Frame: TypeAlias = nw.LazyFrame[Any]
    Tables: TypeAlias = Mapping[str, Frame]
    Build: TypeAlias = Callable[[Tables, date], Frame]

UNITS = {"_cents": "cents", "_days": "days"}
"""Units that the end of a name gives away."""


def listed(
    build: Build, reads: str, lines: str, fill: int | bool | str | None = None
) -> list[Fact]:
    """Return the facts of *lines*, each ``name type doc``.

    Args:
        build: Callable that returns ``contact_id`` and every column of *lines*.
        reads: Tables any of which is enough to know the facts; without all of them they are
            unknown.
        lines: One fact a line.
        fill: Value of these facts for contacts without a row.
    """
    facts = []
    for line in lines.strip().splitlines():
        name, kind, doc = line.split(maxsplit=2)
        unit = next((unit for end, unit in UNITS.items() if name.endswith(end)), "")
        if kind not in {"text", "int", "bool", "time"}:
            msg = f"fact {name!r} has no type {kind!r}"
            raise ValueError(msg)
        facts.append(Fact(name, kind, doc, build, tuple(reads.split()), fill, unit))  # type: ignore[arg-type]  # checked above
    return facts


def start_of(as_of: date) -> datetime:
    """Return the first instant of the day of the run (UTC-naive)."""
    return datetime(as_of.year, as_of.month, as_of.day)


def days_ago(column: str, as_of: date) -> nw.Expr:
    """Return whole days from *column* to the day of the run; below 0 for a date to come.

    Written in years and days, because Spark has no length of a difference of times.
    """
    import narwhals.stable.v2 as nw

    past = nw.col(column).dt.year().cast(nw.Int64) - 1
    leap = past // 4 - past // 100 + past // 400
    day = past * 365 + leap + nw.col(column).dt.ordinal_day().cast(nw.Int64)
    return (nw.lit(as_of.toordinal()).cast(nw.Int64) - day).cast(nw.Int64)


def end_of(as_of: date) -> datetime:
    """Return the first instant after the day of the run (UTC-naive)."""
    return start_of(as_of) + timedelta(days=1)


def heard_by(as_of: date) -> datetime:
    """Return the first instant whose news is too late to hold back an ask on the day of the run.

    A day later than the run itself: in the evening west of Greenwich a host already writes the
    next day, and a clock may have been set back. What speaks against asking counts all the same.
    """
    return end_of(as_of) + timedelta(days=1)


def count(column: str) -> nw.Expr:
    """Return the sum of a 0/1 column as a whole number (engines widen sums differently)."""
    import narwhals.stable.v2 as nw

    return nw.col(column).sum().cast(nw.Int64)


def one_if(condition: nw.Expr) -> nw.Expr:
    """Return 1 where *condition* holds, else 0 (also where it is unknown)."""
    import narwhals.stable.v2 as nw

    return (
        nw.when(condition.fill_null(value=False))
        .then(nw.lit(1))
        .otherwise(nw.lit(0))
        .cast(nw.Int64)
    )


def joined(tables: Tables, *parts: Frame) -> Frame:
    """Return one row a contact with the columns of all *parts*, each one row a contact."""
    frame = tables["contacts"].select("contact_id")
    for part in parts:
        frame = frame.join(part, on="contact_id", how="left")
    return frame
