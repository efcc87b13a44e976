"""The ledger: one SQLite file that knows every write we ever intended, sent and took back.

A write is a row with a key: its intent is committed before the host is called, its result after.
What is still an intent when a run starts is looked up on the host, so a crash never causes a
second task. ``history`` is append-only and answers who changed what, when, under which plan.
"""

from __future__ import annotations

import getpass
import json
import os
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from goodword.errors import GoodwordError
from goodword.model import Action, CreateTask, RemoveTask, UpdateTask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from goodword.connector import WriteResult

VERSION = 1
_ACTIONS: TypeAdapter[Action] = TypeAdapter(Action)
_SCHEMA = """
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
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One write: its action, its state (intent, done, failed, undone) and the host's id."""

    action: Action
    run_id: str
    state: str
    remote_id: str
    at: datetime
    missing_since: date | None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as the ledger remembers it."""

    run_id: str
    plan_id: str
    kind: str
    started_at: datetime
    finished_at: datetime | None
    writes: int


class Ledger:
    """The ledger of one firm. *path* is made, readable by its owner only, when missing."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        except OSError as error:
            raise _unusable(path, error) from error
        self._path = path
        self._db = sqlite3.connect(path, isolation_level=None)
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._db.close()
            raise _unusable(path, error) from error
        except BaseException:
            self._db.close()
            raise

    def _prepare(self) -> None:
        found = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if found > VERSION:
            msg = "The ledger was written by a newer goodword."
            raise GoodwordError(msg, hint="Update goodword; nothing was changed.")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        if found == 0:
            with self._transaction():
                for statement in _SCHEMA.split(";"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise _unusable(self._path, error) from error

    def close(self) -> None:
        """Close the file; the ledger cannot be used afterwards."""
        self._db.close()

    def start(
        self,
        run_id: str,
        kind: str,
        plan_id: str,
        now: datetime,
        rules_hash: str,
        versions: Mapping[str, str],
    ) -> None:
        """Record that a run begins; the same run id may begin only once."""
        row = (run_id, plan_id, kind, now.isoformat(), _user(), rules_hash, json.dumps(versions))
        self._db.execute(
            "INSERT INTO runs (run_id, plan_id, kind, started_at, os_user, rules_hash, versions)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            row,
        )

    def finish(self, run_id: str, now: datetime) -> None:
        """Record that a run ended by itself."""
        self._db.execute(
            "UPDATE runs SET finished_at = ? WHERE run_id = ?", (now.isoformat(), run_id)
        )

    def intend(self, run_id: str, actions: Sequence[Action], now: datetime) -> None:
        """Commit the intents of a batch before the host is called."""
        rows = [
            (action.key, run_id, action.kind, action.contact_id, _dump(action), now.isoformat())
            for action in actions
        ]
        with self._transaction():
            self._db.executemany(
                "INSERT INTO writes (key, run_id, kind, contact_id, payload, at, state)"
                " VALUES (?, ?, ?, ?, ?, ?, 'intent') ON CONFLICT (key) DO UPDATE SET"
                " run_id = excluded.run_id, payload = excluded.payload, at = excluded.at,"
                " state = 'intent', missing_since = NULL",
                rows,
            )

    def settle(
        self,
        run_id: str,
        plan_id: str,
        results: Iterable[tuple[Action, WriteResult]],
        now: datetime,
        undoes: Mapping[str, str] | None = None,
    ) -> None:
        """Commit what became of a batch.

        Args:
            run_id: The run that wrote.
            plan_id: Its plan.
            results: Each action with its result.
            now: Current time, UTC.
            undoes: For actions that take a write back: their key to the key of that write, which
                is undone in the same moment. A removed task always is.
        """
        user = _user()
        with self._transaction():
            for action, result in results:
                state = "done" if result.ok else "skipped" if result.skipped else "failed"
                self._db.execute(
                    "UPDATE writes SET state = ?, remote_id = ?, at = ? WHERE key = ?",
                    (state, result.remote_id, now.isoformat(), action.key),
                )
                if result.ok:
                    taken_back = (undoes or {}).get(action.key, "")
                    if isinstance(action, RemoveTask):
                        taken_back = action.task_key
                    self._mark_undone([taken_back])
                self._db.execute(
                    "INSERT INTO history (at, os_user, run_id, plan_id, key, kind, contact_id,"
                    " result, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        now.isoformat(),
                        user,
                        run_id,
                        plan_id,
                        action.key,
                        action.kind,
                        action.contact_id,
                        state,
                        _dump(action),
                    ),
                )

    def forget_intent(self, key: str) -> None:
        """Drop an open intent that never reached the host."""
        self._db.execute("DELETE FROM writes WHERE key = ? AND state = 'intent'", (key,))

    def mark_undone(self, keys: Iterable[str]) -> None:
        """Mark writes as taken back; their keys are not planned again until released."""
        with self._transaction():
            self._mark_undone(keys)

    def _mark_undone(self, keys: Iterable[str]) -> None:
        self._db.executemany(
            "UPDATE writes SET state = 'undone' WHERE key = ?", [(key,) for key in keys if key]
        )

    def undone_runs(self) -> frozenset[str]:
        """Return the runs of which something was taken back and not released since."""
        rows = self._db.execute("SELECT DISTINCT run_id FROM writes WHERE state = 'undone'")
        return frozenset(run_id for (run_id,) in rows)

    def open_intents(self) -> list[Entry]:
        """Return writes that were intended and never settled (a crash in between)."""
        return self._entries("state = 'intent'", ())

    def of_run(self, run_id: str) -> list[Entry]:
        """Return the writes of one run that are done, in the order they were made."""
        return self._entries("run_id = ? AND state = 'done'", (run_id,))

    def tasks(self) -> list[Entry]:
        """Return every task we ever created, in any state but failed."""
        return self._entries("kind = 'create_task' AND state NOT IN ('failed', 'skipped')", ())

    def _entries(self, where: str, values: tuple[str, ...]) -> list[Entry]:
        select = "SELECT payload, run_id, state, remote_id, at, missing_since FROM writes"
        query = f"{select} WHERE {where} ORDER BY at, rowid"
        rows = self._db.execute(query, values)
        return [
            Entry(
                action=_ACTIONS.validate_json(payload),
                run_id=run_id,
                state=state,
                remote_id=remote_id,
                at=datetime.fromisoformat(at),
                missing_since=date.fromisoformat(missing) if missing else None,
            )
            for payload, run_id, state, remote_id, at, missing in rows
        ]

    def states(self) -> dict[str, str]:
        """Return the state of every key that must not be planned again.

        Tasks, notes and links are written once; anything taken back waits for ``release``.
        """
        rows = self._db.execute(
            "SELECT key, state FROM writes WHERE state = 'undone' OR (state IN ('done', 'intent')"
            " AND kind IN ('create_task', 'log_activity', 'link_referral'))"
        )
        return dict(rows)

    def given(self) -> dict[str, str | None]:
        """Return whom we last gave each task to, by task key."""
        given: dict[str, str | None] = {}
        for entry in self._entries("kind IN ('create_task', 'update_task') AND state = 'done'", ()):
            if isinstance(entry.action, CreateTask):
                given.setdefault(entry.action.key, entry.action.owner_id)
            elif isinstance(entry.action, UpdateTask):
                given[entry.action.task_key] = entry.action.owner_id
        return given

    def settled(self, keys: Iterable[str]) -> frozenset[str]:
        """Return which of *keys* were written, or written and taken back."""
        ask = "SELECT 1 FROM writes WHERE key = ? AND state IN ('done', 'undone')"
        return frozenset(key for key in keys if self._db.execute(ask, (key,)).fetchone())

    def release(self, run_id: str) -> int:
        """Let the undone writes of a run be planned again; return how many."""
        done = self._db.execute(
            "DELETE FROM writes WHERE run_id = ? AND state = 'undone'", (run_id,)
        )
        return done.rowcount

    def note_missing(self, present: frozenset[str], today: date) -> None:
        """Remember since when tasks we created are no longer on the host (a rep deleted them)."""
        rows = self._db.execute(
            "SELECT key, missing_since FROM writes WHERE kind = 'create_task' AND state = 'done'"
        ).fetchall()
        gone = [(today.isoformat(), key) for key, since in rows if key not in present and not since]
        back = [(None, key) for key, since in rows if key in present and since]
        with self._transaction():
            self._db.executemany(
                "UPDATE writes SET missing_since = ? WHERE key = ?", [*gone, *back]
            )

    def runs(self) -> list[RunRow]:
        """Return all runs, newest first."""
        rows = self._db.execute(
            "SELECT r.run_id, r.plan_id, r.kind, r.started_at, r.finished_at, count(w.key)"
            " FROM runs r LEFT JOIN writes w ON w.run_id = r.run_id AND w.state = 'done'"
            " GROUP BY r.run_id ORDER BY r.rowid DESC"
        )
        return [
            RunRow(
                run_id,
                plan_id,
                kind,
                datetime.fromisoformat(started),
                datetime.fromisoformat(finished) if finished else None,
                writes,
            )
            for run_id, plan_id, kind, started, finished, writes in rows
        ]


def created_tasks(entries: Iterable[Entry]) -> list[tuple[CreateTask, Entry]]:
    """Return the entries whose action is a task, with the action typed."""
    return [(entry.action, entry) for entry in entries if isinstance(entry.action, CreateTask)]


def _unusable(path: Path, error: Exception) -> GoodwordError:
    """Return what to tell when the file is damaged, read-only, or the disk is full."""
    where = f"{path.parent.name}/{path.name}"
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        msg = f"The ledger {where} is damaged."
        hint = "Put back a copy from your backups. Moved away, goodword starts a new one: it adopts"
        hint += " the tasks on the host, but cannot undo earlier runs."
        return GoodwordError(msg, hint=hint)
    msg = f"The ledger {where} cannot be read or written ({type(error).__name__})."
    return GoodwordError(msg, hint="Check that the disk has room and that you may write there.")


def _dump(action: Action) -> str:
    return _ACTIONS.dump_json(action).decode()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no password entry for this user id, as in some containers
        return "unknown"
