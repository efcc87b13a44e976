"""Our tasks as they stand: what the host shows, completed by what only the ledger knows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from goodword import CreateTask
from goodword.asks import completed_asks
from goodword.engines.polars_engine import PolarsEngine
from goodword.facts import canonical
from goodword.ledger import Entry
from goodword.tables import TABLES

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ENGINE = PolarsEngine()


def task(key: str, contact: str = "c1") -> CreateTask:
    return CreateTask(
        key=key,
        contact_id=contact,
        contact_name="Ada Brook",
        owner_id="o1",
        play="ask",
        cycle="f1",
        due=date(2026, 11, 24),
        subject="Call Ada",
        body="",
        because=(),
        rank=1,
        asks=True,
    )


def entry(action: CreateTask, state: str = "done", missing: date | None = None) -> Entry:
    return Entry(action, "r1", state, "t9", NOW, missing)


def completed(
    written: list[tuple[CreateTask, Entry]], host: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    asks = ENGINE.rows(host, TABLES["asks"].types)
    native = completed_asks(asks, written, ENGINE).collect("polars").to_native()
    found: list[dict[str, Any]] = native.to_dicts()
    return sorted(found, key=lambda row: str(row["task_key"]))


@pytest.mark.parametrize("state", ["done", "intent"])
def test_a_task_just_written_counts_as_open(state: str) -> None:
    (row,) = completed([(task("k1"), entry(task("k1"), state))], [])
    assert (row["task_key"], row["state"], row["edited"]) == ("k1", "open", False)
    assert (row["contact_id"], row["owner_id"], row["play"]) == ("c1", "o1", "ask")
    assert row["due_at"] == datetime(2026, 11, 24)
    assert row["created_at"] == datetime(2026, 11, 20, 9, 0)


def test_a_task_gone_from_the_host_counts_as_deleted_by_the_rep() -> None:
    (row,) = completed([(task("k1"), entry(task("k1"), missing=date(2026, 11, 18)))], [])
    assert (row["state"], row["done_at"]) == ("deleted", datetime(2026, 11, 18))


def test_a_task_taken_back_does_not_count() -> None:
    assert completed([(task("k1"), entry(task("k1"), "undone"))], []) == []


def test_the_host_knows_better_than_the_ledger() -> None:
    host = {"task_key": "k1", "contact_id": "c1", "state": "done", "outcome": "yes"}
    rows = completed([(task("k1"), entry(task("k1"))), (task("k2"), entry(task("k2")))], [host])
    assert [(row["task_key"], row["state"]) for row in rows] == [("k1", "done"), ("k2", "open")]


def test_the_task_of_a_merged_contact_follows_the_merge() -> None:
    tables = {name: ENGINE.rows([], table.types) for name, table in TABLES.items()}
    tables["aliases"] = ENGINE.rows(
        [{"alias_id": "c1", "contact_id": "c2"}], TABLES["aliases"].types
    )
    tables["asks"] = completed_asks(tables["asks"], [(task("k1"), entry(task("k1")))], ENGINE)
    rows = canonical(tables, ENGINE)["asks"].collect("polars").to_native().to_dicts()
    assert [row["contact_id"] for row in rows] == ["c2"]
