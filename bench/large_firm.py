"""A large invented firm: its mirror on disk, and what a plan for all of it takes, by piece."""

from __future__ import annotations

import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from figures import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from goodword.firm import Firm
    from goodword.model import Plan
    from goodword.situation import Situation
    from goodword.tables import Frame

T = TypeVar("T")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
START = date(2026, 1, 1)
"""Since when the invented firm writes with goodword."""
LEFT_OUT = frozenset({"touches", "deal_rollups"})
"""Tables this firm's host does not have: it shows each activity and each deal."""


def write_mirror(folder: Path, contacts: int, engine: str = "polars") -> None:
    """Write the mirror of an invented firm of *contacts* people, and the scores of its customers.

    Our fields stand on its host as an earlier plan left them, but for one contact in twenty.
    """
    parts = folder / "parts"
    parts.mkdir(parents=True)
    _publish(folder, _made_up(contacts, parts))
    situation = situation_in(folder, engine)
    scores = folder / "scores.parquet"
    situation.engine.write(score(situation), scores)
    found = _left_on_the_host(situation, scores)
    found.write_parquet(parts / "own_fields-0.parquet")
    _publish(folder, {**_parts_in(parts), "own_fields": [parts / "own_fields-0.parquet"]})
    shutil.rmtree(parts)


def _made_up(contacts: int, parts: Path) -> Mapping[str, list[Path]]:
    from invented_firm import tables

    written: dict[str, int] = defaultdict(int)
    for table, page in tables(contacts):
        page.write_parquet(parts / f"{table}-{written[table]}.parquet")
        written[table] += 1
    return _parts_in(parts)


def _parts_in(parts: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(parts.glob("*.parquet"), key=lambda p: int(p.stem.rpartition("-")[2])):
        found[path.stem.rpartition("-")[0]].append(path)
    return found


def _publish(folder: Path, parts: Mapping[str, list[Path]]) -> None:
    """Make the snapshot in use of these part files, as a pull would."""
    import narwhals.stable.v2 as nw

    from goodword.connector import Cursor
    from goodword.engines import open_engine
    from goodword.mirror import Mirror
    from goodword.snapshots import Head, write_snapshot
    from goodword.tables import TABLES

    engine = open_engine("polars")
    mirror = Mirror(folder / ".goodword" / "mirror", engine, {})
    tables: dict[str, Frame] = {}
    for name in TABLES.keys() - LEFT_OUT:
        types = mirror.types(name)
        scans = [engine.scan(path, types) for path in parts.get(name, [])]
        tables[name] = nw.concat(scans) if scans else engine.rows([], types)
    incoming = folder / "incoming"
    (folder / ".goodword" / "mirror").mkdir(parents=True, exist_ok=True)
    write_snapshot(incoming, tables, Head(NOW, Cursor(), {}, ()), engine)
    mirror.publish(incoming, (mirror.current() or 0) + 1)


def _left_on_the_host(situation: Situation, scores: Path) -> pl.DataFrame:
    """Return our fields as decided, but for some that moved since, or were never written."""
    import polars as pl

    from goodword.situation import decided

    frame = situation.engine.collect(decided(with_scores(situation, scores))).to_native()
    number = pl.col("contact_id").str.slice(1).cast(pl.Int64)
    whole = [((pl.col(name) + 50) // 100).alias(name) for name in ("clv", "crv")]
    wanted = frame.select(
        "contact_id",
        "stage",
        "segment",
        "score",
        pl.col("next_ask").dt.strftime("%Y-%m-%d"),
        "why",
        *whole,
    )
    moved: pl.DataFrame = wanted.filter(number % 100 != 3).with_columns(
        pl.when(number % 50 == 7).then(pl.lit("know")).otherwise("stage").alias("stage"),
        pl.when(number % 40 == 9).then(pl.col("score") - 9).otherwise("score").alias("score"),
        pl.when(number % 200 == 11).then(pl.lit("Wait: of old")).otherwise("why").alias("why"),
    )
    return moved


# ---------------------------------------------------------------------- deciding


def plan_in_this_process(
    folder: Path, engine: str = "polars", answers: Path | None = None
) -> list[Reading]:
    """Decide and plan for the firm in *folder* from its scores; return what each piece took.

    Args:
        folder: The firm.
        engine: What computes.
        answers: Where to leave the plan's answers for comparison, not part of what is measured.
    """
    from goodword.gather import head_of
    from goodword.grounds import grounds_of
    from goodword.plan import make_plan
    from goodword.situation import decided

    readings: list[Reading] = []

    def timed(what: str, work: Callable[[], T]) -> T:
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        readings.append(Reading(f"{what}, wall", "s", time.perf_counter() - wall))
        readings.append(Reading(f"{what}, CPU", "s", time.process_time() - cpu))
        return result

    began = time.perf_counter(), time.process_time()
    firm, s = timed(
        "starting: imports, plugins, sums of the mirror", lambda: _opened(folder, engine)
    )
    s = with_scores(s, folder / "scores.parquet")
    frame = timed("facts, stages, segments, rules", lambda: decided(s))
    snapshot = firm.mirror.load()
    if snapshot is None:
        sys.exit("There is no mirror to decide from.")
    made = timed(
        "plan: budget, words, changed fields", lambda: make_plan(s, frame, head_of(firm, snapshot))
    )

    def written() -> None:
        firm.state.prepare()
        firm.state.save_frame(made.plan_id, lambda path: firm.engine.write(frame, path))
        firm.state.save_grounds(made.plan_id, grounds_of(s))
        firm.state.save_plan(made)

    timed("writing plan, facts and grounds", written)
    wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    readings += [Reading("all of it, wall", "s", wall), Reading("all of it, CPU", "s", cpu)]
    if made.contacts == 0 or not made.actions:
        sys.exit("The large firm gave an empty plan; nothing was measured.")
    if answers is not None:
        leave_answers(made, frame, answers)
    return readings


def leave_answers(made: Plan, frame: Frame, answers: Path) -> None:
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
    told = frame.select("contact_id", "verdict", "priority", "cycle", "why").collect("polars")
    told.to_native().sort("contact_id").write_parquet(answers / "verdicts.parquet")


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
        firm.engine = open_engine(engine)
    snapshot = firm.mirror.load()
    if snapshot is None:
        sys.exit("There is no mirror to decide from.")
    ledger = Ledger(firm.state.ledger)
    host = Host(ACCOUNT, frozenset({Capability.FIELDS, Capability.TASKS}), frozenset(FIELDS))
    return firm, situation_of(firm, snapshot, completed(firm, snapshot, ledger), host, ledger)
