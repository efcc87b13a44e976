"""The embedded default engine: polars, in this process."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import polars as pl

from goodword.errors import RecordError, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from goodword.tables import ColumnType, Frame

_TYPES: dict[ColumnType, pl.DataType] = {
    "text": pl.String(),
    "int": pl.Int64(),
    "bool": pl.Boolean(),
    "time": pl.Datetime("us"),
}


class PolarsEngine:
    """The five verbs of an engine on polars."""

    def rows(self, rows: Sequence[Mapping[str, object]], types: Mapping[str, ColumnType]) -> Frame:
        """Return *rows* as a typed table; a wrong type raises ``RecordError`` naming the column."""
        schema = {name: _TYPES[kind] for name, kind in types.items()}
        try:
            frame = pl.DataFrame(list(rows), schema=schema, orient="row", strict=True)
        except (TypeError, ValueError, pl.exceptions.PolarsError) as error:
            raise _wrong_row(rows, types) from error
        return nw.from_native(frame.lazy())

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
        """Write *frame* to *path* and return its number of rows.

        Raises:
            SourceError: The disk is full or not writable.
        """
        native = self.collect(frame).to_native()
        try:
            native.write_parquet(path)
        except (OSError, pl.exceptions.PolarsError) as error:
            msg = f"{path} cannot be written ({_reason(error)})."
            raise SourceError(msg, hint="Check that the disk is writable and has room.") from error
        return int(native.height)

    def materialise(self, frame: Frame) -> Frame:
        """Compute *frame* once."""
        return self.collect(frame).lazy()

    def materialise_all(self, frames: Sequence[Frame]) -> list[Frame]:
        """Compute *frames* together: what they share is computed once."""
        done = pl.collect_all([frame.to_native() for frame in frames])
        return [nw.from_native(table.lazy()) for table in done]

    def beside(self, base: Frame, parts: Sequence[Frame]) -> Frame:
        """Set the columns of *parts* beside *base*, by contact; without a row they are null."""
        table = self.collect(base).to_native()
        ids = table.select("contact_id")
        columns = [
            ids.join(
                self.collect(part).to_native(),
                on="contact_id",
                how="left",
                maintain_order="left",
            ).drop("contact_id")
            for part in parts
        ]
        whole: Frame = nw.from_native(pl.concat([table, *columns], how="horizontal").lazy())
        return whole

    def collect(self, frame: Frame) -> nw.DataFrame[Any]:
        """Compute *frame* into memory."""
        return frame.collect("polars")


def _reason(error: BaseException) -> str:
    """Return the operating system's reason, which polars gives as a number in its text."""
    number = re.search(r"\(os error (\d+)\)", str(error))
    return os.strerror(int(number[1])) if number else type(error).__name__


def _wrong_row(
    rows: Sequence[Mapping[str, object]], types: Mapping[str, ColumnType]
) -> RecordError:
    """Find the first value that does not fit and name its column, never the value."""
    for name, kind in types.items():
        values = [row.get(name) for row in rows]
        try:
            pl.Series(name, values, dtype=_TYPES[kind], strict=True)
        except (TypeError, ValueError, pl.exceptions.PolarsError):
            msg = f"Column {name!r} has a value that is not of type {kind}."
            return RecordError(msg, hint="The connector must deliver canonical types.")
    msg = f"The rows do not fit the columns {', '.join(types)}."
    return RecordError(msg, hint="The connector must deliver canonical rows.")
