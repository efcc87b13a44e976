"""Facts about buying: purchases, money and the deals that are open.

A purchase day is a day with at least one sale; several orders on one day are one purchase. Where
the host sums for us, its sums stand for the deals it does not show.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from goodword import newest
from goodword.defaults.facts.credit import credited, named_nobody, on_the_deal, sales
from goodword.defaults.facts.listing import count, end_of, joined, listed, one_if

if TYPE_CHECKING:
    from datetime import date

    import narwhals.stable.v2 as nw

    from goodword import Fact, Policy
    from goodword.defaults.facts.listing import Frame, Tables

SUMMED = "deals deal_rollups"
FIRST_HALF = timedelta(days=182)
"""The first of the two periods in which a referral is credited."""
FIRST_YEAR = timedelta(days=365)
"""What a customer's first year is, when the worth of a new customer is averaged."""


def facts(settings: Policy) -> list[Fact]:
    """Return the facts of this topic."""
    margin_percent = settings.champions.margin_percent

    def purchases(tables: Tables, as_of: date) -> Frame:
        return bought(tables, as_of, margin_percent)

    def of_the_company(tables: Tables, as_of: date) -> Frame:
        return company_money(tables, as_of, margin_percent)

    return [
        *listed(
            purchases,
            SUMMED,
            """
            deals_won int Sales credited to the person, without refunds.
            purchase_days int Different days with a purchase.
            spent_cents int Amounts credited to the person, refunds taken off.
            margin_cents int Gross margin of those amounts.
            sales_priced int Of the sales, those with a known amount; 1 where only sums are known.
            """,
            fill=0,
        ),
        *listed(
            purchases,
            SUMMED,
            """
            first_purchase_at time First purchase.
            last_purchase_at time Latest purchase.
            first_deal_id text Record of the first purchase.
            last_deal_id text Record of the latest purchase.
            repeat_at time Latest purchase on another day than the first.
            repeat_id text Record of that purchase.
            first_year_cents int Margin of the year after the first purchase, from dated deals.
            first_half_cents int Margin of the half-year after the first purchase, from dated deals.
            later_cents int Margin of purchases on later days than the first, from dated deals.
            later_days int Days of those purchases with a known amount.
            """,
        ),
        *listed(
            renewals,
            "deals",
            """
            renewal_at time Latest renewal that was won.
            renewal_id text Record of that renewal.
            """,
        ),
        *listed(
            open_business,
            "deals",
            """
            open_deals int Deals being discussed with the person, or with the company as a whole.
            renewal_open int Renewals being negotiated.
            """,
            fill=0,
        ),
        *listed(
            of_the_company,
            "deals",
            "account_spent_cents int Sales of the company that name no person.",
            fill=0,
        ),
    ]


def bought(tables: Tables, as_of: date, margin_percent: int) -> Frame:
    """Return purchases and money of each contact, from dated deals and the host's sums."""
    own = _own_deals(credited(tables, as_of, margin_percent))
    sums = _summed_by_the_host(tables, margin_percent)
    return _merged(joined(tables, own, sums))


def _own_deals(sold: Frame) -> Frame:
    """Return what the sales credited to each contact come to, in one pass over them."""
    import narwhals.stable.v2 as nw

    real = nw.col("purchase") == 1
    when = nw.when(real).then(nw.col("at"))
    dated = sold.with_columns(when.alias("bought_at"))
    ends = dated.group_by("contact_id").agg(
        nw.col("bought_at").min().alias("oldest"), nw.col("bought_at").max().alias("newest")
    )
    dated = dated.join(ends, on="contact_id", how="inner").with_columns(
        nw.col("bought_at").dt.truncate("1d").alias("day"),
        nw.col("oldest").dt.truncate("1d").alias("first_day"),
    )
    within = nw.col("at") < nw.col("first_day") + nw.lit(FIRST_YEAR)
    soon = nw.col("at") < nw.col("first_day") + nw.lit(FIRST_HALF)
    later = nw.col("at").dt.truncate("1d") > nw.col("first_day")
    known = real & (nw.col("priced") == 1)
    flagged = dated.with_columns(
        nw.when(nw.col("day") == nw.col("first_day")).then(nw.col("deal_id")).alias("first_id"),
        nw.when(nw.col("bought_at") == nw.col("newest")).then(nw.col("deal_id")).alias("last_id"),
        nw.coalesce("day", "first_day").alias("counted"),
        nw.when(within).then(nw.col("margin")).otherwise(nw.lit(0)).alias("early"),
        nw.when(soon).then(nw.col("margin")).otherwise(nw.lit(0)).alias("half"),
        nw.when(later).then(nw.col("margin")).otherwise(nw.lit(0)).alias("later"),
        nw.when(later & known)
        .then(nw.col("day"))
        .otherwise(nw.col("first_day"))
        .alias("later_day"),
    )
    return flagged.group_by("contact_id").agg(
        count("amount"),
        count("margin"),
        count("purchase").alias("deals_won"),
        count("early"),
        count("half"),
        count("later"),
        count("priced"),
        (nw.col("later_day").n_unique().cast(nw.Int64) - 1).alias("later_days"),
        nw.col("counted").n_unique().cast(nw.Int64).alias("days"),
        nw.col("bought_at").min().alias("first_at"),
        nw.col("bought_at").max().alias("last_at"),
        nw.col("first_id").min(),
        nw.col("last_id").max(),
    )


