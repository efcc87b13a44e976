"""The seven stages of the life cycle, and what shows that a contact has reached one.

Know, like, trust, try, buy, repeat, refer. Somebody who was sent by a customer starts at try: the
trust of the first three stages is borrowed from the referrer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword import StageModel, StageRule

if TYPE_CHECKING:
    from goodword import Facts, Policy

ORDER = ("know", "like", "trust", "try", "buy", "repeat", "refer")
LABELS = {
    "entrepreneur": {stage: stage.capitalize() for stage in ORDER},
    "duct_tape": {
        **{stage: stage.capitalize() for stage in ORDER},
        "try": "Trial",
        "buy": "Core",
    },
}
"""Two ways to name the same stages, after the two sources of the practice."""


def stage_model(c: Facts, settings: Policy) -> StageModel:
    """Return the seven stages with their evidence."""
    rules = (
        StageRule("in_the_crm", "know", c.kind.is_known()),
        StageRule("liked", "like", c.touched_like > 0),
        StageRule("spoke_with_us", "like", c.conversation_at.is_known()),
        StageRule("learned_from_us", "trust", c.touched_trust > 0),
        StageRule("tried", "try", c.touched_try > 0),
        StageRule("in_talks", "try", c.open_deals > 0),
        StageRule("was_sent", "try", c.referred_by_id.is_known(), borrowed=True),
        StageRule("bought", "buy", c.purchase_days >= 1),
        StageRule("is_customer", "buy", c.status == "customer"),
        StageRule("bought_again", "repeat", c.purchase_days >= 2),
        StageRule("renewed", "repeat", c.renewal_at.is_known()),
        StageRule("sent_somebody", "refer", c.referrals_given > 0),
    )
    return StageModel(stages=ORDER, rules=rules, labels=LABELS)
