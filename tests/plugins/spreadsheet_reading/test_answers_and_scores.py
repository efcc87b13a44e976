"""Yes and no, consent, counts, and the scores of surveys."""

from __future__ import annotations

import pytest

from goodword_csv.values.answers import (
    Answer,
    consent_of,
    parse_counts,
    parse_csat,
    parse_nps,
    parse_yes_no,
)
from goodword_csv.values.plain import Cell


def column(*cells: Cell) -> list[tuple[int, Cell]]:
    return list(enumerate(cells, start=2))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        *(
            (word, "yes")
            for word in ("Yes", "y", "TRUE", "1", "x", "✓", "Ja", "Oui", "Sí", 1, True)
        ),
        *(
            (word, "no")
            for word in ("No", "false", "0", "Nein", "Non", "Nee", "unsubscribed", False)
        ),
        *((word, "unknown") for word in ("", "n/a", "-")),
    ],
)
def test_ticks_and_words(cell: Cell, expected: str) -> None:
    answers = parse_yes_no(column(cell))
    assert (answers.values, answers.problems) == ((expected,), ())


def test_what_is_neither_is_unknown_and_reported() -> None:
    answers = parse_yes_no(column("only by letter"))
    assert answers.values == ("unknown",)
    assert answers.problems[0].what == "neither yes nor no"


def test_a_date_in_an_unsubscribe_column_means_yes() -> None:
    assert parse_yes_no(column("2024-01-01", "", "0"), filled_means_yes=True).values == (
        "yes",
        "unknown",
        "no",
    )


@pytest.mark.parametrize(
    ("allowed", "refused", "expected"),
    [
        (("yes",), (), "yes"),
        (("no",), (), "no"),
        (("yes",), ("yes",), "no"),
        (("unknown",), ("no",), "unknown"),
        ((), (), "unknown"),
        (("yes", "no"), (), "no"),
    ],
)
def test_one_refusal_is_a_refusal(
    allowed: tuple[Answer, ...], refused: tuple[Answer, ...], expected: str
) -> None:
    assert consent_of(allowed=allowed, refused=refused) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("9", 9),
        ("9/10", 9),
        ("9 out of 10", 9),
        ("10 - Extremely likely", 10),
        ("0 (not at all)", 0),
        (9.0, 9),
        ("4/5", 8),
        ("8.0", 8),
    ],
)
def test_answers_to_would_you_recommend_us(cell: Cell, expected: int) -> None:
    assert parse_nps(column(cell)).values == (expected,)


@pytest.mark.parametrize("cell", ["11", "-1", "9-10", "great", "2024-01-02", "★★★★★", True])
def test_what_is_no_answer_is_reported(cell: Cell) -> None:
    scores = parse_nps(column(cell))
    assert scores.values == (None,)
    assert scores.problems[0].what == "not a score from 0 to 10"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("5", 5),
        ("4/5", 4),
        ("9/10", 4),
        ("10/10", 5),
        ("0/10", 1),
        ("★★★★★", 5),
        ("★★★☆☆", 3),
        ("⭐️⭐️⭐️⭐️", 4),
        ("Very satisfied", 5),
        ("Neither satisfied nor dissatisfied", 3),
        ("Sehr unzufrieden", 1),
        ("Très satisfait", 5),
    ],
)
def test_satisfaction_on_one_to_five(cell: Cell, expected: int) -> None:
    assert parse_csat(column(cell)).values == (expected,)


def test_a_longer_scale_is_seen_in_the_column_and_rounded_down() -> None:
    scores = parse_csat(column("7", "10", "4", "0"))
    assert (scores.scale, scores.values) == (10, (3, 5, 2, 1))
    assert parse_csat(column("80%", "100%")).values == (4, 5)
    assert parse_csat(column("4", "5"), scale=10).values == (2, 2)


def test_zero_of_five_is_no_score() -> None:
    assert parse_csat(column("0", "6/5")).values == (None, None)


def test_counts() -> None:
    counts = parse_counts(column("3", 4.0, "", "many", "2.5"))
    assert counts.values == (3, 4, None, None, None)
    assert [problem.line for problem in counts.problems] == [5, 6]
