"""One column of amounts: exact cents, and point or comma decided once.

A column tells its decimal sign, but not its country. Libraries that read numbers want a locale:
given one, they take ``1.234`` for either and refuse what its neighbours write (``1'960.17``, Indian
groups of two), so what is possible is worked out here from the digits and signs alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from goodword_csv.values.currencies import CODES, SHARED_SIGNS, SIGNS
from goodword_csv.values.plain import Cell, Column, Problem, is_empty, read_once, text_of

LARGEST_CENTS = 10**15
"""Ten trillion in whole units: beyond it a cell is an id or a phone, not an amount."""

_MINUS = dict.fromkeys(map(ord, "\u2212\u2013\u2014\ufe63\uff0d"), "-")
_LETTERS = re.compile(r"[^\W\d_]+\$?|[^\w\s.,'()+-]+")
_DIGITS = re.compile(r"\d[\d.,' ]*|[.,]\d+")
_PLAIN = re.compile(r"\d+(?:([.,])\d{1,2})?")
_EITHER_WAY = "point and comma could be either way round"
_GROUPED = r"\d{{1,3}}(?:{0}\d{{2,3}})*{0}\d{{3}}"


@dataclass(frozen=True, slots=True)
class Amounts:
    """A column of money.

    Attributes:
        cents: Integer cents a cell, None where it is empty or could not be read.
        currencies: What the cell itself says: an ISO code, a sign several countries share
            (``$``, ``kr``, ``¥``), or None.
        problems: Cells that hold something, but no amount we can be sure of.
        decimal: Decimal sign the column settles; None when nothing does.
        ambiguous: Some cell reads both ways (``1.234``) and nothing in the column settles it.
    """

    cents: tuple[int | None, ...]
    currencies: tuple[str | None, ...]
    problems: tuple[Problem, ...]
    decimal: str | None
    ambiguous: bool


class _Written(NamedTuple):
    """An amount as text: its digits with their signs, still to be read."""

    digits: str
    negative: bool
    currency: str | None


def parse_money(column: Column, *, decimal: str | None = None) -> Amounts:
    """Read a column of amounts as exact cents.

    One cell that can be read only one way (``1,960.17``, ``12,5``) settles the decimal sign
    for the column. ``(3.00)``, ``-$3.00`` and ``3.00-`` are negative.

    Args:
        column: The cells.
        decimal: The settings' word, ``.`` or ``,``, for a column that does not settle it;
            without it ``1.234`` stays unread and is reported.
    """
    read = read_once(column, lambda cell: _written(cell) if isinstance(cell, str) else cell)
    written = {one for one in read if isinstance(one, _Written)}
    signs = {one: _settles(one.digits) for one in written}
    votes = {sign for sign in signs.values() if sign}
    settled = next(iter(votes)) if len(votes) == 1 else None
    fallback = settled or (decimal if not votes else None)
    either_way = {one for one in written if _reads_both_ways(one.digits)}
    unsure = either_way if fallback is None else set()
    sums = {one: _cents(one, signs[one] or fallback or ".") for one in written - unsure}
    cents = tuple(sums.get(one) if isinstance(one, _Written) else _typed_cents(one) for one in read)
    problems = tuple(
        Problem(line, _EITHER_WAY if one in unsure else "not an amount")
        for (line, cell), one, value in zip(column, read, cents, strict=True)
        if value is None and not is_empty(cell)
    )
    currencies = tuple(one.currency if isinstance(one, _Written) else None for one in read)
    ambiguous = bool(either_way) and settled is None
    return Amounts(cents, currencies, problems, settled, ambiguous)


def fits_currency(found: str | None, home: str) -> bool:
    """Say whether what a cell says (code, shared sign or nothing) may be the home currency."""
    return found is None or found == home or home in SHARED_SIGNS.get(found, ())


def _written(cell: str) -> _Written | None:
    """Take an amount apart: currency, minus sign, digits; None when anything else is there."""
    text = text_of(cell).translate(_MINUS).replace("\u2019", "'")
    currency = None
    for word in _LETTERS.findall(text):
        code = _currency(word)
        if code is None or not _agree(currency, code):
            return None
        currency = currency if currency in CODES else code
        text = text.replace(word, " ", 1)
    text = re.sub(r"(?<=\d)[.,]-+$", "", text.strip())  # "12,-" means no cents
    bracketed = text.startswith("(") and text.endswith(")")
    text = text[1:-1].strip() if bracketed else text
    dashed = text.startswith("-") or text.endswith("-")
    if dashed:
        text = text.strip("-") if text.count("-") == 1 else "--"
    text = text.removeprefix("+").strip().removeprefix("'")
    if not _DIGITS.fullmatch(text) or (bracketed and dashed):
        return None
    return _Written(text, bracketed or dashed, currency)


def _currency(word: str) -> str | None:
    if word.upper() in CODES:
        return word.upper()
    if word in SHARED_SIGNS:
        return word
    return SIGNS.get(word.lower())


def _agree(one: str | None, other: str) -> bool:
    """``$`` and ``USD`` may stand beside one amount, ``USD`` and ``EUR`` may not."""
    if one is None or one == other:
        return True
    return other in SHARED_SIGNS.get(one, ()) or one in SHARED_SIGNS.get(other, ())


def _settles(digits: str) -> str | None:
    """The decimal sign this amount proves, or None when it proves nothing."""
    if plain := _PLAIN.fullmatch(digits):
        return plain[1]
    if _reads_both_ways(digits):
        return None
    readable = [sign for sign in ".," if _amount(digits, sign) is not None]
    return readable[0] if len(readable) == 1 else None


def _reads_both_ways(digits: str) -> bool:
    """``1.234`` and ``12,345``: thousands for one reader, decimals for another."""
    return bool(re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", digits))


def _cents(one: _Written, decimal: str) -> int | None:
    amount = _amount(one.digits, decimal)
    return None if amount is None else _rounded(amount, negative=one.negative)


def _amount(digits: str, decimal: str) -> Decimal | None:
    """Read the digits with a known decimal sign; groups of thousands must be whole."""
    whole, _, part = digits.partition(decimal)
    if decimal in part or not re.fullmatch(r"\d*", part):
        return None
    groups = {sign for sign in whole if not sign.isdigit()}
    if len(groups) > 1:
        return None
    if groups:
        (sign,) = groups
        if sign == decimal or not re.fullmatch(_GROUPED.format(re.escape(sign)), whole):
            return None
        whole = whole.replace(sign, "")
    return Decimal(f"{whole or 0}.{part or 0}")


def _typed_cents(cell: Cell | None) -> int | None:
    """Cents of a number cell; the shortest decimal that gives the float is what was typed."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    amount = Decimal(repr(cell))
    return _rounded(abs(amount), negative=amount < 0) if amount.is_finite() else None


def _rounded(amount: Decimal, *, negative: bool) -> int | None:
    cents = int((amount * 100).quantize(Decimal(1), ROUND_HALF_EVEN)) if amount < 10**20 else None
    if cents is None or cents > LARGEST_CENTS:
        return None
    return -cents if negative else cents
