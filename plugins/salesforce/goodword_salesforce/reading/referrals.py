"""Who sent whom: our lookup, and fields of the firm's own that name the referrer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from goodword_salesforce.names import REFERRED_BY
from goodword_salesforce.reading.columns import CONTACT, LEAD
from goodword_salesforce.reading.echoes import MARK
from goodword_salesforce.seam.collections import chunks
from goodword_salesforce.seam.ids import as_id
from goodword_salesforce.seam.query import Wanted, each_page_of
from goodword_salesforce.seam.soql import one_of, select
from goodword_salesforce.seam.values import Row, moment

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk

AT_ONCE = 500
"""E-mail addresses of one query."""


@dataclass(slots=True)
class Referrals:
    """Referrals as they come up while people are read.

    Args:
        desk: The org.
        named: Referred person, what a field says about the referrer, when the person was entered.
        seen: Everybody whose fields were looked at.
    """

    desk: Desk
    named: list[tuple[str, str, datetime | None]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def notice(self, of: str, rows: Sequence[Row]) -> None:
        """Take note of what people say about who referred them."""
        own = (REFERRED_BY,) if self.desk.is_ours(of, REFERRED_BY) else ()
        names = (*own, *self.desk.settings.fields.referred_by)
        for row in rows:
            made = moment(row, "CreatedDate")
            self.seen.append(row["Id"])
            told = dict.fromkeys(row[name].strip() for name in names if name in row)
            self.named += [(row["Id"], value, made) for value in told]

    def put(self, sink: Sink) -> set[str]:
        """Hand over the referrals that were noticed; return everybody in those that are news.

        One that somebody was said to come from before, and is not now, goes.
        """
        by_email = dict(self._by_email())
        found: dict[str, dict[str, datetime | None]] = {}
        unknown = 0
        for referred, value, made in self.named:
            referrer = as_id(value) or by_email.get(value.lower())
            if referrer is None:
                unknown += 1
            elif referrer != referred:
                found.setdefault(referred, {})[referrer] = made
        sink.put(
            "referrals", [_row(one, two, at) for two, by in found.items() for one, at in by.items()]
        )
        new = self._compare(sink, {two: sorted(by) for two, by in found.items()})
        if unknown:
            text = f"{unknown:,} people name a referrer who is not found by e-mail or record ID."
            sink.notice("referrers", text)
        return new

    def _compare(self, sink: Sink, now: dict[str, list[str]]) -> set[str]:
        """Remember who came from whom; return who is in what was not said before.

        What was said before and is not now is taken out.
        """
        echoes, new = self.desk.memory.echoes, set[str]()
        for person in self.seen:
            digest, _, before = echoes.get(person, "").partition(MARK)
            referrers = now.get(person, [])
            former = [each for each in before.split() if each not in referrers]
            new.update(e for one in referrers if one not in before.split() for e in (one, person))
            sink.remove("referrals", [{"referral_id": f"{each}-{person}"} for each in former])
            if referrers:
                echoes[person] = f"{digest}{MARK}{' '.join(referrers)}"
            elif before:
                echoes[person] = digest
        return new

    def _by_email(self) -> Iterator[tuple[str, str]]:
        """Yield e-mail addresses with the id of who has them, contacts last: they count most."""
        emails = sorted({value.lower() for _, value, _ in self.named if "@" in value})
        for of in (LEAD, CONTACT):
            if not emails or not self.desk.has(of, "Email"):
                continue
            query = select(of, "Id", "Email")
            wanted = [
                Wanted(query.where(one_of("Email", part))) for part in chunks(emails, AT_ONCE)
            ]
            for _, rows in each_page_of(self.desk.org, wanted):
                yield from ((row["Email"].lower(), row["Id"]) for row in rows)


def everybody_in_referrals(desk: Desk) -> set[str]:
    """Return everybody who sent somebody or was sent, as far as pulls remember."""
    found: set[str] = set()
    for person, said in desk.memory.echoes.items():
        _, mark, referrers = said.partition(MARK)
        found.update((person, *referrers.split()) if mark else ())
    return found


def _row(referrer: str, referred: str, made: datetime | None) -> dict[str, object]:
    return {
        "referral_id": f"{referrer}-{referred}",
        "referrer_id": referrer,
        "referred_id": referred,
        "status": "received",
        "at": made,
        "source": "field",
    }
