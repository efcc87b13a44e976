"""What connectors remember and no host does: where it was damaged or lost, that is told, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword_salesforce.memory import COPY, FILE

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.memory import Memory


def tell_lost(memory: Memory, sink: Sink, *, known: bool) -> None:
    """Say that what was remembered is damaged or lost, and what may be lost with it.

    Args:
        memory: What is remembered.
        sink: Where it is told.
        known: The org was read before, so that there was something to be remembered.
    """
    if memory.complete or not (known or memory.copied):
        return
    text = f"{FILE} in the state folder was damaged or lost, so everything was read anew. "
    if memory.copied:
        text += f"What it remembered was taken from its copy, {COPY}; of the last run, something "
        text += "may be missing."
    else:
        text += "Lost with it are refusals of people who were merged or converted, and whose former"
        text += " record is in no recycle bin any more. Where you know of some, tick 'Do not ask "
        text += "for referrals' on who is left, or bring the file back from a backup."
    sink.notice("memory", text)
