"""What is measured: single readings, and what several repetitions make of them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


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
