"""Who sent whom, from a sheet of referrals and from "Referred by" on the customer list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping

from goodword_csv.headers.statuses import referral_status
from goodword_csv.rows.contact_rows import CustomerList, Row, has_bought
from goodword_csv.rows.identity import digest
from goodword_csv.rows.linking import full_names
from goodword_csv.rows.name_book import NameBook, name_book
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.record_ids import RecordIds
from goodword_csv.rows.reviewing import (
    Question,
    is_channel,
    is_open,
    keys_of,
    means_nobody,
    question,
)
from goodword_csv.rows.typed_rows import TypedRows

_STAYS_OPEN = "where the referrer is nobody on the list, or several; the review list asks who it is"
_FITS = "where the referrer's name is written a little differently; each fits one customer only"


class Referrers:
    """Finds who is meant where a referrer is written as text, and keeps what stays open.

    Args:
        customers: The customer list.
        answers: What people answered in the review list, by the key of the question.
        notices: Hears how many were found, and how.
    """

    def __init__(
        self, customers: CustomerList, answers: Mapping[str, str], notices: Notices
    ) -> None:
        self._customers = customers
        self._answers = answers
        self._notices = notices
        self._found: dict[str, str | None] = {}
        self._open: dict[str, tuple[str, str | None, str]] = {}
        self._lines: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._misread: set[str] = set()
        self._selves: set[str] = set()
        self._book: NameBook | None = None

    @property
    def misread(self) -> frozenset[str]:
        """Keys of the questions whose answers name nobody, or several."""
        return frozenset(self._misread)

    @property
    def any_open(self) -> bool:
        """Whether a person may have to be asked who is meant."""
        return bool(self._open)

    @property
    def selves(self) -> frozenset[str]:
        """Keys of the questions whose answers name the customer they are about."""
        return frozenset(self._selves)

    @property
    def book(self) -> NameBook:
        """The list by the words of its names, made when first needed."""
        if self._book is None:
            self._book = name_book(self._customers)
        return self._book

    def of(
        self, wrote: str, contact: str | None, customer: str | None, where: str, line: int
    ) -> str | None:
        """Return the referrer that a text names: as it stands, as answered, or nearly so.

        Args:
            wrote: What stands there.
            contact: Id of who was sent, if known.
            customer: Their name.
            where: The sheet.
            line: Its line.
        """
        exact = self._customers.known.by_text(wrote)
        if len(exact) == 1:
            return exact[0]
        keys = keys_of(wrote, contact)
        answers = (self._answers.get(key) for key in keys)
        said = next((text for text in answers if text and not is_open(text)), None)
        if said is not None:
            answered = self._answered(said)
            oneself = answered is not None and answered == contact
            if not oneself and (answered is not None or means_nobody(said)):
                return answered
            wrong = self._selves if oneself else self._misread
            wrong |= {key for key in keys if self._answers.get(key) == said}
        elif is_channel(wrote) or means_nobody(wrote):
            return None
        else:
            if wrote not in self._found:
                self._found[wrote] = None if exact else self.book.meant(wrote)
            meant = self._found[wrote]
            if meant is not None and meant != contact:
                self._lines[where, _FITS].append(line)
                return meant
            self._lines[where, _STAYS_OPEN].append(line)
        self._open.setdefault(keys[0], (wrote, contact, customer or ""))
        return None

    def _answered(self, said: str) -> str | None:
        """Who an answer names: an id, an address, a name, a suggestion, or a name only one has."""
        found = self._customers.known.by_text(said)
        if found:
            return found[0] if len(found) == 1 else self.book.labelled(said)
        return self.book.labelled(said) or self.book.only(said)

    def tell(self) -> None:
        """Say what was found and what was not."""
        for (where, what), lines in self._lines.items():
            self._notices.rows("referrer", where, what, lines)

    def unknown(self, where: str, line: int) -> None:
        """Note a referral whose referrer is not written as text at all."""
        self._lines[where, _STAYS_OPEN].append(line)

    def questions(self, contacts: Container[str], asked: Container[str]) -> Iterator[Question]:
        """Yield what stays open about some of the customers, each question once.

        Args:
            contacts: Ids of those customers: who was sent, or who may have sent a stranger.
            asked: Keys of questions that were asked already.
        """
        known: set[str] = set()
        for wrote, contact, customer in self._open.values():
            keys = keys_of(wrote, contact)
            if any(key in asked for key in keys) or (contact and contact not in contacts):
                continue
            one = question(self.book, wrote, contact, customer)
            if one.key not in known and any(person in contacts for person in one.about):
                known.add(one.key)
                yield one


def referral_rows(
    sheets: Iterable[TypedRows], customers: CustomerList, notices: Notices, referrers: Referrers
) -> list[Row]:
    """Return every referral; one whose referrer nobody can name keeps the referred person."""
    found: list[Row] = []
    ids = RecordIds()
    for rows in sheets:
        found += _of_sheet(rows, customers, notices, ids, referrers)
    known = {(row["referrer_id"], row["referred_id"]) for row in found}
    if customers.rows.has("referred_by"):
        found += [
            row
            for row in _of_list(customers, referrers)
            if (row["referrer_id"], row["referred_id"]) not in known
        ]
    referrers.tell()
    return found


def _of_sheet(
    rows: TypedRows,
    customers: CustomerList,
    notices: Notices,
    ids: RecordIds,
    referrers: Referrers,
) -> Iterable[Row]:
    names = rows.texts("referred")
    senders, said = _people(rows, customers, "referrer"), rows.texts("referrer")
    referred = _people(rows, customers, "referred")
    own, dates = rows.ids("referral_id"), rows.dates("date")
    met, won, lost = rows.dates("met_at"), rows.dates("won_at"), rows.dates("lost_at")
    statuses, sources = rows.texts("status"), rows.texts("source")
    empty: list[int] = []
    where = rows.sheet.where
    for i, line in enumerate(rows.lines):
        wrote = said[i]
        sender = senders[i]
        if sender is None and wrote is not None:
            sender = referrers.of(wrote, referred[i], names[i], where, line)
        elif sender is None:
            referrers.unknown(where, line)
        if referred[i] is None and names[i] is None:
            empty.append(line)
            continue
        content = (senders[i], referred[i] or names[i], dates[i])
        reached = (("lost", lost[i]), ("won", won[i]), ("met", met[i]))
        by_date = next((word for word, at in reached if at is not None), None)
        yield {
            "referral_id": ids.of("r", own[i], content, where),
            "referrer_id": sender,
            "referred_id": referred[i],
            "referred_name": None if referred[i] else names[i],
            "status": referral_status(statuses[i] or "") or by_date or "received",
            "at": dates[i],
            "met_at": met[i],
            "won_at": won[i],
            "lost_at": lost[i],
            "source": sources[i] or "sheet",
        }
    notices.rows("unnamed", where, "that name no referred person, left out", empty)


def _of_list(customers: CustomerList, referrers: Referrers) -> Iterable[Row]:
    rows = customers.rows
    created, names = rows.dates("created_at"), full_names(rows)
    bought = [*zip(rows.dates("first_purchase_at"), has_bought(rows), strict=True)]
    for i, said in enumerate(rows.texts("referred_by")):
        contact = customers.ids[i]
        if said is None or contact is None:
            continue
        referrer = referrers.of(said, contact, names[i], rows.sheet.where, rows.lines[i])
        if referrer is None and (is_channel(said) or means_nobody(said)):
            continue  # found through a search engine, say: that is nobody's good word
        first, is_customer = bought[i]
        yield {
            "referral_id": f"r-{digest(contact, 'list')}",
            "referrer_id": referrer,
            "referred_id": contact,
            "referred_name": None,
            "status": "won" if is_customer else "received",
            "at": created[i] or first,
            "met_at": None,
            "won_at": first,
            "lost_at": None,
            "source": "list",
        }


def _people(rows: TypedRows, customers: CustomerList, who: str) -> list[str | None]:
    """The one person whom id, address or name stand for; None where they name nobody or several."""
    found: list[str | None] = []
    columns = rows.ids(f"{who}_id"), rows.emails(f"{who}_email"), rows.texts(who)
    for own, mails, name in zip(*columns, strict=True):
        named = customers.known.by_text(name)
        chosen = customers.known.match(own, mails, (), name)
        chosen = tuple(one for one in chosen if one in named) or chosen
        found.append(chosen[0] if len(chosen) == 1 else None)
    return found
