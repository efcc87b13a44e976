"""Blocked people stay unasked, and a grade is never read upside down."""

from __future__ import annotations

import pytest

from goodword_csv.guessing.guess import SheetGuess, guess_grid
from goodword_csv.headers.vocabulary import role_of
from goodword_csv.layout.book import book_of
from goodword_csv.values.answers import parse_csat, parse_grades


def guess(header: str, *cells: str, rest: str = "", name: str = "list.csv") -> SheetGuess:
    lines = [f"Name,Email,Total spent,{header}{rest and ','}{rest}"]
    lines += [f"Nora {i} Q,nora{i}@x.example,{i},{cell}" for i, cell in enumerate(cells)]
    return guess_grid(book_of("\n".join(lines).encode(), where=name).grids[0], file_name=name)


@pytest.mark.parametrize(
    "header",
    [
        *("Blocked", "Blocked on", "Blacklisted", "Gesperrt", "Gesperrt am", "Sperrvermerk"),
        *("Bloqué", "Bloquée", "Bloqué le", "Liste noire", "Bloqueado", "Bloqueada el"),
        *("Lista negra", "Geblokkeerd", "Bloccato", "Bloccato il", "Bloqueado em"),
        *("Zablokowany", "Zablokowano", "Spärrad", "Blockerad", "Kunde gesperrt seit"),
    ],
)
def test_a_column_of_blocked_people_is_read_whatever_stands_in_it(header: str) -> None:
    assert role_of(header) == "opt_out"
    for cells in (("ja", "", "gesperrt"), ("2026-01-02", ""), ("asked us twice", "no", "")):
        assert guess(header, *cells).columns["do_not_contact"].header == header


@pytest.mark.parametrize(
    "cells",
    [
        *(("x", ""), ("yes", "no"), ("ja", "nein", "gesperrt"), ("gesperrt", "")),
        *(("blocked", "ok"), ("bloqué", ""), ("bloqueado", "")),
    ],
)
def test_a_column_of_yes_no_and_blocked_is_asked_about(cells: tuple[str, ...]) -> None:
    assert guess("Bemerkung 2", *cells).yes_no == ("Bemerkung 2",)


def test_a_second_column_of_blocked_people_is_read_too() -> None:
    found = guess("Blocked", "yes,", "no,seit Mai", rest="Gesperrt am").columns["do_not_contact"]
    assert (found.header, found.also) == ("Blocked", (found.index + 1,))


def test_a_column_of_free_text_is_not_asked_about() -> None:
    assert guess("Remark", "blocked drain", "leaking tap", "ok", "yes").yes_no == ()


@pytest.mark.parametrize(
    "header",
    [
        *("Note", "Schulnote", "Zufriedenheit", "Bewertung", "Kundenzufriedenheit"),
        *("Wie zufrieden waren Sie?", "Ocena", "Zadowolenie", "Známka", "Hodnocení"),
    ],
)
@pytest.mark.parametrize("top", [5, 6])
def test_a_grade_is_asked_about_and_not_read(header: str, top: int) -> None:
    found = guess(header, "1", "2", "1", str(top))
    assert header not in {one.header for one in found.columns.values()}
    (open_one,) = (one for one in found.unsure if one.header == header)
    assert (open_one.field, open_one.top) == ("csat", top)


def test_a_grade_in_a_survey_is_asked_about_too() -> None:
    text = "Name,Email,Bewertung,Datum\nNora Q,nora@x.example,1,2026-02-03\nIda,i@x.example,6,\n"
    found = guess_grid(book_of(text.encode(), where="umfrage.csv").grids[0], file_name="umfrage")
    assert "nps" not in found.columns
    assert "csat" not in found.columns
    assert [(one.field, one.header) for one in found.unsure] == [("csat", "Bewertung")]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Zufriedenheit", ("sehr zufrieden", "zufrieden")),
        ("Zufriedenheit", ("★★★★★", "★★")),
        ("Zufriedenheit", ("5 von 5", "4/5")),
        ("Zufriedenheit (5 = sehr gut)", ("5", "4")),
        ("Sterne", ("5", "4")),
        ("CSAT", ("5", "4")),
        ("Satisfaction", ("5", "4")),
    ],
)
def test_words_stars_and_headers_that_say_it_are_read(header: str, cells: tuple[str, ...]) -> None:
    found = guess(header, *cells)
    assert header not in {one.header for one in found.unsure}
    assert header not in found.yes_no


@pytest.mark.parametrize("cells", [("kommt bald wieder", "nett"), ("100", "7")])
def test_a_column_of_notes_is_no_grade(cells: tuple[str, ...]) -> None:
    assert "Note" in guess("Note", *cells).ignored


def test_six_of_six_is_the_best_where_somebody_said_so() -> None:
    assert parse_csat([(2, "6"), (3, "5"), (4, "1")], scale=6).values == (5, 4, 1)


@pytest.mark.parametrize("cells", [("4", "5"), ("9", "10"), ("80", "55")])
def test_a_rating_is_asked_about(cells: tuple[str, str]) -> None:
    assert [(one.field, one.header) for one in guess("Rating", *cells).unsure] == [
        ("csat", "Rating")
    ]


@pytest.mark.parametrize(
    ("header", "role"),
    [
        *(("Looked after by", "owner"), ("Account manager", "owner"), ("Betreuer", "owner")),
        *(("Betreut von", "owner"), ("Last invoice", "last_purchase")),
        *(("Last job date", "last_purchase"), ("Last visit", "last_purchase")),
        *(("Letzte Rechnung", "last_purchase"), ("Dernière facture", "last_purchase")),
    ],
)
def test_more_words_that_people_write(header: str, role: str) -> None:
    assert role_of(header) == role


def test_a_rating_beside_grades_is_asked_about_too() -> None:
    found = guess("Schulnote", "1,9", "5,10", rest="Rating")
    assert [(one.header, one.top) for one in found.unsure] == [("Schulnote", 5), ("Rating", None)]


def test_a_visit_beside_a_job_is_a_conversation() -> None:
    text = "Name,Phone,Last job,Last visit\nNora Q,+447700900123,2026-01-02,2026-02-03\n"
    found = guess_grid(book_of(text.encode(), where="list.csv").grids[0])
    assert found.columns["last_purchase_at"].header == "Last job"
    assert found.columns["last_contact_at"].header == "Last visit"


def test_an_open_balance_is_named_and_not_used() -> None:
    text = "Customer,Phone,Last invoice,Open balance\nNora Q,+447700900123,2026-01-02,12.50\n"
    found = guess_grid(book_of(text.encode(), where="list.csv").grids[0])
    assert found.kind == "contacts"
    assert found.columns["last_purchase_at"].header == "Last invoice"
    assert found.ignored == ("Open balance",)


def test_of_grades_of_which_one_is_the_best_a_five_makes_nobody_happy() -> None:
    cells = ["1", "2", "3", "4", "5", "6", "1,3", "2-", "2.0", "1 - sehr gut", "gut", "★★★★★", ""]
    read = parse_grades(list(enumerate(cells, start=2)))
    assert read.values == (5, 4, 3, 2, 1, 1, 4, 4, 4, 5, 4, 5, None)
    assert read.problems == ()
    wrong = parse_grades([(2, "0"), (3, "7"), (4, "6,5"), (5, "2")])
    assert [problem.line for problem in wrong.problems] == [2, 3, 4]
