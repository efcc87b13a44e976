"""Calls and visits, complaints, survey answers and invoices as canonical rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from goodword import Columns
from goodword_csv.headers.statuses import activity_kind, deal_status, ticket_kind, ticket_status
from goodword_csv.headers.vocabulary import header_key
from goodword_csv.rows.contact_rows import CustomerList, Tables
from goodword_csv.rows.first_seen import FirstSeen
from goodword_csv.rows.identity import digest
from goodword_csv.rows.linking import people_of
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.record_ids import RecordIds
from goodword_csv.rows.second_lists import others
from goodword_csv.rows.stacked import Row, Rows
from goodword_csv.rows.typed_rows import TypedRows

LOWEST_PASSIVE, LOWEST_CONTENT = 7, 3
"""Below 7 of 10, or 3 of 5, somebody is not happy."""
_ANSWER = ("feedback_id", "contact_id", "kind", "score", "at")
_SCORES = (("nps", True), ("csat", False), ("review", False))


def activity_rows(
    sheets: Iterable[TypedRows], customers: CustomerList, notices: Notices
) -> list[Row]:
    """Return what happened with people, from every sheet of activities."""
    found: list[Row] = []
    ids = RecordIds()
    for rows in sheets:
        people = people_of(rows, customers.known, notices)
        own, dates = rows.ids("activity_id"), rows.dates("date")
        kinds, subjects = rows.texts("kind"), rows.texts("subject")
        owners, directions = rows.texts("owner"), rows.texts("direction")
        called_off = rows.answers("cancelled", filled_means_yes=True)
        named = {kind: _activity(kind, rows) for kind in {*kinds}}
        off = [line for line, said in zip(rows.lines, called_off, strict=True) if said == "yes"]
        notices.rows("cancelled", rows.sheet.where, "that did not take place, left out", off)
        for i, contacts in enumerate(people):
            if called_off[i] == "yes":
                continue
            content = (dates[i], *contacts, kinds[i], subjects[i])
            activity = ids.of("a", own[i], content, rows.sheet.where) if contacts else ""
            found += [
                {
                    "activity_id": key,
                    "contact_id": contact,
                    "owner_id": customers.owner(owners[i]),
                    "kind": named[kinds[i]],
                    "at": dates[i],
                    "subject": subjects[i] or kinds[i],
                    "direction": _direction(directions[i]),
                }
                for key, contact in _each(activity, contacts)
            ]
    return found


def ticket_rows(
    sheets: Iterable[TypedRows], customers: CustomerList, notices: Notices
) -> list[Row]:
    """Return complaints and tickets; one that nobody closed is open."""
    found: list[Row] = []
    ids = RecordIds()
    for rows in sheets:
        people = people_of(rows, customers.known, notices)
        own, kinds = rows.ids("ticket_id"), rows.texts("kind")
        opened, closed = rows.dates("opened_at"), rows.dates("closed_at")
        statuses, happy = rows.texts("status"), rows.answers("positive")
        good, subjects = rows.scores("csat", nps=False), rows.texts("subject")
        usual = _usual_ticket(rows)
        for i, contacts in enumerate(people):
            content = (opened[i], *contacts, subjects[i], kinds[i])
            ticket = ids.of("t", own[i], content, rows.sheet.where) if contacts else ""
            status = ticket_status(statuses[i] or "") or ("closed" if closed[i] else "open")
            positive = None if happy[i] == "unknown" else happy[i] == "yes"
            if positive is None and good[i] is not None:
                positive = (good[i] or 0) > LOWEST_CONTENT
            found += [
                {
                    "ticket_id": key,
                    "contact_id": contact,
                    "kind": ticket_kind(kinds[i] or "") or usual,
                    "status": status,
                    "opened_at": opened[i],
                    "closed_at": closed[i],
                    "positive": positive,
                }
                for key, contact in _each(ticket, contacts)
            ]
    return found


def feedback_rows(
    sheets: Iterable[TypedRows], customers: CustomerList, notices: Notices, seen: FirstSeen
) -> Rows:
    """Return survey answers and reviews, those on the customer list itself among them."""
    found: dict[str, list[object]] = {name: [] for name in _ANSWER}
    keys, contacts, kinds, scores, times = found.values()
    ids = RecordIds()
    for rows in sheets:
        people, where = _answering(rows, customers, notices), rows.sheet.where
        own = rows.ids("feedback_id")
        dates = rows.dates("feedback_at" if rows.sheet.source.kind == "contacts" else "date")
        for field, is_nps in _SCORES:
            if not rows.has(field):
                continue
            columns = zip(rows.scores(field, nps=is_nps), people, own, dates, strict=True)
            for score, who, named, at in columns:
                if score is None or not who:
                    continue
                key = f"{named}:{field}" if named else None
                answer = ids.of("f", key, (field, at, *who, score), where)
                if at is None and score < (LOWEST_PASSIVE if is_nps else LOWEST_CONTENT):
                    at = seen.at(answer)
                for one, contact in _each(answer, who):
                    keys.append(one)
                    contacts.append(contact)
                    kinds.append(field)
                    scores.append(score)
                    times.append(at)
    return Columns(found)


def _answering(rows: TypedRows, customers: CustomerList, notices: Notices) -> list[tuple[str, ...]]:
    """Who answered: the people of the list itself, of another list, or those a row is about."""
    if rows is customers.rows:
        listed: Sequence[str | None] = customers.ids
    elif rows.sheet.source.kind == "contacts":
        listed = others(rows, customers, Notices())  # where the list is read, it tells of strangers
    else:
        return people_of(rows, customers.known, notices)
    return [(contact,) if contact else () for contact in listed]


def invoice_rows(
    sheets: Iterable[TypedRows], customers: CustomerList, notices: Notices
) -> list[Row]:
    """Return invoices; what is paid by its status or has nothing left to pay is paid."""
    found: dict[str, Row] = {}
    ids = RecordIds()
    for rows in sheets:
        people = people_of(rows, customers.known, notices)
        own, statuses = rows.ids("invoice_id"), rows.texts("status")
        amounts, rests = rows.cents("amount"), rows.cents("open_amount")
        issued, due, paid = rows.dates("issued_at"), rows.dates("due_at"), rows.dates("paid_at")
        void: list[int] = []
        for i, contacts in enumerate(people):
            status = deal_status(statuses[i] or "")
            if status == "lost":
                void.append(rows.lines[i])
                continue
            content = (issued[i], due[i], *contacts, amounts[i])
            invoice = ids.of("i", own[i], content, rows.sheet.where) if contacts else ""
            settled = paid[i]
            if settled is None and (status == "won" or rests[i] == 0):
                settled = due[i] or issued[i]
            for key, contact in _each(invoice, contacts):
                found.setdefault(
                    key,
                    {
                        "invoice_id": key,
                        "contact_id": contact,
                        "amount_cents": amounts[i] if amounts[i] is not None else rests[i],
                        "due_at": due[i],
                        "paid_at": settled,
                    },
                )
        notices.rows("void", rows.sheet.where, "that were cancelled, left out", void)
    return list(found.values())


def record_tables(
    sheets: dict[str, list[TypedRows]],
    customers: CustomerList,
    notices: Notices,
    seen: FirstSeen,
) -> Tables:
    """Return the tables of events that the sheets of these kinds fill."""
    tables: Tables = {}
    if sheets.get("activities"):
        tables["activities"] = activity_rows(sheets["activities"], customers, notices)
    if sheets.get("tickets"):
        tables["tickets"] = ticket_rows(sheets["tickets"], customers, notices)
    answers = list(sheets.get("feedback", ()))
    lists = [customers.rows, *sheets.get("contacts", ())]
    answers += [rows for rows in lists if rows.has("nps", "csat")]
    if answers:
        tables["feedback"] = feedback_rows(answers, customers, notices, seen)
    if sheets.get("invoices"):
        tables["invoices"] = invoice_rows(sheets["invoices"], customers, notices)
    return tables


def _each(record: str, contacts: tuple[str, ...]) -> list[tuple[str, str]]:
    """Give each of the people who share a mailbox a record of their own."""
    if len(contacts) == 1:
        return [(record, contacts[0])]
    return [(f"{record}~{digest(contact, size=6)}", contact) for contact in contacts]


def _activity(kind: str | None, rows: TypedRows) -> str | None:
    """The kind of an activity; a word of the firm's own stays as it is, with underscores."""
    if kind is None:
        return activity_kind(rows.sheet.where)
    return activity_kind(kind) or "_".join(kind.lower().split())


def _direction(text: str | None) -> str | None:
    word = (text or "").lower()
    return next((way for way in ("out", "in") if word.startswith(way)), None)


def _usual_ticket(rows: TypedRows) -> str:
    """What a row is that does not say: a sheet or column about complaints lists complaints."""
    words = header_key(" ".join((rows.sheet.where, *rows.sheet.source.headers("subject"))))
    return ticket_kind(words) or "ticket"
