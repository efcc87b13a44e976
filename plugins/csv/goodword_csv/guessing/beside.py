"""Header words that mean one thing alone and another beside certain others."""

from __future__ import annotations

from collections.abc import Sequence

from goodword_csv.headers.vocabulary import header_key, role_of
from goodword_csv.values.plain import word_set

ONE_ROW_A_PERSON = frozenset({"last_purchase", "first_purchase", "orders_count"})
"""Meanings that only a list with one row a person has."""

_SALE = frozenset(
    {"date", "closed", "paid", "deal_id", "invoice_id", "deal_status", "due", "issued", "opened"}
)
_OF_A_SALE = frozenset({"created", "deal_name", "what", "open_amount", "margin", "refunded"})
"""Meanings more likely on a list of sales, though a list of people may have them too."""
_HOW_TO_REACH = frozenset({"email", "phone"})
_VISITS = word_set(
    "lastvisit lastvisitdate letzterbesuch dernierevisite ultimavisita laatstebezoek ostatniawizyta"
    " senastebesok"
)
_UNIT_PRICES = word_set(
    "price unitprice priceeach itemprice rate preis einzelpreis stuckpreis prix prixunitaire precio"
    " preciounitario prijs stuksprijs prezzo prezzounitario preco precounitario cena pris fee"
    " commission tax vat shipping"
)


def is_unit_price(header: str) -> bool:
    """Say whether a header is for the price of one, or for a part of the amount."""
    return header_key(header) in _UNIT_PRICES


def beside_others(header: Sequence[str], roles: Sequence[str | None]) -> list[str | None]:
    """Settle the meanings of headers that depend on their company.

    "Nombre" alone is the whole name; "Total" beside "Last job" is what somebody spent in all;
    "Name" beside an address and an amount is the customer's and not the sale's.

    Args:
        header: The headers.
        roles: The meaning of each by itself.
    """
    found = list(roles)
    if "last_contact" not in found and found.count("last_purchase") > 1:
        visits = [at for at, name in enumerate(header) if header_key(name) in _VISITS]
        found = ["last_contact" if at in visits[:1] else one for at, one in enumerate(found)]
    has = {role for role in found if role}
    if "first_name" in has and not has & {"last_name", "name", "customer"}:
        found[found.index("first_name")] = "name"
    if "amount" not in has:
        return found
    if "name" in has and has & _HOW_TO_REACH and not has & {"customer", "first_name", "last_name"}:
        found[found.index("name")] = "customer"
    per_person = has & ONE_ROW_A_PERSON or (has & _HOW_TO_REACH and not has & _OF_A_SALE)
    if per_person and not has & (_SALE | {"total_spent"}):
        return [
            "total_spent" if role == "amount" and not is_unit_price(name) else role
            for name, role in zip(header, found, strict=True)
        ]
    return found


def is_single_amount(header: str, headers: Sequence[str]) -> bool:
    """Say whether a sum of a person may be a single amount: nothing says it is a sum."""
    others = {role_of(name) for name in headers}
    return role_of(header) == "amount" and not others & ONE_ROW_A_PERSON
