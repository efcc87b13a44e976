"""Writing a plan: once whatever happens, and able to be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword import (
    CloseTask,
    CreateTask,
    LinkReferral,
    LogActivity,
    RemoveTask,
    RetryableError,
    SetFields,
    UpdateTask,
)
from goodword.apply import (
    RunName,
    dropped_line,
    resolve,
    resolve_pulled,
    send,
    still_wanted,
)
from goodword.ledger import Ledger
from goodword.model import Action, Plan
from goodword.taking_back import inverse
from goodword.testing import Crash, MemoryConnector

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
FIRM: dict[str, list[dict[str, object]]] = {
    "contacts": [
        {"contact_id": "c1", "name": "Ada Brook"},
        {"contact_id": "c2", "name": "Ben Carver"},
    ],
}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def host() -> MemoryConnector:
    return MemoryConnector(FIRM, today=TODAY)


def task(key: str, contact: str = "c1", owner: str | None = "o1") -> CreateTask:
    return CreateTask(
        key=key,
        contact_id=contact,
        contact_name="Ada Brook",
        owner_id=owner,
        play="ask",
        cycle=key,
        due=date(2026, 11, 24),
        subject="Call Ada",
        body="",
        because=(),
        rank=1,
        asks=True,
    )


def fields(key: str, before: str | None, after: str) -> SetFields:
    return SetFields(key=key, contact_id="c1", values={"stage": after}, before={"stage": before})


def note(key: str) -> LogActivity:
    return LogActivity(
        key=key,
        contact_id="c1",
        owner_id=None,
        activity="thank_you",
        at=TODAY,
        subject="Thank-you",
        body="",
    )


def sent(
    actions: list[Action], host: MemoryConnector, ledger: Ledger, run: str = "r1", batch: int = 2
) -> list[tuple[str, bool]]:
    """Send *actions* in one run and return what became of each."""
    steps: list[int] = []
    name = RunName(run, f"plan of {run}")
    done = send(actions, host, ledger, name, batch, lambda: NOW, steps.append)
    assert sum(steps) == len(actions)
    assert (done.held, done.stopped) == ([], "")
    return [(action.key, result.ok) for action, result in done.outcome]


def by_key(rows: list[dict[str, Any]], column: str) -> dict[str, dict[str, Any]]:
    return {str(row[column]): row for row in rows}


def undone(host: MemoryConnector, ledger: Ledger, run: str = "r1") -> list[str]:
    """Take a run back on the host; return what had to stay."""
    own, asks = by_key(host.rows("own_fields"), "contact_id"), by_key(host.rows("asks"), "task_key")
    actions, _, kept = inverse(ledger.of_run(run), own, asks, host.account, "undo-1")
    sent(actions, host, ledger, "undo-1")
    return kept


# ------------------------------------------------------------------ sending


def test_actions_are_sent_in_order_and_batch_by_batch(
    host: MemoryConnector, ledger: Ledger
) -> None:
    actions = [task("k1"), fields("k2", None, "buy"), note("k3"), task("k4"), task("k5", "c9")]
    found = sent([*actions], host, ledger)
    assert found == [("k1", True), ("k2", True), ("k3", True), ("k4", True), ("k5", False)]
    assert [entry.action.key for entry in ledger.of_run("r1")] == ["k1", "k2", "k3", "k4"]


def test_nothing_to_send_calls_nobody(host: MemoryConnector, ledger: Ledger) -> None:
    host.fail_next(RetryableError("The host is away."), "write")
    assert sent([], host, ledger) == []


@pytest.mark.promise("write.intent-first", "write.open-settled")
def test_a_host_that_fails_as_a_whole_leaves_what_was_sent_in_the_ledger(
    host: MemoryConnector, ledger: Ledger
) -> None:
    sent([task("k1"), task("k2")], host, ledger)
    host.fail_next(RetryableError("The host is busy.", retry_after=3), "write")
    with pytest.raises(RetryableError):
        sent([task("k3")], host, ledger, "r2")
    assert [entry.action.key for entry in ledger.open_intents()] == ["k3"]
    assert resolve(ledger, host, NOW) == 1
    assert ledger.known(["k1", "k2", "k3"]) == {"k1", "k2"}


# ------------------------------------------------------------------ crashes


@pytest.mark.promise("write.open-settled")
def test_after_a_crash_each_write_that_arrived_is_known_and_the_rest_is_planned_again(
    host: MemoryConnector, ledger: Ledger
) -> None:
    actions: list[Action] = [task("k1"), note("k2"), task("k3"), task("k4")]
    host.crash_after(3)
    with pytest.raises(Crash):
        sent(actions, host, ledger, batch=4)
    assert resolve(ledger, host, NOW) == 4
    assert ledger.settled(["k1", "k2", "k3", "k4"]) == {"k1", "k2", "k3"}
    assert [entry.remote_id for entry in ledger.of_run("r1")] == ["task-3", "note-4", "task-5"]
    assert resolve(ledger, host, NOW) == 0


@settings(max_examples=40)  # each example opens a ledger on disk
@given(writes=st.integers(1, 6), batch=st.integers(1, 4))
@pytest.mark.promise("write.killed")
def test_wherever_a_run_dies_every_task_is_written_once(
    writes: int, batch: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("crash")
    actions: list[Action] = [*(task(f"k{number}") for number in range(5)), note("n")]
    host = MemoryConnector(FIRM, path=folder / "host.json")
    ledger = Ledger(folder / "ledger.sqlite")
    host.crash_after(writes)
    with pytest.raises(Crash):
        sent(actions, host, ledger, batch=batch)
    ledger.close()
    again, after = Ledger(folder / "ledger.sqlite"), MemoryConnector(path=folder / "host.json")
    resolve(again, after, NOW)
    known = again.known(action.key for action in actions)
    left = [action for action in actions if action.key not in known]
    sent(left, after, again, "r2", batch)
    again.close()
    assert sorted(str(row["task_key"]) for row in after.tasks()) == ["k0", "k1", "k2", "k3", "k4"]
    assert len(after.rows("activities")) == 1


def test_the_host_is_not_asked_when_no_write_is_open(host: MemoryConnector, ledger: Ledger) -> None:
    host.fail_next(RetryableError("The host is away."), "find")
    assert resolve(ledger, host, NOW) == 0


@pytest.mark.promise("write.open-settled")
def test_open_field_writes_are_settled_by_what_stands_on_the_host(
    host: MemoryConnector, ledger: Ledger
) -> None:
    written, lost = fields("k1", None, "buy"), fields("k2", "buy", "refer")
    ledger.intend("r1", [written, lost], NOW)
    assert resolve(ledger, host, NOW) == 0  # the pull will tell
    resolve_pulled(ledger, {"c1": {"stage": "buy"}}, {}, NOW)
    assert ledger.open_intents() == []
    assert [entry.action.key for entry in ledger.of_run("r1")] == ["k1"]


# ------------------------------------------------------------------ a plan from yesterday


def plan(*actions: Action) -> Plan:
    return Plan(
        plan_id="p1",
        created_at=NOW,
        as_of=TODAY,
        account="memory",
        rules_hash="r",
        settings_hash="s",
        versions={},
        snapshot=1,
        contacts=2,
        actions=actions,
        verdicts={},
        held={},
        backlog=(),
        waiting={},
        cannot_check=(),
        notices=(),
    )


@pytest.mark.promise("apply.dropped-named", "apply.rest")
def test_only_what_a_fresh_look_still_wants_is_written() -> None:
    approved = plan(task("k1"), fields("k2", None, "buy"), task("k3", "c2"))
    wanted, dropped = still_wanted(approved.actions, plan(task("k1"), task("k4")))
    assert [action.key for action in wanted] == ["k1"]
    assert len(dropped) == 2
    assert "contact c2" in dropped_line(dropped[1])


@pytest.mark.promise("apply.rest")
def test_what_was_approved_is_written_word_for_word() -> None:
    approved = task("k1").model_copy(update={"subject": "As approved"})
    wanted, _ = still_wanted([approved], plan(task("k1")))
    assert wanted == [approved]


@pytest.mark.promise("apply.redecided")
def test_a_task_whose_facts_changed_is_not_what_was_approved() -> None:
    approved = task("k1").model_copy(update={"fingerprint": "then"})
    now = task("k1").model_copy(update={"fingerprint": "now"})
    assert still_wanted([approved], plan(now)) == ([], [approved])


# ------------------------------------------------------------------ taking back


@pytest.mark.promise("undo.fields", "undo.tasks")
def test_taking_back_restores_fields_and_removes_open_tasks(
    host: MemoryConnector, ledger: Ledger
) -> None:
    host.put(own_fields=[{"contact_id": "c1", "stage": "try"}])
    sent([fields("k1", "try", "buy"), task("k2")], host, ledger)
    assert undone(host, ledger) == []
    assert host.own_fields("c1")["stage"] == "try"
    assert host.tasks() == []


@pytest.mark.promise("undo.fields")
def test_a_field_that_was_empty_becomes_empty_again(host: MemoryConnector, ledger: Ledger) -> None:
    sent([fields("k1", None, "buy")], host, ledger)
    undone(host, ledger)
    assert host.own_fields("c1")["stage"] is None


@pytest.mark.promise("undo.fields", "undo.tasks")
def test_what_a_person_changed_since_stays(host: MemoryConnector, ledger: Ledger) -> None:
    values = {"stage": "buy", "score": 40}
    both = SetFields(
        key="k1", contact_id="c1", values=values, before={"stage": "try", "score": None}
    )
    host.put(own_fields=[{"contact_id": "c1", "stage": "try"}])
    sent([both, task("k2"), task("k3"), task("k4")], host, ledger)
    host.put(own_fields=[{"contact_id": "c1", "stage": "refer", "score": 40}])
    host.edit("k2")
    host.complete("k3", "yes", name="Cleo Dunn")
    host.delete("k4")
    assert len(undone(host, ledger)) == 3
    own = host.own_fields("c1")
    assert (own["stage"], own["score"]) == ("refer", None)
    assert [row["task_key"] for row in host.tasks()] == ["k2", "k3"]


@pytest.mark.promise("undo.notes")
def test_a_thank_you_that_was_given_stays_on_the_timeline(
    host: MemoryConnector, ledger: Ledger
) -> None:
    link = LinkReferral(key="k2", contact_id="c1", referred_id="c2", at=TODAY)
    sent([note("k1"), link], host, ledger)
    assert len(undone(host, ledger)) == 2
    assert len(host.rows("activities")) == len(host.rows("referrals")) == 1


def test_a_moved_task_goes_back_unless_someone_moved_it_on(
    host: MemoryConnector, ledger: Ledger
) -> None:
    sent([task("k1"), task("k2")], host, ledger, "r0")
    moves: list[Action] = [
        UpdateTask(
            key=f"move {key}",
            task_key=key,
            contact_id="c1",
            owner_id="o2",
            before={"owner_id": "o1"},
        )
        for key in ("k1", "k2")
    ]
    sent(moves, host, ledger)
    host.put(asks=[{**host.task("k2"), "owner_id": "o3"}])
    assert len(undone(host, ledger)) == 1
    assert [row["owner_id"] for row in host.tasks()] == ["o1", "o3"]


def test_a_task_closed_by_us_stays_closed(host: MemoryConnector, ledger: Ledger) -> None:
    sent([task("k1")], host, ledger, "r0")
    close = CloseTask(
        key="x", task_key="k1", contact_id="c1", state="withdrawn", reason="open_ticket"
    )
    sent([close], host, ledger)
    assert len(undone(host, ledger)) == 1
    assert host.task("k1")["state"] == "withdrawn"


def test_undoing_twice_asks_for_the_same_writes_under_the_same_keys(
    host: MemoryConnector, ledger: Ledger
) -> None:
    sent([task("k1")], host, ledger)
    asks = by_key(host.rows("asks"), "task_key")
    first, second = (inverse(ledger.of_run("r1"), {}, asks, "memory", "u")[0] for _ in range(2))
    assert first == second
    assert isinstance(first[0], RemoveTask)
