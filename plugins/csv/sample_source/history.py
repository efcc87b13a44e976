"""The everyday past of the sample firm: sales and service visits nobody needs to read closely.

A fixed seed makes it, so that every run gives the same rows. Everyday sales end in June 2026 and
everyday visits in early October: what happens this week comes from the tables written by hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from harbour_heating import CUSTOMERS, QUIET, SALES, rows

SEED = 20261120
FIRST_CHANGE = date(2026, 6, 15)  # from here on, only hand-written sales

HOUSEHOLD_JOBS = (
    ("Boiler service", 95, 130),
    ("Leak repair", 80, 290),
    ("Radiator replacement", 240, 720),
    ("Annual cover plan", 180, 180),
    ("Power flush", 430, 520),
    ("New tap", 70, 160),
)
COMPANY_JOBS = (
    ("Commercial service", 320, 880),
    ("Landlord gas checks", 150, 1050),
    ("Call-out", 140, 360),
    ("Water heater", 900, 2300),
)
FIRST_JOBS = (("New boiler", 2250, 3600), ("Bathroom refit", 3800, 6900))


class Sale(NamedTuple):
    """One line of the sales sheet."""

    day: date
    customer: str
    pounds: float
    what: str
    status: str


def weekday(day: date) -> date:
    """Move a day at the weekend to the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def sales() -> dict[str, Sale]:
    """Every sale of the firm by invoice number, oldest first."""
    numbered: dict[str, Sale] = {}
    counts: dict[int, int] = defaultdict(int)
    for sale in sorted(_sales(), key=lambda sale: (sale.day, sale.customer)):
        counts[sale.day.year] += 1
        numbered[f"INV-{sale.day:%y}{counts[sale.day.year]:03}"] = sale
    return numbered


def _sales() -> list[Sale]:
    chance = Random(SEED)  # noqa: S311 - invented sales are no secret
    written = [
        Sale(date.fromisoformat(day), number, float(amount), what, status)
        for number, day, amount, what, status in rows(SALES)
    ]
    made: list[Sale] = []
    for number, _, _, _, company, *_, since, _ in rows(CUSTOMERS):
        if not since or date.fromisoformat(since) >= FIRST_CHANGE:
            continue
        first = date.fromisoformat(since)
        start = COMPANY_JOBS if company else (*FIRST_JOBS, *HOUSEHOLD_JOBS)
        made.append(_sale(chance, weekday(first), number, start))
        if number == "C-1047":
            continue
        jobs = COMPANY_JOBS if company else HOUSEHOLD_JOBS
        last = date(2025, 6, 30) if number in QUIET else FIRST_CHANGE
        day = first + timedelta(days=chance.randrange(60, 320))
        while day < last:
            made.append(_sale(chance, weekday(day), number, jobs))
            shortest, longest = (60, 200) if company else (110, 420)
            day += timedelta(days=chance.randrange(shortest, longest))
    return made + written


def _sale(chance: Random, day: date, number: str, jobs: Sequence[tuple[str, int, int]]) -> Sale:
    what, cheapest, dearest = chance.choice(jobs)
    pounds = chance.randrange(cheapest, dearest + 1)
    return Sale(day, number, pounds + chance.choice((0, 0, 0, 0.5)), what, "Paid")


def visits() -> list[tuple[date, str, str, str]]:
    """Everyday service visits: date, customer number, type, who went; newest first."""
    chance = Random(SEED + 1)  # noqa: S311 - invented visits are no secret
    made = []
    for number, *_, manager, _, since, _ in rows(CUSTOMERS):
        if not since or not manager or date.fromisoformat(since) >= FIRST_CHANGE:
            continue
        for year in range(int(since[:4]) + 1, 2027):
            day = weekday(date(year, 8, 3) + timedelta(days=chance.randrange(0, 60)))
            kind = chance.choice(("Service visit", "Service visit", "Call", "Meeting"))
            seen = number not in QUIET and number not in {"C-1014", "C-1015"}
            if year < 2026 or seen:
                made.append((day, number, kind, manager))
    return sorted(made, key=lambda visit: (visit[0], visit[1]), reverse=True)
