"""The connector: spreadsheets as a CRM, read whole and written cell by cell."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from goodword import (
    TABLES,
    Action,
    Check,
    CreateTask,
    Cursor,
    Found,
    SetFields,
    Sink,
    Workplace,
    WriteResult,
)
from goodword_csv.account import account_of
from goodword_csv.checks import look
from goodword_csv.files.conflict_copies import conflict_copies, told_of_copies
from goodword_csv.rows.contact_rows import Row, Tables
from goodword_csv.rows.first_seen import FirstSeen
from goodword_csv.rows.home import day_first_in
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.own_columns import FIELDS
from goodword_csv.rows.reading import Reading, owner_rows, read_tables
from goodword_csv.rows.register import (
    Register,
    forget_in_register,
    read_register,
    save_register,
)
from goodword_csv.rows.sources import Sheet, read_file, read_sheets
from goodword_csv.settings import CsvSettings
from goodword_csv.tasks.backups import Backups
from goodword_csv.tasks.beside_file import path_beside
from goodword_csv.tasks.changes import Changes, changes_of
from goodword_csv.tasks.forgetting import traces_of
from goodword_csv.tasks.headline import AsOf
from goodword_csv.tasks.lost_list import told_of_lost_list
from goodword_csv.tasks.putting import put
from goodword_csv.tasks.review_list import ReviewPlace, find_review, new_rows, tell_misread
from goodword_csv.tasks.review_writing import ReviewChanges, without
from goodword_csv.tasks.task_answers import ask_rows
from goodword_csv.tasks.task_place import TaskPlace, find_tasks
from goodword_csv.tasks.writing import Beside, new_contents

_SENT = "referrals"
_TASKS_SEEN = "tasks"
"""Where the cursor keeps how many tasks the list held when it was read last."""


@dataclass(frozen=True, slots=True)
class _Desk:
    """The files as they were read last, with what they say.

    Of the tables only the referrals stay: the others are the sink's, and large.
    """

    sheet: Sheet
    reading: Reading
    place: TaskPlace
    review: ReviewPlace


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
        return look(self._settings, self._work)

    def pull(self, cursor: Cursor | None, sink: Sink) -> Cursor:
        """Read everything afresh.

        The cursor only remembers when undated things were first seen, and how many tasks there
        were, so that a lost task list is told.
        """
        before = None if cursor is None else cursor.value
        seen = FirstSeen(before, self._work.today)
        notices = Notices()
        desk, tables = self._read(seen, notices)
        self._tell_copies(notices)
        held = self._tasks_held(desk.place, {} if before is None else before, notices)
        customers = desk.reading.customers
        tables["asks"] = [
            {**row, "owner_id": customers.owner(str(row["owner_id"] or ""))}
            for row in tables["asks"]
        ]
        tables["owners"] = list(owner_rows(customers))
        sink.absent(*(name for name in TABLES if name not in tables))
        for table in list(tables):
            sink.whole(table)
            sink.put(table, tables.pop(table))  # a table that was handed over is not kept here
        for code, text in notices:
            sink.notice(code, text)
        save_register(self._work.state, customers.roll.register)
        return Cursor(seen.cursor | ({_TASKS_SEEN: str(held)} if held else {}))

    def find(self, keys: Sequence[str]) -> Mapping[str, Found]:
        """Look up our tasks in the task list as it is now."""
        source = self._settings.customers
        place = find_tasks(self._settings, read_file(self._work.folder / source.file, source))
        tasks = place.tasks.by_key() if place.tasks is not None else {}
        return {
            key: Found(key, key, tasks[key].state, tasks[key].touched)
            for key in keys
            if key in tasks
        }

    def write(self, batch: Sequence[Action]) -> Sequence[WriteResult]:
        """Write a batch: a backup, then each file replaced at once, the customer list last.

        Raises:
            SourceError: A file changed since it was read, is open elsewhere or read-only; what
                was not replaced by then is as it was.
        """
        desk = self._current()
        run_id = self._work.run_id
        changes = changes_of(batch, desk.reading, desk.place.tasks, self._work.today, run_id)
        self._put(changes, desk, _questions(batch, desk), run_id)
        if changes.cells:
            self._note_columns(desk.reading.customers.roll.register, ours=True)
        return changes.results

    def forget(self, contact_id: str) -> Sequence[str]:
        """Remove a person's tasks and our columns of their row; name what is left.

        Raises:
            SourceError: As for ``write``.
        """
        desk = self._current()
        traces = traces_of(contact_id, desk.reading, desk.place)
        asked = without(desk.review, traces.names)
        # A run of its own, so that no undo of another one brings the person back.
        self._put(traces.changes, desk, asked, f"{self._work.run_id}-forget")
        known = desk.reading.customers.roll.register
        forget_in_register(self._work.state, known, contact_id)
        return (*traces.left, *self._backups.copies_left())

    def _put(self, changes: Changes, desk: _Desk, asked: ReviewChanges, run_id: str) -> None:
        """Write what changes into the files; what the desk holds is out of date then."""
        day_first = day_first_in(desk.sheet.source, self._settings)
        sent, people = desk.reading.tables.get(_SENT, ()), desk.reading.people
        as_of = AsOf(self._work.today, sent, people, day_first)
        beside = Beside(review=desk.review, asked=asked)
        contents = new_contents(changes, desk.sheet, desk.place, as_of, beside)
        put(contents, self._backups, run_id, desk.sheet.file.path)
        if contents:
            self._desk = None

    def restore(self, run_id: str) -> bool:
        """Put the files back as before a run; False if anybody changed them since."""
        self._desk = None
        written = self._work.folder / self._settings.customers.file
        beside = (path_beside(written, what) for what in ("tasks", "review"))
        restored = self._backups.restore(run_id, (written, *beside))
        if restored:
            self._note_columns(read_register(self._work.state), ours=False)
        return restored

    def _note_columns(self, register: Register, *, ours: bool) -> None:
        """Note whether the list holds our columns, so that a fresh export in its place is told."""
        if register.ours != ours:
            save_register(self._work.state, replace(register, ours=ours))

    def _tell_copies(self, notices: Notices) -> None:
        """Name the copies that a cloud drive put beside our files."""
        known = {self._work.folder / source.file for source in self._settings.sources}
        for path in sorted(known):
            copies = conflict_copies(path, known)
            if copies:
                notices.say("copies", told_of_copies(copies, path.name))

    def _tasks_held(self, place: TaskPlace, before: Mapping[str, str], notices: Notices) -> int:
        """Count the tasks of the list; say so, each time, when a list that held some is gone."""
        if place.tasks is not None:
            return len(place.tasks.rows)
        held = int(before.get(_TASKS_SEEN, "0"))
        if not held or self._backups.newest_taken_back():
            return 0
        book = self._work.folder / self._settings.customers.file
        notices.say("lost", told_of_lost_list(place, held, book, self._backups))
        return held

    def _current(self) -> _Desk:
        """The files as this run read them, or read now."""
        if self._desk is None:
            return self._read(FirstSeen(None, self._work.today), Notices())[0]
        return self._desk

    def _read(self, seen: FirstSeen, notices: Notices) -> tuple[_Desk, Tables]:
        """Read the files and lay them on the desk; return the tables beside it."""
        with _nothing_to_collect():
            sheets = read_sheets(self._settings, self._work.folder)
            known = read_register(self._work.state)
            sheet = next(each for each in sheets if each.source.write)
            review = find_review(sheet.file)
            answers = review.answers
            place = find_tasks(self._settings, sheet.file)
            asks = self._asks(place, sheet, seen, notices)
            reading = read_tables(
                sheets, self._settings, seen, notices, answers, register=known, asks=asks
            )
        tell_misread(review, reading.referrers.misread, notices)
        tables = reading.tables
        tables["asks"] = asks
        reading.customers.rows.release()
        kept = replace(reading, tables={_SENT: tables[_SENT]} if _SENT in tables else {})
        self._desk = _Desk(sheet, kept, place, review)
        return self._desk, tables

    def _asks(self, place: TaskPlace, sheet: Sheet, seen: FirstSeen, notices: Notices) -> list[Row]:
        """Return our tasks as rows of ``asks``."""
        if place.tasks is None:
            return []
        day_first = day_first_in(sheet.source, self._settings)
        return list(ask_rows(place.tasks.rows, seen, notices, place.name, day_first=day_first))


def _questions(batch: Sequence[Action], desk: _Desk) -> ReviewChanges:
    """Ask who sent the people of a batch, where that stays open; only along with new tasks."""
    if not any(isinstance(action, CreateTask) for action in batch):
        return ReviewChanges()
    people = {a.contact_id for a in batch if isinstance(a, CreateTask | SetFields)}
    asked = {row.key for row in desk.review.rows}
    return ReviewChanges(new_rows(desk.review, desk.reading.referrers.questions(people, asked)))


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
