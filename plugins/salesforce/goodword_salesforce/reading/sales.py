"""What changed sales mean for people: their sums anew, and the deals they have a role in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from goodword_salesforce.reading.columns import CONTACT, ROLE, SALE
from goodword_salesforce.reading.deals import AT_ONCE, Deals, deals_by_id, put_roles
from goodword_salesforce.reading.echoes import news_among
from goodword_salesforce.reading.sums import (
    NOTHING,
    Shared,
    Sum,
    put_sums,
    sum_in,
    sums_of_accounts,
    sums_of_people,
    sums_of_people_at,
)
from goodword_salesforce.seam.collections import chunks
from goodword_salesforce.seam.query import Wanted, each_group
from goodword_salesforce.seam.ranges import Table, first_page
from goodword_salesforce.seam.soql import one_of, select
from goodword_salesforce.seam.values import is_true

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk
    from goodword_salesforce.reading.poll import Poll
    from goodword_salesforce.seam.values import Row

FIRMS = 300
"""Accounts of one query."""


@dataclass(slots=True)
class Sales:
    """Sales as they come up while changes are read.

    Args:
        desk: The org.
        people: People whose sums are asked for anew.
        accounts: Accounts whose sales without a role are asked for anew.
        missing: Deals that a changed role belongs to, and that did not change themselves.
        shared: What is shared within those accounts.
        sums: What people bought by their roles.
    """

    desk: Desk
    people: set[str] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    shared: Shared = field(default_factory=Shared)
    sums: dict[str, Sum] = field(default_factory=dict)

    def notice(self, sink: Sink, found: Poll) -> None:
        """Hand over changed deals and roles; take note of whom they concern."""
        deals = Deals(self.desk)
        accounts: dict[str, str] = {}
        concerned: set[str] = set()
        named: set[str] = set()
        for rows in found.pages(SALE):
            new = news_among(self.desk, rows)
            deals.put(sink, new)
            accounts |= {r["Id"]: r.get("AccountId", "") for r in rows}
            concerned.update(row["Id"] for row in new)
            gone = {row["Id"] for row in new if is_true(row, "IsDeleted")}
            self.accounts.update(accounts[each] for each in gone if accounts[each])
        for rows in found.pages(ROLE):
            new = news_among(self.desk, rows)
            told = {row["Id"] for row in new}
            put_roles(sink, new)
            named.update(row["OpportunityId"] for row in rows)
            self.people.update(
                row["ContactId"]
                for row in rows
                if row["Id"] in told or row["OpportunityId"] in concerned
            )
            self.missing.update(row["OpportunityId"] for row in new)
        self.missing -= accounts.keys()
        for deal in concerned:
            account = accounts[deal]
            if account:
                self.accounts.add(account)
            if account and deal not in named:
                self.shared.deals.setdefault(account, []).append(deal)
        deals.tell(sink)

    def wanted(self) -> list[Wanted]:
        """Return the queries for what follows, to be sent with others."""
        if not self.desk.described(SALE):
            return []
        firms = self.desk.memory.accounts  # what is shared within them is part of a person's sum
        self.accounts.update(firms[each] for each in self.people if each in firms)
        desk, found = self.desk, deals_by_id(self.desk, sorted(self.missing))
        for part in chunks(sorted(self.people), AT_ONCE):
            found += filter(None, [sums_of_people(desk, part)])
        for part in chunks(sorted(self.accounts), FIRMS) if desk.has(CONTACT, "AccountId") else ():
            at = select(CONTACT, "Id", "AccountId").where(one_of("AccountId", part))
            found += filter(None, [sums_of_accounts(desk, part)])
            if wanted := sums_of_people_at(desk, part):
                found.append(first_page(Table(wanted, "ContactId")))
            found.append(Wanted(at))
        return found

    def take(self, sink: Sink, wanted: Wanted, rows: Sequence[Row]) -> None:
        """Take an answer to one of those queries."""
        query = wanted.query
        if query.object == CONTACT:
            for row in rows:
                self.shared.people.setdefault(row["AccountId"], []).append(row["Id"])
        elif query.groups == ("AccountId",):
            self.shared.sums |= {row["AccountId"]: sum_in(self.desk, row) for row in rows}
        elif query.groups:
            self.sums |= {row["ContactId"]: sum_in(self.desk, row) for row in rows}
            if query.most and len(rows) >= query.most:  # groups have no second page
                last, all_of_them = rows[-1]["ContactId"], replace(query, order=(), most=0)
                for more in each_group(self.desk.org, all_of_them, "ContactId", last):
                    self.sums |= {row["ContactId"]: sum_in(self.desk, row) for row in more}
        else:
            Deals(self.desk).put(sink, rows)

    def put(self, sink: Sink) -> None:
        """Hand over what everybody concerned bought; who bought nothing any more has no sum."""
        shares = self.shared.shares
        here = {each for people in self.shared.people.values() for each in people}
        found: dict[str, Sum] = {}
        for person in {*self.people, *self.sums, *here}:
            own, share = self.sums.get(person, NOTHING), shares.get(person)
            found[person] = own.with_share(share, 1) if share else own
        put_sums(sink, found)
        self.shared.put_deals(sink)
