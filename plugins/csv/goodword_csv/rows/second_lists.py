"""Further lists of people (a newsletter tool, an address book): what they add to the customers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from goodword_csv.rows.contact_rows import CustomerList, Row, consents_of, rollup_rows
from goodword_csv.rows.identity import folded
from goodword_csv.rows.left_alone import left_alone
from goodword_csv.rows.linking import full_names
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.typed_rows import TypedRows

_FILLED = ("city", "job_title", "language")


def enriched(
    contacts: Iterable[Row], sheets: Iterable[TypedRows], customers: CustomerList, notices: Notices
) -> list[Row]:
    """Return the contacts with what other lists know of them; a "no" anywhere is a no.

    People are matched by e-mail, phone or name: two tools rarely share ids. Who is only on
    another list stays out, because there is no row for our columns.
    """
    found = {str(row["contact_id"]): dict(row) for row in contacts}
    for rows in sheets:
        people = others(rows, customers, notices)
        consents, alone = consents_of(rows, notices), left_alone(rows, notices)
        texts = {field: rows.texts(field) for field in _FILLED if rows.has(field)}
        phones = rows.phones()
        for i, contact in enumerate(people):
            row = found.get(contact or "")
            if row is None:
                continue
            if consents[i] == "no" or row["consent"] == "unknown":
                row["consent"] = consents[i]
            row["do_not_ask"] = row["do_not_ask"] or alone[i]
            for field, values in texts.items():
                row[field] = row[field] or values[i]
            row["phone"] = row["phone"] or (phones[i][0] if phones[i] else None)
    return list(found.values())


def further_rollups(
    known: Iterable[Row], sheets: Iterable[TypedRows], customers: CustomerList
) -> list[Row]:
    """Return sums of purchases, those of the customer list first."""
    found: dict[object, Row] = {row["contact_id"]: row for row in known}
    for rows in sheets:
        for row in rollup_rows(rows, others(rows, customers, Notices())):
            found.setdefault(row["contact_id"], row)
    return list(found.values())


def others(rows: TypedRows, customers: CustomerList, notices: Notices) -> list[str | None]:
    """Find whom on the customer list each row of another list is about."""
    known = customers.known
    found: list[str | None] = []
    for mails, numbers, name in zip(rows.emails(), rows.phones(), full_names(rows), strict=True):
        match = known.match(None, mails, numbers, name)
        chosen = tuple(one for one in match if one in known.by_name(name)) or match
        found.append(chosen[0] if len(chosen) == 1 else None)
    lost = [line for line, one in zip(rows.lines, found, strict=True) if one is None]
    notices.rows("unmatched", rows.sheet.where, "about nobody on the customer list, left out", lost)
    return found


def target_accounts(
    accounts: Iterable[Row], sheets: Iterable[TypedRows], customers: CustomerList
) -> list[Row]:
    """Return the companies with those the firm would like to be introduced to."""
    found: dict[str, Mapping[str, object]] = {str(row["account_id"]): row for row in accounts}
    for rows in sheets:
        for name, city, domain, industry in zip(
            rows.texts("company"),
            rows.texts("city"),
            rows.texts("domain"),
            rows.texts("industry"),
            strict=True,
        ):
            key = folded(name)
            if not key:
                continue
            account = customers.known.companies.get(key, key)
            found[account] = {
                **found.get(account, {"account_id": account, "name": name}),
                "city": city,
                "domain": domain.lower() if domain else None,
                "industry": industry,
                "target": True,
            }
    return list(found.values())
