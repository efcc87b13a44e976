"""How DuckDB's memory is shared out: threads, rows of a group, joins and slices of the contacts.

Measured with DuckDB 2.0. What is spilled is written in pieces at random places, so that a join
which does not fit takes seven times as long as its slices one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass

MEBI = 1024 * 1024
A_THREAD = 256 * MEBI
"""Bytes of a thread: of each step of a query it holds some rows of all columns, of some forty
steps with two hundred columns each where contacts are decided."""
A_JOIN = 24 * MEBI
"""Bytes of a join in a query: DuckDB takes seven million for each, however few its rows."""
BUFFERED = 6
"""A thread's share that the group of rows may take which it is writing: one in six."""
TOGETHER = 2
"""The share of memory that tables may take which are joined together: one half."""
CELL = 16
"""Bytes a cell takes, about, where the size of a table is foreseen."""
OF_A_ROW = 4
"""Cells a row takes beside its columns while it is joined."""
VECTOR, GROUP = 2_048, 122_880
"""Rows in a group of a Parquet file, at least and at most: DuckDB's own measures."""
UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


@dataclass(frozen=True, slots=True)
class Memory:
    """What DuckDB may use.

    Args:
        size: Bytes.
        threads: How many threads share them.
    """

    size: int
    threads: int

    @classmethod
    def of(cls, limit: str, cores: int) -> Memory:
        """Return what a limit allows on so many *cores*.

        Args:
            limit: As DuckDB writes it, such as ``953.6 MiB``.
            cores: Threads there could be.
        """
        number, unit = limit.split()
        size = int(float(number) * 1024 ** UNITS.index(unit))
        return cls(size, max(min(size // A_THREAD, cores), 1))

    @property
    def joins(self) -> int:
        """How many tables are joined to another in one query."""
        return max(self.size // A_JOIN, 2)

    def rows_in_a_group(self, columns: int) -> int:
        """Return how many rows of so many *columns* a thread buffers before it writes them."""
        rows = self.size // self.threads // BUFFERED // (columns * CELL)
        return min(max(rows // VECTOR, 1) * VECTOR, GROUP)

    def slices(self, rows_and_columns: list[tuple[int, int]]) -> int:
        """Return in how many slices tables of these sizes are joined, none of them spilled."""
        size = sum(rows * (columns + OF_A_ROW) * CELL for rows, columns in rows_and_columns)
        return size * TOGETHER // self.size + 1
