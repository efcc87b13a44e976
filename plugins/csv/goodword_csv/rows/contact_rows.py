"""The customer list as canonical rows: contacts, companies, reps, and what the list sums itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from goodword import Columns
from goodword_csv.headers.statuses import contact_kind, contact_status
from goodword_csv.headers.vocabulary import header_key
from goodword_csv.rows.identity import Person, digest, folded
from goodword_csv.rows.known import People
from goodword_csv.rows.left_alone import left_alone
from goodword_csv.rows.linking import Directory, full_names
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.packed import Packed
from goodword_csv.rows.register import Register
from goodword_csv.rows.roll_call import Roll, call_roll
from goodword_csv.rows.same_person import also_refused
from goodword_csv.rows.sources import Sheet
from goodword_csv.rows.stacked import Row as Row
from goodword_csv.rows.stacked import Rows, first_rows, joined, picked
from goodword_csv.rows.typed_rows import TypedRows
from goodword_csv.values.answers import Answer, consent_of
from goodword_csv.values.people import split_name

Tables = dict[str, Rows]
"""Canonical rows by table; a table is there as soon as a sheet can fill it, even with no row."""

_SUMS = ("contact_id", "purchase_days", "first_at", "last_at", "sum_cents")
ROLLUPS = ("purchases", "first_purchase_at", "last_purchase_at", "total_spent")
_ALLOWS = ("consent", "mail_consent")
_REFUSES = ("do_not_contact", "mail_opt_out")
_JOB_WORDS = ("job", "visit", "service", "install", "delivery", "complet", "auftrag", "termin")
"""A "last …" column of these is about work that was finished, which is a delivery."""
_MOST_REFUSE = 0.5
_LEFT = {"yes": True, "no": False, "unknown": None}
_NO_NAME = re.compile(r"[^\w\s.'\u2019-]|_")
_NO_DIGIT = re.compile(r"[^0-9]+")
_TELLING_DIGITS = 7  # the shortest whole numbers; longer ones differ in these too


@dataclass(frozen=True, slots=True)
class CustomerList:
    """The customer list, read.

    Attributes:
        rows: Its typed rows.
        roll: Who is on it.
        accounts: Company of each row, by its id or else by its name.
        known: Finds people by id, address, phone or name.
        owners: Reps by the way their name is compared, to how it is written.
    """

    rows: TypedRows
    roll: Roll
    accounts: Sequence[str | None]
    known: Directory
    owners: dict[str, str]

    @property
    def ids(self) -> Sequence[str | None]:
        """Contact id of each row; None where it names nobody."""
        return self.roll.ids

    def without_cells(self, sheet: Sheet) -> CustomerList:
        """Return who is on the list, without what else was read of them.

        Args:
            sheet: The list without the cells.
        """
        rows = self.rows.of(sheet)
        ids, cells = Packed(self.roll.ids), self.roll.cells
        register = replace(self.roll.register, people=People())
        cells = None if cells is None else Packed(cells)
        roll = replace(self.roll, ids=ids, cells=cells, register=register)
        return CustomerList(rows, roll, (), Directory(ids, rows), self.owners)

    def owner(self, text: str | None) -> str | None:
        """Return the rep's id for a name as written anywhere; a new name is a new rep."""
        if not text:
            return None
        key = text.lower() if "@" in text else folded(text)
        return self.owners.setdefault(key, text) if key else None


def read_list(
    rows: TypedRows,
    notices: Notices,
    register: Register | None = None,
    today: date | None = None,
) -> CustomerList:
    """Find out who the rows of the customer list are.

    Args:
        rows: The list.
        notices: Hears what is worth saying about ids.
        register: The people known so far; None on a first reading.
        today: Day of this reading.
    """
    own_ids, emails = rows.ids("contact_id"), rows.emails()
    rows.phones()  # what it tells of numbers comes before what the roll call tells
    names = full_names(rows)
    companies, towns = rows.texts("company"), rows.texts("city")
    written = rows.texts("phone")
    digits = {phone: _digits(phone) for phone in set(written)}
    people = [
        Person(own, mails[0] if mails else None, digits[phone], name, more)
        for own, mails, phone, name, more in zip(
            own_ids, emails, written, names, zip(companies, towns, strict=True), strict=True
        )
    ]
    roll = call_roll(people, rows, notices, register, today)
    known = Directory(roll.ids, rows)
    return CustomerList(rows, roll, _account_ids(rows, known.companies), known, {})


