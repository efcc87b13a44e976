"""Forgetting a person, and contents that expire: gone from the bytes, keys kept for ever."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from ledger_writes import NOW, TODAY, fields, link, note, task, written

from goodword import GoodwordError
from goodword.ledger import Ledger
from goodword.model import Action

LATER = NOW + timedelta(days=3)
NAME = "Åsa Öberg-Quist"
MAIL = "asa.oberg@example.org"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    opened = Ledger(path)
    yield opened
    opened.close()


def all_bytes(path: Path) -> bytes:
    """Everything in the ledger's folder: the file, its journal, what was left beside it."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


def about_asa(ledger: Ledger) -> None:
    mentions = task("k3", "c3").model_copy(update={"body": f"Greetings from {NAME.upper()}."})
    others = [task(f"o{number}", f"o{number}", name="Ida Lund") for number in range(200)]
    asa: list[Action] = [task("k1", "asa-1", name=NAME), fields("k2", "asa-1"), note("k5", "asa-1")]
    written(ledger, "r1", *others, *asa, mentions, link("k4", "c4", "asa-1"), later=1)
    ledger.reconcile(["k1"], TODAY, 1)


@pytest.mark.promise("forget.purged")
def test_name_and_id_of_a_forgotten_person_are_gone_from_every_byte(
    ledger: Ledger, path: Path
) -> None:
    about_asa(ledger)
    for trace in (NAME, NAME.upper(), "asa-1"):
        assert trace.encode() in all_bytes(path)
    assert ledger.forget("asa-1", [NAME, MAIL], LATER) == 5
    for trace in (NAME, NAME.upper(), "asa-1", "survey k1"):
        assert trace.encode() not in all_bytes(path)
        assert json.dumps(trace).encode() not in all_bytes(path)
    assert b"Ida Lund" in all_bytes(path)
    ledger.verify()


@pytest.mark.promise("forget.keys-stay", "forget.not-again")
def test_the_keys_of_a_forgotten_person_stay_so_that_nothing_is_made_again(ledger: Ledger) -> None:
    about_asa(ledger)
    keys = ["k1", "k2", "k3", "k4", "k5", "o7"]
    before = ledger.known(keys)
    ledger.forget("asa-1", [NAME], LATER)
    assert ledger.known(keys) == before == {"k1", "k3", "k4", "k5", "o7"}
    assert ledger.forgotten(["asa-1", "c3", "asa-2"]) == {"asa-1"}


@pytest.mark.promise("forget.no-id")
def test_who_was_forgotten_is_kept_as_a_hash_with_a_key_of_this_ledger(
    ledger: Ledger, tmp_path: Path
) -> None:
    other = Ledger(tmp_path / "other" / "ledger.sqlite")
    assert ledger.pseudonym("asa-1") == ledger.pseudonym("asa-1")
    assert len({ledger.pseudonym("asa-1"), ledger.pseudonym("c3"), other.pseudonym("asa-1")}) == 3
    other.close()


def test_one_list_of_forgotten_people_is_told_from_any_other(ledger: Ledger) -> None:
    about_asa(ledger)
    marks = [ledger.mark_of_forgotten()]
    for who in ("asa-1", "c3", "asa-1"):
        ledger.forget(who, [NAME], LATER)
        marks.append(ledger.mark_of_forgotten())
    assert marks[0] == ""
    assert len({*marks[:3]}) == 3
    assert marks[3] == marks[2]


def test_nobody_is_forgotten_in_a_new_ledger(ledger: Ledger) -> None:
    assert ledger.forgotten(["c1"]) == frozenset()


def test_forgetting_twice_is_forgetting_once(ledger: Ledger) -> None:
    about_asa(ledger)
    ledger.forget("asa-1", [NAME], LATER)
    assert ledger.forget("asa-1", [NAME], LATER) == 0
    assert ledger.forgotten(["asa-1"]) == {"asa-1"}


def test_history_of_a_forgotten_person_keeps_what_happened_but_not_to_whom(ledger: Ledger) -> None:
    about_asa(ledger)
    ledger.forget("asa-1", [NAME], LATER)
    assert list(ledger.history(contact_id="asa-1")) == []
    lines = list(ledger.history(contact_id=ledger.pseudonym("asa-1")))
    assert [(line.key, line.change, line.result) for line in lines] == [
        ("k1", "", "done"),
        ("k2", "", "done"),
        ("k5", "", "done"),
    ]
    assert next(ledger.history(contact_id="c3")).change == "ask due 2026-11-24"


def test_other_people_keep_their_way_back_unless_they_mention_the_name(ledger: Ledger) -> None:
    about_asa(ledger)
    ledger.forget("asa-1", [NAME, " ", ""], LATER)
    assert {entry.action.contact_id for entry in ledger.of_run("r1")} == {
        f"o{number}" for number in range(200)
    }
    assert ledger.expired("r1") == 5


@pytest.mark.parametrize("name", ['Jo "Duke" Ellis', "Back\\slash Bo", "Tab\tTed", "Łukasz Ż"])
def test_a_name_is_found_however_json_writes_it(ledger: Ledger, path: Path, name: str) -> None:
    written(ledger, "r1", task("k1", "c1", name=name), task("k2", "c2"))
    escaped = json.dumps({**json.loads(payload_of(path, "k1")), "key": "k2"})
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE writes SET payload = ? WHERE key = 'k2'", (escaped,))
        other.commit()
    assert ledger.forget("somebody else", [name], LATER) == 2
    assert (payload_of(path, "k1"), payload_of(path, "k2")) == ("", "")


