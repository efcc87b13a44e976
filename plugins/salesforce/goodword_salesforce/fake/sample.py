"""An invented firm's org, the same for the same seed and clock: about sixty people.

Everything is dated back from the org's present, so the firm is always in full swing. There are
repeat buyers, new customers, open deals, unhappy ones with a case, people who opted out or
bounced, private customers, leads, a converted lead, an inactive owner, and a merged contact.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from goodword_salesforce.fake import by_hand
from goodword_salesforce.fake.answers import Value
from goodword_salesforce.fake.new_org import add_user
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.times import DAY, as_day

FIRST = (
    *("Alba", "Benno", "Carys", "Dov", "Esme", "Faro", "Gwen", "Hugo", "Isla", "Jory"),
    *("Keira", "Lowen", "Mabyn", "Nils", "Orla", "Pasco", "Rhian", "Silas", "Tamsin", "Wilf"),
)
LAST = (
    *("Angove", "Bolitho", "Chenoweth", "Dyer", "Eddy", "Fallow", "Gilbert", "Hocking"),
    *("Isbell", "Jewell", "Kitto", "Lanyon", "Moyle", "Nance", "Odgers", "Pascoe"),
)
FIRMS = ("Harbour Light Hotel", "Polmear Joinery", "Wren & Sons", "Gullrock Coffee")
JOBS = ("Solar roof", "Battery", "Heat pump", "Wall charger", "Yearly service")
TOWNS = ("Falmouth", "Truro", "Penryn", "Redruth")
DOMAIN = "people.example"
REPS = (
    ("merryn.vale@brightroof.example", "Merryn", "Vale"),
    ("caspian.reed@brightroof.example", "Caspian", "Reed"),
    ("odette.frost@brightroof.example", "Odette", "Frost"),
)
FORMER = ("lorne.mast@brightroof.example", "Lorne", "Mast")


@dataclass(frozen=True, slots=True)
class Story:
    """What a group of contacts has in common.

    Args:
        count: How many there are.
        won: Days since each deal that was won.
        open: Whether they have an open deal.
        talk: Days since somebody last spoke to them; 0 for never.
        case: ``open`` or ``closed`` if they have one.
        private: Whether they are a person account rather than somebody at a firm.
        former: Whether their owner has left.
        roles: Whether they have a role in their deals; else only their account does.
        extra: Further fields of the contact.
    """

    count: int
    won: tuple[int, ...] = ()
    open: bool = False
    talk: int = 0
    case: str = ""
    private: bool = False
    former: bool = False
    roles: bool = True
    extra: tuple[tuple[str, Value], ...] = ()


STORIES = (
    Story(8, (700, 240, 60), talk=20),
    Story(7, (500, 90), talk=35, case="closed", private=True),
    Story(9, (150,), talk=60, private=True),
    Story(6, (110,), talk=45),
    Story(6, (9,), talk=8),
    Story(6, open=True, talk=5),
    Story(3, (130,), talk=30, case="closed", roles=False),
    Story(3, (80,), talk=25, case="open"),
    Story(2, (200, 60), talk=20, extra=(("HasOptedOutOfEmail", True),)),
    Story(1, (120,), talk=40, extra=(("EmailBouncedReason", "550 no such user"),)),
    Story(3, (1400,), talk=900),
    Story(2, extra=(("Email", None),)),
    Story(2, (160,), talk=50, former=True),
)
LEADS = 6


def fill(org: Org, seed: int = 7) -> None:
    """Fill *org* with the invented firm."""
    chance = Random(seed)  # noqa: S311  # a sample, nothing secret
    reps = [add_user(org, *rep) for rep in REPS]
    former = add_user(org, *FORMER)
    firms = [_firm(org, name, chance.choice(reps)) for name in FIRMS]
    names = [(first, last) for last in LAST for first in FIRST]
    chance.shuffle(names)
    campaign = by_hand.add(org, "Campaign", {"Name": "Open house", "IsActive": True})
    for story in STORIES:
        for _ in range(story.count):
            owner = former if story.former else chance.choice(reps)
            contact = _tell(org, story, names.pop(), chance, owner, firms)
            if chance.random() < 0.2:
                member = {"CampaignId": campaign, "ContactId": contact, "Status": "Responded"}
                by_hand.add(org, "CampaignMember", member)
    leads = [_lead(org, names.pop(), chance, reps) for _ in range(LEADS)]
    by_hand.convert(org, leads[0], opportunity="Heat pump")
    _merge_a_double(org, names.pop(), reps[0])
    by_hand.deactivate(org, former)


def _firm(org: Org, name: str, owner: str) -> str:
    return by_hand.add(org, "Account", {"Name": name, "OwnerId": owner}, at=_ago(org, 900))


def _ago(org: Org, days: int) -> float:
    return org.clock() - days * DAY


def _day(org: Org, days: int) -> str:
    return as_day(_ago(org, days))


def _email(name: tuple[str, str]) -> str:
    return f"{name[0]}.{name[1]}@{DOMAIN}".lower()


def _tell(
    org: Org, story: Story, name: tuple[str, str], chance: Random, owner: str, firms: list[str]
) -> str:
    begun = max((*story.won, 30)) + 40
    values: dict[str, object] = {
        "FirstName": name[0],
        "LastName": name[1],
        "Email": _email(name),
        "Phone": f"01632 96{chance.randint(0, 9999):04d}",
        "MailingCity": chance.choice(TOWNS),
        "OwnerId": owner,
        **dict(story.extra),
    }
    at = _ago(org, begun)
    if story.private:
        account, contact = by_hand.person_account(org, values, at=at)
    else:
        account = chance.choice(firms)
        contact = by_hand.add(org, "Contact", {**values, "AccountId": account}, at=at)
    for days in story.won:
        _deal(org, chance, (account, contact), owner, days + chance.randint(0, 6), story)
    if story.open:
        _deal(org, chance, (account, contact), owner, -20, story)
    if story.talk:
        _talk(org, chance, contact, owner, story.talk + chance.randint(0, 5))
    if story.case:
        _case(org, contact, account, closed=story.case == "closed")
    return contact


def _deal(
    org: Org, chance: Random, who: tuple[str, str], owner: str, days: int, story: Story
) -> None:
    job = chance.choice(JOBS)
    deal = by_hand.add(
        org,
        "Opportunity",
        {
            "Name": job,
            "AccountId": who[0],
            "Amount": float(chance.randint(6, 90) * 100),
            "CloseDate": _day(org, days),
            "StageName": "Closed Won" if days >= 0 else "Proposal/Price Quote",
            "OwnerId": owner,
        },
        at=_ago(org, max(days, 0) + 30),
    )
    if story.roles:
        role = {"OpportunityId": deal, "ContactId": who[1], "IsPrimary": True}
        by_hand.add(org, "OpportunityContactRole", role, at=_ago(org, max(days, 0)))


def _talk(org: Org, chance: Random, contact: str, owner: str, days: int) -> None:
    if chance.random() < 0.3:
        start = f"{_day(org, days)}T10:00:00Z"
        meeting = {"Subject": "Visit", "StartDateTime": start, "ActivityDate": start[:10]}
        meeting |= {"WhoId": contact, "OwnerId": owner}
        by_hand.add(org, "Event", meeting, at=_ago(org, days))
        return
    call = {
        "Subject": "How is it going?",
        "WhoId": contact,
        "OwnerId": owner,
        "Status": by_hand.COMPLETED,
        "ActivityDate": _day(org, days),
        "TaskSubtype": chance.choice(("Call", "Email")),
    }
    by_hand.add(org, "Task", call, at=_ago(org, days))


def _case(org: Org, contact: str, account: str, *, closed: bool) -> None:
    days = 70 if closed else 6
    values = {
        "Subject": "The app shows no power",
        "ContactId": contact,
        "AccountId": account,
        "Status": "Closed" if closed else "Working",
        "IsEscalated": not closed,
        "Priority": "Low" if closed else "High",
    }
    by_hand.add(org, "Case", values, at=_ago(org, days))


def _lead(org: Org, name: tuple[str, str], chance: Random, reps: list[str]) -> str:
    values = {
        "FirstName": name[0],
        "LastName": name[1],
        "Company": f"{name[1]} household",
        "Email": _email(name),
        "LeadSource": chance.choice(("Web", "Phone Inquiry", "Partner Referral")),
        "OwnerId": chance.choice(reps),
    }
    return by_hand.add(org, "Lead", values, at=_ago(org, chance.randint(3, 40)))


def _merge_a_double(org: Org, name: tuple[str, str], owner: str) -> None:
    """Let the same person have been entered twice, with a deal each, and then merged."""
    doubles = []
    for days in (400, 300):
        values = {"FirstName": name[0], "LastName": name[1], "OwnerId": owner}
        values["Email"] = _email((name[0], f"{name[1]}.{days}"))
        contact = by_hand.add(org, "Contact", values, at=_ago(org, days))
        chance = Random(days)  # noqa: S311  # a sample
        account = by_hand.add(org, "Account", {"Name": f"{name[1]} household", "OwnerId": owner})
        _deal(org, chance, (account, contact), owner, days - 100, Story(1))
        doubles.append(contact)
    by_hand.merge(org, "Contact", *doubles)
