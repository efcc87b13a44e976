"""The connector: spreadsheets as a CRM, read whole and written cell by cell."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from goodword import TABLES, Action, Check, Cursor, Found, Sink, Workplace, WriteResult
from goodword_csv.account import account_of
from goodword_csv.checks import look
from goodword_csv.files.atomic import refuse_unless_replaceable, replace_atomically
from goodword_csv.rows.first_seen import FirstSeen
from goodword_csv.rows.home import day_first_in
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.own_columns import FIELDS
from goodword_csv.rows.reading import Reading, owner_rows, read_tables
from goodword_csv.rows.sources import Sheet, read_file, read_sheets
from goodword_csv.settings import CsvSettings
from goodword_csv.tasks.backups import Backups
from goodword_csv.tasks.changes import changes_of
from goodword_csv.tasks.forgetting import traces_of
from goodword_csv.tasks.task_place import TaskPlace, find_tasks
from goodword_csv.tasks.task_sheet import ask_rows
from goodword_csv.tasks.writing import NewContent, new_contents

_TASKS_SEEN = "tasks"
"""Where the cursor keeps how many tasks the list held when it was read last."""


@dataclass(frozen=True, slots=True)
class _Desk:
    """The files as they were read last, with what they say."""

    sheet: Sheet
    reading: Reading
    place: TaskPlace


class SpreadsheetConnector:
    """The spreadsheets of one firm, for one run.

    Args:
        settings: The section ``[plugin.csv]``.
        work: The firm's folders, the run and the day.
    """

    def __init__(self, settings: CsvSettings, work: Workplace) -> None:
        self._settings = settings
        self._work = work
        self._backups = Backups(work.state / "backups", work.folder)
        self._desk: _Desk | None = None

    @property
    def account(self) -> str:
        """The id that ``init`` pinned, else one made from the list's file and sheet."""
        return self._work.account or account_of(self._settings.customers)

    @property
    def sandbox(self) -> bool:
        """Whether this is a test account: a file never says so."""
        return False

    @property
    def fields(self) -> frozenset[str]:
        """Columns of ``own_fields`` a spreadsheet holds: all of them."""
        return frozenset(FIELDS)

    def check(self) -> Sequence[Check]:
        """Look at every file, the mapping and the rows; change nothing."""
        return look(self._settings, self._work.folder, self._work.today)

    def pull(self, cursor: Cursor | None, sink: Sink) -> Cursor:
        """Read everything afresh.

        The cursor only remembers when undated things were first seen, and how many tasks there
        were, so that a lost task list is told.
        """
        before = None if cursor is None else cursor.value
        seen = FirstSeen(before, self._work.today)
        notices = Notices()
        desk = self._read(seen, notices)
        tables = dict(desk.reading.tables)
        asks: list[Mapping[str, object]] = []
        if desk.place.tasks is not None:
            asks = list(
                ask_rows(
                    desk.place.tasks,
                    seen,
                    notices,
                    desk.place.name,
                    day_first=day_first_in(desk.sheet.source, self._settings),
                )
            )
        held = self._tasks_held(desk.place, {} if before is None else before, notices)
        customers = desk.reading.customers
        tables["asks"] = [
            {**row, "owner_id": customers.owner(str(row["owner_id"] or ""))} for row in asks
        ]
        tables["owners"] = list(owner_rows(customers))
        for table, rows in tables.items():
            sink.whole(table)
            sink.put(table, rows)
        sink.absent(*(name for name in TABLES if name not in tables))
        for code, text in notices:
            sink.notice(code, text)
        return Cursor(seen.cursor | ({_TASKS_SEEN: str(held)} if held else {}))

    def find(self, keys: Sequence[str]) -> Mapping[str, Found]:
        """Look up our tasks in the task list as it is now."""
        source = self._settings.customers
        place = find_tasks(self._settings, read_file(self._work.folder / source.file, source))
        tasks = place.tasks.by_key() if place.tasks is not None else {}
        return {
            key: Found(key, key, tasks[key].state, tasks[key].edited)
            for key in keys
            if key in tasks
        }

    def write(self, batch: Sequence[Action]) -> Sequence[WriteResult]:
        """Write a batch: a backup, then each file replaced at once, the task list first.

        Raises:
            SourceError: A file changed since it was read, is open elsewhere or read-only; what
                was not replaced by then is as it was.
        """
        desk = self._current()
        run_id = self._work.run_id
        changes = changes_of(batch, desk.reading, desk.place.tasks, self._work.today, run_id)
        self._replace(new_contents(changes, desk.sheet, desk.place), desk, run_id)
        return changes.results

    def forget(self, contact_id: str) -> Sequence[str]:
        """Remove a person's tasks and our columns of their row; name what is left.

        Raises:
            SourceError: As for ``write``.
        """
        desk = self._current()
        traces = traces_of(contact_id, desk.reading, desk.place)
        contents = new_contents(traces.changes, desk.sheet, desk.place)
        # A run of its own, so that no undo of another one brings the person back.
        self._replace(contents, desk, f"{self._work.run_id}-forget")
        return (*traces.left, *self._backups.copies_left())

    def _replace(self, contents: Sequence[NewContent], desk: _Desk, run_id: str) -> None:
        """Keep a backup, then give each file its new content at once."""
        for content in contents:
            refuse_unless_replaceable(content.path, content.expected)
        if contents:
            self._backups.keep(run_id, contents)
            self._desk = None
            for content in contents:
                replace_atomically(
                    content.path, content.data, content.expected, like=desk.sheet.file.path
                )

    def restore(self, run_id: str) -> bool:
        """Put the files back as before a run; False if anybody changed them since."""
        self._desk = None
        return self._backups.restore(run_id)

    def _tasks_held(self, place: TaskPlace, before: Mapping[str, str], notices: Notices) -> int:
        """Count the tasks of the list; say so, each time, when a list that held some is gone."""
        if place.tasks is not None:
            return len(place.tasks.rows)
        held = int(before.get(_TASKS_SEEN, "0"))
        if not held or self._backups.newest_taken_back():
            return 0
        which = f"{held:,} task{'s' if held > 1 else ''}, which now count{'s' * (held == 1)}"
        text = f'Task list "{place.name}" is missing; it held {which} as deleted.'
        notices.say("lost", f"{text} Put it back if nobody meant to delete it.")
        return held

    def _current(self) -> _Desk:
        """The files as this run read them, or read now."""
        if self._desk is None:
            self._read(FirstSeen(None, self._work.today), Notices())
        desk = self._desk
        if desk is None:
            msg = "reading sets the desk"
            raise AssertionError(msg)
        return desk

    def _read(self, seen: FirstSeen, notices: Notices) -> _Desk:
        with _nothing_to_collect():
            sheets = read_sheets(self._settings, self._work.folder)
            reading = read_tables(sheets, self._settings, seen, notices)
        sheet = reading.customers.rows.sheet
        desk = _Desk(sheet, reading, find_tasks(self._settings, sheet.file))
        self._desk = desk
        return desk


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """Hold the garbage collector: reading only builds things up, and it would look at all of them.

    On a list of 100,000 people it takes a third of the time, and finds nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
