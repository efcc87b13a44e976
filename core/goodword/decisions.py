"""What was decided, looked up by contact: a few at a time, for a frame of everybody is large."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from goodword.decide import flagged
from goodword.rules import Suppressor

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

    from goodword.engines import Engine
    from goodword.tables import Frame

Cell: TypeAlias = str | int | bool | datetime | None
INTERNAL = (":", "on:", "opens:", "closes:", "open:", "fails:", "until:", "points:")
"""Prefixes of columns that are working values, not facts of the contact."""


class Decisions:
    """The decided facts of one run, looked up by contact.

    Args:
        frame: One row a contact, as ``decide`` returned it, computed; its facts, or who looks
            after whom alone.
        whole: Where the facts are fetched from, when they are not in *frame*.
        engine: Where they are computed.
    """

    def __init__(
        self,
        frame: nw.DataFrame[Any],
        whole: Frame | None = None,
        engine: Engine | None = None,
    ) -> None:
        self.frame = frame
        self.whole: Frame = frame.lazy() if whole is None else whole
        self._engine = engine
        there = self.whole.collect_schema().names()
        self._columns = [name for name in there if not name.startswith(INTERNAL)]
        self._rows: dict[str, tuple[Any, ...]] = {}
        self._index = {key: number for number, key in enumerate(frame["contact_id"].to_list())}
        self._owners = frame["owner_id"].to_list()
        self._accounts = frame["account_id"].to_list()
        self._names = frame["name"].to_list()

    @classmethod
    def of(cls, frame: Frame, engine: Engine) -> Decisions:
        """Compute only who looks after whom: not the hundred of all facts.

        The facts of a contact are fetched when they are asked for.
        """
        few = frame.select("contact_id", "owner_id", "account_id", "name")
        return cls(engine.collect(few), frame, engine)

    def fetched(self, contact_id: str) -> bool:
        """Say whether the facts of a contact are at hand."""
        return self._engine is None or contact_id in self._rows

    def fetch(self, contacts: Iterable[str]) -> None:
        """Bring the facts of *contacts* to hand, all at once."""
        import narwhals.stable.v2 as nw

        wanted = sorted({contact for contact in contacts if not self.fetched(contact)})
        if self._engine is not None and wanted:
            theirs = self.whole.filter(nw.col("contact_id").is_in(wanted))
            place = self._columns.index("contact_id")
            rows = self._engine.collect(theirs.select(self._columns)).rows()
            self._rows.update((str(row[place]), row) for row in rows)

    def __contains__(self, contact_id: str) -> bool:
        return contact_id in self._index

    def owner(self, contact_id: str) -> str | None:
        """Return the contact's own rep."""
        return _text(self._owners[self._index[contact_id]])

    def account(self, contact_id: str) -> str | None:
        """Return the contact's account."""
        return _text(self._accounts[self._index[contact_id]])

    def name(self, contact_id: str) -> str:
        """Return the contact's name, or its id where there is none."""
        return _text(self._names[self._index[contact_id]]) or contact_id

    def row(self, contact_id: str) -> dict[str, Cell]:
        """Return the facts and the decision of one contact."""
        if self._engine is None:
            whole = zip(self.frame.columns, self.frame.row(self._index[contact_id]), strict=True)
            values = dict(whole)
            return {name: values[name] for name in self._columns}
        self.fetch([contact_id])
        return dict(zip(self._columns, self._rows[contact_id], strict=True))


def held_back(
    frame: Frame,
    people: Collection[str],
    rules: Sequence[Suppressor],
    as_of: date,
    engine: Engine,
) -> dict[str, tuple[str, ...]]:
    """Return which of *rules* hold for each of *people*, in their order; strangers are left out.

    Args:
        frame: Everybody's facts, those that the rules read among them.
        people: Ids of some contacts.
        rules: Some suppressors.
        as_of: Day of the run.
        engine: Where it is computed.
    """
    import narwhals.stable.v2 as nw

    theirs = flagged(frame.filter(nw.col("contact_id").is_in(sorted(people))), rules, as_of)
    fails = [f"fails:{rule.name}" for rule in rules]
    return {
        str(contact): tuple(rule.name for rule, holds in zip(rules, held, strict=True) if holds)
        for contact, *held in engine.collect(theirs.select("contact_id", *fails)).rows()
    }


def _text(value: Cell) -> str | None:
    return None if value is None else str(value)
