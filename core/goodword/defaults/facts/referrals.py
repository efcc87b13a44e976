"""Facts about referrals: given and received, what they became, and the thanks still owed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from goodword.defaults import play_names
from goodword.defaults.facts.asks import asked
from goodword.defaults.facts.links import links, spoken
from goodword.defaults.facts.listing import count, end_of, listed, one_if, start_of

if TYPE_CHECKING:
    from datetime import date

    from goodword import Fact
    from goodword.defaults.facts.listing import Frame, Tables

LINKED = "referrals asks"
THANKS_WITHIN = timedelta(days=30)
"""An event older than this no longer owes a thank-you; a late one embarrasses both (convention)."""


def facts() -> list[Fact]:
    """Return the facts of this topic."""
    return [
        *listed(
            given,
            LINKED,
            """
            referrals_given int People this person sent to us, names not yet followed up included.
            referrals_won int Of those, the ones who became customers.
            """,
            fill=0,
        ),
        *listed(given, LINKED, "referral_last_at time When the latest one was sent to us."),
        *listed(
            received,
            "referrals",
            """
            referred_by_id text Who sent this person to us.
            referred_by_name text Name of who sent this person to us, where one may speak of them.
            referred_at time When that was.
            """,
        ),
        *listed(
            owed,
            LINKED,
            "thanks_owed int Referral events of the last 30 days not yet thanked for.",
            fill=0,
        ),
    ]


def given(tables: Tables, as_of: date) -> Frame:
    """Return how many people each contact sent to us, and how many became customers."""
    import narwhals.stable.v2 as nw

    won = (nw.col("status") == "won").fill_null(value=False) | (
        nw.col("won_at") < nw.lit(end_of(as_of))
    ).fill_null(value=False)
    counted = links(tables, as_of).select(
        nw.col("referrer_id").alias("contact_id"),
        "at",
        nw.lit(1).cast(nw.Int64).alias("referrals_given"),
        one_if(won).alias("referrals_won"),
    )
    return counted.group_by("contact_id").agg(
        count("referrals_given"),
        count("referrals_won"),
        nw.col("at").max().alias("referral_last_at"),
    )


def received(tables: Tables, as_of: date) -> Frame:
    """Return who sent each contact to us.

    Somebody who wants no contact, who said "never" or who has left goes unnamed: the name would
    hurt, or be wrong, in a conversation.
    """
    import narwhals.stable.v2 as nw

    silent = nw.col("do_not_ask") | nw.col("left_company") | (nw.col("consent") == "no")
    silent = silent.fill_null(value=False) | (nw.col("status") == "lost").fill_null(value=False)
    refused = asked(tables, as_of).filter(nw.col("outcome").is_in(["never", "wrong person"]))
    refused = refused.select("contact_id").unique()
    heard = tables["contacts"].filter(~silent).join(refused, on="contact_id", how="anti")
    names = heard.select(
        nw.col("contact_id").alias("referrer_id"), spoken().alias("referred_by_name")
    )
    bound = links(tables, as_of).filter(~nw.col("referred_id").is_null())
    return bound.join(names, on="referrer_id", how="left").select(
        nw.col("referred_id").alias("contact_id"),
        nw.col("referrer_id").alias("referred_by_id"),
        "referred_by_name",
        nw.col("at").alias("referred_at"),
    )


def owed(tables: Tables, as_of: date) -> Frame:
    """Return how many recent events of their referrals each contact was not thanked for.

    A thank-you counts when our task for that event was completed, or deleted by the rep, or when
    a thank-you of any kind was noted on the same day or later.
    """
    import narwhals.stable.v2 as nw

    from goodword.defaults.events import referral_events

    happened = referral_events(tables, as_of)
    recent = happened.filter(nw.col("at") >= nw.lit(start_of(as_of) - THANKS_WITHIN))
    settled = nw.col("play").is_in(list(play_names.THANKS)) & nw.col("state").is_in(
        ["done", "deleted"]
    )
    tasks = tables["asks"].filter(settled).select("contact_id", "cycle").unique()
    open_events = recent.join(tasks, on=["contact_id", "cycle"], how="anti")
    counted = open_events.select("contact_id", nw.lit(1).cast(nw.Int64).alias("thanks_owed"))
    return counted.group_by("contact_id").agg(count("thanks_owed"))
