"""Sentences for reps: ``{fact}`` in a rule's text filled from the facts, on any engine.

Dates are written as 2026-11-20, money facts as they are (cents never stand in a sentence of the
defaults), an unknown value as "unknown". A sentence never holds an age, so it does not change
from one day to the next.
"""

from __future__ import annotations

import string
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from goodword.expressions import fact, type_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import narwhals.stable.v2 as nw

    from goodword.tables import ColumnType


def sentences(
    texts: Mapping[int, str], number: nw.Expr, types: Mapping[str, ColumnType]
) -> nw.Expr:
    """Return the one of *texts* that *number* names, filled; null where it names none.

    Its facts are picked before they are written: a date costs more to write than to pick, and of
    all texts a contact has one.

    Args:
        texts: Sentences with fact names in braces, by their number.
        number: Which of them a row gets.
        types: Every fact a sentence may name.

    Raises:
        RuleError: A sentence names an unknown fact.
    """
    import narwhals.stable.v2 as nw

    if not texts:
        return nw.lit(None, dtype=nw.String)
    parsed = {n: [*string.Formatter().parse(text)] for n, text in texts.items()}
    parts: list[nw.Expr] = []
    for place in range(max(map(len, parsed.values()))):
        here = {n: found[place] for n, found in parsed.items() if place < len(found)}
        plain = {n: nw.lit(part[0]) for n, part in here.items() if part[0]}
        if plain:
            parts.append(_picked(number, plain, nw.String).fill_null(""))
        named = {n: part[1] for n, part in here.items() if part[1]}
        if named:
            told = _written(number, named, types).fill_null("unknown")
            parts.append(nw.when(number.is_in([*named])).then(told).otherwise(nw.lit("")))
    said = nw.concat_str(*parts) if parts else nw.lit("")
    return nw.when(number.is_in([*texts])).then(said)


def _written(number: nw.Expr, named: Mapping[int, str], types: Mapping[str, ColumnType]) -> nw.Expr:
    """Return the fact that *number* names, as text."""
    import narwhals.stable.v2 as nw

    alike: dict[ColumnType, dict[int, nw.Expr]] = defaultdict(dict)
    for n, name in named.items():
        alike[type_of(fact(name), types)][n] = nw.col(name)
    dtypes = {"time": nw.Datetime("us"), "int": nw.Int64, "bool": nw.Boolean, "text": nw.String}
    found = {kind: _picked(number, facts, dtypes[kind]) for kind, facts in alike.items()}
    texts = [
        value.dt.to_string("%Y-%m-%d") if kind == "time" else value.cast(nw.String)
        for kind, value in found.items()
    ]
    return nw.coalesce(*texts) if len(texts) > 1 else texts[0]


def _picked(number: nw.Expr, values: Mapping[int, nw.Expr], dtype: Any) -> nw.Expr:
    import narwhals.stable.v2 as nw

    result: nw.Expr = nw.lit(None, dtype=dtype)
    for n, value in values.items():
        result = nw.when(number == nw.lit(n)).then(value).otherwise(result)
    return result
