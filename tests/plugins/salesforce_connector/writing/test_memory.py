"""What is remembered beside the org can be lost or damaged, and nothing is written twice."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from goodword import Lookups
from goodword_salesforce.memory import ACCOUNTS_FILE, ECHOES_FILE, FILE, LOOKUPS, read_memory


def test_what_was_remembered_is_read_again(tmp_path: Path) -> None:
    memory = read_memory(tmp_path)
    assert not memory.complete
    assert memory.may_exist("key")
    memory.attempt(["key"], 1_000.0)
    memory.open_tasks["00T"] = "key"
    memory.do_not_ask = {"003"}
    memory.shorten("003", "Wait…", "Wait until 2026-12-01")
    memory.take_back({"other": "00T2"}, 1_000.0)
    memory.echoes |= {"003": "abc"}
    memory.accounts["003"] = "001"
    memory.save()
    again = read_memory(tmp_path)
    assert again.complete
    assert (again.may_exist("key"), again.may_exist("never")) == (True, False)
    assert again.whole("003", "Wait…") == "Wait until 2026-12-01"
    assert again.whole("003", "somebody wrote here") == "somebody wrote here"
    assert again.recently_taken_back(2_000.0) == ["other"]
    assert again.recently_taken_back(9e9) == []
    assert (again.echoes, again.accounts) == ({"003": "abc"}, {"003": "001"})
    assert (again.open_tasks, again.do_not_ask) == ({"00T": "key"}, {"003"})


def test_only_its_owner_may_read_what_is_remembered(tmp_path: Path) -> None:
    for name in (FILE, LOOKUPS, f"{LOOKUPS}.new"):
        (tmp_path / name).touch(0o644)
    memory = read_memory(tmp_path)
    memory.echoes |= {"003": "abc"}
    memory.accounts["003"] = "001"
    memory.save()
    Lookups(tmp_path / LOOKUPS, "today").put(users=[])
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert files == dict.fromkeys((FILE, ECHOES_FILE, ACCOUNTS_FILE, LOOKUPS), 0o600)


def test_a_forgotten_person_is_in_none_of_the_files(tmp_path: Path) -> None:
    memory = read_memory(tmp_path)
    memory.attempt(["their key", "another key"], 1_000.0)
    memory.open_tasks |= {"00T": "their key"}
    memory.do_not_ask = {"003gone", "003"}
    memory.shorten("003gone", "Wait…", "Wait until 2026-12-01")
    memory.echoes |= {"003gone": "abc"}
    memory.accounts["003gone"] = "001"
    memory.save()
    memory.forget(["003gone"], ["their key"])
    memory.save()
    said = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    assert "003gone" not in said
    assert "their key" not in said
    assert "another key" in said


@pytest.mark.parametrize("name", [FILE, ECHOES_FILE, ACCOUNTS_FILE])
@pytest.mark.parametrize("content", ["", "{", "[]", '{"attempts": 3}', "null"])
def test_a_damaged_file_is_an_empty_one(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    memory = read_memory(tmp_path)
    assert not memory.complete
    assert (memory.attempts, memory.open_tasks, memory.do_not_ask) == ({}, {}, None)
    assert all(isinstance(known, dict) for known in (memory.echoes, memory.accounts))
    memory.save()
    assert read_memory(tmp_path).complete


def test_without_memory_the_next_pull_reads_everything(firm: Any, a_task: Any) -> None:
    connector = firm.open()
    cursor = connector.pull(None, Silent())
    task = a_task()
    connector.write([task])
    (firm.folder / "state" / FILE).write_text("{", encoding="utf-8")
    sink = Silent()
    firm.open().pull(cursor, sink)
    assert "contacts" in sink.complete
    assert firm.open()._desk.memory.open_tasks == {firm.task(task.key)["Id"]: task.key}


class Silent:
    """A sink that only keeps which tables were complete."""

    def __init__(self) -> None:
        self.complete: set[str] = set()

    def whole(self, *tables: str) -> None:
        self.complete.update(tables)

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None
