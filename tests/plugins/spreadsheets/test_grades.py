"""Grades as at school: which end is the best is asked, and then they are read that way round."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from goodword.cli.questions import with_answer

Lay = Callable[..., Any]

PEOPLE = """\
Kundennummer,Name,Telefon,Schulnote,Datum der Umfrage
1,Nora Quill,+49 30 23125 101,1,2026-11-02
2,Ida Brandt,+49 30 23125 102,6,2026-11-02
3,Karl Moor,+49 30 23125 103,"2,5",2026-11-02
"""


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("1", {"1": 5, "2": 1, "3": 3}),
        ("6", {"1": 1, "2": 5}),
        ("neither", {}),
    ],
)
def test_grades_are_read_as_a_person_says(desk: Lay, word: str, expected: dict[str, int]) -> None:
    firm = desk({"kunden.csv": PEOPLE})
    (question,) = (one for one in firm.guess.questions if "Schulnote" in one.text)
    assert question.text == 'Which is the best grade in column "Schulnote" of kunden.csv, 1 or 6?'
    assert question.default == "1"
    assert "one_is_best = true" in question.notice
    (answer,) = (one for one in question.answers if one.word == word)
    firm.guess = with_answer(firm.guess, answer)
    rows = firm.pull().tables.get("feedback", [])
    assert {row["contact_id"]: row["score"] for row in rows} == expected


def test_where_the_country_says_nothing_enter_leaves_grades_alone(desk: Lay) -> None:
    firm = desk({"kunden.csv": PEOPLE.replace("+49 30 23125", "+44 117 4960")})
    (question,) = (one for one in firm.guess.questions if "Schulnote" in one.text)
    assert question.default == "neither"
