"""Who sent whom: the label between two contacts, and properties that name the referrer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from goodword_hubspot.reading.contacts import named_referrers
from goodword_hubspot.seam.associations import read_links
from goodword_hubspot.seam.objects import read
from goodword_hubspot.seam.records import Record, time_of

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_hubspot.desk import Desk


@dataclass(slots=True)
class Referrals:
    """Referrals as they come up while contacts are read.

    Args:
        desk: The portal.
        named: Referred contact, what a property says about its referrer, when it was made.
        linked: Contacts that are linked with other contacts.
    """

    desk: Desk
    named: list[tuple[str, str, datetime | None]] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)

    def notice(self, records: Iterable[Record]) -> None:
        """Take note of what contacts say about who referred them, and who has links."""
        for record in records:
            made = time_of(record.get("createdate"))
            self.named += [(record.id, name, made) for name in named_referrers(self.desk, record)]
            if not record.listed or record.linked.get("contacts"):
                self.linked.append(record.id)

    def put(self, sink: Sink) -> None:
        """Hand over the referrals of the contacts that were noticed."""
        self.put_links(sink, self.linked)
        by_email = self._by_email(value for _, value, _ in self.named)
        rows, unknown = [], 0
        for referred, value, made in self.named:
            referrer = value if value.isdigit() else by_email.get(value.lower())
            if referrer is None:
                unknown += 1
            elif referrer != referred:
                rows.append(_row(referrer, referred, made, "field"))
        sink.put("referrals", rows)
        if unknown:
            text = f"{unknown:,} contacts name a referrer who is not found by e-mail or record ID."
            sink.notice("referrers", text)

    def put_links(self, sink: Sink, contacts: Sequence[str]) -> None:
        """Hand over the referrals that our label says, both ways, for these contacts."""
        label = self.desk.label
        if label is None or not contacts:
            return
        pairs: dict[tuple[str, str], None] = {}
        found = read_links(self.desk.portal, "contacts", "contacts", contacts)
        for here, others in found.items():
            for other in others:
                if label.given in other.types:
                    pairs[here, other.id] = None
                if label.received in other.types:
                    pairs[other.id, here] = None
        referred = [one for _, one in pairs]
        people = read(self.desk.portal, "contacts", referred, ["createdate"])
        made = {each.id: time_of(each.get("createdate")) for each in people}
        sink.put("referrals", [_row(one, two, made.get(two), "link") for one, two in pairs])

    def _by_email(self, values: Iterable[str]) -> dict[str, str]:
        """Return contact ids by e-mail address."""
        emails = sorted({value.lower() for value in values if "@" in value})
        return dict(_ids_by_email(self.desk, emails))


def _ids_by_email(desk: Desk, emails: Sequence[str]) -> Iterator[tuple[str, str]]:
    for record in read(desk.portal, "contacts", emails, ["email"], id_property="email"):
        yield (record.get("email") or "").lower(), record.id


def _row(referrer: str, referred: str, made: datetime | None, source: str) -> dict[str, object]:
    return {
        "referral_id": f"{referrer}-{referred}",
        "referrer_id": referrer,
        "referred_id": referred,
        "status": "received",
        "at": made,
        "source": source,
    }
