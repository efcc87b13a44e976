"""Who of the people known so far a row is: by its marks and our id cell, wherever it stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from goodword_csv.rows.identity import Person, folded
from goodword_csv.rows.known import Known
from goodword_csv.rows.register import Register, pairs
from goodword_csv.values.people import BESIDE_NAMES

_EMAIL, _PHONE, _NAME, _PLACE, _CELL = 40, 30, 20, 10, 25
"""How much each agreement says: an address most, our own cell more than a name alone.

Two things of a row outweigh our cell, so that columns sorted without ours move nobody. Beside the
same name, an address or number the list held before says a shade less than one it holds now.
"""
_FORMER = 1
_MOST_ALIKE = 20
"""People behind one address, number or name; of more than that it tells nobody apart."""
_WORDS = re.compile(r"[\s\-\u2010-\u2015/&+,;]+")
_WORD = 8  # of a mark: it only has to tell apart two people of one number


@dataclass(slots=True)
class Recognised:
    """What became of the rows.

    Attributes:
        ids: Row to the id it has had; a row that is not here is somebody new.
        forgotten: Rows of people who were forgotten.
        doubtful: Rows of people who may be somebody that refused; nobody can tell.
    """

    ids: dict[int, str] = field(default_factory=dict)
    forgotten: set[int] = field(default_factory=set)
    doubtful: set[int] = field(default_factory=set)


class _Unit(NamedTuple):
    """Rows that agree in everything, so they are one person: with the ids that stand there."""

    rows: list[int]
    marks: Known
    cells: frozenset[str]


class _Pair(NamedTuple):
    """How well a person known so far fits a unit."""

    score: int
    unit: int
    known: Known


def whole_marks(people: Sequence[Person], mark: Callable[[str], str]) -> list[str]:
    """Return a mark of everything that identifies each row, as it stands."""
    return [
        mark(f"{one.id}\x1f{one.email}\x1f{one.phone}\x1f{one.name}\x1f{one.more}")
        for one in people
    ]


class Marker:
    """Makes the marks of people; what many share, such as towns and first names, only once."""

    def __init__(self, mark: Callable[[str], str]) -> None:
        self._mark = mark
        self._places: dict[tuple[str | None, ...], str] = {}
        self._words: dict[str, str] = {}

    def of(self, person: Person, whole: str) -> Known:
        """Return a person's marks, without an id."""
        mark, name = self._mark, folded(person.name)
        place = self._places.get(person.more)
        if place is None:
            text = "|".join(folded(text) for text in person.more)
            place = self._places[person.more] = mark(f"w{text}") if text.strip("|") else ""
        return Known(
            "",
            whole,
            mark(f"e{person.email}") if person.email else "",
            mark(f"t{person.phone}") if person.phone else "",
            mark(f"n{name}") if name else "",
            place,
            words=" ".join(self._words_of(person.name)) if person.phone and person.name else "",
        )

    def _words_of(self, name: str) -> Iterator[str]:
        """Mark the words of a name, without titles and the like."""
        for word in _WORDS.split(name):
            if word not in self._words:
                plain = folded(word)
                tells = plain and plain not in BESIDE_NAMES
                self._words[word] = self._mark(f"v{plain}")[:_WORD] if tells else ""
            if self._words[word]:
                yield self._words[word]


def recognise(
    people: Sequence[Person],
    wholes: Sequence[str],
    rows: Collection[int],
    cells: Sequence[str | None],
    register: Register,
    taken: Collection[str],
) -> Recognised:
    """Find out which rows are people known so far; each of them is found once.

    A row that is as it was is its person at once. Of the others the best fitting pair of row and
    person comes first. What fits two people alike, without our cell to tell, is nobody known, and
    so are two rows that fit one person alike, unless one has our cell or the address.

    Args:
        people: One a row.
        wholes: Mark of everything, one a row.
        rows: The rows to look at: those without an id of the list's own.
        cells: Our id cell of each row; empty where the list has no such column.
        register: The people known so far.
        taken: Ids that are given out already.
    """
    found = Recognised()
    if not rows:
        return found
    free = {one.whole: one.id for one in register.people if one.id not in taken}
    given = set(taken)
    rest: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        same = free.get(wholes[row])
        if same is None:
            rest[wholes[row]].append(row)
        else:
            found.ids[row] = same
            given.add(same)
    if not rest or not (register.people or register.forgotten or any(cells)):
        return found
    mark = register.mark()
    units = list(_units(rest, people, cells, Marker(mark)))
    if register.forgotten:
        units = list(_left(units, register, mark, found))
    left = [one for one in register.people if one.id not in given]
    for unit, known in _matched(units, left, found):
        given.add(known.id)
        found.ids |= dict.fromkeys(unit.rows, known.id)
    _by_cell_alone([u for u in units if u.rows[0] not in found.ids], people, register, given, found)
    return found


def _units(
    rest: Mapping[str, list[int]],
    people: Sequence[Person],
    cells: Sequence[str | None],
    marker: Marker,
) -> Iterator[_Unit]:
    for whole, rows in rest.items():
        person = people[rows[0]]
        said = frozenset(cell for row in rows if cells and (cell := cells[row]))
        yield _Unit(rows, marker.of(person, whole), said)


def _left(
    units: Sequence[_Unit], register: Register, mark: Callable[[str], str], found: Recognised
) -> Iterator[_Unit]:
    """Leave out who was forgotten, also after their address or number was corrected."""
    for unit in units:
        if register.forgotten.isdisjoint(pairs(unit.marks, mark)):
            yield unit
        else:
            found.forgotten |= set(unit.rows)


