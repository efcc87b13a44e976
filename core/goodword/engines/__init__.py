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

    def read(self, path: Path) -> Frame:
        """Return the Parquet file at *path* with the columns it has."""
        ...

    def write(self, frame: Frame, path: Path) -> int:
        """Write *frame* to a Parquet file and return its number of rows."""
        ...

    def materialise(self, frame: Frame) -> Frame:
        """Compute *frame* once, so that several readers share the work."""
        ...

    def materialise_all(self, frames: Sequence[Frame]) -> list[Frame]:
        """Compute several frames at once; what they share is computed once."""
        ...

    def beside(self, base: Frame, parts: Iterable[Frame]) -> Frame:
        """Return *base* with the columns of every part, joined by ``contact_id``, computed.

        Each part holds a contact at most once; a contact a part lacks has nulls there.
        """
        ...

    def digest(self, frame: Frame) -> str:
        """Return a sum over the rows of *frame*, whatever their order; equal rows, equal sums."""
        ...

    def collect(self, frame: Frame) -> nw.DataFrame[Any]:
        """Compute *frame* into memory (a polars table whatever the engine)."""
        ...


def open_engine(name: str) -> Engine:
    """Return the engine called *name*.

    Raises:
        SettingsError: There is no engine of that name.
    """
    if name == "polars":
        from goodword.engines.polars_engine import PolarsEngine

        return PolarsEngine()
    msg = f"[engine] name = {name!r}: there is no such engine."
    raise SettingsError(msg, hint="Choose: polars.")
