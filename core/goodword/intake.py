"""The sink of one pull: pages become part files, and at the end a snapshot, or nothing.

A page is written as it arrives, and the snapshot from pages, so that a pull of any size needs the
memory of a few pages, and a small one that of what is new.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from types import NoneType
from typing import TYPE_CHECKING

from goodword.columns import Columns
from goodword.errors import RecordError
from goodword.part_keys import Key, PartKeys
from goodword.redaction import people_in, same_people, without
from goodword.snapshots import Head, Snapshot, write_snapshot, writing
from goodword.tables import TABLES, ColumnType, Frame

if TYPE_CHECKING:
    from pathlib import Path

    from goodword.connector import Cursor
    from goodword.engines import Engine

PAGE = 20_000
"""Rows held in memory before a part file is written."""
FEW = 200_000
"""Keys that may be looked up one by one."""
FAULTY = "Update the plugin, or report this to its author."


class Intake:
    """The sink of one pull (see ``connector.Sink``).

    Args:
        folder: Where parts are written; empty, and removed at the end.
        engine: Where frames are read and written.
        types: Returns the columns of a table.
        extra: Types of the firm's own contact columns.
        previous: The snapshot this pull continues, or None.
        publish: Moves a finished snapshot folder into place and opens it.
        forgotten: Returns those of the given contact ids that may not be kept; it need not read
            the ids when nobody is forgotten.
    """

    def __init__(
        self,
        folder: Path,
        engine: Engine,
        types: Callable[[str], Mapping[str, ColumnType]],
        extra: Mapping[str, ColumnType],
        previous: Snapshot | None,
        publish: Callable[[Path], Snapshot],
        forgotten: Callable[[Iterable[str]], frozenset[str]] | None,
    ) -> None:
        self._folder = folder
        self._engine = engine
        self._types = types
        self._extra = extra
        self._previous = previous
        self._publish = publish
        self._forgotten = forgotten
        self._waiting: dict[str, list[Mapping[str, object]]] = defaultdict(list)
        self._parts: dict[str, list[Path]] = defaultdict(list)
        self._keys: dict[str, PartKeys] = {}
        self._rows: dict[str, int] = defaultdict(int)
        self._removed: dict[str, dict[tuple[object, ...], Mapping[str, str]]] = defaultdict(dict)
        self._whole: set[str] = set()
        self._absent: set[str] = set()
        self._notices: list[str] = []
        self._deleted: set[str] = set()

    @property
    def privacy_deleted(self) -> frozenset[str]:
        """Contacts to forget from now on, wherever else they are kept.

        The host deleted them for privacy, or (known after ``commit``) they were merged with
        somebody who is forgotten.
        """
        return frozenset(self._deleted)

    def put(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Add rows of a canonical table; a known key replaces its row."""
        allowed = self._types(_known(table))
        removed = self._removed[table]
        shapes = [rows.columns] if isinstance(rows, Columns) else rows
        unknown = {name for row in shapes if not row.keys() <= allowed.keys() for name in row}
        if unknown:
            wrong = sorted(unknown - allowed.keys())
            msg = f"The connector delivered unknown columns of {table}: {wrong}."
            raise RecordError(msg, hint=FAULTY)
        if removed:
            for row in rows:
                removed.pop(_key_of(table, row), None)
        if isinstance(rows, Columns):
            with self._or_nothing():
                self._put_columns(table, rows)
            return
        waiting = self._waiting[table]
        waiting.extend(rows)
        if len(waiting) >= PAGE:
            with self._or_nothing():
                self._flush(table)

    def remove(self, table: str, keys: Sequence[Mapping[str, str]]) -> None:
        """Forget rows that the host deleted; a row put again later in the pull stays."""
        for key in keys:
            self._removed[_known(table)][_key_of(table, key)] = key

    def forgotten(self, *contact_ids: str) -> None:
        """Take out everything about contacts that the host deleted for privacy, now and later."""
        self._deleted.update(contact_ids)

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
        """Write the snapshot, without the forgotten, and make it the current one.

        Raises:
            SourceError: The disk is full or not writable; the snapshot before is still in use.
        """
        with self._or_nothing():
            for name in TABLES:
                self._flush(name)
            available = self._available()
            tables = {name: self._merged(name) for name in TABLES if name in available}
            gone = self._gone(tables.get("aliases"))
            target = self._folder / "snapshot"
            head = Head(now, cursor, self._extra, tuple(self._notices))
            kept = without(tables, gone) if gone else tables
            same = frozenset() if gone else frozenset(filter(self._as_before, available))
            write_snapshot(target, kept, head, self._engine, self._previous, same)
            snapshot = self._publish(target)
        shutil.rmtree(self._folder, ignore_errors=True)
        return snapshot

    def _as_before(self, table: str) -> bool:
        """Say whether this pull changes nothing of a table, so that its file can be copied."""
        before = self._previous is not None and table in self._previous.filled
        told = self._parts[table] or self._removed[table] or table in self._whole | self._absent
        return before and not told and (table != "contacts" or self._same_extra())

    def _same_extra(self) -> bool:
        """Say whether contacts have the columns of the firm that they had before."""
        return self._previous is not None and self._previous.cursor is not None

    def _available(self) -> set[str]:
        before = self._previous.available if self._previous else frozenset()
        news = {name for name in TABLES if self._parts[name] or self._removed[name]}
        return self._whole | (before - self._absent) | news

    def _gone(self, aliases: Frame | None) -> frozenset[str]:
        """Return everybody to leave out, noting those who were not known to be forgotten."""
        known: frozenset[str] = frozenset()
        if self._forgotten is not None:
            sources = ((name, frame) for name in TABLES for frame in self._sources(name))
            known = self._forgotten(people_in(sources, self._engine))
        gone = known | self._deleted
        if gone and aliases is not None:
            gone = same_people(gone, aliases, self._engine)
        self._deleted |= gone - known
        return gone

    def _put_columns(self, table: str, rows: Columns) -> None:
        """Write a part file from columns as they are; where a key comes twice, row by row."""
        self._flush(table)
        keys = [rows.columns.get(name) for name in TABLES[table].key]
        given = [values for values in keys if values is not None and None not in values]
        if rows and len(given) < len(keys):
            raise _keyless(table)
        if len(set(zip(*given, strict=True))) < len(rows):
            self._waiting[table].extend(rows)
            self._flush(table)
        elif rows:
            types = self._types(table)
            plain = {
                name: _column_without_zones(values) if types[name] == "time" else values
                for name, values in rows.columns.items()
            }
            self._write_part(table, zip(*given, strict=True), self._engine.columns(plain, types))

    def _flush(self, table: str) -> None:
        rows = self._waiting.pop(table, [])
        if rows:
            types = self._types(table)
            newest = {_key_of(table, row): row for row in rows}
            if any(None in values for values in newest):
                raise _keyless(table)
            times = [name for name, kind in types.items() if kind == "time"]
            plain = [_without_zones(row, times) for row in newest.values()]
            self._write_part(table, newest, self._engine.rows(plain, types))

    def _write_part(self, table: str, keys: Iterable[Key], frame: Frame) -> None:
        path = self._folder / f"{table}-{len(self._parts[table])}.parquet"
        self._rows[table] += self._engine.write(frame, path)
        self._parts[table].append(path)
        self._keys.setdefault(table, PartKeys(self._folder / f"{table}.keys")).add(keys)

    def _sources(self, table: str) -> list[Frame]:
        """Return what *table* is made of, oldest first: the previous rows, then each part."""
        types = self._types(table)
        frames = [self._engine.scan(path, types) for path in self._parts[table]]
        if self._previous is not None and table not in self._whole | self._absent:
            frames.insert(0, self._previous.tables[table])
        return frames

    def _merged(self, table: str) -> Frame:
        """Return previous rows and new parts, newest row of each key, without the removed.

        Only what replaces something is compared: the rows before with the keys of the new parts,
        and a new part with the keys that a later one brings again.
        """
        import narwhals.stable.v2 as nw

        types, key = self._types(table), list(TABLES[table].key)
        parts = [self._engine.scan(path, types) for path in self._parts[table]]
        frames = self._sources(table)
        if not frames:
            return self._engine.rows([], types)
        if parts and len(frames) > len(parts):
            news = nw.concat([part.select(key) for part in parts])
            frames[0] = self._lacking(frames[0], table, news, self._rows[table])
        first = len(frames) - len(parts)
        for number, keys in self._replaced(table, parts).items():
            older = self._engine.rows(keys, dict.fromkeys(key, "text"))
            frames[first + number] = self._lacking(parts[number], table, older, len(keys))
        merged = nw.concat(frames) if len(frames) > 1 else frames[0]
        if self._removed[table]:
            rows = list(self._removed[table].values())
            gone = self._engine.rows(rows, dict.fromkeys(key, "text"))
            merged = self._lacking(merged, table, gone, len(rows))
        return merged.select(list(types))

    def _lacking(self, frame: Frame, table: str, keys: Frame, number: int) -> Frame:
        """Return the rows of *frame* whose key is none of *keys*.

        A few keys are looked up row by row as the table passes; a join may hold all of it.
        """
        import narwhals.stable.v2 as nw

        key = list(TABLES[table].key)
        if number > FEW:
            return frame.join(keys, on=key, how="anti")
        ids = self._engine.collect(keys.select(key[0]).unique())[key[0]].to_list()
        named = nw.col(key[0]).is_in(ids)
        if len(key) == 1:
            return frame.filter(~named)
        touched = frame.filter(named).join(keys, on=key, how="anti")
        return nw.concat([frame.filter(~named), touched])

    def _replaced(
        self, table: str, parts: Sequence[Frame]
    ) -> dict[int, list[Mapping[str, object]]]:
        """Return, by part, the keys that a later part brings again."""
        noted = self._keys.get(table)
        repeated = noted.repeated() if noted is not None else ()
        replaced: dict[int, list[Mapping[str, object]]] = defaultdict(list)
        if not repeated:
            return replaced
        names = TABLES[table].key
        latest: set[Key] = set()
        for number, part in reversed(list(enumerate(parts))):
            rows = self._engine.collect(part.select(*names)).rows()
            twice = {tuple(row) for row in rows if hash(tuple(row)) in repeated}
            both = twice & latest
            older: list[Mapping[str, object]] = [dict(zip(names, k, strict=True)) for k in both]
            if older:
                replaced[number] = older
            latest |= twice
        return replaced

    @contextmanager
    def _or_nothing(self) -> Iterator[None]:
        """Give the room of the unfinished parts back where writing fails."""
        try:
            with writing(self._folder):
                yield
        except Exception:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise


