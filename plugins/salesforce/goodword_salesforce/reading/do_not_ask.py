"""Who must not be asked: read from our field, and remembered in case the field is removed.

An org that lost the field looks as if nobody had ever been marked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from goodword import SourceError
from goodword_salesforce.memory import VIA_LEAD
from goodword_salesforce.names import DO_NOT_ASK, FIELDS, PEOPLE
from goodword_salesforce.seam.values import Row, is_true

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk

LABEL = next(each.label for each in FIELDS if each.name == DO_NOT_ASK)
BACK = (
    "Bring the field back from Setup > Object Manager > Fields > Deleted Fields, or grant it to "
    "the integration user; where it is gone for good: goodword install salesforce --apply"
)


@dataclass(slots=True)
class DoNotAsk:
    """The marks of one pull.

    Args:
        desk: The org.
        there: Objects of people on which the field can be seen.
        late: Contacts who are marked because the lead was they came from.
    """

    desk: Desk
    there: frozenset[str]
    late: set[str] = field(default_factory=set)

    def marks(self, of: str, row: Row) -> bool:
        """Say whether somebody is marked: now, or before the field went."""
        memory, person = self.desk.memory, row["Id"]
        if of not in self.there:
            return not {person, f"{VIA_LEAD}{person}"}.isdisjoint(memory.do_not_ask or ())
        marked = memory.do_not_ask = memory.do_not_ask or set()
        if is_true(row, DO_NOT_ASK):
            marked.add(person)
        else:
            marked.discard(person)
        return not {person, f"{VIA_LEAD}{person}"}.isdisjoint(marked)

    def became(self, of: str, row: Row, now: str) -> None:
        """Keep the mark of somebody who was merged or converted into somebody else.

        The field of who is left speaks for a merge, where it is there. Converting a lead leaves its
        field behind unless an admin mapped it, so the lead's own goes on to count.
        """
        marked = self.desk.memory.do_not_ask
        if marked is None:
            return
        if of not in self.there and row["Id"] in marked:
            marked.add(now)
        elif is_true(row, "IsConverted"):
            marked.discard(row["Id"])
            marked.discard(f"{VIA_LEAD}{now}")
            if is_true(row, DO_NOT_ASK):
                marked.add(f"{VIA_LEAD}{now}")
                self.late.add(now)

    def tell(self, sink: Sink) -> None:
        """Say, with each pull, that the field is gone."""
        marked = self.desk.memory.do_not_ask
        lost = [of for of in PEOPLE if of not in self.there and self.desk.sees_people(of)]
        if lost and marked is not None:
            text = f"{' and '.join(lost)} have no field '{LABEL}' that the integration user sees. "
            text += f"Those who were marked before ({len(marked):,}) are still not asked; nobody "
            sink.notice("do not ask", f"{text}else can be marked there. {BACK}")


def do_not_ask(desk: Desk) -> DoNotAsk:
    """Return how marks are read.

    Raises:
        SourceError: The field was removed, and nobody remembers who was marked.
    """
    there = frozenset(of for of in PEOPLE if desk.has(of, DO_NOT_ASK))
    if not there and desk.memory.do_not_ask is None and desk.fields:
        msg = f"Salesforce shows no field '{LABEL}' any more, and with it went who was marked."
        raise SourceError(msg, hint=BACK)
    if there and desk.memory.do_not_ask is None:
        desk.memory.do_not_ask = set()
    return DoNotAsk(desk, there)
