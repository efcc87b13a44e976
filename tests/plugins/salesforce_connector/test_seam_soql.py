"""Queries as they are written: names that are names, values that stay values."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword_salesforce.seam.soql import (
    Term,
    all_of,
    any_of,
    compare,
    equal,
    filled,
    literal,
    none_of,
    one_of,
    select,
    within,
)

UNQUOTED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def meant(text: str) -> str:
    """Return what Salesforce reads in a quoted text."""
    assert text[0] == text[-1] == "'"
    body = text[1:-1]
    assert not re.search(r"(?<!\\)(?:\\\\)*'", body)
    return re.sub(r"\\(.)", lambda sign: UNQUOTED.get(sign[1], sign[1]), body)


def test_a_query_is_written_in_the_order_of_its_parts() -> None:
    query = (
        select("Contact", "Id", "Account.Name", "Id")
        .where(equal("IsDeleted", False), filled("Email"))
        .order_by("-SystemModstamp", "Id")
        .limit(10)
    )
    assert query.text == (
        "SELECT Id, Account.Name FROM Contact WHERE IsDeleted = false AND Email != null "
        "ORDER BY SystemModstamp DESC, Id LIMIT 10"
    )


def test_a_sum_by_contact_is_paged_by_its_key() -> None:
    query = (
        select(
            "OpportunityContactRole",
            "ContactId",
            Term("SUM", "Opportunity.Amount", "won"),
            Term("COUNT_DISTINCT", "Opportunity.CloseDate", "days"),
        )
        .where(equal("Opportunity.IsWon", True))
        .group_by("ContactId")
    )
    first, second = query.keyset("ContactId"), query.keyset("ContactId", "003A", "003Z")
    assert first.text == (
        "SELECT ContactId, SUM(Opportunity.Amount) won, COUNT_DISTINCT(Opportunity.CloseDate) days "
        "FROM OpportunityContactRole WHERE Opportunity.IsWon = true GROUP BY ContactId "
        "ORDER BY ContactId LIMIT 2000"
    )
    assert "AND ContactId > '003A' AND ContactId <= '003Z' GROUP BY" in second.text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.50"), "-0.50"),
        (date(2026, 11, 22), "2026-11-22"),
        (datetime(2026, 11, 22, 9, 30, 5, 999), "2026-11-22T09:30:05Z"),
        (datetime(2026, 11, 22, tzinfo=UTC), "2026-11-22T00:00:00Z"),
        (datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2025-12-31T22:00:00Z"),
        ("O'Neil", r"'O\'Neil'"),
        ("a\\", r"'a\\'"),
        ('say "hi"', r"'say \"hi\"'"),
        ("two\nlines\r\ttab", r"'two\nlines\r\ttab'"),
        ("Zoë 🎉", "'Zoë 🎉'"),
        ("' OR Id != '", r"'\' OR Id != \''"),
        ("half \ud83c of one", "'half ? of one'"),
    ],
)
def test_a_value_is_written_by_its_type(value: object, written: str) -> None:
    assert literal(value) == written  # type: ignore[arg-type]  # one table for all types


@pytest.mark.promise("salesforce.any-text")
@given(st.text(max_size=60))
def test_every_text_arrives_as_it_was(text: str) -> None:
    sent = text.encode("utf-8", "replace").decode()
    assert meant(literal(text)) == sent


@given(st.lists(st.text(max_size=10), min_size=1, max_size=5))
def test_a_list_of_texts_never_ends_its_list(values: list[str]) -> None:
    text = one_of("Email", values).text
    bare = re.sub(r"'(?:[^'\\]|\\.)*'", "?", text)
    assert re.fullmatch(r"Email IN \(\?(?:, \?)*\)", bare)


def test_a_value_named_twice_is_asked_for_once() -> None:
    assert one_of("Id", ["a", "b", "a"]).text == "Id IN ('a', 'b')"
    assert none_of("Id", ["a"]).text == "Id NOT IN ('a')"


@pytest.mark.parametrize("conditions", [one_of, none_of])
def test_nothing_is_never_one_of_nothing(conditions: object) -> None:
    with pytest.raises(ValueError, match="one of nothing"):
        conditions("Id", [])  # type: ignore[operator]  # both take the same


def test_conditions_are_joined_in_brackets() -> None:
    either = any_of(equal("A__c", 1), all_of(equal("B__c", 2), filled("C__c")))
    assert either.text == "(A__c = 1 OR (B__c = 2 AND C__c != null))"
    assert any_of(filled("C__c")) == filled("C__c")
    with pytest.raises(ValueError, match="no conditions"):
        all_of()


def test_people_of_other_records_are_found_in_one_query() -> None:
    roles = select("OpportunityContactRole", "ContactId").where(equal("IsPrimary", True))
    assert within("Id", roles).text == (
        "Id IN (SELECT ContactId FROM OpportunityContactRole WHERE IsPrimary = true)"
    )


@pytest.mark.parametrize(
    "bad", ["Id; DELETE", "Id FROM User", "", "1Id", "A.B.C.D.E.F.G", "Id--", "Ïd", "*", "Id\n"]
)
def test_what_is_no_name_never_reaches_a_query(bad: str) -> None:
    with pytest.raises(ValueError, match="no API name"):
        _ = select("Contact", bad).text
    with pytest.raises(ValueError, match="no API name"):
        _ = select(bad, "Id").text
    with pytest.raises(ValueError, match="no API name"):
        compare(bad, ">", 1)


def test_what_salesforce_would_cut_off_is_refused() -> None:
    with pytest.raises(ValueError, match="4000 are read"):
        literal("x" * 4_001)
    with pytest.raises(ValueError, match="100000 are read"):
        _ = select("Contact", "Id").where(one_of("Email", [f"{n:090}" for n in range(1_100)])).text
    with pytest.raises(ValueError, match="no number"):
        literal(Decimal("NaN"))
    with pytest.raises(ValueError, match="no field"):
        _ = select("Contact").text
