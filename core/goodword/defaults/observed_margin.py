"""A bundled plugin a firm may choose: value is the margin so far, and nothing is projected.

``[plugins] enabled = ["observed_margin"]`` puts it in charge of the score, in place of the models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword import hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any

    import narwhals.stable.v2 as nw

    from goodword import Policy

    Frame = nw.LazyFrame[Any]

MODEL = "observed margin"
SMALL_FIRM = 20
"""Fewer customers than this say too little about each other (convention)."""


@hookimpl
def goodword_champion_score(
    tables: Mapping[str, Frame], facts: Frame, as_of: date, settings: Policy
) -> Frame:
    """Return the margin each customer brought so far, and the worth of their referrals."""
    import narwhals.stable.v2 as nw

    from goodword.defaults.referral_worth import referral_scores

    return referral_scores(tables, facts, as_of, settings).select(
        "contact_id",
        nw.col("margin_cents").alias("clv"),
        "crv",
        "p_refer",
        "n",
        nw.lit(MODEL).alias("model"),
        _confidence().alias("confidence"),
        nw.lit("the margin so far; nothing is projected").alias("reasons"),
    )


def _confidence() -> nw.Expr:
    import narwhals.stable.v2 as nw

    few = (nw.col("customers") < SMALL_FIRM) | (nw.col("n") < 2)
    return (
        nw.when(few)
        .then(nw.lit("low"))
        .when(nw.col("n") < 5)
        .then(nw.lit("medium"))
        .otherwise(nw.lit("high"))
    )
