"""The roll call of a customer list: who each row is, who is missing, and who refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from goodword_csv.files.text_file import unprotected
from goodword_csv.headers.columns import OWN_HEADERS
from goodword_csv.rows.identity import Person, basic_ids, contact_ids
from goodword_csv.rows.known import ById, Known, People
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.own_columns import DO_NOT_ASK, ID
from goodword_csv.rows.recognising import Marker, recognise, whole_marks
from goodword_csv.rows.refusals import Standing, read_column, stands
from goodword_csv.rows.register import FILE, Register, new_register
from goodword_csv.rows.sources import column_of
from goodword_csv.rows.stacked import first_rows
from goodword_csv.rows.typed_rows import TypedRows
from goodword_csv.values.answers import Answer
from goodword_csv.values.plain import text_of


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
    known = before.people.by_id()
    ids = contact_ids(
        people,
        rows,
        notices,
        basic=basic,
        recognised=found.ids,
        left_out=found.forgotten,
        known=known,
    )
    column = read_column(rows)
    moved = _told(ids, cells or (), rows, notices)
    displaced = {cell for row, cell in moved.items() if column.answers[row] == "yes"}
    displaced |= {one for row in found.doubtful if (one := ids[row]) is not None}
    now = _after(known, Marker(before.mark()), people, wholes, ids)
    shaken = column.is_there and before.trail.is_newer_than(rows.sheet, ids)
    refusals = stands(
        *(before.people, now, column.of(ids), displaced),
        has_column=column.is_there,
        shaken=shaken,
    )
    ours = any(column_of(rows.sheet.grid.header, name) is not None for name in OWN_HEADERS)
    if before.lost:
        _tell_lost(before, notices)
    elif before.ours and not ours:
        _tell_fresh(ids, before, rows, notices)
    _tell_refusals(refusals, ids, rows, notices, shaken=shaken)
    roll = replace(
        before,
        people=_everybody(before, now, refusals, today),
        ours=ours,
        day=_day(today),
        trail=before.trail.after(rows.sheet, ids),
    )
    return Roll(ids, cells, column.answers, refusals.remembered, roll)


def _id_cells(rows: TypedRows) -> Sequence[str | None]:
    at = column_of(rows.sheet.grid.header, ID)
    if at is None:
        return [None] * len(rows)
    return [unprotected(text_of(row.cells[at])) or None for row in rows.sheet.grid.rows]


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
    here = {one for one in ids if one is not None}
    known, new, missing = before.compared(here)
    away = sum(bool(one.refused) and one.id not in here for one in before.people)
    still = f'Every "{DO_NOT_ASK}" still counts'
    if away:
        are, they = ("is", "they come") if away == 1 else ("are", "they come")
        still += f"; {away:,} of those who refused {are} not in it, and stay refused if {they} back"
    notices.say(
        "fresh",
        f"{rows.sheet.where} holds none of goodword's columns any more, so it looks like a fresh"
        f" export: {known:,} people are known, {new:,} new,"
        f" {missing:,} missing. {still}. The columns come back with the next write.",
    )


def _tell_lost(before: Register, notices: Notices) -> None:
    if before.lost == "gone":
        said = (
            f"{FILE} in the state folder is missing, so it is made anew from the list. What stands"
            f' in the list under "{DO_NOT_ASK}" counts; a refusal that stands nowhere else is not'
            " known any more, nor who was on the list before. If nobody meant to delete it, put"
            " the folder csv back from a backup."
        )
    else:
        kept = " The damaged one is kept beside it, as people.txt.damaged."
        said = (
            f"{FILE} in the state folder is {before.lost}, so it is made anew from the list."
            f'{kept * (before.lost == "damaged")} Every "{DO_NOT_ASK}" still counts, but whoever'
            " was corrected since may look new: read the plan before it is applied."
        )
    notices.say("register", said)


def _tell_refusals(
    found: Standing,
    ids: Sequence[str | None],
    rows: TypedRows,
    notices: Notices,
    *,
    shaken: bool,
) -> None:
    """Say whose refusal counts though the list does not say so where they stand."""
    many = len(found.kept)
    who = f"{many:,} {'person' if many == 1 else 'people'}"
    if many and shaken:
        notices.say(
            "refused",
            f"{rows.sheet.where} looks older than when it was read last, or some of its columns"
            f" were sorted without ours. {who} said do not ask in the newer one, and that still"
            " counts. The marks come back with the next write; empty one after that, or write"
            ' "no" over it, to take it back.',
        )
    elif many:
        notices.say(
            "refused",
            f'{rows.sheet.where}: "{DO_NOT_ASK}" of {who} went while others got one, as when'
            ' columns are sorted without ours. It still counts; write "no" to take it back.',
        )
    lines = [rows.lines[row] for row, one in enumerate(ids) if one in found.shared]
    what = (
        "of somebody who refused under another id, or in another row; the refusal counts here too"
    )
    notices.rows("refused", rows.sheet.where, what, lines)


def _after(
    known: Mapping[str, Known],
    marker: Marker,
    people: Sequence[Person],
    wholes: Sequence[str],
    ids: Sequence[str | None],
) -> ById:
    """Return everybody on the list by id, with the marks of now and how a refusal stood before."""
    here = list(first_rows(ids))

    def marked() -> Iterator[Known]:
        for row in here:
            one = str(ids[row])
            old = known.get(one)
            if old is not None and old.whole == wholes[row]:
                yield old
                continue
            now = marker.of(people[row], wholes[row])._replace(id=one)
            yield now if old is None else now.after(old)

    return People.of(marked()).by_id(str(ids[row]) for row in here)


def _everybody(
    before: Register, now: Mapping[str, Known], found: Standing, day: date | None
) -> People:
    """Return everybody known from now on: who is on the list, and who was."""
    flags = found.flags

    def known() -> Iterator[Known]:
        for one in now.values():
            flag = flags.get(one.id, "")
            stays = one.refused == flag and not one.gone
            yield one if stays else one._replace(refused=flag, gone="")
        for one in before.people:
            if one.id not in now:
                yield one._replace(
                    gone=one.gone or before.day or _day(day),
                    refused="" if one.id in found.moved_on else one.refused,
                )

    return People.of(known())


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
