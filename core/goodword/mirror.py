"""The mirror: a typed copy of the host's tables on disk, replaced as a whole by every pull.

``mirror/<n>/<table>.parquet`` with a ``manifest.json`` is snapshot *n*; the file ``mirror/current``
names the one in use. Pages are written as they arrive, the pointer moves last, so a crash leaves
the old snapshot whole. Everything is readable by its owner only.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from goodword.connector import Cursor
from goodword.errors import GoodwordError, RecordError
from goodword.tables import EXTRA_PREFIX, TABLES, ColumnType, Frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from goodword.engines import Engine

VERSION = 1
KEEP = 3
"""Snapshots kept: the one in use and two older ones."""
PAGE = 20_000
"""Rows held in memory before a part file is written."""
FAULTY = "Update the plugin, or report this to its author."


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One pull, readable: every canonical table is there, *available* says which are real.

    ``cursor`` is None when the next pull must fetch everything, because the firm now maps other
    columns of its own than this snapshot holds.
    """

    number: int
    pulled_at: datetime
    tables: Mapping[str, Frame]
    available: frozenset[str]
    rows: Mapping[str, int]
    cursor: Cursor | None
    notices: tuple[str, ...]


class Mirror:
    """The snapshots of one firm.

    Args:
        folder: ``.goodword/mirror``; made when first needed.
        engine: Where frames are read and written.
        extra: Types of the admin-mapped columns of contacts.
    """

    def __init__(self, folder: Path, engine: Engine, extra: Mapping[str, ColumnType]) -> None:
        self._folder = folder
        self._engine = engine
        self._extra = extra

    def types(self, table: str) -> dict[str, ColumnType]:
        """Return the columns of *table*, with the firm's extra columns for contacts."""
        types = TABLES[table].types
        if table == "contacts":
            types |= {EXTRA_PREFIX + name: kind for name, kind in self._extra.items()}
        return types

    def current(self) -> int | None:
        """Return the number of the snapshot in use, or None where there is none to read."""
        try:
            return int((self._folder / "current").read_text())
        except (OSError, ValueError):  # before the first pull, or damaged: the next pull renews it
            return None

    def load(self) -> Snapshot | None:
        """Open the snapshot in use; None before the first pull, or where it is damaged.

        The mirror is only a copy: the next pull makes a whole one again.
        """
        number = self.current()
        folder = self._folder / str(number)
        try:
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            if manifest["version"] > VERSION:
                msg = "The mirror was written by a newer goodword."
                hint = "Update goodword, or delete .goodword/mirror and pull."
                raise GoodwordError(msg, hint=hint)
            return self._snapshot(folder, manifest)
        except (OSError, ValueError, KeyError):
            return None

    def _snapshot(self, folder: Path, manifest: Mapping[str, Any]) -> Snapshot:
        tables = {name: self._table(folder, name) for name in TABLES}
        same_columns = manifest["extra"] == dict(self._extra)
        return Snapshot(
            number=int(folder.name),
            pulled_at=datetime.fromisoformat(manifest["pulled_at"]),
            tables=tables,
            available=frozenset(manifest["available"]),
            rows=manifest["rows"],
            cursor=Cursor(manifest["cursor"]) if same_columns else None,
            notices=tuple(manifest["notices"]),
        )

    def _table(self, folder: Path, name: str) -> Frame:
        path = folder / f"{name}.parquet"
        types = self.types(name)
        return self._engine.scan(path, types) if path.exists() else self._engine.rows([], types)

    def intake(self) -> Intake:
        """Start a pull; nothing changes for readers until ``commit``."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        numbers = [int(path.name) for path in self._folder.iterdir() if path.name.isdigit()]
        previous = self.current() or max(numbers, default=0)
        folder = self._folder / "incoming"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        return Intake(self, self._engine, folder, previous, self._extra)

    def publish(self, folder: Path, number: int) -> None:
        """Move a finished snapshot into place, swap the pointer, prune old ones."""
        target = self._folder / str(number)
        shutil.rmtree(target, ignore_errors=True)
        folder.rename(target)
        pointer = self._folder / "current.new"
        pointer.write_text(str(number))
        pointer.chmod(0o600)
        _reach_the_disk(pointer)
        pointer.replace(self._folder / "current")
        numbers = sorted(int(path.name) for path in self._folder.iterdir() if path.name.isdigit())
        for old in [n for n in numbers if n <= number][:-KEEP]:
            shutil.rmtree(self._folder / str(old), ignore_errors=True)


class Intake:
    """The sink of one pull (see ``connector.Sink``): pages become part files, then a snapshot."""

    def __init__(
        self,
        mirror: Mirror,
        engine: Engine,
        folder: Path,
        previous: int,
        extra: Mapping[str, ColumnType],
    ) -> None:
        self._mirror = mirror
        self._engine = engine
        self._folder = folder
        self._previous = previous
        self._extra = extra
        self._waiting: dict[str, list[Mapping[str, object]]] = defaultdict(list)
        self._parts: dict[str, list[Path]] = defaultdict(list)
        self._removed: dict[str, dict[tuple[object, ...], Mapping[str, str]]] = defaultdict(dict)
        self._whole: set[str] = set()
        self._absent: set[str] = set()
        self._notices: list[str] = []

    def put(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Add rows of a canonical table; a known key replaces its row."""
        allowed = self._mirror.types(_known(table))
        removed = self._removed[table]
        for row in rows:
            unknown = row.keys() - allowed.keys()
            if unknown:
                msg = f"The connector delivered unknown columns of {table}: {sorted(unknown)}."
                raise RecordError(msg, hint=FAULTY)
            if removed:
                removed.pop(_key_of(table, row), None)
        waiting = self._waiting[table]
        waiting.extend(rows)
        if len(waiting) >= PAGE:
            self._flush(table)

    def remove(self, table: str, keys: Sequence[Mapping[str, str]]) -> None:
        """Forget rows that the host deleted; a row put again later in the pull stays."""
        for key in keys:
            self._removed[_known(table)][_key_of(table, key)] = key

    def whole(self, *tables: str) -> None:
        """Say that this pull carries these tables completely."""
        self._whole.update(_known(table) for table in tables)

    def absent(self, *tables: str) -> None:
        """Say that the host does not have these tables, or no longer has them."""
        self._absent.update(_known(table) for table in tables)

    def notice(self, code: str, text: str) -> None:
        """Keep a notice for the user."""
        self._notices.append(f"{code}: {text}" if code else text)

    def commit(self, cursor: Cursor, now: datetime) -> Snapshot:
        """Write the snapshot and make it the current one."""
        previous = self._mirror.load()
        target = self._folder / "snapshot"
        target.mkdir(mode=0o700)
        rows: dict[str, int] = {}
        before = set(previous.available) if previous else set()
        available = self._whole | (before - self._absent)
        for name in TABLES:
            self._flush(name)
            if self._parts[name] or self._removed[name]:
                available.add(name)
            if name in available:
                path = target / f"{name}.parquet"
                rows[name] = self._engine.write(self._merged(name, previous), path)
                path.chmod(0o600)
                _reach_the_disk(path)
        manifest = {
            "version": VERSION,
            "pulled_at": now.isoformat(),
            "available": sorted(available),
            "rows": rows,
            "cursor": dict(cursor.value),
            "extra": dict(self._extra),
            "notices": self._notices,
        }
        path = target / "manifest.json"
        path.write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        path.chmod(0o600)
        _reach_the_disk(path)
        self._mirror.publish(target, self._previous + 1)
        shutil.rmtree(self._folder, ignore_errors=True)
        snapshot = self._mirror.load()
        if snapshot is None:
            msg = "The snapshot just written cannot be found."
            raise GoodwordError(msg, hint="Check that nothing deletes files in .goodword.")
        return snapshot

    def _flush(self, table: str) -> None:
        rows = self._waiting.pop(table, [])
        if rows:
            path = self._folder / f"{table}-{len(self._parts[table])}.parquet"
            key = TABLES[table].key
            plain = [{name: _naive(value) for name, value in row.items()} for row in rows]
            newest = {_key_of(table, row): row for row in plain}
            if any(None in values for values in newest):
                msg = f"The connector delivered a row of {table} without {' and '.join(key)}."
                raise RecordError(msg, hint=FAULTY)
            self._engine.write(
                self._engine.rows(list(newest.values()), self._mirror.types(table)), path
            )
            self._parts[table].append(path)

    def _merged(self, table: str, previous: Snapshot | None) -> Frame:
        """Return previous rows and new parts, newest row of each key, without the removed."""
        import narwhals.stable.v2 as nw

        types = self._mirror.types(table)
        frames = [self._engine.scan(path, types) for path in self._parts[table]]
        if previous is not None and table not in self._whole | self._absent:
            frames.insert(0, previous.tables[table])
        if not frames:
            return self._engine.rows([], types)
        key = list(TABLES[table].key)
        ages = [frame.with_columns(nw.lit(age).alias(":age")) for age, frame in enumerate(frames)]
        merged = nw.concat(ages)
        if len(frames) > 1:
            newest = merged.group_by(key).agg(nw.col(":age").max().alias(":newest"))
            merged = merged.join(newest, on=key, how="inner")
            merged = merged.filter(nw.col(":age") == nw.col(":newest"))
        if self._removed[table]:
            rows = list(self._removed[table].values())
            gone = self._engine.rows(rows, dict.fromkeys(key, "text"))
            merged = merged.join(gone, on=key, how="anti")
        return merged.select(list(types))


def _known(table: str) -> str:
    """Return *table*, if it is a canonical one."""
    if table not in TABLES:
        msg = f"The connector delivered a table {table!r}, which goodword does not know."
        raise RecordError(msg, hint=FAULTY)
    return table


def _key_of(table: str, row: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(row.get(name) for name in TABLES[table].key)


def _reach_the_disk(path: Path) -> None:
    """Wait until the file at *path* would survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _naive(value: object) -> object:
    """Return times as UTC without a zone, and a plain date as its midnight."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return value
