"""Facts for a specific ask: companies the firm wants to meet that this person may know.

A target is suggested to people in the same town or the same trade. Companies we already do or
discuss business with, and the person's own, are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword.defaults.facts.links import plain
from goodword.defaults.facts.listing import listed

if TYPE_CHECKING:
    from datetime import date

    from goodword import Fact
    from goodword.defaults.facts.listing import Frame, Tables

MOST = 3
"""Names in one ask; more is a list nobody reads."""
_RANKS = range(1, MOST + 2)
"""One more candidate than names, in case one of them is the person's own company."""


def facts() -> list[Fact]:
    """Return the facts of this topic."""
    return listed(
        suggested,
        "accounts",
        "targets text Up to three companies we would like to meet, in the same town or trade.",
    )


def suggested(tables: Tables, as_of: date) -> Frame:
    """Return up to three names for each contact, joined by semicolons.

    Candidates are looked up once for each pair of town and trade, not for each person.
    """
    import narwhals.stable.v2 as nw

    accounts = tables["accounts"]
    home = accounts.select(
        "account_id", plain("industry").alias("industry"), plain("city").alias("its_city")
    )
    people = (
        tables["contacts"]
        .join(home, on="account_id", how="left")
        .select(
            "contact_id",
            nw.col("account_id").alias("own_id"),
            nw.coalesce(plain("city"), nw.col("its_city"), nw.lit("")).alias("city"),
            nw.coalesce(nw.col("industry"), nw.lit("")).alias("industry"),
        )
    )
    places = people.select("city", "industry").unique()
    candidates = _candidates(places, accounts, tables["deals"])
    found = people.join(candidates, on=["city", "industry"], how="inner")
    own = {
        number: (nw.col(f"id_{number}") == nw.col("own_id")).fill_null(value=False)
        for number in _RANKS
    }
    names = [nw.when(~own[number]).then(nw.col(f"name_{number}")) for number in range(1, MOST + 1)]
    replaced = own[1] | own[2] | own[3]
    names.append(nw.when(replaced).then(nw.col(f"name_{MOST + 1}")))
    joined = nw.concat_str(names, separator="; ", ignore_nulls=True)
    suggestions = found.select("contact_id", joined.alias("targets"))
    return suggestions.filter(nw.col("targets") != "")


def _candidates(places: Frame, accounts: Frame, deals: Frame) -> Frame:
    """Return the first targets by name of each pair of town and trade, side by side."""
    import narwhals.stable.v2 as nw

    busy = deals.filter(nw.col("status").is_in(["open", "won"])).select("account_id").unique()
    wanted = accounts.filter(nw.col("target") & ~nw.col("name").is_null())
    free = wanted.join(busy, on="account_id", how="anti")
    matches = nw.concat(
        [_sharing(places, free, "city"), _sharing(places, free, "industry")], how="vertical"
    ).unique()
    place = nw.col("one").cum_sum().over("city", "industry", order_by=["name", "id"])
    ranked = matches.with_columns(nw.lit(1).cast(nw.Int64).alias("one"))
    ranked = ranked.with_columns(place.alias("place"))
    side_by_side = [
        nw.when(nw.col("place") == number).then(nw.col(column)).alias(f"{column}_{number}")
        for number in _RANKS
        for column in ("id", "name")
    ]
    wide = ranked.select("city", "industry", *side_by_side).group_by("city", "industry")
    return wide.agg(
        nw.col(f"{column}_{number}").max() for number in _RANKS for column in ("id", "name")
    )


def _sharing(places: Frame, free: Frame, trait: str) -> Frame:
    """Return pairs of town and trade with the targets that share *trait*."""
    import narwhals.stable.v2 as nw

    keyed = free.select(
        plain(trait).alias(trait),
        nw.col("account_id").alias("id"),
        "name",
        nw.lit(1).cast(nw.Int64).alias("one"),
    ).filter(~nw.col(trait).is_null())
    place = nw.col("one").cum_sum().over(trait, order_by=["name", "id"])
    few = keyed.with_columns(place.alias("place")).filter(nw.col("place") <= MOST + 1)
    return places.join(few, on=trait, how="inner").select("city", "industry", "id", "name")
