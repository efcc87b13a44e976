"""The tables of the ledger, version 2, and the triggers that keep history append-only."""

from __future__ import annotations

import secrets
import sqlite3

VERSION = 2
HASH_KEY = "pseudonym_key"
"""Name of the random key in ``meta`` from which pseudonyms are made."""

_OUTSTANDING = """kind = 'create_task' AND state IN ('done', 'intent')
    AND (seen = 0 OR missing_since IS NOT NULL)"""
"""Tasks the host did not show yet, or shows no more. Index and view share the terms word for word,
so that SQLite answers the view from the index."""

_TABLES = (
    """CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)""",
    """CREATE TABLE runs (
    run_id TEXT PRIMARY KEY, plan_id TEXT NOT NULL, kind TEXT NOT NULL, mode TEXT NOT NULL,
    started_at TEXT NOT NULL, finished_at TEXT, os_user TEXT NOT NULL, rules_hash TEXT NOT NULL,
    versions TEXT NOT NULL, result TEXT NOT NULL, error TEXT NOT NULL
)""",
    """CREATE TABLE adopted (run_id TEXT PRIMARY KEY, at TEXT NOT NULL)""",
    """CREATE TABLE writes (
    key TEXT PRIMARY KEY, run_id TEXT NOT NULL, kind TEXT NOT NULL, contact_id TEXT NOT NULL,
    state TEXT NOT NULL, remote_id TEXT NOT NULL, task_key TEXT NOT NULL, play TEXT NOT NULL,
    cycle TEXT NOT NULL, owner_id TEXT, due TEXT, at TEXT NOT NULL, seen INTEGER NOT NULL,
    missing_since TEXT, last TEXT NOT NULL DEFAULT '', payload TEXT NOT NULL
)""",
    """CREATE INDEX writes_run ON writes (run_id, state)""",
    """CREATE INDEX writes_intent ON writes (at) WHERE state = 'intent'""",
    """CREATE INDEX writes_undone ON writes (run_id) WHERE state IN ('undone', 'struck')""",
    """CREATE INDEX writes_payload ON writes (at) WHERE payload != ''""",
    """CREATE INDEX writes_moved ON writes (task_key) WHERE kind = 'update_task'""",
    f"""CREATE INDEX writes_outstanding ON writes (key) WHERE {_OUTSTANDING}""",
    f"""CREATE VIEW outstanding AS SELECT rowid AS number, *
    FROM writes WHERE {_OUTSTANDING}""",  # noqa: S608 - a constant
    """CREATE TABLE history (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, os_user TEXT NOT NULL, run_id TEXT NOT NULL,
    plan_id TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, contact_id TEXT NOT NULL,
    rule TEXT NOT NULL, change TEXT NOT NULL, result TEXT NOT NULL
)""",
    """CREATE INDEX history_run ON history (run_id)""",
    """CREATE INDEX history_contact ON history (contact_id)""",
    """CREATE TABLE forgotten (pseudonym TEXT PRIMARY KEY, at TEXT NOT NULL)""",
)
_TRIGGERS = (
    """CREATE TRIGGER history_stays BEFORE DELETE ON history
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
    """CREATE TRIGGER history_is_added_to BEFORE INSERT ON history
WHEN EXISTS (SELECT 1 FROM history WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
    """CREATE TRIGGER history_is_only_redacted BEFORE UPDATE ON history
WHEN NOT (
    NEW.change = '' AND NEW.contact_id IN (SELECT pseudonym FROM forgotten)
    AND NEW.id IS OLD.id AND NEW.at IS OLD.at AND NEW.os_user IS OLD.os_user
    AND NEW.run_id IS OLD.run_id AND NEW.plan_id IS OLD.plan_id AND NEW.key IS OLD.key
    AND NEW.kind IS OLD.kind AND NEW.rule IS OLD.rule AND NEW.result IS OLD.result
)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
)


def lay_out(db: sqlite3.Connection) -> None:
    """Make all tables in the transaction that is open, with a secret of this ledger's own."""
    for statement in (*_TABLES, *_TRIGGERS):
        db.execute(statement)
    db.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (HASH_KEY, secrets.token_hex(32)))
    db.execute(f"PRAGMA user_version = {VERSION}")
