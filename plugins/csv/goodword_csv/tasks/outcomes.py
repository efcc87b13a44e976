"""What a rep typed as the outcome of a task, read as one of our words with care."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from goodword import OUTCOMES
from goodword_csv.headers.refusals import status_refuses
from goodword_csv.headers.remarks import says_leave_alone

DIED = "has died"
"""What a rep may choose beside the words of the core; it is read as "never"."""
CHOICES = (*OUTCOMES, DIED)
MOST_CAREFUL_FIRST = ("never", "unhappy", "wrong person", "later", "no answer", "no", "yes")
"""Where several of our words stand in a text, the one that bothers the person least counts."""
_ONE_SLIP = 1
"""A letter missing, doubled, wrong or swapped with the next; two already make other words."""
_LONG = 6
"""Letters from which a slip counts within a sentence: "newer" and "late" are words of their own.

A slip of a shorter word counts only where nothing else is said, and of "no" and "yes" never.
"""
_SHORT = 5
_NOISE = re.compile(
    r"\bno (?:problem|worr|issue|trouble|doubt|hurry|rush)\w*|\bno \d+|\bnot unhappy\b"
)
"""Texts with a "no" that says nothing: "no problem", "no. 12 Mill Lane"."""
_NOT_HAPPY = re.compile(
    r"\b(?:not|isnt|wasnt|arent|un)(?: (?:very|too|so|that|really|quite|all|at all))* hap+y\b"
)
_FORMULA = re.compile(r"\s*'?(?:=|[+@-]\s*[A-Za-z.]+\()")
"""A formula in a text file: what it would show is not what stands there, and may be anybody's."""
_NOT_AGAIN = re.compile(
    r"\b(?:do not|dont)(?: ever)? (?:ask|call|contact|ring|phone|bother)(?: \w+)? (?:again|anymore)"
)


def is_ours(text: str) -> bool:
    """Say whether a text is one of our words as it is, but for case, spaces and hyphens."""
    return _folded(text) in CHOICES and not _FORMULA.match(text)


def read_outcome(text: str) -> str | None:
    """Return the outcome in our words; None for an empty text or one that is not understood."""
    if _FORMULA.match(text):
        return None
    said = _folded(text)
    if said in OUTCOMES:
        return said
    if said == DIED or says_leave_alone(text) or (len(said.split()) == 1 and status_refuses(text)):
        return "never"
    said = _NOT_AGAIN.sub(" never ", _NOT_HAPPY.sub(" unhappy ", _NOISE.sub(" ", said)))
    words = said.split()
    whole = next((o for o in MOST_CAREFUL_FIRST if _slipped(" ".join(words), o, _SHORT)), None)
    return whole or next((o for o in MOST_CAREFUL_FIRST if _stands_in(words, o)), None)


def _folded(text: str) -> str:
    """Lower case, apostrophes gone, single spaces for everything else that is no letter."""
    return " ".join(re.sub(r"[^\w]+", " ", re.sub(r"['\u2019]", "", text.lower())).split())


def _stands_in(words: list[str], outcome: str) -> bool:
    size = len(outcome.split())
    found = (" ".join(words[at : at + size]) for at in range(len(words) - size + 1))
    return any(each == outcome or _slipped(each, outcome, _LONG) for each in found)


def _slipped(said: str, outcome: str, least: int) -> bool:
    """Say whether a text is an outcome with one slip; the "no" of "no answer" has none."""
    if len(outcome) < least or said[:1] != outcome[:1]:
        return False
    if outcome.startswith("no ") and not said.startswith("no "):
        return False
    return OSA.distance(said, outcome, score_cutoff=_ONE_SLIP) <= _ONE_SLIP
