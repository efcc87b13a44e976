"""Every name goodword has in a Salesforce org: fields, permission sets, a list view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from goodword import OUTCOMES as WORDS

ObjectName = Literal["Contact", "Lead", "Activity"]
PEOPLE: tuple[ObjectName, ...] = ("Contact", "Lead")
"""Objects that are people; our fields on both are the same."""
ACTIVITY: tuple[ObjectName, ...] = ("Activity",)
"""Fields of tasks and events are defined on this object, which has no records of its own."""
SHOWN_ON: Mapping[ObjectName, tuple[str, ...]] = {
    "Contact": ("Contact",),
    "Lead": ("Lead",),
    "Activity": ("Task", "Event"),
}
"""Objects on which records, descriptions and permissions show the fields of an object."""

STAGE, SCORE, SEGMENT = "Goodword_Stage__c", "Goodword_Score__c", "Goodword_Segment__c"
NEXT_ASK, WHY = "Goodword_Next_Ask__c", "Goodword_Why__c"
CLV, CRV = "Goodword_CLV__c", "Goodword_CRV__c"
DO_NOT_ASK, REFERRED_BY = "Goodword_Do_Not_Ask__c", "Goodword_Referred_By__c"
KEY, MARK = "Goodword_Key__c", "Goodword_Mark__c"
OUTCOME, LATER, NAME = "Goodword_Outcome__c", "Goodword_Ask_Later__c", "Goodword_Referred_Name__c"

OWN: Mapping[str, str] = {
    "stage": STAGE,
    "segment": SEGMENT,
    "score": SCORE,
    "next_ask": NEXT_ASK,
    "why": WHY,
    "clv": CLV,
    "crv": CRV,
}
"""Column of ``own_fields`` to field on Contact and Lead."""
ANSWERS = (OUTCOME, LATER, NAME)
"""What a rep fills in on a task that asks for a referral."""

REP, INTEGRATION = "Goodword_Rep", "Goodword_Integration"
"""Permission sets: what reps see and edit, and what goodword itself reads and writes."""
PERMISSION_SETS = (REP, INTEGRATION)
LIST_VIEW = "Goodword_Asks_Due"
"""List view of contacts: the rep's own whose day to be asked has come."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a picklist: what is stored, and what people see."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of ours, as the package defines it.

    Args:
        objects: Objects it is on.
        name: API name.
        label: What people see.
        type: Type, in the words of Salesforce's metadata.
        help: What Salesforce shows beside it.
        rep: What a rep may do with it.
        length: Most characters of a text.
        digits: Most digits of a whole number.
        values: Values of a picklist; it takes no others.
        unique: Whether Salesforce keeps its values apart, and finds records by it.
        refers_to: Object a lookup leads to.
    """

    objects: tuple[ObjectName, ...]
    name: str
    label: str
    type: Literal["Picklist", "Number", "Text", "Date", "Checkbox", "Lookup"]
    help: str
    rep: Literal["edit", "read", "none"] = "read"
    length: int = 0
    digits: int = 0
    values: tuple[Value, ...] = ()
    unique: bool = False
    refers_to: str = ""


def _values(text: str) -> tuple[Value, ...]:
    """Read ``value=Label`` pairs, divided by semicolons."""
    pairs = (pair.split("=") for pair in text.split(";"))
    return tuple(Value(value.strip(), label.strip()) for value, label in pairs)


STAGES = _values("know=Know; like=Like; trust=Trust; try=Try; buy=Buy; repeat=Repeat; refer=Refer")
SEGMENTS = _values("Champion=Champion; Affluent=Affluent; Advocate=Advocate; Nurture=Nurture")
OUTCOME_LABELS = (
    "Yes, gave a name",
    "Ask again later",
    "No",
    "Never ask again",
    "Wrong person",
    "Unhappy",
    "No answer",
)
OUTCOMES = tuple(Value(word, label) for word, label in zip(WORDS, OUTCOME_LABELS, strict=True))
"""What a rep can choose; the stored values are ``goodword``'s own words."""

FIELDS = (
    Field(
        PEOPLE,
        STAGE,
        "Referral stage",
        "Picklist",
        "Where this person stands on the way to referring others. Written by goodword.",
        values=STAGES,
    ),
    Field(
        PEOPLE,
        SCORE,
        "Referral score",
        "Number",
        "How much a good word of this person is worth, 0-100. Written by goodword.",
        digits=3,
    ),
    # A number and not a currency: where an org has several, a currency field is read in that of its
    # record, and what we write is in the home currency.
    Field(
        PEOPLE,
        CLV,
        "Customer value",
        "Number",
        "What they are expected to bring by buying, in the home currency. Written by goodword.",
        digits=18,
    ),
    Field(
        PEOPLE,
        CRV,
        "Referral value",
        "Number",
        "What they bring and are expected to bring by whom they send, in the home currency. "
        "Written by goodword.",
        digits=18,
    ),
    Field(
        PEOPLE,
        SEGMENT,
        "Referral segment",
        "Picklist",
        "Champion, Affluent, Advocate or Nurture. Written by goodword.",
        values=SEGMENTS,
    ),
    Field(
        PEOPLE,
        NEXT_ASK,
        "Next referral ask",
        "Date",
        "First day on which asking for a referral fits. Written by goodword.",
    ),
    Field(
        PEOPLE,
        WHY,
        "Why ask, or why not",
        "Text",
        "The reason in one line. Written by goodword.",
        length=255,
    ),
    Field(
        PEOPLE,
        DO_NOT_ASK,
        "Do not ask for referrals",
        "Checkbox",
        "Tick it and this person is never asked. You fill this in.",
        rep="edit",
    ),
    Field(
        PEOPLE,
        REFERRED_BY,
        "Referred by",
        "Lookup",
        "The contact who sent this person. You fill this in; goodword does where it is empty.",
        rep="edit",
        refers_to="Contact",
    ),
    Field(
        ACTIVITY,
        OUTCOME,
        "Outcome of the referral ask",
        "Picklist",
        "Choose it when you complete a task that asks for a referral. You fill this in.",
        rep="edit",
        values=OUTCOMES,
    ),
    Field(
        ACTIVITY,
        LATER,
        "Ask again on",
        "Date",
        "With the outcome 'Ask again later': the day that was agreed. You fill this in.",
        rep="edit",
    ),
    Field(
        ACTIVITY,
        NAME,
        "Name they gave",
        "Text",
        "With the outcome 'Yes, gave a name': who was named. You fill this in.",
        rep="edit",
        length=255,
    ),
    Field(
        ACTIVITY,
        KEY,
        "goodword key",
        "Text",
        "Lets goodword find its own task again; leave it as it is.",
        rep="none",
        length=80,
        unique=True,
    ),
    Field(
        ACTIVITY,
        MARK,
        "goodword mark",
        "Text",
        "Which play and run of goodword made this; leave it as it is.",
        rep="none",
        length=255,
    ),
)
"""Our fields, in the order of the plan of ``install``."""
