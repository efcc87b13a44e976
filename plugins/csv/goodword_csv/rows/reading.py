"""All sheets of a firm to canonical tables, with everything worth saying about them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from goodword import Columns
from goodword_csv.rows.contact_rows import (
    ROLLUPS,
    CustomerList,
    Tables,
    contact_tables,
    read_list,
)
from goodword_csv.rows.deal_rows import deal_tables
from goodword_csv.rows.event_rows import record_tables
from goodword_csv.rows.first_seen import FirstSeen
from goodword_csv.rows.home import day_first_in
from goodword_csv.rows.job_marks import marked_tables
from goodword_csv.rows.named_referrals import named_referrals, names_are_given
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.own_columns import OwnColumns, own_fields, own_values
from goodword_csv.rows.packed import Packed
from goodword_csv.rows.referral_rows import Referrers, referral_rows
from goodword_csv.rows.register import Register
from goodword_csv.rows.second_lists import enriched, further_rollups, target_accounts
from goodword_csv.rows.sources import Sheet, told_of_formulas
from goodword_csv.rows.stacked import Rows, joined
from goodword_csv.rows.typed_rows import TypedRows
from goodword_csv.settings import CsvSettings

_UNSAID = ("blank", "above the header", "total", "group", "footer", "the header again")
"""Left-out lines that lose nothing."""
_CALLED = ("name", "phone", "email")
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
    people: People
    customers: CustomerList
    own: OwnColumns
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
        tables[name] = joined(tables.get(name, ()), more)
    marked = marked_tables(by_kind["deals"], customers, notices, seen)
    for name, more in marked.items():
        tables[name] = joined(tables.get(name, ()), more)
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


class People(Mapping[str, Called]):
    """Everybody by contact id, found in the columns of the contacts, which are there anyway.

    A number we could not check is shown to the rep as the firm wrote it; nobody is known by it.

    Args:
        ids: Contact id of each.
        called: Their names, numbers and addresses, one a contact.
        typed: Contact id to the number as it stands, of those without one that could be checked.
    """

    def __init__(
        self,
        ids: Sequence[object],
        called: Sequence[Sequence[object]],
        typed: Mapping[str, str],
    ) -> None:
        self._ids = ids
        self._called = called
        self._typed = typed

    def packed(self) -> People:
        """Return the same in a fifth of the room, where the contacts themselves are let go of."""
        called = [Packed(map(_or_none, column)) for column in self._called]
        return People(Packed(map(_or_none, self._ids)), called, self._typed)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {str(one): place for place, one in enumerate(self._ids)}

    def __getitem__(self, contact_id: str) -> Called:
        place = self._places[contact_id]
        name, phone, email = (_or_none(column[place]) for column in self._called)
        return Called(name, phone or self._typed.get(contact_id), email)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)


def _column(rows: Rows, name: str) -> Sequence[object]:
    return rows.columns[name] if isinstance(rows, Columns) else [row[name] for row in rows]


def _people(contacts: Rows, customers: CustomerList) -> People:
    """Keep of the contacts what is asked for later."""
    numbers = zip(_column(contacts, "contact_id"), _column(contacts, "phone"), strict=True)
    bare = {str(one) for one, phone in numbers if not phone}
    typed: dict[str, str] = {}
    if bare:
        for one, phone in zip(customers.ids, customers.rows.texts("phone"), strict=True):
            if phone and one in bare and _may_be_dialled(phone):
                typed.setdefault(str(one), phone)
    called = [_column(contacts, name) for name in _CALLED]
    return People(_column(contacts, "contact_id"), called, typed)


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
