"""What a host in memory holds: canonical rows with versions, on request kept in a JSON file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from goodword.errors import RecordError, SourceError
from goodword.tables import EXTRA_PREFIX, TABLES

if TYPE_CHECKING:
    from pathlib import Path

Key: TypeAlias = tuple[str, ...]
Row: TypeAlias = dict[str, object]


@dataclass(slots=True)
class Versioned:
    """One row and the version of its latest change; None stands for a row that was deleted."""

    version: int
    row: Row | None


@dataclass(slots=True)
class MemoryHost:
    """The rows of a host, each with the version of its latest change.

    Args:
        path: JSON file every change reaches at once, so that a killed process loses nothing.
        version: Number of changes so far; a cursor remembers it.
        tables: Table, key and row; a table that is there is served even when it is empty.
        receipts: What our writes became, by action key: the host's id, and a task's words.
        erased: People erased for privacy, with the version of that.
    """

    path: Path | None = None
    version: int = 0
    tables: dict[str, dict[Key, Versioned]] = field(default_factory=dict)
    receipts: dict[str, dict[str, str]] = field(default_factory=dict)
    erased: dict[str, int] = field(default_factory=dict)

    def open_table(self, table: str) -> None:
        """Serve *table* from now on, even without a row."""
        if table not in TABLES:
            msg = f"There is no canonical table {table!r}."
            raise RecordError(msg, hint=f"Tables: {', '.join(TABLES)}.")
        self.tables.setdefault(table, {})

    def put(self, table: str, row: Mapping[str, object]) -> None:
        """Add *row* or replace the one of its key; dates become midnights."""
        self.open_table(table)
        types = TABLES[table].types
        unknown = [n for n in row if n not in types and not n.startswith(EXTRA_PREFIX)]
        if unknown:
            msg = f"Table {table} has no column {unknown[0]!r}."
            raise RecordError(msg, hint=f"Columns: {', '.join(types)}.")
        values = {name: _instant(value) for name, value in row.items()}
        key = key_of(table, values)
        old = self.tables[table].get(key)
        if old is None or old.row != values:
            self.version += 1
            self.tables[table][key] = Versioned(self.version, values)

    def remove(self, table: str, key: Key) -> None:
        """Delete the row of *key*; the next incremental pull says so."""
        if self.get(table, key) is not None:
            self.version += 1
            self.tables[table][key] = Versioned(self.version, None)

    def get(self, table: str, key: Key) -> Row | None:
        """Return a copy of the row of *key*, or None."""
        entry = self.tables.get(table, {}).get(key)
        return dict(entry.row) if entry is not None and entry.row is not None else None

    def rows(self, table: str) -> list[Row]:
        """Return copies of the rows of *table*, oldest first."""
        entries = self.tables.get(table, {}).values()
        return [dict(entry.row) for entry in entries if entry.row is not None]

    def changes(self, table: str, since: int) -> Iterator[tuple[Key, Row | None]]:
        """Yield the rows of *table* changed after version *since*; None where one is gone."""
        for key, entry in self.tables[table].items():
            if entry.version > since:
                yield key, entry.row

    def erase(self, contact_id: str) -> None:
        """Delete a person's page for privacy; the next pull says so."""
        self.remove("own_fields", (contact_id,))
        self.remove("contacts", (contact_id,))
        self.version += 1
        self.erased[contact_id] = self.version

    def save(self) -> None:
        """Write everything to *path* at once, if there is one.

        Raises:
            SourceError: The disk is full or not writable; the file is as it was.
        """
        if self.path is None:
            return
        part = self.path.with_suffix(".part")
        text = json.dumps(self.dump(), default=_written)
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(self.path)
        except OSError as error:
            msg = f"{self.path.name} cannot be written ({error.strerror}); it is as it was."
            raise SourceError(msg, hint="Make room on the disk and run again.") from error

    def dump(self) -> dict[str, Any]:
        """Return everything the host holds as plain values."""
        tables = {
            table: [[list(key), entry.version, entry.row] for key, entry in entries.items()]
            for table, entries in self.tables.items()
        }
        receipts, erased = self.receipts, self.erased
        return {
            "version": self.version,
            "tables": tables,
            "receipts": receipts,
            "erased": erased,
        }

    def load(self) -> bool:
        """Read *path*; False if there is no such file yet."""
        if self.path is None or not self.path.exists():
            return False
        data = json.loads(self.path.read_text(encoding="utf-8"))
        self.version = data["version"]
        self.receipts = data["receipts"]
        self.erased = data.get("erased", {})
        for table, entries in data["tables"].items():
            self.open_table(table)
            for key, version, row in entries:
                self.tables[table][tuple(key)] = Versioned(version, _read(row))
        return True


def key_of(table: str, row: Mapping[str, object]) -> Key:
    """Return the key of *row*.

    Raises:
        RecordError: A key column is missing.
    """
    missing = [name for name in TABLES[table].key if row.get(name) is None]
    if missing:
        msg = f"A row of {table} has no {missing[0]}."
        raise RecordError(msg, hint="Every row needs its key.")
    return tuple(str(row[name]) for name in TABLES[table].key)


def key_columns(table: str, keys: Iterable[Key]) -> list[dict[str, str]]:
    """Return *keys* as the sink wants them: column to value."""
    return [dict(zip(TABLES[table].key, key, strict=True)) for key in keys]


def _instant(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value


def _written(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    msg = f"A value of type {type(value).__name__} cannot be saved."
    raise RecordError(msg, hint="Use texts, whole numbers, True/False, dates or None.")


def _read(row: dict[str, Any] | None) -> Row | None:
    if row is None:
        return None
    return {
        name: datetime.fromisoformat(value["time"]) if isinstance(value, dict) else value
        for name, value in row.items()
    }
