"""Values of HubSpot, which are all texts, as the values of the canonical tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation

from goodword_hubspot.seam.records import time_of

_NOT_DIALLED = re.compile(r"[\s().\-/]+")


def cents_of(text: str | None) -> int | None:
    """Return an amount as whole cents, halves away from zero."""
    try:
        amount = Decimal(text) if text else None
    except InvalidOperation:
        return None
    if amount is None or not amount.is_finite():
        return None
    return int((amount * 100).quantize(Decimal(1), rounding="ROUND_HALF_UP"))


def whole_of(text: str | None) -> int | None:
    """Return a whole number."""
    try:
        number = Decimal(text) if text else None
    except InvalidOperation:
        return None
    return int(number) if number is not None and number.is_finite() else None


def true_of(text: str | None) -> bool:
    """Return whether a yes/no property says yes."""
    return (text or "").lower() in {"true", "yes"}


def phone_of(text: str | None) -> str | None:
    """Return a phone number without what only people need, where it names its country."""
    if not text:
        return None
    plain = _NOT_DIALLED.sub("", text)
    return plain if plain.startswith("+") and plain[1:].isdigit() else text.strip()


def lower(text: str | None) -> str | None:
    """Return a text in small letters."""
    return text.lower() if text else None


def extra_of(kind: str) -> Callable[[str | None], str | int | bool | datetime | None]:
    """Return how a property of the firm's own, of HubSpot's type *kind*, is read."""
    if kind == "number":
        return whole_of
    if kind in {"date", "datetime"}:
        return time_of
    if kind == "bool":
        return lambda text: None if text is None else true_of(text)
    return lambda text: text
