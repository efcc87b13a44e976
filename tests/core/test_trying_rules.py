"""Trying rules on a few rows, as the author of a plugin does."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import Fact, RuleError, Suppressor, Trigger, UsageError, last
from goodword.testing import decide, fact_types_in, facts_in, rulebook
from goodword.testing.strategies import fact_rows, suppressors, triggers

TODAY = date(2026, 11, 20)
BUILD = last("feedback", by="at", take={"csat": "score"})


def test_types_are_read_off_the_rows() -> None:
    rows: list[dict[str, object]] = [
        {"contact_id": "c1", "a": None, "b": True, "c": 3},
        {"a": "text", "d": date(2026, 1, 1), "e": datetime(2026, 1, 1, 9)},
    ]
    assert fact_types_in(rows) == {"a": "text", "b": "bool", "c": "int", "d": "time", "e": "time"}


def test_a_fact_of_the_plugin_declares_its_own_type() -> None:
    facts = [Fact("csat", "int", "Latest satisfaction.", BUILD, ("feedback",))]
    c = facts_in([{"csat": None}], facts)
    assert str(c.csat >= 5) == "(csat >= 5)"


def test_a_fact_left_out_of_a_row_is_filled_as_it_declares() -> None:
    fact = Fact("tickets", "int", "Tickets.", BUILD, ("tickets",), fill=0)
    rows = [{"at": TODAY, "id": "x"}, {"at": TODAY, "id": "y", "tickets": 2}]
    c = facts_in(rows, [fact])
    rules = [
        fact,
        Trigger("any", since=c.at, record=c.id, because="now"),
        Suppressor("quiet", when=c.tickets < 1, because="{tickets} tickets"),
    ]
    first, second = decide(rules, rows, TODAY)
    assert (first["contact_id"], first["because"]) == ("contact 1", "0 tickets")
    assert second["verdict"] == "ask"


def test_values_that_are_no_facts_are_refused() -> None:
    with pytest.raises(UsageError, match="'amount' holds a value of type float"):
        fact_types_in([{"amount": 12.5}])
    with pytest.raises(UsageError, match="'amount' holds values of type int and text"):
        fact_types_in([{"amount": 12}, {"amount": "12"}])


def test_a_misspelt_fact_is_refused_like_in_a_firm() -> None:
    with pytest.raises(RuleError, match="Did you mean 'tickets_open'"):
        _ = facts_in([{"tickets_open": 1}]).ticket_open


def test_the_rulebook_names_the_plugin() -> None:
    c = facts_in([{"tickets": 1}])
    rule = Suppressor("busy", when=c.tickets + 1, because="busy")
    with pytest.raises(RuleError, match="Plugin 'mine', suppressor 'busy': its when is int"):
        rulebook([rule], {"tickets": "int"}, plugin="mine")


@given(st.data())
def test_generated_rules_fit_generated_facts(data: st.DataObject) -> None:
    types = fact_types_in([{"n": 1, "t": "a", "at": TODAY, "yes": True}])
    held = data.draw(suppressors(types))
    moment = data.draw(triggers(types, (held.name,)))
    row = data.draw(fact_rows(types, TODAY))
    assert row.keys() == types.keys()
    assert rulebook([held, moment], types).triggers == (moment,)
