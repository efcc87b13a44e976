"""What planning asks of the ledger, a few keys at a time: never the whole table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from goodword.ledger.file import LedgerFile
from goodword.ledger.host import READ_AFTER, RECONCILED
from goodword.ledger.rows import moment_text

_AT_ONCE = 500
"""Keys in one question; SQLite takes at least 999."""
_KNOWN = (
    "(state IN ('undone', 'struck') OR (state IN ('done', 'intent')"
    " AND kind IN ('create_task', 'log_activity', 'link_referral')))"
)
_FIELDS = "SELECT w.contact_id, w.payload FROM writes w"
_WRITTEN = "w.kind = 'set_fields' AND w.state = 'done' AND w.payload != ''"
_FIELDS_AFTER = f"{_FIELDS} WHERE w.at > ? AND {_WRITTEN} ORDER BY w.at, w.rowid"
_FIELDS_FROM = (
    f"{_FIELDS} JOIN history h ON h.key = w.key WHERE h.id > ? AND {_WRITTEN} ORDER BY h.id"
)


class Lookups(LedgerFile):
    """Questions about keys."""

    def known(self, keys: Iterable[str]) -> frozenset[str]:
        """Return which of *keys* must not be planned again.

        Tasks, notes and links are written once; anything taken back waits for ``release``.
        """
        return frozenset(self._among(_KNOWN, keys))

    def settled(self, keys: Iterable[str]) -> frozenset[str]:
        """Return which of *keys* were written, or written and taken back."""
        return frozenset(self._among("state IN ('done', 'undone')", keys))

    def given(self, task_keys: Iterable[str]) -> dict[str, str | None]:
        """Return whom we last gave these tasks to, by task key; others are left out."""
        wanted = list(task_keys)
        given = dict(self._pairs("kind = 'create_task' AND state = 'done' AND key", wanted))
        given.update(self._pairs("kind = 'update_task' AND state = 'done' AND task_key", wanted))
        return given

    def fields_since(
        self, snapshot: int, pulled_at: datetime
    ) -> dict[str, dict[str, str | int | None]]:
        """Return what we wrote into our fields since a pull, by contact; the last write counts.

        What came later is told by the order of history, not by the clock, which may be set back.
        Only a ledger that no pull was noted in, one of an earlier version, goes by the clock.

        Args:
            snapshot: Number of the snapshot pulled last; one the ledger was not compared with
                holds all there is.
            pulled_at: When it was pulled, UTC.
        """
        fields: dict[str, dict[str, str | int | None]] = {}
        with self._guarded() as db:
            query = "SELECT key, value FROM meta WHERE key IN (?, ?)"
            noted = dict(db.execute(query, (READ_AFTER, RECONCILED)))
            if READ_AFTER not in noted:
                rows = db.execute(_FIELDS_AFTER, (moment_text(pulled_at),))
            elif noted[RECONCILED] == str(snapshot):
                rows = db.execute(_FIELDS_FROM, (int(noted[READ_AFTER]),))
            else:
                return fields
            for contact, payload in rows:
                values: Mapping[str, Any] = json.loads(payload)["values"]
                fields.setdefault(contact, {}).update(values)
        return fields

    def taken_back(self) -> dict[str, int]:
        """Return the runs with undone or struck writes, newest first, with their tasks."""
        query = (
            "SELECT run_id, sum(kind = 'create_task') FROM writes"
            " WHERE state IN ('undone', 'struck')"
            " GROUP BY run_id ORDER BY run_id DESC"
        )
        with self._guarded() as db:
            return dict(db.execute(query).fetchall())

    def withheld(self) -> dict[str, dict[tuple[str, str | int | None], int]]:
        """Return the values of our fields that were undone or struck and not released, by contact.

        A field that was given back is not written to that value again, whatever else changes. Each
        value comes with how often it was undone: 0 where it was only struck.
        """
        query = (
            "SELECT contact_id, state = 'undone', payload FROM writes"
            " WHERE state IN ('undone', 'struck') AND kind = 'set_fields' AND payload != ''"
        )
        found: dict[str, dict[tuple[str, str | int | None], int]] = {}
        with self._guarded() as db:
            for contact, undone, payload in db.execute(query):
                values: Mapping[str, Any] = json.loads(payload)["values"]
                times = found.setdefault(contact, {})
                times.update({pair: times.get(pair, 0) + undone for pair in values.items()})
        return found

    def undone_runs(self) -> frozenset[str]:
        """Return the runs of which something was undone and not released since."""
        with self._guarded() as db:
            rows = db.execute("SELECT DISTINCT run_id FROM writes WHERE state = 'undone'")
            return frozenset(run_id for (run_id,) in rows)

    def _pairs(self, where: str, keys: Iterable[str]) -> Iterator[tuple[str, str | None]]:
        for part in _parts(keys):
            marks = ", ".join("?" * len(part))
            query = "SELECT task_key, owner_id FROM writes"
            query += f" WHERE {where} IN ({marks}) ORDER BY at, rowid"
            with self._guarded() as db:
                yield from db.execute(query, part).fetchall()

    def _among(self, where: str, keys: Iterable[str]) -> Iterator[str]:
        for part in _parts(keys):
            marks = ", ".join("?" * len(part))
            query = f"SELECT key FROM writes WHERE {where} AND key IN ({marks})"  # noqa: S608 - constants and marks only
            with self._guarded() as db:
                found = db.execute(query, part).fetchall()
            yield from (key for (key,) in found)


def _parts(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while part := list(islice(rest, _AT_ONCE)):
        yield part
