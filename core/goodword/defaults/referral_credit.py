"""What each customer's referrals have brought so far, in whole cents that sum to the firm's total.

A claim counts where the referral graph keeps it. Each referral is worked out by itself and rounded
once, so whatever is summed, the firm's total comes out. Nothing is projected here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from goodword import (
    Link,
    Person,
    Windows,
    expected_value,
    forest,
    rate_per_period,
    type_one,
    type_two,
)
from goodword.defaults.facts.links import links
from goodword.defaults.facts.listing import start_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from typing import Any

    from goodword import Policy
    from goodword.defaults.facts.listing import Frame, Tables

WORDS = {
    "self": "sent themselves",
    "same_person": "sent themselves under another address",
    "later": "sent by somebody else first",
    "order": "a customer before the referral",
    "ring": "would close a ring",
    "late": "bought too long after the referral",
    "cold": "met us too long after the referral",
    "same_domain": "with their own mail domain",
    "burst": "one of many within a week",
}
"""Why a referral does not count, or should be looked at, as the page of ``why`` says it."""


@dataclass(frozen=True, slots=True)
class Credit:
    """What came of each referrer's referrals, by referrer.

    ``cents``: brought so far. ``settled``: cents and number of those whose first year is over.
    ``notes``: claims that do not count. ``doubts``: claims that count, and should be looked at.
    """

    cents: Mapping[str, int]
    settled: Mapping[str, tuple[int, int]]
    notes: Mapping[str, str]
    doubts: Mapping[str, str]


def credit(tables: Tables, facts: Frame, as_of: date, settings: Policy, share: float) -> Credit:
    """Return what the referrals of each customer brought, by the graph of all claims.

    Args:
        tables: Canonical tables.
        facts: One row a contact, with ``first_half_cents`` and ``first_year_cents``.
        as_of: Day of the run.
        settings: The firm's numbers.
        share: Share of referrals that would not have come anyway, where the CRM does not say.
    """
    import narwhals.stable.v2 as nw

    claims = links(tables, as_of).filter(~nw.col("referred_id").is_null())
    rows = claims.collect("polars").rows(named=True)
    if not rows:
        return Credit({}, {}, {}, {})
    ids = sorted({str(row[end]) for row in rows for end in ("referrer_id", "referred_id")})
    told = _people(tables, facts, ids)
    people = {
        name: Person(row["email"] or "", row["phone"] or "", row["first_purchase_at"])
        for name, row in told.items()
    }
    rules = settings.champions
    trees = forest(
        [_link(row) for row in rows],
        people,
        Windows(rules.link_days, rules.meeting_days, rules.purchase_days),
    )
    anyway = {row["referral_id"]: row["came_anyway"] for row in rows}
    year_ago = start_of(as_of) - timedelta(days=365)
    cents: dict[str, int] = defaultdict(int)
    settled: dict[str, tuple[int, int]] = {}
    for link in trees.links:
        known = told.get(link.referred)
        if known is not None and known["first_year_cents"] is not None:
            worth = round(_brought(known, anyway[link.id], settings, share))
            cents[link.referrer] += worth
            if known["first_purchase_at"] <= year_ago:
                before, number = settled.get(link.referrer, (0, 0))
                settled[link.referrer] = (before + worth, number + 1)
    aside = ((item.link.referrer, item.reason) for item in trees.set_aside)
    doubtful = ((flag.link.referrer, flag.doubt) for flag in trees.review)
    return Credit(dict(cents), settled, _told(aside), _told(doubtful))


def _link(row: Mapping[str, Any]) -> Link:
    times = row["at"], row["won_at"], row["met_at"]
    return Link(
        row["referral_id"], row["referrer_id"], row["referred_id"], *times, row["source"] or ""
    )


def _people(tables: Tables, facts: Frame, ids: list[str]) -> dict[str, dict[str, Any]]:
    import narwhals.stable.v2 as nw

    involved = nw.col("contact_id").is_in(ids)
    pages = tables["contacts"].filter(involved).select("contact_id", "email", "phone")
    bought = facts.filter(involved).select(
        "contact_id", "first_purchase_at", "first_half_cents", "first_year_cents"
    )
    found = {row["contact_id"]: row for row in bought.collect("polars").rows(named=True)}
    nothing = dict.fromkeys(("first_purchase_at", "first_half_cents", "first_year_cents"))
    return {
        row["contact_id"]: {**nothing, **found.get(row["contact_id"], {}), **row}
        for row in pages.collect("polars").rows(named=True)
    }


def _brought(
    bought: Mapping[str, Any], anyway: bool | None, settings: Policy, share: float
) -> float:
    """Return the worth of one referral so far, in cents, over its first two half-years."""
    rules = settings.champions
    rate = rate_per_period(rules.annual_discount_percent)
    saving, reward = float(rules.acquisition_saving_cents), float(rules.reward_cents)
    half, year = float(bought["first_half_cents"]), float(bought["first_year_cents"])
    one = type_one(
        [half, year - half],
        marketing=rules.marketing_cents / 2,
        reward=reward,
        saving=saving,
        rate=rate,
    )
    two = type_two(
        reward=reward,
        saving=saving,
        rate=rate,
        net_reward_on_type_two=rules.net_reward_on_type_two,
    )
    if anyway is None:
        return expected_value(share, one, two)
    return two if anyway else one


def _told(found: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what to say of the claims of each referrer, by their reasons."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for referrer, reason in found:
        counted[referrer][reason] += 1
    return {
        referrer: ", ".join(f"{n} {WORDS[why]}" for why, n in sorted(reasons.items()))
        for referrer, reasons in counted.items()
    }
