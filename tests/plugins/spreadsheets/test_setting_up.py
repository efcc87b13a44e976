"""What init proposes: several files, several sheets, or both, one of them the customer list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from goodword import Guess, Question
from goodword.cli.questions import with_answer
from goodword_csv.guessing.proposal import propose
from goodword_csv.settings import CsvSettings

SHEETS = {
    "people": [
        ["Name", "Email", "Phone"],
        ["Nora Quill", "nora@x.example", "+44 117 496 0101"],
        ["Ida Brandt", "ida@x.example", "+44 117 496 0102"],
    ],
    "sales": [
        ["Order ID", "Email", "Date", "Amount"],
        ["A", "nora@x.example", "13/10/2026", "£90.00"],
        ["B", "ida@x.example", "02/10/2026", "£1,010.50"],
    ],
    "survey": [["Date", "Email", "NPS"], ["2026-11-01", "nora@x.example", "10"]],
    "referrals": [["Date", "Referred by", "Who"], ["2026-10-01", "Nora Quill", "Ida Brandt"]],
}
Lay = Callable[..., Any]


def as_csv(name: str) -> str:
    quoted = ((f'"{cell}"' if "," in cell else cell for cell in row) for row in SHEETS[name])
    return "\n".join(",".join(row) for row in quoted) + "\n"


def add_workbook(path: Path, names: list[str]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name in names:
        page = book.create_sheet(name)
        for row in SHEETS[name]:
            page.append(row)
    book.save(path)
    return path


@pytest.fixture(params=["files", "sheets", "mixed"])
def laid_out(request: pytest.FixtureRequest, tmp_path: Path) -> list[Path]:
    csv_names = {"files": list(SHEETS), "sheets": [], "mixed": ["sales", "survey"]}[request.param]
    paths = []
    for name in csv_names:
        (tmp_path / f"{name}.csv").write_text(as_csv(name))
        paths.append(tmp_path / f"{name}.csv")
    rest = [name for name in SHEETS if name not in csv_names]
    if rest:
        paths.append(add_workbook(tmp_path / "firm.xlsx", rest))
    return paths


def test_contacts_sales_survey_and_referrals_make_one_firm(
    laid_out: list[Path], tmp_path: Path, desk_at: Lay
) -> None:
    firm = desk_at(tmp_path, laid_out)
    assert {source.kind: source.write for source in firm.settings.sources} == {
        "contacts": True,
        "deals": False,
        "feedback": False,
        "referrals": False,
    }
    assert (firm.settings.currency, firm.settings.region) == ("GBP", "GB")
    heard = firm.pull()
    assert {row["deal_id"]: row["amount_cents"] for row in heard.tables["deals"]} == {
        "A": 9_000,
        "B": 101_050,
    }
    assert {row["closed_at"] for row in heard.tables["deals"]} == {
        datetime(2026, 10, 13),
        datetime(2026, 10, 2),
    }
    (answer,), (referral,) = heard.tables["feedback"], heard.tables["referrals"]
    assert answer["contact_id"] == referral["referrer_id"] == "nora@x.example"
    assert referral["referred_id"] == "ida@x.example"


def test_a_folder_is_read_whole_and_our_own_files_are_left_out(
    laid_out: list[Path], tmp_path: Path, desk_at: Lay, a_task: Callable[..., Any]
) -> None:
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04")
    named, whole = desk_at(tmp_path, laid_out), desk_at(tmp_path, [tmp_path])
    assert CsvSettings.model_validate(whole.guess.settings).customers == named.settings.customers
    assert len(whole.settings.sources) == len(SHEETS)
    assert any("broken.xlsx" in notice for notice in whole.guess.notices)
    named.open().write([a_task("nora@x.example")])
    again = desk_at(tmp_path, [tmp_path])
    assert again.guess.settings == whole.guess.settings


def test_dates_that_could_be_either_way_round_follow_the_country_and_are_told(
    tmp_path: Path, desk: Lay
) -> None:
    people = "Name,Phone,Last job\nNora,{},03/04/2026\n"
    british = desk({"people.csv": people.format("+44 117 496 0101")})
    assert british.settings.customers.day_first is True
    assert any("03/04" in notice for notice in british.guess.notices)
    american = desk({"people.csv": people.format("+1 202 555 0143")})
    assert american.settings.customers.day_first is False
    unknown = desk({"people.csv": people.format("")})
    assert unknown.settings.customers.day_first is None
    heard = unknown.pull()
    assert heard.tables["activities"] == []
    assert any("day_first" in notice for notice in heard.notices)


def asked(guess: Guess, part: str) -> Question:
    """The one question whose text holds *part*."""
    (found,) = (question for question in guess.questions if part in question.text)
    return found


def answered(guess: Guess, part: str, word: str) -> CsvSettings:
    """The settings after one question was answered."""
    (answer,) = (answer for answer in asked(guess, part).answers if answer.word == word)
    return CsvSettings.model_validate(with_answer(guess, answer).settings)


def test_what_a_clear_list_says_is_not_asked(desk: Lay, exports: Path) -> None:
    assert desk(exports / "hubspot-contacts.csv").guess.questions == ()


def test_an_open_order_of_dates_is_asked_with_the_usual_one_as_default(desk: Lay) -> None:
    people = "Name,Phone,Last job\nNora,{},03/04/2026\n"
    british = desk({"people.csv": people.format("+44 117 496 0101")}).guess
    question = asked(british, "such as 03/04")
    assert (question.default, question.notice in british.notices) == ("day", True)
    assert answered(british, "such as 03/04", "month").customers.day_first is False
    unknown = desk({"people.csv": people.format("")}).guess
    assert asked(unknown, "such as 03/04").default == ""
    assert answered(unknown, "such as 03/04", "day").customers.day_first is True


def test_an_open_decimal_sign_is_asked(desk: Lay) -> None:
    guess = desk({"people.csv": "Name,Email,Total spent\nNora,n@x.example,1.234 EUR\n"}).guess
    assert answered(guess, "such as 1.234", ",").customers.decimal == ","
    assert answered(guess, "such as 1.234", ".").customers.decimal == "."


def test_a_dollar_could_be_several_and_is_asked_unless_the_country_says(desk: Lay) -> None:
    people = "Name,Phone,Total spent\nNora,{},$90.00\n"
    guess = desk({"people.csv": people.format("")}).guess
    assert asked(guess, "Which currency").default == "USD"
    assert any("are taken for USD" in notice for notice in guess.notices)
    assert answered(guess, "Which currency", "AUD").currency == "AUD"
    known = desk({"people.csv": people.format("+61 2 5550 1234")}).guess
    assert known.questions == ()
    assert known.firm["currency"] == "AUD"


def test_amounts_without_a_sign_are_asked_about_in_the_money_of_the_country(desk: Lay) -> None:
    people = "Name,Phone,Total spent\nNora,+49 30 23125 101,90.50\n"
    assert asked(desk({"people.csv": people}).guess, "Which currency").default == "EUR"


def test_phones_without_a_country_are_asked_about(desk: Lay) -> None:
    guess = desk({"people.csv": "Name,Phone\nNora,0117 496 0101\n"}).guess
    assert answered(guess, "Which country", "GB").region == "GB"
    names = {answer.word: answer.meaning for answer in asked(guess, "Which country").answers}
    assert (names["DE"], names["GB"]) == ("Germany", "United Kingdom")


def test_an_unused_column_of_yes_and_no_is_asked_about_both_ways(desk: Lay) -> None:
    people = "Name,Email,Dabei\nNora,n@x.example,ja\nIda,i@x.example,nein\n"
    guess = desk({"people.csv": people}).guess
    assert asked(guess, '"Dabei"').default == "neither"
    assert answered(guess, '"Dabei"', "may").customers.columns["consent"] == "Dabei"
    assert answered(guess, '"Dabei"', "not").customers.columns["do_not_contact"] == "Dabei"
    assert answered(guess, '"Dabei"', "neither") == CsvSettings.model_validate(guess.settings)


@pytest.mark.parametrize(
    ("header", "likely"),
    [
        ("Darf ran", "may"),
        ("Werbung ok?", "may"),
        ("GDPR", "may"),
        ("Call stop", "not"),
        ("Kein Kontakt bitte", "not"),
        ("Telefonnotiz", "neither"),
        ("Garage", "neither"),
    ],
)
def test_enter_never_opens_somebody_a_column_about_contact_may_protect(
    desk: Lay, header: str, likely: str
) -> None:
    people = f"Name,Email,{header}\nNora,n@x.example,ja\nIda,i@x.example,nein\n"
    question = asked(desk({"people.csv": people}).guess, f'"{header}"')
    assert (question.default, question.careful) == (likely, likely != "neither")


def test_a_column_under_an_unknown_header_is_read_only_after_a_yes(desk: Lay) -> None:
    people = "Name,Wohin\nNora,n@x.example\nIda,i@x.example\n"
    guess = desk({"people.csv": people}).guess
    assert "email" not in CsvSettings.model_validate(guess.settings).customers.columns
    question = asked(guess, '"Wohin"')
    assert question.default == "no"
    assert "%" in question.evidence
    assert answered(guess, '"Wohin"', "yes").customers.columns["email"] == "Wohin"


def test_two_lists_that_could_both_be_the_customers_are_asked_about(desk: Lay) -> None:
    people = "Name,Email,Phone,Town\nNora,n@x.example,+44 117 496 0101,Leith\n"
    more = people + "Ida,i@x.example,+44 117 496 0102,Leith\n"
    guess = desk({"old.csv": people, "new.csv": more}).guess
    assert asked(guess, "customer list").default == "new.csv"
    assert any("new.csv is taken" in notice for notice in guess.notices)
    chosen = answered(guess, "customer list", "old.csv")
    assert chosen.customers.file == "old.csv"
    lonely = desk({"new.csv": more, "survey.csv": "Email,NPS\nn@x.example,9\n"}).guess
    assert not any("customer list" in question.text for question in lonely.questions)


def test_no_question_holds_a_value_of_a_customer(desk: Lay, exports: Path) -> None:
    for name in ("lonely-list.csv", "shopify-customers.csv", "german-excel.csv"):
        guess = desk(exports / name).guess
        said = " ".join(f"{q.text} {q.evidence} {q.notice}" for q in guess.questions)
        assert "@" not in said


def test_every_column_is_shown_with_what_it_was_taken_for(desk: Lay, exports: Path) -> None:
    guess = desk(exports / "lonely-list.csv").guess
    shown = {column.column: column for column in guess.columns}
    assert shown["Last Job"].meaning.startswith("last_purchase_at:")
    assert "%" in shown["Email"].evidence
    assert shown["Referral stage"].meaning == ""
    assert not any("nora@" in f"{column}" for column in guess.columns)


def test_sheets_that_are_no_list_are_named(desk: Lay, sample_workbook: Path) -> None:
    guess = desk(sample_workbook).guess
    assert any("Overview is not read" in notice for notice in guess.notices)
    assert any("Lists is not read: hidden" in notice for notice in guess.notices)
    assert guess.firm == {"currency": "GBP", "region": "GB"}


def test_the_same_files_give_the_same_settings(tmp_path: Path, laid_out: list[Path]) -> None:
    first = propose(laid_out, tmp_path)
    assert propose(list(reversed(laid_out)), tmp_path).firm == first.firm
    assert propose(laid_out, tmp_path) == first
