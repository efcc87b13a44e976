"""Columns of closed words: what a connector delivers there is looked at by expressions.

A word nobody reads would count as nothing at all: a consent of "NO" would forbid nothing. So a page
with one is refused whole, as one with a value of a wrong type is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword.errors import RecordError
from goodword.tables import WORDS, Frame

if TYPE_CHECKING:
    from goodword.engines import Engine

FIRST = 3
"""Rows named where words are wrong."""


def require_known_words(table: str, page: Frame, engine: Engine) -> None:
    """Refuse a page of *table* that holds a word its column does not have.

    Args:
        table: Name of the table.
        page: Some of its rows, as a connector delivered them.
        engine: Where they are looked at.

    Raises:
        RecordError: A word is unknown; it says how many there are, and in which rows the first.
    """
    import narwhals.stable.v2 as nw

    words = WORDS.get(table, {})
    if not words:
        return
    odd = [(~nw.col(n).is_null() & ~nw.col(n).is_in(list(w))).alias(n) for n, w in words.items()]
    counts = engine.collect(
        page.select(odd).select(nw.col(name).cast(nw.Int64).sum() for name in words)
    ).row(0)
    wrong = next((name for name, count in zip(words, counts, strict=True) if count), None)
    if wrong is None:
        return
    flags = engine.collect(page.select(odd))[wrong].to_list()
    rows = [number for number, is_odd in enumerate(flags, 1) if is_odd]
    first = f"row {', '.join(map(str, rows[:FIRST]))}{', …' if rows[FIRST:] else ''}"
    msg = f"Column {wrong!r} of {table} has a word that goodword does not know: {len(rows):,} of"
    msg += f" the {len(flags):,} rows of a page, first in {first}."
    known = ", ".join(sorted(words[wrong]))
    raise RecordError(msg, hint=f"The connector must deliver one of {known}, or nothing.")
