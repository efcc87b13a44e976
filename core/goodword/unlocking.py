"""What would help: which missing data would open a moment, or show a stage, for how many.

A rule is *in the dark* when what it reads is in no table of the host, or in none of its rows. Our
own tables do not count: they fill by themselves once goodword works.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from goodword.decide import flagged
from goodword.expressions import reads
from goodword.model import Unlock
from goodword.tables import TABLES

if TYPE_CHECKING:
    from datetime import date

    from goodword.engines import Engine
    from goodword.expressions import Expr
    from goodword.rulebook import Rulebook
    from goodword.rules import Fact
    from goodword.tables import Frame

SHOWN = 5
"""Most lines shown: a person acts on the first ones only."""
OURS = frozenset({"asks", "own_fields"})
"""Tables that hold only what goodword wrote."""
LEAD = "lead"
"""Status of contacts who have not bought: nobody asks them for a good word."""


@dataclass(frozen=True, slots=True)
class _Dark:
    """A fact nobody has, the first of its tables that could bring it, and what it is about."""

    name: str
    table: str
    about: str


def unlocks(
    frame: Frame,
    book: Rulebook,
    available: frozenset[str],
    wishes: Mapping[str, str],
    engine: Engine,
    as_of: date,
) -> tuple[Unlock, ...]:
    """Return what would help most, first; at most ``SHOWN``, each wish once.

    A wish that several facts share is granted once any of them is there. A moment counts the
    contacts who have none open now and whom no hard rule holds back; a stage counts those who
    stand below it. Both are upper bounds: nobody knows what the data will say.

    Args:
        frame: The decided facts, one row a contact.
        book: The rules they were decided under.
        available: Tables the host delivered.
        wishes: What to ask for in the host's own words, by fact; else the table is named.
        engine: Where they are counted.
        as_of: Day of the decisions.
    """
    unknown = _unknown(frame, book.facts, engine)
    dark = {one.name: one for one in _in_the_dark(unknown, book.facts, available)}
    seen = (fact.name for fact in book.facts if fact.fill is None and fact.name not in unknown)
    granted = {wishes.get(name, "") for name in seen}
    best: dict[str, tuple[tuple[int, int, int, str], Unlock]] = {}
    for order, unlock in (
        *_moments(frame, book, dark, wishes, engine, as_of),
        *_stages(frame, book, dark, wishes, engine),
    ):
        found = best.get(unlock.wish)
        if unlock.number and unlock.wish not in granted and (found is None or order < found[0]):
            best[unlock.wish] = (order, unlock)
    return tuple(unlock for _, unlock in sorted(best.values(), key=lambda one: one[0])[:SHOWN])


def _in_the_dark(
    unknown: frozenset[str], facts: Iterable[Fact], available: frozenset[str]
) -> Iterator[_Dark]:
    """Yield the facts nobody has: their tables are missing, or no row tells them."""
    for fact in facts:
        tables = [table for table in fact.reads if table not in OURS]
        missing = [table for table in tables if table not in available]
        if tables and len(missing) == len(tables):
            about = _within(TABLES[missing[0]].doc.partition(":")[0])
            yield _Dark(fact.name, missing[0], f"data on {about}")
        elif tables and fact.name in unknown:
            yield _Dark(fact.name, tables[0], f"data such as “{_within(fact.doc)}”")


def _unknown(frame: Frame, facts: Iterable[Fact], engine: Engine) -> frozenset[str]:
    """Return the facts no contact has; one that is filled in is always known."""
    import narwhals.stable.v2 as nw

    names = [fact.name for fact in facts if fact.fill is None]
    if not names:
        return frozenset()
    found = engine.collect(frame.select(nw.col(name).count() for name in names)).row(0)
    return frozenset(name for name, number in zip(names, found, strict=True) if not number)


def _moments(
    frame: Frame,
    book: Rulebook,
    dark: Mapping[str, _Dark],
    wishes: Mapping[str, str],
    engine: Engine,
    as_of: date,
) -> Iterator[tuple[tuple[int, int, int, str], Unlock]]:
    if not any(_first(dark, t.since, t.record, t.when) for t in book.triggers):
        return
    number = _free(frame, book, engine, as_of)
    for trigger in book.triggers:
        fact = _first(dark, trigger.since, trigger.record, trigger.when)
        if fact is not None:
            unlock = _unlock(fact, "moment", number, wishes)
            yield (-number, 0, -trigger.points, trigger.name), unlock


def _stages(
    frame: Frame,
    book: Rulebook,
    dark: Mapping[str, _Dark],
    wishes: Mapping[str, str],
    engine: Engine,
) -> Iterator[tuple[tuple[int, int, int, str], Unlock]]:
    """Yield the stages that no rule can show, because all of theirs are in the dark."""
    rank = {stage: place for place, stage in enumerate(book.stages.stages)}
    import narwhals.stable.v2 as nw

    counted = frame.group_by("stage").agg(nw.len())
    there = {str(stage): int(number) for stage, number in engine.collect(counted).rows()}
    lit = {rule.stage for rule in book.stages.rules if _first(dark, rule.when) is None}
    for rule in book.stages.rules:
        fact = _first(dark, rule.when)
        if fact is not None and rule.stage not in lit:
            below = (number for stage, number in there.items() if rank[stage] < rank[rule.stage])
            number = sum(below)
            unlock = _unlock(fact, "stage", number, wishes)
            yield (-number, 1, -rank[rule.stage], rule.name), unlock


def _free(frame: Frame, book: Rulebook, engine: Engine, as_of: date) -> int:
    """Count the customers without an open moment whom no hard rule holds back."""
    import narwhals.stable.v2 as nw

    firm = [rule for rule in book.suppressors if rule.hard or rule.verdict == "never"]
    taken = [~nw.col(":chosen").is_null()] if book.triggers else []
    taken += [nw.col(f"fails:{rule.name}") for rule in firm]
    frame = flagged(frame, firm, as_of)
    if "status" in frame.collect_schema():
        taken.append((nw.col("status") == LEAD).fill_null(value=False))
    if taken:
        frame = frame.filter(~nw.any_horizontal(*taken, ignore_nulls=True))
    return int(engine.collect(frame.select(nw.len())).row(0)[0])


def _first(dark: Mapping[str, _Dark], *parts: Expr | None) -> _Dark | None:
    """Return the first fact in the dark that one of *parts* reads."""
    named = (name for part in parts if part is not None for name in sorted(reads(part)))
    return next((dark[name] for name in named if name in dark), None)


def _unlock(
    fact: _Dark, opens: Literal["moment", "stage"], number: int, wishes: Mapping[str, str]
) -> Unlock:
    wish = wishes.get(fact.name) or fact.about
    return Unlock(fact=fact.name, table=fact.table, opens=opens, number=number, wish=wish)


def _within(doc: str) -> str:
    """Return a sentence as it stands within another."""
    return doc[:1].lower() + doc[1:].rstrip(".")
