"""Spark over the Parquet mirror: the cores of this machine, or a cluster by its master's address.

What is computed once becomes a folder of Parquet files in the scratch folder, which drivers and
workers must both see. The session holds UTC and times without a zone, whatever the cluster's
defaults are.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import polars as pl
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812  # what everybody who writes Spark calls it
from pyspark.sql import types as T  # noqa: N812  # and this

from goodword.engines.polars_engine import PolarsEngine
from goodword.engines.scratch import Scratch
from goodword.engines.spark_session import explained, open_session, require_java
from goodword.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from goodword.tables import ColumnType, Frame

_TYPES: dict[ColumnType, T.DataType] = {
    "text": T.StringType(),
    "int": T.LongType(),
    "bool": T.BooleanType(),
    "time": T.TimestampNTZType(),
}
_OF_POLARS: dict[str, T.DataType] = {
    "String": T.StringType(),
    "Int64": T.LongType(),
    "Int32": T.IntegerType(),
    "Float64": T.DoubleType(),
    "Boolean": T.BooleanType(),
    "Datetime": T.TimestampNTZType(),
    "Date": T.DateType(),
    "Null": T.NullType(),
}
"""Types of the columns in files that polars wrote, which only it need look at."""
AT_ONCE = min(4, os.cpu_count() or 1)
"""Queries that are planned side by side."""


class SparkEngine:
    """The verbs of an engine on Spark.

    Args:
        master: ``local[*]``, or the address of a cluster.
        spill: Folder for tables on the way; on a cluster, one that every machine sees.

    Raises:
        SettingsError: There is no Java on this machine.
    """

    def __init__(self, master: str, spill: Path | None = None) -> None:
        require_java()
        self._master = master
        self._spill = spill
        self._scratch = Scratch(spill)
        self._local = PolarsEngine()
        self._session: SparkSession | None = None

    @property
    def _spark(self) -> SparkSession:
        if self._session is None:
            self._session = open_session(self._master, self._spill)
        return self._session

    def rows(self, rows: Sequence[Mapping[str, object]], types: Mapping[str, ColumnType]) -> Frame:
        """Return *rows* as a typed table; a wrong type raises ``RecordError`` naming the column."""
        _require_plain_names(types)
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
            SettingsError: The firm maps columns of its own.
        """
        _require_plain_names(types)
        try:
            there = _schema(path)
        except pl.exceptions.PolarsError as error:
            msg = f"{path.name} is damaged"
            raise ValueError(msg) from error
        read = self._spark.read.schema(there)  # started before any expression of Spark is made
        columns = [
            F.col(f"`{name}`")
            if name in there.names and there[name].dataType == _TYPES[kind]
            else F.lit(None).cast(_TYPES[kind]).alias(name)
            for name, kind in types.items()
        ]
        return nw.from_native(read.parquet(_place(path)).select(*columns))

    def scan_all(self, paths: Sequence[Path], types: Mapping[str, ColumnType]) -> Frame:
        """Return the files as one table."""
        return nw.concat([self.scan(path, types) for path in paths])

    def read(self, path: Path) -> Frame:
        """Return the file with the columns it has."""
        read = self._spark.read.schema(_schema(path))
        return nw.from_native(read.parquet(_place(path)))

    def write(self, frame: Frame, path: Path) -> int:
        """Write *frame* to the one file *path* and return its number of rows.

        Raises:
            SourceError: The disk is full or not writable.
        """
        native = frame.to_native()
        if not isinstance(native, DataFrame):
            return self._local.write(frame, path)
        parts = self._parts(_plain(native), self._scratch.path())
        return self._local.stream(pl.scan_parquet(parts / "*.parquet"), path)

    def plain(self, frame: Frame) -> Frame:
        """Return *frame* with times without a zone: Spark cuts a time to one with a zone."""
        native = frame.to_native()
        return nw.from_native(_plain(native)) if isinstance(native, DataFrame) else frame

    def materialise(self, frame: Frame) -> Frame:
        """Compute *frame* once, into files; a frame of another engine is taken in."""
        return self._computed(frame, self._scratch.path())

    def share(self, frame: Frame) -> Frame:
        """Compute *frame* now: each of its readers is a query of its own."""
        return self.materialise(frame)

    def settled(self, frame: Frame) -> Frame:
        """Compute *frame* now: each of its readers is a query of its own."""
        return self.materialise(frame)

    def keep(self, frame: Frame) -> Frame:
        """Compute *frame* into a file, as everything is here."""
        return self.materialise(frame)

    def materialise_all(self, frames: Sequence[Frame]) -> list[Frame]:
        """Compute *frames*, some at a time: to plan a query takes longer than a small one runs."""
        paths = [self._scratch.path() for _ in frames]
        with ThreadPoolExecutor(AT_ONCE) as several:
            return list(several.map(self._computed, frames, paths))

    def beside(self, base: Frame, parts: Iterable[Frame]) -> Frame:
        """Set the columns of *parts* beside *base*, by contact."""
        whole = base
        for part in parts:
            whole = whole.join(part, on="contact_id", how="left")
        return whole

    def digest(self, frame: Frame) -> str:
        """Return two sums of 64 bits of each row, its number of rows and names of columns."""
        native = frame.to_native()
        names = sorted(native.columns)
        cells = [F.col(f"`{name}`") for name in names]
        unknown = [F.isnull(cell) for cell in cells]  # a hash of Spark's passes over nulls
        sums = [
            F.sum(F.xxhash64(F.lit(seed), *cells, *unknown).cast("decimal(38,0)"))
            for seed in (1, 2)
        ]
        with explained(self._scratch.folder()):
            found = native.agg(F.count(F.lit(1)), *sums).collect()[0]
        return hashlib.sha256(repr((names, list(map(str, found)))).encode()).hexdigest()

    def collect(self, frame: Frame) -> nw.DataFrame[Any]:
        """Compute *frame* into memory, as a polars table."""
        native = frame.to_native()
        if not isinstance(native, DataFrame):
            return self._local.collect(frame)
        parts = self._parts(_plain(native), self._scratch.path())
        return nw.from_native(pl.read_parquet(parts / "*.parquet"), eager_only=True)

    def _computed(self, frame: Frame, path: Path) -> Frame:
        """Compute *frame* into a new folder at *path*; one of polars becomes a file there."""
        native = frame.to_native()
        if not isinstance(native, DataFrame):
            self._local.write(frame, path)
            return self.read(path)
        plain = _plain(native)
        read = self._spark.read.schema(plain.schema)
        return nw.from_native(read.parquet(_place(self._parts(plain, path))))

    def _parts(self, native: DataFrame, path: Path) -> Path:
        """Compute *native* into a new folder of part files at *path*."""
        with explained(self._scratch.folder()):
            native.write.parquet(_place(path))
        return path

    def _taken_in(self, frame: Frame) -> Frame:
        """Bring a polars table in, through a file of the scratch folder."""
        return self._computed(frame, self._scratch.path())


def _place(path: Path) -> str:
    return path.resolve().as_uri()


def _require_plain_names(types: Mapping[str, ColumnType]) -> None:
    """Refuse columns of the firm's own: Spark takes the point in their names for a field.

    Raises:
        SettingsError: A name holds a point.
    """
    if any("." in name for name in types):
        msg = "[engine] name = 'spark' cannot read columns of the firm's own, those under [extra]."
        raise SettingsError(msg, hint="Use duckdb, or take [extra] out of goodword.toml.")


def _plain(native: DataFrame) -> DataFrame:
    """Return *native* with times without a zone; those with one are in UTC here."""
    zoned = [
        each.name for each in native.schema.fields if isinstance(each.dataType, T.TimestampType)
    ]
    plain = {name: F.col(f"`{name}`").cast(T.TimestampNTZType()) for name in zoned}
    return native.withColumns(plain) if plain else native


def _schema(path: Path) -> T.StructType:
    """Return the columns of a file that polars wrote, without asking Spark."""
    there = pl.scan_parquet(path).collect_schema()
    types = {name: _OF_POLARS[str(kind.base_type())] for name, kind in there.items()}
    return T.StructType([T.StructField(name, kind) for name, kind in types.items()])
