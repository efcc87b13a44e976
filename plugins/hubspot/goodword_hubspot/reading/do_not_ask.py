"""Who must not be asked: read from our property, and remembered in case it is archived.

HubSpot leaves out of its answers what was archived, as if nobody had ever been marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodword import SourceError
from goodword_hubspot.names import CONTACT_PROPERTY, DO_NOT_ASK
from goodword_hubspot.reading.merges import merged_ids
from goodword_hubspot.reading.values import true_of

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_hubspot.desk import Desk
    from goodword_hubspot.seam.records import Record

LABEL = CONTACT_PROPERTY[DO_NOT_ASK].label
BACK = "Bring it back, with its marks: goodword install hubspot --apply"


@dataclass(slots=True)
class DoNotAsk:
    """The marks of one pull.

    Args:
        desk: The portal.
        there: The portal has the property.
        looked: Whether it is there was looked up during this pull, because a mark was gone.
    """

    desk: Desk
    there: bool
    looked: bool = False

    def marks(self, record: Record) -> bool:
        """Say whether a contact is marked: now, or before the property went."""
        memory, ids = self.desk.memory, {record.id, *merged_ids(record)}
        before = not ids.isdisjoint(memory.do_not_ask or ())
        if not self.there:
            return before
        value = record.get(DO_NOT_ASK)
        if before and value is None and not self.looked:
            self.looked = True
            self.there = DO_NOT_ASK in self.desk.define_again("contacts")
            if not self.there:
                return True
        marked = memory.do_not_ask = memory.do_not_ask or set()
        marked -= ids
        if true_of(value):
            marked.add(record.id)
        return record.id in marked

    def tell(self, sink: Sink) -> None:
        """Say, with each pull, that the property is gone."""
        memory = self.desk.memory
        if self.there or memory.do_not_ask is None:
            return
        text = f"HubSpot has no property '{LABEL}' any more. Contacts that were marked before "
        text += f"({len(memory.do_not_ask):,}) are still not asked; nobody else can be marked."
        sink.notice("do not ask", f"{text} {BACK}")


def marks_are_known(desk: Desk) -> bool:
    """Say whether it is remembered who was marked; else everybody has to be read once."""
    return desk.memory.do_not_ask is not None or DO_NOT_ASK not in desk.defined("contacts")


def do_not_ask(desk: Desk) -> DoNotAsk:
    """Return how marks are read.

    Raises:
        SourceError: The property was archived, and nobody remembers who was marked.
    """
    there = DO_NOT_ASK in desk.defined("contacts")
    if not there and desk.memory.do_not_ask is None and desk.ours:
        there = DO_NOT_ASK in desk.define_again("contacts")
        if not there:
            msg = f"HubSpot has no property '{LABEL}' any more, and with it went who was marked."
            raise SourceError(msg, hint=BACK)
    if there and desk.memory.do_not_ask is None:
        desk.memory.do_not_ask = set()
    return DoNotAsk(desk, there)
