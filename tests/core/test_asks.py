"""Our tasks as they stand: what the host shows, completed by what only the ledger knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from goodword.asks import completed_asks
from goodword.engines.polars_engine import PolarsEngine
from goodword.facts import canonical
from goodword.ledger import Outstanding
from goodword.tables import TABLES

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ENGINE = PolarsEngine()


def task(key: str, missing: date | None = None) -> Outstanding:
    due = date(2026, 11, 24)
    return Outstanding(key, "c1", "o1", "ask", "f1", due, "t9", NOW, missing)


def completed(outstanding: list[Outstanding], host: list[dict[str, Any]]) -> list[dict[str, Any]]:
    asks = ENGINE.rows(host, TABLES["asks"].types)
    native = completed_asks(asks, outstanding, ENGINE).collect("polars").to_native()
    found: list[dict[str, Any]] = native.to_dicts()
    return sorted(found, key=lambda row: str(row["task_key"]))


@pytest.mark.promise("write.open-counts", "write.overlay")
def test_a_task_just_written_counts_as_open() -> None:
    (row,) = completed([task("k1")], [])
    assert (row["task_key"], row["state"], row["edited"]) == ("k1", "open", False)
    assert (row["contact_id"], row["owner_id"], row["play"]) == ("c1", "o1", "ask")
    assert row["due_at"] == datetime(2026, 11, 24)
    assert row["created_at"] == datetime(2026, 11, 20, 9, 0)


@pytest.mark.promise("ask.deleted")
def test_a_task_gone_from_the_host_counts_as_deleted_by_the_rep() -> None:
    (row,) = completed([task("k1", date(2026, 11, 18))], [])
    assert (row["state"], row["done_at"]) == ("deleted", datetime(2026, 11, 18))


def test_an_answer_outlives_the_task_it_was_given_on() -> None:
    answer = {"state": "done", "outcome": "never", "done_at": "2026-11-12T10:00:00"}
    (row,) = completed([replace(task("k1", date(2026, 11, 18)), last=answer)], [])
    assert (row["state"], row["outcome"]) == ("done", "never")
    assert row["done_at"] == datetime(2026, 11, 12, 10)


def test_a_name_outlives_the_task_it_was_given_on() -> None:
    answer = {"state": "done", "outcome": "yes", "outcome_name": "Sam Field"}
    (row,) = completed([replace(task("k1", date(2026, 11, 18)), last=answer)], [])
    assert (row["outcome"], row["outcome_name"]) == ("yes", "Sam Field")


def test_without_outstanding_tasks_the_table_of_the_host_is_the_whole_truth() -> None:
    asks = ENGINE.rows([{"task_key": "k1"}], TABLES["asks"].types)
    assert completed_asks(asks, [], ENGINE) is asks


def test_the_host_knows_better_than_the_ledger() -> None:
    host = {"task_key": "k1", "contact_id": "c1", "state": "done", "outcome": "yes"}
    rows = completed([task("k1"), task("k2")], [host])
    assert [(row["task_key"], row["state"]) for row in rows] == [("k1", "done"), ("k2", "open")]


@pytest.mark.promise("identity.merged")
def test_the_task_of_a_merged_contact_follows_the_merge() -> None:
    tables = {name: ENGINE.rows([], table.types) for name, table in TABLES.items()}
    tables["aliases"] = ENGINE.rows(
        [{"alias_id": "c1", "contact_id": "c2"}], TABLES["aliases"].types
    )
    tables["asks"] = completed_asks(tables["asks"], [task("k1")], ENGINE)
    rows = canonical(tables, ENGINE)["asks"].collect("polars").to_native().to_dicts()
    assert [row["contact_id"] for row in rows] == ["c2"]


def test_an_answer_on_a_task_that_was_never_completed_keeps_its_day() -> None:
    answer = {"state": "open", "outcome": "unhappy", "done_at": "2026-11-12T10:00:00"}
    (row,) = completed([replace(task("k1", date(2026, 11, 18)), last=answer)], [])
    assert (row["state"], row["outcome"]) == ("deleted", "unhappy")
    assert row["done_at"] == datetime(2026, 11, 12, 10)