def _digits(phone: str | None) -> str | None:
    """The end of a number as written: the same with and without country code or region."""
    text = phone or ""
    digits = _NO_DIGIT.sub("", text) if text.isascii() else "".join(filter(str.isdigit, text))
    return digits[-_TELLING_DIGITS:] or None


def contact_tables(customers: CustomerList, notices: Notices) -> Tables:
    """Return what the customer list alone tells: everything but other people's records."""
    rows = customers.rows
    tables: Tables = {"contacts": _contacts(customers, notices)}
    if rows.has("company", "company_id"):
        tables["accounts"] = _accounts(customers)
    if rows.has(*ROLLUPS):
        tables["deal_rollups"] = rollup_rows(rows, customers.ids)
    events = joined(_jobs(customers), _conversations(customers))
    if events or rows.has("last_contact_at") or _job_headers(rows):
        tables["activities"] = events
    return tables


def _contacts(customers: CustomerList, notices: Notices) -> Rows:
    """The people, by columns: where a person stands in several rows, the first of them counts."""
    rows = customers.rows
    here = first_rows(customers.ids)
    names, companies = full_names(rows), rows.texts("company")
    kinds = _meanings(rows.texts("kind"), contact_kind)
    statuses = _meanings(rows.texts("status"), contact_status)
    created, consents = rows.dates("created_at"), consents_of(rows, notices)
    refused = _do_not_ask(customers, consents, notices)
    left = rows.answers("left_company")
    columns: dict[str, Sequence[object]] = {
        "contact_id": customers.ids,
        "name": [name or firm for name, firm in zip(names, companies, strict=True)],
        "first_name": _first_names(rows.texts("first_name"), names),
        "email": [found[0] if found else None for found in rows.emails()],
        "phone": [found[0] if found else None for found in rows.phones()],
        "account_id": customers.accounts,
        "kind": kinds,
        "status": statuses,
        "consent": consents,
        "do_not_ask": refused,
        "left_company": [_LEFT[answer] for answer in left],
        "language": _meanings(rows.texts("language"), _language),
        "city": rows.texts("city"),
        "job_title": rows.texts("job_title"),
        "created_at": created,
    }
    owners = picked(rows.texts("owner"), here)
    known = {text: customers.owner(text) for text in dict.fromkeys(owners)}
    found = {name: picked(values, here) for name, values in columns.items()}
    return Columns({**found, "owner_id": [known[text] for text in owners]})


def _meanings(
    texts: Sequence[str | None], meaning: Callable[[str], str | None]
) -> list[str | None]:
    """Bring the words of a column to ours; each different word is looked up once."""
    known = {text: meaning(text) for text in set(texts) if text}
    return [known[text] if text else None for text in texts]


def _first_names(firsts: Sequence[str | None], names: Sequence[str | None]) -> list[str | None]:
    known = {first: _greeting(first) for first in set(firsts)}
    return [known[first] or _first_name(name) for first, name in zip(firsts, names, strict=True)]


def _greeting(first: str | None) -> str | None:
    """A first name without the emoji and signs that people put beside theirs."""
    return " ".join(_NO_NAME.sub(" ", first).split()) or None if first else None


def _first_name(name: str | None) -> str | None:
    """The name for a greeting; what came in as a formula is nobody's."""
    return None if not name or name.startswith("=") else split_name(name)[0] or None


def _account_ids(rows: TypedRows, companies: dict[str, str]) -> list[str | None]:
    """The company of each row: its id, else its name as names are compared; both find it later."""
    names = rows.texts("company")
    keys = {name: folded(name) for name in set(names)}
    ids = [
        own or keys[name] or None for own, name in zip(rows.ids("company_id"), names, strict=True)
    ]
    for account, name in zip(ids, names, strict=True):
        if account is not None:
            companies.setdefault(account.casefold(), account)
            companies.setdefault(keys[name] or account, account)
    return ids


def _accounts(customers: CustomerList) -> Rows:
    names = customers.rows.texts("company")
    found: dict[str, str | None] = {}
    for account, name in zip(customers.accounts, names, strict=True):
        if account is not None and not found.get(account):
            found[account] = name
    return Columns({"account_id": list(found), "name": list(found.values())})


