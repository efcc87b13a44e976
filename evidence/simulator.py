"""Six ways to choose whom to ask, in the same invented town; two of them are goodword's own rules.

``both`` and ``timing only`` are what ``goodword plan`` does: a firm with a ``goodword.toml``, the
bundled rules, facts, scores, decisions and budget, run each week on what the CRM shows. ``timing
only`` has the weights of the score switched off in that file. ``score only`` asks those whom the
same score puts first, whatever the day. The other three know nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from host_of_town import SHOWN, Host
from life import Life, Tally
from town import WEEKS, Planted, Town, build, day_of

from goodword.connector import Capability
from goodword.firm import Firm
from goodword.gather import voices_of
from goodword.model import CreateTask
from goodword.plan import PlanHead, make_plan
from goodword.situation import Host as HostSide
from goodword.situation import Situation, decided
from goodword.table_set import TableSet

if TYPE_CHECKING:
    from goodword.tables import Frame

POLICIES = ("everyone", "random", "top spenders", "score only", "timing only", "both")
LEARNING = WEEKS // 2
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
    f'[[ask.weight]]\nname = "{name}"\nenabled = false\n'
    for name in ("likely", "unscored", "worth", "was_referred")
)


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
            tables=TableSet(self.host.tables(day, life.asks, life.referrals), firm.engine.share),
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
