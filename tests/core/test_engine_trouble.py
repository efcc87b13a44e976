"""An engine that cannot go on says why, and leaves the copy of the host as it was."""

from __future__ import annotations

from pathlib import Path

import narwhals.stable.v2 as nw
import pytest
from sample_home import NINE, firm_on

from goodword.connector import Cursor
from goodword.engines import open_engine
from goodword.errors import GoodwordError, SettingsError, SourceError
from goodword.run import plan
from goodword.testing import awkward_firm, change_list


def names_in_the_copy(home: Path) -> list[str]:
    """Return who is in the firm's copy of the host, read by the engine that needs nothing."""
    firm = firm_on(home, "")
    snapshot = firm.mirror.load()
    assert snapshot is not None
    return sorted(map(str, firm.engine.collect(snapshot.tables["contacts"])["name"].to_list()))


@pytest.mark.spark
def test_without_java_nothing_is_pulled_and_the_copy_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "firm"
    plan(firm_on(home, ""))
    before = names_in_the_copy(home)
    copies = sorted(each.name for each in firm_on(home, "").state.mirror.iterdir())
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    with pytest.raises(SettingsError, match="no Java on this machine"):
        plan(firm_on(home, '[engine]\nname = "spark"\n'))

    assert names_in_the_copy(home) == before
    assert sorted(each.name for each in firm_on(home, "").state.mirror.iterdir()) == copies


@pytest.mark.spark
def test_a_job_that_fails_on_a_cell_does_not_show_the_cell(
    capfd: pytest.CaptureFixture[str],
) -> None:
    engine = open_engine("spark")
    people = engine.rows([{"name": "Ada of Harbour Road"}], {"name": "text"})
    with pytest.raises(Exception, match="CAST_INVALID_INPUT"):
        engine.collect(people.select(nw.col("name").cast(nw.Int64)))
    assert "Harbour Road" not in "".join(capfd.readouterr())


@pytest.mark.duckdb
def test_a_plan_within_too_little_memory_names_the_limit_and_the_copy_stays(tmp_path: Path) -> None:
    home = tmp_path / "firm"
    plan(firm_on(home, ""))
    before = names_in_the_copy(home)

    with pytest.raises(SourceError, match=r"memory_limit = '1MB' is too little"):
        plan(firm_on(home, '[engine]\nname = "duckdb"\nmemory_limit = "1MB"\n'))

    assert names_in_the_copy(home) == before
    assert plan(firm_on(home, "")).contacts > 50


@pytest.mark.duckdb
def test_a_place_for_tables_on_the_way_that_is_a_file_is_named(tmp_path: Path) -> None:
    home = tmp_path / "firm"
    plan(firm_on(home, ""))
    (home / "here").touch()

    with pytest.raises(SourceError, match=r"\[engine\] spill"):
        plan(firm_on(home, '[engine]\nname = "duckdb"\nspill = "here"\n'))
    assert names_in_the_copy(home)


def test_a_table_whose_file_is_gone_is_damage_and_no_empty_table(tmp_path: Path) -> None:
    home = tmp_path / "firm"
    plan(firm_on(home, ""))
    copy = max((p for p in firm_on(home, "").state.mirror.iterdir() if p.is_dir()), key=str)
    next(copy.glob("deals*")).unlink()

    with pytest.raises(GoodwordError, match="damaged"):
        plan(firm_on(home, ""), fresh=False)


@pytest.mark.parametrize("engine", ["polars", pytest.param("duckdb", marks=pytest.mark.duckdb)])
def test_a_table_that_never_came_makes_a_smaller_plan(engine: str, tmp_path: Path) -> None:
    tables = {n: rows for n, rows in awkward_firm().items() if n in ("contacts", "feedback")}

    assert '"verdicts"' in change_list(engine, tmp_path, tables)


def test_a_delivery_of_a_wrong_type_leaves_the_last_copy(tmp_path: Path) -> None:
    home = tmp_path / "firm"
    plan(firm_on(home, ""))
    before = names_in_the_copy(home)

    def delivered() -> None:
        intake = firm_on(home, "").mirror.intake()
        intake.whole("deals")
        intake.put("deals", [{"deal_id": "d1", "closed_at": "yesterday"}])
        intake.commit(Cursor(), NINE)

    with pytest.raises(GoodwordError, match="'closed_at' has a value that is not of type time"):
        delivered()

    assert names_in_the_copy(home) == before
