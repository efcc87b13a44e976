"""Facts about our own asks: what is open, what was answered, and how long to rest.

A task completed without an outcome was asked and not answered. A task that a rep deleted counts
as a rest, one that expired or was withdrawn as nothing at all.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from goodword import derived, newest
from goodword.defaults import play_names
from goodword.defaults.facts.listing import count, heard_by, joined, listed, one_if, start_of

if TYPE_CHECKING:
    from datetime import date

    import narwhals.stable.v2 as nw

    from goodword import Fact, Policy
    from goodword.defaults.facts.listing import Frame, Tables

YEAR = timedelta(days=365)
NO_ANSWER = "no answer"


def facts(settings: Policy) -> list[Fact]:
    """Return the facts of this topic."""

    def history(tables: Tables, as_of: date) -> Frame:
        return answered(tables, as_of, settings)

    return [
        *listed(
            pending,
            "asks",
            """
            ask_open int Open tasks of ours that ask the person for a referral.
            tasks_open int Open tasks of ours of any kind.
            """,
            fill=0,
        ),
        *listed(
            history,
            "asks",
            """
            asks_done int Asks that reps completed.
            asks_365 int Of those, in the last 365 days.
            asks_yes int Asks answered with a yes.
            unanswered_row int Asks without answer since the latest answer.
            unanswered_365 int Asks without answer in the last 365 days.
            """,
            fill=0,
        ),
        *listed(
            history,
            "asks",
            """
            asked_last_at time When the person was last asked.
            unanswered_last_at time When an ask last stayed without answer.
            asks_cap_until time When a further ask would fit into the year.
            rest_until time End of the rest after the latest answer.
            later_at time Day the person wanted to be asked again.
            later_id text Record of that answer.
            """,
        ),
        *listed(
            final_words,
            "asks",
            """
            said_never bool The person never wants to be asked again.
            wrong_person bool A rep recorded that this is the wrong person to ask.
            """,
            fill=False,
        ),
    ]


def is_ask() -> nw.Expr:
    """Return the condition that a task of ours asks for a referral, whosever play it is."""
    import narwhals.stable.v2 as nw

    bundled = nw.col("play").is_in(list(play_names.ASKS)).fill_null(value=False)
    return bundled | nw.col("asking").fill_null(value=False)


@derived
def ask_tasks(tables: Tables, as_of: date) -> Frame:
    """Return our tasks that ask for a referral, with ``one`` to count and the time ``ended``."""
    import narwhals.stable.v2 as nw

    asks = _begun(tables, as_of).filter(is_ask())
    return asks.with_columns(
        nw.lit(1).cast(nw.Int64).alias("one"),
        nw.coalesce("done_at", "due_at", "created_at").alias("ended"),
    )


@derived
def asked(tables: Tables, as_of: date) -> Frame:
    """Return the asks that happened: completed by the rep, with or without an outcome."""
    import narwhals.stable.v2 as nw

    silent = (nw.col("outcome") == NO_ANSWER) | nw.col("outcome").is_null()
    return _happened(ask_tasks(tables, as_of), as_of).with_columns(one_if(silent).alias("silent"))


@derived
def names_given(tables: Tables, as_of: date) -> Frame:
    """Return our tasks answered "yes" with a name, with the time ``ended``.

    A task of any kind: who names somebody over a thank-you or a greeting has sent them, too.
    """
    import narwhals.stable.v2 as nw

    named = (nw.col("outcome") == "yes") & ~nw.col("outcome_name").is_null()
    return _happened(_begun(tables, as_of).filter(named), as_of)


def _begun(tables: Tables, as_of: date) -> Frame:
    """Return our tasks about somebody that had been made by then."""
    import narwhals.stable.v2 as nw

    begun = nw.col("created_at").is_null() | (nw.col("created_at") < nw.lit(heard_by(as_of)))
    return tables["asks"].filter(~nw.col("contact_id").is_null() & begun)


def _happened(tasks: Frame, as_of: date) -> Frame:
    """Return the tasks that were completed or answered, with the time ``ended``."""
    import narwhals.stable.v2 as nw

    happened = (nw.col("state") == "done") | ~nw.col("outcome").is_null()
    dated = tasks.filter(happened).with_columns(nw.coalesce("done_at", "created_at").alias("ended"))
    return dated.filter(nw.col("ended") < nw.lit(heard_by(as_of)))


def pending(tables: Tables, as_of: date) -> Frame:
    """Return how many of our tasks are open for each contact."""
    import narwhals.stable.v2 as nw

    is_open = (nw.col("state") == "open") & nw.col("outcome").is_null()
    mine = tables["asks"].filter(is_open & ~nw.col("contact_id").is_null())
    flagged = mine.select(
        "contact_id",
        nw.lit(1).cast(nw.Int64).alias("tasks_open"),
        one_if(is_ask()).alias("ask_open"),
    )
    return flagged.group_by("contact_id").agg(count("tasks_open"), count("ask_open"))


def answered_dates(tables: Tables, as_of: date) -> Frame:
    """Return when each contact was last asked, as ``asked_at``."""
    import narwhals.stable.v2 as nw

    tasks = asked(tables, as_of)
    return tasks.group_by("contact_id").agg(nw.col("ended").max().alias("asked_at"))


def answered(tables: Tables, as_of: date, settings: Policy) -> Frame:
    """Return what became of the asks of each contact, and until when to rest."""
    import narwhals.stable.v2 as nw

    tasks = asked(tables, as_of)
    recent = nw.col("ended") >= nw.lit(start_of(as_of) - YEAR + timedelta(days=1))
    flagged = tasks.with_columns(
        one_if(recent).alias("recent"),
        one_if(recent & (nw.col("silent") == 1)).alias("recent_silent"),
        one_if(nw.col("outcome") == "yes").alias("yes"),
    )
    sums = flagged.group_by("contact_id").agg(
        nw.col("ended").max().alias("asked_last_at"),
        count("one").alias("asks_done"),
        count("recent").alias("asks_365"),
        count("yes").alias("asks_yes"),
        count("recent_silent").alias("unanswered_365"),
    )
    return joined(
        tables,
        sums,
        _in_a_row(tasks),
        _full_year(tasks, settings),
        _rests(tables, as_of, settings),
        _later(tasks),
    )


def final_words(tables: Tables, as_of: date) -> Frame:
    """Return who said "never", or is the wrong person, on a task of ours of any kind.

    Whenever it was said: a date to come only says that somebody's clock is wrong.
    """
    import narwhals.stable.v2 as nw

    spoken = tables["asks"].filter(nw.col("outcome").is_in(["never", "wrong person"]))
    flagged = spoken.select(
        "contact_id",
        one_if(nw.col("outcome") == "never").alias("never"),
        one_if(nw.col("outcome") == "wrong person").alias("wrong"),
    )
    frame = joined(tables, flagged.group_by("contact_id").agg(count("never"), count("wrong")))
    return frame.select(
        "contact_id",
        (nw.col("never") > 0).alias("said_never"),
        (nw.col("wrong") > 0).alias("wrong_person"),
    )


def _in_a_row(tasks: Frame) -> Frame:
    """Return how many asks stayed without answer since the latest one that was answered."""
    import narwhals.stable.v2 as nw

    spoke = tasks.filter(nw.col("silent") == 0)
    heard = spoke.group_by("contact_id").agg(nw.col("ended").max().alias("heard_at"))
    silent = tasks.filter(nw.col("silent") == 1).join(heard, on="contact_id", how="left")
    since = nw.col("heard_at").is_null() | (nw.col("ended") > nw.col("heard_at"))
    return (
        silent.filter(since)
        .group_by("contact_id")
        .agg(
            count("one").alias("unanswered_row"), nw.col("ended").max().alias("unanswered_last_at")
        )
    )


def _full_year(tasks: Frame, settings: Policy) -> Frame:
    """Return when the oldest of the asks that fill a year leaves that year."""
    import narwhals.stable.v2 as nw

    place = nw.col("one").cum_sum().over("contact_id", order_by=["ended", "task_key"])
    numbered = tasks.with_columns(
        place.alias("place"), count("one").over("contact_id").alias("size")
    )
    back = nw.col("size") - nw.col("place") + 1
    filling = numbered.filter(back == settings.ask.asks_per_year)
    leaves = nw.col("ended").dt.truncate("1d") + nw.lit(YEAR)
    return filling.select("contact_id", leaves.alias("asks_cap_until"))


def _rests(tables: Tables, as_of: date, settings: Policy) -> Frame:
    """Return the end of the rest: after the latest answer, or after a deleted task."""
    import narwhals.stable.v2 as nw

    ask = settings.ask

    def after(days: int) -> nw.Expr:
        return nw.col("ended").dt.truncate("1d") + nw.lit(timedelta(days=days))

    outcome, named = nw.col("outcome"), nw.col("outcome_at")
    days = (
        nw.when(outcome == "no")
        .then(after(ask.after_no_days))
        .when(outcome == "later")
        .then(after(ask.after_later_days))
        .otherwise(after(ask.cooldown_days))
    )
    # Whatever the answer, nobody is asked before the day that was named with it.
    rest = nw.when(_says_later()).then(named).otherwise(nw.max_horizontal(days, named))
    latest = newest(asked(tables, as_of), per=["contact_id"], by=["ended", "task_key"])
    deleted = ask_tasks(tables, as_of).filter(
        (nw.col("state") == "deleted") & nw.col("outcome").is_null()
    )
    both = [
        latest.select("contact_id", rest.alias("rest_until")),
        deleted.select("contact_id", after(ask.cooldown_days).alias("rest_until")),
    ]
    return nw.concat(both, how="vertical").group_by("contact_id").agg(nw.col("rest_until").max())


def _says_later() -> nw.Expr:
    """Say that a day was named to ask again: with "later", or as the only answer."""
    import narwhals.stable.v2 as nw

    outcome = nw.col("outcome")
    later = outcome.is_null() | (outcome == "later").fill_null(value=False)
    return later & ~nw.col("outcome_at").is_null()


def _later(tasks: Frame) -> Frame:
    """Return the day named by contacts whose latest answer was to ask again then."""
    import narwhals.stable.v2 as nw

    latest = newest(tasks, per=["contact_id"], by=["ended", "task_key"])
    return latest.filter(_says_later()).select(
        "contact_id",
        nw.col("outcome_at").alias("later_at"),
        nw.concat_str([nw.col("task_key"), nw.lit(":later")]).alias("later_id"),
    )
