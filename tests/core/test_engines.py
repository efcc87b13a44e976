"""Engines: the same tables, answers and errors, whatever computes them."""

from __future__ import annotations

import gc
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from goodword.engines import Engine, open_engine
from goodword.engines.scratch import Scratch
from goodword.errors import RecordError, SettingsError, SourceError
from goodword.settings import Settings, validated
from goodword.tables import ColumnType

TYPES: dict[str, ColumnType] = {
    "contact_id": "text",
    "tier": "text",
    "fails:a,b": "bool",
    "n": "int",
    "at": "time",
}
ROWS: list[dict[str, Any]] = [
    {"contact_id": "b", "tier": "gold", "n": 2, "at": datetime(2026, 10, 25, 0, 30)},
    {"contact_id": "a", "fails:a,b": True, "n": None},
    {"contact_id": "c", "tier": "", "n": -7, "at": datetime(2026, 3, 29, 1, 30, 0, 1)},
]
EVERY = [
    "polars",
    pytest.param("duckdb", marks=pytest.mark.duckdb),
    pytest.param("spark", marks=pytest.mark.spark),
]


@pytest.fixture(params=EVERY)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return open_engine(request.param, spill=tmp_path / "spill")


def rows_of(engine: Engine, frame: Any) -> list[tuple[Any, ...]]:
    return sorted(engine.collect(frame).rows())


def test_rows_come_back_as_they_went_in(engine: Engine) -> None:
    expected = sorted(tuple(row.get(name) for name in TYPES) for row in ROWS)

    assert rows_of(engine, engine.rows(ROWS, TYPES)) == expected


def test_a_value_of_a_wrong_type_is_refused_by_its_column(engine: Engine) -> None:
    with pytest.raises(RecordError, match="Column 'n'") as refused:
        engine.rows([*ROWS, {"contact_id": "d", "n": "Ada"}], TYPES)

    assert "Ada" not in str(refused.value)


def test_a_written_table_is_read_back_with_its_types(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"

    assert engine.write(engine.rows(ROWS, TYPES), path) == 3
    assert pl.read_parquet_schema(path) == pl.Schema(
        {
            "contact_id": pl.String,
            "tier": pl.String,
            "fails:a,b": pl.Boolean,
            "n": pl.Int64,
            "at": pl.Datetime("us"),
        }
    )
    assert rows_of(engine, engine.scan(path, TYPES)) == rows_of(engine, engine.read(path))


def test_a_table_without_rows_keeps_its_columns(engine: Engine, tmp_path: Path) -> None:
    nobody = engine.materialise(engine.rows(ROWS, TYPES).filter(nw.col("n") > 99))

    assert engine.write(nobody, tmp_path / "none.parquet") == 0
    assert engine.collect(engine.read(tmp_path / "none.parquet")).columns == list(TYPES)


def test_a_column_a_file_lacks_or_has_of_another_type_is_null(
    engine: Engine, tmp_path: Path
) -> None:
    pl.DataFrame({"contact_id": ["a"], "n": [1.5]}).write_parquet(tmp_path / "t.parquet")

    assert rows_of(engine, engine.scan(tmp_path / "t.parquet", TYPES)) == [
        ("a", None, None, None, None)
    ]


def test_a_damaged_file_is_told_from_a_missing_one(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "t.parquet").write_bytes(b"PAR1 nonsense")

    with pytest.raises(ValueError, match=r"t\.parquet is damaged"):
        engine.scan(tmp_path / "t.parquet", TYPES)
    with pytest.raises(FileNotFoundError):
        engine.scan(tmp_path / "gone.parquet", TYPES)


def test_parts_are_set_beside_a_table_by_contact(engine: Engine) -> None:
    base = engine.rows(ROWS, TYPES).select("contact_id")
    parts = [
        engine.rows([{"contact_id": "a", f"p{n}": n}], {"contact_id": "text", f"p{n}": "int"})
        for n in range(6)
    ]
    whole = engine.beside(base, parts)

    assert rows_of(engine, whole) == [("a", *range(6)), ("b", *[None] * 6), ("c", *[None] * 6)]


def test_a_table_of_polars_that_a_hook_returns_is_taken_in(engine: Engine) -> None:
    returned = nw.from_native(pl.LazyFrame({"contact_id": ["a"], "clv": [5]}))
    joined = engine.rows(ROWS, TYPES).join(engine.materialise(returned), on="contact_id")

    assert rows_of(engine, joined.select("contact_id", "clv")) == [("a", 5)]


def test_the_digest_tells_tables_apart_but_not_orders(engine: Engine) -> None:
    whole = engine.digest(engine.rows(ROWS, TYPES))
    swapped = [{**row, "n": None, "at": None} for row in ROWS]
    moved = {"contact_id": "a", "tier": None, "n": 1}
    null = {"contact_id": "a", "tier": "1", "n": None}

    assert whole == engine.digest(engine.rows(ROWS[::-1], TYPES))
    assert whole != engine.digest(engine.rows(swapped, TYPES))
    assert whole != engine.digest(engine.rows([*ROWS, ROWS[0]], TYPES))
    assert engine.digest(engine.rows([moved], TYPES)) != engine.digest(engine.rows([null], TYPES))


def test_an_unknown_engine_is_named_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"there is no such engine.*polars, duckdb, spark"):
        open_engine("abacus")


@pytest.mark.parametrize("limit", ["lots", "1", "-1GB", "1 parsec"])
def test_a_memory_limit_that_is_no_size_is_refused_in_the_settings(limit: str) -> None:
    with pytest.raises(SettingsError, match="memory_limit"):
        validated(Settings, {"engine": {"name": "duckdb", "memory_limit": limit}}, "goodword.toml")


