"""A life in the town: who was asked, what they said, whom they sent, and who is unhappy to see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from host_of_town import Row, name_of
from numpy.typing import NDArray
from town import Town, day_of, midnight

REST_DAYS = 90
"""Nobody is asked again within this time, by whatever policy."""


@dataclass(slots=True)
class Tally:
    """What came of the asks of the scored year."""

    asks: int = 0
    referrals: int = 0
    unhappy: int = 0
    seen_unhappy: int = 0

    @property
    def per_100(self) -> float:
        """Referrals per 100 asks; 0 where nobody was asked."""
        return 100.0 * self.referrals / self.asks if self.asks else 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.asks + other.asks,
            self.referrals + other.referrals,
            self.unhappy + other.unhappy,
            self.seen_unhappy + other.seen_unhappy,
        )


@dataclass
class Life:
    """One policy's two years in a town: what was asked, what came of it, and who is resting."""

    town: Town
    chance: np.random.Generator
    asks: list[Row] = field(default_factory=list)
    referrals: list[Row] = field(default_factory=list)
    asked: list[tuple[int, date, bool]] = field(default_factory=list)
    said_unhappy: dict[int, date] = field(default_factory=dict)
    told: int = 0

    def unanswered(self, day: date) -> NDArray[np.int64]:
        """Count each one's asks of the year before *day* that brought nothing."""
        found = np.zeros(self.town.planted.customers, dtype=np.int64)
        for who, on, good in self.asked:
            if not good and (day - on).days < 365:
                found[who] += 1
        return found

    def resting(self, day: date) -> set[int]:
        """Return who was asked in the last 90 days."""
        return {who for who, on, _ in self.asked if (day - on).days < REST_DAYS}

    def refers_unasked(self, week: int) -> None:
        """Note who referred somebody in the week before, unasked."""
        while self.told < len(self.town.unasked) and self.town.unasked[self.told][1] < day_of(week):
            self._refer(*self.town.unasked[self.told], "unasked")
            self.told += 1

    def ask(self, chosen: Iterable[int], week: int) -> Tally:
        """Ask people, note what they say, and count it."""
        day, tally = day_of(week), Tally()
        chances = self.town.chance(week, self.unanswered(day))
        unhappy = self.town.unhappy(week)
        troubled = seen_unhappy(self.town, day, self.said_unhappy)
        draws = self.chance.random((self.town.planted.customers, 2))
        for who in chosen:
            good = bool(draws[who, 0] < chances[who])
            outcome = "yes" if good else "no" if draws[who, 1] < 0.2 else "no answer"
            if not good and unhappy[who] and draws[who, 1] >= 0.8:
                outcome = "unhappy"
                self.said_unhappy[who] = day
            tally.asks += 1
            tally.referrals += good
            tally.unhappy += bool(unhappy[who])
            tally.seen_unhappy += who in troubled
            self.asked.append((who, day, good))
            self._note(who, day, outcome)
            if good:
                self._refer(who, day, "asked")
        return tally

    def _note(self, who: int, day: date, outcome: str) -> None:
        number = len(self.asks)
        self.asks.append(
            {"task_key": f"k{number}", "contact_id": name_of(who), "play": "ask", "asking": True}
            | {"state": "done", "outcome": outcome, "cycle": f"y{number}"}
            | {"created_at": midnight(day), "due_at": midnight(day), "done_at": midnight(day)}
        )

    def _refer(self, who: int, day: date, how: str) -> None:
        number = len(self.referrals)
        won = self.chance.random() < 0.5
        self.referrals.append(
            {"referral_id": f"r{number}", "referrer_id": name_of(who), "source": how}
            | {"referred_name": f"Friend {number}", "status": "won" if won else "received"}
            | {"at": midnight(day), "won_at": midnight(day) if won else None}
        )


def seen_unhappy(town: Town, day: date, said: dict[int, date]) -> set[int]:
    """Return who is unhappy for everybody to see, in plain words of our own.

    A trouble that is not solved; a complaint, or having said so when asked, in the last 60 days
    with no good sign two weeks or more after it was put right; a score of 0 to 6 in the last 180
    days without a 9 or 10 since. A good sign is a score of 9 or 10, or work done for them again.
    """
    found = {ticket.who for ticket in town.tickets if ticket.opened <= day < ticket.closed}
    latest: dict[int, tuple[date, int]] = {}
    good: dict[int, date] = {}
    for who, on, score in town.scores:
        if on <= day and not 7 <= score <= 8 and on >= latest.get(who, (on, 0))[0]:
            latest[who] = (on, score)
        if on <= day and score >= 9:
            good[who] = max(on, good.get(who, on))
    for who, on, _ in town.purchases:
        if on <= day:
            good[who] = max(on, good.get(who, on))
    cross = [(who, on, on) for who, on in said.items()]
    cross += [(t.who, t.opened, t.closed) for t in town.tickets if t.complaint]
    for who, on, solved in cross:
        calm = good.get(who, date.min) >= solved + timedelta(days=14)
        if 0 <= (day - on).days < 60 and not calm:
            found.add(who)
    low = {w for w, (on, score) in latest.items() if score <= 6 and (day - on).days < 180}
    return found | low
