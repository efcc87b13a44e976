"""What the files leave open, as questions a person can answer in plain words.

A question quotes headers, files and sheets, never a value. Its notice says the same for where
nobody is asked, and what is assumed there.
"""

from __future__ import annotations

import re

from babel import Locale
from babel.numbers import get_currency_name, get_territory_currencies

from goodword import Answer, Question
from goodword_csv.guessing.guess import ColumnGuess
from goodword_csv.headers.columns import SHEET_KINDS, SheetName
from goodword_csv.headers.refusals import is_marked
from goodword_csv.headers.vocabulary import header_key
from goodword_csv.settings import IN_OUR_TABLE
from goodword_csv.values.currencies import CODES

Path = tuple[str | int, ...]
_ABOUT_CONTACT = (
    *("contact", "kontakt", "contatt", "anruf", "anrufen", "call", "werbung", "erlaub", "darf"),
    *("permission", "consent", "einwillig", "gdpr", "dsgvo", "rgpd", "privacy", "datenschutz"),
    *("toestemming", "benader", "bellen", "llamar", "appeler", "zgoda", "samtyck"),
)
_AGAINST = ("optout", "optedout", "refus", "verweiger", "widerspr", "sperr", "block", "dontc")
_AGAINST_WORDS = frozenset(
    {"not", "no", "dont", "stop", "never", "nicht", "kein", "keine", "pas", "non", "geen", "niet"}
)
"""Parts of headers of a yes/no column that make it one of leave or of refusal, in several
languages; a wrong guess holds somebody back until a person answers."""
_DAY, _MONTH = "day", "month"
_ONE_IS_BEST, _SIX_IS_BEST = ("DE", "AT", "CZ", "SK"), ("CH", "PL")
_COMPLAINED = "Does a mark in column {column} mean that the customer complained?"
_MARKS: dict[tuple[SheetName, str], str] = {
    ("contacts", "complaint"): _COMPLAINED,
    ("deals", "complaint"): _COMPLAINED,
    ("deals", "paid"): "Does a yes or a date in column {column} mean that the customer has paid?",
    ("deals", "open_amount"): "Is an amount in column {column} money that the customer owes you?",
}
"""Columns beside a job or a customer that hold an ask back, once somebody has said so."""


def unsure_column(
    place: Path, title: str, kind: SheetName, guess: ColumnGuess, region: str | None = None
) -> Question:
    """Ask whether a column is what it may be; nobody asked, it is not read.

    Args:
        place: Where the columns of its source are in the guess.
        title: What messages call its sheet.
        kind: What that sheet is.
        guess: The column and what it may be.
        region: The country, which has its own grades at school; None where it is not known.
    """
    if guess.top is not None:
        return _best_grade(place, title, guess, region)
    known = SHEET_KINDS[kind].field(guess.field)
    said = known.doc.rstrip(".?") if known is not None else guess.field
    notice = f'{title}: column "{guess.header}" may be {guess.field}, not sure'
    hint = f'; to read it, write {guess.field} = "{guess.header}" under its columns.'
    text = f'Is column "{guess.header}" of {title} this: {said[0].lower()}{said[1:]}?'
    mark = _MARKS.get((kind, guess.field))
    if mark is not None:
        text = mark.format(column=f'"{guess.header}" of {title}')
        notice = f'{title}: column "{guess.header}" is not read, though it may tell of'
        notice += " a complaint" if guess.field == "complaint" else " money that is owed"
    return Question(
        text=text,
        evidence=guess.evidence,
        answers=(
            Answer("yes", changes={(*place, guess.field): guess.header}),
            Answer("no"),
        ),
        default="no" if mark is None else "yes",
        notice=notice + hint,
    )


def _best_grade(place: Path, title: str, guess: ColumnGuess, region: str | None) -> Question:
    """Ask which end of the grades is the good one; nobody asked, they are not read."""
    last = str(guess.top)
    read = {(*place, guess.field): guess.header}
    turned = {**read, (*place[:-1], "one_is_best"): True}
    hint = f'write {guess.field} = "{guess.header}" under its columns'
    if guess.field == "csat":
        hint += ", and one_is_best = true above them if it is 1"
    answers = (
        *([Answer("1", "1 is the best", turned)] if guess.field == "csat" else []),
        Answer(last, f"{last} is the best", read),
        Answer("neither", "it is no grade, or nobody knows"),
    )
    usual = "1" if region in _ONE_IS_BEST else last if region in _SIX_IS_BEST else ""
    return Question(
        text=f'Which is the best grade in column "{guess.header}" of {title}, 1 or {last}?',
        evidence=guess.evidence,
        answers=answers,
        default=usual if usual in {answer.word for answer in answers} else "neither",
        notice=f'{title}: column "{guess.header}" is not read: 1 or {last} may be best; {hint}.',
    )


def who_may_be_contacted(place: Path, title: str, header: str, free: list[str]) -> Question:
    """Ask whom an unused column says to leave alone, if any; nobody asked, it is not read.

    Args:
        place: Where the columns of its source are in the guess.
        title: What messages call its sheet.
        header: The column.
        free: Fields of consent, and of its refusal, that have no column yet.
    """
    yes = next((field for field in free if "consent" in field), "")
    no = next((field for field in free if "consent" not in field), "")
    likely = _likely(header, may=bool(yes), nots=bool(no))
    notice = f'{title}: column "{header}" holds only yes/no and is not used'
    hint = f'; if it says who may be contacted, write {yes} = "{header}"' if yes else ""
    hint += f'; if it says whom to leave alone, write {no} = "{header}"' if no else ""
    answers = [
        *(
            [Answer("may", "yes means: we may contact them", adds={(*place, yes): header})]
            if yes
            else []
        ),
        *(
            [Answer("not", "yes means: leave them alone", adds={(*place, no): header})]
            if no
            else []
        ),
        Answer("neither", "something else"),
    ]
    return Question(
        text=f'What does column "{header}" of {title} say?',
        evidence="it holds only yes and no",
        answers=tuple(answers),
        default=likely,
        notice=notice + hint,
        careful=likely != "neither",
    )


