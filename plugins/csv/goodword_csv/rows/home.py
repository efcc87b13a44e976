"""Where a firm is at home: its currency and country, from what its amounts and phones say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import phonenumbers

from goodword_csv.settings import CsvSettings, Source
from goodword_csv.values.currencies import CODES, SHARED_SIGNS
from goodword_csv.values.people import parse_phones
from goodword_csv.values.plain import Column

_COUNTRY = {
    **{"GBP": "GB", "USD": "US", "CAD": "CA", "AUD": "AU", "NZD": "NZ", "CHF": "CH", "SEK": "SE"},
    **{"NOK": "NO", "DKK": "DK", "PLN": "PL", "CZK": "CZ", "INR": "IN", "ZAR": "ZA", "SGD": "SG"},
    **{"HKD": "HK", "JPY": "JP", "BRL": "BR", "MXN": "MX", "ILS": "IL", "TRY": "TR", "HUF": "HU"},
}
"""Countries by a currency that is theirs alone, or nearly."""

_CURRENCY = {country: currency for currency, country in _COUNTRY.items()}
_MONTH_FIRST = ("US",)
_POINT = ("US", "GB", "IE", "CA", "AU", "NZ", "IN", "SG", "HK", "JP", "MX", "IL", "CH")


def region_of(phones: Iterable[Column], currency: str | None) -> str | None:
    """Return the two-letter country that most numbers with a country code are from.

    Args:
        phones: Columns of phone numbers.
        currency: Home currency, which speaks where no number has a country code.
    """
    found: Counter[str] = Counter()
    for column in phones:
        for numbers in parse_phones(column).values:
            for number in numbers:
                parsed = phonenumbers.parse(number)
                country = phonenumbers.region_code_for_number(parsed)
                shared = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
                found[country or shared] += 1
    best, votes = found.most_common(1)[0] if found else ("", 0)
    if votes * 2 > found.total() and len(best) == 2 and best.isalpha():
        return best
    return country_of(currency)


def country_of(currency: str | None) -> str | None:
    """Return the country whose currency it is, where it is one country's alone, or nearly."""
    return _COUNTRY.get(currency or "")


def currency_of(said: Counter[str], region: str | None) -> tuple[str | None, list[str]]:
    """Return the home currency and every currency that amounts name.

    Args:
        said: What the amounts say, and how often: codes, and signs such as ``$``.
        region: Country, which tells whose ``$`` it is.
    """
    codes = [code for code, _ in said.most_common() if code in CODES]
    if codes:
        return codes[0], sorted(codes)
    own = _CURRENCY.get(region or "")
    for sign in said:
        candidates = SHARED_SIGNS.get(sign, frozenset())
        if own in candidates:
            return own, []
        if "USD" in candidates:
            return "USD", []
    return None, []


def usual_day_first(region: str | None) -> bool | None:
    """Say whether the day comes before the month there; None for an unknown country."""
    return None if region is None else region not in _MONTH_FIRST


def day_first_in(source: Source, settings: CsvSettings) -> bool | None:
    """Say how dates of ours are read after a spreadsheet program has rewritten them its way."""
    return usual_day_first(settings.region) if source.day_first is None else source.day_first


def usual_decimal(region: str | None) -> str | None:
    """Return the usual decimal sign there; None for an unknown country."""
    return None if region is None else "." if region in _POINT else ","
