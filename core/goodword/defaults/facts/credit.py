"""Who a sale is credited to: every cent of a deal goes to somebody, and only once.

A deal belongs to its primary contact. Without one, the people on it share it equally; cents that
do not divide go to the lowest ids, so the shares always sum to the deal. A deal with nobody on it
is credited to its company alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword import derived
from goodword.defaults.facts.listing import count, end_of, one_if

if TYPE_CHECKING:
    from datetime import date

    import narwhals.stable.v2 as nw

    from goodword.defaults.facts.listing import Frame, Tables


@derived
def sales(tables: Tables, as_of: date, margin_percent: int) -> Frame:
    """Return won deals: ``deal_id, account_id, kind, at, amount, margin, purchase, priced``.

    A refund is a sale of a negative amount and no purchase. A deal without a margin of its own
    gets *margin_percent* of its amount; ``priced`` is 0 where neither is known.
    """
    import narwhals.stable.v2 as nw

    amount = nw.col("amount_cents").fill_null(0)
    refund = (nw.col("kind") == "refund").fill_null(value=False) | (amount < 0)
    margin = _signed(amount, (amount.abs() * margin_percent) // 100)
    return (
        tables["deals"]
        .filter(nw.col("status") == "won")
        .with_columns(nw.coalesce("closed_at", "created_at").alias("at"))
        .filter(nw.col("at") < nw.lit(end_of(as_of)))
        .select(
            *("deal_id", "account_id", "kind", "at"),
            amount.alias("amount"),
            nw.coalesce(nw.col("margin_cents"), margin).alias("margin"),
            one_if(~refund).alias("purchase"),
            one_if(~nw.coalesce("amount_cents", "margin_cents").is_null()).alias("priced"),
        )
    )


@derived
def buyers(tables: Tables) -> Frame:
    """Return who shares each deal: ``deal_id, contact_id, place, sharers``, places from 1."""
    import narwhals.stable.v2 as nw

    people = tables["contacts"].select("contact_id")
    links = (
        tables["deal_contacts"]
        .join(people, on="contact_id", how="semi")
        .with_columns(one_if(nw.col("primary")).alias("main"))
        .group_by("deal_id", "contact_id")
        .agg(nw.col("main").max())
        .with_columns(nw.lit(1).cast(nw.Int64).alias("one"))
    )
    deals = links.group_by("deal_id").agg(count("one").alias("on_it"), count("main").alias("mains"))
    sharers = nw.when(nw.col("mains") > 0).then(nw.col("mains")).otherwise(nw.col("on_it"))
    mine = links.join(deals.with_columns(sharers.alias("sharers")), on="deal_id", how="inner")
    mine = mine.filter((nw.col("main") == 1) | (nw.col("mains") == 0))
    alone = mine.filter(nw.col("sharers") == 1).with_columns(nw.col("one").alias("place"))
    place = nw.col("one").cum_sum().over("deal_id", order_by="contact_id").cast(nw.Int64)
    together = mine.filter(nw.col("sharers") > 1).with_columns(place.alias("place"))
    columns = ["deal_id", "contact_id", "place", "sharers"]
    return _stacked(alone.select(columns), together.select(columns))


@derived
def credited(tables: Tables, as_of: date, margin_percent: int) -> Frame:
    """Return one row a sale and credited person, with that person's share in cents.

    Columns: ``contact_id, deal_id, kind, at, purchase, priced, amount, margin``.
    """
    import narwhals.stable.v2 as nw

    shared = sales(tables, as_of, margin_percent).join(buyers(tables), on="deal_id", how="inner")
    return shared.select(
        *("contact_id", "deal_id", "kind", "at", "purchase", "priced"),
        _share(nw.col("amount")).alias("amount"),
        _share(nw.col("margin")).alias("margin"),
    )


def on_the_deal(tables: Tables, deals: Frame) -> Frame:
    """Return everybody that each of *deals* concerns: ``contact_id`` plus the deal's columns.

    That is who is linked to it, or all of the company where nobody is.
    """
    columns = deals.collect_schema().names()
    people = tables["contacts"].select("contact_id", "account_id")
    linked = tables["deal_contacts"].select("deal_id", "contact_id").unique()
    mine = deals.join(linked, on="deal_id", how="inner")
    alone = deals.join(linked, on="deal_id", how="anti").join(people, on="account_id", how="inner")
    return _stacked(mine.select("contact_id", *columns), alone.select("contact_id", *columns))


def named_nobody(tables: Tables, deals: Frame) -> Frame:
    """Return those of *deals* on which there is nobody we know."""
    people = tables["contacts"].select("contact_id")
    linked = tables["deal_contacts"].join(people, on="contact_id", how="semi")
    return deals.join(linked.select("deal_id"), on="deal_id", how="anti")


def _stacked(*frames: Frame) -> Frame:
    import narwhals.stable.v2 as nw

    return nw.concat(frames, how="vertical")


def _share(cents: nw.Expr) -> nw.Expr:
    """Split *cents* by largest remainder: equal shares, one cent more for the first places."""
    import narwhals.stable.v2 as nw

    size, sharers = cents.abs(), nw.col("sharers")
    each = size // sharers
    return _signed(cents, each + one_if(nw.col("place") <= size - each * sharers))


def _signed(like: nw.Expr, size: nw.Expr) -> nw.Expr:
    """Return *size* with the sign of *like*; engines divide negative numbers differently."""
    import narwhals.stable.v2 as nw

    return nw.when(like < 0).then(nw.lit(0) - size).otherwise(size).cast(nw.Int64)
