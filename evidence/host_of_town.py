"""What a CRM would show of the town on a day: tables as a connector fills them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from town import Town, midnight

from goodword.tables import TABLES

if TYPE_CHECKING:
    from goodword.engines import Engine
    from goodword.tables import Frame

Row = dict[str, Any]
SHOWN = frozenset(
    (
        *("contacts", "owners", "deals", "deal_contacts", "activities", "tickets", "feedback"),
        *("referrals", "asks"),
    )
)
"""Tables this town's CRM delivers."""


def name_of(who: int) -> str:
    """Return the id of a customer."""
    return f"c{who:05d}"


class Host:
    """The town's CRM: all that happens by itself is laid out once, then shown day by day.

    Args:
        town: The town.
        reps: How many reps share the customers.
        engine: Makes the tables.
    """

    def __init__(self, town: Town, reps: int, engine: Engine) -> None:
        self.engine = engine
        people = range(town.planted.customers)
        self._lasting: dict[str, list[Row]] = {
            "contacts": [_contact(who, reps) for who in people],
            "owners": [{"owner_id": f"rep{n}", "name": f"Rep {n}"} for n in range(reps)],
        }
        self._dated = _happenings(town)
        self._tickets = [
            (_ticket(number, ticket), ticket.opened, ticket.closed)
            for number, ticket in enumerate(town.tickets)
        ]
        self._frames = {name: self.frame(name, rows) for name, rows in self._lasting.items()}
        self._dated_frames = {name: self.frame(name, rows) for name, rows in self._dated.items()}

    def frame(self, table: str, rows: Iterable[Row]) -> Frame:
        """Return rows as the canonical table of that name."""
        columns = TABLES[table].types
        full = [dict.fromkeys(columns) | row for row in rows]
        return self.engine.rows(full, columns)

    def tables(self, day: date, asks: Sequence[Row], referrals: Sequence[Row]) -> dict[str, Frame]:
        """Return every table as it stands on the evening of *day*."""
        import narwhals.stable.v2 as nw

        end = nw.lit(midnight(day + timedelta(days=1)))
        at = {"deals": "closed_at", "activities": "at", "feedback": "at"}
        shown = {name: self.frame(name, ()) for name in TABLES}
        shown |= self._frames | self._dated_frames
        for name, column in at.items():
            shown[name] = shown[name].filter(nw.col(column) < end)
        tickets = [
            row if closed <= day else row | {"status": "open", "closed_at": None, "positive": None}
            for row, opened, closed in self._tickets
            if opened <= day
        ]
        thanks = self.frame("activities", [_thanked(row) for row in referrals])
        shown["activities"] = nw.concat([shown["activities"], thanks.filter(nw.col("at") < end)])
        shown["tickets"] = self.frame("tickets", tickets)
        shown["asks"] = self.frame("asks", asks)
        shown["referrals"] = self.frame("referrals", referrals)
        return {name: self.engine.materialise(table) for name, table in shown.items()}


def _contact(who: int, reps: int) -> Row:
    rep = f"rep{who % reps}"
    return {"contact_id": name_of(who), "name": f"Customer {who}", "owner_id": rep}


def _happenings(town: Town) -> Mapping[str, list[Row]]:
    deals, links, activities = [], [], []
    for number, (who, day, cents) in enumerate(town.purchases):
        deal, person = f"d{number}", {"contact_id": name_of(who)}
        won = {"status": "won", "amount_cents": cents, "closed_at": midnight(day)}
        deals.append({"deal_id": deal} | won)
        links.append({"deal_id": deal, "primary": True} | person)
        done = {"kind": "delivery", "at": midnight(day)}
        activities.append({"activity_id": f"w{number}"} | done | person)
    kinds = {"milestone": town.milestones, "call": town.calls, "article": town.gifts}
    for kind, events in kinds.items():
        for number, (who, day) in enumerate(events):
            happened = {"kind": kind, "at": midnight(day), "contact_id": name_of(who)}
            activities.append({"activity_id": f"{kind}{number}"} | happened)
    feedback = [
        {"feedback_id": f"f{number}", "contact_id": name_of(who), "kind": "nps", "score": score}
        | {"at": midnight(day)}
        for number, (who, day, score) in enumerate(town.scores)
    ]
    return {
        "deals": deals,
        "deal_contacts": links,
        "activities": activities,
        "feedback": feedback,
    }


def _thanked(referral: Row) -> Row:
    """Return the thank-you that every referral got two days later."""
    at = referral["at"] + timedelta(days=2)
    row = {"activity_id": f"thanks-{referral['referral_id']}", "kind": "thank_you", "at": at}
    return row | {"contact_id": referral["referrer_id"]}


def _ticket(number: int, ticket: Any) -> Row:
    return {
        "ticket_id": f"t{number}",
        "contact_id": name_of(ticket.who),
        "kind": "complaint" if ticket.complaint else "ticket",
        "status": "closed",
        "opened_at": midnight(ticket.opened),
        "closed_at": midnight(ticket.closed),
        "positive": ticket.positive,
    }
