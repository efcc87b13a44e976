"""The mark on each of our tasks and notes: which play and run made it, and what its words were.

It stands in a property of ours, or where a portal lets us have none, as the last line of the text.
"""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass, fields, replace
from datetime import date
from urllib.parse import quote, unquote

_MARK = re.compile(r"\bgoodword ([0-9a-f]{8,64})((?: [a-z]+=[^\s<>]*)+)")
_LIKE_A_MARK = re.compile(r"\bgoodword(?=\s+[0-9a-f]{8})")
_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li)[^>]*>", re.IGNORECASE)
LONGEST = 65_000
"""Characters of one text; HubSpot takes 65,536, and the mark needs room."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What goodword must know of a task or note of its own.

    Args:
        key: Our key.
        contact: Contact it is about.
        play: Play that made it, or kind of activity of a note.
        cycle: What set it off.
        run: Run that wrote it.
        words: Digest of the words as we wrote them, to notice a person's hand.
        asks: "1" where it asks for a referral.
        closed: expired or withdrawn, where we closed it; empty else.
    """

    key: str
    contact: str
    play: str
    cycle: str = ""
    run: str = ""
    words: str = ""
    asks: str = ""
    closed: str = ""

    @property
    def text(self) -> str:
        """The mark as it is stored: words by themselves, so that HubSpot's search finds the key."""
        names = (each.name for each in fields(self) if each.name != "key")
        parts = (f"{name}={quote(getattr(self, name), safe='')}" for name in names)
        return f"goodword {self.key} {' '.join(parts)}"

    def closing(self, state: str, words: str) -> Mark:
        """Return the mark of a task that we closed."""
        return replace(self, closed=state, words=words)


def mark_in(text: str | None) -> Mark | None:
    """Return the mark in a property or a body, or None; of several the last one, as we write it."""
    found = list(_MARK.finditer(html.unescape(_TAG.sub(" ", text)))) if text else []
    if not found:
        return None
    pairs = (part.split("=", 1) for part in found[-1].group(2).split())
    known = {each.name for each in fields(Mark)} - {"key"}
    values = {name: unquote(value) for name, value in pairs if name in known}
    if not (values.get("contact") and values.get("play")):
        return None
    return Mark(found[-1].group(1), **values)


def as_html(text: str) -> str:
    """Return plain words as HubSpot shows them, with nothing in them that could run.

    Nor is anything in them a mark: a name or a word of a customer's could be made to look like one.
    What HubSpot would not take is cut; it counts as most programs do, an emoji as two.
    """
    room, whole = LONGEST, []
    for sign in _LIKE_A_MARK.sub("goodword:", text):
        shown = "<br>" if sign == "\n" else html.escape(sign, quote=False)
        room -= len(shown) + (sign > "\uffff")
        if room < 0:
            break
        whole.append(shown)
    return "".join(whole)


def as_plain(text: str | None) -> str:
    """Return what a person reads in a text of HubSpot, without our mark."""
    plain = html.unescape(_TAG.sub(" ", _BREAK.sub("\n", text or "")))
    return _MARK.sub("", plain)


def with_mark(body: str, mark: Mark) -> str:
    """Return a text of HubSpot with the mark as its last line."""
    return f"{body} <br> <br> {mark.text}"


def words_of(subject: str | None, body: str | None, due: date | None) -> str:
    """Return the digest of what a rep could change: subject, words and day, white space aside.

    Args:
        subject: Subject line.
        body: Text as HubSpot has it, with or without the mark.
        due: Day it is due, where the portal is.
    """
    plain = " ".join(f"{html.unescape(subject or '')} {as_plain(body)}".split())
    return hashlib.sha256(f"{plain}|{due or ''}".encode()).hexdigest()[:12]
