"""DuckDB in this process: within a memory limit, the rest spills to disk.

What is computed once becomes a Parquet file in the scratch folder, so memory is bounded by the
limit and not by the width of the facts.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING, Any

import duckdb
import narwhals.stable.v2 as nw
import polars as pl

from goodword.engines.duckdb_faults import copied, explained
from goodword.engines.duckdb_memory import Memory
from goodword.engines.polars_engine import PolarsEngine
from goodword.engines.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from goodword.tables import ColumnType, Frame

_TYPES: dict[ColumnType, str] = {
    "text": "VARCHAR",
    "int": "BIGINT",
    "bool": "BOOLEAN",
    "time": "TIMESTAMP",
}


class _Stream:
    """The rows of a relation, as polars reads them.

    Handed the relation itself, polars keeps its class for good, and DuckDB complains on standard
    error when the process ends.
    """

    def __init__(self, relation: duckdb.DuckDBPyRelation) -> None:
        self._relation = relation

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._relation.__arrow_c_stream__(requested_schema)


class DuckDBEngine:
    """The verbs of an engine on DuckDB.

    Args:
        memory_limit: Such as ``1GB``; empty leaves DuckDB its own, most of the machine's.
        spill: Folder for what does not fit into memory.

    Raises:
        SettingsError: DuckDB does not understand the limit.
    """

    def __init__(self, memory_limit: str = "", spill: Path | None = None) -> None:
        self._scratch = Scratch(spill)
        self._limit = memory_limit
        self._local = PolarsEngine()
        self._held: duckdb.DuckDBPyConnection | None = None
        self._views = 0
        self._kept: list[tuple[duckdb.DuckDBPyRelation, Path]] = []

    @property
    def _db(self) -> duckdb.DuckDBPyConnection:
        if self._held is None:
            config: dict[str, Any] = {"temp_directory": str(self._scratch.folder() / "spill")}
            config |= {"preserve_insertion_order": "false"}
            if self._limit:
                config["memory_limit"] = self._limit
            with explained(self._limit, self._scratch):
                self._held = duckdb.connect(config=config)
                self._held.execute(f"SET threads = {self._memory.threads}")
        return self._held

    @cached_property
    def _memory(self) -> Memory:
        asked = "SELECT current_setting('memory_limit'), current_setting('threads')"
        limit, cores = self._one(self._db.sql(asked))
        return Memory.of(str(limit), int(cores))

    def rows(self, rows: Sequence[Mapping[str, object]], types: Mapping[str, ColumnType]) -> Frame:
        """Return *rows* as a typed table; a wrong type raises ``RecordError`` naming the column."""
        return self._taken_in(self._local.rows(rows, types))

    def columns(
        self, columns: Mapping[str, Sequence[object]], types: Mapping[str, ColumnType]
    ) -> Frame:
        """Return *columns* as a typed table; a wrong type raises ``RecordError`` naming it."""
        return self._taken_in(self._local.columns(columns, types))

    def scan(self, path: Path, types: Mapping[str, ColumnType]) -> Frame:
        """Return the file's columns in declared order; one it lacks, or has otherwise, is null.

        Raises:
            ValueError: The file is damaged.
        """
        try:
            relation = self._db.read_parquet(str(path))
        except duckdb.IOException as error:
            path.stat()  # a missing file is told apart from a damaged one
            msg = f"{path.name} is damaged"
            raise ValueError(msg) from error
        except duckdb.Error as error:
            msg = f"{path.name} is damaged"
            raise ValueError(msg) from error
        there = dict(zip(relation.columns, map(str, relation.types), strict=True))
        columns = [
            duckdb.ColumnExpression(name)
            if there.get(name) == _TYPES[kind]
            else duckdb.ConstantExpression(None).cast(_TYPES[kind]).alias(name)
            for name, kind in types.items()
        ]
        return nw.from_native(relation.select(*columns))

    def scan_all(self, paths: Sequence[Path], types: Mapping[str, ColumnType]) -> Frame:
        """Return the files as one table."""
        return nw.concat([self.scan(path, types) for path in paths])

    def read(self, path: Path) -> Frame:
        """Return the file with the columns it has."""
        return nw.from_native(self._db.read_parquet(str(path)))

    def write(self, frame: Frame, path: Path) -> int:
        """Write *frame* to *path* and return its number of rows.

        Raises:
            SourceError: The disk is full or not writable, or the memory limit is too small.
        """
        native = frame.to_native()
        kept = [file for relation, file in self._kept if relation is native]
        if kept:
            copied(kept[0], path)
        else:
            self._write(frame, path, "zstd")
        return int(self._one(self._db.read_parquet(str(path)).count("*"))[0])

    def plain(self, frame: Frame) -> Frame:
        """Return *frame* as it is: times stay what they are here."""
        return frame

    def materialise(self, frame: Frame) -> Frame:
        """Compute *frame* once, into a file; a frame of another engine is taken in."""
        path = self._scratch.path()
        self._write(frame, path, "snappy")
        return self.read(path)

    def share(self, frame: Frame) -> Frame:
        """Compute *frame* now: each of its readers is a query of its own."""
        return self.materialise(frame)

    def settled(self, frame: Frame) -> Frame:
        """Return *frame* as it is: what ``beside`` gave is computed."""
        return frame

    def keep(self, frame: Frame) -> Frame:
        """Compute *frame* into a file, which is copied where it is to be written."""
        path = self._scratch.path()
        self._write(frame, path, "snappy")
        kept = self.read(path)
        self._kept.append((kept.to_native(), path))
        return kept

    def materialise_all(self, frames: Sequence[Frame]) -> list[Frame]:
        """Compute *frames* one after the other, each within the limit."""
        return [self.materialise(frame) for frame in frames]

    def beside(self, base: Frame, parts: Iterable[Frame]) -> Frame:
        """Set the columns of *parts* beside *base*, as many in one go as the limit holds.

        Contacts are taken in slices, so that those of a slice fit into memory and nothing is
        spilled. A single part is joined when it is read; computed before, so that DuckDB sees
        how small it is and holds it, not the wide table.
        """
        whole, todo = base, [self._native(part) for part in parts]
        if len(todo) == 1:
            return base.join(self.materialise(nw.from_native(todo[0])), "contact_id", how="left")
        at_once = self._memory.joins
        for first in range(0, len(todo), at_once):
            whole = self._joined(self._native(whole), todo[first : first + at_once])
        return whole

    def _joined(
        self, base: duckdb.DuckDBPyRelation, parts: Sequence[duckdb.DuckDBPyRelation]
    ) -> Frame:
        """Join *parts* to *base* in one query for each slice of the contacts."""
        with explained(self._limit, self._scratch):
            views = [self._view(each) for each in (base, *parts)]
            rows = [int(self._one(part.count("*"))[0]) for part in parts]
        sizes = [(count, len(part.columns)) for count, part in zip(rows, parts, strict=True)]
        slices = self._memory.slices(sizes)
        paths = [self._scratch.path() for _ in range(slices)]
        for number, path in enumerate(paths):
            some = f"WHERE hash(contact_id) % {slices} = {number}" if slices > 1 else ""
            with explained(self._limit, self._scratch):
                query = self._db.sql(_side_by_side(views, some))
            self._write(nw.from_native(query), path, "snappy")
        return nw.from_native(self._db.read_parquet([str(path) for path in paths]))

    def digest(self, frame: Frame) -> str:
        """Return two sums of 64 bits of each row, its number of rows and names of columns."""
        native = self._native(frame)
        names = sorted(native.columns)
        quoted = ", ".join('"' + name.replace('"', '""') + '"' for name in names)
        sums = ", ".join(f"sum(hash({seed}, {quoted})::HUGEINT)::VARCHAR" for seed in (1, 2))
        with explained(self._limit, self._scratch):
            found = self._one(native.aggregate(f"count(*), {sums}"))
        return hashlib.sha256(repr((names, found)).encode()).hexdigest()

    def collect(self, frame: Frame) -> nw.DataFrame[Any]:
        """Compute *frame* into memory, as a polars table."""
        native = self._native(frame)
        with explained(self._limit, self._scratch):
            return nw.from_native(pl.DataFrame(_Stream(native)), eager_only=True)

    def _write(self, frame: Frame, path: Path, compression: str) -> None:
        native = self._native(frame)
        with explained(self._limit, self._scratch, path):
            native.write_parquet(
                str(path),
                row_group_size=self._memory.rows_in_a_group(len(native.columns)),
                overwrite=True,
                compression=compression,
            )

    def _native(self, frame: Frame) -> duckdb.DuckDBPyRelation:
        native = frame.to_native()
        if isinstance(native, duckdb.DuckDBPyRelation):
            return native
        taken: duckdb.DuckDBPyRelation = self._taken_in(frame).to_native()
        return taken

    def _taken_in(self, frame: Frame) -> Frame:
        """Bring a polars table in, through a file of the scratch folder."""
        path = self._scratch.path()
        self._local.write(frame, path)
        return self.read(path)

    def _view(self, relation: duckdb.DuckDBPyRelation) -> str:
        """Name *relation*, so that a query can be written with it."""
        self._views += 1
        name = f"part_{self._views}"
        relation.create_view(name)
        return name

    @staticmethod
    def _one(relation: duckdb.DuckDBPyRelation) -> tuple[Any, ...]:
        return tuple(relation.fetchall()[0])


def _side_by_side(views: Sequence[str], some: str) -> str:
    """Write the query that sets the columns of all but the first of *views* beside those of it.

    Args:
        views: Names of tables with a column ``contact_id``.
        some: Which rows of each, as SQL; empty for all.
    """
    whole, *parts = views
    columns = [f"{whole}.*", *(f"{part}.* EXCLUDE (contact_id)" for part in parts)]
    joins = [
        f"LEFT JOIN (FROM {part} {some}) AS {part} ON {whole}.contact_id = {part}.contact_id"
        for part in parts
    ]
    whole_of_them = f"FROM (FROM {whole} {some}) AS {whole} {' '.join(joins)}"
    return f"SELECT {', '.join(columns)} {whole_of_them}"
