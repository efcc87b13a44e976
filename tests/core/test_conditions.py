"""Conditions as text: what an admin may write, and everything else refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.conditions import MAX_LENGTH, parse
from goodword.errors import RuleError
from goodword.expressions import reads, text_of


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("tickets_open > 0", "(tickets_open > 0)"),
        ("nps_last >= 9 and tickets_open == 0", "((nps_last >= 9) and (tickets_open == 0))"),
        ("a or b or not c", "((a or b) or (not c))"),
        ("0 < nps_last <= 6", "((0 < nps_last) and (nps_last <= 6))"),
        ("asked_last_at is None", "(asked_last_at is None)"),
        ("asked_last_at is not None", "(asked_last_at is not None)"),
        ("tier in ('gold', 'silver')", "(tier in ('gold', 'silver',))"),
        ("60 if extra.tier == 'gold' else 90", "(60 if (extra.tier == 'gold') else 90)"),
        ("days_since(asked_last_at) * 2 - 1", "((days_since(asked_last_at) * 2) - 1)"),
        ("doublings(p_refer) - 632", "(doublings(p_refer) - 632)"),
        ("balance < -1", "(balance < -1)"),
        ("  do_not_ask\n", "do_not_ask"),
    ],
)
def test_what_an_admin_writes_becomes_a_condition(written: str, read: str) -> None:
    assert text_of(parse(written)) == read


@pytest.mark.parametrize(("value", "read"), [(60, "60"), (True, "True")])
def test_a_bare_number_or_boolean_stands_for_itself(value: int | bool, read: str) -> None:
    assert text_of(parse(value)) == read


@pytest.mark.parametrize(
    "written",
    [
        "__import__('os').system('id')",
        "open('x')",
        "contact.name",
        "extra.tier.upper()",
        "[n for n in (1, 2)]",
        "lambda: 1",
        "f'{name}'",
        "a ** 2",
        "a / 2",
        "1.5 > a",
        "a is b",
        "a in b",
        "a in ()",
        "a in (b, 1)",
        "days_since(a, b)",
        "days_since(moment=a)",
        "a := 1",
        "b'a' == a",
        "None == a",
        "-a > 1",
    ],
)
def test_anything_that_is_no_plain_condition_is_refused(written: str) -> None:
    with pytest.raises(RuleError):
        parse(written)


@pytest.mark.parametrize("written", ["", "a >", "a = 1", "a; b", "\0", "if a: b"])
def test_an_unreadable_condition_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(RuleError, match="Write it like"):
        parse(written)


def test_a_very_long_condition_is_refused_before_it_is_read() -> None:
    with pytest.raises(RuleError, match="Split it"):
        parse("a and " * MAX_LENGTH + "a")


def test_a_deeply_nested_condition_is_refused() -> None:
    with pytest.raises(RuleError):
        parse("(" * 900 + "a" + ")" * 900)


@given(st.text(max_size=60))
def test_no_text_does_anything_but_parse_or_be_refused(written: str) -> None:
    with contextlib.suppress(RuleError):
        assert reads(parse(written)) is not None
