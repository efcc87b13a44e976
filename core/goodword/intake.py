"""The sink of one pull: pages become part files, and at the end a snapshot, or nothing.

A page is written as it arrives, and the snapshot from pages, so that a pull of any size needs the
memory of a few pages, and a small one that of what is new.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from goodword.arrivals import FAULTY, Arrivals
from goodword.errors import RecordError
from goodword.merging import change, merged
from goodword.redaction import people_in, same_people, without
from goodword.snapshots import Head, Snapshot, write_snapshot, writing
from goodword.tables import TABLES, ColumnType, Frame

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from goodword.connector import Cursor
    from goodword.engines import Engine
    from goodword.table_files import Change

PAGE = 40_000
"""Rows held in memory, of all tables together, before a part file is written."""


class Intake:
    """The sink of one pull (see ``connector.Sink``).

    Args:
        folder: Where parts are written; empty, and removed at the end.
        engine: Where frames are read and written.
        types: Returns the columns of a table.
        extra: Types of the firm's own contact columns.
        previous: The snapshot this pull continues, or None.
        publish: Moves a finished snapshot folder into place and opens it.
        forgotten: Returns those of the given contact ids that may not be kept; it need not read
            the ids when nobody is forgotten.
        mark: Tells the list *forgotten* goes by from any other, or is empty.
    """

    def __init__(
        self,
        folder: Path,
        engine: Engine,
        types: Callable[[str], Mapping[str, ColumnType]],
        extra: Mapping[str, ColumnType],
        previous: Snapshot | None,
        publish: Callable[[Path], Snapshot],
        forgotten: Callable[[Iterable[str]], frozenset[str]] | None,
        mark: str,
    ) -> None:
        self._folder = folder
        self._engine = engine
        self._extra = extra
        self._previous = previous
        self._publish = publish
        self._forgotten = forgotten
        self._mark = mark
        self._news = {name: Arrivals(name, types(name), folder, engine) for name in TABLES}
        self._whole: set[str] = set()
        self._absent: set[str] = set()
        self._notices: list[str] = []
        self._deleted: set[str] = set()

    @property
    def privacy_deleted(self) -> frozenset[str]:
        """Contacts to forget from now on, wherever else they are kept.

        The host deleted them for privacy, or (known after ``commit``) they were merged with
        somebody who is forgotten.
        """
        return frozenset(self._deleted)

    def put(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Add rows of a canonical table; a known key replaces its row."""
        news = self._news[_known(table)]
        with self._or_nothing():
            news.put(rows)
            while sum(len(each.waiting) for each in self._news.values()) >= PAGE:
                max(self._news.values(), key=lambda each: len(each.waiting)).flush()

    def remove(self, table: str, keys: Sequence[Mapping[str, str]]) -> None:
        """Forget rows that the host deleted; a row put again later in the pull stays."""
        self._news[_known(table)].remove(keys)

    def forgotten(self, *contact_ids: str) -> None:
        """Take out everything about contacts that the host deleted for privacy, now and later."""
        self._deleted.update(contact_ids)

    def whole(self, *tables: str) -> None:
        """Say that this pull carries these tables completely."""
        self._whole.update(_known(table) for table in tables)

    def absent(self, *tables: str) -> None:
        """Say that the host does not have these tables, or no longer has them."""
        self._absent.update(_known(table) for table in tables)

    def notice(self, code: str, text: str) -> None:
        """Keep a notice for the user."""
        self._notices.append(f"{code}: {text}" if code else text)

    def commit(self, cursor: Cursor, now: datetime) -> Snapshot:
        """Write the snapshot, without the forgotten, and make it the current one.

        Raises:
            SourceError: The disk is full or not writable; the snapshot before is still in use.
        """
        with self._or_nothing():
            for news in self._news.values():
                news.flush()
            available = self._available()
            tables = {
                name: merged(self._former(name), self._news[name], self._engine)
                for name in TABLES
                if name in available
            }
            gone = self._gone(tables.get("aliases"))
            target = self._folder / "snapshot"
            head = Head(now, cursor, self._extra, tuple(self._notices), self._mark)
            kept = without(tables, gone) if gone else tables
            carried = {} if gone else self._carried(available)
            write_snapshot(target, kept, head, self._engine, self._previous, carried)
            snapshot = self._publish(target)
        shutil.rmtree(self._folder, ignore_errors=True)
        return snapshot

    def _carried(self, available: set[str]) -> dict[str, Change | None]:
        """Return the tables whose files, or at least whose body, the next snapshot shares."""
        before, carried = self._previous, dict[str, "Change | None"]()
        if before is None:
            return carried
        for name in available & before.bodies.keys() - self._whole - self._absent:
            news, body = self._news[name], before.bodies[name]
            if name == "contacts" and before.cursor is None:  # the firm maps other columns now
                continue
            if not news:
                carried[name] = None
            elif body.takes(news.rows + len(news.removed)):
                carried[name] = change(before.folder, body, news, self._engine)
        return carried

    def _available(self) -> set[str]:
        before = self._previous.available if self._previous else frozenset()
        return self._whole | (before - self._absent) | {name for name in TABLES if self._news[name]}

    def _former(self, table: str) -> Frame | None:
        """Return the rows that this pull continues, if there are any."""
        if self._previous is None or table in self._whole | self._absent:
            return None
        return self._previous.tables[table]

    def _sources(self) -> Iterator[tuple[str, Frame]]:
        """Yield what may hold somebody forgotten: what arrived, a part at a time, and what was.

        The latter need not be looked through where the same people were left out of it.
        """
        same = self._previous is not None and self._previous.cleared == self._mark != ""
        for name, news in self._news.items():
            former = None if same else self._former(name)
            if former is not None:
                yield name, former
            for part in news.parts():
                yield name, part

    def _gone(self, aliases: Frame | None) -> frozenset[str]:
        """Return everybody to leave out, noting those who were not known to be forgotten."""
        known: frozenset[str] = frozenset()
        if self._forgotten is not None:
            known = self._forgotten(people_in(self._sources(), self._engine))
        gone = known | self._deleted
        if gone and aliases is not None:
            gone = same_people(gone, aliases, self._engine)
        self._deleted |= gone - known
        return gone

    @contextmanager
    def _or_nothing(self) -> Iterator[None]:
        """Give the room of the unfinished parts back where writing fails."""
        try:
            with writing(self._folder):
                yield
        except Exception:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise


def _known(table: str) -> str:
    """Return *table*, if it is a canonical one."""
    if table not in TABLES:
        msg = f"The connector delivered a table {table!r}, which goodword does not know."
        raise RecordError(msg, hint=FAULTY)
    return table