@pytest.mark.duckdb
def test_a_memory_limit_that_is_too_small_is_named(tmp_path: Path) -> None:
    small = open_engine("duckdb", memory_limit="10MB", spill=tmp_path)
    many = [{"contact_id": f"c{n:09}", "n": n} for n in range(60_000)]
    whole = small.rows(many, {"contact_id": "text", "n": "int"})

    with pytest.raises(SourceError, match="memory_limit = '10MB' is too little"):
        small.write(
            small.beside(
                whole, [whole.with_columns(nw.col("n").alias(f"n{k}")).drop("n") for k in range(12)]
            ),
            tmp_path / "t.parquet",
        )


@contextmanager
def room_for(size: int, process: int = 0) -> Iterator[None]:
    """Let no file grow beyond *size* bytes, as a full disk would; in *process*, 0 for this one."""
    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("name", EVERY[:2])
def test_a_disk_that_is_full_while_writing_is_said(name: str, tmp_path: Path) -> None:
    here = open_engine(name, spill=tmp_path / "spill")
    frame = here.rows(ROWS, TYPES)

    with room_for(100), pytest.raises(SourceError, match=r"cannot be written|no room"):
        here.write(frame, tmp_path / "t.parquet")
    assert here.write(frame, tmp_path / "t.parquet") == 3


@pytest.mark.duckdb
def test_a_disk_that_is_full_while_spilling_is_said(tmp_path: Path) -> None:
    here = open_engine("duckdb", memory_limit="30MB", spill=tmp_path / "spill")
    many = {"contact_id": [f"c{n:09}" for n in range(400_000)], "n": list(range(400_000))}
    whole = here.columns(many, {"contact_id": "text", "n": "int"})
    ordered = whole.with_columns(nw.col("n").cum_sum().over(order_by="contact_id").alias("sum"))

    with room_for(1_000_000), pytest.raises(SourceError, match=r"spill|no room|cannot be written"):
        here.materialise(ordered)


@pytest.mark.spark
def test_a_disk_that_is_full_while_spark_writes_is_said(tmp_path: Path) -> None:
    here = open_engine("spark", spill=tmp_path / "spill")
    frame = here.rows(ROWS, TYPES)
    here.materialise(frame)  # Java writes its own libraries once, too
    java = frame.to_native().sparkSession.sparkContext._gateway.proc.pid

    with room_for(100, java), pytest.raises(SourceError, match="has no room"):
        here.materialise(frame.with_columns(nw.col("n") + 1))
    assert rows_of(here, here.materialise(frame.select("contact_id"))) == [("a",), ("b",), ("c",)]


@pytest.mark.spark
def test_a_second_engine_finds_room_when_the_first_is_gone(tmp_path: Path) -> None:
    def counted() -> list[tuple[Any, ...]]:
        here = open_engine("spark", spill=tmp_path / "spill")
        tiers = here.rows(ROWS[::2], TYPES).group_by("tier")
        return rows_of(here, tiers.agg(nw.len().cast(nw.Int64).alias("n")))

    first = counted()
    gc.collect()

    assert first == counted() == [("", 1), ("gold", 1)]


@pytest.mark.duckdb
@pytest.mark.parametrize("name", ["duckdb"])
def test_a_place_nothing_can_be_written_to_is_named(name: str, tmp_path: Path) -> None:
    here = open_engine(name, spill=tmp_path / "spill")

    with pytest.raises(SourceError, match="cannot be written"):
        here.write(here.rows(ROWS, TYPES), tmp_path / "nowhere" / "t.parquet")


def test_a_scratch_folder_that_cannot_be_made_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SourceError, match=r"\[engine\] spill"):
        Scratch(tmp_path / "file").folder()


def test_scratch_tables_are_private_and_gone_with_their_engine(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    folder = scratch.folder()
    scratch.path().write_bytes(b"people")

    assert folder.stat().st_mode & 0o077 == 0
    del scratch
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_behind_is_deleted_by_the_next(tmp_path: Path) -> None:
    left = tmp_path / "run-killed"
    left.mkdir()
    (left / "1.parquet").write_bytes(b"people")
    busy = Scratch(tmp_path)
    kept = busy.folder()
    folder = Scratch(tmp_path).folder()

    assert not left.exists()
    assert kept.exists()
    assert folder != kept


@pytest.mark.parametrize("name", EVERY[:2])
def test_a_column_of_the_firms_own_has_a_point_in_its_name(name: str, tmp_path: Path) -> None:
    here = open_engine(name, spill=tmp_path)
    frame = here.rows([{"extra.tier": "gold"}], {"extra.tier": "text"})

    assert rows_of(here, frame.filter(nw.col("extra.tier") == "gold")) == [("gold",)]


@pytest.mark.parametrize("name", EVERY)
def test_what_several_read_is_the_same_table(name: str, tmp_path: Path) -> None:
    here = open_engine(name, spill=tmp_path / "spill")
    frame = here.rows(ROWS, TYPES)

    assert rows_of(here, here.share(frame)) == rows_of(here, frame)


def test_spark_and_columns_of_the_firms_own_are_refused_in_the_settings() -> None:
    both = {"engine": {"name": "spark"}, "extra": {"tier": "text"}}

    with pytest.raises(SettingsError, match=r"spark cannot read.*\[extra\]"):
        validated(Settings, both, "goodword.toml")


@pytest.mark.spark
def test_spark_refuses_columns_of_the_firms_own_before_it_starts(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"\[extra\]"):
        open_engine("spark", spill=tmp_path).rows([{"extra.tier": "x"}], {"extra.tier": "text"})


@pytest.mark.spark
def test_without_java_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert shutil.which("java") is None

    with pytest.raises(SettingsError, match=r"no Java on this machine.*Java 17"):
        open_engine("spark", spill=tmp_path).rows(ROWS, TYPES)
