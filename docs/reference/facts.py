"""The facts: every typed value a rule may read about a contact."""

from __future__ import annotations

import inspect
from types import ModuleType

from goodword.defaults import touchpoints
from goodword.defaults.facts import (
    account,
    asks,
    buying,
    feedback,
    person,
    recovery,
    referrals,
    relationship,
    service,
    targets,
)
from goodword.policy import Policy
from goodword.rulebook import DECISION_TYPES
from goodword.rules import Fact
from reference.markdown import code, table

TOPICS = {
    person: "The person",
    account: "The company",
    buying: "Buying",
    feedback: "Feedback",
    service: "Service",
    recovery: "Something went wrong, and after",
    relationship: "Talking and giving",
    asks: "Asks so far",
    referrals: "Referrals",
    targets: "Whom to be introduced to",
    touchpoints: "Touches by stage",
}
"""Heading of each topic, by the module that holds it."""
DECIDED = {
    "stage": "Highest stage of the life cycle with evidence.",
    "clv": "What the customer will be worth in the time ahead.",
    "crv": "What the customer's referrals are worth a year.",
    "p_refer": "Chance that an ask brings a referral.",
    "referral_worth": "What one referral of theirs is worth, compared with the firm's usual.",
    "segment": "Champion, Affluent, Advocate or Nurture; empty while the firm has few customers.",
    "score": "Rank among the firm's customers, half by value, half by referrals: 0–100.",
}
"""Facts the core adds after stages and scores."""
_UNITS = {"clv": "cents", "crv": "cents", "p_refer": "permille", "referral_worth": "percent"}


def facts() -> str:
    """Return the bundled facts by topic, then what stage model and score add."""
    headers = ("fact", "type", "meaning", "without data", "read from")
    parts = [
        f"## {heading}\n\n{table(headers, [_row(fact) for fact in _facts_of(topic)])}\n"
        for topic, heading in TOPICS.items()
    ]
    return "\n".join([*parts, _decided()])


def _facts_of(topic: ModuleType) -> list[Fact]:
    """Return the facts of one module, with the default numbers and the bundled touchpoints."""
    known = {"settings": Policy(), "catalogue": touchpoints.touchpoints()}
    wanted = inspect.signature(topic.facts).parameters
    found: list[Fact] = topic.facts(**{name: known[name] for name in wanted})
    return found


def _row(fact: Fact) -> tuple[str, ...]:
    kind = f"{fact.type} ({fact.unit})" if fact.unit else fact.type
    unknown = "unknown" if fact.fill is None else str(fact.fill).lower()
    reads = ", ".join(code(name) for name in fact.reads)
    return (code(fact.name), kind, fact.doc, unknown, reads)


def _decided() -> str:
    rows = [
        (code(name), f"{kind} ({_UNITS[name]})" if name in _UNITS else kind, DECIDED[name])
        for name, kind in DECISION_TYPES.items()
    ]
    head = "## Added by stage model and score\n\nAsk rules and plays may read these, too.\n"
    return f"{head}\n{table(('fact', 'type', 'meaning'), rows)}"
