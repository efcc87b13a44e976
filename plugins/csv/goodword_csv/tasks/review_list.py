"""The review list: questions about who sent whom, answered by people, read back by a pull."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from goodword_csv.files.atomic import Fingerprint
from goodword_csv.files.records import Record
from goodword_csv.files.text_file import Layout, unprotected
from goodword_csv.rows.identity import folded
from goodword_csv.rows.name_book import SUGGESTED
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.reviewing import Question
from goodword_csv.rows.sources import File, column_of
from goodword_csv.tasks.beside_file import (
    Lines,
    header_in,
    layout_beside,
    path_beside,
    read_beside,
    sheet_beside,
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
_KEY = re.compile(r"gwq-[0-9a-f]{8,64}")


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One question of ours: its row, 1-based as a spreadsheet shows it, its texts by title."""

    line: int
    key: str
    texts: Mapping[str, str]


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
    """

    name: str
    columns: Mapping[str, int] | None = None
    rows: tuple[ReviewRow, ...] = ()
    end: int = 0
    path: Path | None = None
    fingerprint: Fingerprint | None = None
    records: tuple[Record, ...] = ()
    layout: Layout = field(default_factory=Layout)

    @property
    def answers(self) -> dict[str, str]:
        """What was answered, by the key of the question; of a copied row the first counts."""
        found: dict[str, str] = {}
        for row in self.rows:
            if row.texts.get(ANSWER):
                found.setdefault(row.key, row.texts[ANSWER])
        return found


def find_review(file: File) -> ReviewPlace:
    """Find the review list that belongs to the customer list in *file*.

    Raises:
        SourceError: It cannot be read, or a sheet of that name is something else.
    """
    if file.book.format == "xlsx":
        return _in_workbook(file)
    return review_beside(file.path, layout_beside(file))


def review_beside(csv: Path, layout: Layout) -> ReviewPlace:
    """Find the review list beside a CSV list, also where that list is gone.

    Args:
        csv: The customer list.
        layout: How a new one is to be written.

    Raises:
        SourceError: It cannot be read.
    """
    path = path_beside(csv, "review")
    found = read_beside(path)
    if found is None:
        return ReviewPlace(path.name, path=path, layout=layout)
    columns, rows, end = _read(found.lines, path.name)
    how = (found.fingerprint, found.records, found.layout)
    return ReviewPlace(path.name, columns, rows, end, path, *how)


def _in_workbook(file: File) -> ReviewPlace:
    sheet = sheet_beside(file, REVIEW)
    if sheet is None:
        return ReviewPlace(REVIEW)
    real, lines = sheet
    columns, rows, end = _read(lines, f'{file.path.name}, sheet "{real}"')
    return ReviewPlace(real, columns, rows, end)


def _read(lines: Lines, where: str) -> tuple[dict[str, int], tuple[ReviewRow, ...], int]:
    """Find our questions among the rows; the order of columns and rows is free."""
    hint = "rename the list itself"
    top, titles = header_in(lines, KEY, where, what="review list", hint=hint)
    columns = {title: at for title in HEADER if (at := column_of(titles, title)) is not None}
    rows: list[ReviewRow] = []
    end = top
    for number, cells in lines:
        if any(text_of(cell) for cell in cells):
            end = max(end, number)
        texts = {
            title: unprotected(text_of(cells[at]))
            for title, at in columns.items()
            if at < len(cells)
        }
        if number > top and _KEY.fullmatch(texts.get(KEY, "")):
            rows.append(ReviewRow(number, texts[KEY], texts))
    return columns, tuple(rows), end


def tell_misread(place: ReviewPlace, keys: Collection[str], notices: Notices) -> None:
    """Name the rows whose answers name nobody on the customer list, and say what to write.

    Args:
        place: The list.
        keys: Keys of those questions.
        notices: Hears it.
    """
    lines = [row.line for row in place.rows if row.key in keys and row.texts.get(ANSWER)]
    notices.rows("referrer", place.name, _MISREAD, lines, unit="row")


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
            KEY: one.key,
        }
        for one in islice(fresh, max(0, most - waiting))
    ]


def about(place: ReviewPlace, names: Collection[str]) -> tuple[list[int], dict[int, list[str]]]:
    """Return the rows that are about a person, and the cells elsewhere that suggest them.

    Args:
        place: The list.
        names: Full names, addresses and ids of the person.
    """
    wanted = {key for name in names if (key := folded(name))}
    whole = {folded(name) for name in names if len(name.split()) > 1 or "@" in name}
    removed: list[int] = []
    emptied: dict[int, list[str]] = {}
    for row in place.rows:
        keys = {title: folded(text) for title, text in row.texts.items()}
        held = {
            title: key in wanted or any(name in key for name in whole)
            for title, key in keys.items()
        }
        if any(held.get(title) for title in (CUSTOMER, WROTE, ANSWER)):
            removed.append(row.line)
            continue
        titles = [title for title in SUGGESTIONS if held.get(title)]
        if titles:
            emptied[row.line] = titles
    return removed, emptied