def _known(table: str) -> str:
    """Return *table*, if it is a canonical one."""
    if table not in TABLES:
        msg = f"The connector delivered a table {table!r}, which goodword does not know."
        raise RecordError(msg, hint=FAULTY)
    return table


def _keyless(table: str) -> RecordError:
    msg = f"The connector delivered a row of {table} without {' and '.join(TABLES[table].key)}."
    return RecordError(msg, hint=FAULTY)


def _key_of(table: str, row: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(map(row.get, TABLES[table].key))


def _without_zones(row: Mapping[str, object], times: Sequence[str]) -> Mapping[str, object]:
    """Return the row with its times as UTC without a zone; most rows are so already."""
    changed = {
        name: naive
        for name in times
        if (given := row.get(name)) is not None and (naive := _naive(given)) is not given
    }
    return {**row, **changed} if changed else row


def _column_without_zones(values: Sequence[object]) -> Sequence[object]:
    """Return a column of times as UTC without a zone; most are so already."""
    plain = set(map(type, values)) <= {datetime, NoneType}
    if plain and not any(value.tzinfo for value in values if isinstance(value, datetime)):
        return values
    return [_naive(value) for value in values]


def _naive(value: object) -> object:
    """Return times as UTC without a zone, and a plain date as its midnight."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return value
