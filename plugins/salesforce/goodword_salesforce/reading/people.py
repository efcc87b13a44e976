"""Contacts and leads: the person, our own fields, whom they were merged or converted into."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from goodword_salesforce.names import NEXT_ASK, OWN
from goodword_salesforce.reading.columns import CONTACT, LEAD, columns_of
from goodword_salesforce.reading.consent import OptOuts, opt_outs, shows_individuals, tell_unseen
from goodword_salesforce.reading.do_not_ask import DoNotAsk, do_not_ask
from goodword_salesforce.reading.merged import Kind, Merged
from goodword_salesforce.reading.values import day_at, extra_of, phone, whole
from goodword_salesforce.seam.collections import chunks
from goodword_salesforce.seam.query import Wanted, each_page_of
from goodword_salesforce.seam.soql import one_of, select
from goodword_salesforce.seam.values import Row, day, is_true, moment

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk

Made: TypeAlias = dict[str, object]
TABLES = ("contacts", "aliases", "own_fields")
AT_ONCE = 500
"""Ids of one query."""
_PREFIXES = {CONTACT: "003", LEAD: "00Q"}
"""First characters of the ids of an object."""
_KINDS = frozenset({"customer", "partner", "employee", "other"})
_NUMBERS = ("score", "clv", "crv")


@dataclass(frozen=True, slots=True)
class People:
    """How people of one org are read.

    Args:
        desk: The org.
        marks: Who must not be asked.
        merged: Those who became somebody else.
        opt_outs: Object to its opt-outs.
        extra: Column of the firm's own, its field, how it is read; by object.
        odd_kinds: Those whose kind is none that is known, until it is told.
    """

    desk: Desk
    marks: DoNotAsk
    merged: Merged
    opt_outs: Mapping[str, OptOuts]
    extra: Mapping[str, tuple[tuple[str, str, Callable[[Row, str], object]], ...]] = field(
        default_factory=dict
    )
    odd_kinds: set[str] = field(default_factory=set)

    def put(self, sink: Sink, of: str, rows: Sequence[Row]) -> None:
        """Hand over people of one object with all that is on them; who left goes."""
        aliases = {row["Id"]: now for row in rows if (now := _became(row))}
        for row in rows:
            if row["Id"] in aliases:
                self._became(of, row, aliases[row["Id"]])
        gone = [row["Id"] for row in rows if row["Id"] in aliases or is_true(row, "IsDeleted")]
        here = there(rows)
        self.desk.memory.become(aliases, [row["Id"] for row in here])
        sink.put("contacts", [self._person(of, row) for row in here])
        self.put_own(sink, of, here)
        sink.put("aliases", [{"alias_id": one, "contact_id": now} for one, now in aliases.items()])
        for table in ("contacts", "own_fields"):
            sink.remove(table, [{"contact_id": each} for each in gone])
        if self.desk.settings.fields.nps:
            sink.put("feedback", [made for row in here if (made := self._answer(row))])

    def put_late(self, sink: Sink) -> None:
        """Hand over anew for whom a refusal holds that was read after them: of a lead, or another.

        Raises:
            ConnectorError: They cannot be read.
        """
        self.merged.settle()
        late = self.marks.late | self.merged.late
        asked = [
            (of, Wanted(select(of, *columns_of(self.desk, of)).where(one_of("Id", part))))
            for of in self.opt_outs
            for part in chunks(sorted(e for e in late if e.startswith(_PREFIXES[of])), AT_ONCE)
        ]
        self.marks.late.clear()
        self.merged.late.clear()
        if asked:
            for place, rows in each_page_of(self.desk.org, [wanted for _, wanted in asked]):
                self.put(sink, asked[place][0], rows)

    def put_own(self, sink: Sink, of: str, rows: Sequence[Row]) -> None:
        """Hand over our own fields as they stand."""
        sink.put("own_fields", [self._own(of, row) for row in rows])

    def tell(self, sink: Sink) -> None:
        """Say which opt-outs cannot be seen, and whose kind is not known."""
        self.marks.tell(sink)
        self.merged.tell(sink)
        tell_unseen(self.desk, sink, self.opt_outs)
        if self.odd_kinds:
            text = f"People have a word in {self.desk.settings.fields.kind} that goodword does not "
            text += f"know ({len(self.odd_kinds):,}), and are taken for customers. It knows "
            text += f"{', '.join(sorted(_KINDS))}: map a formula field that says one of these"
            sink.notice("kind", f"{text}.")
        self.odd_kinds.clear()

    def _person(self, of: str, row: Row) -> Made:
        mapped = self.desk.settings.fields
        email = row.get("Email", "").lower() or None
        full = " ".join(row[part] for part in ("FirstName", "LastName") if part in row)
        made: Made = {
            "contact_id": row["Id"],
            "name": row.get("Name") or full or email,
            "first_name": row.get("FirstName"),
            "email": email,
            "phone": phone(row, "Phone", "MobilePhone"),
            "account_id": row.get("AccountId"),
            "owner_id": row.get("OwnerId"),
            "kind": self._kind(row) if mapped.kind else None,
            "status": "lead" if of == LEAD else None,
            "consent": self._consent(of, row),
            "do_not_ask": self.marks.marks(of, row),
            "language": row.get(mapped.language, "")[:2].lower() or None,
            "city": row.get("MailingCity") or row.get("City"),
            "job_title": row.get("Title"),
            "created_at": moment(row, "CreatedDate"),
        }
        extra = self.extra.get(of, ())
        return made | {f"extra.{column}": read(row, name) for column, name, read in extra}

    def _consent(self, of: str, row: Row) -> str:
        """Return ``no`` for who said so, and for who may have where it cannot be seen."""
        outs = self.opt_outs[of]
        refused, unseen = outs.refused(row), outs.may_have_refused(row)
        own = None if unseen and not refused else refused
        held = self.merged.holds("consent", row["Id"], own=own)
        no = refused or unseen or held or "EmailBouncedReason" in row
        return "no" if no else "unknown"

    def _became(self, of: str, row: Row, now: str) -> None:
        """Keep what somebody refused who was merged with somebody, or was a lead.

        Converting a lead into a contact that was there leaves the contact's own fields as they are.
        """
        refused: list[Kind] = ["consent"] if self.opt_outs[of].refused(row) else []
        if is_true(row, "IsConverted"):
            self.marks.converted(of, row, now)
        elif self.marks.marked(of, row):
            refused.append("mark")
        self.merged.notice(row["Id"], now, refused)

    def _kind(self, row: Row) -> str | None:
        word = row.get(self.desk.settings.fields.kind, "").strip().lower()
        if word and word not in _KINDS:
            self.odd_kinds.add(row["Id"])
        return word if word in _KINDS else None

    def _own(self, of: str, row: Row) -> Made:
        ours = {c: name for c, name in OWN.items() if self.desk.is_ours(of, name)}
        next_ask = day(row, NEXT_ASK) if "next_ask" in ours else None
        shown = row.get(OWN["why"]) if "why" in ours else None
        why = self.desk.memory.whole(row["Id"], shown) if shown else None
        return {
            "contact_id": row["Id"],
            **{column: row.get(ours[column]) if column in ours else None for column in OWN},
            **{column: whole(row, ours[column]) for column in _NUMBERS if column in ours},
            "next_ask": next_ask.isoformat() if next_ask else None,
            "why": why,
        }

    def _answer(self, row: Row) -> Made | None:
        """Return the latest answer to a survey; without a day of its own, it is an old one."""
        mapped = self.desk.settings.fields
        score = whole(row, mapped.nps)
        if score is None or not 0 <= score <= 10:
            return None
        at = day_at(row, mapped.nps_date) if mapped.nps_date else None
        return {
            "feedback_id": f"nps-{row['Id']}",
            "contact_id": row["Id"],
            "kind": "nps",
            "score": score,
            "at": at or moment(row, "CreatedDate"),
        }


def people_of(desk: Desk) -> People:
    """Return how people are read, by the settings and the fields that can be seen."""
    desk.memory.privacy_records |= shows_individuals(desk)
    outs = {of: opt_outs(desk, of) for of in (CONTACT, LEAD) if desk.described(of)}
    extra = {
        of: tuple(
            (column, name, extra_of(desk.described(of)[name].type))
            for column, name in desk.settings.fields.extra.items()
            if desk.has(of, name)
        )
        for of in (CONTACT, LEAD)
    }
    merged = Merged(desk)
    return People(desk, do_not_ask(desk, merged), merged, outs, extra)


def there(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of people who are there, under the id they have."""
    return [row for row in rows if not is_true(row, "IsDeleted") and not _became(row)]


def _became(row: Row) -> str:
    """Return whom a record was converted or merged into; empty where it was not."""
    if is_true(row, "IsConverted"):
        return row.get("ConvertedContactId", "")
    return row.get("MasterRecordId", "") if is_true(row, "IsDeleted") else ""
