"""What a sheet is and what its columns mean: a guess with its evidence, to be shown and fixed."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace

from goodword_csv.guessing.beside import beside_others, is_unit_price
from goodword_csv.guessing.doubts import DOUBTFUL, MARKS, doubt_about
from goodword_csv.guessing.looks import evidence_for, sample_of, share_of
from goodword_csv.headers.columns import OWN_HEADERS, SHEET_KINDS, Form, SheetKind, SheetName
from goodword_csv.headers.grades import grade_top
from goodword_csv.headers.product import Product
from goodword_csv.headers.products import product_of
from goodword_csv.headers.remarks import remark_refuses
from goodword_csv.headers.vocabulary import header_key, role_of
from goodword_csv.layout.grid import Grid
from goodword_csv.values.answers import CSAT_TOP, parse_csat, says_blocked
from goodword_csv.values.dates import parse_dates
from goodword_csv.values.money import currency_in, parse_money
from goodword_csv.values.plain import Column, text_of

SURE = 0.5
"""Typed columns of which fewer values fit than this are left to the user."""

_FROM_PRODUCT, _FROM_WORD, _FROM_VALUES = 0.7, 0.5, 0.3
_SHEET_WORD = 3
_LIKELY = 0.6
_ANSWERS = 3
"""Different answers of a column that holds only yes, no and words such as "blocked"."""

_SEVERAL: tuple[Form, ...] = ("email", "phone")
_RUNNING = ("balance", "saldo", "solde")
_REFUSAL = "do_not_contact"
"""Every column that names people to leave alone is read: one that is not would have them asked."""

_PRIVATE = (
    *("card", "iban", "bank", "ssn", "socialsecurity", "password", "tax", "birth", "geburt"),
    *("salary", "gehalt", "naissance", "nacimiento", "geboorte", "passport", "licence", "license"),
)


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """One column that was recognised.

    Attributes:
        field: Name of the field of the sheet's kind.
        index: 0-based index into the grid's header.
        header: That header.
        form: How its cells are to be read.
        confidence: 0 to 1.
        evidence: One sentence to show; it quotes the header, never a value.
        also: Indices of further columns of the same meaning (second e-mail, mobile phone).
        top: Highest grade of a column of which nobody knows whether that is the best one.
    """

    field: str
    index: int
    header: str
    form: Form
    confidence: float
    evidence: str
    also: tuple[int, ...] = ()
    top: int | None = None


@dataclass(frozen=True, slots=True)
class SheetGuess:
    """What one sheet is.

    Attributes:
        kind: What its rows are; None when nothing fits.
        confidence: 0 to 1.
        evidence: One sentence on the kind.
        product: Export it was recognised as.
        columns: Field name to its column.
        unsure: Columns that may be a field; the user decides. They are not read until then.
        ignored: Headers that are not read at all.
        yes_no: Those of them whose values are all yes, no or "blocked"; one may be a consent.
        remarks: Others of them that say of somebody to leave them alone.
        day_first: Order of day and month that the date columns or the product settle.
        decimal: Decimal sign that the money columns settle.
        currencies: What amounts say about their currency: codes, and shared signs such as ``$``.
    """

    kind: SheetName | None
    confidence: float
    evidence: str
    product: str | None
    columns: Mapping[str, ColumnGuess]
    unsure: tuple[ColumnGuess, ...]
    ignored: tuple[str, ...]
    yes_no: tuple[str, ...]
    remarks: tuple[str, ...]
    day_first: bool | None
    decimal: str | None
    currencies: tuple[str, ...]


def guess_grid(grid: Grid, *, file_name: str = "") -> SheetGuess:
    """Guess what a sheet is and which of its columns fill which field.

    Args:
        grid: The sheet.
        file_name: Name of its file, which may say what it holds ("orders.csv").
    """
    product = product_of(grid.header)
    samples = [sample_of(grid, index) for index in range(len(grid.header))]
    roles = _roles(grid, samples)
    kind, confidence, evidence = _kind(product, roles, f"{file_name} {grid.name}".lower())
    if kind is None:
        return SheetGuess(None, 0.0, evidence, None, {}, (), grid.header, (), (), None, None, ())
    columns, unsure = _assign(grid.header, samples, roles, kind, product)
    used = {i for guess in columns.values() for i in (guess.index, *guess.also)}
    unsure = [one for one in unsure if (kind.name, one.field) not in MARKS or _is_mark(one, used)]
    if product is None:
        open_fields = {guess.field for guess in unsure}
        offers = _by_values(grid.header, samples, kind, {*columns, *open_fields}, {*used})
        better = {guess.index for guess in offers}
        unsure = [guess for guess in unsure if guess.index not in better] + offers
    used |= {guess.index for guess in unsure}
    ignored = tuple(name for index, name in enumerate(grid.header) if index not in used)
    money = [parse_money(samples[g.index]) for g in columns.values() if g.form == "money"]
    dates = [parse_dates(samples[g.index]) for g in columns.values() if g.form == "date"]
    orders = {dates_.day_first for dates_ in dates} - {None}
    if not orders and product is not None:
        orders = {product.day_first} - {None}
    signs = {amounts.decimal for amounts in money} - {None}
    found = {currency for amounts in money for currency in amounts.currencies if currency}
    if "currency" in columns:
        found |= {text_of(cell).upper() for _, cell in samples[columns["currency"].index]}
    return SheetGuess(
        kind=kind.name,
        confidence=confidence,
        evidence=evidence,
        product=product.name if product else None,
        columns=columns,
        unsure=tuple(unsure),
        ignored=ignored,
        yes_no=tuple(_named(_is_yes_no, grid.header, samples, used, product)),
        remarks=tuple(_named(_is_remark, grid.header, samples, used, product)),
        day_first=orders.pop() if len(orders) == 1 else None,
        decimal=signs.pop() if len(signs) == 1 else None,
        currencies=tuple(sorted(found)),
    )


def _is_mark(guess: ColumnGuess, used: Container[int]) -> bool:
    """Say whether a column may mark a job: none that dates it, nor a balance that runs along."""
    return guess.index not in used and header_key(guess.header) not in _RUNNING


def _named(
    may: Callable[[Column], bool],
    header: tuple[str, ...],
    samples: list[Column],
    used: set[int],
    product: Product | None,
) -> Iterator[str]:
    """Give the unused headers, neither ours nor the product's, that may say whom to leave alone."""
    known = {header_key(name) for name in OWN_HEADERS} | (product.ignored if product else set())
    for index, name in enumerate(header):
        unused = index not in used and header_key(name) not in known
        if unused and may(samples[index]):
            yield name


