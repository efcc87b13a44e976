"""The embedded default engine: polars, in this process."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import polars as pl

from goodword.engines.scratch import Scratch
from goodword.errors import RecordError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from goodword.tables import ColumnType, Frame

_TYPES: dict[ColumnType, pl.DataType] = {
    "text": pl.String(),
    "int": pl.Int64(),
    "bool": pl.Boolean(),
    "time": pl.Datetime("us"),
}
FIRST = 3
"""Rows named where values are wrong."""


HELD = 128 * 1024 * 1024
"""Bytes of a table that is held in memory; a larger one waits on the disk until it is read."""
CELL = 8
"""Bytes a cell has, about, where the size of a table is foreseen."""

ROWS_IN_A_GROUP = 32_768
"""Rows of a group in a Parquet file: a wide table is buffered by the group while it is written."""
IN_A_SLICE = 100_000
"""Rows of a wide table that are computed at a time."""
HALF = 1 << 32
"""Hashes of 64 bits are summed in two halves, so that no sum outgrows its 64 bits."""


class PolarsEngine:
    """The verbs of an engine on polars.

    Args:
        spill: Folder for tables that are large; None for the system's own place.
    """

    def __init__(self, spill: Path | None = None) -> None:
        self._scratch = Scratch(spill)
        self._kept: list[tuple[pl.LazyFrame, Path]] = []

    def rows(self, rows: Sequence[Mapping[str, object]], types: Mapping[str, ColumnType]) -> Frame:
        """Return *rows* as a typed table; a wrong type raises ``RecordError`` naming the column."""
        return self.columns({name: [row.get(name) for row in rows] for name in types}, types)

    def columns(
        self, columns: Mapping[str, Sequence[object]], types: Mapping[str, ColumnType]
    ) -> Frame:
        """Return *columns* as a typed table; a wrong type raises ``RecordError`` naming it."""
        rows = max(map(len, columns.values()), default=0)
        made: list[pl.Series] = []
        for name, kind in types.items():
            values = columns.get(name)
            dtype = _TYPES[kind]
            if values is None:
                made.append(pl.Series(name, [None], dtype=dtype).new_from_index(0, rows))
                continue
            try:
                made.append(pl.Series(name, values, dtype=dtype, strict=True))
            except (TypeError, ValueError, pl.exceptions.PolarsError) as error:
                raise _wrong_column(name, kind, values) from error
        return nw.from_native(pl.DataFrame(made).lazy())

    def scan(self, path: Path, types: Mapping[str, ColumnType]) -> Frame:
        """Return the file's columns in declared order; one it lacks, or has otherwise, is null.

        Raises:
            ValueError: The file is damaged.
        """
        frame = pl.scan_parquet(path)
        try:
            there = frame.collect_schema()
        except pl.exceptions.PolarsError as error:
            msg = f"{path.name} is damaged"
            raise ValueError(msg) from error
        columns = [
            pl.col(name)
            if there.get(name) == _TYPES[kind]
            else pl.lit(None, dtype=_TYPES[kind]).alias(name)
            for name, kind in types.items()
        ]
        return nw.from_native(frame.select(columns))

    def scan_all(self, paths: Sequence[Path], types: Mapping[str, ColumnType]) -> Frame:
        """Return the files as one table; only those being read hold memory."""
        return nw.from_native(pl.scan_parquet(list(paths)).select(list(types)))

    def read(self, path: Path) -> Frame:
        """Return the file with the columns it has."""
        return nw.from_native(pl.scan_parquet(path))

    def write(self, frame: Frame, path: Path) -> int:
        """Write *frame* to *path* in pieces, and return its number of rows.

        Raises:
            SourceError: The disk is full or not writable.
        """
        native = frame.to_native()
        for kept, file in self._kept:
            if kept is native:
                with _on_disk(path):
                    shutil.copyfile(file, path)
                return int(pl.scan_parquet(path).select(pl.len()).collect().item())
        return self.stream(native, path)

    def stream(self, parts: pl.LazyFrame, path: Path) -> int:
        """Write *parts* to *path* in pieces, whatever their size; return the number of rows.

        Raises:
            SourceError: The disk is full or not writable.
        """
        with _on_disk(path):
            parts.sink_parquet(path)
        return int(pl.scan_parquet(path).select(pl.len()).collect().item())

    def plain(self, frame: Frame) -> Frame:
        """Return *frame* as it is: times stay what they are here."""
        return frame

    def materialise(self, frame: Frame) -> Frame:
        """Compute *frame* once."""
        return self.collect(frame).lazy()

    def share(self, frame: Frame) -> Frame:
        """Compute *frame* now: of what plans have in common, polars finds the outermost alone."""
        shared: Frame = nw.from_native(self._waiting(self.collect(frame).to_native(), HELD))
        return shared

    def settled(self, frame: Frame) -> Frame:
        """Return *frame* as it is: its tables are computed."""
        return frame

    def keep(self, frame: Frame) -> Frame:
        """Compute *frame* once, into a file where it is large.

        Slice by slice, in the order ``beside`` gave it: as one table, half of it would be on its
        way at a time, with every column it is computed from.
        """
        native = frame.to_native()
        rows = _rows_of(native)
        if _is_small(native, rows):
            return self.materialise(frame)
        path = self._scratch.path()
        slices = [native.slice(first, IN_A_SLICE) for first in range(0, rows, IN_A_SLICE)]
        apart = pl.QueryOptFlags(comm_subplan_elim=False)
        with _on_disk(path):
            pl.concat(slices).sink_parquet(
                path, compression="lz4", row_group_size=ROWS_IN_A_GROUP, optimizations=apart
            )
        kept = pl.scan_parquet(path)
        self._kept.append((kept, path))
        return nw.from_native(kept)

    def materialise_all(self, frames: Sequence[Frame]) -> list[Frame]:
        """Compute *frames* one after the other: together they would need the memory of all."""
        done: list[Frame] = []
        room = HELD
        for frame in frames:
            table = self.collect(frame).to_native()
            done.append(nw.from_native(self._waiting(table, room)))
            size = table.estimated_size()
            room -= size if size <= room else 0
        return done

    def beside(self, base: Frame, parts: Iterable[Frame]) -> Frame:
        """Set the columns of *parts* beside *base*, by contact; without a row they are null.

        A column nobody has a value in is kept as one null: of the facts of most firms it is more
        than half, and so is what the rules make of them.
        """
        native = base.to_native()
        small = _is_small(native, _rows_of(native))
        table = self.collect(base if small else base.select("contact_id")).to_native()
        ids, names = table.select("contact_id"), native.collect_schema().names()
        whole, held = ([], [table]) if small else ([native], [])
        for part in parts:
            other = self.collect(part).to_native()
            names += [name for name in other.columns if name != "contact_id"]
            held.append(_aligned(other, ids))
            if sum(each.estimated_size() for each in held) > HELD:
                whole.append(self._waiting(pl.concat(held, how="horizontal"), HELD))
                held = []
        whole += [pl.concat(held, how="horizontal").lazy()] if held else []
        frame = pl.concat(whole, how="horizontal") if len(whole) > 1 else whole[0]
        beside: Frame = nw.from_native(frame.select(names))
        return beside

    def _waiting(self, table: pl.DataFrame, room: int) -> pl.LazyFrame:
        """Return *table* to be read later, from a file where there is no *room* for it."""
        if table.estimated_size() <= room:
            return table.lazy()
        path = self._scratch.path()
        with _on_disk(path):
            table.write_ipc(path, compression="uncompressed")
        return pl.scan_ipc(path)

    def digest(self, frame: Frame) -> str:
        """Return a sum over the rows, 64 bits of each, and the names of the columns."""
        names = sorted(frame.collect_schema().names())
        row = pl.struct(names).hash(1).alias("row")
        halves = (pl.col("row") % HALF).sum().alias("low"), (pl.col("row") // HALF).sum()
        summed = frame.to_native().select(row).select(*halves, pl.len().alias("rows"))
        found = summed.collect(engine="streaming").row(0)
        return hashlib.sha256(repr((names, found)).encode()).hexdigest()

    def collect(self, frame: Frame) -> nw.DataFrame[Any]:
        """Compute *frame* into memory; a few rows made of many need the memory of few."""
        return frame.collect("polars", engine="streaming")


def _rows_of(frame: pl.LazyFrame) -> int:
    return int(frame.select(pl.len()).collect(engine="streaming").item())


def _is_small(frame: pl.LazyFrame, rows: int) -> bool:
    """Foresee whether a table may be held in memory."""
    return rows * len(frame.collect_schema()) * CELL <= HELD


def _aligned(part: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of *part* in the order of *ids*, those of nothing but nulls as one."""
    columns = [each for each in part if each.name != "contact_id"]
    blank = [each for each in columns if each.null_count() == part.height]
    rest = part.drop(each.name for each in blank)
    table = ids.join(rest, on="contact_id", how="left", maintain_order="left")
    nothing = (pl.lit(None, dtype=each.dtype).alias(each.name) for each in blank)
    return table.with_columns(nothing).select(each.name for each in columns)


