"""Sales as canonical rows: order lines joined, refunds apart, each credited to its people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from goodword_csv.headers.statuses import deal_kind, deal_status
from goodword_csv.headers.vocabulary import header_key
from goodword_csv.rows.contact_rows import CustomerList, Row, Tables, dated
from goodword_csv.rows.identity import folded
from goodword_csv.rows.linking import full_names, matches
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.record_ids import RecordIds
from goodword_csv.rows.typed_rows import TypedRows

_PAYMENTS = ("payment", "paymt", "receivepayment")


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of a sales sheet, read."""

    line: int
    deal_id: str | None
    contacts: tuple[str, ...]
    account: str | None
    name: str | None
    amount: int | None
    refunded: int | None
    margin: int | None
    at: datetime | None
    created: datetime | None
    status: str | None
    kind: str | None


def deal_tables(sheets: Iterable[TypedRows], customers: CustomerList, notices: Notices) -> Tables:
    """Return deals and their people from every sales sheet.

    Args:
        sheets: Lists of sales; of invoices where the firm has no list of sales.
        customers: The customer list.
        notices: Hears which rows are about nobody, and what could not be counted.
    """
    deals: list[Row] = []
    people: list[Row] = []
    ids = RecordIds()
    for rows in sheets:
        for lines in _orders(_lines(rows, customers, notices)):
            for part in _parts(lines):
                first = part[0]
                content = (first.at, *first.contacts, first.account, first.name, first.amount)
                deal_id = ids.of("d", _id(first, part, lines), content, rows.sheet.where)
                deals.append(_deal(deal_id, part))
                contacts = dict.fromkeys(c for line in part for c in line.contacts)
                people += [
                    {"deal_id": deal_id, "contact_id": contact, "primary": None}
                    for contact in contacts
                ]
    return {"deals": deals, "deal_contacts": people}


def _lines(rows: TypedRows, customers: CustomerList, notices: Notices) -> list[_Line]:
    found = matches(rows, customers.known)
    accounts = _accounts(rows, customers)
    is_invoices = rows.sheet.source.kind == "invoices"
    states = _statuses(rows, notices)
    if is_invoices:  # an invoice was written for a sale, paid or not
        states = ["lost" if status == "lost" else "won" for status in states]
    called_off = rows.answers("cancelled", filled_means_yes=True)
    states = ["lost" if off == "yes" else s for s, off in zip(states, called_off, strict=True)]
    said = rows.texts("kind")
    kinds = [deal_kind(kind or "") for kind in said]
    for owner in rows.texts("owner"):
        customers.owner(owner)
    read = [
        _Line(*values)
        for values in zip(
            rows.lines,
            rows.ids("invoice_id" if is_invoices else "deal_id"),
            found,
            accounts,
            rows.texts("deal_name"),
            rows.cents("amount"),
            rows.cents("refunded"),
            rows.cents("margin"),
            rows.dates("issued_at" if is_invoices else "date"),
            rows.dates("due_at" if is_invoices else "created_at"),
            states,
            kinds,
            strict=True,
        )
    ]
    paying = _payments(said)
    where = rows.sheet.where
    lines = [line.line for line, pays in zip(read, paying, strict=True) if pays]
    notices.rows("payment", where, "that pay invoices of the same list, not counted again", lines)
    read = [line for line, pays in zip(read, paying, strict=True) if not pays]
    if not is_invoices:  # of those it is told where they are read as invoices
        _tell_lost(read, where, notices)
    return read


def _payments(kinds: Sequence[str | None]) -> list[bool]:
    """Say which rows only pay what other rows of the list bill, as in a list of transactions."""
    keys = [header_key(kind or "") for kind in kinds]
    if not any("invoice" in key for key in keys):
        return [False] * len(keys)
    return [key.startswith(_PAYMENTS) for key in keys]


def _tell_lost(read: Sequence[_Line], where: str, notices: Notices) -> None:
    """Count sales of nobody we know, an order's further lines not among them."""
    known = {line.deal_id for line in read if line.deal_id and (line.contacts or line.account)}
    lost = [
        line.line
        for line in read
        if not line.contacts and not line.account and line.deal_id not in known
    ]
    notices.rows("unmatched", where, "about nobody on the customer list, credited to nobody", lost)
    won = [line for line in read if line.status == "won"]
    undated = [line.line for line in won if not (line.at or line.created) and line.amount]
    notices.rows("undated", where, "without a readable date, not counted as sales", undated)


def _accounts(rows: TypedRows, customers: CustomerList) -> list[str | None]:
    """The company of each sale, by its id or by a company's name in the place of a person's."""
    companies = customers.known.companies
    columns = [
        [None if i is None else i.casefold() for i in rows.ids("company_id")],
        [folded(name) for name in rows.texts("company")],
        [folded(name) for name in full_names(rows)],
    ]
    return [
        next((companies[key] for key in keys if key and key in companies), None)
        for keys in zip(*columns, strict=True)
    ]


def _statuses(rows: TypedRows, notices: Notices) -> list[str | None]:
    """Won, open or lost; a sheet without a status, or an empty cell, is a list of sales made."""
    texts = rows.texts("status")
    known = {text: deal_status(text) for text in set(texts) if text}
    unknown = [
        line for line, text in zip(rows.lines, texts, strict=True) if text and not known[text]
    ]
    if rows.sheet.source.kind == "deals":
        what = "with a status we do not know, not counted as sales"
        notices.rows("status", rows.sheet.where, what, unknown)
    return ["won" if not text else known[text] for text in texts]


def _orders(lines: Sequence[_Line]) -> Iterable[list[_Line]]:
    """Join the rows of one order, which exports repeat for each of its items."""
    orders: dict[object, list[_Line]] = defaultdict(list)
    for line in lines:
        orders[line.deal_id or ("alone", line.line)].append(line)
    return orders.values()


def _parts(lines: list[_Line]) -> list[list[_Line]]:
    """Keep the refunds of an order apart from its sale."""
    if len(lines) == 1:
        return [lines]
    refunds = [line for line in lines if (line.amount or 0) < 0]
    sale = [line for line in lines if (line.amount or 0) >= 0]
    return [part for part in (sale, refunds) if part]


def _id(first: _Line, part: list[_Line], lines: list[_Line]) -> str | None:
    if first.deal_id is None:
        return None
    is_refund = len(part) < len(lines) and (first.amount or 0) < 0
    return f"{first.deal_id}:refund" if is_refund else first.deal_id


def _deal(deal_id: str, part: list[_Line]) -> Row:
    first = part[0]
    amount = _whole(line.amount for line in part)
    back = abs(_whole(line.refunded for line in part) or 0)
    at = dated(line.at for line in part)
    created = dated(line.created for line in part)
    status = next((line.status for line in part if line.status), None) if first.deal_id else None
    status = first.status if first.status is not None else status
    if amount is not None and amount > 0 and back:
        status, amount = (status, amount - back) if back < amount else ("lost", amount)
    closed = (at or created) if status in {"won", "lost"} else None
    return {
        "deal_id": deal_id,
        "account_id": next((line.account for line in part if line.account), None),
        "name": first.name,
        "kind": "refund" if (amount or 0) < 0 else first.kind,
        "status": status,
        "amount_cents": amount,
        "margin_cents": _whole(line.margin for line in part),
        "created_at": created or at,
        "closed_at": closed,
    }


def _whole(cents: Iterable[int | None]) -> int | None:
    """The amount of an order: its total repeated on every line, or else the sum of its lines."""
    known = [value for value in cents if value is not None]
    if not known:
        return None
    return known[0] if len(set(known)) == 1 else sum(known)
