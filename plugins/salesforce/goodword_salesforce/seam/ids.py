"""Record ids: the 15 characters of reports and addresses, and the 18 that every call answers."""

from __future__ import annotations

import re
from typing import Any

_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-5]{3})?")
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_PART = 5


def as_id(text: str) -> str | None:
    """Return an id with its 18 characters, or None where *text* is no id.

    The last three say which of the first fifteen are capitals, so an id of 18 characters that a
    spreadsheet wrote in small letters is put right.
    """
    given = text.strip()
    if not _ID.fullmatch(given):
        return None
    if len(given) == 15:
        return given + _suffix(given)
    capitals = [
        bool(_SUFFIX.index(sign) >> place & 1)
        for sign in given[15:].upper()
        for place in range(_PART)
    ]
    body = "".join(
        sign.upper() if capital else sign.lower()
        for sign, capital in zip(given[:15], capitals, strict=True)
    )
    return body + given[15:].upper() if _suffix(body) == given[15:].upper() else None


def id_in(value: object) -> str:
    """Return an id of an answer with its 18 characters.

    Raises:
        ValueError: It is none.
    """
    found = as_id(value) if isinstance(value, str) else None
    if found is None:
        msg = "no id"
        raise ValueError(msg)
    return found


def text_in(value: object) -> str:
    """Return a text of an answer that may not be empty.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(value, str) or not value:
        msg = "no text"
        raise ValueError(msg)
    return value


def each_of(value: object) -> list[Any]:
    """Return a list of an answer (Any: Salesforce's own shapes); it may be empty.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(value, list):
        msg = "no list"
        raise TypeError(msg)
    return value


def same_record(one: str, other: str) -> bool:
    """Say whether two ids, of 15 or 18 characters, are of one record."""
    first, second = as_id(one), as_id(other)
    return first is not None and first == second


def _suffix(body: str) -> str:
    parts = (body[start : start + _PART] for start in range(0, 15, _PART))
    return "".join(
        _SUFFIX[sum(1 << place for place, sign in enumerate(part) if "A" <= sign <= "Z")]
        for part in parts
    )
