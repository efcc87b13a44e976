"""The host in memory that can be put back as it was before a run, as a spreadsheet can."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from goodword.connector import Capability
from goodword.testing.memory import ALL, MemoryConnector
from goodword.testing.memory_host import Key, MemoryHost, Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from goodword.connector import WriteResult
    from goodword.model import Action

Content = dict[tuple[str, Key], Row]


class RestoringMemoryConnector(MemoryConnector):
    """A host in memory with ``Capability.RESTORE``.

    Args:
        tables: Canonical tables as plain rows.
        run_id: Run whose writes can be taken back as one.
        today: The host's clock.
    """

    def __init__(
        self,
        tables: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
        *,
        run_id: str,
        today: date,
    ) -> None:
        super().__init__(
            tables, capabilities=ALL | {Capability.RESTORE}, today=today, run_id=run_id
        )
        self._before: dict[str, Content] = {}
        self._after: dict[str, str] = {}

    def write(self, batch: Sequence[Action]) -> Sequence[WriteResult]:
        """Write the actions, keeping the content from before the run's first one."""
        self._before.setdefault(self.run_id, _content(self.host))
        results = super().write(batch)
        self._after[self.run_id] = _text(self.host)
        return results

    def restore(self, run_id: str) -> bool:
        """Put every row back as before run *run_id*; False if anything was changed since."""
        before = self._before.get(run_id)
        if before is None or self._after.get(run_id) != _text(self.host):
            return False
        for table, key in _content(self.host):
            if (table, key) not in before:
                self.host.remove(table, key)
        for (table, _), row in before.items():
            self.host.put(table, row)
        self.host.save()
        return True


def _content(host: MemoryHost) -> Content:
    rows = {
        (table, key): host.get(table, key)
        for table, entries in host.tables.items()
        for key in entries
    }
    return {at: row for at, row in rows.items() if row is not None}


def _text(host: MemoryHost) -> str:
    rows = sorted((table, key, sorted(row.items())) for (table, key), row in _content(host).items())
    return json.dumps(rows, default=str)
