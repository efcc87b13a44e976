"""Writes: intended, settled, taken back, released. Each change is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from goodword.ledger.changes import change_of, columns_of, rule_of
from goodword.ledger.file import LedgerFile
from goodword.ledger.rows import Entry, moment_text
from goodword.ledger.runs import os_user
from goodword.model import Action, RemoveTask

if TYPE_CHECKING:
    import sqlite3

    from goodword.connector import WriteResult

_ACTIONS: TypeAdapter[Action] = TypeAdapter(Action)
_INTEND = (
    "INSERT INTO writes (key, run_id, kind, contact_id, state, remote_id, task_key, play, cycle,"
    " owner_id, due, at, seen, payload)"
    " VALUES (?, ?, ?, ?, 'intent', '', ?, ?, ?, ?, ?, ?, 0, ?)"
    " ON CONFLICT (key) DO UPDATE SET run_id = excluded.run_id, state = 'intent',"
    " task_key = excluded.task_key, play = excluded.play, cycle = excluded.cycle,"
    " owner_id = excluded.owner_id, due = excluded.due, at = excluded.at, seen = 0,"
    " missing_since = NULL, last = '', payload = excluded.payload"
)

_SETTLE = "UPDATE writes SET state = ?, remote_id = ?, at = ? WHERE key = ?"
_TELL = (
    "INSERT INTO history (at, os_user, run_id, plan_id, key, kind, contact_id, rule, change,"
    " result) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_TAKEN_BACK = (
    "INSERT INTO history (at, os_user, run_id, plan_id, key, kind, contact_id, rule, change,"
    " result) SELECT ?, ?, ?, ?, key, kind, contact_id, 'undo', 'taken back', 'done' FROM writes"
    " WHERE key = ?"
)
_STRIKE = (
    "INSERT INTO writes (key, run_id, kind, contact_id, state, remote_id, task_key, play, cycle,"
    " owner_id, due, at, seen, payload)"
    " VALUES (?, ?, ?, ?, 'struck', '', ?, ?, ?, ?, ?, ?, 0, ?)"
    " ON CONFLICT (key) DO UPDATE SET run_id = excluded.run_id, state = 'struck'"
    " WHERE state != 'done' OR kind NOT IN ('create_task', 'log_activity', 'link_referral')"
)


class Writes(LedgerFile):
    """The writes of one firm, by key."""

    def intend(self, run_id: str, actions: Sequence[Action], now: datetime) -> None:
        """Commit the intents of a batch before the host is called."""
        at = moment_text(now)
        with self._transaction() as db:
            db.executemany(_INTEND, _rows(run_id, actions, at))

    def settle(
        self,
        run_id: str,
        plan_id: str,
        results: Iterable[tuple[Action, WriteResult]],
        now: datetime,
        undoes: Mapping[str, str] | None = None,
    ) -> None:
        """Commit what became of a batch, with a line of history for each action.

        Args:
            run_id: The run that wrote.
            plan_id: Its plan.
            results: Each action with its result.
            now: Current time, UTC.
            undoes: For actions that take a write back: their key to the key of that write, which
                is undone in the same moment. A removed task always is.
        """
        at = moment_text(now)
        run = (at, os_user(), run_id, plan_id)
        pairs = list(results)
        states = ((_state_of(result), result.remote_id, at, a.key) for a, result in pairs)
        lines = (
            (*run, a.key, a.kind, a.contact_id, rule_of(a), change_of(a), _state_of(result))
            for a, result in pairs
        )
        taken_back = (_taken_back_by(a, undoes or {}) for a, result in pairs if result.ok)
        with self._transaction() as db:  # each row is made when its turn comes: there may be many
            db.executemany(_SETTLE, states)
            _mark_undone(db, taken_back)
            db.executemany(_TELL, lines)

    def strike(self, run_id: str, actions: Iterable[Action], now: datetime) -> None:
        """Note actions a person struck from a plan: not planned again until the run is released."""
        at = moment_text(now)
        with self._transaction() as db:
            db.executemany(_STRIKE, _rows(run_id, actions, at))

    def forget_intent(self, key: str) -> None:
        """Drop an open intent that never reached the host."""
        with self._guarded() as db:
            db.execute("DELETE FROM writes WHERE key = ? AND state = 'intent'", (key,))

    def mark_undone(self, run_id: str, plan_id: str, keys: Iterable[str], now: datetime) -> None:
        """Mark writes as taken back, with a line of history each.

        Their keys are not planned again until they are released.

        Args:
            run_id: The run that takes them back.
            plan_id: The plan they were written by.
            keys: Keys of the writes.
            now: Current time, UTC.
        """
        said = (moment_text(now), os_user(), run_id, plan_id)
        with self._transaction() as db:
            wanted = list(keys)
            _mark_undone(db, wanted)
            db.executemany(_TAKEN_BACK, [(*said, key) for key in wanted])

    def release(self, run_id: str) -> int:
        """Let the undone and struck writes of a run be planned again; return how many."""
        with self._guarded() as db:
            query = "DELETE FROM writes WHERE run_id = ? AND state IN ('undone', 'struck')"
            return db.execute(query, (run_id,)).rowcount

    def open_intents(self) -> list[Entry]:
        """Return writes that were intended and never settled (a crash in between)."""
        return self._entries("state = 'intent'", ())

    def of_run(self, run_id: str) -> list[Entry]:
        """Return the writes of one run that are done, in the order they were made.

        Those whose content expired are left out; ``expired`` counts them.
        """
        return self._entries("run_id = ? AND state = 'done'", (run_id,))

    def keys_of_run(self, run_id: str) -> list[str]:
        """Return the keys of all writes of one run that are done, expired ones too."""
        query = "SELECT key FROM writes WHERE run_id = ? AND state = 'done'"
        with self._guarded() as db:
            return [key for (key,) in db.execute(query, (run_id,))]

    def written(self, keys: Iterable[str]) -> list[Action]:
        """Return the actions with these keys that were written and whose words are kept."""
        found = (self._entries("key = ? AND state = 'done'", (key,)) for key in keys)
        return [entry.action for entries in found for entry in entries]

    def expired(self, run_id: str) -> int:
        """Return how many writes of a run cannot be taken back: their content is gone."""
        query = "SELECT count(*) FROM writes WHERE run_id = ? AND state = 'done' AND payload = ''"
        with self._guarded() as db:
            return int(db.execute(query, (run_id,)).fetchone()[0])

    def _entries(self, where: str, values: tuple[str, ...]) -> list[Entry]:
        select = "SELECT payload, run_id, state, remote_id, at, missing_since FROM writes"
        query = f"{select} WHERE {where} AND length(payload) ORDER BY at, rowid"
        with self._guarded() as db:
            return [
                Entry(
                    action=_ACTIONS.validate_json(payload),
                    run_id=run_id,
                    state=state,
                    remote_id=remote_id,
                    at=datetime.fromisoformat(at),
                    missing_since=date.fromisoformat(missing) if missing else None,
                )
                for payload, run_id, state, remote_id, at, missing in db.execute(query, values)
            ]


def _rows(run_id: str, actions: Iterable[Action], at: str) -> Iterator[tuple[str | None, ...]]:
    """Give the columns of each action as both statements above take them, one at a time."""
    return (
        (a.key, run_id, a.kind, a.contact_id, *columns_of(a), at, a.model_dump_json())
        for a in actions
    )


def _state_of(result: WriteResult) -> str:
    return "done" if result.ok else "skipped" if result.skipped else "failed"


def _taken_back_by(action: Action, undoes: Mapping[str, str]) -> str:
    """Return the key of the write that *action* takes back, or nothing."""
    return action.task_key if isinstance(action, RemoveTask) else undoes.get(action.key, "")


def _mark_undone(db: sqlite3.Connection, keys: Iterable[str]) -> None:
    rows = ((key,) for key in keys if key)
    db.executemany("UPDATE writes SET state = 'undone' WHERE key = ?", rows)
