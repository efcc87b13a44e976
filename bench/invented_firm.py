"""An invented firm of any size in the canonical tables, the same for the same seed.

Shares follow what a service firm's CRM looks like: a long tail of small buyers, some complaints,
few referrals, which form a forest. Planted in it: amounts that do not divide (rounding ties),
nulls in every column that may have them, instants that two rows share, negative margins, refunds,
claims to a person who is claimed already. Everything is made up; names are numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

import numpy as np
import polars as pl
from invented_tasks import asks
from numpy.typing import NDArray

TODAY = datetime(2026, 11, 20)
PER_OWNER = 500
"""Contacts looked after by one rep."""
AT_ONCE = 25_000
"""Contacts made up at a time; no page depends on another."""
DAY = 86_400_000_000
"""Microseconds."""

Whole: TypeAlias = NDArray[np.int64]
Yes: TypeAlias = NDArray[np.bool_]

TOUCHED = {
    "email": 40,
    "call": 20,
    "meeting": 10,
    "note": 8,
    "newsletter": 9,
    "delivery": 6,
    "visit": 2,
    "milestone": 1,
    "results_review": 1,
    "gift": 1,
    "thank_you": 1,
    "article": 1,
}
SUBJECTS = {
    "": 60,
    "Your question": 12,
    "Maintenance visit": 5,
    "Onboarding call": 4,
    "Newsletter spring": 5,
    "A guide to filters": 3,
    "Demo of the new model": 3,
    "Annual Service": 3,
    "Invitation to the customer evening": 2,
    "Audit of the plant": 2,
    "Case Study: a bakery": 1,
}


def tables(contacts: int, seed: int = 7) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield ``(table, page)`` for a firm of *contacts* people.

    A contact has about 4 deals (skewed), 10 activities, half a survey answer, 0.3 of a referral
    and 0.4 past asks. ``own_fields`` is not among them: that is what a plan leaves on the host.
    """
    owners, accounts = max(1, contacts // PER_OWNER), contacts // 2 + 1
    yield "owners", _owners(owners)
    yield "accounts", _accounts(accounts, owners)
    for start in range(0, contacts, AT_ONCE):
        rng = np.random.default_rng([seed, start])
        people = np.arange(start, min(start + AT_ONCE, contacts))
        company = rng.integers(0, accounts, people.size)
        yield "contacts", _contacts(rng, people, company, owners)
        yield from _deals(rng, people, company, contacts)
        yield "activities", _activities(rng, people, owners)
        yield "tickets", _tickets(rng, people)
        yield "feedback", _feedback(rng, people)
        yield "invoices", _invoices(rng, people)
        yield "referrals", _referrals(rng, people)
        yield "asks", asks(rng, people, owners, TODAY)


def _owners(number: int) -> pl.DataFrame:
    n = np.arange(number)
    return pl.DataFrame({"n": n}).select(
        named("o", "n").alias("owner_id"),
        named("Rep ", "n").alias("name"),
        (pl.col("n") % 20 != 19).alias("active"),
    )


def _accounts(number: int, owners: int) -> pl.DataFrame:
    return pl.DataFrame({"n": np.arange(number)}).select(
        named("a", "n").alias("account_id"),
        named("Company ", "n").alias("name"),
        (pl.lit("o") + (pl.col("n") % owners).cast(pl.String)).alias("owner_id"),
        (pl.lit("Town ") + (pl.col("n") % 200).cast(pl.String)).alias("city"),
        (pl.lit("Trade ") + (pl.col("n") % 30).cast(pl.String)).alias("industry"),
        ((pl.col("n") % 97 == 0) & (pl.col("n") < 10_000)).alias("target"),
    )


def _contacts(rng: np.random.Generator, people: Whole, company: Whole, owners: int) -> pl.DataFrame:
    size = people.size
    made = {
        "n": people,
        "company": company,
        "alone": chance(rng, size, 0.1),
        "nobody": chance(rng, size, 0.03),
        "unnamed": chance(rng, size, 0.004),
        "kind": pick(rng, size, {"": 90, "customer": 7, "partner": 2, "employee": 1}),
        "status": pick(rng, size, {"": 70, "customer": 24, "lead": 4, "lost": 2}),
        "consent": pick(rng, size, {"": 37, "yes": 50, "no": 8, "unknown": 5}),
        "do_not_ask": chance(rng, size, 0.005),
        "left_company": chance(rng, size, 0.005),
        "town": rng.integers(0, 400, size),
        "created_at": before(rng, size, 2500),
    }
    unnamed, alone, nobody = pl.col("unnamed"), pl.col("alone"), pl.col("nobody")
    return pl.DataFrame(made).select(
        named("c", "n").alias("contact_id"),
        pl.when(~unnamed).then(named("Person ", "n")).alias("name"),
        pl.when(~unnamed).then(pl.lit("Person")).alias("first_name"),
        (named("person", "n") + pl.lit("@example.com")).alias("email"),
        pl.when(~alone).then(named("a", "company")).alias("account_id"),
        pl.when(~nobody)
        .then(pl.lit("o") + (pl.col("n") % owners).cast(pl.String))
        .alias("owner_id"),
        *(blank(name) for name in ("kind", "status", "consent")),
        pl.when(pl.col("do_not_ask")).then(pl.lit(value=True)).alias("do_not_ask"),
        pl.when(pl.col("left_company")).then(pl.lit(value=True)).alias("left_company"),
        pl.when(pl.col("town") < 200).then(named("Town ", "town")).alias("city"),
        moment("created_at"),
    )


def _deals(
    rng: np.random.Generator, people: Whole, company: Whole, contacts: int
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield deals, and who is on each: mostly one person, sometimes two, seldom nobody."""
    each = np.minimum(rng.lognormal(1.05, 0.95, people.size).astype(np.int64), 120)
    owner, place = np.repeat(people, each), within(each)
    size = owner.size
    amount = rng.lognormal(10, 1, size).astype(np.int64)
    kind = pick(rng, size, {"": 60, "new": 15, "repeat": 15, "renewal": 7, "refund": 3})
    amount = np.where(kind == "refund", -amount, amount)
    margin = np.where(chance(rng, size, 0.04), -(amount // 10), amount * 2 // 5)
    created = before(rng, size, 1500)
    later = rng.integers(0, 60 * DAY, size)
    made = pl.DataFrame(
        {
            "n": owner,
            "place": place,
            "company": np.repeat(company, each),
            "homeless": chance(rng, size, 0.5),
            "kind": kind,
            "status": pick(rng, size, {"won": 78, "lost": 14, "open": 8}),
            "amount": amount,
            "unpriced": chance(rng, size, 0.02),
            "margin": margin,
            "unknown": chance(rng, size, 0.7),
            "created_at": created,
            "closed_at": created + np.where(chance(rng, size, 0.5), later, later // DAY * DAY),
            "undated": chance(rng, size, 0.01),
            "mark": pick(rng, size, {"yes": 70, "no": 20, "": 10}),
            "second": chance(rng, size, 0.08),
            "nobody": chance(rng, size, 0.02),
        }
    ).with_columns((named("d", "n") + named("-", "place")).alias("deal_id"))
    still = (pl.col("status") == "open") | pl.col("undated")
    yield (
        "deals",
        made.select(
            "deal_id",
            pl.when(~pl.col("homeless")).then(named("a", "company")).alias("account_id"),
            blank("kind"),
            "status",
            pl.when(~pl.col("unpriced")).then("amount").alias("amount_cents"),
            pl.when(~pl.col("unknown")).then("margin").alias("margin_cents"),
            moment("created_at"),
            pl.when(~still).then(moment("closed_at")).alias("closed_at"),
        ),
    )
    mark = pl.col("mark")
    primary = pl.when(mark != "").then(mark == "yes").alias("primary")
    beside = pl.lit("c") + ((pl.col("n") + 1) % contacts).cast(pl.String)
    linked = made.filter(~pl.col("nobody"))
    yield "deal_contacts", linked.select("deal_id", named("c", "n").alias("contact_id"), primary)
    second = linked.filter(pl.col("second")) if contacts > 1 else linked.clear()
    yield "deal_contacts", second.select("deal_id", beside.alias("contact_id"), primary)


def _activities(rng: np.random.Generator, people: Whole, owners: int) -> pl.DataFrame:
    each = rng.poisson(10, people.size)
    size = int(each.sum())
    made = {
        "n": np.repeat(people, each),
        "place": within(each),
        "owner": rng.integers(0, owners, size),
        "kind": pick(rng, size, TOUCHED),
        "subject": pick(rng, size, SUBJECTS),
        "at": before(rng, size, 900),
        "adrift": chance(rng, size, 0.001),
        "undated": chance(rng, size, 0.001),
    }
    return pl.DataFrame(made).select(
        (named("v", "n") + named("-", "place")).alias("activity_id"),
        pl.when(~pl.col("adrift")).then(named("c", "n")).alias("contact_id"),
        named("o", "owner").alias("owner_id"),
        "kind",
        pl.when(~pl.col("undated")).then(moment("at")).alias("at"),
        blank("subject"),
    )


def _tickets(rng: np.random.Generator, people: Whole) -> pl.DataFrame:
    each = rng.poisson(0.08, people.size)
    size = int(each.sum())
    opened = before(rng, size, 500)
    made = {
        "n": np.repeat(people, each),
        "place": within(each),
        "kind": pick(rng, size, {"ticket": 70, "complaint": 22, "escalation": 8}),
        "status": pick(rng, size, {"closed": 80, "open": 15, "": 5}),
        "opened_at": opened,
        "closed_at": opened + rng.integers(0, 20 * DAY, size),
        "positive": pick(rng, size, {"": 60, "yes": 25, "no": 15}),
    }
    mood = pl.col("positive")
    return pl.DataFrame(made).select(
        (named("t", "n") + named("-", "place")).alias("ticket_id"),
        named("c", "n").alias("contact_id"),
        "kind",
        blank("status"),
        moment("opened_at"),
        pl.when(pl.col("status") == "closed").then(moment("closed_at")).alias("closed_at"),
        pl.when(mood != "").then(mood == "yes").alias("positive"),
    )


def _feedback(rng: np.random.Generator, people: Whole) -> pl.DataFrame:
    """Make up answers; some people gave two at the same instant."""
    each = rng.poisson(0.45, people.size)
    each += (each == 1) & chance(rng, people.size, 0.05)
    size = int(each.sum())
    owner, place = np.repeat(people, each), within(each)
    kind = pick(rng, size, {"nps": 70, "csat": 20, "review": 10})
    score = np.where(kind == "nps", rng.integers(0, 11, size), rng.integers(1, 6, size))
    at = before(rng, size, 400)
    twin = (place > 0) & chance(rng, size, 0.2)
    made = {
        "n": owner,
        "place": place,
        "kind": kind,
        "score": score,
        "silent": chance(rng, size, 0.01),
        "at": np.where(twin, np.roll(at, 1), at),
    }
    return pl.DataFrame(made).select(
        (named("f", "n") + named("-", "place")).alias("feedback_id"),
        named("c", "n").alias("contact_id"),
        "kind",
        pl.when(~pl.col("silent")).then("score").alias("score"),
        moment("at"),
    )


def _invoices(rng: np.random.Generator, people: Whole) -> pl.DataFrame:
    late = people[chance(rng, people.size, 0.05)]
    due = before(rng, late.size, 90) + 20 * DAY
    made = {
        "n": late,
        "amount_cents": rng.integers(1_000, 900_000, late.size),
        "due_at": due,
        "paid_at": due + rng.integers(-10 * DAY, 10 * DAY, late.size),
        "paid": chance(rng, late.size, 0.7),
    }
    return pl.DataFrame(made).select(
        named("i", "n").alias("invoice_id"),
        named("c", "n").alias("contact_id"),
        "amount_cents",
        moment("due_at"),
        pl.when(pl.col("paid")).then(moment("paid_at")).alias("paid_at"),
    )


def _referrals(rng: np.random.Generator, people: Whole) -> pl.DataFrame:
    """Make up a forest: each is sent by somebody of a lower number, some are claimed twice."""
    sent = people[(people > 0) & chance(rng, people.size, 0.3)]
    sent = np.sort(np.concatenate([sent, sent[chance(rng, sent.size, 0.02)]]))
    size = sent.size
    at = before(rng, size, 4000, 1.0)
    made = {
        "n": sent,
        "place": np.arange(size) - np.searchsorted(sent, sent),
        "by": (rng.random(size) * sent).astype(np.int64),
        "self": chance(rng, size, 0.002),
        "name_only": chance(rng, size, 0.03),
        "undated": chance(rng, size, 0.02),
        "status": pick(rng, size, {"received": 40, "met": 20, "won": 25, "lost": 13, "": 2}),
        "at": at,
        "met_at": at + rng.integers(0, 40 * DAY, size),
        "won_at": at + rng.integers(20 * DAY, 90 * DAY, size),
        "anyway": pick(rng, size, {"": 80, "yes": 8, "no": 12}),
    }
    status, anyway = pl.col("status"), pl.col("anyway")
    return pl.DataFrame(made).select(
        (named("r", "n") + named("-", "place")).alias("referral_id"),
        pl.when(pl.col("self"))
        .then(named("c", "n"))
        .otherwise(named("c", "by"))
        .alias("referrer_id"),
        pl.when(~pl.col("name_only")).then(named("c", "n")).alias("referred_id"),
        pl.when(pl.col("name_only")).then(named("Friend ", "n")).alias("referred_name"),
        blank("status"),
        pl.when(~pl.col("undated")).then(moment("at")).alias("at"),
        pl.when(status.is_in(["met", "won"])).then(moment("met_at")).alias("met_at"),
        pl.when(status == "won").then(moment("won_at")).alias("won_at"),
        pl.when(status == "lost").then(moment("won_at")).alias("lost_at"),
        pl.when(anyway != "").then(anyway == "yes").alias("came_anyway"),
    )


# ---------------------------------------------------------------------- pieces of columns


def named(letter: str, column: str) -> pl.Expr:
    """Return *letter* and the number in *column* as one text."""
    return pl.lit(letter) + pl.col(column).cast(pl.String)


def blank(column: str) -> pl.Expr:
    """Return a column of texts with null where it is empty."""
    return pl.when(pl.col(column) != "").then(pl.col(column)).alias(column)


def moment(column: str) -> pl.Expr:
    """Return microseconds as an instant."""
    return pl.col(column).cast(pl.Datetime("us"))


def before(rng: np.random.Generator, size: int, days: int, skew: float = 1.3) -> Whole:
    """Return instants up to *days* before today; a third of them fall on a midnight, as dates do.

    A few lie ahead, as they do where somebody mistyped a year. The larger *skew*, the more of them
    are of late.
    """
    today = np.int64(np.datetime64(TODAY, "us").astype(np.int64))
    back = (rng.random(size) ** skew * days * DAY).astype(np.int64) - DAY // 3
    back = np.where(rng.random(size) < 0.33, back // DAY * DAY, back)
    return np.where(rng.random(size) < 0.003, today + back, today - back)


def pick(rng: np.random.Generator, size: int, shares: dict[str, int]) -> NDArray[np.str_]:
    """Return words drawn with these shares."""
    words = np.array(list(shares))
    edges = np.cumsum(list(shares.values()))
    drawn: NDArray[np.str_] = words[np.searchsorted(edges, rng.random(size) * edges[-1], "right")]
    return drawn


def chance(rng: np.random.Generator, size: int, share: float) -> Yes:
    """Return yes for about this share."""
    return rng.random(size) < share


def within(each: NDArray[np.int64]) -> Whole:
    """Return 0, 1, … for each group of these sizes, one group after another."""
    ends = np.cumsum(each)
    return np.arange(int(each.sum())) - np.repeat(ends - each, each)
