"""Names given with a "yes" that stand in the customer list since: who was sent, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import itemgetter

from goodword_csv.rows.contact_rows import CustomerList, Row, Tables, has_bought


def named_referrals(
    asks: Iterable[Mapping[str, object]], customers: CustomerList, tables: Tables
) -> list[Row]:
    """Return a referral for each name given with a "yes" that one new customer bears.

    The id is the key of the task, which says that its name has become this referral. Somebody
    who is a referral already is none, nor is who was known before that task was written, as far as
    the lists say.

    Args:
        asks: Rows of ``asks``.
        customers: The customer list.
        tables: What was read so far: referrals and sales.
    """
    sent = {row["referred_id"] for row in tables.get("referrals", ())}
    places = {one: at for at, one in reversed([*enumerate(customers.ids)]) if one is not None}
    since, firsts = _known_since(customers, tables), customers.rows.dates("first_purchase_at")
    bought = has_bought(customers.rows)
    found: list[Row] = []
    for at, key, ask in sorted(_given(asks), key=itemgetter(0, 1)):
        people = customers.known.by_name(str(ask["outcome_name"]))
        person, referrer = people[0] if len(people) == 1 else None, str(ask["contact_id"])
        if person is None or person in sent or person == referrer or referrer not in places:
            continue
        written = ask["created_at"]
        asked_on = written.date() if isinstance(written, datetime) else at.date()
        if since.get(person, date.max) < asked_on:
            continue
        sent.add(person)
        place = places[person]
        found.append(
            {
                "referral_id": key,
                "referrer_id": referrer,
                "referred_id": person,
                "referred_name": None,
                "status": "won" if bought[place] else "received",
                "at": at,
                "met_at": None,
                "won_at": firsts[place],
                "lost_at": None,
                "source": "named",
            }
        )
    return found


def names_are_given(asks: Iterable[Mapping[str, object]]) -> bool:
    """Say whether any "yes" came with a name."""
    return any(True for _ in _given(asks))


def _given(
    asks: Iterable[Mapping[str, object]],
) -> Iterable[tuple[datetime, str, Mapping[str, object]]]:
    for ask in asks:
        at = ask["done_at"] or ask["created_at"]
        if ask["outcome"] == "yes" and ask["outcome_name"] and isinstance(at, datetime):
            yield at, str(ask["task_key"]), ask


def _known_since(customers: CustomerList, tables: Tables) -> dict[str, date]:
    """Return the first day that the list, or a sale, says anything of each customer."""
    found: dict[str, date] = {}

    def note(contact: str | None, at: object) -> None:
        if contact is not None and isinstance(at, datetime):
            found[contact] = min(found.get(contact, date.max), at.date())

    for field in ("created_at", "first_purchase_at", "last_purchase_at"):
        dates: Sequence[datetime | None] = customers.rows.dates(field)
        for contact, at in zip(customers.ids, dates, strict=True):
            note(contact, at)
    deals = tables.get("deals", ())
    closed = {row["deal_id"]: row["closed_at"] or row["created_at"] for row in deals}
    for row in tables.get("deal_contacts", ()):
        note(str(row["contact_id"]), closed.get(row["deal_id"]))
    return found
