"""The table the page begins with: every aim, what was measured, and whether it is reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from figures import Figure, Large, Measured, spread
from one_side import LITTLE, OURS

GB = 1024 * 1024 / 1e9
"""Gigabytes in a mebibyte."""


@dataclass(frozen=True, slots=True)
class Line:
    """One aim: its limit and the median that is held against it; None where none is set."""

    what: str
    aim: str
    measured: str
    value: float | None = None
    limit: float | None = None


def summary(measured: Measured) -> str:
    """Return the table; the largest firm with rivals is the one held against its aims."""
    large = [firm for _, firm in sorted(measured.large.items())]
    beside = [firm for firm in large if LITTLE in firm.ratios]
    lines: list[Line] = []
    if measured.small is not None:
        help_, sample = measured.small.help, measured.small.sample
        lines.append(_time("`goodword --help`, no engine loaded", "at most 0.3 s", help_, 0.3))
        lines.append(_time("a plan for sixty customers", "at most 2 s", sample, 2.0))
    for firm in beside[-1:]:
        lines += _of_the_large(firm)
    lines += [line for pair in pairwise(beside) for line in _growth(*pair)]
    for firm in large:
        if firm not in beside:
            lines.append(_whole(f"{firm.contacts:,} contacts", "complete", firm.sides[OURS]))
    for contacts, pulled in sorted(measured.pulled.items()):
        lines += _of_a_pull(contacts, pulled.sides)
    table = ["| | aim | measured | |", "| --- | --- | --- | --- |"]
    table += [f"| {x.what} | {x.aim} | {x.measured} | {_said(x)} |" for x in lines]
    return "\n".join(["## Aims\n", *table, ""])


def _of_the_large(firm: Large) -> Iterator[Line]:
    people = f"{firm.contacts:,} contacts"
    for side, name, limit, aim in (
        ("sql", "hand-written SQL", 1.5, "at most 1.5"),
        ("pandas", "a pandas script", 0.25, "at most 1/4"),
    ):
        found = firm.ratios[side]["wall"]
        yield Line(
            f"{people}: time as a multiple of {name}", aim, spread(found, 2), found.median, limit
        )
    memory = _named(firm.sides[OURS], "whole process, peak memory")
    used = memory.median * GB
    yield Line(f"{people}: peak memory", "at most 1.2 GB", f"{used:.2f} GB", used, 1.2)
    scoring = _named(firm.sides["scoring"], "scoring, wall")
    yield Line(f"{people}: scoring", "at most 10 s", f"{spread(scoring)} s", scoring.median, 10.0)
    yield _whole(f"{people}: the plan", "", firm.sides[OURS])
    yield _whole(f"{people}: reading and writing only", "", firm.sides["floor"])
    yield _whole(f"{people}: DuckDB within 1 GB", "complete", firm.sides[LITTLE])


def _growth(less: Large, more: Large) -> Iterator[Line]:
    """Return how time grows; the aim is for ten times the people."""
    people = f"from {less.contacts:,} to {more.contacts:,} contacts"
    tenfold = more.contacts == 10 * less.contacts
    for what in ("wall", "CPU"):
        times = [_named(firm.sides[OURS], f"whole process, {what}").median for firm in (less, more)]
        grown = times[1] / times[0]
        aim, limit = ("at most 12 times", 12.0) if tenfold else ("", None)
        yield Line(f"{people}: {what}", aim, f"{grown:.1f} times", grown, limit)


def _of_a_pull(contacts: int, sides: Mapping[str, Sequence[Figure]]) -> Iterator[Line]:
    memory = _named(sides["pull"], "whole process, peak memory")
    used = memory.highest * GB * 1000
    yield Line(
        f"pulling {contacts:,} contacts: peak memory", "at most 300 MB", f"{used:.0f} MB", used, 300
    )
    yield _time(f"merging 1,000 into {contacts:,}", "seconds", sides["merge"], None)


def _time(what: str, aim: str, figures: Sequence[Figure], limit: float | None) -> Line:
    wall = next(f for f in figures if f.what.endswith(", wall"))
    return Line(what, aim, f"{spread(wall)} s", wall.median, limit)


def _whole(what: str, aim: str, figures: Sequence[Figure]) -> Line:
    wall, memory = (_named(figures, f"whole process, {part}") for part in ("wall", "peak memory"))
    return Line(what, aim, f"{spread(wall)} s, {memory.median * GB:.2f} GB")


def _named(figures: Sequence[Figure], what: str) -> Figure:
    return next(f for f in figures if f.what == what)


def _said(line: Line) -> str:
    if line.limit is None or line.value is None:
        return ""
    return "reached" if line.value <= line.limit else "not reached"
