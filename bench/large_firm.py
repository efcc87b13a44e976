"""A large invented firm: its mirror on disk, and the scores of its customers."""

from __future__ import annotations

import shutil
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from large_plan import NOW, score, situation_in, with_scores

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from goodword.situation import Situation
    from goodword.tables import Frame

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

    from goodword.own_fields import FIELDS
    from goodword.situation import decided

    found = decided(with_scores(situation, scores)).select("contact_id", *FIELDS)
    frame = situation.engine.collect(found).to_native()
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
