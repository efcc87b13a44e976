"""Who a row of the customer list is, wherever it stands: ids that survive sorting."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
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
        return _SIGNS.sub("", name.lower())
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).lower()
    return _SIGNS.sub("", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def digest(*parts: object, size: int = 12) -> str:
    """Return a short stable hash of some content."""
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:size]


def contact_ids(people: Sequence[Person], rows: TypedRows, notices: Notices) -> list[str | None]:
    """Give every row its contact id: its own id, else its e-mail, else a hash of name and phone.

    Where several rows share an id or address, one of them keeps it and the others get it with a
    mark made from their content. Which one keeps it depends on content too, never on the order of
    rows, so sorting the sheet changes nobody's id. Rows that agree in everything are one person.

    Args:
        people: One a row.
        rows: The list, for line numbers.
        notices: Hears of rows without anything, and of shared ids.

    Returns:
        One id a row; None for a row that names nobody.
    """
    basic = [_basic(person) for person in people]
    sharing: dict[str, list[int]] = defaultdict(list)
    for index, found in enumerate(basic):
        if found is not None:
            sharing[found].append(index)
    ids = list(basic)
    where = rows.sheet.where
    for found, indices in sharing.items():
        if len(indices) > 1:
            marks = {index: _mark(people[index]) for index in indices}
            keeper = min(marks.values())
            for index, mark in marks.items():
                ids[index] = found if mark == keeper else f"{found}~{mark}"
            what = "with an id or address that several rows share; each is kept as a person"
            if len(set(marks.values())) < len(indices):
                what = "that stand in the list more than once; equal rows count as one person"
            notices.rows("duplicates", where, what, (rows.lines[i] for i in indices))
    nobody = [line for line, found in zip(rows.lines, basic, strict=True) if found is None]
    notices.rows("nobody", where, "without an id, e-mail, phone or person's name, left out", nobody)
    return ids


def _basic(person: Person) -> str | None:
    if person.id or person.email:
        return person.id or person.email
    name = folded(person.name)
    if not person.phone and (not name or any(map(str.isdigit, name))):
        return None  # nothing, or a line such as "60 customers"
    return f"p-{digest(name, person.phone)}"


def _mark(person: Person) -> str:
    more = (folded(text) for text in person.more)
    return digest(folded(person.name), person.email, person.phone, *more, size=6)


def spread(ids: Sequence[str | None]) -> Mapping[str, list[int]]:
    """Return the rows of each id, by their place in the list."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, found in enumerate(ids):
        if found is not None:
            places[found].append(index)
    return places
