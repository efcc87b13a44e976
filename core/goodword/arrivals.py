"""What one pull brought of one table: rows that wait, part files on disk, keys taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from goodword.columns import Columns
from goodword.errors import RecordError
from goodword.part_keys import Key, PartKeys
from goodword.part_words import require_known_words
from goodword.tables import TABLES, WORDS, ColumnType, Frame
from goodword.zones import column_without_zones, row_without_zones

if TYPE_CHECKING:
    from pathlib import Path

    from goodword.engines import Engine

FAULTY = "Update the plugin, or report this to its author."


class Arrivals:
    """One table of one pull.

    Args:
        table: Its name.
        types: Its columns.
        folder: Where parts are written.
        engine: What writes and reads them.
    """

    def __init__(
        self, table: str, types: Mapping[str, ColumnType], folder: Path, engine: Engine
    ) -> None:
        self.table = table
        self.types = types
        self.rows = 0
        self.waiting: list[Mapping[str, object]] = []
        self.removed: dict[Key, Mapping[str, str]] = {}
        self._key = TABLES[table].key
        self._folder = folder
        self._engine = engine
        self._files: list[Path] = []
        self._keys = PartKeys(folder / f"{table}.keys")

    def __bool__(self) -> bool:
        """Whether anything arrived or was taken back."""
        return bool(self._files or self.waiting or self.removed)

    def put(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Take rows: those of a list wait, columns become a part at once.

        Raises:
            RecordError: They have columns the table does not know, or lack a key.
        """
        shapes = [rows.columns] if isinstance(rows, Columns) else rows
        wrong = {name for row in shapes if not row.keys() <= self.types.keys() for name in row}
        if wrong:
            unknown = sorted(wrong - self.types.keys())
            msg = f"The connector delivered unknown columns of {self.table}: {unknown}."
            raise RecordError(msg, hint=FAULTY)
        if self.removed:
            for row in rows:
                self.removed.pop(self._key_of(row), None)
        if isinstance(rows, Columns):
            self._put_columns(rows)
        else:
            self.waiting.extend(rows)

    def remove(self, keys: Sequence[Mapping[str, str]]) -> None:
        """Take rows back, whenever they arrived."""
        for key in keys:
            self.removed[self._key_of(key)] = key

    def flush(self) -> None:
        """Write the rows that wait, the last one of each key, as a part."""
        rows, self.waiting = self.waiting, []
        if rows:
            newest = {self._key_of(row): row for row in rows}
            if any(None in values for values in newest):
                raise self._keyless()
            times = [name for name, kind in self.types.items() if kind == "time"]
            plain = [row_without_zones(row, times) for row in newest.values()]
            frame = self._engine.rows(plain, self.types)
            closed = WORDS.get(self.table, ())
            require_known_words(self.table, {n: [row.get(n) for row in plain] for n in closed})
            self._write_part(newest, frame)

    def parts(self) -> Iterator[Frame]:
        """Yield the parts, oldest first."""
        for path in self._files:
            yield self._engine.scan(path, self.types)

    def keys(self) -> Frame:
        """Return the keys of all that arrived, some more than once."""
        return self._scanned(self._files).select(list(self._key))

    def latest(self) -> list[Frame]:
        """Return what arrived, each key as it came last; none where nothing did."""
        frames: list[Frame] = []
        untouched: list[Path] = []
        replaced = self._replaced()
        for number, path in enumerate(self._files):
            if number not in replaced:
                untouched.append(path)
                continue
            older = self._engine.rows(replaced[number], dict.fromkeys(self._key, "text"))
            part = self._engine.scan(path, self.types)
            frames.append(part.join(older, on=list(self._key), how="anti"))
        return [self._scanned(untouched), *frames] if untouched else frames

    def _scanned(self, files: Sequence[Path]) -> Frame:
        """Return part files as one table: each on its own would hold memory while it waits."""
        return self._engine.scan_all(files, self.types)

    def _replaced(self) -> dict[int, list[Mapping[str, object]]]:
        """Return, by number of the part, the keys that a later part brings again."""
        replaced: dict[int, list[Mapping[str, object]]] = defaultdict(list)
        repeated = self._keys.repeated()
        if not repeated:
            return replaced
        latest: set[Key] = set()
        for number, path in reversed(list(enumerate(self._files))):
            part = self._engine.scan(path, dict.fromkeys(self._key, "text"))
            rows = self._engine.collect(part.select(*self._key)).rows()
            twice = {tuple(row) for row in rows if hash(tuple(row)) in repeated}
            both = twice & latest
            older: list[Mapping[str, object]] = [dict(zip(self._key, k, strict=True)) for k in both]
            if older:
                replaced[number] = older
            latest |= twice
        return replaced

    def _put_columns(self, rows: Columns) -> None:
        """Write a part from columns as they are; where a key comes twice, row by row."""
        self.flush()
        keys = [rows.columns.get(name) for name in self._key]
        given = [values for values in keys if values is not None and None not in values]
        if rows and len(given) < len(keys):
            raise self._keyless()
        if len(set(zip(*given, strict=True))) < len(rows):
            self.waiting.extend(rows)
            self.flush()
        elif rows:
            plain = {
                name: column_without_zones(values) if self.types[name] == "time" else values
                for name, values in rows.columns.items()
            }
            frame = self._engine.columns(plain, self.types)
            require_known_words(self.table, plain)
            self._write_part(zip(*given, strict=True), frame)

    def _write_part(self, keys: Iterable[Key], frame: Frame) -> None:
        path = self._folder / f"{self.table}-{len(self._files)}.parquet"
        self.rows += self._engine.write(frame, path)
        self._files.append(path)
        self._keys.add(keys)

    def _key_of(self, row: Mapping[str, object]) -> Key:
        return tuple(map(row.get, self._key))

    def _keyless(self) -> RecordError:
        msg = f"The connector delivered a row of {self.table} without {' and '.join(self._key)}."
        return RecordError(msg, hint=FAULTY)
