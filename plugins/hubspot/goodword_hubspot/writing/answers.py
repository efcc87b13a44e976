"""Answers that counted for a task: emptied with the next write about the contact.

An answer that counted for none stays where it is.
HubSpot keeps the history, so nothing is lost; emptying lets a rep choose the same answer again.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from goodword_hubspot.seam.objects import Input, update
from goodword_hubspot.writing.batches import sent

if TYPE_CHECKING:
    from goodword_hubspot.desk import Desk


def empty_answers(desk: Desk, contacts: Collection[str]) -> None:
    """Empty the answers on those of the contacts whose answer was counted."""
    empty = dict.fromkeys(desk.answers, "")
    read = sorted(desk.memory.answered & set(contacts))
    if not read or not empty:
        return
    inputs = [Input(properties=empty, id=each, trace=f"answer-{each}") for each in read]
    sent(inputs, lambda part: update(desk.portal, "contacts", part))
    desk.memory.answered -= set(read)
