"""What both rivals leave to plain Python: giving out tasks one by one until every week is full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

CAP = 5
"""Open tasks of a rep."""
TIERS = {"fast_lane": 0, "thank_you": 0, "recover": 1, "ask": 2, "warm_up": 3, "quiet": 4}

Candidate = tuple[str, str, str, str | None, str | None]
"""Contact, play, cycle, rep and company; in the order to be served."""
Open = tuple[str, str, str | None, str | None]
"""Contact, play, rep and company of a task that stays open."""


def walk(candidates: Iterable[Candidate], open_tasks: Iterable[Open]) -> list[tuple[str, ...]]:
    """Return ``rank, contact, play, cycle, rep`` of everybody who gets a task."""
    load: Counter[str | None] = Counter()
    busy: set[str] = set()
    called: set[str] = set()
    asked: set[str] = set()
    for contact, play, rep, company in open_tasks:
        load[rep] += 1
        called.add(contact)
        if TIERS[play] > 0:
            busy.add(contact)
        if play == "ask" and company is not None:
            asked.add(company)
    given: list[tuple[str, ...]] = []
    for contact, play, cycle, rep, company in candidates:
        tier = TIERS[play]
        if tier > 0 and contact in busy:
            continue
        if tier > 1 and play != "ask" and contact in called:
            continue
        if (play == "ask" and company in asked) or load[rep] >= CAP:
            continue
        load[rep] += 1
        called.add(contact)
        if tier > 0:
            busy.add(contact)
        if play == "ask" and company is not None:
            asked.add(company)
        given.append((len(given) + 1, contact, play, cycle, rep))  # type: ignore[arg-type]  # a rank
    return given
