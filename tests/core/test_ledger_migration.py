"""From version 1 to 2: nothing lost, a whole copy of the old ledger, safe wherever it dies."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import stat
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from ledger_writes import NOW, fields, link, move, note, task

from goodword import GoodwordError
from goodword.ledger import Ledger
from goodword.model import Action, CloseTask, RemoveTask

VERSION_1 = """
CREATE TABLE runs (
    run_id TEXT PRIMARY KEY, plan_id TEXT NOT NULL, kind TEXT NOT NULL, started_at TEXT NOT NULL,
    finished_at TEXT, os_user TEXT NOT NULL, rules_hash TEXT NOT NULL, versions TEXT NOT NULL
);
CREATE TABLE writes (
    key TEXT PRIMARY KEY, run_id TEXT NOT NULL, kind TEXT NOT NULL, contact_id TEXT NOT NULL,
    state TEXT NOT NULL, remote_id TEXT NOT NULL DEFAULT '', payload TEXT NOT NULL,
    at TEXT NOT NULL, missing_since TEXT
);
CREATE INDEX writes_run ON writes (run_id);
CREATE INDEX writes_state ON writes (state);
CREATE TABLE history (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, os_user TEXT NOT NULL, run_id TEXT NOT NULL,
    plan_id TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, contact_id TEXT NOT NULL,
    result TEXT NOT NULL, payload TEXT NOT NULL
);
PRAGMA user_version = 1;
"""
CLOSED = CloseTask(
    key="k6", task_key="k1", contact_id="c1", state="withdrawn", reason="open_complaint"
)
REMOVED = RemoveTask(key="k7", task_key="k2", contact_id="c2")
WRITTEN: list[tuple[Action, str, str | None]] = [
    (task("k1"), "done", None),
    (task("k2", "c2"), "undone", None),
    (task("k3", "c3"), "done", "2026-11-18"),
    (fields("k4", score=55, before=40), "done", None),
    (note("k5"), "failed", None),
    (CLOSED, "done", None),
    (REMOVED, "done", None),
    (move("k8", "k1", "ana", "ben"), "done", None),
    (link("k9"), "skipped", None),
    (task("k10", "c4"), "intent", None),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def dumped(action: Action) -> str:
    """The action as the version before wrote it: without what it did not know."""
    content = action.model_dump(mode="json")
    for name in ("rule", "fingerprint"):
        content.pop(name, None)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def of_version_1(path: Path, writes: list[tuple[Action, str, str | None]] = WRITTEN) -> Path:
    """A ledger as version 1 left it, write-ahead log and all."""
    at = NOW.isoformat()
    with closing(sqlite3.connect(path)) as db:
        db.executescript(f"PRAGMA journal_mode = WAL; {VERSION_1}")
        for run, kind, days in (("r0", "undo", -9), ("r1", "apply", 0), ("r2", "apply", 2)):
            began = (NOW + timedelta(days=days)).isoformat()
            row = (run, f"plan of {run}", kind, began, None if run == "r2" else began)
            db.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, 'ada', 'rules', '{}')", row)
        for action, state, missing in writes:
            row_of_write = (
                action.key,
                "r1",
                action.kind,
                action.contact_id,
                state,
                f"t{action.key}",
            )
            values = (*row_of_write, dumped(action), at, missing)
            db.execute("INSERT INTO writes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
            if state != "intent":
                result = "done" if state == "undone" else state
                line = (at, "ada", "r1", "plan of r1", action.key, action.kind, action.contact_id)
                db.execute(
                    "INSERT INTO history (at, os_user, run_id, plan_id, key, kind, contact_id,"
                    " result, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (*line, result, dumped(action)),
                )
        db.commit()
    path.chmod(0o600)
    return path


def version(path: Path) -> int:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def all_rows(path: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(path)) as db:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: db.execute(f"SELECT * FROM {name}").fetchall() for (name,) in tables}  # noqa: S608 - our own tables


@pytest.mark.promise("versions.upgrade")
def test_every_write_is_known_as_before(path: Path) -> None:
    ledger = Ledger(of_version_1(path))
    every = [action.key for action, _, _ in WRITTEN]
    assert ledger.known(every) == {"k1", "k2", "k3", "k10"}
    assert [entry.action.key for entry in ledger.open_intents()] == ["k10"]
    assert [entry.remote_id for entry in ledger.of_run("r1")] == [
        "tk1",
        "tk3",
        "tk4",
        "tk6",
        "tk7",
        "tk8",
    ]
    assert ledger.of_run("r1")[0].action == task("k1").model_copy(update={"rule": ""})
    assert ledger.taken_back() == {"r1": 1}
    assert ledger.given(["k1", "k3"]) == {"k1": "ben", "k3": "o1"}
    runs = [(run.run_id, run.writes, run.result) for run in ledger.runs()]
    assert runs == [("r2", 0, "running"), ("r1", 6, "done"), ("r0", 0, "done")]
    ledger.close()


def test_every_task_is_compared_with_the_host_once(path: Path) -> None:
    ledger = Ledger(of_version_1(path))
    assert ledger.meta("reconciled") is None
    rows = {row.key: row.missing_since for row in ledger.outstanding()}
    assert rows == {"k1": None, "k3": date(2026, 11, 18), "k10": None}
    ledger.reconcile(["k1"], date(2026, 11, 21), 7)
    assert {row.key for row in ledger.outstanding()} == {"k3", "k10"}
    ledger.close()


def test_history_says_rule_and_change_and_keeps_no_words(path: Path) -> None:
    ledger = Ledger(of_version_1(path))
    lines = [(row.key, row.rule, row.change, row.result) for row in ledger.history()]
    assert lines == [
        ("k1", "ask", "ask due 2026-11-24", "done"),
        ("k2", "ask", "ask due 2026-11-24", "done"),
        ("k3", "ask", "ask due 2026-11-24", "done"),
        ("k4", "set_fields", "score: 40 -> 55", "done"),
        ("k5", "log_activity", "thank_you on 2026-11-20", "failed"),
        ("k6", "open_complaint", "withdrawn", "done"),
        ("k7", "remove_task", "removed", "done"),
        ("k8", "update_task", "owner ana -> ben", "done"),
        ("k9", "link_referral", "linked on 2026-11-20", "skipped"),
    ]
    ledger.close()
    assert "Ada" not in str(all_rows(path)["history"])


def test_the_first_run_that_wrote_is_the_start_and_the_firm_was_live(path: Path) -> None:
    ledger = Ledger(of_version_1(path))
    assert (ledger.meta("start_date"), ledger.meta("mode")) == ("2026-11-20", "live")
    ledger.close()


def test_a_firm_that_never_wrote_has_no_start(path: Path) -> None:
    ledger = Ledger(of_version_1(path, []))
    assert (ledger.meta("start_date"), ledger.meta("mode")) == (None, None)
    assert ledger.is_empty()
    ledger.close()


def test_a_migrated_ledger_has_the_shape_of_a_new_one(path: Path, tmp_path: Path) -> None:
    Ledger(of_version_1(path)).close()
    new = tmp_path / "new" / "ledger.sqlite"
    Ledger(new).close()

    def shape(file: Path) -> set[tuple[str, str]]:
        with closing(sqlite3.connect(file)) as db:
            return set(db.execute("SELECT name, sql FROM sqlite_master"))

    assert shape(path) == shape(new)


@pytest.mark.promise("versions.upgrade")
def test_the_old_ledger_is_kept_whole_and_private(path: Path) -> None:
    before = all_rows(of_version_1(path))
    Ledger(path).close()
    copy = path.with_name("ledger.sqlite.v1")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert (version(copy), all_rows(copy)) == (1, before)
    beside = {file.name for file in path.parent.iterdir() if file.stat().st_size}
    assert beside == {path.name, copy.name}


class Died(BaseException):
    """The process ends here."""


def die_at(monkeypatch: pytest.MonkeyPatch, fatal: int) -> list[str]:
    """Let everything that reaches the disk be a step, and end at one of them."""
    steps: list[str] = []

    def take(step: str) -> None:
        steps.append(step)
        if len(steps) == fatal:
            raise Died

    real = {name: getattr(os, name) for name in ("replace", "fsync")}

    def stepping(name: str) -> Any:
        def call(*arguments: Any, **more: Any) -> Any:
            take(name)
            return real[name](*arguments, **more)

        return call

    for name in real:
        monkeypatch.setattr(os, name, stepping(name))
    connect = sqlite3.connect

    class Connection(sqlite3.Connection):
        def execute(self, *arguments: Any) -> sqlite3.Cursor:
            if not str(arguments[0]).startswith(("SELECT", "ROLLBACK")):
                take(str(arguments[0])[:30])
            return super().execute(*arguments)

    monkeypatch.setattr(sqlite3, "connect", lambda *a, **m: connect(*a, factory=Connection, **m))
    return steps


def fatal_steps(steps: list[str]) -> list[int]:
    """Every step that makes something last, and some of those in between."""
    lasting = ("replace", "fsync", "PRAGMA", "BEGIN", "COMMIT")
    return [n for n, step in enumerate(steps, 1) if step.startswith(lasting) or n % 9 == 0]


def opened(path: Path, fatal: int) -> list[str]:
    """Open the ledger in a process that ends at a step; return the steps it took."""
    with pytest.MonkeyPatch.context() as patch:
        steps = die_at(patch, fatal)
        with contextlib.suppress(Died):
            Ledger(path).close()
    return steps


@pytest.mark.promise("versions.upgrade")
def test_wherever_it_dies_the_old_ledger_is_readable_and_migrated_next_time(tmp_path: Path) -> None:
    steps = opened(of_version_1(tmp_path / "lived.sqlite"), 0)
    assert {"replace", "COMMIT"} <= set(steps)
    for fatal in fatal_steps(steps):
        path = of_version_1(tmp_path / f"{fatal}.sqlite")
        taken = opened(path, fatal)
        assert taken == steps[:fatal]
        assert version(path) == (2 if "COMMIT" in taken[:-1] else 1), taken[-1]
        Ledger(path).close()
        assert (version(path), version(path.with_name(f"{fatal}.sqlite.v1"))) == (2, 1)
        assert len(all_rows(path)["writes"]) == len(WRITTEN)


def test_a_copy_that_was_cut_short_never_takes_the_place_of_a_whole_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_version_1(path)
    copy = path.with_name("ledger.sqlite.v1")
    copy.write_bytes(b"an earlier copy")
    with monkeypatch.context() as patch:
        die_at(patch, 4)
        with pytest.raises(Died):
            Ledger(path)
    assert copy.read_bytes() == b"an earlier copy"
    Ledger(path).close()
    assert version(copy) == 1


def test_an_old_ledger_that_is_damaged_is_named_and_left_as_it_is(path: Path) -> None:
    of_version_1(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE writes SET payload = '{\"contact_name\": \"Ada' WHERE key = 'k3'")
        db.commit()
    with pytest.raises(GoodwordError, match="damaged") as caught:
        Ledger(path)
    assert "Ada" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert version(path) == 1
    assert len(all_rows(path)["writes"]) == len(WRITTEN)
