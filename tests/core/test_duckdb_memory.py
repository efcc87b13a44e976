"""DuckDB within its limit: tables that do not fit together are joined in slices of the people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import pytest

from goodword.engines import Engine, open_engine
from goodword.engines.duckdb_memory import GROUP, VECTOR, Memory
from goodword.errors import SourceError
from goodword.tables import ColumnType

pytestmark = pytest.mark.duckdb
PEOPLE = 40_000
TYPES: dict[str, ColumnType] = {"contact_id": "text", "n": "int"}


def joined(engine: Engine, parts: int) -> list[tuple[Any, ...]]:
    """Return PEOPLE beside *parts* tables, most of them of a few people, as *engine* joins them."""
    ids = [f"c{number:09}" for number in range(PEOPLE)]
    base = engine.columns({"contact_id": ids, "n": list(range(PEOPLE))}, TYPES)
    beside = []
    for part in range(parts):
        few = base.filter(nw.col("n") % (part + 1) == 0)
        more = [(nw.col("n") + number).alias(f"p{part}_{number}") for number in range(4)]
        beside.append(engine.materialise(few.select("contact_id", *more)))
    whole = engine.settled(engine.beside(base, beside))
    return sorted(engine.collect(whole.with_columns(nw.col("n") + 1)).rows())


@pytest.mark.parametrize("parts", [0, 1, 9])
def test_what_does_not_fit_together_is_joined_all_the_same(tmp_path: Path, parts: int) -> None:
    little = open_engine("duckdb", memory_limit="60MB", spill=tmp_path / "little")
    plenty = open_engine("duckdb", spill=tmp_path / "plenty")
    polars = open_engine("polars", spill=tmp_path / "polars")

    assert joined(little, parts) == joined(plenty, parts) == joined(polars, parts)


def test_a_contact_without_an_id_is_kept_once(tmp_path: Path) -> None:
    here = open_engine("duckdb", memory_limit="60MB", spill=tmp_path)
    ids = [*(f"c{number:09}" for number in range(PEOPLE)), None]
    base = here.columns({"contact_id": ids}, {"contact_id": "text"})
    parts = [
        here.materialise(base.with_columns(nw.lit(number).cast(nw.Int64).alias(f"p{number}")))
        for number in range(8)
    ]
    whole = here.collect(here.beside(base, parts))

    assert len(whole) == PEOPLE + 1
    assert whole.filter(nw.col("contact_id").is_null())["p0"].to_list() == [None]


def test_little_memory_is_shared_by_few_threads_and_joined_in_more_slices() -> None:
    wide = [(1_000_000, 110)]
    little, plenty = Memory.of("190.7 MiB", 16), Memory.of("18.5 GiB", 16)

    assert (little.threads, plenty.threads) == (1, 16)
    assert little.joins < plenty.joins
    assert little.slices(wide) > 10
    assert plenty.slices(wide) == 1
    assert VECTOR <= little.rows_in_a_group(110) < plenty.rows_in_a_group(110) <= GROUP
    assert Memory.of("1.0 KiB", 2).rows_in_a_group(500) == VECTOR


def test_a_kept_table_is_written_as_it_is(tmp_path: Path) -> None:
    here = open_engine("duckdb", spill=tmp_path / "spill")
    kept = here.keep(here.columns({"contact_id": ["a", "b"], "n": [1, 2]}, TYPES))

    assert here.write(kept, tmp_path / "t.parquet") == 2
    assert sorted(here.collect(here.scan(tmp_path / "t.parquet", TYPES)).rows()) == [
        ("a", 1),
        ("b", 2),
    ]
    with pytest.raises(SourceError, match="cannot be written"):
        here.write(kept, tmp_path / "nowhere" / "t.parquet")
