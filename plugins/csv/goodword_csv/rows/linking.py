"""Rows of other sheets to customers: by id, then e-mail, then phone, then name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from goodword_csv.rows.identity import folded
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.typed_rows import TypedRows
from goodword_csv.values.people import without_address

MOST_SHARING = 6
"""People who may share a mailbox; an address on more rows than that is a placeholder."""

_Ids = dict[str, tuple[str, ...]]


class _Index(NamedTuple):
    """The people of the customer list by everything that may name them."""

    ids: Mapping[str, str]
    emails: _Ids
    phones: _Ids
    names: _Ids
    addressed: Mapping[str, tuple[tuple[str, str], ...]]
    """Names without the form of address that the list has: who bears it, and for whom it is."""


class Directory:
    """The people and companies of the customer list, by everything that may name them.

    An e-mail, phone or name may belong to several people; then it names nobody alone. The list is
    indexed when somebody is first looked up: a firm with one list alone never does, and the index
    would be larger than the list.

    Args:
        ids: Contact id of each row.
        rows: The list.
    """

    def __init__(self, ids: Sequence[str | None], rows: TypedRows) -> None:
        self._ids = ids
        self._rows = rows
        self.companies: dict[str, str] = {}

    @cached_property
    def _index(self) -> _Index:
        rows = self._rows
        return _indexed(self._ids, rows.emails(), rows.phones(), full_names(rows))

    def by_id(self, text: str | None) -> str | None:
        """The person with this id; case counts only where two ids differ by nothing else."""
        return (self._index.ids.get(text) or self._index.ids.get(text.casefold())) if text else None

    def by_text(self, text: str | None) -> tuple[str, ...]:
        """Whoever an id, an address or a full name stands for; several for a shared name."""
        if not text:
            return ()
        found = self.by_id(text)
        if found is not None:
            return (found,)
        return self._index.emails.get(text.lower(), ()) or self.by_name(text)

    def by_name(self, text: str | None) -> tuple[str, ...]:
        """Whoever has this full name: as it is written, else without a form of address.

        ``Mrs. Peggy Tranter`` and ``Peggy Tranter`` are one person, Mr. and Mrs. Tranter are not.
        """
        if not text:
            return ()
        exact = self._index.names.get(folded(text), ())
        if exact:
            return exact
        rest, whose = without_address(text)
        key = folded(rest)
        bare = self._index.names.get(key, ()) if rest != text else ()
        fitting = (
            person
            for person, theirs in self._index.addressed.get(key, ())
            if not whose or not theirs or whose == theirs
        )
        return tuple(dict.fromkeys((*bare, *fitting)))

    def match(
        self, contact_id: str | None, emails: Iterable[str], phones: Iterable[str], name: str | None
    ) -> tuple[str, ...]:
        """Find whom a row is about.

        Several people are returned only for a mailbox they share: what comes from there speaks
        for each of them. A shared phone or a shared name alone says nothing.
        """
        found = self.by_id(contact_id)
        if found is not None:
            return (found,)
        namesakes = self.by_text(name)
        for email in emails:
            owners = self._index.emails.get(email, ())
            chosen = _those(owners, namesakes) or owners
            if 0 < len(chosen) <= MOST_SHARING:
                return chosen
        for phone in phones:
            owners = self._index.phones.get(phone, ())
            chosen = _those(owners, namesakes) or owners
            if len(chosen) == 1:
                return chosen
        return namesakes if len(namesakes) == 1 else ()


def _indexed(
    ids: Sequence[str | None],
    emails: Sequence[tuple[str, ...]],
    phones: Sequence[tuple[str, ...]],
    names: Sequence[str | None],
) -> _Index:
    """Index the customer list; the arguments have one entry a row."""
    exact: dict[str, str] = {}
    loose: _Ids = {}
    by_email: _Ids = {}
    by_phone: _Ids = {}
    by_name: _Ids = {}
    addressed: dict[str, tuple[tuple[str, str], ...]] = {}
    for contact, mails, numbers, name in zip(ids, emails, phones, names, strict=True):
        if contact is None:
            continue
        exact[contact] = contact
        _add(loose, contact.casefold(), contact)
        for mail in mails:
            _add(by_email, mail, contact)
        for number in numbers:
            _add(by_phone, number, contact)
        key = folded(name)
        if key:
            _add(by_name, key, contact)
            rest, whose = without_address(name or "")
            if rest != name:
                bare = folded(rest)
                known = addressed.get(bare, ())
                addressed[bare] = (*known, (contact, whose))[: MOST_SHARING + 1]
    lone = {key: one for key, (one, *others) in loose.items() if not others}
    return _Index(lone | exact, by_email, by_phone, by_name, addressed)


def _add(found: _Ids, key: str, contact: str) -> None:
    """Keep each of the people behind a key once, as long as they are few enough to matter."""
    known = found.get(key, ())
    if len(known) <= MOST_SHARING and contact not in known:
        found[key] = (*known, contact)


def _those(owners: tuple[str, ...], namesakes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(owner for owner in owners if owner in namesakes)


def people_of(rows: TypedRows, known: Directory, notices: Notices) -> list[tuple[str, ...]]:
    """Find whom each row of a sheet is about; rows about nobody we know are counted.

    Returns:
        Contact ids, one entry a row; empty where nobody was found.
    """
    matched = matches(rows, known)
    where = rows.sheet.where
    lost = [line for line, found in zip(rows.lines, matched, strict=True) if not found]
    notices.rows("unmatched", where, "about nobody on the customer list, left out", lost)
    return matched


def matches(rows: TypedRows, known: Directory) -> list[tuple[str, ...]]:
    """Find whom each row of a sheet is about, without a word about the others."""
    ids = rows.ids("contact_id")
    several = rows.ids("contact_ids")
    emails, phones, names = rows.emails(), rows.phones(), full_names(rows)
    found: list[tuple[str, ...]] = []
    for own, many, mails, numbers, name in zip(ids, several, emails, phones, names, strict=True):
        listed = set(_listed(many, known)) if many else set()
        found.append(tuple(sorted(listed or known.match(own, mails, numbers, name))))
    return found


def full_names(rows: TypedRows) -> list[str | None]:
    """The full name of each row, as it stands or put together."""
    if not rows.has("first_name", "last_name"):
        return rows.texts("name")
    return rows.once("full names", lambda: _joined_names(rows))


def _joined_names(rows: TypedRows) -> list[str | None]:
    columns = rows.texts("name"), rows.texts("first_name"), rows.texts("last_name")
    return [
        name or (f"{first} {last}" if first and last else first or last)
        for name, first, last in zip(*columns, strict=True)
    ]


def _listed(cell: str, known: Directory) -> Iterable[str]:
    for part in cell.replace(",", ";").split(";"):
        found = known.by_id(part.strip())
        if found is not None:
            yield found
