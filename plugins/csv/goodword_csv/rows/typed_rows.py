"""The rows of a sheet, field by field: typed, one value a row, what cannot be read is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from goodword_csv.headers.grades import grade_top
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.sources import Sheet
from goodword_csv.settings import IN_OUR_TABLE, CsvSettings
from goodword_csv.values.answers import (
    Answer,
    parse_counts,
    parse_csat,
    parse_grades,
    parse_nps,
    parse_yes_no,
)
from goodword_csv.values.currencies import CODES
from goodword_csv.values.dates import parse_dates
from goodword_csv.values.money import fits_currency, parse_money
from goodword_csv.values.people import Lists, parse_emails, parse_phones
from goodword_csv.values.plain import (
    PLACEHOLDERS,
    Cell,
    Column,
    Problem,
    id_of,
    is_empty,
    read_once,
    text_of,
)

T = TypeVar("T")
_ANSWERS: dict[str | None, Answer] = {None: "unknown", "yes": "yes", "no": "no"}
_DAY_FIRST = "is 03/04 in March or in April? Set day_first = true or false in goodword.toml."
_DECIMAL = 'is 1.234 more than a thousand? Set decimal = "." or "," in goodword.toml.'
_LEFT_OUT = "it was left out"
_NOT_ASKED = "it counts as a refusal and they are not asked"
_REGION = (
    "Phone numbers without a country code cannot be read:"
    f' write region = "GB", or your country, {IN_OUR_TABLE}.'
)


class TypedRows:
    """One source, read by field; every list has one entry a row of the sheet.

    Args:
        sheet: The source.
        settings: Home currency and region.
        notices: Hears which cells could not be read.
    """

    def __init__(self, sheet: Sheet, settings: CsvSettings, notices: Notices) -> None:
        self.sheet = sheet
        self.lines = sheet.grid.lines
        self._settings = settings
        self._notices = notices
        self._known: dict[tuple[object, ...], list[Any]] = {}  # of whatever type was read

    def __len__(self) -> int:
        return len(self.lines)

    def release(self) -> None:
        """Let go of what was read; who asks again has it read again."""
        self._known.clear()

    def of(self, sheet: Sheet) -> TypedRows:
        """Return the same source with other cells."""
        return TypedRows(sheet, self._settings, self._notices)

    def once(self, what: str, make: Callable[[], list[T]]) -> list[T]:
        """Return what is made of several fields, made once."""
        known = self._known.get(("made", what))
        if known is None:
            known = self._known["made", what] = make()
        return known

    def has(self, *fields: str) -> bool:
        """Say whether any of the fields has a column."""
        return any(field in self.sheet.columns for field in fields)

    def texts(self, field: str) -> list[str | None]:
        """Texts with single spaces; None for an empty cell."""
        return self._first_of("text", field, lambda column: read_once(column, _text))

    def ids(self, field: str) -> list[str | None]:
        """Ids as text, without the apostrophe that guards a number."""
        return self._first_of("id", field, lambda column: read_once(column, _id))

    def dates(self, field: str) -> list[datetime | None]:
        """Times; a date without a clock time is its midnight."""

        def parse(column: Column) -> Sequence[datetime | None]:
            found = parse_dates(column, day_first=self.sheet.source.day_first)
            is_open = found.ambiguous and self.sheet.source.day_first is None
            self._problems(field, found.problems, _DAY_FIRST if is_open else "")
            return found.values

        return self._first_of("dates", field, parse)

    def cents(self, field: str) -> list[int | None]:
        """Cents of the home currency; an amount in another one is left out and counted."""

        def parse(column: Column) -> Sequence[int | None]:
            found = parse_money(column, decimal=self.sheet.source.decimal)
            is_open = found.ambiguous and self.sheet.source.decimal is None
            self._problems(field, found.problems, _DECIMAL if is_open else "")
            return self._at_home(found.cents, self._currencies(found.currencies))

        return self._first_of("cents", field, parse)

    def counts(self, field: str) -> list[int | None]:
        """Whole numbers from 0 on."""

        def parse(column: Column) -> Sequence[int | None]:
            found = parse_counts(column)
            self._problems(field, found.problems)
            return found.values

        return self._first_of("counts", field, parse)

    def answers(
        self, field: str, *, filled_means_yes: bool = False, unclear: Answer = "unknown"
    ) -> list[Answer]:
        """Yes, no or unknown; *unclear* is what a word counts as that is neither yes nor no.

        Where that is yes, a no says as little as an empty cell, so that of several columns of a
        field a yes in any of them counts.
        """
        if field not in self.sheet.columns:
            return ["unknown"] * len(self)

        def parse(column: Column) -> Sequence[Answer | None]:
            found = parse_yes_no(column, filled_means_yes=filled_means_yes)
            held = unclear != "unknown"
            self._problems(field, found.problems, outcome=_NOT_ASKED if held else _LEFT_OUT)
            read: Sequence[Answer] = found.values
            if found.problems and held:
                lines = {problem.line for problem in found.problems}
                cells = zip(column, read, strict=True)
                read = [unclear if line in lines else answer for (line, _), answer in cells]
            nothing = {"unknown", "no"} if unclear == "yes" else {"unknown"}
            told = {answer: None if answer in nothing else answer for answer in set(read)}
            return [told[answer] for answer in read]

        said = self._first_of(f"answer {filled_means_yes} {unclear}", field, parse)
        return [_ANSWERS[answer] for answer in said]

    def scores(self, field: str, *, nps: bool) -> list[int | None]:
        """Answers of a survey on the scale of NPS (0 to 10) or satisfaction (1 to 5)."""

        def parse(column: Column) -> Sequence[int | None]:
            header = ", ".join(self.sheet.source.headers(field))
            if field == "csat" and self.sheet.source.one_is_best:
                grades = parse_grades(column)
                self._problems(field, grades.problems)
                return grades.values
            # whoever maps grades up to 6 says that 6 is the best
            scale = 6 if not nps and grade_top(header, column) == 6 else None
            found = parse_nps(column) if nps else parse_csat(column, scale=scale)
            self._problems(field, found.problems)
            return found.values

        return self._first_of(f"score {nps}", field, parse)

    def emails(self, field: str = "email") -> list[tuple[str, ...]]:
        """All addresses of a row, lower case, the primary one first."""
        return self._all_of(field, parse_emails)

    def phones(self, field: str = "phone") -> list[tuple[str, ...]]:
        """All numbers of a row as E.164, the primary one first."""
        region = self._settings.region

        def parse(column: Column) -> Lists:
            found = parse_phones(column, region=region)
            if found.problems and region is None:
                self._notices.say("region", _REGION)
            return found

        return self._all_of(field, parse)

    def _first_of(
        self, how: str, field: str, parse: Callable[[Column], Sequence[T | None]]
    ) -> list[T | None]:
        """Read every column of a field, once; in each row the first that holds something counts."""
        known = self._known.get((how, field))
        if known is not None:
            return known
        indices = self.sheet.columns.get(field, ())
        values: list[T | None] = [] if indices else [None] * len(self)
        for index in reversed(indices):
            read = parse(self.sheet.grid.column(index))
            if values:
                both = zip(read, values, strict=True)
                values = [old if new is None else new for new, old in both]
            else:
                values = list(read)
        self._known[how, field] = values
        return values

    def _all_of(self, field: str, parse: Callable[[Column], Lists]) -> list[tuple[str, ...]]:
        known = self._known.get(("all", field))
        if known is not None:
            return known
        indices = self.sheet.columns.get(field, ())
        values: list[tuple[str, ...]] = [] if indices else [()] * len(self)
        for index in indices:
            found = parse(self.sheet.grid.column(index))
            self._problems(field, found.problems)
            values = (
                list(found.values)
                if not values
                else [
                    have + tuple(one for one in more if one not in have) if more else have
                    for have, more in zip(values, found.values, strict=True)
                ]
            )
        self._known["all", field] = values
        return values

    def _problems(
        self,
        field: str,
        problems: Sequence[Problem],
        hint: str = "",
        *,
        outcome: str = _LEFT_OUT,
    ) -> None:
        lines: dict[str, list[int]] = defaultdict(list)
        for problem in problems:
            lines[problem.what].append(problem.line)
        for what, found in lines.items():
            header = ", ".join(self.sheet.source.headers(field))
            text = f'where "{header}" is {what}, so {outcome}'
            self._notices.rows("unread", self.sheet.where, text, found)
        if hint:
            header = ", ".join(self.sheet.source.headers(field))
            self._notices.say("ambiguous", f'{self.sheet.where}, column "{header}": {hint}')

    def _currencies(self, signs: Sequence[str | None]) -> Sequence[str | None]:
        """What each row says about its currency: beside the amount, or in a column of its own."""
        if "currency" not in self.sheet.columns:
            return signs
        named = self.texts("currency")
        return [
            sign or (name.upper() if name else None)
            for sign, name in zip(signs, named, strict=True)
        ]

    def _at_home(
        self, cents: Sequence[int | None], currencies: Sequence[str | None]
    ) -> list[int | None]:
        home = self._settings.currency
        fits = {one: fits_currency(one, home or "") for one in set(currencies)}
        if all(fits.values()):
            return list(cents)
        kept = [
            value if fits[currency] else None
            for value, currency in zip(cents, currencies, strict=True)
        ]
        foreign = [
            line
            for line, value, left in zip(self.lines, cents, kept, strict=True)
            if left is None and value is not None
        ]
        what = f"in another currency than {home}, left out of sums"
        if home is None:
            code = next((name for name in currencies if name in CODES), "EUR")
            what = (
                "that name a currency, left out of sums; if it is yours, write"
                f' currency = "{code}" {IN_OUR_TABLE}'
            )
        self._notices.rows("currency", self.sheet.where, what, foreign)
        return kept


def _text(cell: Cell) -> str | None:
    text = text_of(cell)
    if not text or text.lower() in PLACEHOLDERS:
        return None
    single = " ".join(text.split())
    return text if single == text else single  # most texts are fine and need not be kept twice


def _id(cell: Cell) -> str | None:
    return None if is_empty(cell) else id_of(cell)
