"""What happens to referrals, one row an event: whom to thank, and which leads to look after first.

Every event names its contact (``contact_id``), its cycle, its time (``at``), its kind (``event``),
the two people (``referrer_name``, ``referred_name``) and a line for the rep (``news``). A referral
without a date is no event: nobody can say that it is new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword import derived
from goodword.defaults import play_names
from goodword.defaults.facts.asks import names_given
from goodword.defaults.facts.credit import buyers, sales
from goodword.defaults.facts.links import EVENTS, events, links, plain, spoken
from goodword.defaults.facts.listing import end_of

if TYPE_CHECKING:
    from datetime import date

    from goodword.defaults.facts.listing import Frame, Tables

_RECEIVED = ":received"
COLUMNS = (
    *("contact_id", "cycle", "at", "event"),
    *("referred_id", "referred_name", "referrer_name", "news"),
)
"""Columns of both frames; the words of ``thank_you`` and ``fast_lane`` may name them.

Without a ``referred_id`` the referred person is known by name only.
"""


@derived
def referral_events(tables: Tables, as_of: date) -> Frame:
    """Return every event of a referral for which its referrer was not thanked yet.

    A thank-you that was given settles all events up to its day: one on the referrer's timeline,
    whoever wrote it down, or a completed task of ours. So of one referral the latest event is
    given, and thanks for those before it that nobody thanked for: one person is not called twice
    about another on one day. The contact is the referrer, the cycle ``referral id:event``.
    """
    import narwhals.stable.v2 as nw

    happened = events(tables, as_of).join(_named(tables), on="contact_id", how="inner")
    happened = happened.join(
        _thanked_by_name(tables, as_of), on=["contact_id", "cycle"], how="anti"
    )
    given = happened.join(_noted(tables, as_of), on="contact_id", how="left")
    settled = (nw.col("thanked_at") >= nw.col("at").dt.truncate("1d")).fill_null(value=False)
    who = nw.col("referred_name").fill_null("someone")
    only_a_name = nw.col("referred_id").is_null() & ~nw.col("referred_name").is_null()
    news = (
        nw.when((nw.col("event") == "received") & only_a_name)
        .then(nw.concat_str([nw.lit("gave us the name of "), who]))
        .when(nw.col("event") == "received")
        .then(nw.concat_str([nw.lit("recommended us to "), who]))
        .when(nw.col("event") == "met")
        .then(nw.concat_str([nw.lit("we met "), who, nw.lit(", whom they sent us,")]))
        .when(nw.col("event") == "won")
        .then(nw.concat_str([who, nw.lit(", whom they sent us, became a customer")]))
        .otherwise(nw.concat_str([nw.lit("it came to nothing with "), who]))
    )
    owed = _latest(given.filter(~settled))
    return owed.with_columns(news.alias("news")).select(*COLUMNS)


def _latest(owed: Frame) -> Frame:
    """Keep the latest event of each referral; of one day, the one that comes last in its course."""
    import narwhals.stable.v2 as nw

    order: nw.Expr = nw.lit(0)
    for number, event in enumerate(EVENTS):
        order = nw.when(nw.col("event") == event).then(nw.lit(number)).otherwise(order)
    ranked = owed.with_columns(
        order.cast(nw.Int64).alias(":order"), nw.lit(1).cast(nw.Int64).alias(":one")
    )
    one_referral = ("contact_id", "referral_id")
    place = nw.col(":one").cum_sum(reverse=True).over(*one_referral, order_by=["at", ":order"])
    return ranked.with_columns(place.alias(":place")).filter(nw.col(":place") == 1)


def referred_leads(tables: Tables, as_of: date) -> Frame:
    """Return every referred person nobody has met yet; the referral is the event.

    A lead in the CRM gets the task itself (``event`` is ``contact``). A lead known by name only
    is not ours to write to: the task is about the referrer, who passes on a note (``name_only``).
    Where that referrer is owed a thank-you for the name, or has a task for it, the note is part of
    the thanks: nobody is called twice about one name.
    """
    import narwhals.stable.v2 as nw

    day_end = nw.lit(end_of(as_of))
    begun = [nw.col("status").is_in(["met", "won", "lost"])]
    begun += [nw.col(column) < day_end for column in ("met_at", "won_at", "lost_at")]
    fresh = links(tables, as_of).filter(nw.col("at") < day_end)
    for condition in begun:
        fresh = fresh.filter(~condition.fill_null(value=False))
    fresh = fresh.with_columns(nw.col("referral_id").alias("cycle"))
    people = _named(tables)
    called = (
        fresh.join(_prospects(tables, fresh, as_of), on="referred_id", how="inner")
        .join(people, left_on="referrer_id", right_on="contact_id", how="left")
        .with_columns(
            nw.col("referred_id").alias("contact_id"),
            nw.lit("contact").alias("event"),
            nw.concat_str(
                [nw.col("referrer_name").fill_null("someone"), nw.lit(" recommended us to them")]
            ).alias("news"),
        )
    )
    passed_on = (
        fresh.filter(nw.col("referred_id").is_null() & ~nw.col("referred_name").is_null())
        .with_columns(nw.col("referrer_id").alias("contact_id"))
        .join(_carried(tables, as_of), on=["contact_id", "cycle"], how="anti")
        .join(people, on="contact_id", how="inner")
        .with_columns(
            nw.lit("name_only").alias("event"),
            nw.concat_str([nw.lit("gave us the name of "), nw.col("referred_name")]).alias("news"),
        )
    )
    return nw.concat([called.select(*COLUMNS), passed_on.select(*COLUMNS)], how="vertical")


def _carried(tables: Tables, as_of: date) -> Frame:
    """Return the referrals, as ``cycle``, whose thank-you is owed or has a task of ours."""
    import narwhals.stable.v2 as nw

    owed = referral_events(tables, as_of).select("contact_id", "cycle")
    ours = nw.col("play").is_in(list(play_names.THANKS))
    tasks = tables["asks"].filter(ours).select("contact_id", "cycle")
    both = nw.concat([owed, tasks], how="vertical").unique()
    received = both.filter(nw.col("cycle").str.ends_with(_RECEIVED))
    referral = nw.col("cycle").str.replace_all(f"{_RECEIVED}$", "")
    return received.select("contact_id", referral.alias("cycle"))


def _named(tables: Tables) -> Frame:
    """Return the name of each contact as ``referrer_name``."""
    return tables["contacts"].select("contact_id", spoken().alias("referrer_name"))


def _noted(tables: Tables, as_of: date) -> Frame:
    """Return when each contact was last thanked, as ``thanked_at``.

    A completed thank-you counts from then on, not only once its note stands on the timeline.
    """
    import narwhals.stable.v2 as nw

    day_end = nw.lit(end_of(as_of))
    thanks = (nw.col("kind") == "thank_you") & (nw.col("at") < day_end)
    noted = tables["activities"].filter(thanks).select("contact_id", "at")
    ours = nw.col("play").is_in(list(play_names.THANKS)) & (nw.col("state") == "done")
    done = tables["asks"].filter(ours & (nw.col("done_at") < day_end))
    both = nw.concat([noted, done.select("contact_id", nw.col("done_at").alias("at"))])
    known = both.filter(~nw.col("contact_id").is_null())
    return known.group_by("contact_id").agg(nw.col("at").max().alias("thanked_at"))


def _thanked_by_name(tables: Tables, as_of: date) -> Frame:
    """Return the received referrals that were thanked for while they were only a name.

    A name given with a "yes" is thanked for under the key of that task. When the CRM later holds
    the same referral under an id of its own, it is not received a second time.
    """
    import narwhals.stable.v2 as nw

    received = nw.lit(_RECEIVED)
    said = names_given(tables, as_of).select(
        "contact_id",
        plain("outcome_name").alias("folded"),
        nw.concat_str([nw.col("task_key"), received]).alias("cycle"),
    )
    thanks = tables["asks"].filter(nw.col("play").is_in(list(play_names.THANKS)))
    thanked = said.join(
        thanks.select("contact_id", "cycle"), on=["contact_id", "cycle"], how="semi"
    )
    known = links(tables, as_of).select(
        nw.col("referrer_id").alias("contact_id"),
        plain("referred_name").alias("folded"),
        nw.concat_str([nw.col("referral_id"), received]).alias("cycle"),
    )
    again = known.join(
        thanked.select("contact_id", "folded").unique(), on=["contact_id", "folded"], how="semi"
    )
    return again.select("contact_id", "cycle")


def _prospects(tables: Tables, fresh: Frame, as_of: date) -> Frame:
    """Return the ids, as ``referred_id``, of those in *fresh* who have not bought or been lost."""
    import narwhals.stable.v2 as nw

    settled = nw.col("status").is_in(["customer", "lost"]).fill_null(value=False)
    sent = fresh.select(nw.col("referred_id").alias("contact_id")).unique()
    people = tables["contacts"].filter(~settled).join(sent, on="contact_id", how="semi")
    people = people.select("contact_id")
    theirs = tables["deal_contacts"].join(people, on="contact_id", how="semi").select("deal_id")
    bought = sales(tables, as_of, 100).filter(nw.col("purchase") == 1)
    bought = bought.join(theirs, on="deal_id", how="semi")
    buying = bought.join(buyers(tables), on="deal_id", how="inner").select("contact_id")
    summed = (nw.col("purchase_days") > 0) | ~nw.col("first_at").is_null()
    host = tables["deal_rollups"].filter(summed.fill_null(value=False)).select("contact_id")
    return people.join(
        nw.concat([buying, host], how="vertical"), on="contact_id", how="anti"
    ).select(nw.col("contact_id").alias("referred_id"))
