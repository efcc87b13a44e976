"""The customer list as canonical rows: contacts, companies, reps, and what the list sums itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from goodword_csv.headers.statuses import contact_kind, contact_status
from goodword_csv.headers.vocabulary import header_key
from goodword_csv.rows.identity import Person, digest, folded
from goodword_csv.rows.linking import Directory, directory, full_names
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.register import Register
from goodword_csv.rows.roll_call import Roll, call_roll
from goodword_csv.rows.typed_rows import TypedRows
from goodword_csv.values.answers import Answer, consent_of
from goodword_csv.values.people import split_name

Row = Mapping[str, object]
Tables = dict[str, list[Row]]
"""Canonical rows by table; a table is there as soon as a sheet can fill it, even with no row."""

ROLLUPS = ("purchases", "first_purchase_at", "last_purchase_at", "total_spent")
_ALLOWS = ("consent", "mail_consent")
_REFUSES = ("do_not_contact", "mail_opt_out")
_JOB_WORDS = ("job", "visit", "service", "install", "delivery", "complet", "auftrag", "termin")
"""A "last …" column of these is about work that was finished, which is a delivery."""
_MOST_REFUSE = 0.5
_NO_NAME = re.compile(r"[^\w\s.'\u2019-]|_")
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
    own_ids, emails, phones, names = (
        rows.ids("contact_id"),
        rows.emails(),
        rows.phones(),
        full_names(rows),
    )
    companies, towns = rows.texts("company"), rows.texts("city")
    people = [
        Person(own, mails[0] if mails else None, _digits(phone), name, tuple(more))
        for own, mails, phone, name, *more in zip(
            own_ids, emails, rows.texts("phone"), names, companies, towns, strict=True
        )
    ]
    roll = call_roll(people, rows, notices, register, today)
    known = directory(roll.ids, emails, phones, names)
    return CustomerList(rows, roll, _account_ids(rows, known.companies), known, {})


def _digits(phone: str | None) -> str | None:
    """The end of a number as written: the same with and without country code or region."""
    return "".join(filter(str.isdigit, phone or ""))[-_TELLING_DIGITS:] or None


def contact_tables(customers: CustomerList, notices: Notices) -> Tables:
    """Return what the customer list alone tells: everything but other people's records."""
    rows = customers.rows
    tables: Tables = {"contacts": _contacts(customers, notices)}
    if rows.has("company", "company_id"):
        tables["accounts"] = _accounts(customers)
    if rows.has(*ROLLUPS):
        tables["deal_rollups"] = rollup_rows(rows, customers.ids)
    events = [*_jobs(customers), *_conversations(customers)]
    if events or rows.has("last_contact_at") or _job_headers(rows):
        tables["activities"] = events
    return tables


def _contacts(customers: CustomerList, notices: Notices) -> list[Row]:
    rows = customers.rows
    emails, phones = rows.emails(), rows.phones()
    names, firsts = full_names(rows), rows.texts("first_name")
    texts = {field: rows.texts(field) for field in ("city", "job_title", "company")}
    kinds = _meanings(rows.texts("kind"), contact_kind)
    statuses = _meanings(rows.texts("status"), contact_status)
    owners, languages = rows.texts("owner"), rows.texts("language")
    created, consents = rows.dates("created_at"), consents_of(rows, notices)
    refused, left = _do_not_ask(customers), rows.answers("left_company")
    found: dict[str, Row] = {}
    for i, contact in enumerate(customers.ids):
        if contact is None or contact in found:
            continue
        found[contact] = {
            "contact_id": contact,
            "name": names[i] or texts["company"][i],
            "first_name": _greeting(firsts[i]) or _first_name(names[i]),
            "email": emails[i][0] if emails[i] else None,
            "phone": phones[i][0] if phones[i] else None,
            "account_id": customers.accounts[i],
            "owner_id": customers.owner(owners[i]),
            "kind": kinds[i],
            "status": statuses[i],
            "consent": consents[i],
            "do_not_ask": refused[i],
            "left_company": left[i] == "yes" if left[i] != "unknown" else None,
            "language": _language(languages[i]),
            "city": texts["city"][i],
            "job_title": texts["job_title"][i],
            "created_at": created[i],
        }
    return list(found.values())


