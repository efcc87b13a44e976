"""What the host shows of our tasks: seen, not yet, or deleted by a rep.

An ordinary run only tells differences: which tasks the newest snapshot shows that the one before
did not, and which it shows no more. ``reconciled`` names the snapshot this was last done for.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from goodword.ledger.file import LedgerFile
from goodword.ledger.rows import Outstanding, moment_text

if TYPE_CHECKING:
    import sqlite3

RECONCILED, READ_AFTER = "reconciled", "read_after"
"""Names in ``meta``: the number of the snapshot that the ledger was compared with, and the last
line of history from before it."""
_SEEN = (
    "UPDATE writes SET seen = 1, missing_since = NULL, last = ''"
    " WHERE key = ? AND kind = 'create_task' AND (seen = 0 OR missing_since IS NOT NULL)"
)
_MISSING = (
    "UPDATE writes SET missing_since = ?, last = ?"
    " WHERE key = ? AND kind = 'create_task' AND state = 'done' AND missing_since IS NULL"
)
_NEVER_SHOWN = (
    "UPDATE writes SET missing_since = ? WHERE state = 'done' AND seen = 0"
    " AND missing_since IS NULL AND key IN (SELECT key FROM outstanding)"
)
_FOUND = (
    "INSERT OR IGNORE INTO writes (key, run_id, kind, contact_id, state, remote_id, task_key, play,"
    " cycle, owner_id, due, at, seen, payload)"
    " VALUES (?, ?, 'create_task', ?, 'done', ?, ?, ?, ?, ?, ?, ?, 1, '')"
)


class HostView(LedgerFile):
    """Our tasks, as far as the host showed them."""

    def outstanding(self) -> list[Outstanding]:
        """Return the tasks the host did not show yet, or shows no more, oldest first.

        Tasks about people who were forgotten are left out.
        """
        query = (
            "SELECT key, contact_id, owner_id, play, cycle, due, remote_id, at, missing_since,"
            " last FROM outstanding WHERE contact_id NOT IN (SELECT pseudonym FROM forgotten)"
            " ORDER BY at, number"
        )
        with self._guarded() as db:
            return [
                Outstanding(
                    *(key, contact, owner, play, cycle, date.fromisoformat(due), remote_id),
                    at=datetime.fromisoformat(at),
                    missing_since=date.fromisoformat(missing) if missing else None,
                    last=json.loads(last) if last else {},
                )
                for key, contact, owner, play, cycle, due, remote_id, at, missing, last in (
                    db.execute(query)
                )
            ]

    def gone_since(self, day: date) -> int:
        """Return how many of our tasks went from the host on *day* or later."""
        query = "SELECT count(*) FROM outstanding WHERE missing_since >= ?"
        with self._guarded() as db:
            return int(db.execute(query, (day.isoformat(),)).fetchone()[0])

    def note_host(
        self,
        present_new: Iterable[str],
        gone: Mapping[str, Mapping[str, str]],
        today: date,
        snapshot: int,
    ) -> None:
        """Note what the newest snapshot shows otherwise than the one before.

        A task that we wrote before this snapshot and that it does not show was deleted.

        Args:
            present_new: Keys of tasks that the one before did not show.
            gone: Tasks that it showed and the newest does not: how each stood, by key, so that an
                answer outlives the task it was given on.
            today: The day since when what is gone counts as missing.
            snapshot: Number of the newest snapshot.
        """
        day = today.isoformat()
        with self._transaction() as db:
            db.executemany(_SEEN, [(key,) for key in present_new])
            db.executemany(
                _MISSING, [(day, json.dumps(dict(how)), key) for key, how in gone.items()]
            )
            db.execute(_NEVER_SHOWN, (day,))
            _note(db, snapshot)

    def take_in(self, tasks: Iterable[Mapping[str, Any]], now: datetime) -> None:
        """Remember tasks of ours that the host shows and this ledger did not write.

        What a rep answers or deletes from now on is known like that of any other task. Their words
        are not known here, so they cannot be taken back.

        Args:
            tasks: Rows of ``asks``.
            now: Current time, UTC; for tasks the host has no date of.
        """
        with self._transaction() as db:
            db.executemany(_FOUND, (_found(task, now) for task in tasks))

    def reconcile(self, present: Collection[str], today: date, snapshot: int) -> None:
        """Compare every task with the keys the host shows; for when differences are not known."""
        shown, day = frozenset(present), today.isoformat()
        with self._transaction() as db:
            rows = db.execute(
                "SELECT key, seen, missing_since FROM writes WHERE kind = 'create_task'"
                " AND state IN ('done', 'intent')"
            ).fetchall()
            back = [(key,) for key, seen, since in rows if key in shown and (since or not seen)]
            gone = [(day, "", key) for key, _, since in rows if key not in shown and not since]
            db.executemany(_SEEN, back)
            db.executemany(_MISSING, gone)
            _note(db, snapshot)


def _found(task: Mapping[str, Any], now: datetime) -> tuple[str | None, ...]:
    key, made = str(task["task_key"]), task["created_at"] or now
    return (
        *(key, task["run_id"] or "", task["contact_id"] or "", task["remote_id"] or "", key),
        *(task["play"] or "", task["cycle"] or "", task["owner_id"]),
        *((task["due_at"] or made).date().isoformat(), moment_text(made)),
    )


def _note(db: sqlite3.Connection, snapshot: int) -> None:
    """Note which snapshot was compared, and the last line of history that it can show."""
    (last,) = db.execute("SELECT coalesce(max(id), 0) FROM history").fetchone()
    rows = ((RECONCILED, str(snapshot)), (READ_AFTER, str(last)))
    db.executemany("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", rows)
