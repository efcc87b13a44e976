"""The stages of a club instead of the seven: guest, member, host."""

from __future__ import annotations

from goodword import Facts, StageModel, StageRule, hookimpl


@hookimpl
def goodword_stage_model(c: Facts) -> StageModel:
    rules = (
        StageRule("has_joined", "member", c.purchase_days >= 1),
        StageRule("brought_a_guest", "host", c.referrals_given > 0),
    )
    return StageModel(stages=("guest", "member", "host"), rules=rules, labels={})
