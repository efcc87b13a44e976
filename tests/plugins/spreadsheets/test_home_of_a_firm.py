"""Where a firm is at home: what its amounts say of the country its phones are from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from goodword_csv.values.money import currency_in, parse_money

Lay = Callable[..., Any]


def list_of(amount: str, header: str = "Total spent") -> str:
    return (
        f"Name,Phone,Last job,{header}\n"
        f'Nora Quill,0117 496 0101,2026-11-02,"{amount}"\nIda B,0117 496 0102,2026-11-03,\n'
    )


@pytest.mark.parametrize(
    ("amount", "header", "currency", "region"),
    [
        ("£900.00", "Total spent", "GBP", "GB"),
        ("900.00", "Total spent (£)", "GBP", "GB"),
        ("900.00", "Total spent (CHF)", "CHF", "CH"),
        ("Fr. 900.00", "Total spent", "CHF", "CH"),
        ("SFr.900.00", "Total spent", "CHF", "CH"),
        ("900 zł", "Total spent", "PLN", "PL"),
    ],
)
def test_a_currency_of_one_country_names_the_country(
    desk: Lay, amount: str, header: str, currency: str, region: str
) -> None:
    guess = desk({"people.csv": list_of(amount, header)}).guess
    assert (guess.settings["currency"], guess.settings["region"]) == (currency, region)
    assert not any("country" in question.text for question in guess.questions)


@pytest.mark.parametrize("amount", ["€900.00", "900 kr", "900 kr.", "900.00"])
def test_a_currency_of_several_countries_leaves_the_question(desk: Lay, amount: str) -> None:
    guess = desk({"people.csv": list_of(amount)}).guess
    (question,) = (one for one in guess.questions if "country" in one.text)
    assert question.default == ""


@pytest.mark.parametrize(
    ("code", "currency", "country"),
    [
        ("£#,##0.00", "GBP", "GB"),
        ("[$£-809]#,##0.00", "GBP", "GB"),
        ('"CHF" #,##0', "CHF", "CH"),
        ("[$Fr.-807] #,##0.00", "CHF", "CH"),
        ("#,##0.00 [$€-407]", "EUR", ""),
        ("#,##0.00 [$kr-41D]", "", ""),
    ],
)
def test_number_formats_of_a_workbook_suggest_an_answer(
    desk_at: Lay, tmp_path: Path, code: str, currency: str, country: str
) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["Name", "Phone", "Last job", "Total spent"])
    page.append(["Nora Quill", "0117 496 0101", "2026-11-02", 900])
    page.append(["Ida B", "0117 496 0102", "2026-11-03", 90.5])
    page["D2"].number_format = page["D3"].number_format = code
    book.save(tmp_path / "people.xlsx")
    guess = desk_at(tmp_path, [tmp_path / "people.xlsx"]).guess
    assert "currency" not in guess.settings
    defaults = {question.text[:13]: question.default for question in guess.questions}
    assert defaults == {"Which country": country, "Which currenc": currency}


@pytest.mark.parametrize("text", ["Total ALL", "Sum", "TRY", "Top", "Amount", "Prix TTC"])
def test_a_header_is_rarely_a_currency(text: str) -> None:
    assert currency_in(text) in {None, "TRY"}


def test_an_abbreviated_currency_keeps_its_amount() -> None:
    cells = ["Fr. 1'250.50", "900 kr.", "Rs. 1,200", "Fr.50"]
    assert parse_money(list(enumerate(cells))).cents == (125_050, 90_000, 120_000, 5_000)
