"""E-mail addresses, phone numbers and names as people write them into one cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword_csv.values.people import parse_emails, parse_phones, split_name
from goodword_csv.values.plain import Cell


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Nora@Quill.Example", ("nora@quill.example",)),
        ("a@q.example ::: b@q.example", ("a@q.example", "b@q.example")),
        ("a@q.example; b@q.example, A@q.example", ("a@q.example", "b@q.example")),
        ("Nora Quill <nora@q.example>", ("nora@q.example",)),
        ('"Quill, Nora" <nora@q.example>', ("nora@q.example",)),
        ("mailto:nora@q.example", ("nora@q.example",)),
        ("nora@q.example\nida@b.example", ("nora@q.example", "ida@b.example")),
        ("nora@q.example / ida@b.example", ("nora@q.example", "ida@b.example")),
        ("nora.o'neil@q.example", ("nora.o'neil@q.example",)),
        ("", ()),
        ("n/a", ()),
    ],
)
def test_mails_of_a_cell(cell: str, expected: tuple[str, ...]) -> None:
    mails = parse_emails([(2, cell)])
    assert mails.values == (expected,)
    assert not mails.problems


@pytest.mark.parametrize("cell", ["see notes", "nora@", "@q.example", "nora at q.example"])
def test_a_cell_without_a_mail_is_reported(cell: str) -> None:
    mails = parse_emails([(7, cell)])
    assert mails.values == ((),)
    assert [problem.line for problem in mails.problems] == [7]
    assert cell not in mails.problems[0].what


@pytest.mark.parametrize(
    ("cell", "region", "expected"),
    [
        ("+44 7700 900123", None, ("+447700900123",)),
        ("0113 496 0000", "GB", ("+441134960000",)),
        ("0044 7700 900123", "DE", ("+447700900123",)),
        ("'+447700900123'", None, ("+447700900123",)),
        ("p:+447700900123", None, ("+447700900123",)),
        ("Phone:(202) 555-0143", "US", ("+12025550143",)),
        ("202-555-0143x752", "US", ("+12025550143",)),
        ("(202) 555-0143 ::: +44 7700 900123", "US", ("+12025550143", "+447700900123")),
        ("202-555-0143; 202-555-0171", "US", ("+12025550143", "+12025550171")),
        ("202-555-0143 / 202-555-0171", "US", ("+12025550143", "+12025550171")),
        (441134960000.0, "GB", ("+441134960000",)),
        ("", "US", ()),
    ],
)
def test_phones_of_a_cell(cell: Cell, region: str | None, expected: tuple[str, ...]) -> None:
    phones = parse_phones([(2, cell)], region=region)
    assert phones.values == (expected,)
    assert not phones.problems


@pytest.mark.parametrize("cell", ["4.47912E+11", "4,47912E+11", "4.47912e11"])
def test_a_phone_in_scientific_notation_is_lost_and_said_so(cell: str) -> None:
    phones = parse_phones([(3, cell)], region="GB")
    assert phones.values == ((),)
    assert "cut short" in phones.problems[0].what


@pytest.mark.parametrize(
    ("cell", "region"), [("ask her", "US"), ("12", "US"), ("0171 234567", None), ("555", "ZZ")]
)
def test_what_is_no_phone_is_reported(cell: str, region: str | None) -> None:
    assert parse_phones([(3, cell)], region=region).problems[0].line == 3


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Nora Quill", ("Nora", "Quill")),
        ("Quill, Nora", ("Nora", "Quill")),
        ("Dr. Nora Quill", ("Nora", "Quill")),
        ("Piet van der Laan", ("Piet", "van der Laan")),
        ("Nora Ann Quill", ("Nora", "Quill")),
        ("Nora Quill Jr.", ("Nora", "Quill")),
        ("Nora 🌻 Quill (Bright)", ("Nora", "Quill")),
        ("Nora & Tom Quill", ("Nora", "")),
        ("Nora", ("Nora", "")),
        ("Mrs Quill", ("", "Quill")),
        ("Bright Roof Ltd", ("", "")),
        ("Quill & Sons", ("", "")),
        ("", ("", "")),
        ("O\u2019Neil, Mary-Jane", ("Mary-Jane", "O\u2019Neil")),
    ],
)
def test_a_name_is_split_for_a_greeting(cell: str, expected: tuple[str, str]) -> None:
    assert split_name(cell) == expected


@given(st.text(max_size=30))
def test_no_text_breaks_the_readers(text: str) -> None:
    assert len(parse_emails([(2, text)]).values) == 1
    assert len(parse_phones([(2, text)], region="US").values) == 1
    assert len(split_name(text)) == 2
