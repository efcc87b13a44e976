"""Beside a large table a small pull writes only what came since, and nobody can tell."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from merged_pulls import NOW, every_body_is_large, first_pull, held, news, opened, people

from goodword import Cursor
from goodword.engines import open_engine
from goodword.engines.polars_engine import PolarsEngine
from goodword.errors import DamagedSnapshot
from goodword.mirror import Mirror
from goodword.table_files import PULLS


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    every_body_is_large(monkeypatch)


def of(folder: Path, number: int, table: str) -> list[str]:
    return sorted(path.name for path in (folder / str(number)).glob(f"{table}.*"))


BESIDE = ["contacts.gone.parquet", "contacts.parquet", "contacts.since.parquet"]


@pytest.mark.usefixtures("large")
def test_a_large_body_stays_and_what_came_since_lies_beside_it(tmp_path: Path) -> None:
    mirror = opened(tmp_path)
    first_pull(mirror)
    second = news(mirror)
    assert of(tmp_path, 2, "contacts") == BESIDE
    assert (tmp_path / "1" / "contacts.parquet").samefile(tmp_path / "2" / "contacts.parquet")
    names = dict(held(second)["contacts"])
    assert (names["c7"], names["c50"]) == ("Renamed 7", "Person 50")
    assert "c9" not in names
    assert len(names) == second.rows["contacts"] == 50
    assert held(opened(tmp_path).load()) == held(second)


@pytest.mark.usefixtures("large")
def test_a_person_who_comes_back_and_changes_again_is_there_once(tmp_path: Path) -> None:
    mirror = opened(tmp_path)
    first_pull(mirror)
    news(mirror)
    for name in ("Back", "Again"):
        intake = mirror.intake()
        intake.put("contacts", people(range(9, 10), name))
        snapshot = intake.commit(Cursor(), NOW)
    assert dict(held(snapshot)["contacts"])["c9"] == "Again 9"
    assert len(held(snapshot)["contacts"]) == snapshot.rows["contacts"] == 51


@pytest.mark.usefixtures("large")
def test_a_table_with_new_rows_only_has_no_list_of_what_is_gone(tmp_path: Path) -> None:
    mirror = opened(tmp_path)
    first_pull(mirror)
    intake = mirror.intake()
    intake.put("contacts", people(range(50, 52)))
    assert intake.commit(Cursor(), NOW).rows["contacts"] == 52
    assert of(tmp_path, 2, "contacts") == ["contacts.parquet", "contacts.since.parquet"]


@pytest.mark.usefixtures("large")
def test_a_body_is_written_anew_after_some_pulls(tmp_path: Path) -> None:
    mirror = opened(tmp_path)
    first_pull(mirror)
    for _ in range(PULLS):
        news(mirror)
    assert of(tmp_path, PULLS + 1, "contacts") == BESIDE
    last = news(mirror)
    assert of(tmp_path, PULLS + 2, "contacts") == ["contacts.parquet"]
    assert dict(held(last)["contacts"])["c7"] == "Renamed 7"


@pytest.mark.usefixtures("large")
def test_a_body_is_written_anew_when_much_of_it_changed(tmp_path: Path) -> None:
    mirror = opened(tmp_path)
    first_pull(mirror)
    intake = mirror.intake()
    intake.put("contacts", people(range(30), "Renamed"))
    assert intake.commit(Cursor(), NOW).rows["contacts"] == 50
    assert of(tmp_path, 2, "contacts") == ["contacts.parquet"]


@pytest.mark.usefixtures("large")
def test_a_column_whose_last_value_went_is_noticed(tmp_path: Path) -> None:
    mirror = opened(tmp_path)
    intake = mirror.intake()
    intake.put("contacts", [*people(range(50)), {"contact_id": "c50", "consent": "yes"}])
    assert "consent" in intake.commit(Cursor(), NOW).filled["contacts"]
    intake = mirror.intake()
    intake.remove("contacts", [{"contact_id": "c50"}])
    assert intake.commit(Cursor(), NOW).filled["contacts"] == ("contact_id", "name")


@pytest.mark.usefixtures("large")
def test_nothing_of_the_forgotten_stays_beside_a_body_or_in_it(tmp_path: Path) -> None:
    mirror = opened(tmp_path)
    first_pull(mirror)
    news(mirror)
    mirror.purge(["c7"])
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["3"]
    assert of(tmp_path, 3, "contacts") == ["contacts.parquet"]
    assert "c7" not in pl.read_parquet(tmp_path / "3" / "contacts.parquet")["contact_id"]


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("part", BESIDE)
def test_damage_beside_a_body_is_found(tmp_path: Path, part: str) -> None:
    first_pull(opened(tmp_path))
    news(opened(tmp_path))
    content = bytearray((tmp_path / "2" / part).read_bytes())
    content[40] ^= 1
    (tmp_path / "2" / part).write_bytes(content)
    with pytest.raises(DamagedSnapshot, match=part):
        opened(tmp_path).load()


@pytest.mark.duckdb
@pytest.mark.usefixtures("large")
def test_another_engine_reads_the_same_rows(tmp_path: Path) -> None:
    first_pull(opened(tmp_path))
    ours = held(news(opened(tmp_path)))
    other = Mirror(tmp_path, PolarsEngine(), {}, open_engine("duckdb"))
    assert held(other.load()) == ours


Changes = list[tuple[str, int, str | None]]
PULLED: st.SearchStrategy[list[Changes]] = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from(["put", "remove"]),
            st.integers(0, 7),
            st.sampled_from([None, "call", "visit"]),
        ),
        max_size=4,
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60)  # each example writes up to six snapshots
@given(pulls=PULLED)
def test_however_pulls_follow_each_other_a_large_body_says_what_they_said(
    pulls: list[Changes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keys of two columns, values that may be missing, bodies shared and written anew."""
    mirror = opened(tmp_path_factory.mktemp("mirror"))
    expected: dict[tuple[str, str], int | None] = {
        (f"c{n}", kind): n for n in range(6) for kind in ("call", "visit")
    }
    intake = mirror.intake()
    intake.put(
        "touches", [{"contact_id": c, "kind": k, "count": n} for (c, k), n in expected.items()]
    )
    intake.commit(Cursor(), NOW)
    with pytest.MonkeyPatch.context() as patched:
        every_body_is_large(patched)
        for turn, changes in enumerate(pulls):
            intake = mirror.intake()
            for verb, number, kind in changes:
                key = (f"c{number}", kind or "call")
                row = dict(zip(("contact_id", "kind"), key, strict=True))
                if verb == "put":
                    value = None if kind is None else turn
                    intake.put("touches", [{**row, "count": value}])
                    expected[key] = value
                else:
                    intake.remove("touches", [row])
                    expected.pop(key, None)
            snapshot = intake.commit(Cursor(), NOW)
            table = snapshot.tables["touches"].select("contact_id", "kind", "count")
            rows = table.collect("polars").rows()
            assert {(c, k): n for c, k, n in rows} == expected
            assert len(rows) == snapshot.rows["touches"] == len(expected)
            told = any(value is not None for value in expected.values())
            assert ("count" in snapshot.filled["touches"]) == told
