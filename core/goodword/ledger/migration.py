"""From version 1 to 2: a whole copy of the old ledger first, then one transaction.

A run that dies in between leaves the old ledger as it was; the next one starts over. Version 1
kept each action twice, as payload of its write and of its history; history now holds the rule and
a short change instead.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pydantic import TypeAdapter

from goodword.ledger.changes import change_of, columns_of, rule_of
from goodword.ledger.private_files import make_private, put_in_place
from goodword.ledger.schema import lay_out
from goodword.model import Action

START_DATE, MODE = "start_date", "mode"
"""Names in ``meta``: the day of the first run that wrote; a firm that wrote then was live."""
_ACTIONS: TypeAdapter[Action] = TypeAdapter(Action)
_OLD = ("runs", "writes", "history")


def migrate(db: sqlite3.Connection, path: Path) -> None:
    """Bring the ledger that is open as *db* to the present version.

    Args:
        db: The ledger, in version 1.
        path: Its file; the copy is laid beside it.

    Raises:
        OSError: The copy cannot be written; the ledger is as it was.
        ValueError: The old ledger holds what no ledger holds.
    """
    keep_copy(db, path.with_name(f"{path.name}.v1"))
    db.execute("PRAGMA journal_mode = TRUNCATE")  # leaves the write-ahead log, if it was one
    db.execute("BEGIN IMMEDIATE")
    try:
        if db.execute("PRAGMA user_version").fetchone()[0] == 1:  # nobody else was faster
            _convert(db)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def keep_copy(db: sqlite3.Connection, place: Path) -> None:
    """Lay a consistent copy of *db* at *place*; what lies there stays until the copy is whole."""
    fresh = place.with_name(f"{place.name}.new")
    make_private(fresh)
    with closing(sqlite3.connect(fresh, isolation_level=None)) as copy:
        db.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, wherever it is carried
    put_in_place(fresh, place)


def _convert(db: sqlite3.Connection) -> None:
    for index in ("writes_run", "writes_state"):
        db.execute(f"DROP INDEX {index}")
    for table in _OLD:
        db.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    lay_out(db)
    db.execute(
        "INSERT INTO runs SELECT run_id, plan_id, kind, '', started_at, finished_at, os_user,"
        " rules_hash, versions, CASE WHEN finished_at IS NULL THEN 'running' ELSE 'done' END, ''"
        " FROM old_runs ORDER BY rowid"
    )
    db.executemany(
        "INSERT INTO writes (key, run_id, kind, contact_id, state, remote_id, at, missing_since,"
        " payload, task_key, play, cycle, owner_id, due, seen)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
        _writes(db),
    )
    db.executemany(
        "INSERT INTO history (id, at, os_user, run_id, plan_id, key, kind, contact_id, result,"
        " rule, change) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        _history(db),
    )
    first = db.execute(
        "SELECT min(started_at) FROM runs WHERE kind != 'undo'"
        " AND run_id IN (SELECT run_id FROM history WHERE result = 'done')"
    ).fetchone()[0]
    if first is not None:
        noted = ((START_DATE, first[:10]), (MODE, "live"))
        db.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", noted)
    for table in _OLD:
        db.execute(f"DROP TABLE old_{table}")


def _writes(db: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    rows = db.execute(
        "SELECT key, run_id, kind, contact_id, state, remote_id, at, missing_since, payload"
        " FROM old_writes ORDER BY rowid"
    )
    for row in rows:
        yield (*row, *columns_of(_ACTIONS.validate_json(row[-1])))


def _history(db: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    rows = db.execute(
        "SELECT id, at, os_user, run_id, plan_id, key, kind, contact_id, result, payload"
        " FROM old_history ORDER BY id"
    )
    for *row, payload in rows:
        action = _ACTIONS.validate_json(payload)
        yield (*row, rule_of(action), change_of(action))
