"""The people known so far, one line of text each, as they stand in the register's file.

As objects 100,000 people take 55 MB, as lines 12; each is made when it is looked at.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, overload

WRITTEN, REMEMBERED, KEPT = "x", "r", "d"
_QUOTED = frozenset('\t\n\r\\"')
_A_FEW = 5
"""Former addresses kept of a person, and former numbers: the latest; each is 17 bytes."""


class Known(NamedTuple):
    """One person: the id, and a mark of each thing a row may know them by; empty where it is not.

    Attributes:
        id: Contact id.
        whole: Mark of everything below together, as the list writes it.
        email: Mark of the address.
        phone: Mark of the end of the number.
        name: Mark of the name as names are compared.
        place: Mark of company and town.
        refused: ``x``: "do not ask" stands in the list; ``r``: it stood there once and is not back;
            ``d``: nor does the "no" count that stands in its place, before the mark is back.
        gone: Day the person was last seen, as text; empty while they are on the list.
        words: Marks of the words of the name, for who is known by a number; blanks in between.
        emails: Marks of a few addresses the list held before, the latest first; blanks in between.
        phones: The same of numbers.
    """

    id: str
    whole: str
    email: str = ""
    phone: str = ""
    name: str = ""
    place: str = ""
    refused: str = ""
    gone: str = ""
    words: str = ""
    emails: str = ""
    phones: str = ""

    def reached(self) -> list[str]:
        """Return the mark of every address and number, those of now first."""
        now = [key for key in (self.email, self.phone) if key]
        return [*now, *self.emails.split(), *self.phones.split()]

    def after(self, old: Known) -> Known:
        """Return the person of now, with what the list said of them before."""
        return self._replace(
            emails=_former(self.email, old.email, old.emails),
            phones=_former(self.phone, old.phone, old.phones),
        )


class People(Sequence[Known]):
    """People in their order.

    Args:
        lines: One a person, as ``lines`` gives them; it is not changed any more.
    """

    def __init__(self, lines: bytes | bytearray = b"") -> None:
        self.lines = lines
        self._ends = array("Q", [0])
        at = lines.find(b"\n")
        while at >= 0:
            self._ends.append(at + 1)
            at = lines.find(b"\n", at + 1)

    @classmethod
    def of(cls, people: Iterable[Known]) -> People:
        """Return people as lines; each is let go of at once."""
        lines = bytearray()
        for one in people:
            plain = _QUOTED.isdisjoint(one.id)
            line = "\t".join(one if plain else one._replace(id=json.dumps(one.id)))
            lines += line.encode(errors="surrogatepass")
            lines += b"\n"
        return cls(lines)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # lines may be a bytearray, and nobody asks

    @overload
    def __getitem__(self, index: int) -> Known: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Known]: ...

    def __getitem__(self, index: int | slice) -> Known | Sequence[Known]:
        places = range(len(self))[index]
        if isinstance(places, range):
            return [self._one(place) for place in places]
        return self._one(places)

    def __iter__(self) -> Iterator[Known]:
        return map(self._one, range(len(self)))

    def ids(self) -> Iterator[str]:
        """Give everybody's id, in their order."""
        for begin in self._ends[:-1]:
            yield _plain(self._text(begin, self.lines.index(b"\t", begin)))

    def by_id(self, ids: Iterable[str] | None = None) -> ById:
        """Return everybody by id; of several of one id the last.

        Args:
            ids: Their ids in this order, where somebody has them; they need not be there twice.
        """
        return ById(self, ids if ids is not None else self.ids())

    def _one(self, place: int) -> Known:
        one = Known(*self._text(self._ends[place], self._ends[place + 1] - 1).split("\t"))
        return one._replace(id=_plain(one.id)) if one.id.startswith('"') else one

    def _text(self, begin: int, end: int) -> str:
        return self.lines[begin:end].decode(errors="surrogatepass")


class ById(Mapping[str, Known]):
    """People by their ids.

    Args:
        people: The people.
        ids: Their ids, in the same order.
    """

    def __init__(self, people: People, ids: Iterable[str]) -> None:
        self._people = people
        self._places = {one: place for place, one in enumerate(ids)}

    def __getitem__(self, contact_id: str) -> Known:
        return self._people[self._places[contact_id]]

    def __contains__(self, contact_id: object) -> bool:
        return contact_id in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _plain(text: str) -> str:
    return str(json.loads(text)) if text.startswith('"') else text


def _former(now: str, before: str, earlier: str) -> str:
    if now == before and not earlier:
        return ""
    marks = dict.fromkeys([before, *earlier.split()])
    return " ".join([mark for mark in marks if mark and mark != now][:_A_FEW])
