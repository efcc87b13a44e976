"""Refusals: what our "do not ask" column says of each person, and what it said before and lost.

A refusal is about a person, not about a row or a number. Where it went from the column in a way
that no person does who only empties a cell, it still counts; where the list's own ids were given
anew, it counts for whoever is that person by name and address, and where nobody can tell, for both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from goodword_csv.rows.identity import folded
from goodword_csv.rows.known import KEPT, REMEMBERED, WRITTEN, Known, People
from goodword_csv.rows.own_columns import DO_NOT_ASK
from goodword_csv.rows.recognising import fit
from goodword_csv.rows.sources import column_of
from goodword_csv.rows.typed_rows import TypedRows
from goodword_csv.values.answers import Answer, parse_yes_no
from goodword_csv.values.plain import text_of, word_set

_LETS = word_set("no n nao nie nej false f 0 off nein falsch non faux nee onwaar falso unchecked")
"""What takes a "do not ask" back; elsewhere "never" and "do not contact" are a no, here a yes."""


@dataclass(frozen=True, slots=True)
class Column:
    """Our "do not ask" column.

    Attributes:
        answers: One a row.
        is_there: The list has such a column.
    """

    answers: Sequence[Answer]
    is_there: bool

    def of(self, ids: Sequence[str | None]) -> dict[str, Answer]:
        """What it says of each person; a refusal in any of their rows counts."""
        said: dict[str, Answer] = {}
        for one, answer in zip(ids, self.answers, strict=True):
            if one is not None and answer != "unknown" and said.get(one) != "yes":
                said[one] = answer
        return said


@dataclass(slots=True)
class Standing:
    """How refusals stand after a reading.

    Attributes:
        flags: Contact id to how it stands; who is not in it did not refuse.
        kept: People whose mark went from the column in a way nobody means.
        shared: People it counts for because they seem to be somebody who refused.
        moved_on: People no longer on the list whose refusal is that of somebody there now.
    """

    flags: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    moved_on: set[str] = field(default_factory=set)

    @property
    def remembered(self) -> frozenset[str]:
        """Whose refusal only we know of."""
        return frozenset(one for one, flag in self.flags.items() if flag != WRITTEN)


def read_column(rows: TypedRows) -> Column:
    """Read our "do not ask" column; anything but a no counts."""
    at = column_of(rows.sheet.grid.header, DO_NOT_ASK)
    if at is None:
        return Column(["unknown"] * len(rows), is_there=False)
    column = rows.sheet.grid.column(at)
    read = parse_yes_no(column, filled_means_yes=True).values
    said: list[Answer] = [
        "yes" if answer == "no" and folded(text_of(cell)) not in _LETS else answer
        for (_, cell), answer in zip(column, read, strict=True)
    ]
    return Column(said, is_there=True)


def stands(
    before: People,
    now: Mapping[str, Known],
    said: Mapping[str, Answer],
    displaced: Collection[str],
    *,
    has_column: bool,
    shaken: bool,
) -> Standing:
    """Say how each refusal stands.

    Args:
        before: Everybody known before this reading.
        now: Everybody on the list, with the marks of now.
        said: What the column says, by person.
        displaced: People whose mark is known to have stood in a row that is not theirs.
        has_column: The list has our column.
        shaken: The list is older than the one read before, or was sorted without our columns.
    """
    found = Standing()
    refused = {one.id: one for one in before if one.refused}
    fresh = {one for one, answer in said.items() if answer == "yes" and one not in refused}
    for one in {*said, *displaced, *(one for one in refused if one in now)}:
        flag = _flag(said.get(one), refused.get(one), has_column=has_column)
        if not flag and said.get(one) != "yes" and _was_in_column(refused.get(one), has_column):
            flag = _lost(refused[one], now, said, fresh, shaken=shaken)
            if flag:
                found.kept.add(one)
        if one in displaced and flag != WRITTEN:
            flag = flag or REMEMBERED
        if flag and one in now:
            found.flags[one] = flag
    if refused or found.flags:
        _share(before, refused, now, said, found)
    return found


def _flag(answer: Answer | None, old: Known | None, *, has_column: bool) -> str:
    """Say how a refusal stands by what the column says: what it lost is remembered.

    A row that came back, or a list without the column, says nothing.
    """
    if answer == "yes":
        return WRITTEN
    if old is None or (answer == "no" and old.refused != KEPT):
        return ""
    if old.refused == KEPT:
        return KEPT
    return "" if _was_in_column(old, has_column) else REMEMBERED


def _was_in_column(old: Known | None, has_column: bool) -> bool:
    """Say whether somebody's mark stood in the column when the list was read last."""
    return has_column and old is not None and old.refused == WRITTEN and not old.gone