def payload_of(path: Path, key: str) -> str:
    with closing(sqlite3.connect(path)) as other:
        row = other.execute("SELECT payload FROM writes WHERE key = ?", (key,)).fetchone()
        return str(row[0])


def test_a_deleted_task_of_a_forgotten_person_is_no_answer_of_anybody(ledger: Ledger) -> None:
    about_asa(ledger)
    ledger.reconcile([], TODAY, 2)
    ledger.forget("asa-1", [NAME], LATER)
    assert "k1" not in {row.key for row in ledger.outstanding()}
    assert len(ledger.outstanding()) == 201


def deleted_after_a_name(ledger: Ledger) -> None:
    """A task answered with a name, which a rep deleted."""
    written(ledger, "r1", task("k1", "c1", name="Ida Lund"))
    ledger.note_host(["k1"], {}, TODAY, 1)
    stood = {"state": "done", "outcome": "yes", "outcome_name": NAME}
    ledger.note_host([], {"k1": stood}, TODAY, 2)


def test_a_forgotten_name_is_gone_from_a_deleted_task_and_the_answer_stays(
    ledger: Ledger, path: Path
) -> None:
    deleted_after_a_name(ledger)
    ledger.forget("somebody else", ["Ida Lun", "Ås"], LATER)
    assert ledger.outstanding()[0].last["outcome_name"] == NAME
    ledger.forget("asa-1", [NAME], LATER)
    assert ledger.outstanding()[0].last == {"state": "done", "outcome": "yes"}
    for trace in (NAME, json.dumps(NAME)[1:-1]):
        assert trace.encode() not in all_bytes(path)


def test_a_name_given_on_a_task_that_is_long_gone_expires(ledger: Ledger) -> None:
    deleted_after_a_name(ledger)
    ledger.expire(NOW)
    assert ledger.outstanding()[0].last["outcome_name"] == NAME
    ledger.expire(LATER)
    assert ledger.outstanding()[0].last == {"state": "done", "outcome": "yes"}


def test_fields_of_a_forgotten_person_are_not_remembered(ledger: Ledger) -> None:
    about_asa(ledger)
    written(ledger, "r2", fields("k9", "asa-1", score=70), later=2)
    assert "asa-1" in ledger.fields_since(1, NOW)
    ledger.forget("asa-1", [NAME], LATER)
    assert ledger.fields_since(1, NOW) == {}


def test_nobody_is_forgotten_while_a_write_may_still_be_on_its_way(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"))
    ledger.intend("r2", [task("k2", "c2")], NOW)
    with pytest.raises(GoodwordError, match="goodword pull"):
        ledger.forget("c1", [], LATER)
    assert ledger.forgotten(["c1"]) == frozenset()
    assert len(ledger.of_run("r1")) == 1


def test_forgetting_keeps_runs_and_writes_in_their_order(ledger: Ledger) -> None:
    for number in range(9):
        written(ledger, f"r{9 - number}", task(f"b{number}"), task(f"a{number}"))
    ledger.forget("nobody", [], LATER)
    assert [run.run_id for run in ledger.runs()] == [f"r{number}" for number in range(1, 10)]
    assert [entry.action.key for entry in ledger.of_run("r9")] == ["b0", "a0"]


@pytest.mark.promise("undo.released")
def test_what_was_taken_back_is_not_written_again_however_long_ago(ledger: Ledger) -> None:
    written(ledger, "r1", fields("k1", "c1", score=70), fields("k2", "c2", score=80))
    ledger.strike("r2", [fields("k3", "c3", score=90)], NOW)
    ledger.mark_undone("r3", "p", ["k1"], NOW)
    assert ledger.expire(LATER) == 1
    assert ledger.withheld() == {"c1": {("score", 70): 1}, "c3": {("score", 90): 0}}


@pytest.mark.promise("forget.payloads-expire")
def test_old_contents_expire_and_the_run_says_what_it_can_no_longer_take_back(
    ledger: Ledger, path: Path
) -> None:
    written(ledger, "r1", task("k1", name="Ivo Old"), fields("k2"))
    written(ledger, "r2", task("k3", name="Una New"), later=60)
    assert ledger.expire(NOW + timedelta(minutes=30)) == 2
    assert ledger.expire(NOW + timedelta(minutes=30)) == 0
    assert (ledger.of_run("r1"), ledger.expired("r1")) == ([], 2)
    assert (len(ledger.of_run("r2")), ledger.expired("r2")) == (1, 0)
    assert ledger.known(["k1", "k2", "k3"]) == {"k1", "k3"}
    assert ledger.given(["k1"]) == {"k1": "o1"}
    assert [row.key for row in ledger.outstanding()] == ["k1", "k3"]
    assert b"Ivo Old" not in all_bytes(path)
    assert b"Una New" in all_bytes(path)


def test_a_write_that_may_be_on_its_way_keeps_its_content(ledger: Ledger) -> None:
    ledger.intend("r1", [task("k1")], NOW)
    assert ledger.expire(LATER) == 0
    assert [entry.action for entry in ledger.open_intents()] == [task("k1")]


def test_expired_contents_leave_no_bytes_in_a_large_ledger(ledger: Ledger, path: Path) -> None:
    for number in range(12):
        some = [task(f"k{number}-{i * 7 % 100}", f"c{i}", name=f"Ivo Old{i}") for i in range(100)]
        written(ledger, f"r{number}", *some, later=number)
    assert ledger.expire(NOW + timedelta(minutes=10)) == 1000
    ledger.expire(LATER)
    assert b"Ivo Old" not in all_bytes(path)
