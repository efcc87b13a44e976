"""Ids and values, as rows bring them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword_salesforce.seam.ids import as_id, same_record
from goodword_salesforce.seam.values import day, flat, is_true, moment, number

IDS = st.text("0123456789ABCxyzabcXYZ", min_size=15, max_size=15)


@pytest.mark.promise("salesforce.ids")
def test_fifteen_characters_become_eighteen() -> None:
    assert as_id("001A0000006Vm9r") == "001A0000006Vm9rIAC"
    assert as_id(" 001A0000006Vm9rIAC ") == "001A0000006Vm9rIAC"
    assert same_record("001A0000006Vm9r", "001A0000006Vm9rIAC")
    assert not same_record("001A0000006Vm9r", "001A0000006VM9r")
    assert not same_record("none", "none")


@pytest.mark.parametrize("text", ["", "001", "001A0000006Vm9r!", "001A0000006Vm9rIAD", "x" * 16])
def test_what_is_no_id_is_none(text: str) -> None:
    assert as_id(text) is None


@pytest.mark.promise("salesforce.ids")
@given(IDS)
def test_an_id_that_lost_its_capitals_is_put_right(text: str) -> None:
    whole = as_id(text)
    assert whole is not None
    assert whole[:15] == text
    assert as_id(whole) == as_id(whole.lower()) == as_id(whole.upper()) == whole


def test_a_record_becomes_a_flat_row() -> None:
    record = {
        "attributes": {"type": "Contact", "url": "/x"},
        "Id": "003",
        "Email": None,
        "Title": "",
        "IsDeleted": False,
        "Amount": Decimal("1.2E+3"),
        "Visits": 7,
        "Account": {"attributes": {}, "Name": "Acme", "Owner": {"IsActive": True}},
        "ReportsTo": None,
    }
    assert flat(record) == {
        "Id": "003",
        "IsDeleted": "false",
        "Amount": "1200",
        "Visits": "7",
        "Account.Name": "Acme",
        "Account.Owner.IsActive": "true",
    }


def test_values_are_read_by_their_type() -> None:
    row = {
        "Yes": "true",
        "No": "false",
        "Amount": "1200.50",
        "Word": "many",
        "Day": "2026-11-22",
        "Rest": "2026-11-22T10:00:00.000+0000",
        "Csv": "2026-11-22T23:30:00.000Z",
        "East": "2026-11-22T01:00:00+02:00",
    }
    assert (is_true(row, "Yes"), is_true(row, "No"), is_true(row, "Gone")) == (True, False, False)
    assert number(row, "Amount") == Decimal("1200.50")
    assert number(row, "Word") is number(row, "Gone") is None
    assert moment(row, "Rest") == datetime(2026, 11, 22, 10)
    assert moment(row, "East") == datetime(2026, 11, 21, 23)
    assert moment(row, "Word") is moment(row, "Gone") is None
    assert day(row, "Day") == day(row, "Csv") == date(2026, 11, 22)
    assert day(row, "East") == date(2026, 11, 21)
    assert day(row, "Word") is day(row, "Gone") is None
