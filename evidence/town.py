"""An invented town: customers whose joys, troubles and readiness to refer are known to its maker.

Everything a customer does by themselves is drawn once, week by week, before anybody is asked, so
every policy meets the same people on the same days. What is planted follows publications as far as
they go (three in ten refer at all, four in ten of their asks succeed, half of those sent would not
have come anyway); moods, troubles, how fast a good moment fades and how asks tire are our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from goodword.clv.arrays import Flags, Floats

START = date(2026, 1, 5)
WEEKS = 104
"""The first half is for learning, with random asks; the second half is scored."""
REFERRERS = 0.30
SUCCESS = 0.40
UNHAPPY = -0.8
"""Mood below which nobody would refer: about a fifth of all customers at any time."""
HALF_LIFE = 4.0
"""Weeks in which a good moment fades by half."""
BACKGROUND = 0.25
"""What is left of readiness when no good moment is in sight."""
TIRED = 0.5
"""What is left of readiness after each ask without an answer within a year."""
NULL_CHANCE = 0.10

Event = tuple[int, date]
"""Number of a customer, and the day."""


@dataclass(frozen=True, slots=True)
class Planted:
    """What the maker of a town decides.

    ``together``: correlation of readiness to refer with what a customer spends. ``null``: everybody
    refers alike, whatever the moment, the mood or the number of asks before.
    """

    customers: int
    together: float = 0.0
    null: bool = False


@dataclass(frozen=True, slots=True)
class Ticket:
    """One trouble: who, from when to when, how bad, and whether it ended well."""

    who: int
    opened: date
    closed: date
    complaint: bool
    positive: bool


@dataclass(frozen=True, slots=True)
class Town:
    """The people and what happens to them; arrays of shape (customers,) or (customers, weeks)."""

    planted: Planted
    readiness: Floats
    since: NDArray[np.int64]
    mood: Floats
    joy: Floats
    purchases: tuple[tuple[int, date, int], ...]
    milestones: tuple[Event, ...]
    calls: tuple[Event, ...]
    gifts: tuple[Event, ...]
    scores: tuple[tuple[int, date, int], ...]
    tickets: tuple[Ticket, ...]
    unasked: tuple[Event, ...]

    def unhappy(self, week: int) -> Flags:
        """Return who would not put in a good word in this week, whatever shows."""
        return np.asarray(self.mood[:, week] < UNHAPPY)

    def chance(self, week: int, unanswered: NDArray[np.int64]) -> Floats:
        """Return the chance that an ask in this week brings a referral, for everybody."""
        if self.planted.null:
            return np.full(self.readiness.shape, NULL_CHANCE)
        mood = 1.0 / (1.0 + np.exp(-2.0 * (self.mood[:, week] + 0.5)))
        happy = np.where(self.unhappy(week), 0.0, mood)
        moment = BACKGROUND + (1.0 - BACKGROUND) * self.joy[:, week]
        return np.asarray(self.readiness * happy * moment * TIRED**unanswered)


def day_of(week: int, plus: int = 0) -> date:
    """Return the Monday of a week of the town, or a day after it."""
    return START + timedelta(days=7 * week + plus)


def midnight(day: date) -> datetime:
    """Return the first moment of a day."""
    return datetime(day.year, day.month, day.day)


def build(planted: Planted, seed: int) -> Town:
    """Draw a town."""
    draw = np.random.default_rng(seed)
    n = planted.customers
    spending = draw.standard_normal(n)
    other = draw.standard_normal(n)
    rho = planted.together
    lean = rho * spending + np.sqrt(1.0 - rho * rho) * other
    refers = lean >= np.quantile(lean, 1.0 - REFERRERS)
    readiness = np.where(refers, draw.uniform(SUCCESS / 2, SUCCESS * 1.5, n), 0.0)
    if planted.null:
        readiness = np.full(n, NULL_CHANCE)
    since = draw.integers(-104, 60, n)
    troubles = _troubles(draw, n)
    mood = _mood(draw, n, troubles)
    purchases = _purchases(draw, spending, since)
    milestones = _events(draw, since, 1.5 / 52)
    scores = _scores(draw, mood, since)
    return Town(
        planted=planted,
        readiness=readiness,
        since=since,
        mood=mood,
        joy=_joy(n, purchases, milestones, scores),
        purchases=purchases,
        milestones=milestones,
        calls=_events(draw, since, 1 / 6),
        gifts=_events(draw, since, 1 / 12),
        scores=scores,
        tickets=_tickets(draw, troubles, since),
        unasked=_unasked(draw, readiness, since),
    )


def _troubles(draw: np.random.Generator, n: int) -> NDArray[np.bool_]:
    """Draw in which weeks something goes wrong: about every other year each."""
    return np.asarray(draw.random((n, WEEKS)) < 0.01)


def _mood(draw: np.random.Generator, n: int, troubles: NDArray[np.bool_]) -> Floats:
    """Draw moods: they drift around each one's own level, and fall where something goes wrong."""
    level = 0.4 + 0.7 * draw.standard_normal(n)
    mood = np.empty((n, WEEKS))
    at = level + 0.5 * draw.standard_normal(n)
    for week in range(WEEKS):
        at = level + 0.93 * (at - level) + 0.2 * draw.standard_normal(n)
        at = at - 1.5 * troubles[:, week]
        mood[:, week] = at
    return mood


