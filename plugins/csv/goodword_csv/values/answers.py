"""Yes and no, consent, counts, and the scores of surveys, each column on one scale."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from goodword_csv.values.plain import (
    Cell,
    Column,
    Distinct,
    Problem,
    is_empty,
    read_once,
    text_of,
    word_set,
)

Answer = Literal["yes", "no", "unknown"]
"""Consent is never assumed: an empty cell is unknown."""

NPS_TOP, CSAT_TOP = 10, 5
"""NPS runs from 0 to 10, CSAT and reviews from 1 to 5."""

_YES = word_set(
    """
    yes y true t 1 x on ok ja j wahr oui vrai si verdadero subscribed optedin optin granted active
    erteilt eingewilligt angemeldet abonniert abonne inscrit suscrito aangemeld akkoord checked
    sim tak confirmed singleoptin doubleoptin marketingcontact explicit
    """
)
_NO = word_set(
    """
    no n nao nie nej false f 0 off nein falsch non faux nee onwaar unsubscribed optedout optout
    denied revoked cleaned bounced abgemeldet widerrufen desabonne desinscrit baja uitgeschreven
    afgemeld unchecked nonmarketingcontact neversubscribed suppressed never donotcontact falso
    archived
    """
)
_LONGEST = 100
"""Letters that are looked at: no answer of ours is half as long, and a note may be a novel."""
_BLOCKED = ("gesperrt", "sperr", "block", "bloqu", "bloc", "blokk", "geblok", "zablok", "banned")
_SATISFACTION = {
    5: "verysatisfied extremelysatisfied excellent love loveit sehrzufrieden ausgezeichnet"
    " tressatisfait muysatisfecho zeertevreden great amazing outstanding",
    4: "satisfied somewhatsatisfied good happy zufrieden gut satisfait satisfecho tevreden goed"
    " bueno bon like",
    3: "neutral neither neithersatisfiednordissatisfied average ok okay fair mittel neutre neutraal"
    " regular teilsteils",
    2: "dissatisfied somewhatdissatisfied unsatisfied poor bad unhappy unzufrieden schlecht"
    " insatisfait insatisfecho ontevreden slecht mauvais malo",
    1: "verydissatisfied extremelydissatisfied veryunsatisfied verypoor terrible awful"
    " sehrunzufrieden tresinsatisfait muyinsatisfecho zeerontevreden",
}
_WORDS = {word: score for score, words in _SATISFACTION.items() for word in words.split()}
_NUMBER = re.compile(
    r"(\d{1,3})(?:[.,]0+)?(?:\s*(?:/|out of|of|von|sur|de|van)\s*(\d{1,3}))?"
    r"(?:\s*[-\u2013:=(]\s*\D.*|\s*%)?",
    re.IGNORECASE,
)
_GRADE = re.compile(r"([1-6])(?:[.,](\d+))?\s*[+-]?(?:\s*[-\u2013:=(]\s*\D.*)?")
_WORST = 6
_COUNT = re.compile(r"(\d{1,9})(?:[.,]0+)?")
_FILLED_STARS, _ALL_STARS = "★⭐🌟", "★⭐🌟☆✩"


@dataclass(frozen=True, slots=True)
class Answers:
    """A column of yes, no or unknown."""

    values: tuple[Answer, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """A column of scores; *scale* is the top of the scale the cells were read on."""

    values: tuple[int | None, ...]
    problems: tuple[Problem, ...]
    scale: int


@dataclass(frozen=True, slots=True)
class Counts:
    """A column of whole numbers from 0 on."""

    values: tuple[int | None, ...]
    problems: tuple[Problem, ...]


def parse_counts(column: Column) -> Counts:
    """Read a column of whole numbers, as in "Total orders"."""
    cells = Distinct(column)
    known = cells.read(_count)
    return Counts(tuple(cells.spread(known)), cells.unread(known, "not a whole number"))


def _count(cell: Cell) -> int | None:
    match = _COUNT.fullmatch(text_of(cell))
    return int(match[1]) if match else None


def parse_yes_no(column: Column, *, filled_means_yes: bool = False) -> Answers:
    """Read a column of ticks, words or numbers; what is neither stays unknown.

    Args:
        column: The cells.
        filled_means_yes: A date or any other text stands for yes, as in ``UNSUB_TIME``.
    """
    otherwise: Answer = "yes" if filled_means_yes else "unknown"
    cells = Distinct(column)
    known = cells.read(lambda cell: _answer(text_of(cell)))
    problems = () if filled_means_yes else cells.unread(known, "neither yes nor no")
    said = {key: answer or otherwise for key, answer in known.items()}
    return Answers(tuple(cells.spread(said)), problems)


def _answer(text: str) -> Answer | None:
    """What a word stands for; unknown for an empty cell, None for a word that is neither."""
    word = _folded(text)
    if word in _YES or text in {"✓", "✔", "☑", "✅"}:
        return "yes"
    if word in _NO or text in {"✗", "✘", "☐", "❌"}:
        return "no"
    return "unknown" if is_empty(text) else None


def says_blocked(cell: Cell) -> bool:
    """Say whether a word is one for people who are to be left alone, in our languages."""
    text = text_of(cell)
    return len(text.split()) == 1 and _folded(text).startswith(_BLOCKED)


def consent_of(*, allowed: tuple[Answer, ...], refused: tuple[Answer, ...]) -> Answer:
    """Fold what several columns say about one person into one consent.

    Args:
        allowed: Answers of columns where yes means "may be contacted".
        refused: Answers of columns where yes means "must not be contacted".

    Returns:
        ``no`` as soon as one column refuses, ``yes`` when one allows, ``unknown`` otherwise.
        An opt-out box that is not ticked allows nothing.
    """
    if "no" in allowed or "yes" in refused:
        return "no"
    return "yes" if "yes" in allowed else "unknown"


def parse_nps(column: Column) -> Scores:
    """Read answers to "how likely are you to recommend us", 0 to 10."""
    return _scores(column, NPS_TOP, low=0, scale=NPS_TOP)


def parse_csat(column: Column, *, scale: int | None = None) -> Scores:
    """Read satisfaction on the scale 1 to 5, from numbers, stars or words.

    Another scale is brought to 1 to 5 rounding down (8 of 10 is 4, 9 of 10 is 4), so that nobody
    looks happier than they said.

    Args:
        column: The cells.
        scale: Top of the scale of plain numbers; without it 5, 10 or 100, whichever is the
            first to hold every number of the column.
    """
    if scale is None:
        cells = dict.fromkeys(cell for _, cell in column if not isinstance(cell, bool))
        plain = [int(m[1]) for cell in cells if (m := _number(cell)) and not m[2]]
        highest = max(plain, default=0)
        scale = next((top for top in (CSAT_TOP, NPS_TOP, 100) if highest <= top), 100)
    return _scores(column, CSAT_TOP, low=1, scale=scale)


def parse_grades(column: Column) -> Scores:
    """Read grades as at school, 1 the best and 5 or 6 the worst, as satisfaction from 5 down to 1.

    A grade between two is the worse of them, so that nobody looks happier than they said. Words,
    stars and "4 of 5" say themselves which end is good.
    """
    words = parse_csat(column, scale=CSAT_TOP)
    grades = read_once(column, _grade)
    values = tuple(
        grade if isinstance(grade, int) else None if grade else value
        for grade, value in zip(grades, words.values, strict=True)
    )
    problems = tuple(
        Problem(line, "not a grade from 1 to 6")
        for (line, cell), value in zip(column, values, strict=True)
        if value is None and not is_empty(cell)
    )
    return Scores(values, problems, _WORST)


def _grade(cell: Cell) -> int | str | None:
    """Return the satisfaction of a grade; a text for a number that is none, None for words."""
    text = text_of(cell)
    match = _GRADE.fullmatch(text)
    if match is None:
        plain = _number(cell)
        return text if plain and not plain[2] else None
    worse = int(match[1]) + any(digit != "0" for digit in match[2] or "")
    return max(1, CSAT_TOP + 1 - worse) if worse <= _WORST else text


def _scores(column: Column, top: int, *, low: int, scale: int) -> Scores:
    def read(cell: Cell) -> int | None:
        return None if is_empty(cell) else _score(cell, top, low, scale)

    cells = Distinct(column)
    known = cells.read(read)
    problems = cells.unread(known, f"not a score from {low} to {top}")
    return Scores(tuple(cells.spread(known)), problems, scale)


def _score(cell: Cell, top: int, low: int, scale: int) -> int | None:
    if match := _number(cell):
        value, of = int(match[1]), int(match[2] or scale)
        if of < CSAT_TOP or value > of or (of == top and value < low):
            return None
        return value if of == top else max(low, value * top // of)
    if top != CSAT_TOP:
        return None
    text = text_of(cell).replace("\ufe0f", "")
    if text and all(sign in _ALL_STARS for sign in text) and len(text) <= CSAT_TOP:
        return sum(sign in _FILLED_STARS for sign in text) or None
    return _WORDS.get(_folded(cell))


def _number(cell: Cell) -> re.Match[str] | None:
    return None if isinstance(cell, bool) else _NUMBER.fullmatch(text_of(cell))


def _folded(cell: Cell) -> str:
    """Lower-case letters and digits without accents."""
    plain = unicodedata.normalize("NFKD", text_of(cell)[:_LONGEST]).lower()
    return "".join(sign for sign in plain if sign.isalnum())
