"""The purchases of a music shop (CDNOW, 1997-98) that published models are checked against.

They lie in a wheel that is fetched with its hash and read as a zip file; nothing of it is imported.
Times are days; amounts are cents.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from goodword.clv.arrays import Floats

HERE = "lifetimes/datasets/"
SPLIT = date(1997, 9, 30)
"""Last day of the 39 weeks that models are fitted to; 39 weeks follow."""
END = date(1998, 6, 30)


class NoDataError(Exception):
    """The wheel with the data is not there."""


def wheel(folder: Path | None = None) -> Path:
    """Return the wheel that holds the data.

    Raises:
        NoDataError: It was not fetched.
    """
    place = folder or Path(sys.prefix) / "evidence"
    found = sorted(place.glob("*ifetimes-*.whl"))
    if not found:
        msg = f"No data in {place}. Fetch it: make evidence-data"
        raise NoDataError(msg)
    return found[0]


@dataclass(frozen=True, slots=True)
class Summary:
    """The sample of 2,357 customers as published: times in weeks, mean of repeat purchases."""

    x: Floats
    recency: Floats
    age: Floats
    mean: Floats


def summary(path: Path | None = None) -> Summary:
    """Return the published summary of the sample; mean amounts in dollars."""
    name = f"{HERE}cdnow_customers_summary_with_transactions.csv"
    with ZipFile(path or wheel()) as archive, archive.open(name) as raw:
        rows = list(csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8")))
    x, recency, age, mean = (
        np.array([float(row[column]) for row in rows]) for column in ("x", "t_x", "T", "zbar")
    )
    return Summary(x, recency, age, mean)


@dataclass(frozen=True, slots=True)
class Purchases:
    """Every purchase of all customers: who, on which day (ordinal), for how many cents."""

    customer: Floats
    day: Floats
    cents: Floats


def purchases(path: Path | None = None) -> Purchases:
    """Return every purchase of all 23,570 customers, in the order of the file."""
    with ZipFile(path or wheel()) as archive, archive.open(f"{HERE}CDNOW_master.txt") as raw:
        rows = np.array(list(_lines(io.TextIOWrapper(raw, encoding="utf-8"))))
    return Purchases(rows[:, 0], rows[:, 1], rows[:, 2])


def _lines(text: io.TextIOWrapper) -> Iterator[tuple[float, float, float]]:
    for line in text:
        words = line.split()
        if len(words) == 4 and words[1].isdigit():
            day = date(int(words[1][:4]), int(words[1][4:6]), int(words[1][6:]))
            yield float(words[0]), float(day.toordinal()), round(float(words[3]) * 100.0)
