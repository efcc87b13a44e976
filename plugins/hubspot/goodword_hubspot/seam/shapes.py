"""The plain shapes answers are made of, checked: an answer that lacks its part is none.

Each raises ``TypeError``, ``ValueError`` or ``KeyError``; ``Reply.read`` makes an error of ours of
them, so that a stranger's JSON is never taken for an empty portal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_ID = re.compile(r"[0-9]{1,18}")


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
