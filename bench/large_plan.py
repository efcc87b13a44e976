"""A plan for a large firm in this process, piece by piece, and the answers it left on disk."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from figures import Reading

if TYPE_CHECKING:
    import polars as pl

    from goodword.firm import Firm
    from goodword.model import Plan
    from goodword.situation import Situation
    from goodword.tables import Frame

T = TypeVar("T")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
START = date(2026, 1, 1)
"""Since when the invented firm writes with goodword."""
LITTLE = "1GB"
"""Memory that DuckDB may use."""


class Watch(Protocol):
    """What looks on while a piece of the plan is made."""

    def __call__(self, what: str, work: Callable[[], T], /) -> T:
        """Return the result of *work*, called *what*."""
        ...


def plan_in_this_process(folder: Path, engine: str = "polars") -> list[Reading]:
    """Decide and plan for the firm in *folder* from its scores; return what each piece took."""
    readings: list[Reading] = []

    def timed(what: str, work: Callable[[], T]) -> T:
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        readings.append(Reading(f"{what}, wall", "s", time.perf_counter() - wall))
        readings.append(Reading(f"{what}, CPU", "s", time.process_time() - cpu))
        return result

    planned(folder, engine, timed)
    return readings


def planned(folder: Path, engine: str, watched: Watch) -> None:
    """Plan for the firm in *folder* and write the plan, as ``goodword plan`` does, watched."""
    from goodword.gather import head_of
    from goodword.grounds import grounds_of
    from goodword.plan import make_plan
    from goodword.situation import decided

    firm, s = watched(
        "starting: imports, plugins, sums of the mirror", lambda: _opened(folder, engine)
    )
    s = with_scores(s, folder / "scores.parquet")
    frame = watched("facts, stages, segments, rules", lambda: decided(s))
    snapshot = firm.mirror.load()
    if snapshot is None:
        sys.exit("There is no mirror to decide from.")
    head = head_of(firm, snapshot)
    made = watched("plan: budget, words, changed fields", lambda: make_plan(s, frame, head))

    def written() -> None:
        firm.state.prepare()
        firm.state.save_frame(made.plan_id, lambda path: firm.engine.write(frame, path))
        firm.state.save_grounds(made.plan_id, grounds_of(s))
        firm.state.save_plan(made)

    watched("writing plan, facts and grounds", written)
    if made.contacts == 0 or not made.actions:
        sys.exit("The large firm gave an empty plan; nothing was measured.")


def answers_in(folder: Path, answers: Path) -> None:
    """Write the latest plan of the firm in *folder* as the rivals write theirs."""
    import polars as pl

    from goodword.state import State

    state = State(folder)
    made = state.load_plan()
    if made is None:
        sys.exit("No plan was written.")
    leave_answers(made, pl.read_parquet(state.frame_path(made.plan_id)), answers)


def leave_answers(made: Plan, frame: pl.DataFrame, answers: Path) -> None:
    """Write the plan as the rivals write theirs: a table for each kind of action."""
    import polars as pl

    from goodword.own_fields import FIELDS

    answers.mkdir(parents=True, exist_ok=True)
    kinds: dict[str, list[dict[str, object]]] = defaultdict(list)
    for action in made.actions:
        kinds[action.kind].append(action.model_dump(mode="json"))
    fields = [
        {"contact_id": each["contact_id"], **each["values"]}  # type: ignore[dict-item]  # a mapping
        for each in kinds["set_fields"]
    ]
    texts = {
        name: pl.Int64() if name in ("score", "clv", "crv") else pl.String() for name in FIELDS
    }
    named = {name: [name in row for row in fields] for name in FIELDS}
    changes = pl.DataFrame(fields, schema={"contact_id": pl.String(), **texts}).with_columns(
        pl.Series(f"set:{name}", there, dtype=pl.Boolean) for name, there in named.items()
    )
    changes.sort("contact_id").write_parquet(answers / "changes.parquet")
    columns = ("rank", "contact_id", "play", "cycle", "owner_id")
    _listed(kinds["create_task"], columns).write_parquet(answers / "tasks.parquet")
    closed = _listed(kinds["close_task"], ("task_key", "state", "reason"))
    closed.sort("task_key").write_parquet(answers / "closed.parquet")
    moved = _listed(kinds["update_task"], ("task_key", "owner_id"))
    moved.sort("task_key").write_parquet(answers / "moved.parquet")
    told = frame.select("contact_id", "verdict", "priority", "cycle", "why")
    told.sort("contact_id").write_parquet(answers / "verdicts.parquet")


def _listed(rows: list[dict[str, object]], columns: tuple[str, ...]) -> pl.DataFrame:
    import polars as pl

    schema = {name: pl.Int64() if name == "rank" else pl.String() for name in columns}
    return pl.DataFrame([{name: row[name] for name in columns} for row in rows], schema=schema)


def scoring_in_this_process(folder: Path) -> list[Reading]:
    """Fit and value every customer of the firm in *folder*; return what that took."""
    _, s = _opened(folder, "polars")
    facts = staged(s)
    wall, cpu = time.perf_counter(), time.process_time()
    s.engine.materialise(s.voices.score(s.tables, facts, s.as_of))
    return [
        Reading("scoring, wall", "s", time.perf_counter() - wall),
        Reading("scoring, CPU", "s", time.process_time() - cpu),
    ]


def staged(s: Situation) -> Frame:
    """Return the facts with the stage, which is what the score is made from."""
    from goodword.facts import build_facts
    from goodword.standing import add_stage

    facts = build_facts(s.tables, s.book.facts, s.book.fact_sources, s.extra, s.as_of, s.engine)
    return s.engine.materialise(add_stage(facts, s.book.stages, s.as_of))


def score(s: Situation) -> Frame:
    """Return the score of every customer."""
    return s.engine.materialise(s.voices.score(s.tables, staged(s), s.as_of))


def with_scores(s: Situation, scores: Path) -> Situation:
    """Return the situation of a firm whose scores were worked out before."""
    kept = replace(s.voices, score=lambda *_: s.engine.read(scores))
    return replace(s, voices=kept)


def situation_in(folder: Path, engine: str) -> Situation:
    """Return what a plan of the firm in *folder* is made from."""
    return _opened(folder, engine)[1]


def _opened(folder: Path, engine: str) -> tuple[Firm, Situation]:
    from invented_tasks import ACCOUNT

    from goodword.connector import Capability
    from goodword.engines import open_engine
    from goodword.firm import Firm
    from goodword.gather import completed, situation_of
    from goodword.ledger import Ledger
    from goodword.own_fields import FIELDS
    from goodword.plugins import load_plugins
    from goodword.policy import Rollout
    from goodword.settings import Settings
    from goodword.situation import Host

    firm = Firm(folder, today=NOW.date())
    firm.settings = Settings(rollout=Rollout(mode="live", start_date=START))
    firm.plugins = load_plugins((), firm.settings.policy, {}, {})
    if engine != "polars":
        spill = firm.state.folder / "spill"
        firm.engine = open_engine(engine, memory_limit=LITTLE, spill=spill)
    snapshot = firm.mirror.load()
    if snapshot is None:
        sys.exit("There is no mirror to decide from.")
    ledger = Ledger(firm.state.ledger)
    host = Host(ACCOUNT, frozenset({Capability.FIELDS, Capability.TASKS}), frozenset(FIELDS))
    return firm, situation_of(firm, snapshot, completed(firm, snapshot, ledger), host, ledger)