def _is_yes_no(sample: Column) -> bool:
    """Say whether nothing but yes, no and words such as "blocked" stand there."""
    blocked = [says_blocked(cell) for _, cell in sample]
    if any(blocked) and len({text_of(cell).casefold() for _, cell in sample}) > _ANSWERS:
        return False
    rest = [each for each, is_one in zip(sample, blocked, strict=True) if not is_one]
    return bool(sample) and (not rest or share_of("yes_no", rest) == 1)


def _is_remark(sample: Column) -> bool:
    """Say whether some cell calls somebody blocked, dead or not to be contacted."""
    return any(remark_refuses(cell) for _, cell in sample) and not _is_yes_no(sample)


def _roles(grid: Grid, samples: list[Column]) -> list[str | None]:
    """The meaning of each header in general vocabulary; scores are told apart by their values."""
    own = {header_key(name) for name in OWN_HEADERS}
    roles = [None if header_key(name) in own else role_of(_bare(name)) for name in grid.header]
    for index, role in enumerate(roles):
        name = grid.header[index]
        grades = role in {None, "score"} and header_key(name) not in own
        if role == "score" and _is_satisfaction(samples[index]):
            roles[index] = "csat"
        elif grades and grade_top(name, samples[index]) is not None:
            roles[index] = "csat" if role else "grade"
    if grid.grouped and roles[0] is None:
        roles[0] = "customer"
    return beside_others(grid.header, roles)


def _is_satisfaction(sample: Column) -> bool:
    """A nameless score is satisfaction when it is in words, stars or never above five."""
    return (share_of("csat", sample) or 0) >= SURE and parse_csat(sample).scale == CSAT_TOP


def _bare(header: str) -> str:
    """A header without the number that tells twins apart, and without its currency."""
    start = header.rfind(" (")
    if start < 0 or not header.endswith(")"):
        return header
    is_added = header[-2:-1].isdigit() or currency_in(header[start:]) is not None
    return header[:start] if is_added else header


def _kind(
    product: Product | None, roles: list[str | None], words: str
) -> tuple[SheetKind | None, float, str]:
    """Choose the kind whose fields weigh most among the headers, the sheet's name counted in."""
    if product is not None:
        return SHEET_KINDS[product.kind], 0.98, f"the headers are those of {product.name}"
    present = set(roles)
    weights: dict[SheetName, int] = {}
    for kind in SHEET_KINDS.values():
        named = any(word in words for word in kind.words)
        fields = {field.name: field.weight for field in kind.fields if field.role in present}
        weight = sum(fields.values())
        if present.intersection(kind.needs) or (named and weight >= _SHEET_WORD):
            weights[kind.name] = weight + _SHEET_WORD * named
    # level: a sheet that names amounts beside people is about the sales
    ranked = sorted(weights, key=lambda name: (-weights[name], name != "deals"))
    if not ranked or not weights[ranked[0]]:
        return None, 0.0, "no header names a person, a sale, a score or a referral"
    best = SHEET_KINDS[ranked[0]]
    second = weights[ranked[1]] if len(ranked) > 1 else 0
    confidence = round(weights[best.name] / (weights[best.name] + second), 2)
    return best, confidence, f"the headers fit best: {best.doc[0].lower()}{best.doc[1:]}"


