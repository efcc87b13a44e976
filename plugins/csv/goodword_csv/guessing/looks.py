"""What the values of a column look like: the evidence beside its header."""

from __future__ import annotations

from itertools import islice

from goodword_csv.headers.columns import Form
from goodword_csv.layout.grid import Grid
from goodword_csv.values.answers import (
    CSAT_TOP,
    parse_counts,
    parse_csat,
    parse_nps,
    parse_yes_no,
)
from goodword_csv.values.dates import parse_dates
from goodword_csv.values.money import parse_money
from goodword_csv.values.people import parse_emails
from goodword_csv.values.plain import Column, id_of, is_empty

SAMPLE = 500
"""Filled cells looked at; enough for a share in whole per cent."""

_PHONE_DIGITS = 6  # the shortest local numbers
_NOUNS: dict[Form, str] = {
    "email": "e-mail addresses",
    "phone": "phone numbers",
    "date": "dates",
    "money": "amounts",
    "count": "whole numbers",
    "yes_no": "yes or no",
    "nps": "scores from 0 to 10",
    "csat": "scores",
}


def sample_of(grid: Grid, index: int) -> Column:
    """The first filled cells of a column."""
    cells = ((row.line, row.cells[index]) for row in grid.rows)
    return list(islice(((line, cell) for line, cell in cells if not is_empty(cell)), SAMPLE))


def share_of(form: Form, sample: Column) -> float | None:
    """Share of cells that can be read as a form, 0 to 1; None when nothing can be checked."""
    if not sample or form not in _NOUNS:
        return None
    return sum(_reads(form, sample)) / len(sample)


def evidence_for(header: str, form: Form, share: float | None, sample: Column) -> str:
    """One sentence that says why a column was taken for what it is."""
    if not sample:
        return f"header '{header}'; no values to check"
    if share is None:
        return f"header '{header}'"
    noun = _NOUNS[form]
    if form == "csat":
        top = parse_csat(sample).scale
        noun += f" from 1 to {top}" if top == CSAT_TOP else f" up to {top}"
    return f"header '{header}'; {share:.0%} look like {noun}".replace("%", " %")


def _reads(form: Form, sample: Column) -> list[bool]:
    if form == "email":
        return [bool(found) for found in parse_emails(sample).values]
    if form == "phone":
        return [_looks_like_phone(id_of(cell)) for _, cell in sample]
    if form == "date":
        return [value is not None for value in parse_dates(sample, day_first=True).values]
    if form == "money":
        return [value is not None for value in parse_money(sample, decimal=".").cents]
    if form == "count":
        return [value is not None for value in parse_counts(sample).values]
    if form == "yes_no":
        return [value != "unknown" for value in parse_yes_no(sample).values]
    scores = parse_nps(sample) if form == "nps" else parse_csat(sample)
    return [value is not None for value in scores.values]


def _looks_like_phone(text: str) -> bool:
    return sum(sign.isdigit() for sign in text) >= _PHONE_DIGITS and "@" not in text
