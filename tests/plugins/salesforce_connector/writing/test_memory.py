"""What is remembered beside the org can be lost or damaged, and nothing is written twice."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from goodword import Lookups
from goodword_salesforce.memory import (
    ACCOUNTS_FILE,
    COPY,
    ECHOES_FILE,
    FILE,
    LOOKUPS,
    MERGED_FILE,
    read_memory,
)

FILES = (FILE, COPY, ECHOES_FILE, ACCOUNTS_FILE, MERGED_FILE)


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
    for name in (FILE, COPY, LOOKUPS, f"{LOOKUPS}.new"):
        (tmp_path / name).touch(0o644)
    memory = read_memory(tmp_path)
    memory.echoes |= {"003": "abc"}
    memory.accounts["003"] = "001"
    memory.become({"00Q": "003"}, ())
    memory.save()
    Lookups(tmp_path / LOOKUPS, "today").put(users=[])
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert files == dict.fromkeys((*FILES, LOOKUPS), 0o600)


def test_a_forgotten_person_is_in_none_of_the_files(tmp_path: Path) -> None:
    memory = read_memory(tmp_path)
    memory.attempt(["their key", "another key"], 1_000.0)
    memory.open_tasks |= {"00T": "their key"}
    memory.do_not_ask = {"003gone", "003"}
    memory.shorten("003gone", "Wait…", "Wait until 2026-12-01")
    memory.echoes |= {"003gone": "abc"}
    memory.accounts["003gone"] = "001"
    memory.become({"00Q": "003gone", "00Qgone": "003"}, ())
    memory.refusals["mark:00Q"] = ("003gone", "held")
    memory.save()
    memory.forget(["003gone", "00Qgone"], ["their key"])
    memory.save()
    said = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    assert "003gone" not in said
    assert "00Q" not in said
    assert "their key" not in said
    assert "another key" in said


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", ["", "{", "[]", '{"attempts": 3}', "null"])
def test_a_damaged_file_is_an_empty_one(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    memory = read_memory(tmp_path)
    assert not memory.complete
    assert (memory.attempts, memory.open_tasks, memory.do_not_ask) == ({}, {}, None)
    known = (memory.echoes, memory.accounts, memory.became)
    assert all(isinstance(each, dict) for each in known)
    memory.save()
    assert read_memory(tmp_path).complete


@pytest.mark.parametrize("content", [None, "", "{", "null", '{"00Q": "003"}'])
def test_not_knowing_who_became_somebody_else_is_noticed(
    tmp_path: Path, content: str | None
) -> None:
    memory = read_memory(tmp_path)
    memory.become({"00Q": "003", "003two": "003"}, ())
    memory.save()
    assert read_memory(tmp_path).serves("")
    assert not read_memory(tmp_path).serves("another pull")
    (tmp_path / MERGED_FILE).unlink()
    if content is not None:
        (tmp_path / MERGED_FILE).write_text(content, encoding="utf-8")
    assert not read_memory(tmp_path).serves("")
    read_memory(tmp_path).attempt(["key"], 1_000.0)
    assert not read_memory(tmp_path).serves("")


@pytest.mark.parametrize("content", [None, "", "{", "null"])
def test_a_copy_stands_in_for_a_file_and_never_says_that_a_key_was_not_sent(
    tmp_path: Path, content: str | None
) -> None:
    memory = read_memory(tmp_path)
    memory.refusals["mark:003two"] = ("003", "held")
    memory.attempt(["key"], 1_000.0)
    (tmp_path / FILE).unlink()
    if content is not None:
        (tmp_path / FILE).write_text(content, encoding="utf-8")
    again = read_memory(tmp_path)
    assert again.refusals == {"mark:003two": ("003", "held")}
    assert (again.complete, again.copied, again.may_exist("never")) == (False, True, True)
    again.save()
    assert (read_memory(tmp_path).complete, read_memory(tmp_path).copied) == (True, False)


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
