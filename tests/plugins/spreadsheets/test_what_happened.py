"""Consent, complaints, answers, visits, invoices and referrals as sheets tell them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

PEOPLE = "Customer no,Name,Email\n1,Nora Quill,nora@x.example\n2,Ida Brandt,ida@x.example\n"
Lay = Callable[..., Any]


@pytest.mark.parametrize(
    ("header", "cell", "consent"),
    [
        ("Consent", "yes", "yes"),
        ("Consent", "no", "no"),
        ("Consent", "", "unknown"),
        ("Marketing OK?", "unsubscribed", "no"),
        ("Unsubscribed", "yes", "no"),
        ("Unsubscribed", "", "unknown"),
        ("UNSUB_TIME", "2026-01-02 10:00:00", "no"),
        ("Do not contact", "x", "no"),
    ],
)
def test_what_people_said_about_being_contacted(
    desk: Lay, header: str, cell: str, consent: str
) -> None:
    people = f"Name,Email,{header}\nNora,nora@x.example,{cell}\nIda,ida@x.example,yes\n"
    if header == "UNSUB_TIME":
        people = people.replace("yes", "")
    assert desk({"people.csv": people}).pull().people()["Nora"]["consent"] == consent


@pytest.mark.parametrize(
    ("cell", "asked"), [("x", False), ("please not", False), ("", True), ("no", True)]
)
@pytest.mark.promise("ours.do-not-ask")
def test_anything_in_our_own_column_but_a_no_means_never_ask(
    desk: Lay, cell: str, asked: bool
) -> None:
    people = f"Name,Email,Goodword do not ask\nNora,nora@x.example,{cell}\n"
    assert desk({"people.csv": people}).pull().people()["Nora"]["do_not_ask"] is not asked


def test_a_complaint_nobody_closed_is_open(desk: Lay) -> None:
    complaints = """\
Customer no,Opened,Closed,What,Happy now?
1,2026-10-29,,Thermostat missing,
2,2026-09-10,2026-10-28,Radiator leaked,yes
"""
    heard = desk({"people.csv": PEOPLE, "Complaints.csv": complaints}).pull()
    first, second = sorted(heard.tables["tickets"], key=lambda row: str(row["contact_id"]))
    assert (first["kind"], first["status"], first["positive"]) == ("complaint", "open", None)
    assert (second["status"], second["positive"]) == ("closed", True)
    assert second["closed_at"] == datetime(2026, 10, 28)


def test_support_tickets_are_no_complaints(desk: Lay) -> None:
    tickets = "Ticket ID,Email,Subject,Opened,Status\nT1,nora@x.example,How to,2026-10-01,Solved\n"
    (ticket,) = desk({"people.csv": PEOPLE, "tickets.csv": tickets}).pull().tables["tickets"]
    assert (ticket["ticket_id"], ticket["kind"], ticket["status"]) == ("T1", "ticket", "closed")


@pytest.mark.parametrize("name", ["typeform", "surveymonkey"])
def test_survey_tools_give_answers_with_their_own_ids(desk: Lay, exports: Any, name: str) -> None:
    people = "Name,Email\nNora,nora@brightroof.example\nIda,ida@brandt.example\n"
    files = {"people.csv": people, f"{name}.csv": (exports / f"{name}.csv").read_bytes()}
    answers = desk(files).pull().tables["feedback"]
    assert {row["kind"] for row in answers} == {"nps"}
    assert len({row["contact_id"] for row in answers}) == 2
    assert all(":nps" in row["feedback_id"] and row["at"] is not None for row in answers)


def test_words_for_what_happened_become_kinds(desk: Lay) -> None:
    visits = """\
Date,Customer no,Type,Who went
2026-11-01,1,Job completed,Sam Rowe
2026-11-02,1,Results review,Sam Rowe
2026-11-03,1,Call,sam rowe
2026-11-04,2,Service visit,Lena Fox
2026-11-05,2,Newsletter,
2026-11-06,2,Coffee morning,
"""
    heard = desk({"people.csv": PEOPLE, "visits.csv": visits}).pull()
    kinds = [row["kind"] for row in heard.tables["activities"]]
    assert kinds[:5] == ["delivery", "results_review", "call", "visit", "newsletter"]
    assert [row["owner_id"] for row in heard.tables["owners"]] == ["Sam Rowe", "Lena Fox"]


def test_invoices_are_open_until_something_says_they_are_paid(desk: Lay) -> None:
    invoices = """\
