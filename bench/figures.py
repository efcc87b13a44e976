"""What is measured: single readings, and what several repetitions make of them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of one repetition."""

    what: str
    unit: str
    value: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure over all repetitions."""

    what: str
    unit: str
    lowest: float
    median: float
    highest: float


@dataclass(frozen=True, slots=True)
class Large:
    """What was measured of one large firm.

    ``sides`` holds the figures of each side; ``ratios`` how many times as long as a side the
    product took, by side and then by kind of time; ``shares`` where the time of its plan went.
    """

    contacts: int
    taken: str
    sides: Mapping[str, Sequence[Figure]]
    ratios: Mapping[str, Mapping[str, Figure]]
    shares: Sequence[Reading]


@dataclass(frozen=True, slots=True)
class Pulled:
    """What was measured of a pull of so many contacts: figures of ``pull`` and ``merge``."""

    contacts: int
    taken: str
    sides: Mapping[str, Sequence[Figure]]


@dataclass(frozen=True, slots=True)
class Small:
    """What was measured of starting up: figures of ``help`` and of a plan for the ``sample``."""

    taken: str
    help: Sequence[Figure]
    sample: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything measured so far; ``taken`` says of each when, on what and how often."""

    small: Small | None = None
    large: Mapping[int, Large] = field(default_factory=dict)
    pulled: Mapping[int, Pulled] = field(default_factory=dict)


def figure(what: str, unit: str, values: Sequence[float]) -> Figure:
    """Return one figure of all its values."""
    return Figure(what, unit, min(values), statistics.median(values), max(values))


def repeated(times: int, once: Callable[[], list[Reading]]) -> list[Figure]:
    """Return the figures of *once* over several repetitions, after one that does not count."""
    once()
    readings = [once() for _ in range(times)]
    return [
        figure(first.what, first.unit, [reading[number].value for reading in readings])
        for number, first in enumerate(readings[0])
    ]


def spread(figure: Figure, digits: int | None = None) -> str:
    """Return lowest, median and highest as the page shows them; one value alone as itself."""
    digits = (2 if figure.unit == "s" else 0) if digits is None else digits
    low, middle, high = (
        f"{value:,.{digits}f}" for value in (figure.lowest, figure.median, figure.highest)
    )
    return f"**{middle}**" if low == high else f"{low} · **{middle}** · {high}"
