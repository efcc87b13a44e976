"""Engines: where tables live and are computed. Rules never see them, only narwhals.

Each engine is a module with the functions of ``Engine``; results are equal on all of them, so the
choice (``[engine] name``) is about memory and where the data is, never about meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from goodword.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import narwhals.stable.v2 as nw

    from goodword.tables import ColumnType, Frame


NAMES = ("polars", "duckdb", "spark")
LOCAL = "local[*]"
"""Spark on the cores of this machine."""


class Engine(Protocol):
    """What the core needs of an engine."""

    def rows(self, rows: Sequence[Mapping[str, object]], types: Mapping[str, ColumnType]) -> Frame:
        """Return *rows* as a typed table; a missing column is null, a wrong type raises."""
        ...

    def columns(
        self, columns: Mapping[str, Sequence[object]], types: Mapping[str, ColumnType]
    ) -> Frame:
        """Return *columns* of one length as a typed table, as ``rows`` does."""
        ...

    def scan(self, path: Path, types: Mapping[str, ColumnType]) -> Frame:
        """Return the Parquet file at *path* as a table with exactly these columns.

        Raises:
            ValueError: The file is damaged.
        """
        ...

    def scan_all(self, paths: Sequence[Path], types: Mapping[str, ColumnType]) -> Frame:
        """Return Parquet files, at least one, that all have exactly these columns as one table."""
        ...

    def read(self, path: Path) -> Frame:
        """Return the Parquet file at *path* with the columns it has."""
        ...

    def write(self, frame: Frame, path: Path) -> int:
        """Write *frame* to a Parquet file and return its number of rows."""
        ...

    def plain(self, frame: Frame) -> Frame:
        """Return *frame* with times as ``Datetime("us")``: arithmetic may have given others."""
        ...

    def materialise(self, frame: Frame) -> Frame:
        """Compute *frame* once, so that several readers share the work.

        A frame another engine holds (a hook may return one of polars) becomes one of this engine.
        """
        ...

    def share(self, frame: Frame) -> Frame:
        """Return *frame*, which several will read, computed now so that it is computed once."""
        ...

    def settled(self, frame: Frame) -> Frame:
        """Return *frame*, light expressions over what ``beside`` gave, to be read several times."""
        ...

    def keep(self, frame: Frame) -> Frame:
        """Compute *frame*, light expressions over what ``beside`` gave, once.

        It is the widest table of a run; a large one waits on the disk.
        """
        ...

    def materialise_all(self, frames: Sequence[Frame]) -> list[Frame]:
        """Compute several frames at once; what they share is computed once."""
        ...

    def beside(self, base: Frame, parts: Iterable[Frame]) -> Frame:
        """Return *base* with the columns of every part, joined by ``contact_id``.

        Each part holds a contact at most once; a contact a part lacks has nulls there.
        """
        ...

    def digest(self, frame: Frame) -> str:
        """Return a sum over the rows of *frame*, whatever their order; equal rows, equal sums."""
        ...

    def collect(self, frame: Frame) -> nw.DataFrame[Any]:
        """Compute *frame* into memory (a polars table whatever the engine)."""
        ...


def open_engine(
    name: str, *, memory_limit: str = "", spill: Path | None = None, master: str = LOCAL
) -> Engine:
    """Return the engine called *name*; nothing is started before it computes.

    Args:
        name: polars, duckdb or spark.
        memory_limit: Of DuckDB, such as ``1GB``; empty leaves it most of the machine's memory.
        spill: Folder for tables that are computed on the way; None for the system's own place.
        master: Address of the Spark cluster, or ``local[*]`` for the cores of this machine.

    Raises:
        SettingsError: There is no engine of that name, or it is not installed.
    """
    if name == "polars":
        from goodword.engines.polars_engine import PolarsEngine

        return PolarsEngine(spill)
    try:
        if name == "duckdb":
            from goodword.engines.duckdb_engine import DuckDBEngine

            return DuckDBEngine(memory_limit, spill)
        if name == "spark":
            from goodword.engines.spark_engine import SparkEngine

            return SparkEngine(master, spill)
    except ModuleNotFoundError as error:
        msg = f"[engine] name = {name!r}: {error.name} is not installed."
        hint = f'Install it with pip install "goodword[{name}]".'
        raise SettingsError(msg, hint=hint) from error
    msg = f"[engine] name = {name!r}: there is no such engine."
    raise SettingsError(msg, hint=f"Choose one of: {', '.join(NAMES)}.")
