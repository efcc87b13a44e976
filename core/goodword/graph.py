"""The referral graph: who sent whom, as a forest, and which claims a person should look at.

One referrer a person, the earliest claim wins; whatever would break the order of time, close a
ring, or is somebody sending themselves is set aside with its reason and kept as evidence. So every
walk ends, every person stands in exactly one tree, and no referral is credited twice. The order in
which claims are given does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

BURST, BURST_WITHIN = 5, timedelta(days=7)
"""More referrals than this by one person in so short a time are worth a look (convention)."""
PUBLIC_MAIL = frozenset(
    (
        *("163.com", "aol.com", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com"),
        *("hotmail.com", "icloud.com", "live.com", "mail.com", "mail.ru", "me.com", "msn.com"),
        *("outlook.com", "proton.me", "protonmail.com", "qq.com", "web.de", "yahoo.com"),
        *("yandex.ru", "zoho.com"),
    )
)
"""Mail hosts whose customers do not know each other."""

LINK = "link"
"""Source of a claim that rests on a click and not on somebody's word."""

Reason = Literal["self", "same_person", "later", "order", "ring", "late", "cold"]
Doubt = Literal["same_domain", "burst"]


@dataclass(frozen=True, slots=True)
class Windows:
    """Days within which what follows is still the doing of a referral.

    ``link``: from a click to the first meeting or purchase. ``meeting``: from a good word to the
    first meeting. ``purchase``: from either to the first purchase.
    """

    link: int = 30
    meeting: int = 90
    purchase: int = 365


@dataclass(frozen=True, slots=True)
class Person:
    """What tells people apart, or does not; ``since`` is the first purchase."""

    email: str = ""
    phone: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One claim that *referrer* sent *referred*; a claim without a date comes after all others."""

    id: str
    referrer: str
    referred: str
    at: datetime | None = None
    won_at: datetime | None = None
    met_at: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A claim that is no part of the forest, with the reason."""

    link: Link
    reason: Reason


@dataclass(frozen=True, slots=True)
class Flagged:
    """A claim that counts, but that a person should look at."""

    link: Link
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Forest:
    """The claims that count, those set aside as evidence, and those to review."""

    links: tuple[Link, ...]
    set_aside: tuple[SetAside, ...]
    review: tuple[Flagged, ...]


USUAL_WINDOWS = Windows()


def forest(
    links: Iterable[Link],
    people: Mapping[str, Person] | None = None,
    windows: Windows = USUAL_WINDOWS,
) -> Forest:
    """Return the forest of *links*: earliest first, ties by id.

    Args:
        links: Every claim.
        people: What is known of the people in them; nobody needs to be there.
        windows: How long a referral is given credit for.
    """
    known, nobody = people or {}, Person()
    kept: list[Link] = []
    aside: list[SetAside] = []
    parent: dict[str, str] = {}
    for link in sorted(links, key=lambda one: (one.at or datetime.max, one.id)):
        referrer = known.get(link.referrer, nobody)
        reason = _against(link, referrer, known.get(link.referred, nobody), parent, windows)
        if reason is None:
            parent[link.referred] = link.referrer
            kept.append(link)
        else:
            aside.append(SetAside(link, reason))
    return Forest(tuple(kept), tuple(aside), tuple(_doubts(kept, known)))


def _against(
    link: Link, referrer: Person, referred: Person, parent: Mapping[str, str], windows: Windows
) -> Reason | None:
    """Return what speaks against a claim, or None."""
    if link.referrer == link.referred:
        return "self"
    if _same(referrer, referred):
        return "same_person"
    if link.referred in parent:
        return "later"
    if link.at is not None:
        day = link.at.date()
        if referred.since is not None and referred.since.date() < day:
            return "order"
        if referrer.since is not None and referrer.since.date() > day:
            return "order"
        missed = _missed(link, link.at, link.won_at or referred.since, windows)
        if missed is not None:
            return missed
    return "ring" if _is_above(link.referred, link.referrer, parent) else None


def _missed(link: Link, at: datetime, bought: datetime | None, windows: Windows) -> Reason | None:
    """Return which window a claim of the time *at* missed, or None."""
    met = link.met_at
    if link.source == LINK:
        came = min((moment for moment in (met, bought) if moment is not None), default=None)
        if came is not None and came - at > timedelta(days=windows.link):
            return "cold"
    elif met is not None and met - at > timedelta(days=windows.meeting):
        return "cold"
    if bought is not None and bought - at > timedelta(days=windows.purchase):
        return "late"
    return None


def _same(one: Person, other: Person) -> bool:
    """Say whether two records are one person: the same mailbox or the same telephone."""
    mail = plain_address(one.email)
    return bool(mail and mail == plain_address(other.email)) or bool(
        one.phone and one.phone == other.phone
    )


def plain_address(email: str) -> str:
    """Return the mailbox an address leads to: lower case, without a ``+tag``."""
    name, at, host = email.strip().lower().partition("@")
    return f"{name.partition('+')[0]}@{host}" if at and name and host else ""


def _is_above(person: str, other: str, parent: Mapping[str, str]) -> bool:
    """Say whether *person* is an ancestor of *other*."""
    while other in parent:
        other = parent[other]
        if other == person:
            return True
    return False


def _doubts(kept: Iterable[Link], people: Mapping[str, Person]) -> Iterable[Flagged]:
    """Yield claims a person should look at: within one company, or many at once."""
    recent: dict[str, list[datetime]] = defaultdict(list)
    for link in kept:
        if _company(people, link.referrer) & _company(people, link.referred):
            yield Flagged(link, "same_domain")
        if link.at is None:
            continue
        times = recent[link.referrer]
        times.append(link.at)
        if sum(link.at - at < BURST_WITHIN for at in times) > BURST:
            yield Flagged(link, "burst")


def _company(people: Mapping[str, Person], person: str) -> frozenset[str]:
    """Return the mail host of a person, where it is a company's."""
    host = plain_address(people.get(person, Person()).email).partition("@")[2]
    return frozenset({host} - PUBLIC_MAIL - {""})