def _lost(
    old: Known,
    now: Mapping[str, Known],
    said: Mapping[str, Answer],
    fresh: Collection[str],
    *,
    shaken: bool,
) -> str:
    """Say what a mark is that went from the column: taken back, gone with the person, or lost."""
    here = now[old.id]
    if _is_other(here, old) and any(_same(now[one], old) for one in fresh if one in now):
        return ""  # the number is somebody else's now, and the mark stands with the person
    if said.get(old.id) == "no":
        return KEPT if shaken else ""
    return REMEMBERED if shaken or fresh else ""


def _share(
    before: People,
    refused: Mapping[str, Known],
    now: Mapping[str, Known],
    said: Mapping[str, Answer],
    found: Standing,
) -> None:
    """Let a refusal count for everybody on the list who seems to be who refused.

    By the same name with an address or number of now or before, always; by less where the id of
    who refused is gone or somebody else's, for those whom nobody knew before.
    """
    sources = {(one, now[one.id]) for one in refused.values() if one.id in found.flags}
    marks = [each for pair in sources for each in pair]
    marks += [now[one] for one in found.flags if one not in refused]
    gone = [one for one in refused.values() if one.id not in now]
    lost = [old for old, new in sources if _is_other(new, old)] + gone
    by_name, by_key = _indexed([*marks, *gone], lost)
    near = [here for here in now.values() if here.name in by_name] if not by_key else now.values()
    known: Mapping[str, Known] = before.by_id() if by_key else {}
    for here in near:
        one = here.id
        same = [old for old in by_name.get(here.name, ()) if old.id != one and _same(here, old)]
        found.moved_on |= {old.id for old in same if old.id not in now}
        if said.get(one) == "no" or one in found.flags:
            continue
        alike = by_key and not same and _is_new(here, known.get(one)) and _alike(here, by_key)
        if same or alike:
            found.flags[one] = REMEMBERED
            found.shared.add(one)


def _indexed(
    named: Sequence[Known], lost: Sequence[Known]
) -> tuple[dict[str, list[Known]], dict[str, list[Known]]]:
    """Return people by name, and those who are lost by each thing that may show them."""
    by_name: dict[str, list[Known]] = defaultdict(list)
    for one in named:
        if one.name:
            by_name[one.name].append(one)
    by_key: dict[str, list[Known]] = defaultdict(list)
    for one in lost:
        for key in (one.email, one.phone, one.name):
            if key:
                by_key[key].append(one)
    return by_name, by_key


def _alike(here: Known, by_key: Mapping[str, Sequence[Known]]) -> bool:
    """Say whether somebody who is lost may be this one."""
    near = (old for key in (here.email, here.phone, here.name) for old in by_key.get(key, ()))
    return any(old.id != here.id and fit(here, old, said=False) > 0 for old in near)


def _is_new(here: Known, old: Known | None) -> bool:
    """Say whether nobody knew somebody before, or only somebody else under that id."""
    return old is None or _is_other(here, old)


def _is_other(here: Known, old: Known) -> bool:
    """Say whether an id stands for somebody else now: neither name, address nor number is left."""
    if here.whole == old.whole:
        return False
    return here.name != old.name and {here.email, here.phone}.isdisjoint(old.reached())


def _same(here: Known, old: Known) -> bool:
    """Say whether two are one person: the same name, and an address or number of now or before."""
    return (
        bool(here.name)
        and here.name == old.name
        and not frozenset(here.reached()).isdisjoint(old.reached())
    )
