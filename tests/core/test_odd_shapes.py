"""Firms of odd shapes, and what a connector should never deliver: a right answer or a clear no."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from goodword.errors import RecordError
from goodword.testing import awkward_firm, change_list

ENGINES = ["polars", pytest.param("duckdb", marks=[pytest.mark.duckdb, pytest.mark.long])]
Tables = dict[str, list[dict[str, Any]]]


def asked(changes: str) -> list[dict[str, Any]]:
    """The new tasks of a change list."""
    actions = [json.loads(line) for line in changes.splitlines()[1:]]
    return [action for action in actions if action["kind"] == "create_task"]


def with_owners(tables: Any, owners: list[str]) -> Tables:
    """Return *tables* with these reps, who share the contacts evenly, and no task yet."""
    people = [
        {**row, "owner_id": owners[number % len(owners)]}
        for number, row in enumerate(tables["contacts"])
    ]
    reps = [{"owner_id": owner, "name": owner} for owner in owners]
    return {**tables, "contacts": people, "owners": reps, "asks": [], "accounts": []}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_rule_that_holds_back_everybody_leaves_nobody_to_ask(engine: str, tmp_path: Path) -> None:
    rule = {"name": "strike", "when": "tickets_open >= 0", "because": "the office is closed"}
    everybody = {"ask": {"suppressor": [{**rule, "verdict": "wait"}]}}
    tables = awkward_firm(120)

    free = change_list(engine, tmp_path / "free", tables)
    held = change_list(engine, tmp_path / "held", tables, everybody)

    assert json.loads(free.splitlines()[0])["verdicts"]["ask"] > 0
    assert "ask" not in json.loads(held.splitlines()[0])["verdicts"]


@pytest.mark.parametrize("engine", ENGINES)
def test_two_reps_for_hundreds_of_customers_get_a_week_each(engine: str, tmp_path: Path) -> None:
    tables = with_owners(awkward_firm(600), ["o1", "o2"])
    changes = change_list(engine, tmp_path, tables)
    weeks = Counter(task["owner_id"] for task in asked(changes))

    assert set(weeks) <= {"o1", "o2"}
    assert max(weeks.values()) <= 10
    assert json.loads(changes.splitlines()[0])["waiting"]["rep_full"] > 0


@pytest.mark.parametrize("engine", ENGINES)
def test_hundreds_of_reps_for_a_few_customers_is_no_trouble(engine: str, tmp_path: Path) -> None:
    tables = with_owners(awkward_firm(40), [f"o{number}" for number in range(700)])
    tasks = asked(change_list(engine, tmp_path, tables))

    assert tasks
    assert max(Counter(task["owner_id"] for task in tasks).values()) <= 2


def test_a_contact_delivered_twice_is_there_once(tmp_path: Path) -> None:
    tables = awkward_firm(40)
    twice = {**tables, "contacts": [*tables["contacts"], *tables["contacts"]]}

    changes = change_list("polars", tmp_path / "twice", twice)

    assert changes == change_list("polars", tmp_path / "once", tables)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 12.5, "12"])
def test_what_is_no_whole_number_is_refused_by_its_column(value: object, tmp_path: Path) -> None:
    tables = awkward_firm(40)
    deals = [{**tables["deals"][0], "amount_cents": value}, *tables["deals"][1:]]

    with pytest.raises(RecordError, match="'amount_cents' has a value that is not of type int"):
        change_list("polars", tmp_path, {**tables, "deals": deals})
