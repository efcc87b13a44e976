"""Deals: what was sold, to whom, in the home currency, and whether the pipeline calls it won."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from goodword_hubspot.reading.links import ids_linked
from goodword_hubspot.reading.properties import properties_of
from goodword_hubspot.reading.values import cents_of, true_of
from goodword_hubspot.seam.records import Record, time_of

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_hubspot.desk import Desk

Row: TypeAlias = dict[str, object]
TABLES = ("deals", "deal_contacts")
HOME = "amount_in_home_currency"
COMPANY = "hs_primary_associated_company"
_KINDS = {"newbusiness": "new", "existingbusiness": "repeat"}


@dataclass(slots=True)
class Deals:
    """How deals of one portal are read.

    Args:
        desk: The portal.
        foreign: Deals without a home amount, by their currency.
    """

    desk: Desk
    foreign: Counter[str] = field(default_factory=Counter)

    @property
    def properties(self) -> tuple[str, ...]:
        """What is read of each."""
        return tuple(
            name for name in (*properties_of("deals"), COMPANY) if self.desk.has("deals", name)
        )

    def put(self, sink: Sink, records: Iterable[Record]) -> None:
        """Hand over deals and their people; links that came with the record are used."""
        kept = list(records)
        people = ids_linked(self.desk, "deals", "contacts", kept)
        named = self.desk.has("deals", COMPANY)
        firms = {} if named else ids_linked(self.desk, "deals", "companies", kept)
        sink.put("deals", [self._row(record, firms) for record in kept])
        sink.put("deal_contacts", deal_contacts({r.id: people.get(r.id, ()) for r in kept}))

    def tell(self, sink: Sink) -> None:
        """Say how many deals have no amount in the home currency."""
        for currency, count in sorted(self.foreign.items()):
            text = f"{count:,} deals in {currency} are left out of sums: HubSpot gives no amount "
            sink.notice("currency", f"{text}in {self.desk.currency or 'the home currency'}.")

    def _row(self, record: Record, firms: Mapping[str, Sequence[str]]) -> Row:
        get = record.get
        status = self._status(record)
        cents = self._cents(record)
        closed = time_of(get("closedate"))
        kind = _KINDS.get(get("dealtype") or "")
        if "renew" in (get("dealtype") or "").lower():
            kind = "renewal"
        return {
            "deal_id": record.id,
            "account_id": get(COMPANY) or next(iter(firms.get(record.id, ())), None),
            "name": get("dealname"),
            "kind": "refund" if cents is not None and cents < 0 else kind,
            "status": status,
            "amount_cents": cents,
            "created_at": time_of(get("createdate")),
            "closed_at": closed if status != "open" else None,
        }

    def _status(self, record: Record) -> str:
        """Return what the stage means; for one no longer listed, HubSpot's own flags tell."""
        known = self.desk.stages.get(record.get("dealstage") or "")
        if known is not None:
            return known
        if true_of(record.get("hs_is_closed_won")):
            return "won"
        return "lost" if true_of(record.get("hs_is_closed")) else "open"

    def _cents(self, record: Record) -> int | None:
        home = record.get(HOME)
        if home is not None:
            return cents_of(home)
        amount, currency = record.get("amount"), record.get("deal_currency_code")
        if amount is None or currency in (None, self.desk.currency):
            return cents_of(amount)
        self.foreign[currency or ""] += 1
        return None


def deal_contacts(people: Mapping[str, Sequence[str]]) -> list[Row]:
    """Return a row for each person of each deal."""
    return [
        {"deal_id": deal, "contact_id": contact}
        for deal, contacts in people.items()
        for contact in sorted(contacts, key=lambda one: (len(one), one))
    ]
