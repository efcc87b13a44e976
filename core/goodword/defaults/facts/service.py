"""Facts about service: tickets, complaints and whether the person said they were solved well."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from goodword import last, newest
from goodword.defaults.facts.feedback import CSAT_GOOD
from goodword.defaults.facts.listing import count, end_of, heard_by, listed, one_if, start_of

if TYPE_CHECKING:
    from datetime import date

    import narwhals.stable.v2 as nw

    from goodword import Fact
    from goodword.defaults.facts.listing import Frame, Tables

ANSWERED_WITHIN = timedelta(days=30)
"""A survey answer this soon after a ticket was closed is taken to be about it (convention)."""


def facts() -> list[Fact]:
    """Return the facts of this topic."""
    complaints = last(
        "tickets",
        by="opened_at",
        take={"complaint_at": "opened_at", "complaint_id": "ticket_id"},
        where="kind in ('complaint', 'escalation')",
    )
    return [
        *listed(
            still_open,
            "tickets",
            """
            tickets_open int Open tickets of any kind, complaints and escalations included.
            complaint_open int Open complaints.
            escalations_open int Open escalations.
            """,
            fill=0,
        ),
        *listed(
            complaints,
            "tickets",
            """
            complaint_at time Latest complaint or escalation.
            complaint_id text Record of it.
            """,
        ),
        *listed(
            resolved,
            "tickets",
            """
            resolved_at time Latest ticket closed to the person's satisfaction.
            resolved_id text Record of that ticket.
            """,
        ),
        *listed(
            overdue,
            "invoices",
            "invoices_overdue int Unpaid invoices past their date.",
            fill=0,
        ),
    ]


def is_open(as_of: date) -> nw.Expr:
    """Return the condition that a ticket was open at the end of the day *as_of*.

    A ticket without status and closing date counts as open: we would rather not ask.
    """
    import narwhals.stable.v2 as nw

    begun = nw.col("opened_at").is_null() | (nw.col("opened_at") < nw.lit(heard_by(as_of)))
    unsaid = nw.col("status").is_null() & nw.col("closed_at").is_null()
    later = nw.col("closed_at") >= nw.lit(end_of(as_of))
    still = (nw.col("status") == "open").fill_null(value=False) | unsaid
    return begun & (still | later.fill_null(value=False))


def still_open(tables: Tables, as_of: date) -> Frame:
    """Return how many tickets of each kind are open."""
    import narwhals.stable.v2 as nw

    mine = tables["tickets"].filter(is_open(as_of) & ~nw.col("contact_id").is_null())
    flagged = mine.select(
        "contact_id",
        nw.lit(1).cast(nw.Int64).alias("tickets_open"),
        one_if(nw.col("kind") == "complaint").alias("complaint_open"),
        one_if(nw.col("kind") == "escalation").alias("escalations_open"),
    )
    return flagged.group_by("contact_id").agg(
        count("tickets_open"), count("complaint_open"), count("escalations_open")
    )


def resolved(tables: Tables, as_of: date) -> Frame:
    """Return the latest ticket that ended well: said so, or followed by a good survey answer."""
    import narwhals.stable.v2 as nw

    day_end = nw.lit(end_of(as_of))
    closed = tables["tickets"].filter(
        ~nw.col("contact_id").is_null() & (nw.col("closed_at") < day_end)
    )
    good = (
        tables["feedback"]
        .filter((nw.col("kind") == "csat") & (nw.col("score") >= CSAT_GOOD))
        .filter(nw.col("at") < day_end)
        .select("contact_id", nw.col("at").alias("said_at"))
    )
    followed = (
        closed.join(good, on="contact_id", how="inner")
        .filter(nw.col("said_at") >= nw.col("closed_at"))
        .filter(nw.col("said_at") <= nw.col("closed_at") + nw.lit(ANSWERED_WITHIN))
        .select("ticket_id", nw.lit(value=True).alias("followed"))
        .unique()
    )
    happy = nw.col("positive").fill_null(value=False) | nw.col("followed").fill_null(value=False)
    ended = closed.join(followed, on="ticket_id", how="left").filter(happy)
    latest = newest(ended, per=["contact_id"], by=["closed_at", "ticket_id"])
    return latest.select(
        "contact_id",
        nw.col("closed_at").alias("resolved_at"),
        nw.col("ticket_id").alias("resolved_id"),
    )


def overdue(tables: Tables, as_of: date) -> Frame:
    """Return how many invoices fell due before the day of the run and are not paid."""
    import narwhals.stable.v2 as nw

    unpaid = nw.col("paid_at").is_null() | (nw.col("paid_at") >= nw.lit(end_of(as_of)))
    late = tables["invoices"].filter(unpaid & (nw.col("due_at") < nw.lit(start_of(as_of))))
    mine = late.filter(~nw.col("contact_id").is_null())
    counted = mine.select("contact_id", nw.lit(1).cast(nw.Int64).alias("invoices_overdue"))
    return counted.group_by("contact_id").agg(count("invoices_overdue"))
