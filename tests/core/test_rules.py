"""What rules say of themselves: facts they read, text they are hashed by."""

from __future__ import annotations

from datetime import date

import pytest

from goodword.expressions import Facts
from goodword.rules import (
    Fact,
    Play,
    Suppressor,
    Trigger,
    Weight,
    canonical_text,
    expressions_of,
    facts_read,
    fields_of,
)
from goodword.tables import ColumnType, Frame

TYPES: dict[str, ColumnType] = {
    "nps_last": "int",
    "nps_last_at": "time",
    "nps_last_id": "text",
    "tickets_open": "int",
}


@pytest.fixture
def c() -> Facts:
    return Facts(TYPES)


def promoter(c: Facts, points: int = 30) -> Trigger:
    return Trigger(
        "promoter",
        when=c.nps_last >= 9,
        since=c.nps_last_at,
        record=c.nps_last_id,
        points=points,
        because="rated us {nps_last} of 10",
    )


def happened(tables: object, as_of: date) -> Frame:
    raise AssertionError


def test_a_sentence_names_its_facts_in_order() -> None:
    assert fields_of("{nps_last} on {nps_last_at}, {{not a fact}}") == ("nps_last", "nps_last_at")


def test_a_rule_reads_what_its_conditions_and_its_sentence_name(c: Facts) -> None:
    rule = Suppressor("open_ticket", because="{nps_last}", when=c.tickets_open > 0)

    assert facts_read(rule) == {"tickets_open", "nps_last"}
    assert facts_read(promoter(c)) == {"nps_last", "nps_last_at", "nps_last_id"}


def test_the_sentence_of_a_play_of_events_may_name_columns_of_the_event(c: Facts) -> None:
    play = Play("fast_lane", doc="", when=c.tickets_open == 0, events=happened, because="{at}")

    assert facts_read(play) == {"tickets_open"}


def test_only_conditions_count_as_expressions(c: Facts) -> None:
    rest = Suppressor("rest", because="", since=c.nps_last_at, days=30)

    assert list(expressions_of(rest)) == ["since"]


def test_two_equal_rules_have_one_text(c: Facts) -> None:
    assert canonical_text(promoter(c)) == canonical_text(promoter(Facts(TYPES)))


def test_every_change_of_a_rule_changes_its_text(c: Facts) -> None:
    texts = {
        canonical_text(promoter(c)),
        canonical_text(promoter(c, points=31)),
        canonical_text(Weight("likely", points=c.nps_last, because="")),
        canonical_text(Weight("likely", points=c.nps_last + 1, because="")),
    }

    assert len(texts) == 4


def test_a_fact_is_known_by_the_name_of_its_build() -> None:
    fact = Fact("gifts", "int", "Gifts so far.", happened)

    assert "happened" in canonical_text(fact)
    assert "0x" not in canonical_text(fact)
