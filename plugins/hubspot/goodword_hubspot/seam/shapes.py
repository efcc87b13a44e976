"""The plain shapes answers are made of, checked: an answer that lacks its part is none.

Each raises ``TypeError``, ``ValueError`` or ``KeyError``; ``Reply.read`` makes an error of ours of
them, so that a stranger's JSON is never taken for an empty portal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from goodword_hubspot.seam.failures import endless

_ID = re.compile(r"[0-9]{1,18}")
EMPTY = 100
"""Pages without any record, one after the other, after which a list counts as endless."""


def rows(data: Mapping[str, Any], name: str = "results") -> list[Any]:
    """Return the list of that name; it must be there, though it may be empty."""
    found = data[name]
    if not isinstance(found, list):
        msg = f"{name} is no list"
        raise TypeError(msg)
    return found


def id_of(value: object) -> str:
    """Return HubSpot's number of a record, an owner or a portal, as text."""
    text = str(value) if isinstance(value, str | int) else ""
    if not _ID.fullmatch(text):
        msg = "no number"
        raise ValueError(msg)
    return text


def name_of(value: object) -> str:
    """Return the name of a property or a group."""
    if not isinstance(value, str) or not value:
        msg = "no name"
        raise TypeError(msg)
    return value


def after_in(data: Mapping[str, Any]) -> str:
    """Return where the next page begins; empty on the last one."""
    return str(((data.get("paging") or {}).get("next") or {}).get("after") or "")


class Trail:
    """The way through the pages of one list: it must come to an end.

    Args:
        what: The list, as the error names it.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._seen: set[str] = set()
        self._empty = 0

    def go(self, after: str, records: int) -> str:
        """Return *after*, where the next page begins, if it is a new one.

        Args:
            after: What the page named; empty at the end.
            records: How many records the page had.

        Raises:
            ConnectorError: It was named before, or nothing comes any more.
        """
        self._empty = 0 if records else self._empty + 1
        if after and (after in self._seen or self._empty > EMPTY):
            raise endless(self._what)
        self._seen.add(after)
        return after
