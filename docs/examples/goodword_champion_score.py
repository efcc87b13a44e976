"""A score a person can check: value is the margin so far, referrals count 100.00 each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw

from goodword import hookimpl

Frame = nw.LazyFrame[Any]


@hookimpl
def goodword_champion_score(tables: Mapping[str, Frame], facts: Frame, as_of: date) -> Frame:
    customers = facts.filter((nw.col("purchase_days") > 0) & (nw.col("consent") != "no"))
    chance = nw.when(nw.col("referrals_given") > 0).then(300).otherwise(50)
    return customers.select(
        "contact_id",
        nw.col("margin_cents").alias("clv"),
        (nw.col("referrals_won") * 10_000).alias("crv"),
        chance.cast(nw.Int64).alias("p_refer"),
        nw.col("purchase_days").alias("n"),
        nw.lit("by hand").alias("model"),
        nw.lit("low").alias("confidence"),
    )
