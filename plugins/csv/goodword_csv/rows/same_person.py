"""A refusal is a person's, not a row's: who is asked not to be called in one row is not in another.

Lists hold people twice, under another spelling or with half of the data. One ask too few is a small
loss, so a likeness that would not do to join two rows is enough to keep a refusal.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from goodword_csv.rows.linking import full_names
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.typed_rows import TypedRows

Name = frozenset[str]
"""The words of a name, in no order."""

_NO_LETTER = re.compile(r"[\W\d_]+")
_NO_DIGIT = re.compile(r"[^0-9]+")
_TELLING = 7
"""Last digits of a number: the same with and without country code or region."""
_TOLD = "who seem to be somebody the list says to leave alone in another row (same name"
_TOLD += " at the same e-mail or phone, or the name and no address at all), not asked either"


def also_refused(rows: TypedRows, stops: Sequence[bool], notices: Notices) -> list[bool]:
    """Say of each row whether it is about somebody whom another row stops.

    Args:
        rows: The customer list.
        stops: Whether a row says that its person is not to be asked.
        notices: Hears which rows are stopped by another one alone.
    """
    if not any(stops):
        return [False] * len(stops)
    mails, phones = rows.emails(), [_digits(phone) for phone in rows.texts("phone")]
    names = full_names(rows)
    reached: dict[str, list[Name]] = defaultdict(list)
    unreachable: set[Name] = set()
    for index, stop in enumerate(stops):
        if stop:
            name = name_key(names[index])
            unreachable.add(name)
            for address in (*mails[index], phones[index]):
                if address:
                    reached[address].append(name)
    same = [
        any(
            alike(name_key(name), other)
            for address in (*mail, phone)
            for other in reached.get(address, ())
        )
        or (bool(name) and not mail and not phone and name_key(name) in unreachable)
        for mail, phone, name in zip(mails, phones, names, strict=True)
    ]
    found = [one and not stop for one, stop in zip(same, stops, strict=True)]
    lines = [line for line, one in zip(rows.lines, found, strict=True) if one]
    notices.rows("also_refused", rows.sheet.where, _TOLD, lines)
    return found


def alike(one: Name, other: Name) -> bool:
    """Say whether two names at one address are one person's: *Dan Hill* is *HILL, Daniel*.

    Of two people who share a mailbox each refuses alone; where a name is missing nobody can tell.
    """
    fewer, more = sorted((one, other), key=len)
    return all(any(_begins(word, each) for each in more) for word in fewer)


def _begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def name_key(name: str | None) -> Name:
    """Return the words of a name, in no order, without accents or case."""
    if not name:
        return frozenset()
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return frozenset(word for word in _NO_LETTER.split(plain) if word)


def _digits(phone: str | None) -> str:
    return _NO_DIGIT.sub("", phone or "")[-_TELLING:]
