"""E-mail addresses, phone numbers and names as people write them into one cell."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

from goodword_csv.values.plain import (
    Cell,
    Column,
    Distinct,
    Problem,
    id_of,
    is_empty,
    text_of,
    word_set,
)
from goodword_csv.values.quick_phones import quick_e164

_IN_MAIL = r"[^@\s<>,;:\"()\[\]]"
_MAIL = re.compile(  # it starts where a word starts, so that the work is linear in the text
    rf"(?<!{_IN_MAIL}){_IN_MAIL}+@{_IN_MAIL}+\.[^@\s<>.,;:\"()\[\]\d]{{2,}}"
)
_PLAIN_MAIL = re.compile(r"[\w.+-]+@[\w.-]+\.[A-Za-z]{2,}", re.ASCII)
_MAILTO = re.compile(r"^\s*mailto:", re.IGNORECASE)
_MAIL_SEPARATORS = re.compile(r"\s+:::\s+|[;,|\n]+|\s+/\s+|\s{2,}")
_PHONE_SEPARATORS = re.compile(r"\s*:::\s*|[;,|\n]+|\s+/\s+|\s+(?:or|and|oder|ou|o|of)\s+")
_PHONE_LABEL = re.compile(r"^(?:[^\W\d_]{1,12}\.?\s*:|p:)\s*", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_CUT_SHORT = "a phone number cut short by the spreadsheet program"
_NO_PHONE = "not a phone number we can read"
_COMPANY = re.compile(
    r"\b(?:inc|llc|llp|ltd|limited|corp|corporation|company|gmbh|ag|ug|kg|ohg|bv|nv|vof|sarl|sas"
    r"|sa|sl|srl|plc|pty|e\.k)\b|(?:&|\b(?:and|und|et))\s*(?:co|sons|daughters|partners?)\b",
    re.IGNORECASE,
)
_TITLES = word_set(
    "mr mrs ms miss mx dr prof herr frau hr fr m mme mlle sr sra srta dhr mevr drs ing"
)
_OF_MEN = word_set(
    "mr mister sir herr herrn hr monsieur m sr senor signor signore sig dhr heer meneer senhor pan"
)
_OF_WOMEN = word_set(
    "mrs ms miss madam frau fr fraulein madame mademoiselle mme mlle sra srta senora senorita"
    " signora signorina sigra mevr mevrouw mw senhora dona pani fru froken"
)
_OF_BOTH = word_set(
    "mx dr drs dra prof professor professorin doctor doktor dott dottssa dottore dottoressa ing ir"
    " mag dipling"
)
_PARTICLES = word_set("van von der den de del della di da dos du la le ten ter zu bin al")
_SUFFIXES = word_set("jr sr ii iii iv md phd esq mba cpa")
BESIDE_NAMES = _TITLES | _PARTICLES | _SUFFIXES | word_set("and und et y e en og och i")
"""Words of a name that tell nobody apart, in lower case."""


@dataclass(frozen=True, slots=True)
class Lists:
    """A column whose cells may hold several values; the first of each is the primary one."""

    values: tuple[tuple[str, ...], ...]
    problems: tuple[Problem, ...]


def parse_emails(column: Column) -> Lists:
    """Read e-mail addresses, lower case: ``a@x ::: b@x``, ``Pat <a@x>``, ``mailto:a@x``."""
    cells = Distinct(column)
    known = cells.read(_emails_of)
    problems = cells.unread(known, "holds no readable e-mail address")
    return Lists(tuple(cells.spread(known)), problems)


def parse_phones(column: Column, *, region: str | None = None) -> Lists:
    """Read phone numbers as E.164.

    Args:
        column: The cells; several numbers, labels and extensions are understood.
        region: Two-letter country of numbers written without a country code; without it only
            numbers that begin with ``+`` or ``00`` can be read.

    Returns:
        The numbers. One that the spreadsheet program turned into ``4.47912E+11`` has lost its
        last digits for good, so it is reported and never guessed.
    """
    cells = Distinct(column)
    known = cells.read(lambda cell: _phones_in(cell, region))
    return Lists(tuple(cells.spread(known)), cells.unread(known, _why_unread))


def _why_unread(cell: Cell) -> str:
    return _CUT_SHORT if _SCIENTIFIC.fullmatch(id_of(cell)) else _NO_PHONE


def split_name(cell: Cell) -> tuple[str, str]:
    """Split a full name into first and last name, for a greeting only; never written back.

    Returns:
        Both parts without titles; two empty strings for a company or an empty cell, and an
        empty first name where only a family name stands.
    """
    text = _plain(text_of(cell))
    if not text or _COMPANY.search(text) or any(sign.isdigit() for sign in text):
        return "", ""
    if text.count(",") == 1:
        last, first = (part.strip() for part in text.split(","))
        if first.lower().rstrip(".") not in _SUFFIXES:
            return _without_titles(first), last
        text = last
    text = re.split(r"\s+(?:&|\+|and|und|et|y|en)\s+", text)[0]
    words = _without_titles(text).split()
    titled = len(words) < len(text.split())
    while len(words) > 1 and words[-1].lower().strip(".") in _SUFFIXES:
        words.pop()
    if len(words) < 2:
        return ("", " ".join(words)) if titled else (" ".join(words), "")
    cut = next((i for i, word in enumerate(words) if i and word.lower() in _PARTICLES), -1)
    return words[0], " ".join(words[cut:])


def without_address(name: str) -> tuple[str, str]:
    """Return a name without the forms of address before it, and for whom they are.

    Returns:
        The rest, and ``m`` or ``w``; empty where they say neither. A name of which less than
        two words are left stays as it is: Mr and Mrs Miller are two people.
    """
    words = name.split()
    whose = ""
    first = 0
    while first < len(words) - 2:
        word = _title(words[first])
        if word == "de" and _title(words[first + 1]) == "heer":  # Dutch writes it in two words
            word = ""
        if word in _OF_MEN or word in _OF_WOMEN:
            whose = "m" if word in _OF_MEN else "w"
        elif word and word not in _OF_BOTH:
            break
        first += 1
    return (" ".join(words[first:]), whose) if first else (name, "")


def _title(word: str) -> str:
    plain = word.lower().replace(".", "").replace("-", "")
    if plain.isascii():
        return plain
    apart = unicodedata.normalize("NFKD", plain)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _emails_of(cell: Cell) -> tuple[str, ...]:
    text = text_of(cell)
    if _PLAIN_MAIL.fullmatch(text):  # the rest of this takes ten times longer
        lower = text.lower()
        return (text if text == lower else lower,)  # nearly all are; so they are kept only once
    found: list[str] = []
    for piece in _MAIL_SEPARATORS.split(text):
        match = _MAIL.search(_MAILTO.sub("", piece))
        mail = match[0].lower().strip("'") if match else ""
        if mail and mail not in found:
            found.append(mail)
    return tuple(found)


def _phones_in(cell: Cell, region: str | None) -> tuple[str, ...]:
    text = id_of(cell)
    quick = quick_e164(text, region) if "/" not in text else None
    if quick is not None:  # nearly all are plain numbers of the firm's own country
        return (quick,)
    return () if is_empty(cell) or _SCIENTIFIC.fullmatch(text) else _phones_of(text, region)


def _phones_of(text: str, region: str | None) -> tuple[str, ...]:
    found: list[str] = []
    for piece in _PHONE_SEPARATORS.split(text):
        number = _e164(_PHONE_LABEL.sub("", piece.strip()).strip().removeprefix("'"), region)
        if number and number not in found:
            found.append(number)
    return tuple(found)


def _e164(text: str, region: str | None) -> str | None:
    """One number; ``00`` is tried as ``+``, for regions with another exit code too.

    With its country code a number need only have a length that exists there; without one it
    must also be in a range that is given out, because the region is only our assumption.
    """
    quick = quick_e164(text, region)
    if quick is not None:
        return quick
    for attempt in (text, f"+{text[2:]}" if text.startswith("00") else ""):
        try:
            number = phonenumbers.parse(attempt, region)
        except phonenumbers.NumberParseException:
            continue
        abroad = attempt.startswith("+") and phonenumbers.is_possible_number(number)
        if abroad or phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def _plain(text: str) -> str:
    """Drop emoji, brackets and quotation marks around a name."""
    text = re.sub(r"\([^)]*\)|\"[^\"]*\"|[^\w\s.,&+'\u2019-]|_", " ", text)
    return " ".join(text.split())


def _without_titles(text: str) -> str:
    words = text.split()
    while words and words[0].lower().rstrip(".") in _TITLES:
        words.pop(0)
    return " ".join(words)