def _likely(header: str, *, may: bool, nots: bool) -> str:
    """Say what a header about contact most likely means; of what is not about it, nothing."""
    key, marked = header_key(header), is_marked(header)
    if not marked and not any(word in key for word in _ABOUT_CONTACT):
        return "neither"
    words = re.split(r"[^a-z]+", header.casefold().replace("'", ""))
    if marked or any(word in key for word in _AGAINST) or not _AGAINST_WORDS.isdisjoint(words):
        return "not" if nots else "neither"
    return "may" if may else "neither"


def who_is_left_alone(place: Path, title: str, header: str) -> Question:
    """Ask whether an unused column says of some people to leave them alone; else it is not read.

    Args:
        place: Where the columns of its source are in the guess.
        title: What messages call its sheet.
        header: The column.
    """
    return Question(
        text=f'Column "{header}" of {title}: is whoever it calls blocked, dead or not to be'
        " contacted to be left alone?",
        evidence="such words stand in it",
        answers=(Answer("yes", adds={(*place, "remark"): header}), Answer("no")),
        default="yes",
        careful=True,
        notice=f'{title}: column "{header}" has words such as blocked or do not contact and is not'
        f' used; to leave these people alone, write remark = "{header}" under its columns.',
    )


def order_of_dates(place: Path, title: str, assumed: bool | None) -> Question:
    """Ask whether the day or the month comes first; nobody asked, the country's habit counts.

    Args:
        place: Where the order of its source is in the guess.
        title: What messages call its sheet.
        assumed: The habit; None where no country is known.
    """
    order = {True: "the day", False: "the month", None: "which of the two"}[assumed]
    text = f"{title}: dates such as 03/04 could be either way round; {order} comes first"
    end = "?" if assumed is None else ", I assume."
    return Question(
        text=f"In {title}, what does a date such as 03/04 mean?",
        evidence="no date in it settles which comes first, the day or the month",
        answers=(
            Answer(_DAY, "3 April: the day comes first", {place: True}),
            Answer(_MONTH, "March 4: the month comes first", {place: False}),
        ),
        default={True: _DAY, False: _MONTH, None: ""}[assumed],
        notice=f"{text}{end} Set day_first for it if that is wrong.",
    )


def sign_of_amounts(place: Path, title: str, assumed: str | None) -> Question:
    """Ask what the sign in 1.234 is; nobody asked, the country's habit counts."""
    return Question(
        text=f"In {title}, how much is an amount such as 1.234?",
        evidence="no amount in it settles what the sign stands for",
        answers=(
            Answer(",", "one thousand two hundred and thirty-four", {place: ","}),
            Answer(".", "a little more than one", {place: "."}),
        ),
        default=assumed or "",
        notice=f"{title}: amounts such as 1.234 are open; set decimal for it.",
    )


def home_country(likely: str | None = None) -> Question:
    """Ask for the country that phone numbers without a country code are from.

    Args:
        likely: The country of the currency that number formats show; None where they show none.
    """
    names = Locale("en").territories
    countries = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha()]
    return Question(
        text="Which country are your customers in? Its name or two letters, such as GB.",
        evidence="some phone numbers have no country code",
        answers=tuple(
            Answer(code, name, _both("region", code)) for code, name in sorted(countries)
        ),
        default=likely or "",
        notice=f'No country is known for phones: write region = "{likely or "GB"}", say,'
        f" {IN_OUR_TABLE}.",
    )


def home_currency(assumed: str | None, region: str | None, likely: str | None = None) -> Question:
    """Ask for the currency of amounts; nobody asked, the sign they carry counts, if any.

    Args:
        assumed: What a shared sign such as ``$`` is taken for; None where there is no sign.
        region: The country, if it is known.
        likely: What number formats show; None where they show none, or several.
    """
    usual = assumed or likely or next(iter(get_territory_currencies(region) if region else ()), "")
    taken = f"are taken for {assumed}" if assumed else "name no currency"
    ask = f'if that is wrong, write currency = "EUR", say, {IN_OUR_TABLE}.'
    return Question(
        text="Which currency are your amounts in? Three letters, such as EUR.",
        evidence="the amounts do not say it",
        answers=tuple(
            Answer(code, get_currency_name(code, locale="en"), _both("currency", code))
            for code in sorted(CODES)
        ),
        default=usual,
        notice=f"Amounts {taken}; {ask}" if assumed else "",
    )


def which_list(lists: list[tuple[int, str, int]]) -> Question:
    """Ask which of several lists is the customer list, that gets our columns.

    Args:
        lists: Number of each source, what messages call it, and its rows; the one taken first.
    """
    best = lists[0][1]
    others = ", ".join(title for _, title, _ in lists[1:])
    return Question(
        text="Which one is your customer list? goodword writes its columns and tasks there.",
        evidence="more than one could be it",
        answers=tuple(
            Answer(
                title,
                f"{title} ({rows:,} rows)",
                {
                    ("settings", "sources", other, "write"): True if other == number else None
                    for other, _, _ in lists
                },
            )
            for number, title, rows in lists
        ),
        default=best,
        notice=f"{best} is taken for the customer list. Is it {others}? Move write = true there.",
    )


def _both(name: str, value: str) -> dict[Path, object]:
    """Change a setting of the firm, and the same of the spreadsheets."""
    return {("settings", name): value, ("firm", name): value}