def _summed_by_the_host(tables: Tables, margin_percent: int) -> Frame:
    import narwhals.stable.v2 as nw

    spent = nw.col("sum_cents").fill_null(0)
    margin = nw.when(spent < 0).then(spent).otherwise((spent.abs() * margin_percent) // 100)
    counted = nw.coalesce(nw.col("purchase_days"), one_if(~nw.col("first_at").is_null()))
    return (
        tables["deal_rollups"]
        .with_columns(one_if(~nw.col("sum_cents").is_null()).alias("host_priced"))
        .group_by("contact_id")
        .agg(
            nw.col("host_priced").max(),
            nw.col("purchase_days").max(),
            nw.col("first_at").min(),
            nw.col("last_at").max(),
            count("sum_cents").alias("sum_cents"),
        )
        .select(
            "contact_id",
            counted.alias("host_days"),
            nw.col("first_at").alias("host_first"),
            nw.coalesce("last_at", "first_at").alias("host_last"),
            spent.alias("host_spent"),
            "host_priced",
            margin.cast(nw.Int64).alias("host_margin"),
        )
    )


def _merged(frame: Frame) -> Frame:
    """Take the host's sums where a contact has no dated deal of its own, or where they know more.

    A host that sums more purchase days than it shows deals (a sheet of this year's jobs beside
    totals since 2019) knew the customer longer: its count, its earlier first day and its larger
    sums stand then. The latest purchase is the dated one, which has a record of its own.
    """
    import narwhals.stable.v2 as nw

    dated = nw.col("deals_won") > 0
    more = (nw.col("host_days") > nw.col("days")).fill_null(value=False)
    larger = more & (nw.col("host_spent") > nw.col("amount"))
    earlier = more & (nw.col("host_first") < nw.col("first_at")).fill_null(value=False)

    def either(own: str, host: nw.Expr, instead: nw.Expr | None = None) -> nw.Expr:
        own_counts = dated if instead is None else dated & ~instead
        return nw.when(own_counts).then(nw.col(own)).otherwise(host)

    frame = frame.with_columns(
        either("days", nw.col("host_days"), more).alias("purchase_days"),
        either("last_at", nw.col("host_last")).alias("last_purchase_at"),
        either("last_id", _dated_id("purchase", "host_last")).alias("last_deal_id"),
    )
    again = nw.col("purchase_days") > 1
    return frame.select(
        *("contact_id", "purchase_days", "last_purchase_at", "last_deal_id"),
        either("deals_won", nw.col("host_days"), more).alias("deals_won"),
        either("amount", nw.coalesce("host_spent", "amount"), larger).alias("spent_cents"),
        either("margin", nw.coalesce("host_margin", "margin"), larger).alias("margin_cents"),
        either("first_at", nw.col("host_first"), earlier).alias("first_purchase_at"),
        either("first_id", _dated_id("first", "host_first"), earlier).alias("first_deal_id"),
        nw.when(again).then(nw.col("last_purchase_at")).alias("repeat_at"),
        nw.when(again).then(nw.col("last_deal_id")).alias("repeat_id"),
        either("priced", nw.coalesce("host_priced", "priced"), larger).alias("sales_priced"),
        nw.when(dated & ~more).then(nw.col("early")).alias("first_year_cents"),
        nw.when(dated & ~more).then(nw.col("half")).alias("first_half_cents"),
        nw.when(dated & ~more).then(nw.col("later")).alias("later_cents"),
        nw.when(dated & ~more).then(nw.col("later_days")).alias("later_days"),
    )


def _dated_id(word: str, column: str) -> nw.Expr:
    """Name a purchase the host shows no record of by its date."""
    import narwhals.stable.v2 as nw

    day = nw.col(column).dt.to_string("%Y-%m-%d")
    return nw.concat_str([nw.lit(f"{word}:"), day])


def renewals(tables: Tables, as_of: date) -> Frame:
    """Return the latest renewal won with each contact."""
    import narwhals.stable.v2 as nw

    won = sales(tables, as_of, 100).filter(nw.col("kind") == "renewal")
    latest = newest(on_the_deal(tables, won), per=["contact_id"], by=["at", "deal_id"])
    return latest.select(
        "contact_id", nw.col("at").alias("renewal_at"), nw.col("deal_id").alias("renewal_id")
    )


def open_business(tables: Tables, as_of: date) -> Frame:
    """Return how many deals, and how many renewals, are being discussed with each contact."""
    import narwhals.stable.v2 as nw

    begun = nw.col("created_at").is_null() | (nw.col("created_at") < nw.lit(end_of(as_of)))
    still = tables["deals"].filter((nw.col("status") == "open") & begun)
    deals = still.select("deal_id", "account_id", "kind")
    mine = on_the_deal(tables, deals).select(
        "contact_id",
        nw.lit(1).cast(nw.Int64).alias("open_deals"),
        one_if(nw.col("kind") == "renewal").alias("renewal_open"),
    )
    return mine.group_by("contact_id").agg(count("open_deals"), count("renewal_open"))


def company_money(tables: Tables, as_of: date, margin_percent: int) -> Frame:
    """Return what a contact's company bought without naming a person."""
    alone = named_nobody(tables, as_of, margin_percent)
    spent = alone.group_by("account_id").agg(count("amount").alias("account_spent_cents"))
    people = tables["contacts"].select("contact_id", "account_id")
    return people.join(spent, on="account_id", how="inner").select(
        "contact_id", "account_spent_cents"
    )
