"""Rows of other sheets find their customer: by id, e-mail, phone, then exact name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

PEOPLE = """\
Customer no,Name,Email,Phone,Company
001,Nora Quill,nora@x.example,+44 117 496 0101,Bright Roof Ltd
002,Ida Brandt,house@x.example,+44 117 496 0102,
003,Piet Brandt,house@x.example,+44 117 496 0102,
004,Pat Doe,,,
005,Pat Doe,,,
"""
Lay = Callable[..., Any]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("001,,,,", {"001"}),
        (",NORA@x.example,,,", {"001"}),
        (",,0044 117 496 0101,,", {"001"}),
        (",,,nora  quill,", {"001"}),
        ("nobody,nora@x.example,,,", {"001"}),
        (",house@x.example,,Piet Brandt,", {"003"}),
        (",house@x.example,,,", {"002", "003"}),
        (",,+44 117 496 0102,Ida Brandt,", {"002"}),
        (",,+44 117 496 0102,,", set()),
        (",,,Pat Doe,", set()),
        (",,,Somebody,", set()),
    ],
)
def test_a_complaint_finds_its_customer(desk: Lay, row: str, found: set[str]) -> None:
    complaints = f"Customer no,Email,Phone,Customer,Complaint,Opened\n{row}late,2026-10-01\n"
    heard = desk({"people.csv": PEOPLE, "complaints.csv": complaints}).pull()
    assert {ticket["contact_id"] for ticket in heard.tables["tickets"]} == found
    told = [notice for notice in heard.notices if "unmatched" in notice and "line 2" in notice]
    assert bool(told) is not bool(found)


def test_a_mailbox_two_people_share_speaks_for_both(desk: Lay) -> None:
    survey = "Email,NPS,Date\nhouse@x.example,2,2026-10-01\n"
    heard = desk({"people.csv": PEOPLE, "survey.csv": survey}).pull()
    answers = heard.tables["feedback"]
    assert {answer["contact_id"] for answer in answers} == {"002", "003"}
    assert len({answer["feedback_id"] for answer in answers}) == 2


def test_an_address_on_many_rows_is_a_placeholder_and_finds_nobody(desk: Lay) -> None:
    people = "Name,Email\n" + "".join(f"Person {c},none@x.example\n" for c in "abcdefghij")
    survey = "Email,NPS,Date\nnone@x.example,9,2026-10-01\n"
    heard = desk({"people.csv": people, "survey.csv": survey}).pull()
    assert len(heard.tables["contacts"]) == 10
    assert heard.tables["feedback"] == []


def test_a_sale_that_names_only_the_company_is_credited_to_it(desk: Lay) -> None:
    sales = "Date,Customer,Amount\n2026-10-01,Bright Roof Ltd,100\n"
    heard = desk({"people.csv": PEOPLE, "sales.csv": sales}).pull()
    (deal,) = heard.tables["deals"]
    assert deal["account_id"] == heard.people()["Nora Quill"]["account_id"]
    assert heard.tables["deal_contacts"] == []


def test_a_deal_of_several_people_lists_them_all(desk: Lay) -> None:
    deals = (
        "Record ID,Deal Name,Deal Stage,Amount,Close Date,Associated Contact IDs\n"
        "7,Roof,Closed won,300,2026-10-01,001;004\n"
    )
    heard = desk({"people.csv": PEOPLE, "deals.csv": deals}).pull()
    assert [(row["deal_id"], row["contact_id"]) for row in heard.tables["deal_contacts"]] == [
        ("7", "001"),
        ("7", "004"),
    ]


def test_a_newsletter_list_adds_its_refusals(desk: Lay, exports: Any) -> None:
    people = "Customer no,Name,Email,Phone,Company,Town\n7,Ida B,ida@brandt.example,,,Bonn\n"
    firm = desk({"people.csv": people, "mailchimp.csv": (exports / "mailchimp.csv").read_bytes()})
    heard = firm.pull()
    assert [source.write for source in firm.settings.sources] == [True, False]
    (ida,) = heard.tables["contacts"]
    assert ida["consent"] == "no"
    assert any("mailchimp.csv: 1 row about nobody" in notice for notice in heard.notices)


TITLED = "Name,Email\nMrs. Peggy Tranter,\nRuth Ames,\nHerr Dr. Peter Kranz,\nFrau Kranz,\n" + (
    "Mr. Pat Lee,\nMrs. Pat Lee,\nMr Jo March,\nde heer Jan Bos,\nSra. Ana Ríos,\n"
)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Peggy Tranter", {"Mrs. Peggy Tranter"}),
        ("Ms Peggy Tranter", {"Mrs. Peggy Tranter"}),
        ("Mr. Peggy Tranter", set()),  # the list has a woman of that name
        ("Miss Ruth Ames", {"Ruth Ames"}),
        ("Peter Kranz", {"Herr Dr. Peter Kranz"}),
        ("Dr. Peter Kranz", {"Herr Dr. Peter Kranz"}),
        ("Herr Kranz", set()),  # a last name alone is nobody's
        ("Kranz", set()),
        ("Pat Lee", set()),  # two are called so
        ("Mrs Pat Lee", {"Mrs. Pat Lee"}),
        ("Jan Bos", {"de heer Jan Bos"}),
        ("Señora Ana Rios", {"Sra. Ana Ríos"}),
    ],
)
def test_a_form_of_address_keeps_nobody_from_being_known(
    desk: Lay, written: str, found: set[str]
) -> None:
    complaints = f"Customer,Complaint,Opened\n{written},late,2026-10-01\n"
    heard = desk({"people.csv": TITLED, "complaints.csv": complaints}).pull()
    names = {row["contact_id"]: row["name"] for row in heard.tables["contacts"]}
    assert {names[ticket["contact_id"]] for ticket in heard.tables["tickets"]} == found


def test_one_refusal_of_several_columns_is_enough(desk: Lay) -> None:
    people = "Name,Email,Blocked,Gesperrt am\nNora Q,n@x.example,no,2026-01-02\n"
    people += "Ida B,i@x.example,ja;gesperrt,\nPiet B,p@x.example,no,\nLena F,l@x.example,,\n"
    heard = desk({"people.csv": people}).pull()
    told = {name: row["consent"] for name, row in heard.people().items()}
    assert told == {"Nora Q": "no", "Ida B": "no", "Piet B": "unknown", "Lena F": "unknown"}
