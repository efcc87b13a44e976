"""Six ways to choose whom to ask, in the same invented town; two of them are goodword's own rules.

``both`` and ``timing only`` are what ``goodword plan`` does: a firm with a ``goodword.toml``, the
bundled rules, facts, scores, decisions and budget, run each week on what the CRM shows. ``timing
only`` has the weights of the score switched off in that file. ``score only`` asks those whom the
same score puts first, whatever the day. The other three know nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from host_of_town import SHOWN, Host, name_of
from numpy.typing import NDArray
from town import WEEKS, Planted, Town, build, day_of, midnight

from goodword.connector import Capability
from goodword.firm import Firm
from goodword.gather import voices_of
from goodword.model import CreateTask
from goodword.plan import PlanHead, make_plan
from goodword.situation import Host as HostSide
from goodword.situation import Situation, decided

if TYPE_CHECKING:
    from goodword.tables import Frame

POLICIES = ("everyone", "random", "top spenders", "score only", "timing only", "both")
LEARNING = WEEKS // 2
REST_DAYS = 90
PLAIN = """\
[connector]
name = "memory"
[caps]
rep_open_tasks = {each}
"""
QUIET = "".join(
    f'[[play]]\nname = "{name}"\nenabled = false\n'
    for name in ("fast_lane", "thank_you", "recover", "warm_up", "quiet")
)
"""Only asks are played here; thanks, repairs and greetings are no part of the comparison."""
NO_SCORE = "".join(
    f'[[ask.weight]]\nname = "{name}"\nenabled = false\n' for name in ("likely", "was_referred")
)
Row = dict[str, Any]


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


class Goodword:
    """The real rules on the town's CRM, one plan a week.

    Args:
        folder: The firm's folder, with its ``goodword.toml``.
        host: The town's CRM.
    """

    def __init__(self, folder: Path, host: Host) -> None:
        self.firm = Firm(folder, today=day_of(0), machine="evidence")
        self.host = host
        self.voices = voices_of(self.firm)

    def situation(self, day: date, life: Life) -> Situation:
        """Return what a plan of that day is made from."""
        firm = self.firm
        return Situation(
            tables=self.host.tables(day, life.asks, life.referrals),
            available=SHOWN,
            book=firm.book,
            policy=firm.settings.policy,
            extra={},
            as_of=day,
            today=day,
            host=HostSide("town", frozenset({Capability.TASKS}), frozenset()),
            voices=self.voices,
            engine=firm.engine,
            known=lambda _: frozenset(),
            given=lambda _: {},
        )

    def planned(self, week: int, life: Life) -> list[int]:
        """Return whom this week's plan asks, most urgent first."""
        day = day_of(week)
        situation = self.situation(day, life)
        head = PlanHead(datetime.combine(day, datetime.min.time(), UTC), 1, "", "", {}, ())
        made = make_plan(situation, decided(situation), head)
        tasks = [a for a in made.actions if isinstance(a, CreateTask)]
        return [int(task.contact_id[1:]) for task in sorted(tasks, key=lambda t: t.rank)]

    def best(self, week: int, life: Life) -> list[int]:
        """Return all customers, those first whom the score expects to refer."""
        import narwhals.stable.v2 as nw

        frame: Frame = decided(self.situation(day_of(week), life))
        scored = frame.filter(~nw.col("clv").is_null()).select("contact_id", "p_refer", "crv")
        rows = self.firm.engine.collect(scored).rows()
        rows.sort(key=lambda row: (-int(row[1]) * int(row[2]), row[0]))
        return [int(row[0][1:]) for row in rows]


def first_free(order: Iterable[int], life: Life, day: date, room: int) -> list[int]:
    """Return the first *room* of *order* who are not resting."""
    resting = life.resting(day)
    free = (who for who in order if who not in resting)
    return [who for who, _ in zip(free, range(room), strict=False)]


def shuffled(town: Town, week: int, chance: np.random.Generator) -> list[int]:
    """Return the customers of that week in random order."""
    there = np.nonzero(town.since < week)[0]
    return [int(who) for who in chance.permutation(there)]


def by_spend(town: Town, day: date) -> list[int]:
    """Return the customers of that day, biggest spenders first."""
    spent: dict[int, int] = {}
    for who, on, cents in town.purchases:
        if on <= day:
            spent[who] = spent.get(who, 0) + cents
    return sorted(spent, key=lambda who: (-spent[who], who))


def simulate(
    planted: Planted, seed: int, folder: Path, *, every: int = 1, policies: Iterable[str] = POLICIES
) -> dict[str, Tally]:
    """Live the scored year once under each policy, after the same year of learning.

    Args:
        planted: The town.
        seed: Which one.
        folder: Where the firms' settings are written.
        every: Weeks between two plans; each has the room of as many weeks.
        policies: Those to try.
    """
    town = build(planted, seed)
    reps = max(1, planted.customers // 500)
    room = max(1, round(planted.customers / 100 / reps)) * every
    found = {}
    for number, policy in enumerate(policies):
        life = _learned(town, seed, room * reps, every)
        chance = np.random.default_rng([seed, 7, number])
        life = replace_chance(life, np.random.default_rng([seed, 3]))
        rules = NO_SCORE if policy == "timing only" else ""
        place = folder / policy.replace(" ", "-")
        place.mkdir(parents=True, exist_ok=True)
        text = PLAIN.format(each=room) + QUIET + rules
        (place / "goodword.toml").write_text(text, encoding="utf-8")
        choose = _chooser(policy, town, place, reps, room * reps, chance)
        tally = Tally()
        for week in range(LEARNING, WEEKS, every):
            life.refers_unasked(week)
            tally += life.ask(choose(week, life), week)
        found[policy] = tally
    return found


def replace_chance(life: Life, chance: np.random.Generator) -> Life:
    """Return *life* going on with other luck, the same for every policy."""
    return replace(life, chance=chance)


def _learned(town: Town, seed: int, room: int, every: int) -> Life:
    """Live the first year with random asks, so that there is something to learn from."""
    chance = np.random.default_rng([seed, 1])
    life = Life(town, chance)
    for week in range(0, LEARNING, every):
        life.refers_unasked(week)
        order = shuffled(town, week, chance)
        life.ask(first_free(order, life, day_of(week), room), week)
    return life


def _chooser(
    policy: str, town: Town, folder: Path, reps: int, room: int, chance: np.random.Generator
) -> Callable[[int, Life], list[int]]:
    """Return what a policy does each week."""
    if policy == "everyone":
        return lambda week, life: first_free(
            shuffled(town, week, chance), life, day_of(week), town.planted.customers
        )
    if policy == "random":
        return lambda week, life: first_free(shuffled(town, week, chance), life, day_of(week), room)
    if policy == "top spenders":
        return lambda week, life: first_free(by_spend(town, day_of(week)), life, day_of(week), room)
    host_engine = Firm(folder, today=day_of(0)).engine
    rules = Goodword(folder, Host(town, reps, host_engine))
    if policy == "score only":
        order: dict[int, list[int]] = {}
        return partial(_scored, rules, order, room)
    return rules.planned


def _scored(
    rules: Goodword, order: dict[int, list[int]], room: int, week: int, life: Life
) -> list[int]:
    """Ask those the score puts first; it is worked out anew every four weeks."""
    month = week // 4
    if month not in order:
        order.clear()
        order[month] = rules.best(week, life)
    return first_free(order[month], life, day_of(week), room)
