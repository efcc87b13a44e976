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
from goodword_csv.values.plain import Cell, Column, Distinct, Problem, text_of

LARGEST_CENTS = 10**15
"""Ten trillion in whole units: beyond it a cell is an id or a phone, not an amount."""

_MINUS = dict.fromkeys(map(ord, "\u2212\u2013\u2014\ufe63\uff0d"), "-")
_LETTERS = re.compile(r"[^\W\d_]+\$?|[^\w\s.,'()+-]+")
_DIGITS = re.compile(r"\d[\d.,' ]*|[.,]\d+")
_PLAIN = re.compile(r"\d+(?:([.,])\d{1,2})?")
_QUICK = re.compile(
    r"([$€£]?)(?:(\d{1,9})(?:([.,])(\d\d?))?"
    r"|(\d{1,3}(?:,\d{3}){1,3})\.(\d\d?)|(\d{1,3}(?:\.\d{3}){1,3}),(\d\d?))(?: ?([$€£]))?",
    re.ASCII,
)
"""Nearly all amounts: read by the same rules as all others, and ten times faster."""
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


class _Sure(NamedTuple):
    """An amount that can be read only one way, and the decimal sign that it proves."""

    cents: int | None
    decimal: str | None
    currency: str | None


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
    cells = Distinct(column)
    read = cells.read(_read)
    signs = {key: _sign(one) for key, one in read.items()}
    votes = {sign for sign in signs.values() if sign}
    settled = next(iter(votes)) if len(votes) == 1 else None
    fallback = settled or (decimal if not votes else None)
    either_way = {
        one for one in read.values() if isinstance(one, _Written) and _reads_both_ways(one.digits)
    }
    unsure = either_way if fallback is None else set()
    cents = {
        key: None if one in unsure else _cents(one, signs[key] or fallback or ".")
        for key, one in read.items()
    }

    def what(cell: Cell) -> str:
        return _EITHER_WAY if _read(cell) in unsure else "not an amount"

    said = {key: None if one is None else one.currency for key, one in read.items()}
    return Amounts(
        tuple(cells.spread(cents)),
        tuple(cells.spread(said)),
        cells.unread(cents, what),
        settled,
        bool(either_way) and settled is None,
    )


def fits_currency(found: str | None, home: str) -> bool:
    """Say whether what a cell says (code, shared sign or nothing) may be the home currency."""
    return found is None or found == home or home in SHARED_SIGNS.get(found, ())


def _read(cell: Cell) -> _Sure | _Written | None:
    """Read what needs no look at its neighbours, and take the rest apart."""
    if not isinstance(cell, str):
        return _Sure(_typed_cents(cell), None, None)
    text = text_of(cell)
    quick = _QUICK.fullmatch(text)
    if quick is None or (quick[1] and quick[9]):
        return _written(text)
    sign, currency = quick[1] or quick[9], None
    if sign:
        currency = SIGNS.get(sign, sign)
    whole = quick[2] or quick[5] or quick[7]
    part = quick[4] or quick[6] or quick[8] or ""
    decimal = "." if quick[5] else "," if quick[7] else quick[3]
    return _Sure(
        int(whole.replace(",", "").replace(".", "") + part.ljust(2, "0")), decimal, currency
    )


def currency_in(text: str) -> str | None:
    """Return the code or shared sign that stands in a header or a number format, or None.

    A code of three letters counts only where the text is nothing else, or it is in brackets: a
    column *Total ALL* is not in Albanian money.
    """
    inside = re.findall(r"[(\[]([^)\]]+)[)\]]", text) or [text]
    for part in inside:
        found = _currency(part.strip().removesuffix("."))
        if found is not None:
            return found
    signs = (_currency(word) for word in _LETTERS.findall(text) if not word.isalpha())
    return next(filter(None, signs), None)


def _written(text: str) -> _Written | None:
    """Take an amount apart: currency, minus sign, digits; None when anything else is there."""
    text = text.translate(_MINUS).replace("\u2019", "'")
    currency = None
    for word in _LETTERS.findall(text):
        code = _currency(word)
        if code is None or not _agree(currency, code):
            return None
        currency = currency if currency in CODES else code
        before, _, after = text.partition(word)
        text = f"{before} {after.removeprefix('.') if word.isalpha() else after}"  # as in "Fr. 12"
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


def _sign(one: _Sure | _Written | None) -> str | None:
    if isinstance(one, _Sure):
        return one.decimal
    return _settles(one.digits) if one else None


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


def _cents(one: _Sure | _Written | None, decimal: str) -> int | None:
    if not isinstance(one, _Written):
        return one.cents if one else None
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


def _typed_cents(cell: Cell) -> int | None:
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