def _purchases(
    draw: np.random.Generator, spending: Floats, since: NDArray[np.int64]
) -> tuple[tuple[int, date, int], ...]:
    """Draw purchases, in cents: the first when one becomes a customer, then every few months."""
    found: list[tuple[int, date, int]] = []
    rate = 0.045 * np.exp(0.5 * spending)
    size = 40_000 * np.exp(0.5 * spending)
    for who in range(spending.size):
        week = float(since[who])
        while week < WEEKS:
            cents = int(size[who] * np.exp(0.4 * draw.standard_normal())) + 100
            found.append((who, START + timedelta(days=int(week * 7)), cents))
            week += max(0.5, float(draw.exponential(1.0 / rate[who])))
    return tuple(found)


def _events(draw: np.random.Generator, since: NDArray[np.int64], rate: float) -> tuple[Event, ...]:
    """Draw what happens to customers so often a week: milestones, calls."""
    happens = draw.random((since.size, WEEKS)) < rate
    return tuple(
        (int(who), day_of(int(week), 1))
        for who, week in zip(*np.nonzero(happens), strict=True)
        if week > since[who]
    )


def _scores(
    draw: np.random.Generator, mood: Floats, since: NDArray[np.int64]
) -> tuple[tuple[int, date, int], ...]:
    """Draw answers to a survey each quarter: three in ten answer, more or less what they feel."""
    found: list[tuple[int, date, int]] = []
    for who in range(since.size):
        for week in range(int(who) % 13, WEEKS, 13):
            if week > since[who] and draw.random() < 0.30:
                heard = 7.6 + 1.9 * mood[who, week] + 0.9 * draw.standard_normal()
                found.append((who, day_of(week, -1), int(np.clip(round(heard), 0, 10))))
    return tuple(found)


def _tickets(
    draw: np.random.Generator, troubles: NDArray[np.bool_], since: NDArray[np.int64]
) -> tuple[Ticket, ...]:
    """Draw what the firm hears of the troubles: three in four, solved after one to four weeks."""
    found: list[Ticket] = []
    for who, week in zip(*np.nonzero(troubles), strict=True):
        if week > since[who] and draw.random() < 0.75:
            opened = day_of(int(week), -2)
            closed = opened + timedelta(days=int(draw.integers(5, 29)))
            found.append(Ticket(int(who), opened, closed, draw.random() < 0.4, draw.random() < 0.5))
    return tuple(found)


def _unasked(
    draw: np.random.Generator, readiness: Floats, since: NDArray[np.int64]
) -> tuple[Event, ...]:
    """Draw who refers without being asked: one in five of the ready in a year, as ready as they."""
    happens = draw.random((since.size, WEEKS)) < 0.5 * readiness[:, None] / 52
    return tuple(
        (int(who), day_of(int(week), 3))
        for who, week in zip(*np.nonzero(happens), strict=True)
        if week > since[who]
    )


def _joy(
    n: int,
    purchases: tuple[tuple[int, date, int], ...],
    milestones: tuple[Event, ...],
    scores: tuple[tuple[int, date, int], ...],
) -> Floats:
    """Return how fresh the latest good moment is, from 1 on its day to 0; (customers, weeks)."""
    fresh = np.zeros((n, WEEKS))
    happened = [(who, day) for who, day, _ in purchases]
    happened += milestones
    happened += [(who, day) for who, day, score in scores if score >= 9]
    for who, day in happened:
        week = -((START - day).days // 7)
        if 0 <= week < WEEKS:
            fresh[who, week] = 1.0
    fade = 0.5 ** (1.0 / HALF_LIFE)
    for week in range(1, WEEKS):
        fresh[:, week] = np.maximum(fresh[:, week], fade * fresh[:, week - 1])
    return fresh
