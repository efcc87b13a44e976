"""Facts about the company: was somebody else there asked lately, or is being asked now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword.defaults.facts.asks import answered_dates, pending
from goodword.defaults.facts.listing import count, joined, listed

if TYPE_CHECKING:
    from datetime import date

    from goodword import Fact
    from goodword.defaults.facts.listing import Frame, Tables


def facts() -> list[Fact]:
    """Return the facts of this topic."""
    return [
        *listed(
            colleagues,
            "asks",
            "account_asked_at time When a colleague at the same company was last asked.",
        ),
        *listed(
            colleagues,
            "asks",
            "account_ask_open int Open asks of colleagues at the same company.",
            fill=0,
        ),
    ]


def colleagues(tables: Tables, as_of: date) -> Frame:
    """Return the asks of the other people at each contact's company; none without a company.

    The latest ask of a company and the latest one by anybody else there are enough to answer for
    everybody, so large companies are not compared person by person.
    """
    import narwhals.stable.v2 as nw

    staff = tables["contacts"].select("contact_id", "account_id")
    staff = staff.filter(~nw.col("account_id").is_null())
    known = joined(tables, answered_dates(tables, as_of), pending(tables, as_of))
    both = staff.join(known, on="contact_id", how="left")
    asked = both.filter(~nw.col("asked_at").is_null()).select(
        "contact_id", "account_id", "asked_at", nw.lit(1).cast(nw.Int64).alias("one")
    )
    place = nw.col("one").cum_sum().over("account_id", order_by=["asked_at", "contact_id"])
    ranked = asked.with_columns(place.alias("place"), count("one").over("account_id").alias("size"))
    back = nw.col("size") - nw.col("place")
    first = ranked.filter(back == 0).select(
        "account_id", nw.col("contact_id").alias("latest_id"), nw.col("asked_at").alias("latest_at")
    )
    second = ranked.filter(back == 1).select("account_id", nw.col("asked_at").alias("before_at"))
    total = both.group_by("account_id").agg(count("ask_open").alias("all_open"))
    frame = both.join(first, on="account_id", how="left")
    frame = frame.join(second, on="account_id", how="left").join(total, on="account_id", how="left")
    is_mine = (nw.col("latest_id") == nw.col("contact_id")).fill_null(value=False)
    others = nw.when(is_mine).then(nw.col("before_at")).otherwise(nw.col("latest_at"))
    return frame.select(
        "contact_id",
        others.alias("account_asked_at"),
        (nw.col("all_open") - nw.col("ask_open").fill_null(0)).alias("account_ask_open"),
    )
