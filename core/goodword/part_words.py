"""Columns of closed words: what a connector delivers there is looked at a column at a time.

A word nobody reads would count as nothing at all: a consent of "NO" would forbid nothing. So a page
with one is refused whole, as one with a value of a wrong type is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from goodword.errors import RecordError
from goodword.tables import WORDS

FIRST = 3
"""Rows named where words are wrong."""


def require_known_words(table: str, columns: Mapping[str, Sequence[object]]) -> None:
    """Refuse a page of *table* that holds a word its column does not have.

    Args:
        table: Name of the table.
        columns: The values of its columns, as a connector delivered them: texts or nothing.

    Raises:
        RecordError: A word is unknown; it says how many there are, and in which rows the first.
    """
    for name, words in WORDS.get(table, {}).items():
        values = columns.get(name, ())
        odd = set(values) - words - {None}
        if odd:
            rows = [number for number, value in enumerate(values, 1) if value in odd]
            first = f"row {', '.join(map(str, rows[:FIRST]))}{', …' if rows[FIRST:] else ''}"
            msg = f"Column {name!r} of {table} has a word that goodword does not know:"
            msg += f" {len(rows):,} of the {len(values):,} rows of a page, first in {first}."
            known = ", ".join(sorted(words))
            raise RecordError(msg, hint=f"The connector must deliver one of {known}, or nothing.")
