"""Sentences for reps: ``{fact}`` in a rule's text filled from the facts, on any engine.

Dates are written as 2026-11-20, money facts as they are (cents never stand in a sentence of the
defaults), an unknown value as "unknown". A sentence never holds an age, so it does not change
from one day to the next.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from goodword.expressions import fact, type_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import narwhals.stable.v2 as nw

    from goodword.tables import ColumnType


def sentence(text: str, types: Mapping[str, ColumnType], as_of: date) -> nw.Expr:
    """Return *text* as an expression over the facts frame.

    Args:
        text: Sentence with fact names in braces.
        types: Every fact a sentence may name.
        as_of: Day of the run; a time on that day is written like any other.

    Raises:
        RuleError: The sentence names an unknown fact.
    """
    import narwhals.stable.v2 as nw

    parts: list[nw.Expr] = []
    for plain, name, _, _ in string.Formatter().parse(text):
        if plain:
            parts.append(nw.lit(plain))
        if name:
            kind = type_of(fact(name), types)
            column = nw.col(name)
            written = column.dt.to_string("%Y-%m-%d") if kind == "time" else column.cast(nw.String)
            parts.append(written.fill_null("unknown"))
    return nw.concat_str(*parts) if parts else nw.lit("")
