"""Opportunities that matter with their dates: open ones, those closed of late, and referred ones.

Of all others the sums are enough. Whether one is won says Salesforce's own flag; stages are the
firm's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from goodword_salesforce.reading.columns import ROLE, SALE, columns_of
from goodword_salesforce.reading.values import cents, day_at
from goodword_salesforce.seam.collections import chunks
from goodword_salesforce.seam.query import Wanted, each_page_of
from goodword_salesforce.seam.soql import (
    Condition,
    Term,
    any_of,
    compare,
    equal,
    filled,
    one_of,
    select,
)
from goodword_salesforce.seam.values import Row, is_true, moment

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk

Made: TypeAlias = dict[str, object]
TABLES = ("deals", "deal_contacts")
DATED = timedelta(days=400)
"""How far back single deals are read: a year and what is due around its end."""
AT_ONCE = 500
"""Ids of one query."""
_KINDS = {"new business": "new", "existing business": "repeat"}


@dataclass(slots=True)
class Deals:
    """How deals of one org are read.

    Args:
        desk: The org.
        foreign: Deals without an amount in the home currency, by their own.
    """

    desk: Desk
    foreign: Counter[str] = field(default_factory=Counter)

    def put(self, sink: Sink, rows: Sequence[Row]) -> None:
        """Hand over deals; those that were deleted go."""
        gone = [row["Id"] for row in rows if is_true(row, "IsDeleted")]
        sink.remove("deals", [{"deal_id": each} for each in gone])
        kept = [row for row in rows if not is_true(row, "IsDeleted")]
        home = self._converted(kept)
        sink.put("deals", [self._row(row, home) for row in kept])

    def tell(self, sink: Sink) -> None:
        """Say how many deals have no amount in the home currency."""
        for currency, count in sorted(self.foreign.items()):
            text = (
                f"{count:,} deals in {currency} are left out of sums: Salesforce gives no amount "
            )
            sink.notice("currency", f"{text}in {self.desk.currency or 'the home currency'}.")

    def _row(self, row: Row, home: dict[str, Row]) -> Made:
        amount = self._cents(row, home)
        closed = is_true(row, "IsClosed") or is_true(row, "IsWon")
        status = "won" if is_true(row, "IsWon") else "lost" if closed else "open"
        return {
            "deal_id": row["Id"],
            "account_id": row.get("AccountId"),
            "name": row.get("Name"),
            "kind": _kind(row, amount),
            "status": status,
            "amount_cents": amount,
            "created_at": moment(row, "CreatedDate"),
            "closed_at": day_at(row, "CloseDate") if closed else None,
        }

    def _cents(self, row: Row, home: dict[str, Row]) -> int | None:
        """Return the amount in the home currency, None where that is not known."""
        if "Amount" not in row or not self._is_foreign(row):
            return cents(row, "Amount")
        if row["Id"] in home and self.desk.organization.currency == self.desk.currency:
            return cents(home[row["Id"]], "home")
        self.foreign[row.get("CurrencyIsoCode", "?")] += 1
        return None

    def _is_foreign(self, row: Row) -> bool:
        return row.get("CurrencyIsoCode", self.desk.currency) != self.desk.currency

    def _converted(self, rows: Iterable[Row]) -> dict[str, Row]:
        """Return the amounts Salesforce converts: it does so in sums, and a sum can be of one."""
        ids = [row["Id"] for row in rows if "Amount" in row and self._is_foreign(row)]
        query = select(SALE, "Id", Term("SUM", "Amount", "home")).group_by("Id")
        wanted = [Wanted(query.where(one_of("Id", part))) for part in chunks(ids, AT_ONCE)]
        pages = each_page_of(self.desk.org, wanted) if wanted else ()
        return {row["Id"]: row for _, found in pages for row in found}


def dated_deals(desk: Desk) -> Wanted:
    """Return the query for deals that are open, or were closed of late."""
    return Wanted(select(SALE, *columns_of(desk, SALE)).where(_dated(desk, "")))


def dated_roles(desk: Desk) -> Wanted:
    """Return the query for the people of those deals."""
    query = select(ROLE, *columns_of(desk, ROLE))
    return Wanted(query.where(filled("ContactId"), _dated(desk, "Opportunity.")))


def deals_by_id(desk: Desk, ids: Sequence[str]) -> list[Wanted]:
    """Return the queries for single deals."""
    query = select(SALE, *columns_of(desk, SALE))
    return [Wanted(query.where(one_of("Id", part))) for part in chunks(ids, AT_ONCE)]


def roles_of(desk: Desk, people: Sequence[str]) -> list[Wanted]:
    """Return the queries for the roles of people."""
    query = select(ROLE, *columns_of(desk, ROLE))
    return [Wanted(query.where(one_of("ContactId", part))) for part in chunks(people, AT_ONCE)]


def put_roles(sink: Sink, rows: Sequence[Row]) -> None:
    """Hand over the people of deals; of a deal with a primary one, that one bought."""
    sink.put(
        "deal_contacts",
        [
            {
                "deal_id": row["OpportunityId"],
                "contact_id": row["ContactId"],
                "primary": is_true(row, "IsPrimary"),
            }
            for row in rows
            if "ContactId" in row
        ],
    )


def _dated(desk: Desk, path: str) -> Condition:
    since = desk.work.today - DATED
    return any_of(equal(f"{path}IsClosed", False), compare(f"{path}CloseDate", ">=", since))


def _kind(row: Row, amount: int | None) -> str | None:
    if amount is not None and amount < 0:
        return "refund"
    word = row.get("Type", "").lower()
    return "renewal" if "renew" in word else _KINDS.get(word)
