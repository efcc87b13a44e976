"""What came of asking: how many were asked, said yes, were referred and became customers.

And the thank-yous that go with it: those a rep still owes, and those that lapsed.

Asks are our own tasks, referrals the host's and the names given with a "yes" on a task of any kind;
each referred person counts once, for whoever sent them first. Referrals nobody can be named for,
and those to oneself, count for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from goodword.model import Value

if TYPE_CHECKING:
    from goodword.engines import Engine
    from goodword.tables import Frame

THANK_YOU = "thank_you"
"""Play whose tasks thank for a referral."""
EVER = datetime.max
"""Where something without a date stands among the others: last."""


class Funnel(Value):
    """What came of asking since goodword began here; ``before`` counts older referrals.

    ``owed`` and ``lapsed`` count thank-yous, see `thanks_owed` and `thanks_lapsed`.
    """

    since: date | None
    asked: int = 0
    yes: int = 0
    referred: int = 0
    won: int = 0
    before: int = 0
    owed: int = 0
    lapsed: int = 0


def funnel(
    tables: Mapping[str, Frame],
    asks: Iterable[Mapping[str, Any]],
    since: date | None,
    as_of: date,
    beginning_of: Callable[[date], datetime],
    engine: Engine,
) -> Funnel:
    """Count what came of asking, see `came_of`, from a firm's tables.

    Args:
        tables: Canonical tables, completed.
        asks: The rows of ``asks``.
        since: Day from which is counted; None where nothing was ever written.
        as_of: Last day that counts.
        beginning_of: The first moment of a day where the firm is, UTC.
        engine: Where the referrals are read.
    """
    rows = engine.collect(_with_names(tables)).rows(named=True)
    return came_of(asks, rows, since, as_of, beginning_of)


def came_of(
    asks: Iterable[Mapping[str, Any]],
    referrals: Iterable[Mapping[str, Any]],
    since: date | None,
    as_of: date,
    beginning_of: Callable[[date], datetime],
) -> Funnel:
    """Count asks that reps completed, the ones answered yes, and the referrals since then.

    A referral counts whether it was asked for or not; one without a date of its own has that of
    the "yes" that named the same person.

    Args:
        asks: Rows of ``asks``; ``asking`` says that the task asks for a referral.
        referrals: Rows of ``referrals``; ``called`` is the name of the referred contact.
        since: Day from which is counted; None where nothing was ever written.
        as_of: Last day that counts.
        beginning_of: The first moment of a day where the firm is, UTC.
    """
    end = datetime.combine(as_of, time.max)
    asks = [*asks]
    owed, lapsed = len(thanks_owed(asks)), len(thanks_lapsed(asks))
    over = [row for row in asks if _happened(row) and _ended(row) <= end]
    answered = [row for row in over if row["asking"]]
    referrals = [*referrals]
    there = {str(row["referral_id"]) for row in referrals if row["referrer_id"]}
    named: dict[tuple[str, str], datetime] = {}
    taken: set[tuple[str, str]] = set()
    for row in sorted(over, key=lambda row: (_ended(row), str(row["task_key"]))):
        if row["outcome"] == "yes" and row["outcome_name"]:
            pair = (str(row["contact_id"]), _plain(row["outcome_name"]))
            named.setdefault(pair, _ended(row))
            if str(row["task_key"]) in there:  # the host has a referral of its own for that name
                taken.add(pair)
    sent = _sent(referrals, named, taken, end)
    if since is None:
        return Funnel(since=None, before=len(sent), owed=owed, lapsed=lapsed)
    start = beginning_of(since)
    mine = [row for row in answered if _ended(row) >= start]
    fresh = [won for at, won in sent if start <= at < EVER]
    return Funnel(
        since=since,
        asked=len(mine),
        yes=sum(row["outcome"] == "yes" for row in mine),
        referred=len(fresh),
        won=sum(fresh),
        before=len(sent) - len(fresh),
        owed=owed,
        lapsed=lapsed,
    )


def thanks_owed(asks: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the thank-you tasks that wait for a rep, however late they are."""
    return [row for row in asks if _is_open_thanks(row)]


def thanks_lapsed(asks: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the thank-you tasks that expired, nobody having given them.

    A thank-you that the same person got later, or gets now, was for everything until then.
    """
    thanks = [row for row in asks if row["play"] == THANK_YOU]
    given = [row for row in thanks if _happened(row) or _is_open_thanks(row)]
    latest: dict[str, datetime] = {}
    for row in given:
        who, at = str(row["contact_id"]), EVER if _is_open_thanks(row) else _ended(row)
        latest[who] = max(at, latest.get(who, datetime.min))
    return [
        row
        for row in thanks
        if row["state"] == "expired"
        and not row["outcome"]
        and latest.get(str(row["contact_id"]), datetime.min) <= (row["created_at"] or datetime.min)
    ]


def _is_open_thanks(row: Mapping[str, Any]) -> bool:
    return row["play"] == THANK_YOU and row["state"] == "open" and not row["outcome"]


def _happened(row: Mapping[str, Any]) -> bool:
    return row["state"] == "done" or bool(row["outcome"])


def _ended(row: Mapping[str, Any]) -> datetime:
    ended: datetime = row["done_at"] or row["created_at"] or datetime.min
    return ended


def _sent(
    rows: Iterable[Mapping[str, Any]],
    named: Mapping[tuple[str, str], datetime],
    settled: Iterable[tuple[str, str]],
    end: datetime,
) -> list[tuple[datetime, bool]]:
    """Return when each referred person was sent to us, and whether they became a customer."""
    links: list[tuple[datetime, str, str, bool]] = []
    taken = set(settled)
    for row in rows:
        if not row["referrer_id"] or row["referrer_id"] == row["referred_id"]:
            continue
        pair = (str(row["referrer_id"]), _plain(row["called"] or row["referred_name"]))
        at = row["at"] or named.get(pair, EVER)
        if at <= end or at == EVER:
            taken.add(pair)
            won = row["status"] == "won" or bool(row["won_at"] and row["won_at"] <= end)
            whom = row["referred_id"] or f":{pair if pair[1] else row['referral_id']}"
            links.append((at, str(row["referral_id"]), str(whom), won))
    links += [(at, ":", f":{pair}", False) for pair, at in named.items() if pair not in taken]
    first: dict[str, tuple[datetime, bool]] = {}
    for at, _, whom, won in sorted(links):
        first.setdefault(whom, (at, won))
    return list(first.values())


def _with_names(tables: Mapping[str, Frame]) -> Frame:
    """Return the referrals with the name of the referred contact."""
    import narwhals.stable.v2 as nw

    names = tables["contacts"].select(
        nw.col("contact_id").alias("referred_id"), nw.col("name").alias("called")
    )
    columns = ("referral_id", "referrer_id", "referred_id", "referred_name", "status", "at")
    named = tables["referrals"].join(names, on="referred_id", how="left")
    return named.select(*columns, "won_at", "called")


def _plain(name: object) -> str:
    return str(name or "").strip().casefold()
