"""Contacts: the person, our own fields, what HubSpot counted, whom they were merged from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from goodword_hubspot.names import NEXT_ASK, OWN, REFERRED_BY
from goodword_hubspot.reading.do_not_ask import DoNotAsk, do_not_ask
from goodword_hubspot.reading.links import ids_linked
from goodword_hubspot.reading.merges import merged_into
from goodword_hubspot.reading.properties import contact_properties
from goodword_hubspot.reading.values import extra_of, lower, phone_of, true_of, whole_of
from goodword_hubspot.seam.records import Record, time_of

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_hubspot.desk import Desk

Row: TypeAlias = dict[str, object]
COMPANY = "associatedcompanyid"
"""HubSpot's own property with the primary company; without it, the first linked one counts."""
CUSTOMERS = frozenset({"customer", "evangelist"})
LEADS = frozenset(
    {"subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity"}
)
KINDS = frozenset({"customer", "partner", "employee", "other"})
NO_BASIS = "Not applicable"
"""HubSpot's own value of a legal basis that says nothing."""
TABLES = ("contacts", "aliases", "own_fields", "touches")


@dataclass(frozen=True, slots=True)
class Contacts:
    """How contacts of one portal are read.

    Args:
        desk: The portal.
        properties: What is read of each.
        marks: Who must not be asked.
        extra: Column of the firm's own, its property, how it is read.
    """

    desk: Desk
    properties: tuple[str, ...]
    marks: DoNotAsk
    extra: tuple[tuple[str, str, Callable[[str | None], object]], ...]

    @property
    def links(self) -> tuple[str, ...]:
        """Kinds whose links a list should name along with each contact."""
        firms = () if COMPANY in self.desk.defined("contacts") else ("companies",)
        return ("contacts", *firms) if self.desk.label is not None else firms

    def put(self, sink: Sink, records: Iterable[Record]) -> list[str]:
        """Hand over contacts with all that is on them; return their ids."""
        kept = list(records)
        named = COMPANY in self.desk.defined("contacts")
        firms = {} if named else ids_linked(self.desk, "contacts", "companies", kept)
        ours = self.desk.fields
        aliases = [row for record in kept for row in merged_into(record)]
        sink.put("contacts", [self._person(record, firms) for record in kept])
        sink.put("own_fields", [own_fields(record, ours) for record in kept])
        sink.put("aliases", aliases)
        sink.remove("contacts", [{"contact_id": str(row["alias_id"])} for row in aliases])
        if self.desk.settings.touches == "rollups":
            sink.put("touches", [row for record in kept for row in _touches(record)])
        return [record.id for record in kept]

    def _person(self, record: Record, firms: Mapping[str, Sequence[str]]) -> Row:
        get = record.get
        first, last = get("firstname"), get("lastname")
        email = lower(get("email"))
        mapped = self.desk.settings.properties
        row: Row = {
            "contact_id": record.id,
            "name": " ".join(part for part in (first, last) if part) or email,
            "first_name": first,
            "email": email,
            "phone": phone_of(get("phone") or get("mobilephone")),
            "account_id": get(COMPANY) or next(iter(firms.get(record.id, ())), None),
            "owner_id": get("hubspot_owner_id"),
            "kind": _kind(get(mapped.kind)) if mapped.kind else None,
            "status": _status(get("lifecyclestage")),
            "consent": self._consent(record),
            "do_not_ask": self.marks.marks(record),
            "language": (get(mapped.language) or "")[:2].lower() or None,
            "city": get("city"),
            "job_title": get("jobtitle"),
            "created_at": time_of(get("createdate")),
        }
        row.update((column, read(get(name))) for column, name, read in self.extra)
        return row

    def _consent(self, record: Record) -> str:
        settings, get = self.desk.settings, record.get
        mapped = settings.properties.do_not_contact
        basis = get("hs_legal_basis")
        refused = (
            true_of(get("hs_email_optout")),
            get("hs_email_hard_bounce_reason_enum") is not None,
            bool(mapped) and true_of(get(mapped)),
            settings.require_legal_basis and basis in (None, NO_BASIS),
        )
        if any(refused):
            return "no"
        return "yes" if basis not in (None, NO_BASIS) else "unknown"


def contacts_of(desk: Desk) -> Contacts:
    """Return how contacts are read, by the settings and the properties the portal has."""
    defined = desk.defined("contacts")
    mapped = desk.settings.properties.extra
    extra = tuple(
        (f"extra.{column}", name, extra_of(defined[name].type))
        for column, name in mapped.items()
        if name in defined
    )
    marks = do_not_ask(desk)
    return Contacts(desk, contact_properties(desk), marks, extra)


def own_fields(record: Record, ours: Collection[str]) -> Row:
    """Return our fields on a contact as they stand.

    Args:
        record: The contact.
        ours: Columns for which the portal has a property of ours.
    """
    row: Row = {"contact_id": record.id}
    row.update((c, record.get(name) if c in ours else None) for c, name in OWN.items())
    day = time_of(record.get(NEXT_ASK)) if "next_ask" in ours else None
    numbers = [column for column in ("score", "clv", "crv") if column in ours]
    return row | {
        **{column: whole_of(record.get(OWN[column])) for column in numbers},
        "next_ask": f"{day:%Y-%m-%d}" if day else None,
    }


def named_referrers(desk: Desk, record: Record) -> Iterator[str]:
    """Yield what properties say about who referred a contact: an e-mail address or an id."""
    own = (REFERRED_BY,) if REFERRED_BY in desk.ours else ()
    for name in (*own, *desk.settings.properties.referred_by):
        value = (record.get(name) or "").strip()
        if value:
            yield value


def _status(stage: str | None) -> str | None:
    """Return what the lifecycle stage says; stages of a portal's own say nothing."""
    if stage in CUSTOMERS:
        return "customer"
    return "lead" if stage in LEADS else None


def _kind(value: str | None) -> str | None:
    word = (value or "").strip().lower()
    return word if word in KINDS else None


def _touches(record: Record) -> Iterator[Row]:
    """Yield what HubSpot counted on the contact itself."""
    get = record.get
    counted: Mapping[str, tuple[int, datetime | None]] = {
        "message": (
            whole_of(get("num_contacted_notes")) or 0,
            time_of(get("notes_last_contacted")),
        ),
        "meeting": _once(get("engagements_last_meeting_booked")),
        "email": _once(get("hs_sales_email_last_replied")),
    }
    for kind, (count, last) in counted.items():
        if count:
            yield {"contact_id": record.id, "kind": kind, "count": count, "last_at": last}


def _once(text: str | None) -> tuple[int, datetime | None]:
    last = time_of(text)
    return (1, last) if last else (0, None)
