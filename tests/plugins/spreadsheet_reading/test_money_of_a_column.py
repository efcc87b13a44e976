"""Money: exact cents, and point or comma decided once a column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword_csv.values.money import fits_currency, parse_money
from goodword_csv.values.plain import Cell


def column(*cells: Cell) -> list[tuple[int, Cell]]:
    return list(enumerate(cells, start=2))


@pytest.mark.parametrize(
    ("cell", "cents", "currency"),
    [
        ("1960.17", 196017, None),
        ("1,960.17", 196017, None),
        ("$2,760.17", 276017, "$"),
        ("1.960,17", 196017, None),
        ("1.960,17 €", 196017, "EUR"),
        ("EUR 1.234,56", 123456, "EUR"),
        ("€ 12,50", 1250, "EUR"),
        ("(3.00)", -300, None),
        ("$(3.00)", -300, "$"),
        ("-$3.00", -300, "$"),
        ("$-3.00", -300, "$"),
        ("3.00-", -300, None),
        ("\u22125", -500, None),
        ("1 200,50 kr", 120050, "kr"),
        ("1\u202f200,50", 120050, None),
        ("CHF 1'960.50", 196050, "CHF"),
        ("1\u2019960.50", 196050, None),
        ("12,-", 1200, None),
        ("1,00,000.00", 10000000, None),
        ("1.234.567", 123456700, None),
        ("1234.567", 123457, None),
        ("0.125", 12, None),
        (".5", 50, None),
        ("CA$30", 3000, "CAD"),
        ("$5 USD", 500, "USD"),
        ("'1200", 120000, None),
        (1960.17, 196017, None),
        (0.1 + 0.2, 30, None),
        (-3, -300, None),
    ],
)
def test_amounts_we_know(cell: Cell, cents: int, currency: str | None) -> None:
    amounts = parse_money(column(cell))
    assert amounts.cents == (cents,)
    assert amounts.currencies == (currency,)
    assert not amounts.problems


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "free",
            "12.5%",
            "1.2k",
            "--3",
            "(-3)",
            "5 USD or 6 EUR",
            "2024-01-01",
            "1,23,4",
            "1.5.2",
        ),
        *("4.47912E+11", "+44 7700 900123 x", "1,960.17.5", True, 1e30, float("inf"), "9" * 20),
    ],
)
def test_what_is_no_amount_is_reported_and_never_guessed(cell: Cell) -> None:
    amounts = parse_money(column(cell), decimal=".")
    assert amounts.cents == (None,)
    assert [(one.line, one.what) for one in amounts.problems] == [(2, "not an amount")]


def test_one_amount_settles_the_column() -> None:
    amounts = parse_money(column("1.234", "1.960,17"))
    assert (amounts.cents, amounts.decimal) == ((123400, 196017), ",")
    assert parse_money(column("1.234", "12.5")).cents == (123, 1250)


def test_without_evidence_the_settings_decide_or_nobody() -> None:
    assert parse_money(column("1.234"), decimal=",").cents == (123400,)
    unread = parse_money(column("1.234", "950"))
    assert unread.cents == (None, 95000)
    assert unread.ambiguous
    assert [problem.line for problem in unread.problems] == [2]


def test_a_column_in_both_styles_leaves_the_unclear_ones_unread() -> None:
    amounts = parse_money(column("1.960,17", "1,960.17", "1.234"), decimal=".")
    assert amounts.cents == (196017, 196017, None)
    assert amounts.decimal is None


def test_a_shared_sign_may_be_the_home_currency() -> None:
    assert fits_currency("$", "CAD")
    assert fits_currency(None, "EUR")
    assert not fits_currency("$", "EUR")
    assert not fits_currency("GBP", "EUR")


CENTS = st.integers(-(10**11), 10**11)
STYLES = [
    ("{sign}{whole:,}.{part:02}", ","),
    ("{sign}${whole:,}.{part:02}", ","),
    ("{sign}{whole:,}.{part:02} €", ","),
    ("{sign}{whole:,}.{part:02}", " "),
    ("{sign}{whole:,}.{part:02}", ""),
]


def written(cents: int, style: str, group: str, decimal: str) -> str:
    text = style.format(sign="-" * (cents < 0), whole=abs(cents) // 100, part=abs(cents) % 100)
    return text.translate({ord(","): group, ord("."): decimal})


@given(st.lists(CENTS, min_size=1, max_size=8), st.sampled_from(STYLES))
def test_amounts_with_a_point_come_back(cents: list[int], style: tuple[str, str]) -> None:
    cells = [written(one, *style, ".") for one in cents]
    assert parse_money(column(*cells)).cents == tuple(cents)


@given(st.lists(CENTS, min_size=1, max_size=8), st.sampled_from(STYLES))
def test_amounts_with_a_comma_come_back(cents: list[int], style: tuple[str, str]) -> None:
    group = "." if style[1] == "," else style[1]
    cells = [written(one, style[0], group, ",") for one in cents]
    assert parse_money(column(*cells)).cents == tuple(cents)


@given(st.floats() | st.text(max_size=20))
def test_no_cell_breaks_the_reader(cell: float | str) -> None:
    assert len(parse_money(column(cell), decimal=",").cents) == 1
