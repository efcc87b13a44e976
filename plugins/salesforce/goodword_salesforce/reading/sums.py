"""What people bought, summed by Salesforce: never a row for each sale.

A sale without a contact role is shared equally among the people of its account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from goodword_salesforce.reading.columns import CONTACT, ROLE, SALE
from goodword_salesforce.reading.values import cents, midnight, whole
from goodword_salesforce.seam.query import Wanted
from goodword_salesforce.seam.soql import (
    Condition,
    Term,
    equal,
    filled,
    one_of,
    select,
    without,
)
from goodword_salesforce.seam.values import Row, day

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk


@dataclass(frozen=True, slots=True)
class Sum:
    """What somebody bought: different days, the first, the last, and the money in cents."""

    days: int
    first: date | None
    last: date | None
    cents: int | None

    def with_share(self, other: Sum, sharers: int) -> Sum:
        """Return this and an equal share of *other*; the days are at most so many."""
        firsts = [each for each in (self.first, other.first) if each]
        lasts = [each for each in (self.last, other.last) if each]
        known = [each for each in (self.cents, other.cents and other.cents // sharers) if each]
        return Sum(
            self.days + other.days,
            min(firsts, default=None),
            max(lasts, default=None),
            sum(known) if known else self.cents,
        )


NOTHING = Sum(0, None, None, None)


@dataclass(slots=True)
class Shared:
    """Sales without a contact role, by account, and the people who share them.

    Args:
        sums: Account to what was bought.
        deals: Account to its deals with a date of interest.
        people: Account to its people, of the accounts that are here.
        taken: People whose share was handed over with what they bought by their roles.
    """

    sums: dict[str, Sum] = field(default_factory=dict)
    deals: dict[str, list[str]] = field(default_factory=dict)
    people: dict[str, list[str]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    _shares: dict[str, Sum] | None = None

    def notice(self, rows: Sequence[Row]) -> None:
        """Take note of the people of the accounts concerned."""
        for row in rows:
            account = row.get("AccountId", "")
            if account in self.sums or account in self.deals:
                self.people.setdefault(account, []).append(row["Id"])

    @property
    def shares(self) -> dict[str, Sum]:
        """What each person has a share in, once the people of all accounts are known."""
        if self._shares is None:
            self._shares = self._shared_out()
        return self._shares

    def _shared_out(self) -> dict[str, Sum]:
        found: dict[str, Sum] = {}
        for account, total in self.sums.items():
            people = self.people.get(account, ())
            for person in people:
                found[person] = found.get(person, NOTHING).with_share(total, len(people))
        return found

    def put_deals(self, sink: Sink) -> None:
        """Hand over who shares the single deals: nobody is the one who bought."""
        rows = [
            {"deal_id": deal, "contact_id": person}
            for account, deals in self.deals.items()
            for deal in deals
            for person in self.people.get(account, ())
        ]
        sink.put("deal_contacts", rows)


def sums_of_people(desk: Desk, people: Sequence[str] = ()) -> Wanted | None:
    """Return the query for what people bought by their roles; of everybody, if none is named."""
    if not (desk.described(ROLE) and desk.has(SALE, "CloseDate")):
        return None
    won = equal("Opportunity.IsWon", True)
    whose = one_of("ContactId", people) if people else filled("ContactId")
    query = select(ROLE, "ContactId", *_terms(desk, "Opportunity.")).where(won, whose)
    return Wanted(query.group_by("ContactId"))


def sums_of_people_at(desk: Desk, accounts: Sequence[str]) -> Wanted | None:
    """Return the query for what the people of accounts bought by their roles."""
    wanted = sums_of_people(desk, ())
    if wanted is None or not desk.has(CONTACT, "AccountId"):
        return None
    return Wanted(wanted.query.where(one_of("Contact.AccountId", accounts)))


def sums_of_accounts(desk: Desk, accounts: Sequence[str] = ()) -> Wanted | None:
    """Return the query for what accounts bought without naming a person."""
    if not (desk.has(SALE, "AccountId") and desk.has(SALE, "CloseDate")):
        return None
    whose = one_of("AccountId", accounts) if accounts else filled("AccountId")
    query = select(SALE, "AccountId", *_terms(desk, "")).where(equal("IsWon", True), whose)
    return Wanted(query.where(*named_nobody(desk)).group_by("AccountId"))


def named_nobody(desk: Desk) -> tuple[Condition, ...]:
    """Return the condition that a sale has no contact role."""
    if not desk.described(ROLE):
        return ()
    return (without("Id", select(ROLE, "OpportunityId")),)


def sum_in(desk: Desk, row: Row) -> Sum:
    """Return what a group comes to; its money only in the home currency."""
    home = desk.organization.currency
    foreign = bool(home and desk.currency and home != desk.currency)
    return Sum(
        whole(row, "days") or 0,
        day(row, "first_at"),
        day(row, "last_at"),
        None if foreign else cents(row, "won"),
    )


def put_sums(sink: Sink, found: Mapping[str, Sum]) -> None:
    """Hand over what people bought; who bought nothing has no row."""
    sink.remove("deal_rollups", [{"contact_id": e} for e, total in found.items() if not total.days])
    sink.put(
        "deal_rollups",
        [
            {
                "contact_id": person,
                "purchase_days": total.days,
                "first_at": midnight(total.first),
                "last_at": midnight(total.last),
                "sum_cents": total.cents,
            }
            for person, total in found.items()
            if total.days
        ],
    )


def tell_currency(desk: Desk, sink: Sink) -> None:
    """Say in which currency sums are, where the org has several."""
    organization = desk.organization
    if not organization.multi_currency:
        return
    if organization.currency == desk.currency:
        text = f"Amounts are in {desk.currency}: Salesforce converts others by its own rates."
    else:
        text = f"Sums are left out: Salesforce gives them in {organization.currency}, and the home "
        text += f"currency is {desk.currency}. Leave home_currency out to use the org's own."
    sink.notice("currency", text)


def _terms(desk: Desk, path: str) -> tuple[Term, ...]:
    dates = f"{path}CloseDate"
    money = (Term("SUM", f"{path}Amount", "won"),) if desk.has(SALE, "Amount") else ()
    return (
        Term("COUNT_DISTINCT", dates, "days"),
        Term("MIN", dates, "first_at"),
        Term("MAX", dates, "last_at"),
        *money,
    )
