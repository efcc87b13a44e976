"""The ledger: what was intended, what arrived, what was taken back, in one file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from ledger_writes import NOW, fields, note, task, written

from goodword import GoodwordError, RemoveTask, SetFields, WriteResult
from goodword.ledger import Ledger
from goodword.model import Action, action_key, task_key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    opened = Ledger(path)
    yield opened
    opened.close()


def keys(actions: Sequence[Action]) -> list[str]:
    return [action.key for action in actions]


# ------------------------------------------------------------------ frozen for ever


@pytest.mark.promise("identity.key-frozen")
def test_the_key_of_a_task_is_frozen_for_ever() -> None:
    # A changed key would make every task of every firm a second time: never update this text.
    assert task_key("acct-1", "c-42", "ask", "f-7") == "3270eca8a45abb39d30ad4901844b2e2"


@pytest.mark.parametrize(
    "other",
    [
        ("acct-2", "c-42", "ask", "f-7"),
        ("acct-1", "c-43", "ask", "f-7"),
        ("acct-1", "c-42", "thank_you", "f-7"),
        ("acct-1", "c-42", "ask", "f-8"),
    ],
)
@pytest.mark.promise("identity.key-frozen")
def test_account_contact_play_and_cycle_each_make_another_key(
    other: tuple[str, str, str, str],
) -> None:
    assert task_key(*other) != task_key("acct-1", "c-42", "ask", "f-7")


def test_a_play_cannot_take_the_key_of_another_kind_of_action() -> None:
    assert action_key("a", "c", "note", "x") != task_key("a", "c", "note", "x")


# ------------------------------------------------------------------ writes


@pytest.mark.promise("write.intent-first")
def test_an_intent_is_on_disk_before_the_host_is_called(ledger: Ledger, path: Path) -> None:
    ledger.intend("r1", [task("k1"), note("k2")], NOW)
    after_a_crash = Ledger(path)
    found = after_a_crash.open_intents()
    after_a_crash.close()
    assert keys([entry.action for entry in found]) == ["k1", "k2"]
    assert found[0].action == task("k1")
    assert (found[0].run_id, found[0].state, found[0].at) == ("r1", "intent", NOW)


def test_a_settled_write_knows_the_id_the_host_gave_it(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"), fields("k2"))
    entries = ledger.of_run("r1")
    assert [(e.action.key, e.state, e.remote_id) for e in entries] == [
        ("k1", "done", "remote k1"),
        ("k2", "done", "remote k2"),
    ]
    assert ledger.open_intents() == []


def test_what_the_host_refused_may_be_planned_again(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"), ok=False)
    assert ledger.of_run("r1") == []
    assert ledger.known(["k1"]) == frozenset()
    written(ledger, "r2", task("k1"))
    assert keys([entry.action for entry in ledger.of_run("r2")]) == ["k1"]


def test_what_a_person_changed_first_is_kept_as_skipped(ledger: Ledger) -> None:
    action = task("k1")
    ledger.intend("r1", [action], NOW)
    ledger.settle("r1", "p1", [(action, WriteResult("k1", ok=False, skipped=True))], NOW)
    assert (ledger.open_intents(), ledger.of_run("r1")) == ([], [])


def test_an_intent_that_never_arrived_is_forgotten(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"))
    ledger.intend("r2", [task("k2")], NOW)
    ledger.forget_intent("k1")
    ledger.forget_intent("k2")
    assert ledger.known(["k1", "k2"]) == {"k1"}


def test_a_batch_that_cannot_be_recorded_is_not_recorded_in_part(ledger: Ledger) -> None:
    action = task("k1")
    ledger.intend("r1", [action], NOW)

    def results() -> Iterator[tuple[Action, WriteResult]]:
        yield action, WriteResult("k1", ok=True)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ledger.settle("r1", "p1", results(), NOW)
    assert keys([entry.action for entry in ledger.open_intents()]) == ["k1"]


# ------------------------------------------------------------------ taken back


@pytest.mark.promise("undo.released")
def test_what_was_undone_waits_for_release(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"), fields("k2"))
    written(ledger, "r2", task("k3"))
    ledger.mark_undone("undo", "p", ["k1", "k2"], NOW)
    assert ledger.known(["k1", "k2", "k3"]) == {"k1", "k2", "k3"}
    assert ledger.settled(["k1"]) == {"k1"}
    assert ledger.release("r1") == 2
    assert ledger.known(["k1", "k2", "k3"]) == {"k3"}
    assert ledger.release("r1") == 0


# ------------------------------------------------------------------ runs and history


def test_runs_are_listed_newest_first_with_what_they_wrote(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"), task("k2"))
    written(ledger, "r2", task("k3"), ok=False, later=5)
    ledger.start("r3", "sync", "p3", NOW + timedelta(minutes=9), "rules", {})
    found = ledger.runs()
    assert [(run.run_id, run.kind, run.writes) for run in found] == [
        ("r3", "sync", 0),
        ("r2", "apply", 0),
        ("r1", "apply", 2),
    ]
    assert (found[0].finished_at, found[2].finished_at) == (None, NOW)


def test_a_run_begins_once(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"))
    with pytest.raises(GoodwordError, match="r1 is in the ledger already"):
        written(ledger, "r1", task("k2"))


def test_history_keeps_every_result_also_of_a_key_written_again(ledger: Ledger, path: Path) -> None:
    written(ledger, "r1", task("k1"), ok=False)
    written(ledger, "r2", task("k1"))
    ledger.mark_undone("undo", "p", ["k1"], NOW)
    ledger.release("r2")
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT run_id, result FROM history ORDER BY id").fetchall()
    database.close()
    assert rows == [("r1", "failed"), ("r2", "done"), ("undo", "done")]


@pytest.mark.promise("history.append-only")
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM history",
        "DELETE FROM history WHERE id = 1",
        "UPDATE history SET result = 'done'",
        "UPDATE history SET change = ''",
        "UPDATE history SET change = '', contact_id = 'c2'",
        "UPDATE history SET change = '', contact_id = 'forgotten-1', rule = ''",
        "INSERT OR REPLACE INTO history SELECT * FROM history",
    ],
)
def test_history_is_only_ever_added_to(ledger: Ledger, path: Path, statement: str) -> None:
    written(ledger, "r1", task("k1"), ok=False)
    with closing(sqlite3.connect(path)) as database:
        database.execute("INSERT INTO forgotten VALUES ('forgotten-1', '')")
        database.commit()
        before = database.execute("SELECT * FROM history").fetchall()
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute(statement)
        assert database.execute("SELECT * FROM history").fetchall() == before


# ------------------------------------------------------------------ the file


def test_everything_is_there_when_it_is_opened_again(path: Path) -> None:
    first = Ledger(path)
    written(first, "r1", task("k1"))
    first.close()
    again = Ledger(path)
    assert keys([entry.action for entry in again.of_run("r1")]) == ["k1"]
    again.close()


@pytest.mark.promise("versions.newer")
def test_a_ledger_of_a_newer_goodword_is_refused(path: Path) -> None:
    Ledger(path).close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(GoodwordError, match="newer goodword"):
        Ledger(path)


@pytest.mark.parametrize(("came_back", "state"), [(True, "undone"), (False, "done")])
def test_a_write_is_undone_only_when_the_host_took_it_back(
    ledger: Ledger, came_back: bool, state: str
) -> None:
    ledger.intend("r1", [task("k1"), fields("k2")], NOW)
    ledger.settle("r1", "p", [(task("k1"), WriteResult("k1", ok=True))], NOW)
    ledger.settle("r1", "p", [(fields("k2"), WriteResult("k2", ok=True))], NOW)
    remove = RemoveTask(key="u1", task_key="k1", contact_id="c1")
    restore = SetFields(key="u2", contact_id="c1", values={"score": None}, before={"score": 4})
    ledger.intend("r2", [remove, restore], NOW)
    results: list[tuple[Action, WriteResult]] = [
        (remove, WriteResult("u1", ok=came_back)),
        (restore, WriteResult("u2", ok=came_back)),
    ]
    ledger.settle("r2", "p", results, NOW, {"u2": "k2"})
    left = {entry.action.key for entry in ledger.of_run("r1")}
    assert left == (set() if came_back else {"k1", "k2"})
    assert ledger.taken_back() == ({"r1": 1} if state == "undone" else {})
    assert ledger.known(["k1"]) == {"k1"}
