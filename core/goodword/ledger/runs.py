"""Runs and what is known about the ledger as a whole: who wrote, when, and with which result."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from goodword.errors import GoodwordError
from goodword.ledger.file import LedgerFile
from goodword.ledger.rows import RunRow, moment_text

Result: TypeAlias = Literal["done", "partly", "stopped", "failed"]
"""How a run ended: by itself, with a part left unwritten, held back by a brake or a pause, or by an
error."""
WRITING = ("apply", "sync", "undo", "pause")
"""Kinds of runs that write."""
DONE, UNDONE = "'done'", "'undone'"
_SELECT = (
    "SELECT run_id, plan_id, kind, started_at, finished_at, (SELECT count(*) FROM writes"
    " WHERE writes.run_id = runs.run_id AND writes.state = 'done'), mode, result, error FROM runs"
)


class Runs(LedgerFile):
    """The runs of one firm."""

    def start(
        self,
        run_id: str,
        kind: str,
        plan_id: str,
        now: datetime,
        rules_hash: str,
        versions: Mapping[str, str],
        mode: str = "",
    ) -> None:
        """Record that a run begins.

        Raises:
            GoodwordError: A run of that id began before.
        """
        row = (run_id, plan_id, kind, mode, moment_text(now), os_user(), rules_hash)
        with self._guarded() as db:
            new = db.execute(
                "INSERT INTO runs (run_id, plan_id, kind, mode, started_at, os_user, rules_hash,"
                " versions, result, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', '')"
                " ON CONFLICT DO NOTHING",
                (*row, json.dumps(dict(versions))),
            ).rowcount
        if not new:
            msg = f"A run {run_id} is in the ledger already."
            raise GoodwordError(msg, hint="Run the command once more; it draws a new id.")

    def finish(self, run_id: str, now: datetime, result: Result = "done", error: str = "") -> None:
        """Record how a run ended; *error* says why, without personal data."""
        with self._guarded() as db:
            db.execute(
                "UPDATE runs SET finished_at = ?, result = ?, error = ? WHERE run_id = ?",
                (moment_text(now), result, error, run_id),
            )

    def tell(self, run_id: str, kind: str, change: str, now: datetime) -> None:
        """Add a line of history for something a run did that is no write about anybody.

        Args:
            run_id: The run.
            kind: What it did, such as ``replace``.
            change: What changed, without personal data.
            now: Current time, UTC.
        """
        with self._guarded() as db:
            db.execute(
                "INSERT INTO history (at, os_user, run_id, plan_id, key, kind, contact_id, rule,"
                " change, result) VALUES (?, ?, ?, '', '', ?, '', ?, ?, 'done')",
                (moment_text(now), os_user(), run_id, kind, kind, change),
            )

    def note_failure(self, run_id: str, kind: str, now: datetime, error: str) -> None:
        """Record a run that failed before it wrote; one that had begun is in the ledger already."""
        if kind not in WRITING:
            return
        row = (run_id, kind, moment_text(now), moment_text(now), os_user(), error)
        with self._guarded() as db:
            db.execute(
                "INSERT INTO runs (run_id, plan_id, kind, mode, started_at, finished_at, os_user,"
                " rules_hash, versions, result, error)"
                " VALUES (?, '', ?, '', ?, ?, ?, '', '{}', 'failed', ?) ON CONFLICT DO NOTHING",
                row,
            )

    def runs(self, limit: int | None = None) -> list[RunRow]:
        """Return the newest *limit* runs, or all, newest first."""
        query = f"{_SELECT} ORDER BY rowid DESC LIMIT ?"
        return self._runs(query, (-1 if limit is None else limit,))

    def last_run(
        self, kinds: Iterable[str] = WRITING, results: Iterable[str] = ()
    ) -> RunRow | None:
        """Return the newest run of one of these kinds, and results if any are given."""
        kinds, ends = tuple(kinds), tuple(results)
        query = f"{_SELECT} WHERE kind IN ({', '.join('?' * len(kinds))})"
        if ends:
            query += f" AND result IN ({', '.join('?' * len(ends))})"
        return next(iter(self._runs(f"{query} ORDER BY rowid DESC LIMIT 1", (*kinds, *ends))), None)

    def to_undo(self, run_id: str | None) -> RunRow | None:
        """Return the run of this id if it wrote; without one, the latest not undone yet."""
        stands = "EXISTS (SELECT 1 FROM writes WHERE writes.run_id = runs.run_id AND state = {})"
        query = f"{_SELECT} WHERE kind != 'undo' AND {stands.format(DONE)}"
        if run_id is not None:
            return next(iter(self._runs(f"{query} AND run_id = ?", (run_id,))), None)
        query += f" AND kind != 'pause' AND NOT {stands.format(UNDONE)}"
        return next(iter(self._runs(f"{query} ORDER BY rowid DESC LIMIT 1", ())), None)

    def failures(self, run_id: str) -> int:
        """Return how many writes of a run the host refused."""
        with self._guarded() as db:
            query = "SELECT count(*) FROM history WHERE run_id = ? AND result = 'failed'"
            return int(db.execute(query, (run_id,)).fetchone()[0])

    def count_runs(self) -> int:
        """Return how many runs there were."""
        with self._guarded() as db:
            return int(db.execute("SELECT count(*) FROM runs").fetchone()[0])

    def _runs(self, query: str, values: tuple[object, ...]) -> list[RunRow]:
        with self._guarded() as db:
            return [
                RunRow(
                    run_id,
                    plan_id,
                    kind,
                    datetime.fromisoformat(started),
                    datetime.fromisoformat(finished) if finished else None,
                    *rest,
                )
                for run_id, plan_id, kind, started, finished, *rest in db.execute(query, values)
            ]

    def clock(self) -> datetime | None:
        """Return the newest moment a run began or ended: a clock before it was set back."""
        with self._guarded() as db:
            query = "SELECT max(max(started_at, coalesce(finished_at, ''))) FROM runs"
            newest = db.execute(query).fetchone()[0]
            return datetime.fromisoformat(newest) if newest else None

    def is_empty(self) -> bool:
        """Return whether no run ever wrote."""
        with self._guarded() as db:
            query = "SELECT EXISTS (SELECT 1 FROM writes)"
            query += " OR EXISTS (SELECT 1 FROM history WHERE key != '')"
            return not db.execute(query).fetchone()[0]

    # ------------------------------------------------------------------ runs of another machine

    def foreign(self, run_ids: Iterable[str]) -> list[str]:
        """Return which of these runs, found on the host, neither we made nor a person adopted."""
        found = sorted({run_id for run_id in run_ids if run_id})
        ask = "SELECT 1 FROM runs WHERE run_id = :run UNION ALL"
        ask += " SELECT 1 FROM adopted WHERE run_id = :run"
        with self._guarded() as db:
            return [run for run in found if not db.execute(ask, {"run": run}).fetchone()]

    def adopt(self, run_ids: Iterable[str], now: datetime) -> int:
        """Take runs of another ledger as ours from now on; return how many were foreign."""
        new = self.foreign(run_ids)
        with self._transaction() as db:
            rows = [(run_id, moment_text(now)) for run_id in new]
            db.executemany("INSERT INTO adopted (run_id, at) VALUES (?, ?)", rows)
        return len(new)

    # ------------------------------------------------------------------ notes by name

    def meta(self, key: str) -> str | None:
        """Return what is noted under this name."""
        with self._guarded() as db:
            row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
            return str(row[0]) if row else None

    def set_meta(self, key: str, value: str | None) -> None:
        """Note *value* under this name; None removes the note."""
        with self._guarded() as db:
            if value is None:
                db.execute("DELETE FROM meta WHERE key = ?", (key,))
            else:
                db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))


def os_user() -> str:
    """Return the name of the person whose account runs this process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no password entry for this user id, as in some containers
        return "unknown"
