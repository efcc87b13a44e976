"""The embedded default engine: polars, in this process."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import polars as pl

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


class PolarsEngine:
    """The verbs of an engine on polars."""

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
                raise _wrong_column(name, kind) from error
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

    def read(self, path: Path) -> Frame:
        """Return the file with the columns it has."""
        return nw.from_native(pl.scan_parquet(path))

    def write(self, frame: Frame, path: Path) -> int:
        """Write *frame* to *path* in pieces, and return its number of rows.

        Raises:
            SourceError: The disk is full or not writable.
        """
        return self.stream(frame.to_native(), path)

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

    def materialise_all(self, frames: Sequence[Frame]) -> list[Frame]:
        """Compute *frames* together: what they share is computed once."""
        done = pl.collect_all([frame.to_native() for frame in frames])
        return [nw.from_native(table.lazy()) for table in done]

    def beside(self, base: Frame, parts: Iterable[Frame]) -> Frame:
        """Set the columns of *parts* beside *base*, by contact; without a row they are null.

        A column nobody has a value in is kept as one null: of the facts of most firms it is more
        than half, and so is what the rules make of them.
        """
        table = self.collect(base).to_native()
        ids = table.select("contact_id")
        names = table.columns
        for part in parts:
            other = self.collect(part).to_native()
            blank = [each for each in other if each.null_count() == other.height]
            rest = other.drop(*(each.name for each in blank if each.name != "contact_id"))
            if other.height and rest.width > 1:
                joined = ids.join(rest, on="contact_id", how="left", maintain_order="left")
                table = pl.concat([table, joined.drop("contact_id")], how="horizontal")
            table = table.with_columns(
                pl.lit(None, dtype=each.dtype).alias(each.name)
                for each in blank
                if each.name != "contact_id"
            )
            names += [name for name in other.columns if name != "contact_id"]
        whole: Frame = nw.from_native(table.select(names).lazy())
        return whole

    def digest(self, frame: Frame) -> str:
        """Return a sum over the rows, 128 bits of each, and the names of the columns."""
        table = self.collect(frame).to_native()
        names = sorted(table.columns)
        summed = hashlib.sha256(repr((names, table.height)).encode())
        for seed in (1, 2):
            rows = table.select(names).hash_rows(seed).sort()
            summed.update(rows.to_numpy().tobytes())
        return summed.hexdigest()

    def collect(self, frame: Frame) -> nw.DataFrame[Any]:
        """Compute *frame* into memory; a few rows made of many need the memory of few."""
        return frame.collect("polars", engine="streaming")


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


def _wrong_column(name: str, kind: ColumnType) -> RecordError:
    msg = f"Column {name!r} has a value that is not of type {kind}."
    return RecordError(msg, hint="The connector must deliver canonical types.")
