"""Facts about recovery: did something go wrong, was it fixed, and did the person say so since.

clear -> incident -> recovering -> proven. An incident counts as long as it would hold back an ask;
after that, or if nothing ever happened, the state is clear. An open complaint never fades.
"""

from __future__ import annotations

from datetime import timedelta
from functools import reduce
from typing import TYPE_CHECKING

from goodword import derived, last, newest
from goodword.defaults import play_names
from goodword.defaults.facts.feedback import (
    CSAT_TOP,
    PROMOTER,
    REVIEW_GOOD,
    detractors,
)
from goodword.defaults.facts.listing import (
    count,
    end_of,
    heard_by,
    joined,
    listed,
    one_if,
    start_of,
)
from goodword.defaults.facts.service import is_open

if TYPE_CHECKING:
    from datetime import date

    import narwhals.stable.v2 as nw

    from goodword import Fact, Policy
    from goodword.defaults.facts.listing import Frame, Tables

SEEN = "tickets feedback asks"


def facts(settings: Policy) -> list[Fact]:
    """Return the facts of this topic."""

    def recovery(tables: Tables, as_of: date) -> Frame:
        return recovered(tables, as_of, settings)

    return [
        *listed(
            recovery,
            SEEN,
            "recovery_state text clear, incident, recovering or proven.",
            fill="clear",
        ),
        *listed(
            recovery,
            SEEN,
            """
            recovery_until time When the latest incident no longer holds back an ask.
            incident_at time Latest complaint, low score or unhappy answer that still counts.
            incident_id text Record of it.
            fixed_at time Latest closed ticket or completed recovery task.
            unhappy_at time When a rep last recorded "unhappy".
            """,
        ),
        *listed(
            delighted,
            SEEN,
            """
            good_sign_at time Latest NPS 9-10, CSAT 5, review of 4-5, good solution or delivery.
            moment_at time Latest such sign, milestone or meeting that looked at results.
            """,
        ),
    ]


def recovered(tables: Tables, as_of: date, settings: Policy) -> Frame:
    """Return the state of recovery of each contact, and what it is made of."""
    import narwhals.stable.v2 as nw

    ask = settings.ask
    frame = joined(
        tables,
        _complaints(tables, as_of),
        detractors(tables, as_of),
        _unhappy(tables, as_of),
        _fixes(tables, as_of),
        delighted(tables, as_of),
    )
    lengths = {
        "complaint": ask.complaint_days,
        "detractor": ask.detractor_days,
        "unhappy": ask.complaint_days,
    }
    today = nw.lit(start_of(as_of))
    for kind, days in lengths.items():
        end = nw.col(f"{kind}_at").dt.truncate("1d") + nw.lit(timedelta(days=days))
        counts = end > today
        frame = frame.with_columns(
            nw.when(counts).then(nw.col(f"{kind}_at")).alias(f"on_{kind}"),
            nw.when(counts).then(end).alias(f"end_{kind}"),
        )
    is_running = (nw.col("unsolved") > 0).fill_null(value=False)
    latest = nw.max_horizontal(*(f"on_{kind}" for kind in lengths))
    frame = frame.with_columns(
        nw.when(is_running).then(nw.col("complaint_at")).otherwise(latest).alias("incident_at"),
        nw.max_horizontal(*(f"end_{kind}" for kind in lengths)).alias("over_at"),
    )
    proof_from = nw.col("fixed_at").dt.truncate("1d") + nw.lit(timedelta(days=ask.recovery_days))
    is_fixed = (nw.col("fixed_at") >= nw.col("incident_at")).fill_null(value=False)
    is_proven = (nw.col("good_sign_at") >= proof_from).fill_null(value=False)
    state = (
        nw.when(is_running)
        .then(nw.lit("incident"))
        .when(nw.col("incident_at").is_null())
        .then(nw.lit("clear"))
        .when(~is_fixed)
        .then(nw.lit("incident"))
        .when(is_proven)
        .then(nw.lit("proven"))
        .otherwise(nw.lit("recovering"))
    )
    frame = frame.with_columns(state.alias("recovery_state"))
    held = nw.col("recovery_state").is_in(["incident", "recovering"]) & ~is_running
    return frame.select(
        *("contact_id", "recovery_state", "incident_at", "fixed_at", "unhappy_at"),
        nw.when(held).then(nw.col("over_at")).alias("recovery_until"),
        _record_of_the_incident(list(lengths)),
    )