def _matched(
    units: Sequence[_Unit], left: Sequence[Known], found: Recognised
) -> Iterator[tuple[_Unit, Known]]:
    """Give units their people, the best fit first; the order of rows decides nothing."""
    by_score: dict[int, dict[int, list[Known]]] = defaultdict(lambda: defaultdict(list))
    for pair in _pairs(units, left):
        by_score[pair.score][pair.unit].append(pair.known)
    settled: set[int] = set()
    given: set[str] = set()
    for score in sorted(by_score, reverse=True):
        wanted: dict[str, list[int]] = defaultdict(list)
        people: dict[str, Known] = {}
        for unit, fitting in by_score[score].items():
            free = [one for one in fitting if one.id not in given]
            if unit in settled or not free:
                continue
            settled.add(unit)  # of several that fit as well, none is the right one
            if len(free) == 1:
                wanted[free[0].id].append(unit)
                people[free[0].id] = free[0]
            elif any(one.refused for one in free):
                found.doubtful.update(units[unit].rows)
        for contact, rivals in wanted.items():
            given.add(contact)
            known = people[contact]
            right = _right_one([units[unit] for unit in rivals], known)
            if right is not None:
                yield right, known
                settled -= {unit for unit in rivals if units[unit] is not right}
            elif known.refused:
                found.doubtful.update(row for unit in rivals for row in units[unit].rows)


def _right_one(rivals: Sequence[_Unit], known: Known) -> _Unit | None:
    """Return which of several that fit as well is the person: our cell tells, or the address."""
    said = [unit for unit in rivals if known.id in unit.cells]
    same = [unit for unit in rivals if known.email and unit.marks.email == known.email]
    return next((some[0] for some in (rivals, said, same) if len(some) == 1), None)


def _pairs(units: Sequence[_Unit], left: Sequence[Known]) -> Iterator[_Pair]:
    by_id = {one.id: one for one in left}
    indexes = [_index(left, which) for which in ("email", "phone", "name")]
    named = _by_name_and_key(left)
    for number, unit in enumerate(units):
        keys = (unit.marks.email, unit.marks.phone, unit.marks.name)
        near = {
            one.id: one
            for index, key in zip(indexes, keys, strict=True)
            if len(alike := index.get(key, ())) <= _MOST_ALIKE
            for one in alike
        }
        for key in unit.marks.reached():
            alike = named.get((unit.marks.name, key), ())
            if len(alike) <= _MOST_ALIKE:
                near |= {one.id: one for one in alike}
        near |= {cell: by_id[cell] for cell in unit.cells if cell in by_id}
        for one in near.values():
            score = fit(unit.marks, one, said=one.id in unit.cells)
            if score:
                yield _Pair(score, number, one)


def _index(left: Sequence[Known], which: str) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = defaultdict(list)
    for one in left:
        key = getattr(one, which)
        if key:
            found[key].append(one)
    return found


def _by_name_and_key(left: Sequence[Known]) -> dict[tuple[str, str], list[Known]]:
    """Find people by the full name and any address or number of theirs, a former one, too."""
    found: dict[tuple[str, str], list[Known]] = defaultdict(list)
    for one in left:
        for key in one.reached() if one.name else ():
            found[one.name, key].append(one)
    return found


def fit(row: Known, one: Known, *, said: bool) -> int:
    """Say how well they fit; 0 where too little agrees to be the same person.

    An address is enough, and so are name and place, or the name and an address or number the list
    held before; without the name, what it held before says nothing. A number or a name alone is
    enough where our cell agrees, or where no more than one thing differs: it was corrected, then.
    But somebody else may have the same name in another place, or answer the same telephone.
    """
    both = (
        (row.email, one.email),
        (row.phone, one.phone),
        (row.name, one.name),
        (row.place, one.place),
    )
    email, phone, name, place = (bool(a) and a == b for a, b in both)
    if not (email or phone or name):
        return 0
    before = _before(row, one) if name and (one.emails or one.phones) else 0
    if not (said or email or (name and (phone or place or before))):
        named = name and not (row.place and one.place)
        called = phone and (not one.name or _share(row.words, one.words))
        if not (named or called) or sum(bool(a and b) and a != b for a, b in both) > 1:
            return 0
    now = _EMAIL * email + _PHONE * phone + _NAME * name + _PLACE * place
    return now + before + _CELL * said


def _before(row: Known, one: Known) -> int:
    """Say how much agrees with what the list held of them before."""
    wrote, called = row.email in one.emails.split(), row.phone in one.phones.split()
    return (_EMAIL - _FORMER) * wrote + (_PHONE - _FORMER) * called


def _share(words: str, others: str) -> bool:
    return not frozenset(words.split()).isdisjoint(others.split())


def _by_cell_alone(
    units: Sequence[_Unit],
    people: Sequence[Person],
    register: Register,
    given: set[str],
    found: Recognised,
) -> None:
    """Believe our cell where nothing is known of that id: the register was lost, or is another's.

    An id that is the address of another row was moved here by sorting; it is not believed. Where
    several rows show one id and nobody can tell whose it is, it is nobody's.
    """
    known = frozenset(register.people.ids())
    claims: dict[str, list[_Unit]] = defaultdict(list)
    for unit in units:
        for cell in unit.cells if len(unit.cells) == 1 else ():
            if cell not in known and cell not in given:
                claims[cell].append(unit)
    having: dict[str, set[int]] = defaultdict(set)
    for row, person in enumerate(people):
        if person.email in claims:
            having[person.email].add(row)
    for cell, rivals in claims.items():
        right = [one for one in rivals if cell not in having or having[cell] & set(one.rows)]
        if len(right) == 1:
            given.add(cell)
            found.ids |= dict.fromkeys(right[0].rows, cell)
