"""Blocked, dead, not to be used: what a status or a name says reaches the decision and the user."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from goodword.cli.questions import with_answer
from goodword_csv.headers.remarks import remark_refuses

Lay = Callable[..., Any]

PEOPLE = """\
Customer no,Name,Email,Status
1,Nora Quill,n@x.example,active
2,Ida Brandt,i@x.example,gesperrt
3,Karl Moor,k@x.example,Deceased
4,Lea Marsh,l@x.example,gekündigt
5,DO NOT USE - Smith,s@x.example,
6,TEST,t@x.example,active
"""


def test_a_status_that_says_leave_alone_is_a_do_not_ask(desk: Lay) -> None:
    heard = desk({"people.csv": PEOPLE}).pull()
    told = {name: row["do_not_ask"] for name, row in heard.people().items()}
    assert [name for name, alone in told.items() if alone] == [
        *("Ida Brandt", "Karl Moor", "DO NOT USE - Smith", "TEST")
    ]
    assert heard.people()["Lea Marsh"]["status"] == "lost"
    notices = "\n".join(heard.notices)
    assert '2 rows where "Status" says to leave them alone' in notices
    assert "(lines 3, 4)" in notices
    assert "2 rows whose name says that it is not to be used" in notices
    assert "(lines 6, 7)" in notices
    assert "Smith" not in notices


def test_no_in_our_own_column_makes_a_name_a_name_but_no_status_harmless(desk: Lay) -> None:
    lines = [line + "," + ("no" if at else "Goodword do not ask") for at, line in
             enumerate(PEOPLE.splitlines())]  # fmt: skip
    heard = desk({"people.csv": "\n".join(lines) + "\n"}).pull()
    told = {name: row["do_not_ask"] for name, row in heard.people().items()}
    assert [name for name, alone in told.items() if alone] == ["Ida Brandt", "Karl Moor"]


def test_a_status_on_another_list_counts_for_the_customer(desk: Lay) -> None:
    other = "Name,Email,Status\nIda Brandt,i@x.example,ok\nNora Quill,n@x.example,Do not contact\n"
    plain = "Customer no,Name,Email,Phone\n1,Nora Quill,n@x.example,\n2,Ida Brandt,i@x.example,\n"
    heard = desk({"people.csv": plain, "newsletter.csv": other}).pull()
    told = {name: row["do_not_ask"] for name, row in heard.people().items()}
    assert told == {"Nora Quill": True, "Ida Brandt": False}


def test_remarks_that_a_person_confirmed_are_read_however_many_columns(desk: Lay) -> None:
    rows = "\n".join(
        [
            "Customer no,Name,Email,Hinweis,Info 2",
            "1,Nora Quill,n@x.example,has a dog,prefers mail",
            "2,Ida Brandt,i@x.example,DO NOT CALL,new boiler",
            "3,Karl Moor,k@x.example,blocked drain,verstorben",
            "4,Lea Marsh,l@x.example,garden gate,moved the meter",
        ]
    )
    firm = desk({"people.csv": rows + "\n"})
    asked = [question for question in firm.guess.questions if "left alone" in question.text]
    assert ['"Hinweis"' in asked[0].text, '"Info 2"' in asked[1].text] == [True, True]
    for question in asked:
        firm.guess = with_answer(firm.guess, question.answers[0])
    assert firm.settings.customers.columns["remark"] == ("Hinweis", "Info 2")
    people = firm.pull().people()
    assert [name for name, row in people.items() if row["do_not_ask"]] == [
        "Ida Brandt",
        "Karl Moor",
    ]


@pytest.mark.parametrize(
    "remark",
    [
        *("died suddenly", "he has died", "\u2020 3.11.2026", "Sie lebt nicht mehr", "RIP"),
        *("NICHT MEHR ANRUFEN!", "bitte nicht mehr kontaktieren", "kein Kontakt mehr"),
        *(
            "keine Anrufe mehr gew\u00fcnscht",
            "will nichts mehr von uns h\u00f6ren",
            "keine Werbung",
        ),
        *("no calls", "no more calls please", "stop calling him", "please leave me alone"),
        *("never contact again", "opted out", "unsubscribed", "removed from list"),
        *("threatens with a lawyer", "lawsuit", "took us to court", "won't work with us again"),
        *("ne veut plus \u00eatre appel\u00e9", "does not want to be contacted", "don\u2019t ring"),
    ],
)
def test_a_remark_that_asks_for_peace_is_heard(remark: str) -> None:
    assert remark_refuses(remark)


@pytest.mark.parametrize(
    "remark",
    [
        *("blocked drain fixed", "boiler died, new one fitted", "battery has died twice"),
        *("no calls before 9", "keine Anrufe vor 9 Uhr", "do not call before nine"),
        *("don't call back until March", "no contact person yet", "no email address"),
        *("tot morgen bellen", "studied engineering", "lawyer, nice", "dead battery replaced"),
        *("nicht da am Freitag", "wants to be called in May", "new owner, friendly"),
    ],
)
def test_a_remark_about_something_else_is_not_taken_for_a_wish_for_peace(remark: str) -> None:
    assert not remark_refuses(remark)
