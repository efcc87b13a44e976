"""Who sent whom: one referrer a person, first come first served, nobody refers themselves.

Links come from the CRM and from tasks of ours, of any kind, answered "yes" with a name; the latter
are pending until the named person is a contact. A later claim to the same person, a link to oneself
and a link that answers an earlier one the other way round are left out here (they stay in the CRM).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from goodword import derived
from goodword.defaults.facts.asks import names_given
from goodword.defaults.facts.listing import end_of

if TYPE_CHECKING:
    from datetime import date

    import narwhals.stable.v2 as nw

    from goodword.defaults.facts.listing import Frame, Tables

UNDATED = datetime(2999, 1, 1)
"""Where a link without a date stands among the others: last."""

COLUMNS = (
    *("referral_id", "referrer_id", "referred_id", "referred_name", "status"),
    *("at", "met_at", "won_at", "lost_at", "came_anyway", "source"),
)
EVENTS = {"received": "at", "met": "met_at", "won": "won_at", "lost": "lost_at"}
"""What can come of a referral, and the column with its date; each owes the referrer a thank-you."""


@derived
def links(tables: Tables, as_of: date) -> Frame:
    """Return every referral that counts, pending ones included (columns: ``COLUMNS``)."""
    import narwhals.stable.v2 as nw

    known = _known(tables, as_of)
    named = known.filter(nw.col("referred_id").is_null()).select(*COLUMNS)
    pending = _pending(tables, known, as_of)
    return nw.concat([_first_come(tables, as_of), named, pending], how="vertical")


def events(tables: Tables, as_of: date) -> Frame:
    """Return what happened to the referrals that count, one row an event.

    Columns: ``contact_id`` (the referrer), ``referral_id, event, at, cycle, referred_id,
    referred_name``; the cycle is ``referral id:event``.
    """
    import narwhals.stable.v2 as nw

    known = links(tables, as_of)
    rows = [
        known.filter(nw.col(column) < nw.lit(end_of(as_of))).select(
            nw.col("referrer_id").alias("contact_id"),
            "referral_id",
            nw.lit(event).alias("event"),
            nw.col(column).alias("at"),
            nw.concat_str([nw.col("referral_id"), nw.lit(f":{event}")]).alias("cycle"),
            "referred_id",
            "referred_name",
        )
        for event, column in EVENTS.items()
    ]
    return nw.concat(rows, how="vertical")


@derived
def _known(tables: Tables, as_of: date) -> Frame:
    """Return the CRM's links up to the day of the run, those to oneself left out."""
    import narwhals.stable.v2 as nw

    to_self = (nw.col("referrer_id") == nw.col("referred_id")).fill_null(value=False)
    dated = nw.col("at").is_null() | (nw.col("at") < nw.lit(end_of(as_of)))
    names = tables["contacts"].select(
        nw.col("contact_id").alias("referred_id"), spoken().alias(":name")
    )
    frame = tables["referrals"].filter(~nw.col("referrer_id").is_null() & ~to_self & dated)
    frame = frame.join(names, on="referred_id", how="left")
    return frame.with_columns(
        nw.coalesce(":name", "referred_name").alias("referred_name"),
        nw.coalesce(nw.col("at"), nw.lit(UNDATED)).alias(":order"),
    )


@derived
def _first_come(tables: Tables, as_of: date) -> Frame:
    """Keep the earliest link to each person, and of two that answer each other the earlier."""
    import narwhals.stable.v2 as nw

    bound = _known(tables, as_of).filter(~nw.col("referred_id").is_null())
    numbered = bound.with_columns(nw.lit(1).cast(nw.Int64).alias(":one"))
    place = nw.col(":one").cum_sum().over("referred_id", order_by=[":order", "referral_id"])
    first = numbered.with_columns(place.alias(":place")).filter(nw.col(":place") == 1)
    reverse = first.select(
        nw.col("referred_id").alias("referrer_id"),
        nw.col("referrer_id").alias("referred_id"),
        nw.col(":order").alias(":back_order"),
        nw.col("referral_id").alias(":back_id"),
    )
    both = first.join(reverse, on=["referrer_id", "referred_id"], how="left")
    answers = (nw.col(":back_order") < nw.col(":order")) | (
        (nw.col(":back_order") == nw.col(":order")) & (nw.col(":back_id") < nw.col("referral_id"))
    )
    return both.filter(~answers.fill_null(value=False)).select(*COLUMNS)


def _pending(tables: Tables, known: Frame, as_of: date) -> Frame:
    """Return names given with a "yes" that are no link of their referrer in the CRM yet."""
    import narwhals.stable.v2 as nw

    given = names_given(tables, as_of)
    named = given.select(
        nw.col("task_key").alias("referral_id"),
        nw.col("contact_id").alias("referrer_id"),
        nw.lit(None, dtype=nw.String).alias("referred_id"),
        nw.col("outcome_name").alias("referred_name"),
        nw.lit("received").alias("status"),
        nw.col("ended").alias("at"),
        *(nw.lit(None, dtype=nw.Datetime("us")).alias(c) for c in ("met_at", "won_at", "lost_at")),
        nw.lit(None, dtype=nw.Boolean).alias("came_anyway"),
        nw.lit("rep").alias("source"),
    ).select(*COLUMNS)
    there = known.select("referrer_id", plain("referred_name").alias(":name")).unique()
    there = there.filter(~nw.col(":name").is_null())
    missing = named.with_columns(plain("referred_name").alias(":name")).join(
        there, on=["referrer_id", ":name"], how="anti"
    )
    # A host that uses the task's key as the id of its own referral has taken the name over.
    taken = known.select("referral_id")
    return missing.join(taken, on="referral_id", how="anti").select(*COLUMNS)


def spoken(column: str = "name") -> nw.Expr:
    """Return a name as one may say it; null where it holds no letter, as a number does."""
    import narwhals.stable.v2 as nw

    return nw.when(nw.col(column).str.contains(r"\p{L}")).then(nw.col(column))


def plain(column: str) -> nw.Expr:
    """Return a name as it is compared: lower case, no spaces around it."""
    import narwhals.stable.v2 as nw

    return nw.col(column).str.strip_chars().str.to_lowercase()