def consents_of(rows: TypedRows, notices: Notices) -> list[Answer]:
    """May each person be contacted, by all columns that say something about it.

    A word that is neither yes nor no counts as a refusal: rather hold than ask.
    """
    allowed = [rows.answers(field, unclear="no") for field in _ALLOWS]
    refused = [rows.answers(field, unclear="yes") for field in _REFUSES]
    refused.append(rows.answers("unsubscribed_at", filled_means_yes=True))
    said = list(zip(zip(*allowed, strict=True), zip(*refused, strict=True), strict=True))
    known = {both: consent_of(allowed=both[0], refused=both[1]) for both in set(said)}
    folded_answers = [known[both] for both in said]
    no = folded_answers.count("no")
    if no > len(rows) * _MOST_REFUSE and rows.has("mail_consent"):
        header = rows.sheet.source.headers("mail_consent")[0]
        notices.say(
            "consent",
            f'{rows.sheet.where}: {no:,} people are never asked because of column "{header}". If it'
            " is only about newsletters, take mail_consent out of goodword.toml.",
        )
    return folded_answers


def _do_not_ask(
    customers: CustomerList, consents: Sequence[Answer], notices: Notices
) -> list[bool]:
    """Our own column and the user's, and what stood there: anything but a no is "do not ask".

    So is a status, or a name, that says to leave somebody alone, and whatever stops the same person
    in another row; a no in our own column outweighs what another row says.
    """
    roll = customers.roll
    theirs = customers.rows.answers("do_not_ask", filled_means_yes=True)
    alone = left_alone(customers.rows, notices, roll.refused)
    refused = [
        "yes" in said or one in roll.remembered or is_left
        for one, is_left, *said in zip(roll.ids, alone, theirs, roll.refused, strict=True)
    ]
    stops = [one or consent == "no" for one, consent in zip(refused, consents, strict=True)]
    also = also_refused(customers.rows, stops, notices)
    return [
        one or (other and said != "no")
        for one, other, said in zip(refused, also, roll.refused, strict=True)
    ]


def rollup_rows(rows: TypedRows, ids: Sequence[str | None]) -> Rows:
    """Sums of a list; what it does not say stays open, but a sum or a date is one purchase."""
    here = first_rows(ids)
    columns: list[Sequence[object]] = [ids, rows.counts("purchases"), rows.cents("total_spent")]
    columns += [rows.dates("first_purchase_at"), rows.dates("last_purchase_at")]
    found: dict[str, list[object]] = {name: [] for name in _SUMS}
    people, days_bought, firsts, lasts, sums = found.values()
    for contact, count, total, first, last in zip(*(picked(c, here) for c in columns), strict=True):
        days = count
        if days is None and (total or first or last):
            days = 2 if first and last and first.date() != last.date() else 1
        if days is None and total is None:
            continue
        people.append(contact)
        days_bought.append(days)
        firsts.append(first or (last if count == 1 else None))
        lasts.append(last or (first if days == 1 else None))
        sums.append(total)
    return Columns(found)


def has_bought(rows: TypedRows) -> list[bool]:
    """Say of each row whether the list itself says that the person has bought."""
    facts: list[Sequence[int | datetime | None]] = [
        rows.counts("purchases"),
        rows.cents("total_spent"),
        rows.dates("last_purchase_at"),
    ]
    return [any(values) for values in zip(*facts, strict=True)]


def _job_headers(rows: TypedRows) -> bool:
    headers = rows.sheet.source.headers("last_purchase_at")
    return any(word in header_key(header) for header in headers for word in _JOB_WORDS)


def _jobs(customers: CustomerList) -> Rows:
    """A finished last job is a delivery, a good moment; a last order or payment is none."""
    if not _job_headers(customers.rows):
        return []
    return _events(customers, "last_purchase_at", "delivery")


def _conversations(customers: CustomerList) -> Rows:
    return _events(customers, "last_contact_at", "message")


def _events(customers: CustomerList, field: str, kind: str) -> Rows:
    dates = customers.rows.dates(field)
    dated = [one if at else None for one, at in zip(customers.ids, dates, strict=True)]
    here = first_rows(dated)
    people, days = picked(customers.ids, here), picked(dates, here)
    written = {at: at.isoformat() for at in set(days) if at is not None}
    if not written:
        return []
    pairs = zip(people, days, strict=True)
    nothing = [None] * len(here)
    return Columns(
        {
            "activity_id": [f"{kind}-{digest(one, written[at])}" for one, at in pairs if at],
            "contact_id": people,
            "owner_id": nothing,
            "kind": [kind] * len(here),
            "at": days,
            "subject": nothing,
            "direction": nothing,
        }
    )


def _language(text: str) -> str | None:
    code = text.replace("_", "-").split("-")[0].lower()
    return code if len(code) == 2 and code.isalpha() else None


def dated(values: Iterable[datetime | None]) -> datetime | None:
    """The first known of several dates."""
    return next((value for value in values if value is not None), None)