def _assign(
    header: tuple[str, ...],
    samples: list[Column],
    roles: list[str | None],
    kind: SheetKind,
    product: Product | None,
) -> tuple[dict[str, ColumnGuess], list[ColumnGuess]]:
    """Give every field its best column; a column whose values contradict its header waits."""
    columns: dict[str, ColumnGuess] = {}
    unsure: list[ColumnGuess] = []
    named = _named_by(product, header)
    for name, form in {field.name: field.form for field in kind.fields}.items():
        candidates = [
            _candidate(name, form, index, header[index], samples[index], product=index in named)
            for index in _candidates(name, roles, kind, named)
        ]
        # filled columns first, and a total before the price of one
        candidates.sort(key=lambda g: (not samples[g.index], is_unit_price(g.header)))
        candidates = [
            guess if guess.index in named else _doubted(guess, kind.name, header, samples)
            for guess in candidates
        ]
        good = [guess for guess in candidates if guess.confidence >= SURE]
        if good:
            several = form in _SEVERAL or name == _REFUSAL
            also = tuple(g.index for g in good[1:]) if several else ()
            columns[name] = replace(good[0], also=also)
        else:
            unsure += candidates if form == "csat" else candidates[:1]
    return columns, unsure


def _named_by(product: Product | None, header: tuple[str, ...]) -> dict[int, str | None]:
    """Index of each column the product knows, to its field or None when it is not to be read."""
    if product is None:
        return {}
    keys = [header_key(name) for name in header]
    named: dict[int, str | None] = {i: None for i, key in enumerate(keys) if key in product.ignored}
    ordered = [key for key in product.fields if key in keys]
    return named | {keys.index(key): product.fields[key] for key in ordered}


def _candidates(
    name: str, roles: list[str | None], kind: SheetKind, named: dict[int, str | None]
) -> list[int]:
    """Columns that may fill a field: the product's in its order, then by general vocabulary."""
    wanted = [field.role for field in kind.fields if field.name == name]
    general = [
        index
        for role in wanted
        for index, found in enumerate(roles)
        if found == role and index not in named
    ]
    return [index for index, field in named.items() if field == name] + general


def _candidate(
    field: str, form: Form, index: int, header: str, sample: Column, *, product: bool
) -> ColumnGuess:
    share = share_of(form, sample)
    base = _FROM_PRODUCT if product else _FROM_WORD
    worth = 0.5 if share is None else share
    confidence = round(base + (1 - base) * worth, 2)
    if share is not None and share < SURE:
        confidence = round(share * SURE, 2)
    evidence = evidence_for(header, form, share, sample)
    return ColumnGuess(field, index, header, form, confidence, evidence)


def _doubted(
    guess: ColumnGuess, kind: SheetName, header: tuple[str, ...], samples: list[Column]
) -> ColumnGuess:
    """Leave a column to the user whose header word, or values, may well mean something else."""
    doubt = doubt_about(kind, guess.field, guess.header, samples[guess.index], header)
    if doubt is None:
        return guess
    evidence = f"{guess.evidence}; {doubt}"
    top = grade_top(guess.header, samples[guess.index]) if guess.form in {"csat", "nps"} else None
    confidence = min(guess.confidence, DOUBTFUL)
    return replace(guess, confidence=confidence, evidence=evidence, top=top)


def _by_values(
    header: tuple[str, ...],
    samples: list[Column],
    kind: SheetKind,
    settled: Container[str],
    used: set[int],
) -> list[ColumnGuess]:
    """Offer a column under an unknown header for a field the sheet misses, never a private one."""
    offers: list[ColumnGuess] = []
    for name in ("email", "date", "amount"):
        field = kind.field(name)
        if field is None or name in settled:
            continue
        for index, sample in enumerate(samples):
            private = any(word in header_key(header[index]) for word in _PRIVATE)
            share = share_of(field.form, sample)
            if index in used or private or share is None or share < _LIKELY:
                continue
            evidence = evidence_for(header[index], field.form, share, sample)
            confidence = round(_FROM_VALUES * share, 2)
            offers.append(ColumnGuess(name, index, header[index], field.form, confidence, evidence))
            used.add(index)
            break
    return offers
