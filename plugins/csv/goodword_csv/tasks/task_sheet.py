"""The task list people work with: its columns, and one row a task."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from goodword import CreateTask, doing
from goodword_csv.files.text_file import unprotected
from goodword_csv.rows.identity import digest
from goodword_csv.rows.sources import column_of
from goodword_csv.tasks.beside_file import Lines, header_in
from goodword_csv.tasks.outcomes import CHOICES, read_outcome
from goodword_csv.values.answers import parse_yes_no
from goodword_csv.values.plain import Cell, is_empty, text_of

DONE, OUTCOME, OUTCOME_DATE, NAME = "Done", "Outcome", "Outcome date", "Name given"
DUE, FOR, CUSTOMER, WHAT, WHY_NOW = "Due", "For", "Customer", "What", "Why now"
PHONE, EMAIL = "Phone", "E-mail"
SUBJECT, BODY, STATUS = "Subject", "Say this", "Status"
KEY, CHECK, CONTACT = "Goodword key", "Goodword check", "Contact id"
PLAY, CYCLE, WRITTEN = "Play", "Cycle", "Written on"
RUN = "Goodword run"

HEADER = (
    *(DONE, OUTCOME, OUTCOME_DATE, NAME, DUE, FOR, CUSTOMER, PHONE, EMAIL, WHAT, WHY_NOW),
    *(SUBJECT, BODY, STATUS, KEY, CHECK, CONTACT, PLAY, CYCLE, WRITTEN, RUN),
)
"""The first four columns belong to the rep; the ones after the status are for us, and not shown.

A list of an earlier version may lack some; what has no column is not written.
"""

_WIDTHS = {DONE: 6, OUTCOME_DATE: 14, DUE: 12, CUSTOMER: 22, PHONE: 18, EMAIL: 28, WHAT: 24}
_WORD_WIDTHS = {WHY_NOW: 40, SUBJECT: 34, BODY: 90}
WIDTHS: dict[int, float] = {
    HEADER.index(title): width for title, width in (_WIDTHS | _WORD_WIDTHS).items()
}
HIDDEN = frozenset(range(HEADER.index(KEY), len(HEADER)))
DROPDOWNS = {0: ("x",), 1: CHOICES}
ROW_HEIGHT = 90.0
"""Six lines, in points: a task shows what to say, and a week of them still fits a screen."""
OPEN, HOLD, EXPIRED, UNREAD = "Open", "Hold", "Expired", "Outcome not understood"
_SAY = "\nSAY THIS\n"
_KEY = re.compile(r"gw-([0-9a-f]{8,64})")
_STATES = {"hold": "withdrawn", "expired": "expired"}
_STATUSES = {each.lower() for each in (OPEN, HOLD, EXPIRED, UNREAD, DONE)}


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of ours: its row, 1-based as a spreadsheet shows it; *cells* by column title.

    *beside*: The row holds something in columns that are not ours.
    """

    line: int
    key: str
    cells: Mapping[str, Cell]
    beside: bool = False

    def text(self, title: str) -> str:
        """One cell as text, without the apostrophe that kept it from being a formula."""
        return unprotected(text_of(self.cells.get(title, "")))

    @property
    def edited(self) -> bool:
        """Say whether a person changed our words; without our mark we assume so."""
        return text_of(self.cells.get(CHECK, "")) != check(self.text(SUBJECT), self.text(BODY))

    @property
    def state(self) -> str:
        """Open, done, expired or withdrawn."""
        if self.done or self.outcome:
            return "done"
        word = self.text(STATUS).split(":")[0].strip().lower()
        return _STATES.get(word, "open")

    @property
    def done(self) -> bool:
        """Say whether the rep ticked it; a date is a tick too."""
        cell = self.cells.get(DONE, "")
        return parse_yes_no([(self.line, cell)], filled_means_yes=True).values == ("yes",)

    @property
    def outcome(self) -> str | None:
        """The outcome in our words; None when empty or not understood."""
        return read_outcome(self.text(OUTCOME))

    @property
    def unread(self) -> bool:
        """Say whether an outcome stands there that we do not understand."""
        return self.outcome is None and not is_empty(self.cells.get(OUTCOME, ""))

    @property
    def waits(self) -> bool:
        """Say whether a person still has to look at it: it is open, or its outcome is unread."""
        return self.state == "open" or (self.state == "done" and self.unread)

    @property
    def status_due(self) -> str | None:
        """What its status should say once the list is written; None where it says so already.

        What a person wrote into the status stays.
        """
        now = self.text(STATUS)
        if now.split(":")[0].strip().lower() not in _STATUSES or self.state in _STATES.values():
            return None
        due = UNREAD if self.unread else DONE if self.state == "done" else OPEN
        return None if now == due else due

    @property
    def touched(self) -> bool:
        """Say whether a person changed our words, or began an answer that is none yet."""
        begun = any(self.text(title).strip() for title in (OUTCOME, OUTCOME_DATE, NAME))
        return self.edited or (self.state == "open" and begun)

    @property
    def untouched(self) -> bool:
        """Say whether we may still change it."""
        return self.state == "open" and not self.touched


