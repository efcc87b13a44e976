"""Files to proposed settings: what each sheet is, which is the customer list, what is unsure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from goodword import Guess, GuessedColumn, Question, SourceError
from goodword_csv.files.conflict_copies import conflict_copies
from goodword_csv.files.money_formats import signs_of_money
from goodword_csv.guessing import open_points
from goodword_csv.guessing.guess import ColumnGuess, SheetGuess, guess_grid
from goodword_csv.guessing.left_unread import CONSENTS
from goodword_csv.headers.columns import SHEET_KINDS
from goodword_csv.layout.grid import Grid
from goodword_csv.rows.home import (
    country_of,
    currency_of,
    region_of,
    usual_day_first,
    usual_decimal,
)
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.sources import File, column_of, read_file, told_of_formulas
from goodword_csv.settings import CsvSettings
from goodword_csv.tasks.task_sheet import KEY
from goodword_csv.values.currencies import CODES
from goodword_csv.values.dates import parse_dates
from goodword_csv.values.money import currency_in, parse_money
from goodword_csv.values.people import parse_phones
from goodword_csv.values.plain import text_of

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
_TASKS = ".tasks.csv"
_SAYS_WHO = ("contact_id", "email", "phone")
_CLOSE = 0.75
"""A list with this share of the columns of the best one may be the customer list as well."""


@dataclass(frozen=True, slots=True)
class _Found:
    """One sheet of a file with what it was taken for."""

    file: File
    grid: Grid
    guess: SheetGuess

    @property
    def title(self) -> str:
        """What messages call it."""
        name = self.file.path.name
        return name if self.file.book.format == "csv" else f"{name}, sheet {self.grid.name}"


def propose(files: Sequence[Path], folder: Path) -> Guess:
    """Look at files and propose the section ``[plugin.csv]``.

    Args:
        files: Spreadsheets, or folders of them.
        folder: The firm's folder; files in it are named by their place in it.

    Raises:
        SourceError: A named file cannot be read, or no sheet is a list of customers.
    """
    notices = Notices()
    found = list(_sheets(files, notices))
    lists = _customers(found)
    ranked = [*lists[:1], *(each for each in found if each is not lists[0])]
    home = _home(ranked)
    if len(home.named) > 1:
        text = f"Amounts are in {', '.join(home.named)}; only those in {home.currency} are counted."
        notices.say("", text)
    sources = [_source(each, folder, home.region, write=each is lists[0]) for each in ranked]
    settings = {"currency": home.currency, "region": home.region, "sources": sources}
    known: dict[str, object] = {
        name: value for name, value in settings.items() if value is not None
    }
    CsvSettings.model_validate(known)
    firm: dict[str, object] = {
        name: known[name] for name in ("currency", "region") if name in known
    }
    questions = list(_which(lists, ranked))
    for number, each in enumerate(ranked):
        questions += _open(each, ("settings", "sources", number), home.region)
    questions += home.questions
    told = dict.fromkeys([*(text for _, text in notices), *(q.notice for q in questions)])
    return Guess(known, tuple(_columns(found)), tuple(filter(None, told)), firm, tuple(questions))


@dataclass(frozen=True, slots=True)
class _Home:
    """Where the firm is at home, and what its files leave open about that."""

    currency: str | None
    region: str | None
    named: list[str]
    questions: list[Question]


def _home(found: Sequence[_Found]) -> _Home:
    said = Counter(word for each in found for word in _currencies(each))
    phones = [
        each.grid.column(index)
        for each in found
        for guess in each.guess.columns.values()
        if guess.form == "phone"
        for index in (guess.index, *guess.also)
    ]
    currency, named = currency_of(said, region_of(phones, None))
    region = region_of(phones, currency)
    questions = []
    likely = _formatted(found) if currency is None else None
    if region is None and any(parse_phones(column, region=None).problems for column in phones):
        questions.append(open_points.home_country(country_of(likely)))
    if not named and any(_has(each, "money") for each in found):
        assumed = currency if region_of(phones, None) is None else None
        if currency is None or assumed is not None:
            questions.append(open_points.home_currency(assumed, region, likely))
    return _Home(currency, region, named, questions)


def _formatted(found: Sequence[_Found]) -> str | None:
    """Return the one currency that the number formats of workbooks show, or None."""
    books = {each.file.path: each.file.data for each in found if each.file.book.format == "xlsx"}
    shown = {
        currency_in(sign)
        for path, data in books.items()
        for sign in signs_of_money(data, path.name)
    }
    codes = {code for code in shown if code in CODES}
    return codes.pop() if len(codes) == 1 else None


def _which(lists: Sequence[_Found], ranked: Sequence[_Found]) -> Iterator[Question]:
    """Ask for the customer list where several come close."""
    if len(lists) > 1:
        yield open_points.which_list(
            [(ranked.index(each), each.title, len(each.grid.rows)) for each in lists]
        )


def _open(each: _Found, place: open_points.Path, region: str | None) -> Iterator[Question]:
    """Give what one sheet leaves open."""
    kind = each.guess.kind
    if kind is None:
        return
    columns = (*place, "columns")
    for unsure in each.guess.unsure:
        yield open_points.unsure_column(columns, each.title, kind, unsure, region)
    if kind == "contacts":
        free = [field for field in CONSENTS if field not in each.guess.columns]
        for header in each.guess.yes_no:
            yield open_points.who_may_be_contacted(columns, each.title, header, free)
        for header in each.guess.remarks:
            yield open_points.who_is_left_alone(columns, each.title, header)
    if each.guess.day_first is None and _open_dates(each):
        usual = usual_day_first(region)
        yield open_points.order_of_dates((*place, "day_first"), each.title, usual)
    if each.guess.decimal is None and _open_amounts(each):
        sign = usual_decimal(region)
        yield open_points.sign_of_amounts((*place, "decimal"), each.title, sign)


def _sheets(files: Sequence[Path], notices: Notices) -> Iterator[_Found]:
    for file in _files(files, notices):
        if file.book.uncalculated:
            notices.say("", told_of_formulas(file.book))
        for name, reason in file.book.left_out:
            if reason != "empty":
                notices.say("", f"{file.path.name}, sheet {name} is not read: {reason}.")
        for grid in file.book.grids:
            if column_of(grid.header, KEY) is not None:
                continue  # our own task list
            guess = guess_grid(grid, file_name=file.path.name)
            each = _Found(file, grid, guess)
            if guess.kind is None or not guess.columns:
                notices.say("", f"{each.title} is not read: {guess.evidence}.")
                continue
            yield each


def _files(named: Sequence[Path], notices: Notices) -> Iterator[File]:
    for path in named:
        if not path.is_dir():
            yield read_file(path)
            continue
        files = sorted(path.iterdir())
        lists = [each for each in files if each.suffix.lower() in ENDINGS]
        copies = {copy: each for each in lists for copy in conflict_copies(each)}
        for copy, each in copies.items():
            text = f"{copy.name} is left out: it looks like a copy of {each.name}"
            notices.say("", f"{text} that a cloud drive or a second download made.")
        for inside in files:
            if inside in copies or not inside.is_file() or inside.name.startswith((".", "~$")):
                continue
            if inside.suffix.lower() not in ENDINGS or inside.name.endswith(_TASKS):
                continue
            try:
                yield read_file(inside)
            except SourceError as error:
                notices.say("", f"Not read: {error}")


def _customers(found: Sequence[_Found]) -> list[_Found]:
    """Return the list that gets our columns, and after it those that come close.

    It holds people with something to know them by.
    """
    lists = [each for each in found if each.guess.kind == "contacts"]
    if not lists:
        kinds = ", ".join(f"{each.title} ({each.guess.kind})" for each in found)
        msg = "None of these is a list of customers, with one row a person."
        hint = f"Add such a list, with names and e-mails or phones. Read so far: {kinds or 'none'}."
        raise SourceError(msg, hint=hint)

    def worth(each: _Found) -> tuple[bool, int, int]:
        columns = each.guess.columns
        return any(field in columns for field in _SAYS_WHO), len(columns), len(each.grid.rows)

    best = max(lists, key=worth)
    if not any(field in best.guess.columns for field in (*_SAYS_WHO, "name", "last_name")):
        msg = f"{best.title} says nothing that tells people apart: no id, e-mail, phone or name."
        raise SourceError(msg, hint="Add such a column and run goodword init again.")
    known, width, _ = worth(best)
    close = [
        each
        for each in lists
        if each is not best and worth(each)[0] == known and worth(each)[1] >= _CLOSE * width
    ]
    return [best, *close]


def _source(each: _Found, folder: Path, region: str | None, *, write: bool) -> dict[str, object]:
    path = each.file.path
    inside = path.is_relative_to(folder)
    source: dict[str, object] = {
        "file": path.relative_to(folder).as_posix() if inside else path.as_posix()
    }
    if each.file.book.format == "xlsx":
        source["sheet"] = each.grid.name
    source["kind"] = each.guess.kind
    if write:
        source["write"] = True
    day_first = each.guess.day_first
    if day_first is None and _open_dates(each):
        day_first = usual_day_first(region)
    if day_first is not None:
        source["day_first"] = day_first
    decimal = each.guess.decimal
    if decimal is None and _open_amounts(each):
        decimal = usual_decimal(region)
    if decimal is not None and _has(each, "money"):
        source["decimal"] = decimal
    source["columns"] = {
        field: _headers(each.grid, guess) for field, guess in each.guess.columns.items()
    }
    return source


def _headers(grid: Grid, guess: ColumnGuess) -> str | list[str]:
    names = [grid.header[index] for index in (guess.index, *guess.also)]
    return names[0] if len(names) == 1 else names


def _has(each: _Found, form: str) -> bool:
    return any(guess.form == form for guess in each.guess.columns.values())


def _open_dates(each: _Found) -> bool:
    columns = (g.index for g in each.guess.columns.values() if g.form == "date")
    return any(parse_dates(each.grid.column(index)).ambiguous for index in columns)


def _open_amounts(each: _Found) -> bool:
    columns = (g.index for g in each.guess.columns.values() if g.form == "money")
    return any(parse_money(each.grid.column(index)).ambiguous for index in columns)


def _currencies(each: _Found) -> Iterator[str]:
    """Give what every amount says about its currency: beside it, or in a column of its own."""
    for guess in each.guess.columns.values():
        column = each.grid.column(guess.index)
        if guess.form == "money":
            yield from filter(None, (currency_in(guess.header),))
            yield from filter(None, parse_money(column).currencies)
        elif guess.field == "currency":
            yield from filter(None, (text_of(cell).upper() for _, cell in column))


def _columns(found: Sequence[_Found]) -> Iterator[GuessedColumn]:
    for each in found:
        kind = each.guess.kind
        if kind is None:
            continue
        for guess in each.guess.columns.values():
            field = SHEET_KINDS[kind].field(guess.field)
            doc = field.doc.rstrip(".") if field is not None else guess.field
            yield GuessedColumn(
                source=each.title,
                column=guess.header,
                meaning=f"{guess.field}: {doc}",
                confidence=guess.confidence,
                evidence=guess.evidence,
            )
        for header in each.guess.ignored:
            yield GuessedColumn(each.title, header, "", 0.0, "not read")
