"""Who a row of the customer list is, wherever it stands: ids that survive sorting."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import count
from typing import NamedTuple

from goodword_csv.rows.notices import Notices
from goodword_csv.rows.typed_rows import TypedRows

_SIGNS = re.compile(r"[\W_]+")


class Person(NamedTuple):
    """What identifies a row: texts as read, e-mail in lower case, the phone's last digits."""

    id: str | None
    email: str | None
    phone: str | None
    name: str | None
    more: tuple[str | None, ...] = ()


def folded(name: str | None) -> str:
    """Write a name the way names are compared: no accents, case or punctuation."""
    if not name:
        return ""
    if name.isascii():
        plain = name.lower().replace(" ", "")
        return plain if plain.isalnum() else _SIGNS.sub("", plain)
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).lower()
    return _SIGNS.sub("", plain)  # an accent of its own is no letter, so it goes like a sign


def digest(*parts: object, size: int = 12) -> str:
    """Return a short stable hash of some content."""
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:size]


def contact_ids(
    people: Sequence[Person],
    rows: TypedRows,
    notices: Notices,
    *,
    basic: Sequence[str | None],
    recognised: Mapping[int, str],
    left_out: Collection[int] = (),
    known: Collection[str] = (),
) -> list[str | None]:
    """Give every row its contact id: the one it had, else one made from its content.

    Where several rows share an id or address, one of them keeps it and the others get it with a
    mark made from their content. Which one keeps it depends on content too, never on the order of
    rows, so sorting the sheet changes nobody's id. Rows that agree in everything are one person.
    Nobody new gets the id of somebody known.

    Args:
        people: One a row.
        rows: The list, for line numbers.
        notices: Hears of rows without anything, and of shared ids.
        basic: What ``basic_ids`` makes of them.
        recognised: Row to the id it has had.
        left_out: Rows that count as nobody.
        known: Every id given out before, to whoever.

    Returns:
        One id a row; None for a row that names nobody.
    """
    first: dict[str, int] = {}
    sharing: dict[str, list[int]] = {}
    ids = list(basic)
    given = {*known, *recognised.values()}
    for index, found in enumerate(basic):
        if found is None:
            continue
        before = first.setdefault(found, index)
        if before != index:
            sharing.setdefault(found, [before]).append(index)
        elif index not in recognised and found in given and not people[index].id:
            sharing.setdefault(found, [index])  # the id is somebody's, who is not this row
    where = rows.sheet.where
    for found, indices in sharing.items():
        fresh = [index for index in indices if index not in recognised]
        marks = {index: row_mark(people[index]) for index in indices}
        is_given = found in given and not any(people[index].id for index in fresh)
        keeper = None if is_given else min((marks[index] for index in fresh), default=None)
        for index in fresh:
            beside = f"{found}~{marks[index]}"
            if not people[index].id:
                beside = _unused(beside, given)
            ids[index] = found if marks[index] == keeper else beside
        if len(indices) > 1:
            what = "with an id or address that several rows share; each is kept as a person"
            if len(set(marks.values())) < len(indices):
                what = "that stand in the list more than once; equal rows count as one person"
            notices.rows("duplicates", where, what, (rows.lines[i] for i in indices))
    for index, one in recognised.items():
        ids[index] = one
    for index in left_out:
        ids[index] = None
    nobody = [line for line, found in zip(rows.lines, basic, strict=True) if found is None]
    notices.rows("nobody", where, "without an id, e-mail, phone or person's name, left out", nobody)
    return ids


def _unused(wanted: str, given: Collection[str]) -> str:
    """Return an id nobody has had: a row may say again what somebody's row said once."""
    if wanted not in given:
        return wanted
    return next(one for n in count(2) if (one := f"{wanted}-{n}") not in given)


def basic_ids(people: Sequence[Person]) -> list[str | None]:
    """Return the id of each row by itself: its own, else its e-mail, else a hash of the rest."""
    return [_basic(person) for person in people]


def _basic(person: Person) -> str | None:
    if person.id or person.email:
        return person.id or person.email
    name = folded(person.name)
    if not person.phone and (not name or any(map(str.isdigit, name))):
        return None  # nothing, or a line such as "60 customers"
    return f"p-{digest(name, person.phone)}"


def row_mark(person: Person) -> str:
    """Return a short mark of what a row says about a person, the same wherever it stands."""
    more = (folded(text) for text in person.more)
    return digest(folded(person.name), person.email, person.phone, *more, size=6)


def spread(ids: Sequence[str | None]) -> Mapping[str, list[int]]:
    """Return the rows of each id, by their place in the list."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, found in enumerate(ids):
        if found is not None:
            places[found].append(index)
    return places
