"""History: every result of every run, oldest first, a page at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from goodword.ledger.file import LedgerFile
from goodword.ledger.rows import HistoryRow

_PAGE = 1000
_SELECT = (
    "SELECT h.id, h.at, h.os_user, h.run_id, h.plan_id, coalesce(r.versions, '{}'), h.key, h.kind,"
    " h.contact_id, h.rule, h.change, h.result"
    " FROM history h LEFT JOIN runs r ON r.run_id = h.run_id"
)


class History(LedgerFile):
    """Who changed what, when, under which plan."""

    def history(
        self, contact_id: str | None = None, run_id: str | None = None
    ) -> Iterator[HistoryRow]:
        """Return the lines about a contact, of a run, of both, or all of them."""
        chosen = {"h.contact_id = ?": contact_id, "h.run_id = ?": run_id}
        where = [term for term, value in chosen.items() if value is not None]
        values = [value for value in chosen.values() if value is not None]
        terms = " AND ".join([*where, "h.id > ?"])
        query = f"{_SELECT} WHERE {terms} ORDER BY h.id LIMIT {_PAGE}"
        last = 0
        while True:
            with self._guarded() as db:
                page = db.execute(query, (*values, last)).fetchall()
                lines = [_line(row) for row in page]
            yield from lines
            if len(page) < _PAGE:
                return
            last = page[-1][0]


def _line(row: tuple[Any, ...]) -> HistoryRow:
    _, at, user, run_id, plan_id, versions, *rest = row
    when = datetime.fromisoformat(at)
    return HistoryRow(when, user, run_id, plan_id, json.loads(versions), *rest)
