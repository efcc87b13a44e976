"""Record ids: 15 characters where case matters, 18 where it need not."""

# ruff: noqa: S608  # SOQL of a test is no SQL
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from goodword_salesforce.fake.ids import ALPHABET, SHORT, check_suffix, full_id, numbered

Call = Callable[..., Any]


def test_the_suffix_is_that_of_a_published_id() -> None:
    assert full_id("001A0000006Vm9u") == "001A0000006Vm9uIAC"


@given(st.text(ALPHABET, min_size=SHORT, max_size=SHORT))
def test_either_length_names_the_same_record_and_another_case_does_not(short: str) -> None:
    whole = short + check_suffix(short)
    assert full_id(short) == full_id(whole) == whole
    swapped = short.swapcase()
    if swapped != short:
        assert full_id(swapped + whole[SHORT:]) == ""


def test_ids_of_later_records_sort_later() -> None:
    made = [numbered("003", number) for number in range(1, 5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_a_record_is_found_by_either_id(call: Call, query: Callable[..., Any]) -> None:
    number = call("POST", "/sobjects/Contact", json={"LastName": "Kitto"}).json()["id"]
    assert len(number) == 18
    for one in (number, number[:15]):
        assert call("GET", f"/sobjects/Contact/{one}?fields=LastName").json()["Id"] == number
        assert query(f"SELECT Id FROM Contact WHERE Id = '{one}'")[0]["Id"] == number
    assert query("SELECT Id FROM Contact WHERE Id = 'nonsense'") == "INVALID_QUERY_FILTER_OPERATOR"
    assert call("GET", "/sobjects/Contact/nonsense").json()[0]["errorCode"] == "MALFORMED_ID"
