"""What planning asks of the ledger: known keys, tasks the host shows or not, runs and notes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from ledger_writes import NOW, TODAY, fields, link, move, note, task, written

from goodword import WriteResult
from goodword.ledger import Ledger, Outstanding

MINUTE = timedelta(minutes=1)
TOMORROW = TODAY + timedelta(days=1)
STOOD = {"state": "done", "outcome": "never", "done_at": "2026-11-19T00:00:00"}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


def missing(ledger: Ledger) -> dict[str, date | None]:
    return {row.key: row.missing_since for row in ledger.outstanding()}


# ------------------------------------------------------------------ keys


def test_tasks_notes_and_links_are_known_for_ever_and_fields_are_not(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"), note("k2"), fields("k3"), link("k4"))
    written(ledger, "r2", task("k5"), ok=False)
    ledger.intend("r3", [task("k6"), fields("k7")], NOW)
    keys = [f"k{number}" for number in range(1, 9)]
    assert ledger.known(keys) == {"k1", "k2", "k4", "k6"}
    assert ledger.settled(keys) == {"k1", "k2", "k3", "k4"}


def test_any_number_of_keys_can_be_asked_about(ledger: Ledger) -> None:
    written(ledger, "r1", *(task(f"k{number}") for number in range(1201)))
    asked = [f"k{number}" for number in range(0, 4000, 2)]
    assert len(ledger.known(asked)) == 601
    assert len(ledger.given(asked)) == 601
    assert ledger.known([]) == frozenset()


def test_a_task_was_given_to_whom_it_was_moved_last(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1", owner="ana"), task("k2", owner=None), task("k3"))
    written(ledger, "r2", move("m1", "k1", "ana", "ben"), later=1)
    written(ledger, "r3", move("m2", "k1", "ben", "cleo"), later=2)
    written(ledger, "r4", move("m3", "k1", "cleo", "dora"), ok=False, later=3)
    written(ledger, "r5", move("m4", "elsewhere", "ana", "ben"), later=4)
    given = ledger.given(["k1", "k2", "elsewhere", "never"])
    assert given == {"k1": "cleo", "k2": None, "elsewhere": "ben"}


def test_a_move_that_was_taken_back_does_not_count(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1", owner="ana"))
    written(ledger, "r2", move("m1", "k1", "ana", "ben"), later=1)
    ledger.mark_undone("undo", "p", ["m1"], NOW)
    assert ledger.given(["k1"]) == {"k1": "ana"}


@pytest.mark.promise("write.overlay")
def test_fields_written_after_the_pull_are_known_with_the_last_value(ledger: Ledger) -> None:
    written(ledger, "r1", fields("k1", score=10))
    ledger.reconcile([], TODAY, 7)
    written(ledger, "r2", fields("k2", score=20), fields("k3", "c2", score=5), later=2)
    written(ledger, "r3", fields("k4", score=30), later=3)
    written(ledger, "r4", fields("k5", score=90), ok=False, later=4)
    assert ledger.fields_since(7, NOW) == {"c1": {"score": 30}, "c2": {"score": 5}}
    ledger.note_host([], {}, TODAY, 8)
    assert ledger.fields_since(8, NOW) == {}


def test_a_pull_the_ledger_was_not_compared_with_holds_all_there_is(ledger: Ledger) -> None:
    ledger.reconcile([], TODAY, 7)
    written(ledger, "r1", fields("k1", score=10))
    assert ledger.fields_since(8, NOW) == {}


def test_before_the_first_pull_of_this_version_the_clock_tells(ledger: Ledger) -> None:
    written(ledger, "r1", fields("k1", score=10))
    written(ledger, "r2", fields("k2", score=20), later=2)
    naive = (NOW + MINUTE).replace(tzinfo=None)  # a snapshot's time is UTC without saying so
    assert ledger.fields_since(7, naive) == {"c1": {"score": 20}}
    assert ledger.fields_since(7, NOW + 3 * MINUTE) == {}


def test_with_the_clock_set_back_the_last_write_is_still_the_last(ledger: Ledger) -> None:
    written(ledger, "r1", fields("k1", score=10), later=60)
    ledger.reconcile([], TODAY, 7)
    assert ledger.fields_since(7, NOW) == {}
    written(ledger, "r2", fields("k2", score=20), later=5)
    written(ledger, "r3", fields("k3", score=30), later=1)
    assert ledger.fields_since(7, NOW) == {"c1": {"score": 30}}


def test_runs_taken_back_are_listed_with_their_tasks_until_released(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"), task("k2"), fields("k3"))
    written(ledger, "r2", fields("k4"))
    assert ledger.taken_back() == {}
    ledger.mark_undone("undo", "p", ["k1", "k2", "k3", "k4"], NOW)
    assert list(ledger.taken_back().items()) == [("r2", 0), ("r1", 2)]
    ledger.release("r1")
    assert ledger.taken_back() == {"r2": 0}


# ------------------------------------------------------------------ what the host shows


@pytest.mark.promise("write.open-counts")
def test_a_task_the_host_did_not_show_yet_is_outstanding_with_all_an_ask_needs(
    ledger: Ledger,
) -> None:
    written(ledger, "r1", task("k1"), fields("k2"), task("k3"))
    ledger.intend("r2", [task("k4", owner=None)], NOW + MINUTE)
    ledger.mark_undone("undo", "p", ["k3"], NOW)
    due = date(2026, 11, 24)
    assert ledger.outstanding() == [
        Outstanding("k1", "c1", "o1", "ask", "survey k1", due, "remote k1", NOW, None),
        Outstanding("k4", "c1", None, "ask", "survey k4", due, "", NOW + MINUTE, None),
    ]


def test_a_task_the_host_shows_is_no_longer_outstanding(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"), task("k2"))
    ledger.note_host(["k1", "k2", "not ours"], {}, TODAY, 1)
    assert ledger.outstanding() == []
    assert ledger.meta("reconciled") == "1"


@pytest.mark.promise("ask.deleted")
def test_a_task_gone_from_the_host_is_missing_since_the_first_day_we_saw_it(
    ledger: Ledger,
) -> None:
    written(ledger, "r1", task("k1"), task("k2"))
    ledger.note_host(["k1", "k2"], {}, TODAY, 1)
    ledger.note_host([], {"k1": STOOD, "not ours": {}}, TODAY, 2)
    ledger.note_host([], {"k1": {}}, TOMORROW, 3)
    assert missing(ledger) == {"k1": TODAY}
    assert ledger.outstanding()[0].last == STOOD


def test_a_task_deleted_before_any_pull_is_missing_too(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"), task("k2"))
    ledger.note_host(["k2"], {}, TODAY, 1)
    ledger.note_host([], {}, TOMORROW, 2)
    assert missing(ledger) == {"k1": TODAY}


def test_a_task_that_may_be_on_its_way_is_not_missing(ledger: Ledger) -> None:
    ledger.intend("r1", [task("k1")], NOW)
    ledger.note_host([], {}, TODAY, 1)
    assert missing(ledger) == {"k1": None}


def test_a_task_that_comes_back_is_no_longer_missing(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"))
    ledger.note_host([], {"k1": {}}, TODAY, 1)
    ledger.note_host(["k1"], {}, TOMORROW, 2)
    assert ledger.outstanding() == []


def test_a_task_we_took_back_ourselves_is_not_missing(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"))
    ledger.note_host(["k1"], {}, TODAY, 1)
    ledger.mark_undone("undo", "p", ["k1"], NOW)
    ledger.note_host([], {"k1": {}}, TODAY, 2)
    assert ledger.outstanding() == []


def test_comparing_everything_tells_the_same_as_the_differences(ledger: Ledger) -> None:
    written(ledger, "r1", *(task(f"k{number}") for number in range(6)))
    ledger.intend("r2", [task("k6")], NOW)
    ledger.reconcile(["k0", "k1", "k2", "not ours"], TODAY, 4)
    assert missing(ledger) == {"k3": TODAY, "k4": TODAY, "k5": TODAY, "k6": None}
    ledger.reconcile(["k1", "k3", "k4"], TOMORROW, 5)
    assert missing(ledger) == {"k0": TOMORROW, "k2": TOMORROW, "k5": TODAY, "k6": None}
    assert ledger.meta("reconciled") == "5"


# ------------------------------------------------------------------ runs


def test_a_run_says_how_it_ended(ledger: Ledger) -> None:
    ledger.start("r1", "sync", "p1", NOW, "rules", {}, "pilot")
    assert [(run.mode, run.result, run.error) for run in ledger.runs()] == [
        ("pilot", "running", "")
    ]
    ledger.finish("r1", NOW + MINUTE, "failed", "The host is away.")
    (run,) = ledger.runs()
    assert (run.result, run.error, run.finished_at) == ("failed", "The host is away.", NOW + MINUTE)


def test_the_last_runs_and_the_last_of_a_kind_are_found(ledger: Ledger) -> None:
    assert ledger.last_run(["apply"]) is None
    for number, kind in enumerate(("apply", "sync", "undo", "sync")):
        ledger.start(f"r{number}", kind, "p", NOW + number * MINUTE, "rules", {})
    assert [run.run_id for run in ledger.runs(2)] == ["r3", "r2"]
    last = ledger.last_run(["apply", "undo"])
    assert last is not None
    assert last.run_id == "r2"
    assert ledger.last_run([]) is None


def test_the_newest_moment_of_any_run_shows_a_clock_that_was_set_back(ledger: Ledger) -> None:
    assert ledger.clock() is None
    written(ledger, "r1", task("k1"), later=30)
    ledger.start("r2", "apply", "p2", NOW, "rules", {})
    assert ledger.clock() == NOW + 30 * MINUTE
    ledger.finish("r2", datetime(2026, 11, 20, 12, 0))
    assert ledger.clock() == NOW + 180 * MINUTE


@pytest.mark.promise("runs.one-machine")
def test_runs_that_neither_we_made_nor_a_person_adopted_are_foreign(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"))
    assert ledger.foreign(["theirs-2", "r1", "theirs-1", "", "theirs-1"]) == [
        "theirs-1",
        "theirs-2",
    ]
    assert ledger.adopt(["theirs-1", "r1"], NOW) == 1
    assert ledger.foreign(["theirs-2", "r1", "theirs-1"]) == ["theirs-2"]
    assert ledger.adopt(["theirs-1"], NOW) == 0


def test_a_ledger_is_empty_until_a_run_means_to_write(ledger: Ledger) -> None:
    assert ledger.is_empty()
    ledger.start("r1", "apply", "p1", NOW, "rules", {})
    ledger.adopt(["theirs"], NOW)
    assert ledger.is_empty()
    ledger.intend("r1", [task("k1")], NOW)
    assert not ledger.is_empty()


def test_a_ledger_that_wrote_is_not_empty_although_all_was_released(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"))
    ledger.mark_undone("undo", "p", ["k1"], NOW)
    ledger.release("r1")
    assert not ledger.is_empty()


def test_notes_are_kept_by_name(ledger: Ledger) -> None:
    assert ledger.meta("start_date") is None
    ledger.set_meta("start_date", "2026-11-20")
    ledger.set_meta("start_date", "2026-11-21")
    assert ledger.meta("start_date") == "2026-11-21"
    ledger.set_meta("start_date", None)
    assert ledger.meta("start_date") is None


# ------------------------------------------------------------------ history


@pytest.mark.promise("history.each-write")
def test_history_tells_when_who_which_plan_versions_rule_and_change(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"), fields("k2", score=55, before=40))
    first, second = ledger.history()
    assert (first.at, first.run_id, first.plan_id) == (NOW, "r1", "plan of r1")
    assert first.versions == {"goodword": "0.2.0"}
    assert first.os_user
    assert (first.rule, first.change, first.result) == ("promoter", "ask due 2026-11-24", "done")
    assert (second.kind, second.change) == ("set_fields", "score: 40 -> 55")


def test_history_keeps_no_words_of_our_fields(ledger: Ledger) -> None:
    values = {"stage": "buy", "segment": None, "why": "Ada Brook told a friend", "score": 0}
    before = {"stage": None, "segment": "Advocate", "why": "Ada Brook bought", "score": None}
    action = fields("k1").model_copy(update={"values": values, "before": before})
    written(ledger, "r1", action)
    (line,) = ledger.history()
    assert (
        line.change
        == "stage: none -> buy; segment: Advocate -> none; why changed; score: none -> 0"
    )


@pytest.mark.promise("history.filters")
def test_history_can_be_of_one_contact_or_one_run(ledger: Ledger) -> None:
    written(ledger, "r1", *(task(f"k{number}", f"c{number % 2}") for number in range(2100)))
    written(ledger, "r2", task("n1", "c1"))
    assert len(list(ledger.history())) == 2101
    assert [line.key for line in ledger.history(run_id="r2")] == ["n1"]
    assert [line.key for line in ledger.history("c0")] == [f"k{n}" for n in range(0, 2100, 2)]
    assert [line.key for line in ledger.history("c1", "r2")] == ["n1"]


def test_history_can_be_read_while_a_run_writes(ledger: Ledger) -> None:
    written(ledger, "r1", *(task(f"k{number}") for number in range(1500)))
    lines = ledger.history()
    next(lines)
    action = task("n1")
    ledger.intend("r2", [action], NOW)
    ledger.settle("r2", "p2", [(action, WriteResult("n1", ok=True))], NOW)
    assert [line.key for line in lines][-1] == "n1"
