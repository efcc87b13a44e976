"""One known export format: how it is recognised and what its headers mean."""

from __future__ import annotations

from dataclasses import dataclass

from goodword_csv.headers.columns import SheetName
from goodword_csv.headers.vocabulary import header_key


@dataclass(frozen=True, slots=True)
class Product:
    """One export format.

    Attributes:
        name: What the user calls it.
        kind: What its rows are.
        signature: Keys of headers that are all there in this export, and together in no other.
        fields: Key of a header to the field it fills; where two name one field, the first wins.
        ignored: Keys that general vocabulary would misread here.
        headers: Every key the export may bring, for finding its header row.
        day_first: Fixed order of day and month in its dates, None where it varies.
    """

    name: str
    kind: SheetName
    signature: frozenset[str]
    fields: dict[str, str]
    ignored: frozenset[str] = frozenset()
    headers: frozenset[str] = frozenset()
    day_first: bool | None = None


def _keys(text: str) -> tuple[str, ...]:
    return tuple(header_key(word) for word in text.split(",") if word.strip())


def product(
    name: str,
    kind: SheetName,
    signature: str,
    fields: str,
    *,
    ignored: str = "",
    day_first: bool | None = None,
) -> Product:
    """Build a product; *fields* are ``field = Header`` lines in order of preference."""
    pairs = [line.split("=", 1) for line in fields.strip().splitlines()]
    known = {header_key(header): field.strip() for field, header in pairs}
    skipped = frozenset(_keys(ignored))
    signed = frozenset(_keys(signature))
    return Product(name, kind, signed, known, skipped, signed | known.keys() | skipped, day_first)
