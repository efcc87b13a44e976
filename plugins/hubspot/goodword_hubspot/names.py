"""Every name goodword has in a HubSpot portal: properties, group, label, associations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

GROUP = "goodword"
"""Property group of all our properties, and its label."""
KINDS_WITH_PROPERTIES = ("contacts", "tasks", "notes")
"""Objects that get properties of ours."""

STAGE, SCORE, SEGMENT = "goodword_stage", "goodword_score", "goodword_segment"
NEXT_ASK, WHY = "goodword_next_ask", "goodword_why"
CLV, CRV = "goodword_clv", "goodword_crv"
OUTCOME, LATER, NAME = "goodword_ask_outcome", "goodword_ask_later", "goodword_referred_name"
DO_NOT_ASK, REFERRED_BY = "goodword_do_not_ask", "goodword_referred_by"
KEY, MARK = "goodword_key", "goodword_mark"
BUILT_IN_KEY = "hs_unique_creation_key"
"""HubSpot's own unique property of tasks and notes; read-only in many portals."""

OWN: Mapping[str, str] = {
    "stage": STAGE,
    "segment": SEGMENT,
    "score": SCORE,
    "next_ask": NEXT_ASK,
    "why": WHY,
    "clv": CLV,
    "crv": CRV,
}
"""Column of ``own_fields`` to contact property."""
ANSWERS = (OUTCOME, LATER, NAME)
"""What a rep fills in when an ask was made; emptied once it was read."""

REFERRED, REFERRED_BY_LABEL = "Referred", "Referred by"
"""The paired label between two contacts, as the referrer's page and the other's page show it."""
LABEL_NAME = "goodword_referred"

TASK_TO_CONTACT, TASK_TO_DEAL, NOTE_TO_CONTACT = 204, 216, 202
"""Type numbers of associations, all of category HUBSPOT_DEFINED (HubSpot's association guide)."""
HUBSPOT_DEFINED, USER_DEFINED = "HUBSPOT_DEFINED", "USER_DEFINED"


@dataclass(frozen=True, slots=True)
class Option:
    """One value of an enumeration: what is stored, and what people see."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Property:
    """One property of ours, as ``install`` makes it.

    Args:
        kind: Object it is on.
        name: Internal name.
        label: What people see.
        type: HubSpot's value type.
        field_type: HubSpot's way to show and edit it.
        description: What HubSpot shows beside it.
        options: Values of an enumeration.
        unique: Whether HubSpot must keep its values apart; fixed for ever when it is made.
    """

    kind: str
    name: str
    label: str
    type: Literal["string", "number", "date", "enumeration", "bool"]
    field_type: Literal["text", "textarea", "number", "date", "select", "booleancheckbox"]
    description: str
    options: tuple[Option, ...] = ()
    unique: bool = False


def _options(text: str) -> tuple[Option, ...]:
    """Read ``value=Label`` pairs, divided by semicolons."""
    pairs = (pair.split("=") for pair in text.split(";"))
    return tuple(Option(value.strip(), label.strip()) for value, label in pairs)


YES_NO = (Option("true", "Yes"), Option("false", "No"))
STAGES = _options("know=Know; like=Like; trust=Trust; try=Try; buy=Buy; repeat=Repeat; refer=Refer")
SEGMENTS = _options("Champion=Champion; Affluent=Affluent; Advocate=Advocate; Nurture=Nurture")
OUTCOMES = _options(
    "yes=Yes, gave a name; later=Ask again later; no=No; never=Never ask again; "
    "wrong_person=Wrong person; unhappy=Unhappy; no_answer=No answer"
)
"""What a rep can choose; ``goodword``'s own words with underscores for spaces."""

CONTACT_PROPERTIES = (
    Property(
        "contacts",
        STAGE,
        "Referral stage",
        "enumeration",
        "select",
        "Where this person stands on the way to referring others. Written by goodword.",
        STAGES,
    ),
    Property(
        "contacts",
        SCORE,
        "Referral score",
        "number",
        "number",
        "How much a good word of this person is worth, 0-100. Written by goodword.",
    ),
    Property(
        "contacts",
        CLV,
        "Customer value",
        "number",
        "number",
        "What they are expected to bring by buying, in the home currency. Written by goodword.",
    ),
    Property(
        "contacts",
        CRV,
        "Referral value",
        "number",
        "number",
        "What they bring and are expected to bring by whom they send. Written by goodword.",
    ),
    Property(
        "contacts",
        SEGMENT,
        "Referral segment",
        "enumeration",
        "select",
        "Champion, Affluent, Advocate or Nurture. Written by goodword.",
        SEGMENTS,
    ),
    Property(
        "contacts",
        NEXT_ASK,
        "Next referral ask",
        "date",
        "date",
        "First day on which asking for a referral fits. Written by goodword.",
    ),
    Property(
        "contacts",
        WHY,
        "Why ask, or why not",
        "string",
        "textarea",
        "The reason in one line. Written by goodword.",
    ),
    Property(
        "contacts",
        OUTCOME,
        "Outcome of the referral ask",
        "enumeration",
        "select",
        "You fill this in after asking; goodword reads it and empties it again.",
        OUTCOMES,
    ),
    Property(
        "contacts",
        LATER,
        "Ask again on",
        "date",
        "date",
        "With the outcome 'Ask again later': the day that was agreed. You fill this in.",
    ),
    Property(
        "contacts",
        NAME,
        "Name they gave",
        "string",
        "text",
        "With the outcome 'Yes': who was named. You fill this in.",
    ),
    Property(
        "contacts",
        DO_NOT_ASK,
        "Do not ask for referrals",
        "bool",
        "booleancheckbox",
        "Tick it and this person is never asked. You fill this in.",
        YES_NO,
    ),
    Property(
        "contacts",
        REFERRED_BY,
        "Referred by",
        "string",
        "text",
        "E-mail address or record ID of the person who sent them. You fill this in.",
    ),
)
"""Properties on contacts, in the order of the plan of ``install``."""

CONTACT_PROPERTY: Mapping[str, Property] = {each.name: each for each in CONTACT_PROPERTIES}


def key_property(kind: str, *, unique: bool) -> Property:
    """Return the property that holds our key on tasks or notes."""
    what = "Lets goodword find its own record again; leave it as it is."
    return Property(kind, KEY, "goodword key", "string", "text", what, unique=unique)


def mark_property(kind: str) -> Property:
    """Return the property that says which play, cycle and run made a task or note."""
    what = "Which play and run of goodword made this; leave it as it is."
    return Property(kind, MARK, "goodword mark", "string", "text", what)
