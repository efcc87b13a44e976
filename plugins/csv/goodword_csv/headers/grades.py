"""Scores that may be grades as at school, where 1 is the best: words that people head them with."""

from __future__ import annotations

import re

from goodword_csv.headers.vocabulary import header_key
from goodword_csv.values.answers import CSAT_TOP
from goodword_csv.values.plain import Column, text_of, word_set

_GRADES = word_set("note noten gesamtnote ocena oceny znamka znamky")
_OF_GRADES = word_set("schulnote benot zufrieden bewert zadowol satysfak spokojen hodnocen ocenak")
"""Words, and parts of words, for scores in places where 1 is the best grade at school."""
_SAYS_BEST = re.compile(r"[56](?:sehr|best|top|voll|ausge|exzel|bardzo|celuj|nej|vyborn)")
_GRADE = re.compile(r"([1-6])(?:[.,]\d+)?(?:\s*[-\u2013:=(]\s*\D.*)?")
_TOPS = (CSAT_TOP, CSAT_TOP + 1)


def grade_top(header: str, sample: Column) -> int | None:
    """Return the highest grade, 5 or 6, if a column may hold grades of which 1 is the best.

    Words, stars and "4 of 5" say themselves which end is good, and so may a header.

    Args:
        header: The header.
        sample: Filled cells of the column.
    """
    key = header_key(header)
    if key not in _GRADES and not any(part in key for part in _OF_GRADES):
        return None
    if _SAYS_BEST.search(key):
        return None
    texts = [text_of(cell) for _, cell in sample]
    grades = [match[1] for text in texts if (match := _GRADE.fullmatch(text))]
    others = sum(any(map(str.isdigit, text)) for text in texts) - len(grades)
    if not grades or others >= len(grades):
        return None
    return _TOPS["6" in grades]
