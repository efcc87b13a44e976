"""An invented firm's portal, the same for the same seed and clock: about sixty contacts.

Everything is dated back from the portal's present, so the firm is always in full swing. There
are repeat buyers, new customers, open deals, unhappy ones with a ticket, people who opted out or
bounced, people without an e-mail address, a deactivated owner, a queue, and a merged contact.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from goodword_hubspot.fake.merging import merge
from goodword_hubspot.fake.object_types import (
    CALLS,
    COMPANIES,
    CONTACTS,
    DEALS,
    EMAILS,
    FEEDBACK,
    MEETINGS,
    TICKETS,
    ObjectType,
)
from goodword_hubspot.fake.owners import Owner
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.records import Wanted, make
from goodword_hubspot.fake.store import Record
from goodword_hubspot.fake.times import DAY, as_stamp

FIRST = (
    *("Amara", "Bram", "Cleo", "Dara", "Edda", "Finn", "Greta", "Hamid", "Ines", "Jonas"),
    *("Kofi", "Lena", "Mirek", "Nadia", "Oskar", "Priya", "Quinn", "Rosa", "Sven", "Tilda"),
)
LAST = (
    *("Ashdown", "Birchall", "Cardew", "Dunmore", "Ellery", "Farrant", "Garrick", "Holloway"),
    *("Ingleby", "Jessop", "Kerswell", "Lorimer", "Maddern", "Northcote", "Ormerod", "Penrose"),
)
FIRMS = ("Tidewater Bakery", "Copperfield Dental", "Larch & Lowe", "Millrace Brewing")
JOBS = ("Solar roof", "Battery", "Heat pump", "Wall charger", "Yearly service")
TOWNS = ("Falmouth", "Truro", "Penryn", "Redruth")
DOMAIN = "customers.example"

LIVE_OWNERS = (51, 52, 53)
ARCHIVED_OWNER = 54
QUEUE = 55


@dataclass(frozen=True, slots=True)
class Story:
    """What a group of contacts has in common.

    Args:
        count: How many there are.
        won: Days since each won deal.
        open: Whether they have an open deal.
        score: What they answered to "how likely are you to recommend us", if they were asked.
        talk: Days since somebody last spoke to them; 0 for never.
        ticket: ``open`` or ``closed`` if they have one.
        extra: Further contact properties.
    """

    count: int
    won: tuple[int, ...] = ()
    open: bool = False
    score: int | None = None
    talk: int = 0
    ticket: str = ""
    extra: tuple[tuple[str, str], ...] = ()


STORIES = (
    Story(8, (700, 240, 60), score=10, talk=20),
    Story(7, (500, 90), score=9, talk=35, ticket="closed"),
    Story(9, (150,), score=9, talk=60),
    Story(6, (110,), score=8, talk=45),
    Story(6, (9,), talk=8),
    Story(7, open=True, talk=5),
    Story(3, (130,), score=3, talk=30),
    Story(3, (80,), score=9, talk=25, ticket="open"),
    Story(2, (200, 60), score=10, talk=20, extra=(("hs_email_optout", "true"),)),
    Story(1, (120,), score=9, talk=40, extra=(("hs_email_hard_bounce_reason_enum", "OTHER"),)),
    Story(3, (1400,), talk=900),
    Story(3, extra=(("email", ""),)),
    Story(2, (160,), score=9, talk=50, extra=(("hubspot_owner_id", str(ARCHIVED_OWNER)),)),
)


def fill(portal: Portal, seed: int = 7) -> None:
    """Fill *portal* with the invented firm."""
    chance = Random(seed)  # noqa: S311  # a sample, nothing secret
    now = portal.now()
    for owner in _owners(now):
        portal.owners.put(owner)
    firms = [_make(portal, COMPANIES, {"name": name}, now - 900 * DAY) for name in FIRMS]
    names = [(first, last) for last in LAST for first in FIRST]
    chance.shuffle(names)
    for story in STORIES:
        for _ in range(story.count):
            _tell(portal, story, names.pop(), chance, firms)
    _merge_a_double(portal, names.pop(), now)


def _owners(now: int) -> list[Owner]:
    since = now - 1500 * DAY
    people = [
        Owner(51, 8101, "morwenna.hale@brightroof.example", "Morwenna", "Hale", since=since),
        Owner(52, 8102, "idris.quill@brightroof.example", "Idris", "Quill", since=since),
        Owner(53, 8103, "saskia.thorne@brightroof.example", "Saskia", "Thorne", since=since),
        Owner(54, 8104, "piers.dacre@brightroof.example", "Piers", "Dacre", since=since),
        Owner(55, 8105, "desk@brightroof.example", "Front", "Desk", "QUEUE", since=since),
    ]
    people[3].archived = True
    return people


def _tell(
    portal: Portal, story: Story, name: tuple[str, str], chance: Random, firms: list[Record]
) -> None:
    now = portal.now()
    first, last = name
    begun = max((*story.won, 30)) + 40
    values = {
        "firstname": first,
        "lastname": last,
        "email": f"{first}.{last}@{DOMAIN}".lower(),
        "phone": f"01632 96{chance.randint(0, 9999):04d}",
        "city": chance.choice(TOWNS),
        "hubspot_owner_id": str(chance.choice(LIVE_OWNERS)),
        "lifecyclestage": "customer" if story.won else "opportunity" if story.open else "lead",
        "hs_language": "en-gb",
        **dict(story.extra),
    }
    contact = _make(portal, CONTACTS, values, now - begun * DAY)
    if chance.random() < 0.25:
        firm = chance.choice(firms)
        portal.links.put(
            CONTACTS, contact.id, COMPANIES, firm.id, portal.links.types.plain(CONTACTS, COMPANIES)
        )
    for days in story.won:
        _deal(portal, contact, chance, days + chance.randint(0, 6), "closedwon")
    if story.open:
        _deal(portal, contact, chance, 0, "qualifiedtobuy")
    if story.talk:
        _talk(portal, contact, chance, story.talk + chance.randint(0, 5))
    if story.score is not None:
        _survey(portal, contact, story.score, min(story.won, default=30))
    if story.ticket:
        _ticket(portal, contact, closed=story.ticket == "closed")


def _deal(portal: Portal, contact: Record, chance: Random, days: int, stage: str) -> None:
    closed = portal.now() - days * DAY if days else portal.now() + 20 * DAY
    values = {
        "dealname": f"{chance.choice(JOBS)}, {contact.properties['lastname']}",
        "amount": str(chance.randint(6, 90) * 100),
        "dealstage": stage,
        "closedate": as_stamp(closed),
        "deal_currency_code": "EUR" if chance.random() < 0.1 else "GBP",
        "hubspot_owner_id": contact.properties["hubspot_owner_id"],
    }
    _make(portal, DEALS, values, min(closed, portal.now()) - 30 * DAY, contact)


def _talk(portal: Portal, contact: Record, chance: Random, days: int) -> None:
    at = portal.now() - days * DAY
    kind, title = chance.choice(
        [(CALLS, "hs_call_title"), (MEETINGS, "hs_meeting_title"), (EMAILS, "hs_email_subject")]
    )
    values = {
        title: "How is it going?",
        "hs_timestamp": as_stamp(at),
        "hubspot_owner_id": contact.properties["hubspot_owner_id"],
    }
    _make(portal, kind, values, at, contact)


def _survey(portal: Portal, contact: Record, score: int, days: int) -> None:
    at = portal.now() - max(days - 20, 3) * DAY
    group = "PROMOTER" if score > 8 else "PASSIVE" if score > 6 else "DETRACTOR"
    values = {
        "hs_survey_type": "NPS",
        "hs_value": str(score),
        "hs_response_group": group,
        "hs_submission_timestamp": as_stamp(at),
        "hs_survey_name": "After the job",
    }
    _make(portal, FEEDBACK, values, at, contact)


def _ticket(portal: Portal, contact: Record, *, closed: bool) -> None:
    at = portal.now() - (70 if closed else 6) * DAY
    values = {
        "subject": "The app shows no power",
        "hs_pipeline": "0",
        "hs_pipeline_stage": "4" if closed else "3",
        "hs_ticket_priority": "LOW" if closed else "HIGH",
        "hubspot_owner_id": contact.properties["hubspot_owner_id"],
    }
    if closed:
        values["closed_date"] = as_stamp(at + 2 * DAY)
    _make(portal, TICKETS, values, at, contact)


def _merge_a_double(portal: Portal, name: tuple[str, str], now: int) -> None:
    """Let the same person have been entered twice, with a deal each, and merged last month."""
    first, last = name
    doubles = []
    for address, days in (("home", 400), ("work", 300)):
        values = {
            "firstname": first,
            "lastname": last,
            "email": f"{first}.{last}.{address}@{DOMAIN}".lower(),
            "hubspot_owner_id": str(LIVE_OWNERS[0]),
            "lifecyclestage": "customer",
        }
        one = _make(portal, CONTACTS, values, now - days * DAY)
        _deal(portal, one, Random(days), days - 100, "closedwon")  # noqa: S311  # a sample
        doubles.append(one)
    merge(portal, CONTACTS, *doubles, at=now - 30 * DAY)


def _make(
    portal: Portal,
    kind: ObjectType,
    values: dict[str, str],
    at: int,
    contact: Record | None = None,
) -> Record:
    links = []
    if contact is not None:
        links = [Wanted(CONTACTS, contact.id, portal.links.types.plain(kind, CONTACTS))]
    return make(portal, kind, values, links, source="CRM_UI", at=at)
