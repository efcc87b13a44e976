"""The host in memory keeps the contract every connector keeps; and the contract guards itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from goodword import (
    AuthError,
    ConnectorSpec,
    CreateTask,
    RecordError,
    RetryableError,
    SetFields,
    UsageError,
    Workplace,
)
from goodword.testing import (
    Answer,
    ConnectorContract,
    Crash,
    MemoryConnector,
    MemorySettings,
    Provoke,
    RestoringMemoryConnector,
    memory_spec,
)
from goodword.testing.contract import standard_tests

FIRM: dict[str, list[dict[str, object]]] = {
    "contacts": [
        {"contact_id": "c1", "name": "Ada Brook", "email": "ada@example.org", "owner_id": "o1"},
        {"contact_id": "c2", "name": "Ben Carver", "email": "ben@example.org", "owner_id": "o1"},
        {"contact_id": "c3", "name": "Cleo Dunn", "created_at": date(2025, 3, 1)},
    ],
    "owners": [
        {"owner_id": "o1", "name": "Rep One", "active": True},
        {"owner_id": "o2", "name": "Rep Two", "active": True},
    ],
    "tickets": [],
    "activities": [
        {"activity_id": "a1", "contact_id": "c1", "kind": "call", "at": date(2026, 11, 2)}
    ],
}


class TestMemoryConnector(ConnectorContract):
    """A host that can hold everything, kept in a file between connections."""

    @pytest.fixture
    def spec(self) -> ConnectorSpec[MemorySettings]:
        return memory_spec()

    @pytest.fixture
    def connector(self, tmp_path: Path, run_id: str) -> MemoryConnector:
        return MemoryConnector(FIRM, path=tmp_path / "host.json", run_id=run_id)

    @pytest.fixture
    def reopen(self, connector: MemoryConnector, tmp_path: Path) -> Callable[[], MemoryConnector]:
        return lambda: MemoryConnector(path=tmp_path / "host.json")

    @pytest.fixture
    def answer(self, reopen: Callable[[], MemoryConnector]) -> Answer:
        return lambda key, outcome: reopen().complete(key, outcome)

    @pytest.fixture
    def provoke(self, connector: MemoryConnector) -> Provoke:
        denied = AuthError("The host refused the token.", hint="Sign in again.")
        busy = RetryableError("The host is busy.", hint="Try later.", retry_after=10)
        return {
            AuthError: lambda: connector.fail_next(denied),
            RetryableError: lambda: connector.fail_next(busy),
        }


class TestMemoryConnectorThatHoldsNothing(ConnectorContract):
    """A host we may only read."""

    @pytest.fixture
    def spec(self, connector: MemoryConnector) -> ConnectorSpec[MemorySettings]:
        return memory_spec(connector)

    @pytest.fixture
    def connector(self) -> MemoryConnector:
        return MemoryConnector(FIRM, capabilities=frozenset())

    @pytest.fixture
    def reopen(self, connector: MemoryConnector) -> Callable[[], MemoryConnector]:
        return lambda: connector


class TestRestoringMemoryConnector(ConnectorContract):
    """A host that can be put back as it was."""

    @pytest.fixture
    def spec(self, connector: MemoryConnector) -> ConnectorSpec[MemorySettings]:
        return memory_spec(connector)

    @pytest.fixture
    def connector(self, run_id: str) -> MemoryConnector:
        return RestoringMemoryConnector(FIRM, run_id=run_id, today=date(2026, 11, 20))

    @pytest.fixture
    def reopen(self, connector: MemoryConnector) -> Callable[[], MemoryConnector]:
        return lambda: connector

    @pytest.fixture
    def answer(self, connector: MemoryConnector) -> Answer:
        return lambda key, outcome: connector.complete(key, outcome)


def test_a_suite_may_not_replace_a_standard_test_in_silence() -> None:
    name = "test_a_task_written_twice_exists_once"
    with pytest.raises(UsageError, match="without a reason"):
        type("Lenient", (ConnectorContract,), {name: lambda self: None})
    with pytest.raises(UsageError, match="without a reason"):
        type("Forgetful", (ConnectorContract,), {name: None})
    with pytest.raises(UsageError, match="without a reason"):
        type("Vague", (ConnectorContract,), {name: None, "replaced": {name: " "}})


def test_a_mixin_may_not_replace_one_either() -> None:
    mixin = type("Mixin", (), {"test_ids_are_the_same_in_every_connection": lambda self: None})
    with pytest.raises(UsageError, match="without a reason"):
        type("Mixed", (mixin, ConnectorContract), {})


def test_a_suite_may_replace_a_standard_test_with_a_reason() -> None:
    name = "test_a_referral_is_linked_once"
    reasons = {name: "the host counts links, tested by its own suite"}
    suite = type("Honest", (ConnectorContract,), {name: None, "replaced": reasons})
    assert vars(suite)["replaced"] == reasons


def test_a_reason_for_a_test_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="no standard test"):
        type("Stale", (ConnectorContract,), {"replaced": {"test_gone": "long ago"}})


@pytest.mark.parametrize("name", sorted(standard_tests()))
def test_every_standard_test_says_what_to_do_when_it_fails(name: str) -> None:
    assert (standard_tests()[name].__doc__ or "").startswith("If it fails: ")


def test_a_suite_without_a_needed_fixture_says_which_one(tmp_path: Path) -> None:
    suite = tmp_path / "test_incomplete.py"
    suite.write_text(
        "from goodword.testing import ConnectorContract\n"
        "class TestIncomplete(ConnectorContract):\n"
        "    pass\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(suite)]
    path = os.pathsep.join(sys.path)
    shown = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert shown.returncode == 1
    assert "The contract suite has no fixture 'connector'." in shown.stdout


def test_the_host_in_memory_refuses_people_fields_and_reps_it_does_not_know() -> None:
    host = MemoryConnector(FIRM, fields=frozenset({"stage"}))
    stranger = SetFields(key="k1", contact_id="c9", values={"stage": "buy"}, before={"stage": None})
    field = SetFields(key="k2", contact_id="c1", values={"score": 5}, before={"score": None})
    rep = task("k3").model_copy(update={"owner_id": "o9"})
    results = host.write([stranger, field, rep])
    assert [result.ok for result in results] == [False, False, False]
    assert [result.error.split(".")[0] for result in results] == [
        "set_fields: there is no such contact",
        "set_fields: there is no field 'score'",
        "There is no such owner",
    ]
    assert host.rows("own_fields") == []


@pytest.mark.promise("apply.fields-changed")
def test_a_field_a_person_changed_is_skipped() -> None:
    host = MemoryConnector(FIRM)
    host.put(own_fields=[{"contact_id": "c1", "stage": "refer"}])
    write = SetFields(key="k1", contact_id="c1", values={"stage": "buy"}, before={"stage": "try"})
    (result,) = host.write([write])
    assert (result.ok, result.skipped) == (False, True)
    assert host.own_fields("c1")["stage"] == "refer"


def test_a_crash_leaves_what_was_stored_before_it(tmp_path: Path) -> None:
    host = MemoryConnector(FIRM, path=tmp_path / "host.json")
    host.crash_after(2)
    with pytest.raises(Crash):
        host.write([task("k1"), task("k2"), task("k3")])
    after = MemoryConnector(path=tmp_path / "host.json")
    assert [row["task_key"] for row in after.tasks("open")] == ["k1", "k2"]
    assert after.words("k1")["subject"] == "Call Ada"


def test_a_rep_can_answer_edit_and_delete_tasks() -> None:
    host = MemoryConnector(FIRM, today=date(2026, 11, 20))
    host.write([task("k1"), task("k2"), task("k3")])
    host.complete("k1", "later", on=date(2026, 11, 23), until=date(2027, 1, 15))
    host.edit("k2")
    host.delete("k3")
    done = host.task("k1")
    assert (done["outcome"], done["outcome_at"]) == ("later", datetime(2027, 1, 15))
    assert host.find(["k2"])["k2"].edited
    assert [row["task_key"] for row in host.tasks()] == ["k1", "k2"]
    with pytest.raises(RecordError, match="no task"):
        host.delete("k3")
    with pytest.raises(RecordError, match="no outcome"):
        host.complete("k2", "perhaps")


def test_a_person_the_host_erased_is_told_with_the_next_pull_and_with_every_full_one(
    tmp_path: Path,
) -> None:
    host = MemoryConnector(FIRM, path=tmp_path / "host.json")
    cursor = host.pull(None, Erasures())
    host.erase("c1")
    later = MemoryConnector(path=tmp_path / "host.json")
    next_pull, full, after = Erasures(), Erasures(), Erasures()
    cursor = later.pull(cursor, next_pull)
    later.pull(None, full)
    later.pull(cursor, after)
    assert [next_pull.people, full.people, after.people] == [["c1"], ["c1"], []]
    assert [row["contact_id"] for row in later.rows("contacts")] == ["c2", "c3"]


def test_the_settings_say_whether_the_host_in_memory_is_a_test_account(tmp_path: Path) -> None:
    spec = memory_spec()
    work = Workplace(tmp_path, tmp_path, "run-1", date(2026, 11, 20))
    assert not spec.open(MemorySettings(), work).sandbox
    assert spec.open(MemorySettings(sandbox=True), work).sandbox


def test_a_task_belongs_to_the_run_the_host_was_opened_for(tmp_path: Path) -> None:
    host = MemoryConnector(FIRM)
    spec = memory_spec(host)
    for run in ("run-1", "run-2"):
        opened = spec.open(MemorySettings(), Workplace(tmp_path, tmp_path, run, host.today))
        opened.write([task("k1"), task(f"k-{run}")])
    runs = {row["task_key"]: row["run_id"] for row in host.rows("asks")}
    assert runs == {"k1": "run-1", "k-run-1": "run-1", "k-run-2": "run-2"}


class Erasures:
    """A sink that only hears of people who were erased."""

    def __init__(self) -> None:
        self.people: list[str] = []

    def put(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Of no interest here."""

    def remove(self, table: str, keys: Sequence[Mapping[str, str]]) -> None:
        """Of no interest here."""

    def whole(self, *tables: str) -> None:
        """Of no interest here."""

    def absent(self, *tables: str) -> None:
        """Of no interest here."""

    def notice(self, code: str, text: str) -> None:
        """Of no interest here."""

    def forgotten(self, *contact_ids: str) -> None:
        self.people += contact_ids


def task(key: str) -> CreateTask:
    """A task for the first person of the firm."""
    return CreateTask(
        key=key,
        contact_id="c1",
        contact_name="Ada Brook",
        owner_id="o1",
        play="ask_referral",
        cycle=key,
        due=date(2026, 11, 24),
        subject="Call Ada",
        body="",
        because=(),
        rank=1,
        asks=True,
    )
