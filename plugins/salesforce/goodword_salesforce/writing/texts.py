"""Texts as fields of Salesforce take them: no control characters, and no longer than they hold."""

from __future__ import annotations

import unicodedata

SUBJECT, LINE, DESCRIPTION = 255, 255, 32_000
"""Most characters of a task's subject, of a text field of ours, and of a description."""
_CUT = "…"


def one_line(text: str, most: int) -> str:
    """Return a text as one line that fits."""
    return fitting(" ".join(_clean(text).split()), most)


def paragraphs(text: str, most: int, ending: str = "") -> str:
    """Return a text with its line breaks that fits, followed by an ending that is never cut."""
    return fitting(_clean(text).strip(), most - length(ending)) + ending


def fitting(text: str, most: int) -> str:
    """Return a text of at most so many characters; a longer one ends with an ellipsis."""
    if length(text) <= most:
        return text
    kept, room = [], most - length(_CUT)
    for sign in text:
        room -= length(sign)
        if room < 0:
            break
        kept.append(sign)
    return "".join(kept).rstrip() + _CUT


def length(text: str) -> int:
    """Return how many characters Salesforce may count: an emoji is two."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def _clean(text: str) -> str:
    """Return a text without what no field keeps: control characters and halves of an emoji."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}
    )
