"""The mark on each of our tasks: which play and run made it, and what its words were.

It stands in a field of ours that holds 255 characters. The key has a field of its own, and the
contact is the one the task is with, so that merging contacts takes the task along.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date

LONGEST = 255
"""Characters of the field."""
_FORM = "1"
_DIGEST = 12
_PARTS = 7


@dataclass(frozen=True, slots=True)
class Mark:
    """What goodword must know of a task of its own.

    Args:
        play: Play that made it.
        cycle: What set it off.
        run: Run that wrote it.
        words: Digest of the words as we wrote them, to notice a person's hand.
        asks: "1" where it asks for a referral.
        closed: expired or withdrawn, where we closed it; empty else.
    """

    play: str
    cycle: str = ""
    run: str = ""
    words: str = ""
    asks: str = ""
    closed: str = ""

    @property
    def text(self) -> str:
        """The mark as it is stored; what set it off is shortened where it is too long."""
        rest = (self.play, self.run, self.words, self.asks, self.closed)
        room = LONGEST - len(_FORM) - (_PARTS - 1) - sum(len(_escaped(each)) for each in rest)
        parts = (_FORM, self.play, _fitting(self.cycle, room), *rest[1:])
        return "|".join(map(_escaped, parts))

    def closing(self, state: str, words: str) -> Mark:
        """Return the mark of a task that we closed."""
        return replace(self, closed=state, words=words)


def mark_in(text: str | None) -> Mark | None:
    """Return the mark in a text, or None where there is none."""
    parts = (text or "").split("|")
    if len(parts) != _PARTS or parts[0] != _FORM:
        return None
    play, *rest = (_plain(part) for part in parts[1:])
    return Mark(play, *rest) if play else None


def words_of(subject: str | None, description: str | None, due: date | None) -> str:
    """Return the digest of what a rep could change: subject, words and day, white space aside.

    Args:
        subject: Subject line.
        description: Text as Salesforce has it.
        due: Day it is due.
    """
    plain = " ".join(f"{subject or ''} {description or ''}".split())
    return hashlib.sha256(f"{plain}|{due or ''}".encode()).hexdigest()[:_DIGEST]


def _fitting(text: str, room: int) -> str:
    """Return a text that has room once it is escaped; a digest tells long ones apart."""
    if len(_escaped(text)) <= room:
        return text
    digest = "~" + hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]
    kept = text[: max(0, room - len(digest))]
    while kept and len(_escaped(kept)) + len(digest) > room:
        kept = kept[:-1]
    return kept + digest


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("|", "%7C").replace("\n", "%0A")


def _plain(text: str) -> str:
    return text.replace("%0A", "\n").replace("%7C", "|").replace("%25", "%")
