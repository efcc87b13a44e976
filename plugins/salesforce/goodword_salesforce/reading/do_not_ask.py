"""Who must not be asked: read from our field, and remembered in case the field is removed.

An org that lost the field looks as if nobody had ever been marked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from goodword import SourceError
from goodword_salesforce.memory import VIA_LEAD
from goodword_salesforce.names import DO_NOT_ASK, FIELDS, PEOPLE
from goodword_salesforce.reading.merged import Merged
from goodword_salesforce.seam.values import Row
from goodword_salesforce.shapes import TYPES

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk

FIELD = next(each for each in FIELDS if each.name == DO_NOT_ASK)
LABEL = FIELD.label
BACK = (
    "Bring the field back from Setup > Object Manager > Fields > Deleted Fields, grant it to the "
    "integration user, or make it a checkbox again; where it is gone for good: goodword install "
    "salesforce --apply"
)
_SAYS = {"true": True, "1": True, "false": False, "0": False}
"""What a checkbox says; a field that was made something else says other things, or nothing."""


@dataclass(slots=True)
class DoNotAsk:
    """The marks of one pull.

    Args:
        desk: The org.
        there: Objects of people on which the field can be seen, and is a checkbox.
        merged: Those who became somebody else.
        late: Contacts who are marked because the lead was they came from.
    """

    desk: Desk
    there: frozenset[str]
    merged: Merged
    late: set[str] = field(default_factory=set)

    def marks(self, of: str, row: Row) -> bool:
        """Say whether somebody is marked: now, or before the field went or they were merged."""
        memory, person = self.desk.memory, row["Id"]
        said = self._said(of, row)
        if said is not None:
            marked = memory.do_not_ask = memory.do_not_ask or set()
            if said:
                marked.add(person)
            else:
                marked.discard(person)
        own = not {person, f"{VIA_LEAD}{person}"}.isdisjoint(memory.do_not_ask or ())
        return self.merged.holds("mark", person, own=said) or own

    def marked(self, of: str, row: Row) -> bool:
        """Say whether the record itself is marked: now, or before the field went."""
        said = self._said(of, row)
        return row["Id"] in (self.desk.memory.do_not_ask or ()) if said is None else said

    def converted(self, of: str, row: Row, now: str) -> None:
        """Keep the mark of a lead for the contact it became.

        Converting a lead leaves its field behind unless an admin mapped it, so the lead's own goes
        on to count.
        """
        memory, is_marked = self.desk.memory, self.marked(of, row)
        marked = memory.do_not_ask
        if marked is None:
            return
        if self._said(of, row) is not None:
            marked.discard(row["Id"])
            marked.discard(f"{VIA_LEAD}{now}")
        if is_marked:
            marked.add(f"{VIA_LEAD}{now}")
            self.late.add(now)

    def tell(self, sink: Sink) -> None:
        """Say, with each pull, that the field is gone."""
        marked = self.desk.memory.do_not_ask
        lost = [of for of in PEOPLE if of not in self.there and self.desk.sees_people(of)]
        if lost and marked is not None:
            text = f"{' and '.join(lost)} have no checkbox '{LABEL}' that the integration user "
            text += f"sees. Those who were marked before ({len(marked):,}) are still not asked; "
            sink.notice("do not ask", f"{text}nobody else can be marked there. {BACK}")

    def _said(self, of: str, row: Row) -> bool | None:
        """Return what the field says; None where it cannot be seen, or is no checkbox."""
        return _SAYS.get(row.get(DO_NOT_ASK, "").lower()) if of in self.there else None


def do_not_ask(desk: Desk, merged: Merged) -> DoNotAsk:
    """Return how marks are read.

    Raises:
        SourceError: The field was removed, and nobody remembers who was marked.
    """
    there = frozenset(of for of in PEOPLE if _is_checkbox(desk, of))
    if not there and desk.memory.do_not_ask is None and desk.fields:
        msg = f"Salesforce shows no checkbox '{LABEL}' any more, and with it went who was marked."
        raise SourceError(msg, hint=BACK)
    if there and desk.memory.do_not_ask is None:
        desk.memory.do_not_ask = set()
    return DoNotAsk(desk, there, merged)


def _is_checkbox(desk: Desk, of: str) -> bool:
    """Say whether the field can be read; it need not be ours to write."""
    seen = desk.described(of).get(DO_NOT_ASK)
    return seen is not None and seen.type in TYPES[FIELD.type]