def _meanings(
    texts: Sequence[str | None], meaning: Callable[[str], str | None]
) -> list[str | None]:
    """Bring the words of a column to ours; each different word is looked up once."""
    known = {text: meaning(text) for text in set(texts) if text}
    return [known[text] if text else None for text in texts]


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


def _accounts(customers: CustomerList) -> list[Row]:
    names = customers.rows.texts("company")
    found: dict[str, Row] = {}
    for account, name in zip(customers.accounts, names, strict=True):
        if account is not None and (account not in found or not found[account]["name"]):
            found[account] = {"account_id": account, "name": name}
    return list(found.values())


def consents_of(rows: TypedRows, notices: Notices) -> list[Answer]:
    """May each person be contacted, by all columns that say something about it.

    A word that is neither yes nor no counts as a refusal: rather hold than ask.
    """
    allowed = [rows.answers(field, unclear="no") for field in _ALLOWS]
    refused = [rows.answers(field, unclear="yes") for field in _REFUSES]
    refused.append(rows.answers("unsubscribed_at", filled_means_yes=True))
    folded_answers = [
        consent_of(allowed=yes, refused=no)
        for yes, no in zip(zip(*allowed, strict=True), zip(*refused, strict=True), strict=True)
    ]
    no = folded_answers.count("no")
    if no > len(rows) * _MOST_REFUSE and rows.has("mail_consent"):
        header = rows.sheet.source.headers("mail_consent")[0]
        notices.say(
            "consent",
            f'{rows.sheet.where}: {no:,} people are never asked because of column "{header}". If it'
            " is only about newsletters, take mail_consent out of goodword.toml.",
        )
    return folded_answers


def _do_not_ask(customers: CustomerList) -> list[bool]:
    """Our own column and the user's, and what stood there: anything but a no is "do not ask"."""
    roll = customers.roll
    theirs = customers.rows.answers("do_not_ask", filled_means_yes=True)
    return [
        "yes" in said or one in roll.remembered
        for one, *said in zip(roll.ids, theirs, roll.refused, strict=True)
    ]


def rollup_rows(rows: TypedRows, ids: Sequence[str | None]) -> list[Row]:
    """Sums of a list; what it does not say stays open, but a sum or a date is one purchase."""
    counts, sums = rows.counts("purchases"), rows.cents("total_spent")
    firsts, lasts = rows.dates("first_purchase_at"), rows.dates("last_purchase_at")
    found: dict[str, Row] = {}
    for contact, count, total, first, last in zip(ids, counts, sums, firsts, lasts, strict=True):
        if contact is None or contact in found:
            continue
        days = count
        if days is None and (total or first or last):
            days = 2 if first and last and first.date() != last.date() else 1
        if days is None and total is None:
            continue
        found[contact] = {
            "contact_id": contact,
            "purchase_days": days,
            "first_at": first or (last if count == 1 else None),
            "last_at": last or (first if days == 1 else None),
            "sum_cents": total,
        }
    return list(found.values())


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


def _jobs(customers: CustomerList) -> Iterable[Row]:
    """A finished last job is a delivery, a good moment; a last order or payment is none."""
    if _job_headers(customers.rows):
        yield from _events(customers, "last_purchase_at", "delivery")


def _conversations(customers: CustomerList) -> Iterable[Row]:
    return _events(customers, "last_contact_at", "message")


def _events(customers: CustomerList, field: str, kind: str) -> Iterable[Row]:
    seen: set[str] = set()
    for contact, at in zip(customers.ids, customers.rows.dates(field), strict=True):
        if contact is not None and at is not None and contact not in seen:
            seen.add(contact)
            yield {
                "activity_id": f"{kind}-{digest(contact, at.isoformat())}",
                "contact_id": contact,
                "owner_id": None,
                "kind": kind,
                "at": at,
                "subject": None,
                "direction": None,
            }


def _language(text: str | None) -> str | None:
    code = (text or "").replace("_", "-").split("-")[0].lower()
    return code if len(code) == 2 and code.isalpha() else None


def dated(values: Iterable[datetime | None]) -> datetime | None:
    """The first known of several dates."""
    return next((value for value in values if value is not None), None)
