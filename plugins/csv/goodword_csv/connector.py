"""The connector: spreadsheets as a CRM, read whole and written cell by cell."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from goodword import (
    TABLES,
    Action,
    Check,
    CreateTask,
    Cursor,
    Found,
    SetFields,
    Sink,
    SourceError,
    Workplace,
    WriteResult,
)
from goodword_csv.account import account_of
from goodword_csv.checks import MEND_TABLE, look, odd_tables_of
from goodword_csv.files.atomic import clear_left
from goodword_csv.files.conflict_copies import conflict_copies, told_of_copies
from goodword_csv.rows.contact_rows import Row, Tables
from goodword_csv.rows.first_seen import FirstSeen
from goodword_csv.rows.home import day_first_in
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.own_columns import FIELDS
from goodword_csv.rows.reading import Reading, owner_rows, read_tables
from goodword_csv.rows.referral_rows import Referrers
from goodword_csv.rows.register import (
    Register,
    forget_in_register,
    has_register,
    read_register,
    save_register,
)
from goodword_csv.rows.room import give_back, nothing_to_collect
from goodword_csv.rows.sources import Sheet, read_file, read_sheets
from goodword_csv.rows.trail import KEPT, Trail, save_trail
from goodword_csv.rows.unchanged import COPIES, as_read, sum_of_lists, told_before
from goodword_csv.settings import CsvSettings
from goodword_csv.tasks.backups import Backups
from goodword_csv.tasks.beside_file import path_beside
from goodword_csv.tasks.changes import Changes, changes_of
from goodword_csv.tasks.forgetting import traces_of
from goodword_csv.tasks.headline import AsOf
from goodword_csv.tasks.lost_list import told_of_lost_list
from goodword_csv.tasks.old_lists import forget_in_old_lists
from goodword_csv.tasks.putting import put
from goodword_csv.tasks.review_finding import find_review, review_paths
from goodword_csv.tasks.review_list import ReviewPlace, new_rows, tell_misread
from goodword_csv.tasks.review_writing import ReviewChanges, left_beside, without
from goodword_csv.tasks.task_answers import ask_rows
from goodword_csv.tasks.task_place import TaskPlace, find_tasks
from goodword_csv.tasks.whose import rightful
from goodword_csv.tasks.writing import Beside, new_contents

_SENT = "referrals"
_TASKS_SEEN = "tasks"
"""Where the cursor keeps how many tasks the list held when it was read last."""
_REGISTERED = "register"
"""What the cursor holds once there is a register of people, so that a lost one is told."""


@dataclass(frozen=True, slots=True)
class _Desk:
    """The files as they were read last, with what they say.

    Of the tables only the referrals stay: the others are the sink's, and large. After a pull the
    rest goes, too, that no batch asks for: it would stay in memory while everything is decided.
    """

    sheet: Sheet
    reading: Reading
    place: TaskPlace
    review: ReviewPlace
    whole: bool = True

    def cleared(self) -> _Desk:
        """Return the desk with what a batch needs; all of it where it may ask who sent somebody."""
        if self.reading.referrers.any_open:
            return self
        sheet = self.sheet.without_theirs()
        customers = self.reading.customers.without_cells(sheet)
        referrers = Referrers(customers, {}, Notices())
        people = self.reading.people.packed()
        reading = replace(self.reading, people=people, customers=customers, referrers=referrers)
        return replace(self, sheet=sheet, reading=reading, whole=False)


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
        self._pulled = ""  # what the lists were when a pull found them unchanged

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
        """Read everything afresh, unless nothing has changed since the last pull of the day.

        The cursor remembers when undated things were first seen, how many tasks there were, so
        that a lost task list is told, and what everything was that was read.
        """
        before = None if cursor is None else cursor.value
        self._clear_left()
        notices, lists = Notices(), self._sum_of_lists()
        told = None if before is None else told_before(before, lists, self._work.state)
        if cursor is not None and told is not None:
            for code, text in told:
                notices.say(code, text)
            self._tell_copies(notices)
            for code, text in notices:
                sink.notice(code, text)
            self._pulled = lists
            return cursor
        seen = FirstSeen(before, self._work.today)
        desk, tables = self._read(seen, notices, known=_REGISTERED in (before or {}))
        self._tell_copies(notices)
        for odd in odd_tables_of(desk.sheet.file, desk.sheet.grid.name, desk.place.name):
            notices.say("tables", f"{odd}; {MEND_TABLE}")
        held = self._tasks_held(desk.place, {} if before is None else before, notices)
        customers = desk.reading.customers
        tables["asks"] = [
            {**row, "owner_id": customers.owner(str(row["owner_id"] or ""))}
            for row in tables["asks"]
        ]
        tables["owners"] = list(owner_rows(customers))
        save_register(self._work.state, customers.roll.register)
        stands = bool(lists) and lists == self._sum_of_lists()
        del desk, customers
        self._desk = self._current().cleared()
        give_back()
        for code, text in notices:
            sink.notice(code, text)
        sink.absent(*(name for name in TABLES if name not in tables))
        for table in sorted(tables, key=lambda name: name == "contacts"):
            # a table that was handed over is not kept here, and the largest comes last
            sink.whole(table)
            sink.put(table, tables.pop(table))
        give_back()
        counted = {_TASKS_SEEN: str(held)} if held else {}
        read = as_read(lists, self._work.state, notices) if stands else {}
        return Cursor(seen.cursor | counted | {_REGISTERED: "1"} | read)

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
        changes = changes_of(
            *(batch, desk.reading, desk.place.tasks, self._work.today, run_id),
            everybody=self._work.everybody,
        )
        asked = _questions(batch, desk)
        if asked and not has_register(self._work.state):  # its secret marks the questions as ours
            save_register(self._work.state, self._register(desk))
        self._put(changes, desk, asked, run_id)
        if changes.cells:
            changes.cells.clear()  # of everybody they are as large as the register is
            register = self._register(desk)
            self._note_columns(register, changes.put_back)
            trail = register.trail
            values = _fields_after(batch, desk.reading)
            with suppress(SourceError):  # the list is written; the trail only tells older copies
                save_trail(self._work.state, trail.written(desk.sheet.file.path, values))
        return changes.results

    def forget(self, contact_id: str) -> Sequence[str]:
        """Remove a person's tasks and our columns of their row; name what is left.

        Raises:
            SourceError: As for ``write``.
        """
        desk = self._current(whole=True)
        traces = traces_of(contact_id, desk.reading, desk.place)
        asked = without(desk.review, traces.names)
        # A run of its own, so that no undo of another one brings the person back.
        self._put(traces.changes, desk, asked, f"{self._work.run_id}-forget")
        place = (self._work.folder, self._work.state)
        old = forget_in_old_lists(contact_id, traces.names, self._settings, *place)
        known = desk.reading.customers.roll.register
        known = replace(known, trail=known.trail.written(desk.sheet.file.path, {}))
        forget_in_register(self._work.state, known, contact_id)
        beside = left_beside(desk.review, asked)
        return (*traces.left, *beside, *old, *self._backups.copies_left())

    def _put(self, changes: Changes, desk: _Desk, asked: ReviewChanges, run_id: str) -> None:
        """Write what changes into the files; what the desk holds is out of date then."""
        day_first = day_first_in(desk.sheet.source, self._settings)
        sent, people = desk.reading.tables.get(_SENT, ()), desk.reading.people
        as_of = AsOf(self._work.today, sent, people, day_first)
        beside = Beside(review=desk.review, asked=asked)
        contents = new_contents(changes, desk.sheet, desk.place, as_of, beside)
        put(contents, self._backups, run_id, desk.sheet.file.path)
        if contents:
            self._desk, self._pulled = None, ""

    def restore(self, run_id: str) -> bool:
        """Put the files back as before a run; False if anybody changed them since."""
        self._desk, self._pulled = None, ""
        written = self._work.folder / self._settings.customers.file
        beside = (path_beside(written, "tasks"), *review_paths(written))
        restored = self._backups.restore(run_id, (written, *beside))
        if restored:
            register = read_register(self._work.state).as_before()
            save_register(self._work.state, replace(register, ours=False, trail=Trail()))
        return restored

    def _note_columns(self, register: Register, marked: Collection[str]) -> None:
        """Note that the list holds our columns, so that a fresh export in its place is told.

        Args:
            register: The people known.
            marked: Whose refusal stands in the list again.
        """
        if marked or not register.ours:
            save_register(self._work.state, replace(register.with_marks(marked), ours=True))

    def _sum_of_lists(self) -> str:
        """Return a sum of everything that is read; empty where a file of it cannot be read."""
        written = self._work.folder / self._settings.customers.file
        beside = (path_beside(written, "tasks"), *review_paths(written))
        return sum_of_lists(self._settings, self._work, self.account, beside)

    def _clear_left(self) -> None:
        """Remove what killed runs left: who pulls holds the firm's lock, so nobody writes now."""
        written = self._work.folder / self._settings.customers.file
        for path in (written, path_beside(written, "tasks"), *review_paths(written)):
            clear_left(path)
        self._backups.clear_left()

    def _tell_copies(self, notices: Notices) -> None:
        """Name the copies that a cloud drive put beside our files."""
        known = {self._work.folder / source.file for source in self._settings.sources}
        for path in sorted(known):
            copies = conflict_copies(path, known)
            if copies:
                notices.say(COPIES, told_of_copies(copies, path.name))

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

    def _register(self, desk: _Desk) -> Register:
        """The people known: as they were read with the files, or as the pull has saved them."""
        known = desk.reading.customers.roll.register
        return known if desk.whole else read_register(self._work.state)

    def _current(self, *, whole: bool = False) -> _Desk:
        """The files as this run read them, or read now.

        Args:
            whole: What a batch does not ask for must be there, too.

        Raises:
            SourceError: They changed since the pull of this run found them unchanged.
        """
        if self._desk is None or (whole and not self._desk.whole):
            if self._pulled and self._pulled != self._sum_of_lists():
                name = Path(self._settings.customers.file).name
                msg = f"{name} or a list beside it changed since it was read; nothing was written."
                raise SourceError(msg, hint="Run again, so that the new content is seen.")
            return self._read(FirstSeen(None, self._work.today), Notices())[0]
        return self._desk

    def _read(
        self, seen: FirstSeen, notices: Notices, *, known: bool = False
    ) -> tuple[_Desk, Tables]:
        """Read the files and lay them on the desk; return the tables beside it.

        Args:
            seen: When undated things were first seen.
            notices: Hears what is worth saying.
            known: There was a register of people when the files were read last.
        """
        with nothing_to_collect():
            sheets = read_sheets(self._settings, self._work.folder)
            register = read_register(self._work.state)
            if known and register.is_new:
                register = replace(register, lost="gone")
            sheet = next(each for each in sheets if each.source.write)
            review = find_review(sheet.file, register.mark())
            review.tell(notices)
            answers = review.answers
            place = rightful(
                find_tasks(self._settings, sheet.file), self.account, register, notices
            )
            asks = self._asks(place, sheet, seen, notices)
            reading = read_tables(
                sheets, self._settings, seen, notices, answers, register=register, asks=asks
            )
        referrers = reading.referrers
        tell_misread(review, referrers.misread, referrers.selves, notices)
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


def _fields_after(
    batch: Sequence[Action], reading: Reading
) -> dict[str, Mapping[str, str | int | None]]:
    """Return all our fields of people whose fields a batch wrote, as they stand now.

    Only of as many as the trail keeps: a batch may be about everybody.
    """
    ids = reading.customers.ids
    places = {one: at for at, one in reversed([*enumerate(ids)]) if one is not None}
    written = (a for a in batch if isinstance(a, SetFields) and a.contact_id in places)
    return {
        action.contact_id: {**reading.own[places[action.contact_id]], **action.values}
        for action in islice(written, KEPT)
    }
