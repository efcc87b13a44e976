"""The ledger is ahead of the host, one run works at a time, and written words stay."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from firm_in_memory import TODAY, House, happy, new_tasks, open_house, person

from goodword import WriteResult, run, undoing
from goodword.errors import LockedError, PlanError
from goodword.firm import Firm
from goodword.model import Action
from goodword.testing import MemoryConnector

PEOPLE = [f"p{number}" for number in range(9)]


class Listening(MemoryConnector):
    """A host that looks into the ledger each time it is called to write."""

    def look_into(self, ledger: Path) -> None:
        self._ledger = ledger
        self.seen: list[dict[str, str]] = []

    def write(self, batch: Sequence[Action]) -> Sequence[WriteResult]:
        with sqlite3.connect(f"file:{self._ledger}?mode=ro", uri=True) as database:
            states = dict(database.execute("SELECT key, state FROM writes").fetchall())
        database.close()
        self.seen.append({action.key: states.get(action.key, "") for action in batch})
        self.before = states
        return super().write(batch)


@pytest.mark.long
@pytest.mark.promise("write.intent-first", "write.result-after")
def test_the_ledger_knows_of_a_batch_before_it_is_sent_and_of_its_end_before_the_next(
    tmp_path: Path,
) -> None:
    tables = {
        "contacts": [person(who) for who in PEOPLE],
        "feedback": [happy(who, TODAY) for who in PEOPLE],
    }
    folder = tmp_path / "firm"
    folder.mkdir()
    host = Listening(tables, today=TODAY)
    house = House(folder, host)
    house.settings("")
    plan = house.plan()
    ledger = house.firm().state.ledger
    host.look_into(ledger)
    report = house.apply(plan.plan_id)
    assert report.exit_code == 0
    assert [set(batch.values()) for batch in host.seen] == [{"intent"}] * len(host.seen)
    sent_before_the_last = [key for batch in host.seen[:-1] for key in batch]
    assert {host.before[key] for key in sent_before_the_last} <= {"done"}
    assert sum(map(len, host.seen)) == len(plan.actions)


@pytest.mark.promise("identity.cycle-ask")
def test_one_record_leads_to_one_ask_whatever_becomes_of_it(tmp_path: Path) -> None:
    house = open_house(tmp_path / "firm", contacts=[person("ada")], feedback=[happy("ada", TODAY)])
    (task,) = new_tasks(house.sync())
    assert task.cycle == f"nps-ada-{TODAY:%Y%m%d}"
    house.host.complete(task.key, "later", until=TODAY + timedelta(days=1))
    for days in (1, 5, 20):
        again = new_tasks(house.later(days).sync())
        assert task.cycle not in {found.cycle for found in again if found.asks}
    asks = [row["cycle"] for row in house.host.tasks() if row["play"] == "ask"]
    assert len(asks) == len(set(asks))


@pytest.mark.long
@pytest.mark.promise("rep.words-stay")
def test_an_open_task_keeps_its_words_when_the_words_and_the_customer_change(
    tmp_path: Path,
) -> None:
    house = open_house(tmp_path / "firm", contacts=[person("ada")], feedback=[happy("ada", TODAY)])
    house.sync()
    before = house.host.tasks("open")
    words = house.folder / "words" / "en"
    words.mkdir(parents=True)
    (words / "ask.txt").write_text("Subject: Another one\n\nOther words.\n", encoding="utf-8")
    house.host.put(contacts=[person("ada", job_title="Head of Sales") | {"name": "Ada Marr"}])
    house.later(1).sync()
    assert house.host.tasks("open") == before


def asked(folder: Path, people: Sequence[str]) -> House:
    """A firm in which each of *people* has a task."""
    house = open_house(
        folder,
        contacts=[person(who) for who in people],
        feedback=[happy(who, TODAY) for who in people],
    )
    house.sync()
    return house


@pytest.mark.long
@pytest.mark.promise("adopt.empty", "adopt.undo-gone")
def test_without_its_ledger_a_firm_finds_its_tasks_on_the_host(tmp_path: Path) -> None:
    house = asked(tmp_path / "firm", PEOPLE)
    before = house.host.tasks()
    for path in house.firm().state.folder.glob("ledger*"):
        path.unlink()
    plan = house.later(1).plan()
    assert new_tasks(plan) == []
    assert any("cannot be undone" in notice for notice in plan.notices), plan.notices
    house.apply(plan.plan_id)
    with pytest.raises(PlanError, match="no run"):
        house.undo()
    assert house.host.tasks() == before


@pytest.mark.long
@pytest.mark.promise("adopt.restored", "adopt.undo-gone")
def test_an_older_ledger_takes_up_the_tasks_it_does_not_know_and_makes_none_twice(
    tmp_path: Path,
) -> None:
    house = asked(tmp_path / "firm", PEOPLE[:4])
    state = house.firm().state.folder
    backup = {path: path.read_bytes() for path in state.glob("ledger*")}
    house.later(1).host.put(
        contacts=[person(who) for who in PEOPLE[4:]],
        feedback=[happy(who, house.today) for who in PEOPLE[4:]],
    )
    house.sync()
    before = house.host.tasks()
    for path in state.glob("ledger*"):
        path.unlink()
    for path, content in backup.items():
        path.write_bytes(content)
    plan = house.later(1).plan()
    assert new_tasks(plan) == []
    assert any("cannot be undone" in notice for notice in plan.notices), plan.notices
    house.apply(plan.plan_id)
    assert house.host.tasks() == before


@pytest.mark.long
@pytest.mark.promise("adopt.empty", "rep.not-again")
@pytest.mark.parametrize("mirror_too", [False, True], ids=["ledger lost", "all state lost"])
def test_a_task_found_on_the_host_is_remembered_once_a_rep_deletes_it(
    mirror_too: bool, tmp_path: Path
) -> None:
    house = asked(tmp_path / "firm", PEOPLE[:3])
    gone, said_never, left = house.host.tasks()
    for path in house.firm().state.folder.glob("*" if mirror_too else "ledger*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    house.later(1).apply(house.plan().plan_id)
    house.host.complete(said_never["task_key"], outcome="never")
    house.host.delete(gone["task_key"])
    house.plan()
    house.host.delete(said_never["task_key"])
    plan = house.later(1).plan()
    assert new_tasks(plan) == []
    house.apply(plan.plan_id)
    assert house.host.tasks() == [left]


@pytest.mark.long
@pytest.mark.promise("runs.one-machine")
def test_tasks_of_another_machine_stop_the_run_until_a_person_decides(tmp_path: Path) -> None:
    house = asked(tmp_path / "here", PEOPLE[:4])
    elsewhere = House(tmp_path / "elsewhere", house.host)
    elsewhere.folder.mkdir()
    elsewhere.settings("")
    elsewhere.apply(elsewhere.plan().plan_id)
    house.host.put(contacts=[person("new")], feedback=[happy("new", TODAY)])
    elsewhere.sync()
    before = house.host.tasks()
    for command in (run.plan, run.sync):
        with pytest.raises(PlanError) as refused:
            command(house.later(1).firm())
        assert "goodword adopt" in refused.value.hint
    run.adopt(house.firm())
    assert new_tasks(house.plan()) == []
    assert house.host.tasks() == before


@pytest.mark.promise("runs.one-at-a-time", "runs.holder-named")
@pytest.mark.parametrize("command", [run.plan, run.apply, run.sync, undoing.undo])
def test_a_second_run_of_any_kind_is_refused_and_told_who_is_at_work(
    command: Callable[[Firm], object], tmp_path: Path
) -> None:
    house = open_house(tmp_path / "firm", contacts=[person("ada")], feedback=[happy("ada", TODAY)])
    house.plan()
    version = house.host.host.version
    with (
        house.firm().state.lock("goodword sync, process 4711"),
        pytest.raises(LockedError, match="goodword sync, process 4711") as refused,
    ):
        command(house.firm())
    assert refused.value.exit_code == 1
    assert house.host.host.version == version
