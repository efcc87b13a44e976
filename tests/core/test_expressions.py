"""Conditions as trees: types, text and the same answer on every engine."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.conditions import parse
from goodword.errors import RuleError
from goodword.expressions import Expr, Facts, compile_expr, fact, literal, reads, text_of, type_of
from goodword.tables import ColumnType

TYPES: dict[str, ColumnType] = {
    "nps_last": "int",
    "tickets_open": "int",
    "nps_last_at": "time",
    "segment": "text",
    "do_not_ask": "bool",
    "extra.tier": "text",
}
TODAY = date(2026, 11, 20)


@pytest.fixture
def c() -> Facts:
    return Facts(TYPES)


def value(expr: Expr, **row: Any) -> object:
    """The value of *expr* for one contact, computed by the default engine."""
    schema = {
        "nps_last": pl.Int64,
        "tickets_open": pl.Int64,
        "nps_last_at": pl.Datetime("us"),
        "segment": pl.String,
        "do_not_ask": pl.Boolean,
        "extra.tier": pl.String,
    }
    frame = nw.from_native(pl.DataFrame([row], schema=schema).lazy())
    return frame.select(compile_expr(expr, TODAY).alias("it")).collect()["it"].to_list()[0]


def test_a_comparison_reads_its_fact(c: Facts) -> None:
    rule = c.nps_last >= 9

    assert reads(rule) == {"nps_last"}
    assert text_of(rule) == "(nps_last >= 9)"
    assert value(rule, nps_last=9) is True
    assert value(rule, nps_last=8) is False


def test_conditions_are_combined_with_and_or_not(c: Facts) -> None:
    rule = (c.nps_last >= 9) & ~(c.tickets_open > 0) | c.do_not_ask

    assert reads(rule) == {"nps_last", "tickets_open", "do_not_ask"}
    assert value(rule, nps_last=9, tickets_open=0, do_not_ask=False) is True
    assert value(rule, nps_last=9, tickets_open=1, do_not_ask=False) is False


def test_a_custom_column_is_reached_through_extra(c: Facts) -> None:
    assert value(c.extra.tier == "gold", **{"extra.tier": "gold"}) is True


@pytest.mark.parametrize(
    ("number", "hundredths"), [(1, 0), (2, 100), (8, 300), (80, 632), (100, 664), (0, 0), (-5, 0)]
)
def test_doublings_make_points_that_multiply(c: Facts, number: int, hundredths: int) -> None:
    assert value(c.doublings(c.nps_last), nps_last=number) == hundredths


def test_what_is_unknown_does_not_double(c: Facts) -> None:
    assert value(c.doublings(c.nps_last), nps_last=None) is None


@pytest.mark.promise("time.days")
def test_days_since_counts_calendar_days(c: Facts) -> None:
    late_on_the_day_before = datetime(2026, 11, 19, 23, 59)

    assert value(c.days_since(c.nps_last_at), nps_last_at=late_on_the_day_before) == 1
    assert value(c.days_since(c.nps_last_at), nps_last_at=datetime(2026, 11, 20, 18)) == 0


def test_a_value_can_depend_on_a_condition(c: Facts) -> None:
    days = c.when(c.extra.tier == "gold", 60, otherwise=90)

    assert value(days, **{"extra.tier": "gold"}) == 60
    assert value(days, **{"extra.tier": None}) == 90


def test_arithmetic_stays_in_whole_numbers(c: Facts) -> None:
    assert value(c.nps_last * -3 + c.tickets_open - 1, nps_last=2, tickets_open=4) == -3


def test_a_plain_number_may_stand_on_the_left_of_arithmetic(c: Facts) -> None:
    rule = 100 - 2 * (1 + c.nps_last)
    assert value(rule, nps_last=9) == 80
    assert text_of(parse(text_of(rule))) == text_of(rule)


def test_forgotten_brackets_are_refused_with_what_to_write(c: Facts) -> None:
    with pytest.raises(RuleError, match=r"\(c\.a > 3\) & \(c\.b > 1\)"):
        _ = c.nps_last > 3 & c.tickets_open > 1
    with pytest.raises(RuleError, match=r"\(c\.a > 3\) \| \(c\.b > 1\)"):
        _ = c.nps_last > 3 | c.tickets_open > 1


def test_membership_of_a_single_text_is_refused(c: Facts) -> None:
    with pytest.raises(RuleError, match=r"Write \.is_in\(\['Leith'\]\)"):
        c.segment.is_in("Leith")


def test_null_and_membership_are_asked_by_name(c: Facts) -> None:
    assert value(c.segment.is_null(), segment=None) is True
    assert value(c.segment.is_known(), segment="Champion") is True
    assert value(c.segment.is_in(["Champion", "Advocate"]), segment="Advocate") is True


def test_a_misspelt_fact_is_refused_with_the_nearest_name(c: Facts) -> None:
    with pytest.raises(RuleError, match="Did you mean 'tickets_open'"):
        _ = c.ticket_open


def test_python_and_on_conditions_is_refused_with_the_sign_to_write(c: Facts) -> None:
    with pytest.raises(RuleError, match="Write & for and"):
        _ = (c.nps_last >= 9) and (c.tickets_open == 0)


@pytest.mark.parametrize("other", [None, 1.5, date(2026, 1, 1)])
def test_comparing_with_anything_but_text_number_or_boolean_is_refused(
    c: Facts, other: object
) -> None:
    with pytest.raises(RuleError):
        _ = c.nps_last == other


@pytest.mark.parametrize(
    "write",
    [
        lambda c: c.nps_last == "nine",
        lambda c: c.segment + 1,
        lambda c: c.do_not_ask > c.do_not_ask,
        lambda c: ~c.nps_last,
        lambda c: c.nps_last & c.do_not_ask,
        lambda c: c.when(c.nps_last, 1, otherwise=2),
        lambda c: c.when(c.do_not_ask, 1, otherwise="two"),
        lambda c: c.days_since(c.nps_last),
        lambda c: c.doublings(c.nps_last_at),
        lambda c: c.nps_last_at == c.nps_last,
    ],
)
def test_values_of_different_types_are_never_mixed(c: Facts, write: Any) -> None:
    with pytest.raises(RuleError, match="does not work on"):
        type_of(write(c), TYPES)


def test_a_fact_that_disappeared_is_named_when_types_are_checked() -> None:
    with pytest.raises(RuleError, match="Unknown fact 'gone'"):
        type_of(fact("gone") > 1, TYPES)


def test_every_kind_of_condition_has_a_type(c: Facts) -> None:
    assert type_of(c.nps_last + 1, TYPES) == "int"
    assert type_of(c.segment.is_in(["a"]) | c.segment.is_null(), TYPES) == "bool"
    assert type_of(c.when(c.do_not_ask, "a", otherwise=c.segment), TYPES) == "text"
    assert type_of(c.days_since(c.nps_last_at), TYPES) == "int"
    assert type_of(c.doublings(c.nps_last), TYPES) == "int"


numbers = st.recursive(
    st.one_of(
        st.integers(-99, 99).map(literal), st.sampled_from(["nps_last", "tickets_open"]).map(fact)
    ),
    lambda inner: st.builds(
        lambda op, a, b: Expr(op, (a, b)), st.sampled_from(["add", "sub", "mul"]), inner, inner
    ),
    max_leaves=4,
)
yes_or_no = st.recursive(
    st.one_of(
        st.builds(
            lambda op, a, b: Expr(op, (a, b)),
            st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]),
            numbers,
            numbers,
        ),
        st.builds(lambda words: fact("segment").is_in(words), st.lists(st.text(), min_size=1)),
        st.sampled_from(["nps_last_at", "segment"]).map(lambda name: fact(name).is_known()),
        st.just(fact("do_not_ask")),
    ),
    lambda inner: st.one_of(
        st.builds(lambda a, b: a & b, inner, inner),
        st.builds(lambda a, b: a | b, inner, inner),
        inner.map(lambda a: ~a),
    ),
    max_leaves=6,
)


@given(yes_or_no)
def test_text_of_a_condition_reads_back_to_the_same_condition(rule: Expr) -> None:
    assert text_of(parse(text_of(rule))) == text_of(rule)
    assert type_of(parse(text_of(rule)), TYPES) == "bool"


def test_a_column_of_the_firms_own_that_is_not_declared_says_where_to_declare_it() -> None:
    with pytest.raises(RuleError) as caught:
        Facts({"detractor_id": "text", "extra.branch": "text"})["extra.tier"]
    assert "Unknown fact 'extra.tier'" in caught.value.message
    assert caught.value.hint.startswith("Declare it under [extra] in goodword.toml: tier =")
    with pytest.raises(RuleError, match=r"Did you mean 'extra\.tier'"):
        Facts({"detractor_id": "text", "extra.tier": "text"})["extra.teir"]