@dataclass(frozen=True, slots=True)
class TaskList:
    """The task list as it stands.

    Attributes:
        columns: Title of each of our columns to its 0-based index.
        rows: Our tasks; other rows are the user's and left alone.
        end: Line of the last row with anything in it.
        top: Line of the header.
        lines: Every line as read, the ones above the header and the user's own with them.
    """

    columns: Mapping[str, int]
    rows: tuple[TaskRow, ...]
    end: int
    top: int
    lines: Lines

    def by_key(self) -> dict[str, TaskRow]:
        """The tasks by their key; of a copied row the first counts."""
        return first_by_key(self.rows)


def first_by_key(rows: Iterable[TaskRow]) -> dict[str, TaskRow]:
    """Return tasks by their key; of a copied row the first counts."""
    found: dict[str, TaskRow] = {}
    for row in rows:
        found.setdefault(row.key, row)
    return found


def task_list(lines: Lines, where: str) -> TaskList:
    """Find our tasks among the rows of a sheet; the order of columns and rows is free.

    Raises:
        SourceError: The sheet has no column with our keys, so it is not our list.
    """
    hint = "set another name: tasks in [plugin.csv]"
    top, header = header_in(lines, KEY, where, what="task list", hint=hint)
    columns = {title: at for title in HEADER if (at := column_of(header, title)) is not None}
    ours = set(columns.values())
    rows: list[TaskRow] = []
    end = top
    for number, cells in lines:
        if any(text_of(cell) for cell in cells):
            end = max(end, number)
        match = _KEY.fullmatch(_cell(cells, columns[KEY]).strip()) if number > top else None
        if match is not None:
            values = {title: cells[at] for title, at in columns.items() if at < len(cells)}
            beside = any(text_of(cells[at]) for at in range(len(cells)) if at not in ours)
            rows.append(TaskRow(number, match[1], values, beside))
    return TaskList(columns, tuple(rows), end, top, lines)


def _cell(cells: Sequence[Cell], index: int) -> str:
    return text_of(cells[index]) if index < len(cells) else ""


def check(subject: str, body: str) -> str:
    """Return the mark that shows whether our words are still ours; spacing does not count."""
    return f"gw-{digest(*subject.split(), '|', *body.split(), size=10)}"


def new_row(
    task: CreateTask, today: date, run_id: str, *, phone: str | None, email: str | None
) -> dict[str, str]:
    """Return a task of a run as texts by column; the rep's own columns stay empty."""
    return {
        DUE: task.due.isoformat(),
        FOR: task.owner_id or "",
        CUSTOMER: task.contact_name,
        PHONE: phone or "",
        EMAIL: email or "",
        WHAT: doing(task.play),
        WHY_NOW: "; ".join(task.because),
        SUBJECT: task.subject,
        BODY: _what_to_say_first(task.body.strip()),
        STATUS: OPEN,
        KEY: f"gw-{task.key}",
        CONTACT: task.contact_id,
        PLAY: task.play,
        CYCLE: task.cycle,
        WRITTEN: today.isoformat(),
        RUN: run_id,
    }


def _what_to_say_first(body: str) -> str:
    """Put what stands before the words to say behind them: the sheet has columns for who and why.

    Words of the firm's own that are laid out otherwise stay as they are.
    """
    before, heading, after = f"\n{body}".partition(_SAY)
    return f"{after.strip()}\n\n{before.strip()}" if heading and before.strip() else body
