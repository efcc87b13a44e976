"""The roll call of a customer list: who each row is, who is missing, and who refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from goodword_csv.files.text_file import unprotected
from goodword_csv.headers.columns import OWN_HEADERS
from goodword_csv.rows.identity import Person, basic_ids, contact_ids, folded
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.own_columns import DO_NOT_ASK, ID
from goodword_csv.rows.recognising import Marker, recognise, whole_marks
from goodword_csv.rows.register import FILE, REMEMBERED, WRITTEN, Known, Register, new_register
from goodword_csv.rows.sources import column_of
from goodword_csv.rows.typed_rows import TypedRows
from goodword_csv.values.answers import Answer, parse_yes_no
from goodword_csv.values.plain import text_of, word_set

_LETS = word_set("no n nao nie nej false f 0 off nein falsch non faux nee onwaar falso unchecked")
"""What takes a "do not ask" back; elsewhere "never" and "do not contact" are a no, here a yes."""


@dataclass(frozen=True, slots=True)
class Roll:
    """Who is on the list.

    Attributes:
        ids: Contact id of each row; None where it names nobody.
        cells: Our id cell of each row; None where the list has ids of its own.
        refused: What our "do not ask" column says, one answer a row.
        remembered: Ids whose "do not ask" stood in the list and has got lost.
        register: Everybody known after this reading.
    """

    ids: Sequence[str | None]
    cells: Sequence[str | None] | None
    refused: Sequence[Answer]
    remembered: frozenset[str]
    register: Register


def call_roll(
    people: Sequence[Person],
    rows: TypedRows,
    notices: Notices,
    register: Register | None = None,
    today: date | None = None,
) -> Roll:
    """Say who each row of the customer list is.

    Args:
        people: One a row.
        rows: The list.
        notices: Hears of shared, copied and moved ids, and of a fresh export in place of the list.
        register: The people known so far; None on a first reading.
        today: Day of this reading, noted of people who are missing.
    """
    before = register or new_register()
    basic = basic_ids(people)
    wholes = whole_marks(people, before.mark())
    cells = None if rows.has("contact_id") else _id_cells(rows)
    own = {person.id for person in people if person.id}
    free = [i for i, one in enumerate(basic) if one is not None and not people[i].id]
    found = recognise(people, wholes, free, cells or (), before, own)
    known = {one.id for one in before.people}
    ids = contact_ids(
        people,
        rows,
        notices,
        basic=basic,
        recognised=found.ids,
        left_out=found.forgotten,
        known=known,
    )
    refused, has_marks = _refused(rows)
    moved = _told(ids, cells or (), rows, notices)
    displaced = {cell for row, cell in moved.items() if refused[row] == "yes"}
    displaced |= {one for row in found.doubtful if (one := ids[row]) is not None}
    after, remembered = _after(
        before, people, wholes, ids, _said(ids, refused), displaced, has_marks=has_marks, day=today
    )
    ours = any(column_of(rows.sheet.grid.header, name) is not None for name in OWN_HEADERS)
    if before.lost:
        _tell_lost(before, notices)
    elif before.ours and not ours:
        _tell_fresh(ids, before, rows, notices)
    roll = replace(before, people=after, ours=ours, day=_day(today))
    return Roll(ids, cells, refused, remembered, roll)


def _id_cells(rows: TypedRows) -> Sequence[str | None]:
    at = column_of(rows.sheet.grid.header, ID)
    if at is None:
        return [None] * len(rows)
    return [unprotected(text_of(row.cells[at])) or None for row in rows.sheet.grid.rows]


def _refused(rows: TypedRows) -> tuple[list[Answer], bool]:
    """Read our "do not ask" column, and whether there is one."""
    at = column_of(rows.sheet.grid.header, DO_NOT_ASK)
    if at is None:
        return ["unknown"] * len(rows), False
    column = rows.sheet.grid.column(at)
    read = parse_yes_no(column, filled_means_yes=True).values
    said = [
        "yes" if answer == "no" and folded(text_of(cell)) not in _LETS else answer
        for (_, cell), answer in zip(column, read, strict=True)
    ]
    return said, True


def _said(ids: Sequence[str | None], refused: Sequence[Answer]) -> Mapping[str, Answer]:
    """What the column says of each person; a refusal in any of their rows counts."""
    said: dict[str, Answer] = {}
    for one, answer in zip(ids, refused, strict=True):
        if one is not None and answer != "unknown" and said.get(one) != "yes":
            said[one] = answer
    return said


def _told(
    ids: Sequence[str | None], cells: Sequence[str | None], rows: TypedRows, notices: Notices
) -> dict[int, str]:
    """Tell of id cells that were copied or moved; return the moved ones by row."""
    if not any(cells):
        return {}
    right = {one for one, cell in zip(ids, cells, strict=True) if one is not None and one == cell}
    wrong = {
        row: cell
        for row, (one, cell) in enumerate(zip(ids, cells, strict=True))
        if one is not None and cell is not None and cell != one
    }
    copied = [row for row, cell in wrong.items() if cell in right]
    moved = {row: cell for row, cell in wrong.items() if cell not in right}
    where, lines = rows.sheet.where, rows.lines
    what = f'with a "{ID}" copied from another row; each is kept as a person'
    notices.rows("copied", where, what, (lines[row] for row in copied))
    what = (
        f'with a "{ID}" that is not theirs, known by e-mail, phone or name'
        " (were only some of the columns sorted?)"
    )
    notices.rows("moved", where, what, (lines[row] for row in moved))
    return moved


def _tell_fresh(
    ids: Sequence[str | None], before: Register, rows: TypedRows, notices: Notices
) -> None:
    known, new, missing = before.compared([one for one in ids if one is not None])
    notices.say(
        "fresh",
        f"{rows.sheet.where} holds none of goodword's columns any more, so it looks like a fresh"
        f" export: {known:,} people are known, {new:,} new,"
        f' {missing:,} missing. Every "{DO_NOT_ASK}" still counts; the columns come back with'
        " the next write.",
    )


def _tell_lost(before: Register, notices: Notices) -> None:
    kept = " The damaged one is kept beside it, as people.txt.damaged."
    notices.say(
        "register",
        f"{FILE} in the state folder is {before.lost}, so it is made anew from the list."
        f'{kept * (before.lost == "damaged")} Every "{DO_NOT_ASK}" still counts, but whoever was'
        " corrected since may look new: read the plan before it is applied.",
    )


def _after(
    before: Register,
    people: Sequence[Person],
    wholes: Sequence[str],
    ids: Sequence[str | None],
    said: Mapping[str, Answer],
    displaced: set[str],
    *,
    has_marks: bool,
    day: date | None,
) -> tuple[tuple[Known, ...], frozenset[str]]:
    """Return everybody known from now on, and whose refusal only we remember."""
    marker = Marker(before.mark())
    known = {one.id: one for one in before.people}
    remembered: set[str] = set()
    after: dict[str, Known] = {}
    for person, whole, one in zip(people, wholes, ids, strict=True):
        if one is None or one in after:
            continue
        old = known.pop(one, None)
        same = old is not None and old.whole == whole
        now = old if same and old else marker.of(person, whole)._replace(id=one)
        if old and not same:
            now = now.after(old)
        flag = _flag(said.get(one), old, has_marks=has_marks)
        if one in displaced and flag != WRITTEN:
            flag = REMEMBERED
        if flag == REMEMBERED:
            remembered.add(one)
        if now.refused != flag or now.gone:
            now = now._replace(refused=flag, gone="")
        after[one] = now
    for one, gone in known.items():
        after[one] = gone if gone.gone else gone._replace(gone=before.day or _day(day))
    return tuple(after.values()), frozenset(remembered)


def _flag(answer: Answer | None, old: Known | None, *, has_marks: bool) -> str:
    """Say how a refusal stands: what the list says counts, and what it lost is remembered.

    Who took the mark out of a cell meant it; a row that came back, or a list without the column,
    says nothing.
    """
    if answer == "yes":
        return WRITTEN
    if answer == "no" or old is None or not old.refused:
        return ""
    taken_out = has_marks and old.refused == WRITTEN and not old.gone
    return "" if taken_out else REMEMBERED


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
