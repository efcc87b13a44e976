"""What may make a header mean something else: other values than it says, words for two things."""

from __future__ import annotations

from goodword_csv.guessing.beside import is_single_amount, is_unit_price
from goodword_csv.headers.columns import SheetName
from goodword_csv.headers.grades import grade_top
from goodword_csv.headers.vocabulary import header_key, role_of
from goodword_csv.values.answers import CSAT_TOP, parse_csat, parse_yes_no
from goodword_csv.values.dates import parse_dates
from goodword_csv.values.plain import Column, id_of, text_of, word_set

DOUBTFUL = 0.4
"""Confidence of a column left to the user: below what is taken without a question."""

MARKS: dict[tuple[SheetName, str], str] = {
    ("contacts", "complaint"): "whoever complained is not asked for two months",
    ("deals", "complaint"): "whoever complained is not asked for two months",
    ("deals", "paid"): "whoever owes you money is not asked",
    ("deals", "open_amount"): "whoever owes you money is not asked",
}
"""Fields whose columns are always asked about, and what hangs on the answer."""

_HALF = 0.5
_SCORES = frozenset({"csat", "nps", "review"})
_NAMES = word_set(
    "name first_name last_name company city owner job_title referred contact deal_name"
)
_QUANTITIES = word_set(
    "quantity qty units pieces menge anzahl stuck quantite qte cantidad aantal quantita quantidade"
    " ilosc antal"
)
_RATINGS = word_set(
    "rating score bewertung puntuacion beoordeling punkte noteclient valutazione punteggio"
    " avaliacao pontuacao ocena wynik betyg poang"
)
_COUNTERS = word_set("number no nr num numero nummer")
_TITLES = word_set(
    "mr mrs ms miss mx dr prof sir herr frau hr fr m mme mlle sr sra srta dhr mevr sig dott pan"
    " pani"
)


def doubt_about(
    kind: SheetName, field: str, header: str, sample: Column, headers: tuple[str, ...]
) -> str | None:
    """Return why a column may mean something else than its header says, or None.

    Args:
        kind: What the sheet is.
        field: What the header says.
        header: The header.
        sample: Filled cells of the column.
        headers: All headers of the sheet.
    """
    key = header_key(header)
    if (kind, field) in MARKS:
        return MARKS[kind, field]
    if field in _NAMES and sample and _share_of_names(sample) < _HALF:
        return "numbers, dates, addresses or ticks stand there, not words"
    if field == "job_title" and sample and _share_of_titles(sample) >= _HALF:
        return "forms of address stand there"
    if field == "contact_id" and key in _COUNTERS and _counts_rows(sample):
        return "it only numbers the rows; another export would number them anew"
    if kind == "contacts" and field == "csat" and key in _RATINGS:
        return "it may be your own rating of the person"
    if field in _SCORES and grade_top(header, sample) is not None:
        return "as a grade at school, 1 may be the best of it"
    if field == "csat" and role_of(header) == "score" and parse_csat(sample).scale != CSAT_TOP:
        return "it may be on a scale of its own"
    if field == "total_spent" and is_single_amount(header, headers):
        return "it may be a single amount, not all that somebody spent"
    if field == "amount" and is_unit_price(header):
        quantities = [name for name in headers if header_key(name) in _QUANTITIES]
        return "it may be the price of one" if quantities else None
    return None


def _share_of_names(sample: Column) -> float:
    """Share of cells that may be a name of somebody or something.

    "Member" may stand above a name, a number or a tick.
    """
    dates = parse_dates(sample, day_first=True).values
    answers = parse_yes_no(sample).values
    named = (
        at is None and said == "unknown" and _looks_like_name(id_of(cell))
        for (_, cell), at, said in zip(sample, dates, answers, strict=True)
    )
    return sum(named) / len(sample)


def _looks_like_name(text: str) -> bool:
    return "@" not in text and any(sign.isalpha() for sign in text)


def _share_of_titles(sample: Column) -> float:
    return sum(text_of(cell).lower().rstrip(".") in _TITLES for _, cell in sample) / len(sample)


def _counts_rows(sample: Column) -> bool:
    numbers = [text_of(cell).rstrip(".") for _, cell in sample]
    return len(numbers) > 1 and numbers == [str(place) for place in range(1, len(numbers) + 1)]