@contextmanager
def _on_disk(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        msg = f"{path} cannot be written ({_reason(error)})."
        raise SourceError(msg, hint="Check that the disk is writable and has room.") from error


def _reason(error: BaseException) -> str:
    """Return the operating system's reason, which polars gives as a number in its text."""
    number = re.search(r"\(os error (\d+)\)", str(error))
    return os.strerror(int(number[1])) if number else type(error).__name__


def _wrong_column(name: str, kind: ColumnType, values: Sequence[object]) -> RecordError:
    """Say how many values of a page are wrong, and in which rows the first are; never a value."""
    wrong = [n for n, value in enumerate(values, 1) if not _may_be(value, kind)]
    msg = f"Column {name!r} has a value that is not of type {kind}"
    if wrong:
        first = f"row {', '.join(map(str, wrong[:FIRST]))}{', …' if wrong[FIRST:] else ''}"
        msg += f": {len(wrong):,} of the {len(values):,} rows of a page, first in {first}"
    return RecordError(f"{msg}.", hint="The connector must deliver canonical types.")


def _may_be(value: object, kind: ColumnType) -> bool:
    """Say whether a single value is one of a type, or none."""
    if value is None or kind == "time":
        return value is None or isinstance(value, date)  # an instant is a date, too
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str if kind == "text" else bool)
