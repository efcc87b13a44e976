"""A large invented firm: its mirror on disk, and what deciding for all of it takes, by piece."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from figures import Reading

if TYPE_CHECKING:
    from goodword.situation import Situation

T = TypeVar("T")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PER_MEBIBYTE = 1024.0 * 1024.0 if sys.platform == "darwin" else 1024.0
"""Units of the system's peak memory in a mebibyte."""


def write_mirror(folder: Path, contacts: int) -> None:
    """Write the mirror of an invented firm of *contacts* people, as a pull leaves it."""
    from invented_firm import tables

    from goodword.connector import Cursor
    from goodword.engines import open_engine
    from goodword.mirror import Mirror

    intake = Mirror(folder / ".goodword" / "mirror", open_engine("polars"), {}).intake()
    for table, rows in tables(contacts):
        intake.whole(table)
        intake.put(table, rows)
    intake.commit(Cursor(), NOW)


def measure_in_this_process(folder: Path) -> list[Reading]:
    """Decide and plan for the firm in *folder*, and return what each piece took."""
    readings: list[Reading] = []

    def timed(what: str, work: Callable[[], T]) -> T:
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        readings.append(Reading(f"{what}, wall", "s", time.perf_counter() - wall))
        readings.append(Reading(f"{what}, CPU", "s", time.process_time() - cpu))
        return result

    began = time.perf_counter(), time.process_time()
    situation = timed("starting: imports, plugins, rules", lambda: _situation(folder))
    from goodword.decide import decide
    from goodword.facts import build_facts
    from goodword.plan import PlanHead, make_plan
    from goodword.standing import add_scores, add_stage

    s = situation
    book, engine = s.book, s.engine
    facts = timed(
        "facts",
        lambda: build_facts(s.tables, book.facts, book.fact_sources, s.extra, s.as_of, engine),
    )
    staged = timed("stages", lambda: engine.materialise(add_stage(facts, book.stages, s.as_of)))
    scored = timed(
        "scores and segments",
        lambda: engine.materialise(
            add_scores(
                staged,
                s.voices.score(s.tables, staged, s.as_of),
                s.tables["own_fields"],
                s.policy.champions.segments_from,
            )
        ),
    )
    frame = timed("rules", lambda: engine.materialise(decide(scored, book, s.as_of)))
    wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    readings += [Reading("decided, wall", "s", wall), Reading("decided, CPU", "s", cpu)]
    head = PlanHead(NOW, 1, "", "", {}, ())
    made = timed("plan: budget, words, tags", lambda: make_plan(situation, frame, head))
    if made.contacts == 0 or not made.actions:
        sys.exit("The large firm gave an empty plan; nothing was measured.")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / PER_MEBIBYTE
    return [*readings, Reading("peak memory", "MiB", peak)]


def _situation(folder: Path) -> Situation:
    from goodword.connector import Capability
    from goodword.firm import Firm
    from goodword.gather import completed, situation_of
    from goodword.ledger import Ledger
    from goodword.own_fields import FIELDS
    from goodword.plugins import load_plugins
    from goodword.settings import Settings
    from goodword.situation import Host

    firm = Firm(folder, today=NOW.date())
    firm.settings = Settings()
    firm.plugins = load_plugins((), firm.settings.policy, {}, {})
    snapshot = firm.mirror.load()
    if snapshot is None:
        sys.exit("There is no mirror to decide from.")
    ledger = Ledger(firm.state.ledger)
    tables = completed(firm, snapshot, ledger)
    host = Host("bench", frozenset(Capability), frozenset(FIELDS))
    return situation_of(firm, snapshot, tables, host, ledger)
