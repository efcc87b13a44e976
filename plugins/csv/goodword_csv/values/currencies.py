"""Currency codes and signs as they stand beside an amount."""

from __future__ import annotations

from goodword_csv.values.plain import word_set

CODES = word_set(
    """
    AED ALL AMD ARS AUD AZN BAM BDT BGN BHD BOB BRL BWP BYN CAD CHF CLP CNY COP CRC CZK DKK DOP
    DZD EGP EUR GBP GEL GHS GTQ HKD HNL HUF IDR ILS INR ISK JMD JOD JPY KES KRW KWD KZT LBP LKR
    MAD MDL MKD MUR MXN MYR NAD NGN NIO NOK NPR NZD OMR PAB PEN PHP PKR PLN PYG QAR RON RSD RUB
    SAR SEK SGD THB TND TRY TTD TWD TZS UAH UGX USD UYU UZS VND XAF XCD XOF XPF ZAR ZMW
    """
)
"""ISO 4217 codes of currencies that businesses invoice in."""

SIGNS: dict[str, str] = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "rs": "INR",
    "us$": "USD",
    "ca$": "CAD",
    "c$": "CAD",
    "a$": "AUD",
    "au$": "AUD",
    "nz$": "NZD",
    "hk$": "HKD",
    "s$": "SGD",
    "r$": "BRL",
    "mx$": "MXN",
    "zł": "PLN",
    "kč": "CZK",
    "ft": "HUF",
    "lei": "RON",
    "₪": "ILS",
    "₺": "TRY",
    "₩": "KRW",
    "₴": "UAH",
    "₫": "VND",
    "฿": "THB",
    "fr": "CHF",
    "sfr": "CHF",
    "euro": "EUR",
    "euros": "EUR",
}
"""Signs that belong to one currency, lower case."""

SHARED_SIGNS: dict[str, frozenset[str]] = {
    "$": word_set("USD CAD AUD NZD SGD HKD MXN ARS CLP COP TWD UYU TTD JMD NAD XCD"),
    "kr": word_set("SEK NOK DKK ISK"),
    "¥": word_set("JPY CNY"),
}
"""Signs that several currencies share; alone they only say what a firm's own currency may be."""
