"""What reps answered on the contact, with the history of the property: each answer counts once.

An answer belongs to the latest ask that was there when it was given; the last answer to an ask
counts. So reading again gives the same, whether or not the property was emptied since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from goodword_hubspot.marks import Mark
from goodword_hubspot.names import LATER, NAME, OUTCOME
from goodword_hubspot.seam.records import Record, Stamp, time_of

WORDS: Mapping[str, str] = {
    "yes": "yes",
    "later": "later",
    "no": "no",
    "never": "never",
    "wrong_person": "wrong person",
    "unhappy": "unhappy",
    "no_answer": "no answer",
}
"""Internal value of our outcome property to goodword's own word."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One of our tasks that asks for a referral: its mark, and when it was made."""

    mark: Mark
    made: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to an ask."""

    outcome: str
    at: datetime
    later: datetime | None = None
    name: str | None = None


def answers_of(contact: Record, asks: Iterable[Ask]) -> dict[str, Given]:
    """Return the answer to each ask of one contact, by key.

    Args:
        contact: The contact, read with the history of our answer properties.
        asks: Every ask about this contact.
    """
    ordered = sorted((ask for ask in asks if ask.mark.asks), key=lambda ask: ask.made)
    found: dict[str, Given] = {}
    for place, ask in enumerate(ordered):
        end = ordered[place + 1].made if place + 1 < len(ordered) else None
        stamps = _within(contact.history.get(OUTCOME, ()), ask.made, end)
        stamp = next((each for each in stamps if each.value in WORDS), None)
        if stamp is None:
            continue
        word = WORDS[stamp.value]
        later = _first(_within(contact.history.get(LATER, ()), ask.made, end))
        name = _first(_within(contact.history.get(NAME, ()), ask.made, end))
        found[ask.mark.key] = Given(
            word,
            stamp.at,
            time_of(later) if word == "later" else None,
            name if word == "yes" else None,
        )
    return found


def _within(stamps: Sequence[Stamp], start: datetime, end: datetime | None) -> list[Stamp]:
    """Return the stamps from *start* to before *end*, newest first."""
    return [s for s in stamps if s.at >= start and (end is None or s.at < end)]


def _first(stamps: Iterable[Stamp]) -> str | None:
    """Return the newest value that is not empty."""
    return next((stamp.value for stamp in stamps if stamp.value), None)
