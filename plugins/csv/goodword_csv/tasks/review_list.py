"""The review list: questions about who sent whom, answered by people, read back by a pull.

Only rows we wrote are read: their keys bear a mark that only this firm's state folder can make. A
list that came along with somebody's file is somebody else's, and ours gets another name then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from goodword import SourceError
from goodword_csv.files.atomic import Fingerprint
from goodword_csv.files.records import Record
from goodword_csv.files.text_file import Layout, unprotected
from goodword_csv.rows.name_book import SUGGESTED
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.reviewing import Question
from goodword_csv.rows.sources import column_of
from goodword_csv.tasks.beside_file import (
    Lines,
    header_in,
)
from goodword_csv.tasks.task_sheet import KEY
from goodword_csv.values.plain import text_of

REVIEW = "Goodword review"
"""Sheet of the review list; beside a CSV file it is ``NAME.review.csv``."""

MOST_OPEN = 50
"""Questions without an answer in the list at one time; more come as these are answered."""

QUESTION, CUSTOMER, WROTE, ANSWER, OR = "Question", "Customer", "They wrote", "Answer", "Or"
SUGGESTIONS = tuple(f"Suggestion {number}" for number in range(1, SUGGESTED + 1))
HEADER = (QUESTION, CUSTOMER, WROTE, ANSWER, *SUGGESTIONS, OR, KEY)
"""The answer is the reader's; what may be chosen stands beside it in its row."""

NOBODY = "nobody"
ASKED = "Who sent them? Choose, or write a name, an e-mail or an id of your list."
REVIEW_HEIGHT = 30.0
"""Two lines, in points: the question, and a name that is long."""
HIDDEN = frozenset({HEADER.index(KEY)})
WIDTHS: dict[int, float] = {
    HEADER.index(title): width
    for title, width in {QUESTION: 40.0, CUSTOMER: 24, WROTE: 30, ANSWER: 30, OR: 10}.items()
} | dict.fromkeys(map(HEADER.index, SUGGESTIONS), 26.0)
CHOICES = {HEADER.index(ANSWER): (HEADER.index(SUGGESTIONS[0]), HEADER.index(OR))}
"""The drop-down of the answer offers what stands in these columns of the same row."""

_MISREAD = (
    f'whose "{ANSWER}" names nobody on your list, or several; choose a suggestion, or write a full'
    f' name, an e-mail or an id of your list, or "{NOBODY}"'
)
_SELF = (
    f'whose "{ANSWER}" names the customer in that row; nobody sends themself: name whoever sent'
    f' them, or write "{NOBODY}"'
)
_STRANGE = (
    "that goodword did not write for this list, left alone (did they come from another file? If you"
    " answered them yourself, delete them: they are asked again)"
)
_KEY = re.compile(r"(gwq-[0-9a-f]{8,64}?)([0-9a-f]{16})?")
Mark = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One question of ours: its row, 1-based as a spreadsheet shows it, its texts by title.

    *beside*: What stands in columns that are not ours, by 0-based index.
    """

    line: int
    key: str
    texts: Mapping[str, str]
    beside: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReviewPlace:
    """The review list and what it is written in.

    Attributes:
        name: What messages call it.
        columns: Title of each of our columns to its 0-based index; None while there is no list.
        rows: Our questions; other rows are the user's and left alone.
        end: Line of the last row with anything in it.
        path: The file of its own beside a CSV list; None for a sheet of the workbook.
        fingerprint: What that file was when read; None while there is none.
        records: Its CSV records; the first is row 1 of the list.
        layout: How it is, or will be, written down.
        mark: What marks the keys of our questions.
        strange: Rows that look like questions, and are not ours.
        taken: Sheets or files of the name that are not ours.
    """

    name: str
    columns: Mapping[str, int] | None = None
    rows: tuple[ReviewRow, ...] = ()
    end: int = 0
    path: Path | None = None
    fingerprint: Fingerprint | None = None
    records: tuple[Record, ...] = ()
    layout: Layout = field(default_factory=Layout)
    mark: Mark = field(default=str, compare=False)
    strange: tuple[int, ...] = ()
    taken: tuple[str, ...] = ()

    def tell(self, notices: Notices) -> None:
        """Say what looks like the list, or like a part of it, and is not ours."""
        notices.rows("review", self.name, _STRANGE, self.strange, unit="row")
        if self.taken:
            names = " and ".join(f'"{name}"' for name in self.taken)
            text = f"{names} is not the review list goodword wrote for this list, and is left alone"
            notices.say("review", f'{text}; where there is something to ask it is "{self.name}".')

    @property
    def answers(self) -> dict[str, str]:
        """What was answered, by the key of the question; of a copied row the first counts."""
        found: dict[str, str] = {}
        for row in self.rows:
            if row.texts.get(ANSWER):
                found.setdefault(row.key, row.texts[ANSWER])
        return found


def read_rows(lines: Lines, where: str, mark: Mark | None) -> ReviewPlace | None:
    """Find our questions among the rows; the order of columns and rows is free.

    Returns:
        None where it is no such list at all.
    """
    try:
        top, titles = header_in(lines, KEY, where, what="review list", hint="")
    except SourceError:
        return None
    columns = {title: at for title in HEADER if (at := column_of(titles, title)) is not None}
    if ANSWER not in columns:
        return None
    ours = set(columns.values())
    rows: list[ReviewRow] = []
    strange: list[int] = []
    end = top
    for number, cells in lines:
        texts = {at: text for at, cell in enumerate(cells) if (text := text_of(cell))}
        if texts:
            end = max(end, number)
        key = _KEY.fullmatch(texts.get(columns[KEY], "")) if number > top else None
        if key is None:
            continue
        if mark is not None and key[2] != mark(f"q{key[1]}"):
            strange.append(number)
            continue
        said = {title: unprotected(texts.get(at, "")) for title, at in columns.items()}
        beside = {at: text for at, text in texts.items() if at not in ours}
        rows.append(ReviewRow(number, key[1], said, beside))
    place = ReviewPlace(where, columns, tuple(rows), end, mark=mark or str)
    return replace(place, strange=tuple(strange))


def tell_misread(
    place: ReviewPlace, misread: Collection[str], selves: Collection[str], notices: Notices
) -> None:
    """Name the rows whose answers could not be taken, and say what to write.

    Args:
        place: The list.
        misread: Keys of questions whose answers name nobody on the customer list, or several.
        selves: Keys of those whose answers name the customer in question.
        notices: Hears it.
    """
    for what, keys in ((_MISREAD, misread), (_SELF, selves)):
        lines = [row.line for row in place.rows if row.key in keys and row.texts.get(ANSWER)]
        notices.rows("referrer", place.name, what, lines, unit="row")


def new_rows(
    place: ReviewPlace, questions: Iterable[Question], most: int = MOST_OPEN
) -> list[dict[str, str]]:
    """Return rows for questions that are not in the list yet, as texts by title.

    Args:
        place: The list as it is.
        questions: What is to be asked; only as many are looked at as there is room for.
        most: Questions that may be open at one time.
    """
    waiting = sum(not row.texts.get(ANSWER) for row in place.rows)
    known = {row.key for row in place.rows}
    fresh = (one for one in questions if one.key not in known)
    return [
        {
            QUESTION: ASKED,
            CUSTOMER: one.customer,
            WROTE: one.wrote,
            **dict(zip(SUGGESTIONS, one.suggestions, strict=False)),
            OR: NOBODY,
            KEY: f"{one.key}{place.mark(f'q{one.key}')}",
        }
        for one in islice(fresh, max(0, most - waiting))
    ]
