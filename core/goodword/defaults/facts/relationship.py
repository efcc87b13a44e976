"""Facts about the relationship: conversations, gifts and favours, deliveries and milestones.

Asking and giving are kept in balance: a gift, a favour, a thank-you, an article or an
introduction gives; an ask takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword import last
from goodword.defaults import play_names
from goodword.defaults.facts.asks import asked
from goodword.defaults.facts.listing import count, end_of, joined, listed

if TYPE_CHECKING:
    from datetime import date

    from goodword import Fact
    from goodword.defaults.facts.listing import Frame, Tables

TOUCHED = "activities touches"
FAVOURS = ("gift", "favour", "thank_you")
"""After these an ask would feel like their price."""
GIVES = (*FAVOURS, "article", "introduction", "congratulation", "support")
"""What we give without asking for anything."""
CONVERSATIONS = ("call", "meeting", "visit", "email", "note", "message")
"""Personal contact of any kind; newsletters and adverts are none, completed warm-ups are."""
_DONE = (*play_names.WARM_UPS, *play_names.RECOVERIES)


def facts() -> list[Fact]:
    """Return the facts of this topic."""
    return [
        *listed(
            given,
            TOUCHED,
            """
            give_last_at time When we last gave something without asking.
            favour_last_at time Latest gift, favour or thank-you.
            conversation_at time Latest personal conversation, call, visit or mail.
            """,
        ),
        *listed(given, TOUCHED, "gives int How often we gave something without asking.", fill=0),
        *listed(given, TOUCHED, "balance int What we gave less what we asked for.", fill=0),
        *_happened("delivery", "delivery", "Latest delivery"),
        *_happened("milestone", "milestone", "Latest milestone reached with us"),
        *_happened("review_meeting", "results_review", "Latest meeting that looked at results"),
    ]


def _happened(name: str, kind: str, what: str) -> list[Fact]:
    take = {f"{name}_at": "at", f"{name}_id": "activity_id"}
    lines = f"""
    {name}_at time {what}.
    {name}_id text Record of it.
    """
    build = last("activities", by="at", take=take, where=f"kind == '{kind}'")
    return listed(build, "activities", lines)


def given(tables: Tables, as_of: date) -> Frame:
    """Return what we gave each contact and when we last talked.

    Single activities, the host's own sums and our completed thank-yous may describe the same
    touches, so of the counts of a kind the largest one is taken, never their sum.
    """
    import narwhals.stable.v2 as nw

    frame = joined(
        tables,
        _touched(tables, as_of),
        _completed(tables, as_of),
        asked(tables, as_of).group_by("contact_id").agg(count("one").alias("taken")),
    )
    gives = nw.col("given").fill_null(0) + nw.col("cared").fill_null(0)
    return frame.select(
        "contact_id",
        nw.max_horizontal("talked_at", "cared_at", "thanked_at").alias("conversation_at"),
        nw.max_horizontal("gave_at", "cared_at").alias("give_last_at"),
        nw.max_horizontal("favour_at", "thanked_at").alias("favour_last_at"),
        gives.alias("gives"),
        (gives - nw.col("taken").fill_null(0)).alias("balance"),
    )


def _touched(tables: Tables, as_of: date) -> Frame:
    """Return ``contact_id, given, gave_at, talked_at, favour_at``, up to the day of the run."""
    import narwhals.stable.v2 as nw

    day_end = nw.lit(end_of(as_of))
    known = ~nw.col("contact_id").is_null()
    single = (
        tables["activities"]
        .filter(known & (nw.col("at") < day_end))
        .select("contact_id", "kind", "at", nw.lit(1).cast(nw.Int64).alias("times"))
    )
    host = (
        tables["touches"]
        .filter(known)
        .select(
            "contact_id",
            "kind",
            nw.coalesce("last_at", "first_at").alias("at"),
            nw.col("count").alias("times"),
        )
        .filter(nw.col("at").is_null() | (nw.col("at") < day_end))
    )
    sources = [_by_kind(frame) for frame in (single, host, _thanked(tables, as_of))]
    both = nw.concat(sources, how="vertical").group_by("contact_id")
    most = both.agg(nw.all().max())
    return most.with_columns(nw.sum_horizontal(*GIVES).alias("given"))


def _by_kind(touches: Frame) -> Frame:
    """Return how often each gift was made, and when we last gave, talked and did a favour."""
    import narwhals.stable.v2 as nw

    kind, at = nw.col("kind"), nw.col("at")
    often = [nw.when(kind == gift).then(nw.col("times")).alias(gift) for gift in GIVES]
    kinds = {"gave_at": GIVES, "talked_at": CONVERSATIONS, "favour_at": FAVOURS}
    last = [nw.when(kind.is_in(list(of))).then(at).alias(name) for name, of in kinds.items()]
    ours = touches.filter(kind.is_in([*GIVES, *CONVERSATIONS]))
    sums = [count(gift) for gift in GIVES]
    latest = [nw.col(name).max() for name in kinds]
    return ours.select("contact_id", *often, *last).group_by("contact_id").agg(*sums, *latest)


def _thanked(tables: Tables, as_of: date) -> Frame:
    """Return the thank-yous our reps completed, as touches; their notes come with the next run."""
    import narwhals.stable.v2 as nw

    ours = (nw.col("state") == "done") & nw.col("play").is_in(list(play_names.THANKS))
    known = ~nw.col("contact_id").is_null() & (nw.col("done_at") < nw.lit(end_of(as_of)))
    done = tables["asks"].filter(ours & known)
    return done.select(
        "contact_id",
        nw.lit("thank_you").alias("kind"),
        nw.col("done_at").alias("at"),
        nw.lit(1).cast(nw.Int64).alias("times"),
    )


def _completed(tables: Tables, as_of: date) -> Frame:
    """Return our completed tasks that gave something; a thank-you is also logged as a touch."""
    import narwhals.stable.v2 as nw

    done = (nw.col("state") == "done") & (nw.col("done_at") < nw.lit(end_of(as_of)))
    tasks = tables["asks"].filter(done & ~nw.col("contact_id").is_null())
    care = tasks.filter(nw.col("play").is_in(list(_DONE)))
    thanks = tasks.filter(nw.col("play").is_in(list(play_names.THANKS)))
    cared = (
        care.select("contact_id", nw.col("done_at").alias("cared_at"), nw.lit(1).alias("cared"))
        .group_by("contact_id")
        .agg(nw.col("cared_at").max(), count("cared"))
    )
    thanked = thanks.group_by("contact_id").agg(nw.col("done_at").max().alias("thanked_at"))
    return joined(tables, cared, thanked)
