"""What to tell when the ledger is damaged, or cannot be written where it lies."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from goodword.errors import GoodwordError

_BROKEN = frozenset(
    {
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_FORMAT,
        sqlite3.SQLITE_ERROR,  # a table or column that every ledger has is not there
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
    }
)
"""Primary result codes that speak of what is in the file; the others speak of disk and rights."""


def unusable(path: Path, error: Exception) -> GoodwordError:
    """Return what to tell when the file is damaged, read-only, or the disk is full."""
    if _speaks_of_the_content(error):
        return damaged(path)
    reason = getattr(error, "sqlite_errorname", "") or type(error).__name__
    msg = f"The ledger {_where(path)} cannot be read or written ({reason})."
    return GoodwordError(msg, hint="Check that the disk has room and that you may write there.")


def damaged(path: Path) -> GoodwordError:
    """Return what to tell when the file is not a whole ledger; it is never rebuilt over."""
    hint = "Put back a copy from your backups. Moved away, goodword starts a new one: it adopts"
    hint += " the tasks on the host, but cannot undo earlier runs."
    return GoodwordError(f"The ledger {_where(path)} is damaged.", hint=hint)


def newer() -> GoodwordError:
    """Return what to tell when the file was written by a later version."""
    msg = "The ledger was written by a newer goodword."
    return GoodwordError(msg, hint="Update goodword; nothing was changed.")


def _speaks_of_the_content(error: Exception) -> bool:
    if not isinstance(error, sqlite3.DatabaseError) or isinstance(error, sqlite3.ProgrammingError):
        return False
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # Python itself could not read a text: its bytes are no text
        return True
    return code == sqlite3.SQLITE_IOERR_SHORT_READ or code & 0xFF in _BROKEN


def _where(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
