"""All sheets of a firm to canonical tables, with everything worth saying about them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from goodword_csv.rows.contact_rows import (
    ROLLUPS,
    CustomerList,
    Row,
    Tables,
    contact_tables,
    read_list,
)
from goodword_csv.rows.deal_rows import deal_tables
from goodword_csv.rows.event_rows import record_tables
from goodword_csv.rows.first_seen import FirstSeen
from goodword_csv.rows.home import day_first_in
from goodword_csv.rows.named_referrals import named_referrals, names_are_given
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.own_columns import own_fields, own_values
from goodword_csv.rows.referral_rows import Referrers, referral_rows
from goodword_csv.rows.register import Register
from goodword_csv.rows.second_lists import enriched, further_rollups, target_accounts
from goodword_csv.rows.sources import Sheet, told_of_formulas
from goodword_csv.rows.typed_rows import TypedRows
from goodword_csv.settings import CsvSettings

_UNSAID = ("blank", "above the header", "total", "group", "footer", "the header again")
"""Left-out lines that lose nothing."""
_FEWEST_DIGITS = 5
"""Digits of a number worth showing: local numbers of small towns have no fewer."""
_ROUNDED = re.compile(r"\d[eE]\+?\d")


class Called(NamedTuple):
    """How a contact is called and reached."""

    name: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the sheets say.

    Attributes:
        tables: Canonical rows; only tables that some sheet can fill.
        people: Every contact of these tables by id, as far as writing asks.
        customers: The customer list.
        own: Our columns as they stand, one entry a row of the customer list.
        referrers: Who sent whom, with what only a person can say.
    """

    tables: Tables
    people: Mapping[str, Called]
    customers: CustomerList
    own: Sequence[Mapping[str, str | int | None]]
    referrers: Referrers


def read_tables(
    sheets: Sequence[Sheet],
    settings: CsvSettings,
    seen: FirstSeen,
    notices: Notices,
    answers: Mapping[str, str] | None = None,
    *,
    register: Register | None = None,
    asks: Sequence[Mapping[str, object]] = (),
) -> Reading:
    """Return the canonical tables of a firm.

    Args:
        sheets: Its sheets as read.
        settings: What their columns mean.
        seen: Days on which undated things were first seen.
        notices: Hears what was left out, and why.
        answers: What people answered in the review list, by the key of the question.
        register: The people known so far; None on a first reading.
        asks: Our tasks as rows of ``asks``, for the names that were given with a "yes".
    """
    by_kind: dict[str, list[TypedRows]] = defaultdict(list)
    for sheet in sheets:
        _tell_skipped(sheet, notices)
        rows = TypedRows(sheet, settings, notices)
        if sheet.source.write:
            customers = read_list(rows, notices, register, seen.today)
        else:
            by_kind[sheet.source.kind].append(rows)
    tables = contact_tables(customers, notices)
    records = record_tables(by_kind, customers, notices, seen)
    for name, more in records.items():
        tables[name] = [*tables.get(name, ()), *more]
    sales = by_kind["deals"] or by_kind["invoices"]
    if sales:
        tables |= deal_tables(sales, customers, notices)
    referrers = Referrers(customers, answers or {}, notices)
    if by_kind["referrals"] or customers.rows.has("referred_by"):
        tables["referrals"] = referral_rows(by_kind["referrals"], customers, notices, referrers)
    if names_are_given(asks):
        known = tables.setdefault("referrals", [])
        tables["referrals"] = [*known, *named_referrals(asks, customers, tables)]
    if by_kind["contacts"]:
        others = by_kind["contacts"]
        tables["contacts"] = enriched(tables["contacts"], others, customers, notices)
        summing = [rows for rows in others if rows.has(*ROLLUPS)]
        if summing:
            known = tables.get("deal_rollups", [])
            tables["deal_rollups"] = further_rollups(known, summing, customers)
    if by_kind["targets"]:
        known = tables.get("accounts", [])
        tables["accounts"] = target_accounts(known, by_kind["targets"], customers)
    sheet = customers.rows.sheet
    own = own_values(sheet.grid, day_first=day_first_in(sheet.source, settings))
    tables["own_fields"] = own_fields(own, customers.ids)
    return Reading(tables, _people(tables["contacts"], customers), customers, own, referrers)


def _people(contacts: Sequence[Row], customers: CustomerList) -> dict[str, Called]:
    """Keep of the contacts what is asked for later, so that their rows can go.

    A number we could not check is shown to the rep as the firm wrote it; nobody is known by it.
    """
    bare = {str(row["contact_id"]) for row in contacts if not row["phone"]}
    typed: dict[str, str] = {}
    for one, phone in zip(customers.ids, customers.rows.texts("phone"), strict=True):
        if phone and one in bare and _may_be_dialled(phone):
            typed.setdefault(str(one), phone)
    people: dict[str, Called] = {}
    for row in contacts:
        known = str(row["contact_id"])
        reached = (row["name"], row["phone"] or typed.get(known), row["email"])
        people[known] = Called(*map(_or_none, reached))
    return people


def _may_be_dialled(phone: str) -> bool:
    """Say whether a rep could dial it: not a note, nor a number that a program rounded."""
    return sum(map(str.isdigit, phone)) >= _FEWEST_DIGITS and not _ROUNDED.search(phone)


def _or_none(value: object) -> str | None:
    return None if value is None else str(value)


def _tell_skipped(sheet: Sheet, notices: Notices) -> None:
    if sheet.file.book.uncalculated:
        notices.say("formulas", told_of_formulas(sheet.file.book))
    for skipped in sheet.grid.skipped:
        if skipped.reason not in _UNSAID:
            lines = range(skipped.line, skipped.line + skipped.lines)
            what = f"left out: {skipped.reason}"
            notices.rows("skipped", sheet.where, what, lines)


def owner_rows(customers: CustomerList) -> list[dict[str, object]]:
    """Return the reps that any sheet names; known once all sheets and tasks are read."""
    return [
        {"owner_id": name, "name": name, "email": name.lower() if "@" in name else None}
        for name in customers.owners.values()
    ]
