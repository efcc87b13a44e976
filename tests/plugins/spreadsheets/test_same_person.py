"""A refusal reaches whoever is the same person in another row, however the list writes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from goodword.cli.questions import with_answer
from goodword_csv.rows.same_person import name_key

Lay = Callable[..., Any]

PEOPLE = """\
Customer no,Name,Email,Phone,City,Do not contact,OK to contact,Remark
1,Dan Hill,dan@x.example,0117 496 0106,Bath,x,,
2,Daniel Hill,dan@x.example,0117 496 0106,Bath,,,
3,Piet Lang,piet@x.example,0117 496 0105,Bath,,no,
4,"LANG, PIET",,+44 117 496 0105,Bath,,,
5,Piet Lang,,,Bath,,,
6,Piet Lang,other.piet@y.example,0117 496 0199,York,,,
7,Nora Quill,n@x.example,0117 496 0105,Bath,,,
8,Heinz Weber,,0117 496 0108,Bath,,,gestorben
9,"Weber, Heinz",,0117 4960108,Bath,,,
"""


def by_number(heard: Any) -> dict[str, Any]:
    return {str(row["contact_id"]): row for row in heard.tables["contacts"]}


def test_whoever_seems_to_be_somebody_who_refused_is_not_asked_either(desk: Lay) -> None:
    firm = desk({"people.csv": PEOPLE})
    (question,) = (one for one in firm.guess.questions if "left alone" in one.text)
    firm.guess = with_answer(firm.guess, question.answers[0])
    heard = firm.pull()
    rows = by_number(heard)
    stopped = {who for who, row in rows.items() if row["do_not_ask"] or row["consent"] == "no"}
    assert stopped == {"1", "2", "3", "4", "5", "8", "9"}, "6 and 7 are other people"
    told = "\n".join(heard.notices)
    assert "4 rows who seem to be somebody the list says to leave alone in another row" in told
    assert "(lines 3, 5, 6, 10)" in told


def test_a_no_in_our_own_column_says_that_this_one_is_somebody_else(desk: Lay) -> None:
    lines = [
        f"{line},{'Goodword do not ask' if at == 0 else 'no' if line.startswith('2') else ''}"
        for at, line in enumerate(PEOPLE.splitlines())
    ]
    heard = desk({"people.csv": "\n".join(lines) + "\n"}).pull()
    rows = by_number(heard)
    assert (rows["1"]["consent"], rows["2"]["do_not_ask"]) == ("no", False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Piet Lang", "LANG, PIET"),
        ("Zoë Straße", "STRASSE Zoe"),
        ("  Ann-Marie O'Neil ", "o'neil, ann marie"),
    ],
)
def test_a_name_is_the_same_in_any_order_case_and_accent(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != frozenset()