def _record_of_the_incident(kinds: list[str]) -> nw.Expr:
    import narwhals.stable.v2 as nw

    pick = [
        nw.when(nw.col(f"{kind}_at") == nw.col("incident_at")).then(nw.col(f"{kind}_id"))
        for kind in kinds
    ]
    return nw.coalesce(*pick).alias("incident_id")


def _complaints(tables: Tables, as_of: date) -> Frame:
    import narwhals.stable.v2 as nw

    serious = nw.col("kind").is_in(["complaint", "escalation"])
    unsolved = (
        tables["tickets"]
        .filter(serious & is_open(as_of) & ~nw.col("contact_id").is_null())
        .select("contact_id", nw.lit(1).cast(nw.Int64).alias("unsolved"))
        .group_by("contact_id")
        .agg(count("unsolved"))
    )
    latest = last(
        "tickets",
        by="opened_at",
        take={"complaint_at": "opened_at", "complaint_id": "ticket_id"},
        where="kind in ('complaint', 'escalation')",
    )
    people = tables["contacts"].select("contact_id")
    spoke = people.join(latest(tables, as_of), on="contact_id", how="left")
    return spoke.join(unsolved, on="contact_id", how="left")


def _unhappy(tables: Tables, as_of: date) -> Frame:
    import narwhals.stable.v2 as nw

    said = tables["asks"].filter(nw.col("outcome") == "unhappy")
    dated = said.with_columns(nw.coalesce("done_at", "created_at").alias("unhappy_at"))
    known = dated.filter(nw.col("unhappy_at") < nw.lit(heard_by(as_of)))
    latest = newest(known, per=["contact_id"], by=["unhappy_at", "task_key"])
    return latest.select("contact_id", "unhappy_at", nw.col("task_key").alias("unhappy_id"))


def _fixes(tables: Tables, as_of: date) -> Frame:
    """Return when something was last put right: a ticket closed, a recovery task completed.

    A recovery task whose outcome is "unhappy" put nothing right.
    """
    import narwhals.stable.v2 as nw

    closed = tables["tickets"].filter(~is_open(as_of))
    ended = closed.select("contact_id", nw.coalesce("closed_at", "opened_at").alias("at"))
    solved = (nw.col("outcome") != "unhappy").fill_null(value=True)
    done = (nw.col("state") == "done") & nw.col("play").is_in(list(play_names.RECOVERIES)) & solved
    tasks = tables["asks"].filter(done).select("contact_id", nw.col("done_at").alias("at"))
    return _latest([ended, tasks], as_of, "fixed_at")


@derived
def delighted(tables: Tables, as_of: date) -> Frame:
    """Return when each contact last showed delight."""
    import narwhals.stable.v2 as nw

    answers = tables["feedback"]
    high = [
        one_if((nw.col("kind") == kind) & (nw.col("score") >= least))
        for kind, least in (("nps", PROMOTER), ("csat", CSAT_TOP), ("review", REVIEW_GOOD))
    ]
    happy = answers.filter(reduce(lambda a, b: a + b, high) > 0).select("contact_id", "at")
    solved = tables["tickets"].filter(nw.col("positive").fill_null(value=False))
    good = [happy, solved.select("contact_id", nw.col("closed_at").alias("at"))]
    done = tables["activities"].select("contact_id", "kind", "at")
    delivered = done.filter(nw.col("kind") == "delivery").select("contact_id", "at")
    reached = done.filter(nw.col("kind").is_in(["milestone", "results_review"]))
    return joined(
        tables,
        _latest([*good, delivered], as_of, "good_sign_at"),
        _latest([*good, delivered, reached.select("contact_id", "at")], as_of, "moment_at"),
    )


def _latest(frames: list[Frame], as_of: date, name: str) -> Frame:
    """Return the latest ``at`` of all *frames* for each contact, up to the day of the run."""
    import narwhals.stable.v2 as nw

    known = ~nw.col("contact_id").is_null() & (nw.col("at") < nw.lit(end_of(as_of)))
    together = nw.concat([frame.filter(known) for frame in frames], how="vertical")
    return together.group_by("contact_id").agg(nw.col("at").max().alias(name))
