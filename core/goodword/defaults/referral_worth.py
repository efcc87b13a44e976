"""What a customer is worth by whom they send: expected referrals a year times the worth of one.

People without a purchase, and people who opted out, have no score.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword import (
    acceptance,
    expected_value,
    rate_per_period,
    referral_rate,
    share_of_type_one,
    type_one,
    type_two,
)
from goodword.defaults.facts.listing import days_ago, one_if

if TYPE_CHECKING:
    from datetime import date

    import narwhals.stable.v2 as nw

    from goodword import Policy
    from goodword.defaults.facts.listing import Frame, Tables

PRIOR = 0.08
"""Share of asks assumed to succeed until the firm has asked often enough (convention)."""
OWN_RATE_FROM = 100
"""Asks after which the firm's own share replaces that prior (convention)."""
DAYS_A_YEAR = 365.0


HISTORY = (
    *("margin_cents", "first_purchase_at", "last_purchase_at"),
    *("sales_priced", "later_cents", "later_days", "status"),
)
"""Facts of a customer's purchases, passed on for the score of what they buy."""


def referral_scores(tables: Tables, facts: Frame, as_of: date, settings: Policy) -> Frame:
    """Return one row a customer with what is to be expected of them, and ``HISTORY``.

    ``crv`` is in cents, ``p_refer`` in permille, ``rate`` in won referrals a year, ``one`` the
    cents a usual referral is worth, ``n`` counts purchase days, ``customers`` is the number of all
    scored customers, ``share`` that of referrals who would not have come anyway.
    """
    import narwhals.stable.v2 as nw

    customers = facts.filter((nw.col("purchase_days") > 0) & (nw.col("consent") != "no"))
    known = customers.select(
        "contact_id",
        "asks_yes",
        "asks_done",
        *HISTORY,
        nw.col("purchase_days").alias("n"),
        nw.col("referrals_won").alias("won"),
        nw.col("referrals_given").alias("given"),
        _days(as_of).alias("days"),
        nw.col("first_year_cents").alias("first_year"),
    )
    frame = known.join(_firm(known, tables), how="cross")
    scored = frame.with_columns(
        _rate(settings).alias(":rate"),
        _value_of_one(settings).alias(":value"),
        _acceptance().alias(":chance"),
    )
    return scored.select(
        "contact_id",
        _whole(nw.col(":rate") * nw.col(":value")).alias("crv"),
        _whole(nw.col(":chance") * 1000.0).alias("p_refer"),
        nw.col(":rate").alias("rate"),
        nw.col(":value").alias("one"),
        "n",
        "customers",
        _share(settings).alias("share"),
        *HISTORY,
    )


def _firm(known: Frame, tables: Tables) -> Frame:
    """Return one row with the firm's sums, all whole numbers, so that engines agree on them."""
    import narwhals.stable.v2 as nw

    def summed(value: nw.Expr, name: str) -> nw.Expr:
        return value.sum().cast(nw.Int64).alias(name)

    full = one_if(nw.col("days") >= int(DAYS_A_YEAR))
    year = nw.col("first_year")
    flagged = known.with_columns(
        nw.lit(1).cast(nw.Int64).alias("one"),
        (full * one_if(~year.is_null())).alias("full"),
        (full * year.fill_null(0)).alias("full_year"),
        one_if(~year.is_null()).alias("any"),
        year.fill_null(0).alias("any_year"),
    )
    sums = flagged.select(
        summed(nw.col("one"), "customers"),
        summed(nw.col("won"), "all_won"),
        summed(nw.col("days"), "all_days"),
        summed(nw.col("asks_yes"), "all_yes"),
        summed(nw.col("asks_done"), "all_asks"),
        *(summed(nw.col(name), f"sum_{name}") for name in ("full", "full_year", "any", "any_year")),
    )
    anyway = nw.col("came_anyway")
    answers = tables["referrals"].select(
        one_if(anyway).alias("anyway"), one_if(~anyway).alias("otherwise")
    )
    types = answers.select(
        summed(nw.col("anyway"), "anyway"), summed(nw.col("otherwise"), "otherwise")
    )
    return sums.join(types, how="cross")


def _days(as_of: date) -> nw.Expr:
    """Return whole days since the first purchase; 0 where its date is not known."""
    return days_ago("first_purchase_at", as_of).fill_null(0)


def _rate(settings: Policy) -> nw.Expr:
    """Return the won referrals a year to expect."""
    import narwhals.stable.v2 as nw

    years = nw.max_horizontal(nw.col("all_days"), nw.lit(1).cast(nw.Int64)) / DAYS_A_YEAR
    own = nw.col("days") / DAYS_A_YEAR
    return referral_rate(
        nw.col("won"), own, nw.col("all_won") / years, float(settings.champions.prior_years)
    )


def _value_of_one(settings: Policy) -> nw.Expr:
    """Return what one referral is worth to the firm, in cents.

    The margin of a referred customer is the firm's mean first-year margin, in two half-years; a
    customer whose first year is not over counts only while nobody's is.
    """
    import narwhals.stable.v2 as nw

    rules = settings.champions
    rate = rate_per_period(rules.annual_discount_percent)
    saving, reward = float(rules.acquisition_saving_cents), float(rules.reward_cents)
    half_year = rules.marketing_cents / 2
    fixed = type_one([0, 0], marketing=half_year, reward=reward, saving=saving, rate=rate)
    per_cent = type_one([0.5, 0.5], marketing=0, reward=0, saving=0, rate=rate)
    settled = nw.col("sum_full") > 0
    people = nw.when(settled).then(nw.col("sum_full")).otherwise(nw.col("sum_any"))
    margins = nw.when(settled).then(nw.col("sum_full_year")).otherwise(nw.col("sum_any_year"))
    mean = margins / nw.max_horizontal(people, nw.lit(1).cast(nw.Int64))
    two = type_two(
        reward=reward,
        saving=saving,
        rate=rate,
        net_reward_on_type_two=rules.net_reward_on_type_two,
    )
    return expected_value(_share(settings), mean * per_cent + fixed, nw.lit(two))


def _share(settings: Policy) -> nw.Expr:
    """Return the share of referred customers who would not have come anyway."""
    import narwhals.stable.v2 as nw

    prior = settings.champions.type_one_percent / 100
    return share_of_type_one(prior, nw.col("anyway"), nw.col("otherwise"))


def _acceptance() -> nw.Expr:
    """Return the chance that an ask brings a referral.

    A referral nobody had asked for counts like an ask that brought one (convention).
    """
    import narwhals.stable.v2 as nw

    spontaneous = nw.max_horizontal(nw.col("given") - nw.col("asks_yes"), nw.lit(0))

    asks = nw.max_horizontal(nw.col("all_asks"), nw.lit(1).cast(nw.Int64))
    often = nw.col("all_asks") >= OWN_RATE_FROM
    prior = nw.when(often).then(nw.col("all_yes") / asks).otherwise(nw.lit(PRIOR))
    return acceptance(nw.col("asks_yes") + spontaneous, nw.col("asks_done") + spontaneous, prior)


def _whole(value: nw.Expr) -> nw.Expr:
    """Round to a whole number, halves up; engines disagree on their own rounding."""
    import narwhals.stable.v2 as nw

    return (value + 0.5).floor().cast(nw.Int64)
