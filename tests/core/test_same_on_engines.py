"""One firm, one change list: byte for byte the same whatever engine decides it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sample_home import firm_on

from goodword.run import apply, plan
from goodword.tables import Frame
from goodword.testing import awkward_firm, change_list, require_same_changes

TOML = {
    "extra": {"tier": "text"},
    "ask": {
        "suppressor": [
            {
                "name": "cooldown",
                "since": "asked_last_at",
                "days": "60 if extra.tier == 'gold' else 90",
            }
        ]
    },
}
OPEN_HOUSE = {
    "ask": {
        "trigger": [
            {
                "name": "open_house",
                "since": "created_at",
                "record": "name",
                "wait_days": 0,
                "expires_days": 2000,
                "points": 1,
                "because": "everybody is invited",
            }
        ]
    }
}
"""A moment that fits everybody, so that many share a rank."""


@pytest.mark.duckdb
def test_the_awkward_firm_gets_the_same_plan_on_duckdb(tmp_path: Path) -> None:
    agreed = require_same_changes(tmp_path, ["duckdb"])

    assert agreed.count("\n") > 50


@pytest.mark.duckdb
def test_where_dozens_share_each_rank_the_same_are_asked_on_duckdb(tmp_path: Path) -> None:
    agreed = require_same_changes(tmp_path, ["duckdb"], awkward_firm(700, seed=2))

    assert '"create_task"' in agreed
    assert '"rep_full"' in agreed


@pytest.mark.duckdb
@pytest.mark.long
def test_rules_in_toml_over_columns_of_the_firm_mean_the_same_on_duckdb(tmp_path: Path) -> None:
    tables = awkward_firm(80, seed=3)
    people = [
        {**row, "extra.tier": ("gold", "plain", None)[number % 3]}
        for number, row in enumerate(tables["contacts"])
    ]

    require_same_changes(tmp_path, ["duckdb"], {**tables, "contacts": people}, TOML)


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param("duckdb", marks=pytest.mark.duckdb),
        pytest.param("spark", marks=pytest.mark.spark),
    ],
)
def test_where_a_trigger_fits_everybody_and_ten_reps_have_room_for_few_the_same_are_asked(
    engine: str, tmp_path: Path
) -> None:
    tables = awkward_firm(150, seed=2)
    since = datetime(2025, 3, 1)
    people = [
        {**row, "created_at": since, "owner_id": f"o{number % 10}"}
        for number, row in enumerate(tables["contacts"])
    ]
    reps = [{"owner_id": f"o{number}", "name": f"Rep {number}"} for number in range(10)]
    agreed = require_same_changes(
        tmp_path, [engine], {**tables, "contacts": people, "owners": reps}, OPEN_HOUSE
    )

    assert "everybody is invited" in agreed
    assert all(f'"owner_id": "{rep["owner_id"]}"' in agreed for rep in reps)
    assert '"rep_full"' in agreed


@pytest.mark.spark
@pytest.mark.soak
def test_the_same_are_asked_on_spark_where_dozens_share_each_rank(tmp_path: Path) -> None:
    agreed = require_same_changes(tmp_path, ["spark"], awkward_firm(2000, seed=2))

    assert '"create_task"' in agreed
    assert '"rep_full"' in agreed


@pytest.mark.duckdb
@pytest.mark.long
@pytest.mark.parametrize(("made", "written"), [("polars", "duckdb"), ("duckdb", "polars")])
def test_a_plan_of_one_engine_is_applied_on_another(
    made: str, written: str, tmp_path: Path
) -> None:
    home = tmp_path / "firm"
    approved = plan(firm_on(home, f'[engine]\nname = "{made}"\n'))
    report = apply(firm_on(home, f'[engine]\nname = "{written}"\n'))

    assert sum(report.applied.values()) == len(approved.actions)
    assert report.dropped == ()


@pytest.mark.duckdb
def test_an_engine_that_gives_another_answer_is_caught_with_the_line(tmp_path: Path) -> None:
    from goodword.engines.duckdb_engine import DuckDBEngine

    class Forgetful(DuckDBEngine):
        """Loses the last person of the list."""

        def beside(self, base: Frame, parts: Any) -> Frame:
            import narwhals.stable.v2 as nw

            return super().beside(base.filter(nw.col("contact_id") != "c0000059"), parts)

    with pytest.raises(AssertionError, match="Forgetful differs from polars in line 1"):
        require_same_changes(tmp_path, [Forgetful(spill=tmp_path / "spill")])


def test_the_awkward_firm_is_awkward() -> None:
    tables = awkward_firm(200)
    moments = Counter(row["at"] for row in tables["feedback"])

    assert awkward_firm(200) == tables
    assert awkward_firm(200, seed=2) != tables
    assert max(moments.values()) > 5
    assert any(row["margin_cents"] and row["margin_cents"] < 0 for row in tables["deals"])
    assert any(row["consent"] is None for row in tables["contacts"])


def test_a_table_that_never_came_is_no_crash_but_a_smaller_plan(tmp_path: Path) -> None:
    tables = {n: rows for n, rows in awkward_firm().items() if n in ("contacts", "feedback")}

    assert '"verdicts"' in change_list("polars", tmp_path, tables)