Invoice No,Customer no,Amount,Due date,Paid on,Status
A,1,10,2026-10-01,,
B,1,10,2026-10-01,2026-10-02,
C,2,10,2026-10-01,,Paid
D,2,10,2026-10-01,,Void
"""
    heard = desk({"people.csv": PEOPLE, "invoices.csv": invoices}).pull()
    paid = {row["invoice_id"]: row["paid_at"] for row in heard.tables["invoices"]}
    assert paid == {"A": None, "B": datetime(2026, 10, 2), "C": datetime(2026, 10, 1)}
    assert any("cancelled" in notice for notice in heard.notices)
    sold = {row["deal_id"]: row["status"] for row in heard.tables["deals"]}
    assert sold == {"A": "won", "B": "won", "C": "won", "D": "lost"}


def test_with_a_list_of_sales_invoices_are_not_counted_again(desk: Lay) -> None:
    sales = "Order ID,Customer no,Date,Amount\nS1,1,2026-10-01,10\n"
    invoices = "Invoice No,Customer no,Amount,Due date\nA,1,10,2026-10-01\n"
    files = {"people.csv": PEOPLE, "sales.csv": sales, "invoices.csv": invoices}
    assert [row["deal_id"] for row in desk(files).pull().tables["deals"]] == ["S1"]


def test_referrals_keep_everybody_they_name(desk: Lay) -> None:
    referrals = """\
Date,Referred by,Who,Status,Met on,Won on
2026-11-16,Nora Quill,Ida Brandt,received,,
2026-10-20,1,Tilda Grayson,,2026-11-18,
2026-10-05,Somebody Else,Ida Brandt,won,,2026-11-17
"""
    heard = desk({"people.csv": PEOPLE, "referrals.csv": referrals}).pull()
    rows = [
        (row["referrer_id"], row["referred_id"], row["referred_name"], row["status"])
        for row in heard.tables["referrals"]
    ]
    assert rows == [
        ("1", "2", None, "received"),
        ("1", None, "Tilda Grayson", "met"),
        (None, "2", None, "won"),
    ]


def test_companies_on_the_wish_list_are_targets(desk: Lay, exports: Any) -> None:
    people = "Name,Email,Company\nNora,nora@x.example,Bright Roof Ltd\n"
    wishes = (exports / "wish-list.csv").read_bytes()
    heard = desk({"people.csv": people, "wish-list.csv": wishes}).pull()
    accounts = {row["name"]: row for row in heard.tables["accounts"]}
    assert accounts["Laanhof"]["target"] is True
    assert accounts["Bright Roof Ltd"]["account_id"] == heard.people()["Nora"]["account_id"]
    assert accounts["Bright Roof Ltd"]["city"] == "Leeds"


@pytest.mark.parametrize("header", ["NPS date", "Survey date", "Last survey", "Letzte Umfrage"])
def test_a_date_beside_a_score_on_the_list_says_when_it_was_given(desk: Lay, header: str) -> None:
    people = (
        f"Name,Email,Phone,NPS,{header}\n"
        "Nora Quill,nora@x.example,,2,2024-03-15\nIda Brandt,ida@x.example,,3,\n"
    )
    heard = desk({"people.csv": people}).pull()
    at = {row["score"]: row["at"] for row in heard.tables["feedback"]}
    assert at == {2: datetime(2024, 3, 15), 3: datetime(2026, 11, 20)}  # undated: seen today


def test_scores_on_a_second_list_of_people_are_theirs(desk: Lay) -> None:
    more = (
        "E-mail,Phone,Town,Last order,NPS,NPS date\nida@x.example,,Bonn,2026-01-02,9,2026-02-03\n"
    )
    people = "Customer no,Name,Email,Phone,Town,Company,Last order\n2,Ida,ida@x.example,,,,\n"
    heard = desk({"people.csv": people, "tool.csv": more}).pull()
    (answer,) = heard.tables["feedback"]
    assert (answer["contact_id"], answer["score"], answer["at"]) == ("2", 9, datetime(2026, 2, 3))


def test_a_meeting_that_was_cancelled_did_not_happen(desk: Lay) -> None:
    meetings = """\
Invitee Name,Invitee Email,Event Type Name,Start Date & Time,Canceled
Nora Quill,nora@x.example,Intro call,2026-10-01 10:00 AM,true
Ida Brandt,ida@x.example,Intro call,2026-10-02 10:00 AM,false
"""
    heard = desk({"people.csv": PEOPLE, "calendly.csv": meetings}).pull()
    assert [row["contact_id"] for row in heard.tables["activities"]] == ["2"]
    assert any("did not take place" in notice for notice in heard.notices)


@pytest.mark.parametrize(
    ("header", "cells", "consent"),
    [
        ("UNSUB_TIME", ("2025-01-02 10:00:00", ""), "no"),
        ("EMAIL_BLACKLISTED", ("1", "0"), "no"),
        ("Accepts Email Marketing", ("no", "yes"), "no"),
        ("Email Opt Out", ("true", "false"), "no"),
        ("HASOPTEDOUTOFEMAIL", ("true", "false"), "no"),
        ("Email Marketing Consent", ("NEVER_SUBSCRIBED", "SUBSCRIBED"), "no"),
        ("Zgoda na kontakt", ("nie", "tak"), "no"),
        ("Samtycke", ("nej", "ja"), "no"),
        ("Non contattare", ("sì", "no"), "no"),
    ],
)
def test_consent_as_tools_and_other_languages_write_it(
    desk: Lay, header: str, cells: tuple[str, str], consent: str
) -> None:
    first, second = cells
    people = f"Name,Email,{header}\nNora,nora@x.example,{first}\nIda,ida@x.example,{second}\n"
    assert desk({"people.csv": people}).pull().people()["Nora"]["consent"] == consent
