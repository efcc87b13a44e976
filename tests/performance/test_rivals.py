"""The plan, a pandas script and hand-written SQL answer alike: only then is comparing them fair."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from answers import differences
from large_firm import write_mirror
from one_side import OURS

BENCH = Path(__file__).parents[2] / "bench"
CORE = BENCH.parent / "core"
PEOPLE = 2_000


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench") / "firm"
    write_mirror(folder, PEOPLE)
    plan(folder, OURS)
    plan(folder, f"answers of {OURS}")
    return folder


def plan(firm: Path, side: str) -> Path:
    """Let one side plan in a process of its own, as the benchmark does; return its answers."""
    paths = os.pathsep.join(filter(None, [str(CORE), os.environ.get("PYTHONPATH", "")]))
    subprocess.run(
        [sys.executable, str(BENCH / "one_side.py"), side, str(firm)],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    return firm / "answers" / side


@pytest.mark.parametrize("side", [pytest.param("sql", marks=pytest.mark.duckdb), "pandas"])
def test_a_rival_answers_as_the_plan_does(firm: Path, side: str) -> None:
    assert differences(firm / "answers" / OURS, plan(firm, side)) == []


def test_the_plan_it_is_compared_by_holds_something_of_everything(firm: Path) -> None:
    ours = firm / "answers" / OURS
    told = pl.read_parquet(ours / "verdicts.parquet")
    assert set(told["verdict"]) == {"ask", "warm_up", "recover", "wait", "never"}
    assert told.height == PEOPLE
    for table in ("changes", "tasks", "closed", "moved"):
        assert pl.read_parquet(ours / f"{table}.parquet").height, table


def test_a_single_other_answer_is_noticed(firm: Path, tmp_path: Path) -> None:
    ours = firm / "answers" / OURS
    for path in ours.glob("*.parquet"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    tasks = pl.read_parquet(tmp_path / "tasks.parquet")
    tasks.head(tasks.height - 1).write_parquet(tmp_path / "tasks.parquet")
    assert [line.partition(":")[0] for line in differences(ours, tmp_path)] == ["tasks"]
