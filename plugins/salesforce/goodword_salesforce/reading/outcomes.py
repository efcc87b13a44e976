"""What a rep chose as outcome, in our words. One that we do not know is at least a no."""

from __future__ import annotations

from goodword_salesforce.names import LATER, OUTCOME, OUTCOMES
from goodword_salesforce.seam.values import Row, is_true

ABOUT_THE_PERSON = frozenset({"never", "wrong person", "unhappy"})
"""Answers that count without knowing what was asked."""
_WORDS = {said.lower(): each.value for each in OUTCOMES for said in (each.label, each.value)}
_REFUSED, _LATER = "no", "later"


def outcome_of(row: Row) -> str | None:
    """Return the outcome of a task or an event; None where none was chosen.

    A day to ask again on a task that is over says "later", as long as nothing else was chosen.
    """
    if OUTCOME in row:
        return _WORDS.get(row[OUTCOME].strip().lower(), _REFUSED)
    return _LATER if LATER in row and is_over(row) else None


def is_unknown(row: Row) -> bool:
    """Say whether an outcome is none of ours: a firm can add values to the list."""
    return OUTCOME in row and row[OUTCOME].strip().lower() not in _WORDS


def is_over(row: Row) -> bool:
    """Say whether a task is completed, or was deleted: nobody works on it any more."""
    return is_true(row, "IsClosed") or is_true(row, "IsDeleted")
