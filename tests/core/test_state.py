"""The state folder: plans that were tampered with, ledgers that are damaged, one run at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from goodword import GoodwordError
from goodword.errors import LockedError, PlanError
from goodword.ledger import Ledger
from goodword.model import CreateTask, Plan, plan_id_of, task_key
from goodword.state import State

DAY = date(2026, 11, 20)


def plan() -> Plan:
    task = CreateTask(
        key="k1",
        contact_id="c1",
        contact_name="Ida Marsh",
        owner_id="ana",
        play="ask",
        cycle="f1",
        due=DAY,
        subject="Ask Ida Marsh",
        body="As approved.",
        because=("rated us 10 of 10",),
        rank=1,
        asks=True,
    )
    return Plan(
        plan_id=plan_id_of(DAY, "acct", "rules", [task]),
        created_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
        as_of=DAY,
        account="acct",
        rules_hash="rules",
        settings_hash="settings",
        versions={},
        snapshot=1,
        contacts=1,
        actions=(task,),
        verdicts={},
        held={},
        backlog=(),
        waiting={},
        cannot_check=(),
        notices=(),
    )


@pytest.fixture
def state(tmp_path: Path) -> State:
    state = State(tmp_path)
    state.prepare()
    return state


def test_a_saved_plan_is_the_latest_one(state: State) -> None:
    state.save_plan(plan())
    assert state.load_plan() == plan()
    assert state.load_plan(plan().plan_id) == plan()


@pytest.mark.promise("plan.identity")
def test_a_plan_changed_by_hand_is_not_applied(state: State) -> None:
    path = state.save_plan(plan())
    text = path.read_text(encoding="utf-8")
    changed = text.replace('"body": "', '"body": "Send money to somebody else. ', 1)
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(PlanError, match="changed after it was made"):
        state.load_plan()


@pytest.mark.parametrize("name", ["../../etc/passwd", "x" * 300, "latest", "", "20261120-zzzzzzzz"])
def test_only_a_plan_id_names_a_plan(state: State, name: str) -> None:
    state.save_plan(plan())
    with pytest.raises(PlanError, match="There is no plan"):
        state.load_plan(name)


@pytest.mark.promise("runs.one-at-a-time")
def test_a_second_run_is_told_who_is_at_work(state: State) -> None:
    second = State(state.folder.parent).lock("another")
    with (
        state.lock("goodword apply, process 4711"),
        pytest.raises(LockedError, match="goodword apply, process 4711"),
        second,
    ):
        pass


def test_a_damaged_ledger_is_named_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"this is no database, whatever its name says" * 50)
    with pytest.raises(GoodwordError) as told:
        Ledger(path)
    assert "is damaged" in told.value.message
    assert "backups" in told.value.hint


def test_ids_that_hold_a_bar_never_share_a_key() -> None:
    assert task_key("acct", "a", "ask", "b|ask|c") != task_key("acct", "a|ask|b", "ask", "c")
    assert task_key("acct", "a\\", "ask", "c") != task_key("acct", "a\\|ask", "", "c")
