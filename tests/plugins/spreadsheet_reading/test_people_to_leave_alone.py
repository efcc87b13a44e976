"""Whoever a list marks as blocked, dead or not to be used is left alone, wherever it says so."""

from __future__ import annotations

import pytest

from goodword_csv.guessing.guess import SheetGuess, guess_grid
from goodword_csv.headers.refusals import name_refuses, names_refusing, status_refuses
from goodword_csv.headers.statuses import contact_status
from goodword_csv.layout.book import book_of

MARKED = (
    *("DO NOT USE - Smith", "Smith (do not call)", "xxx Duplicate", "Deceased", "TEST"),
    *("Jane Marsh (deceased)", "† Karl Moor", "Moor, Karl verstorben", "Test Test", "test 2"),
    *("Nicht verwenden!!! Meier", "M. Dupont (décédé)", "zzz Old Account", "TEST Nora Quill"),
    *("Testkunde", "Cash sale", "Laufkundschaft", "Unknown", "Nora Quill - inactive"),
    *("Walk-in customer", "Maria Johnson (Sample Contact)", "Test customer", "Don't use Ida"),
)
NAMES = (
    *("Nora Quill", "Andrea Testa", "Test Valley Homes", "Adrian Block", "NORA TEST", "Cash"),
    *("Donna Usher", "Dieter Tot", "Rip Marsh", "Lea Löschen", "Ida Best", "Xaver Xanten"),
)


def guess(header: str, *cells: str) -> SheetGuess:
    lines = [f"Name,Email,Total spent,{header}"]
    lines += [f"Nora {i} Q,nora{i}@x.example,{i},{cell}" for i, cell in enumerate(cells)]
    return guess_grid(book_of("\n".join(lines).encode(), where="list.csv").grids[0])


@pytest.mark.parametrize(
    "status",
    [
        *("gesperrt", "Gesperrt seit 2024", "Kunde gesperrt", "blocked", "Blacklisted", "Bloqué"),
        *("bloqueada", "Bloccato", "geblokkeerd", "zablokowany", "Spärrad", "banned"),
        *("do not contact", "Do not call!", "DNC", "Don't contact", "Nicht kontaktieren"),
        *("keine Werbung", "Ne pas contacter", "No llamar", "niet benaderen", "opted out"),
        *("deceased", "Verstorben", "décédé", "Fallecida", "overleden", "zmarły", "RIP", "†"),
        *("tot", "insolvent", "Insolvenz", "bankrupt", "en faillite"),
    ],
)
def test_a_status_that_says_leave_alone_is_understood(status: str) -> None:
    assert status_refuses(status)


@pytest.mark.parametrize(
    "status",
    [
        *("active", "Customer", "Stammkunde", "not blocked", "nicht gesperrt", "entsperrt", "VIP"),
        *("unblocked", "débloqué", "desbloqueado", "client", "Lead", "Total", "open", "", "ok"),
    ],
)
def test_any_other_status_is_not(status: str) -> None:
    assert not status_refuses(status)


@pytest.mark.parametrize(
    "status",
    [
        *("gekündigt", "Vertrag gekündigt", "inactive", "inaktiv", "left", "moved away", "Résilié"),
        *("verzogen", "terminated", "dead lead", "ex-customer", "ehemalig", "disdetta"),
    ],
)
def test_whoever_left_is_no_longer_a_customer(status: str) -> None:
    assert contact_status(status) == "lost"


@pytest.mark.parametrize("name", MARKED)
def test_a_name_that_is_none_is_understood(name: str) -> None:
    assert name_refuses(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_persons_name_is_a_name(name: str) -> None:
    assert not name_refuses(name)


def test_many_names_are_looked_at_at_once() -> None:
    assert names_refusing(MARKED) == frozenset(MARKED)
    assert names_refusing(NAMES) == frozenset()
    assert names_refusing([*MARKED, "Nora\nQuill", ""]) == frozenset(MARKED)


def test_a_companys_name_may_hold_more_words() -> None:
    assert not name_refuses("Blocked Drains Ltd", of_company=True)
    assert name_refuses("DO NOT USE Blocked Drains Ltd", of_company=True)


@pytest.mark.parametrize("cell", ["gesperrt", "DO NOT CALL", "deceased"])
def test_a_remark_that_says_leave_alone_is_asked_about(cell: str) -> None:
    found = guess("Hinweis", "prefers mail", cell, "has a dog", "pays late")
    assert found.remarks == ("Hinweis",)


@pytest.mark.parametrize("cell", ["blocked drain", "call before 9", "Block 3"])
def test_a_remark_about_work_is_not(cell: str) -> None:
    assert guess("Hinweis", "prefers mail", cell, "has a dog", "pays late").remarks == ()
