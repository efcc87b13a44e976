"""Record ids: three characters for the object, twelve for the record, three to check the case."""

from __future__ import annotations

import re

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
POD = "5g"
SHORT = 15
_ID = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")


def check_suffix(short: str) -> str:
    """Return the three characters that make the 15-character id *short* safe in any case.

    Each stands for five characters: which of them are capitals, the first counting least.
    """
    found = ""
    for start in range(0, SHORT, 5):
        part = short[start : start + 5]
        found += CHECKS[sum(1 << place for place, letter in enumerate(part) if letter.isupper())]
    return found


def numbered(prefix: str, number: int) -> str:
    """Return the 18-character id of the record *number* of the object with *prefix*."""
    tail = ""
    while number:
        number, digit = divmod(number, len(ALPHABET))
        tail = ALPHABET[digit] + tail
    short = prefix + POD + tail.rjust(SHORT - len(prefix) - len(POD), "0")
    return short + check_suffix(short)


def full_id(text: str) -> str:
    """Return *text* as an 18-character id; empty when it is no id, or its suffix is wrong."""
    if not _ID.fullmatch(text):
        return ""
    short = text[:SHORT]
    right = short + check_suffix(short)
    return right if text in {short, right} else ""
