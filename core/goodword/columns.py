"""Rows of a table kept as columns: what a connector hands over when it reads a large list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import overload


class Columns(Sequence[Mapping[str, object]]):
    """Rows as columns, for ``Sink.put``: a sequence of rows that are only made when looked at.

    A list of 100,000 people is 100,000 dictionaries as rows, and a dozen lists as columns.

    Args:
        columns: Column name to its values, one a row; a column left out is null in every row.

    Raises:
        ValueError: The columns are not of one length.
    """

    def __init__(self, columns: Mapping[str, Sequence[object]]) -> None:
        lengths = {len(values) for values in columns.values()}
        if len(lengths) > 1:
            msg = f"Columns of different lengths: {sorted(lengths)}."
            raise ValueError(msg)
        self.columns = columns
        self._length = max(lengths, default=0)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Mapping[str, object]: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Mapping[str, object]]: ...

    def __getitem__(
        self, index: int | slice
    ) -> Mapping[str, object] | Sequence[Mapping[str, object]]:
        if isinstance(index, slice):
            return Columns({name: values[index] for name, values in self.columns.items()})
        return {name: values[index] for name, values in self.columns.items()}

    def __iter__(self) -> Iterator[Mapping[str, object]]:
        names = tuple(self.columns)
        for values in zip(*self.columns.values(), strict=True):
            yield dict(zip(names, values, strict=True))
