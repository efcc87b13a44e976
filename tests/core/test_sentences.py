"""Sentences for reps, filled from the facts."""

from __future__ import annotations

from datetime import datetime

import narwhals.stable.v2 as nw
import pytest

from goodword import RuleError
from goodword.engines.polars_engine import PolarsEngine
from goodword.sentences import sentences
from goodword.tables import ColumnType

TYPES: dict[str, ColumnType] = {
    "score": "int",
    "at": "time",
    "city": "text",
    "vip": "bool",
    "extra.tier": "text",
}
KNOWN = {
    "score": 9,
    "at": datetime(2026, 11, 18, 16, 45),
    "city": "Ghent",
    "vip": True,
    "extra.tier": "gold",
}


def written(text: str, **changes: object) -> str:
    engine = PolarsEngine()
    rows = engine.rows([KNOWN | changes], TYPES).with_columns(nw.lit(0).alias("number"))
    column = sentences({0: text}, nw.col("number"), TYPES).alias("text")
    return str(engine.collect(rows.select(column))["text"][0])


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("rated us {score}/10", "rated us 9/10"),
        ("asked on {at}", "asked on 2026-11-18"),
        ("{city}", "Ghent"),
        ("in {city}, {score} times", "in Ghent, 9 times"),
        ("tier {extra.tier}", "tier gold"),
        ("vip: {vip}", "vip: true"),
        ("nothing to fill in", "nothing to fill in"),
        ("a {{brace}} stays", "a {brace} stays"),
        ("", ""),
    ],
)
def test_facts_are_filled_in(text: str, result: str) -> None:
    assert written(text) == result


@pytest.mark.parametrize("name", ["score", "at", "city", "vip", "extra.tier"])
def test_an_unknown_value_reads_unknown(name: str) -> None:
    assert written(f"it is {{{name}}}.", **{name: None}) == "it is unknown."


def test_a_sentence_about_an_unknown_fact_is_refused() -> None:
    with pytest.raises(RuleError, match="Unknown fact 'town'"):
        written("in {town}")


def test_each_contact_gets_its_own_sentence() -> None:
    engine = PolarsEngine()
    numbers = {**TYPES, "number": "int"}
    people = [(0, "Ghent"), (0, None), (1, "Bruges"), (2, "Ostend"), (None, "Liege"), (3, "Ypres")]
    rows = engine.rows([KNOWN | {"number": n, "city": city} for n, city in people], numbers)
    texts = {0: "from {city}", 1: "{score} of 10 from {city} on {at}", 2: "at last"}
    column = sentences(texts, nw.col("number"), TYPES).alias("text")
    found = engine.collect(rows.with_columns(column))["text"].to_list()
    told = "9 of 10 from Bruges on 2026-11-18"
    assert found == ["from Ghent", "from unknown", told, "at last", None, None]
