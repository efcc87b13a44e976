"""Equal cells as one object, so that a list of 100,000 rows takes a quarter of the memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from goodword_csv.values.plain import Cell

_MOST = 50_000
"""Cells remembered at once: enough for what repeats, and a few megabytes."""


class KeptOnce:
    """Remembers cells of a sheet while it is read; towns, days and states stand there often."""

    def __init__(self) -> None:
        self._known: dict[Cell, Cell] = {}

    def row(self, cells: Sequence[Cell]) -> tuple[Cell, ...]:
        """Return the cells, each as the object that was first seen for it."""
        if len(self._known) > _MOST:
            self._known.clear()
        keep = self._known.setdefault
        # numbers are left alone: True, 1 and 1.0 are equal and not the same
        return tuple([keep(cell, cell) if cell.__class__ in _KEPT else cell for cell in cells])


_KEPT = frozenset({str, datetime})
