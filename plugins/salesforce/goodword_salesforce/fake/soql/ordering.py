"""ORDER BY: several terms, each up or down, empty values first or last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from goodword_salesforce.fake.answers import Value
from goodword_salesforce.fake.soql.grammar import Order

T = TypeVar("T")


def in_order(things: list[T], terms: Sequence[tuple[Callable[[T], Value], Order]]) -> list[T]:
    """Return *things* sorted; the later terms decide between those the earlier leave equal."""
    found = list(things)
    for get, order in reversed(terms):
        full = [one for one in found if get(one) is not None]
        empty = [one for one in found if get(one) is None]
        full.sort(key=lambda one, get=get: _key(get(one)), reverse=order.descending)  # type: ignore[misc]  # a lambda's default
        found = full + empty if order.nulls_last else empty + full
    return found


def _key(value: Value) -> tuple[float, str]:
    if isinstance(value, str):
        return (0.0, value)
    return (float(value or 0), "")
