"""Who sent whom, from a sheet of referrals and from "Referred by" on the customer list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from goodword_csv.headers.statuses import referral_status
from goodword_csv.rows.contact_rows import CustomerList, Row
from goodword_csv.rows.identity import digest
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.record_ids import RecordIds
from goodword_csv.rows.typed_rows import TypedRows


def referral_rows(
    sheets: Iterable[TypedRows], customers: CustomerList, notices: Notices
) -> list[Row]:
    """Return every referral; one whose referrer nobody can name keeps the referred person."""
    found: list[Row] = []
    ids = RecordIds()
    for rows in sheets:
        found += _of_sheet(rows, customers, notices, ids)
    known = {(row["referrer_id"], row["referred_id"]) for row in found}
    if customers.rows.has("referred_by"):
        found += [
            row
            for row in _of_list(customers, notices)
            if (row["referrer_id"], row["referred_id"]) not in known
        ]
    return found


def _of_sheet(
    rows: TypedRows, customers: CustomerList, notices: Notices, ids: RecordIds
) -> Iterable[Row]:
    names = rows.texts("referred")
    referrers = _people(rows, customers, "referrer")
    referred = _people(rows, customers, "referred")
    own, dates = rows.ids("referral_id"), rows.dates("date")
    met, won, lost = rows.dates("met_at"), rows.dates("won_at"), rows.dates("lost_at")
    statuses, sources = rows.texts("status"), rows.texts("source")
    nobody: list[int] = []
    empty: list[int] = []
    for i, line in enumerate(rows.lines):
        if referrers[i] is None:
            nobody.append(line)
        if referred[i] is None and names[i] is None:
            empty.append(line)
            continue
        content = (referrers[i], referred[i] or names[i], dates[i])
        reached = (("lost", lost[i]), ("won", won[i]), ("met", met[i]))
        by_date = next((word for word, at in reached if at is not None), None)
        yield {
            "referral_id": ids.of("r", own[i], content, rows.sheet.where),
            "referrer_id": referrers[i],
            "referred_id": referred[i],
            "referred_name": None if referred[i] else names[i],
            "status": referral_status(statuses[i] or "") or by_date or "received",
            "at": dates[i],
            "met_at": met[i],
            "won_at": won[i],
            "lost_at": lost[i],
            "source": sources[i] or "sheet",
        }
    _tell_unknown(notices, rows.sheet.where, nobody)
    notices.rows("unnamed", rows.sheet.where, "that name no referred person, left out", empty)


def _of_list(customers: CustomerList, notices: Notices) -> Iterable[Row]:
    rows = customers.rows
    created = rows.dates("created_at")
    bought = [*zip(rows.dates("first_purchase_at"), _has_bought(rows), strict=True)]
    nobody: list[int] = []
    for i, said in enumerate(rows.texts("referred_by")):
        contact = customers.ids[i]
        if said is None or contact is None:
            continue
        found = customers.known.by_text(said)
        referrer = found[0] if len(found) == 1 else None
        if referrer is None:
            nobody.append(rows.lines[i])
        first, is_customer = bought[i]
        yield {
            "referral_id": f"r-{digest(contact, 'list')}",
            "referrer_id": referrer,
            "referred_id": contact,
            "referred_name": None,
            "status": "won" if is_customer else "received",
            "at": created[i] or first,
            "met_at": None,
            "won_at": first,
            "lost_at": None,
            "source": "list",
        }
    _tell_unknown(notices, rows.sheet.where, nobody)


def _has_bought(rows: TypedRows) -> list[bool]:
    facts: list[Sequence[int | datetime | None]] = [
        rows.counts("purchases"),
        rows.cents("total_spent"),
        rows.dates("last_purchase_at"),
    ]
    return [any(values) for values in zip(*facts, strict=True)]


def _people(rows: TypedRows, customers: CustomerList, who: str) -> list[str | None]:
    """The one person whom id, address or name stand for; None where they name nobody or several."""
    found: list[str | None] = []
    columns = rows.ids(f"{who}_id"), rows.emails(f"{who}_email"), rows.texts(who)
    for own, mails, name in zip(*columns, strict=True):
        named = customers.known.by_text(name)
        chosen = customers.known.match(own, mails, (), name)
        chosen = tuple(one for one in chosen if one in named) or chosen
        found.append(chosen[0] if len(chosen) == 1 else None)
    return found


def _tell_unknown(notices: Notices, where: str, lines: Sequence[int]) -> None:
    what = "where the referrer is nobody on the list, or several; who sent them stays open"
    notices.rows("referrer", where, what, lines)
