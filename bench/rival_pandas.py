"""The same plan as a pandas script: what a firm with somebody who knows Python would write, once.

Facts are in ``rival_pandas_facts``; here are the rules, what changes on the host, and the tasks.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # it ships no types
from rival_pandas_days import DAYS, TODAY, day
from rival_pandas_facts import facts_of, read_tables
from rival_pandas_why import why_of
from rival_walk import TIERS, walk

TRIGGERS = (
    ("nps_last_at", "nps_last_id", 0, 30, "s", 100),
    ("review_at", "review_id", 0, 30, "t", 95),
    ("csat_last_at", "csat_last_id", 0, 30, "s", 90),
    ("milestone_at", "milestone_id", 0, 30, "t", 85),
    ("later_at", "later_id", 0, 30, "g", 80),
    ("delivery_at", "delivery_id", 0, 30, "t", 70),
    ("renewal_at", "renewal_id", 14, 45, "t", 65),
    ("repeat_at", "repeat_id", 14, 45, "n", 60),
    ("resolved_at", "resolved_id", 14, 30, "s", 55),
    ("first_purchase_at", "first_deal_id", 90, 60, "n", 50),
)
"""Since when, record, wait, days open, key of the exemption, points; in the order of points."""
EXEMPT = {"s": 19, "t": 20, "g": 24, "n": -1}
"""Suppressor that the triggers of a key do not mind."""
MONTH = pd.Timestamp("2026-10-21")


def decide_in_pandas(snapshot: Path, scores: Path, answers: Path) -> None:
    """Decide for everybody in *snapshot* and write what changes, who gets a task and what closes.

    Args:
        snapshot: Folder of Parquet tables.
        scores: The score of every customer.
        answers: Folder to write into.
    """
    answers.mkdir(parents=True, exist_ok=True)
    t = read_tables(snapshot, scores)
    facts, owed, links = facts_of(t)
    facts["rep"] = _assignees(t)
    closed, still, moved = _open_tasks(t, facts)
    _pending(facts, still)
    decided = judged(facts, pending=True)
    waits = facts["ask_open"].gt(0) | facts["account_ask_open"].gt(0)
    shown = pd.concat([decided[~waits], judged(facts[waits], pending=False)])
    changes(shown, t["own_fields"]).to_parquet(answers / "changes.parquet", index=False)
    candidates = _candidates(t, facts, decided, owed, links)
    company = facts["account_id"].astype(object).where(facts["account_id"].notna(), None)
    rep = facts["rep"].astype(object).where(facts["rep"].notna(), None)
    queue = zip(
        candidates["contact_id"],
        candidates["play"],
        candidates["cycle"],
        rep.reindex(candidates["contact_id"]),
        company.reindex(candidates["contact_id"]),
        strict=True,
    )
    there = zip(
        still["contact_id"],
        still["play"],
        still["with"].astype(object).where(still["with"].notna(), None),
        company.reindex(still["contact_id"]),
        strict=True,
    )
    given = walk(queue, there)
    columns = ["rank", "contact_id", "play", "cycle", "owner_id"]
    pd.DataFrame(given, columns=columns).to_parquet(answers / "tasks.parquet", index=False)
    closed.sort_values("task_key").to_parquet(answers / "closed.parquet", index=False)
    moved.sort_values("task_key").to_parquet(answers / "moved.parquet", index=False)
    told = decided.reset_index()[["contact_id", "verdict", "priority", "cycle", "why"]]
    told.sort_values("contact_id").to_parquet(answers / "verdicts.parquet", index=False)


def _assignees(t: dict[str, pd.DataFrame]) -> pd.Series:
    """Return each contact's rep, else its company's."""
    left = set(t["owners"].loc[t["owners"]["active"].eq(False), "owner_id"])
    contacts = t["contacts"].set_index("contact_id")
    company = contacts["account_id"].map(t["accounts"].set_index("account_id")["owner_id"])
    own = contacts["owner_id"].where(~contacts["owner_id"].isin(left))
    return own.fillna(company.where(~company.isin(left)))


def _open_tasks(
    t: dict[str, pd.DataFrame], f: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return what closes, what stays open with whom, and what moves to another rep."""
    tasks = t["asks"][t["asks"]["state"].eq("open")].copy()
    mine = f.reindex(tasks["contact_id"])
    reasons = {
        "do_not_ask": mine["do_not_ask"],
        "left_company": mine["left_company"],
        "lost": mine["status"].eq("lost"),
        "opt_out": mine["consent"].eq("no"),
        "said_never": mine["said_never"],
        "wrong_person": mine["wrong_person"],
        "complaint": mine["f_complaint"],
        "detractor": mine["u_detractor"].notna(),
        "open_ticket": mine["tickets_open"].gt(0),
        "recovery": mine["u_recovery"].notna(),
    }
    flags = [np.asarray(each.fillna(False), dtype=bool) for each in reasons.values()]
    reason = np.select(flags, list(reasons), "")
    reason = np.where(tasks["play"].eq("ask"), reason, "")
    edited = tasks["edited"].fillna(False).to_numpy(dtype=bool)
    late = (day(tasks["due_at"]) + DAYS[30] <= TODAY).to_numpy()
    closes = ~edited & ((reason != "") | late)
    closed = pd.DataFrame(
        {
            "task_key": tasks["task_key"].to_numpy(),
            "state": np.where(reason != "", "withdrawn", "expired"),
            "reason": np.where(reason != "", reason, "overdue"),
        }
    )[closes]
    tasks["rep"] = mine["rep"].to_numpy()
    still = tasks[~closes].copy()
    moves = ~edited[~closes] & (still["rep"].notna() & still["rep"].ne(still["owner_id"]))
    still["with"] = still["owner_id"].where(~moves, still["rep"])
    moved = still.loc[moves, ["task_key", "rep"]].rename(columns={"rep": "owner_id"})
    return closed, still, moved


def _pending(f: pd.DataFrame, still: pd.DataFrame) -> None:
    """Add how many open asks a person, and the colleagues of that person, have."""
    asks = still[still["play"].eq("ask") & still["outcome"].isna()]
    own = asks.groupby("contact_id").size()
    f["ask_open"] = own.reindex(f.index).fillna(0).astype("int64")
    total = f["ask_open"].groupby(f["account_id"]).sum()
    both = f["account_id"].map(total).fillna(0).astype("int64")
    f["account_ask_open"] = both - f["ask_open"].where(f["account_id"].notna(), 0)


def judged(f: pd.DataFrame, *, pending: bool) -> pd.DataFrame:
    """Return the facts with verdict, cycle, priority, date and line of each contact."""
    f = f.copy()
    never = np.select(
        [
            f["do_not_ask"],
            f["kind"].eq("employee"),
            f["left_company"],
            f["status"].eq("lost").fillna(False),
            f["consent"].eq("no"),
            f["said_never"],
            f["wrong_person"],
        ],
        list(range(7)),
        99,
    )
    rest = {
        7: f["f_complaint"],
        8: f["u_detractor"].notna(),
        9: f["tickets_open"].gt(0),
        10: f["u_recovery"].notna(),
        11: f["account_ask_open"].gt(0) & pending,
        12: f["u_account"].notna(),
        13: f["ask_open"].gt(0) & pending,
        14: f["u_year"].notna(),
        15: f["u_rest"].notna(),
        16: f["u_favour"].notna(),
        17: f["invoices_overdue"].gt(0),
        18: f["renewal_open"].gt(0),
        21: f["thanks_owed"].gt(0),
        22: f["u_unanswered"].notna(),
        23: f["f_talk"],
    }
    shared = np.select([np.asarray(each, dtype=bool) for each in rest.values()], list(rest), 99)
    shared = np.minimum(shared, never)
    special = {
        19: np.where(f["u_survey"].notna(), 19, 99),
        20: np.where(f["u_tenure"].notna(), 20, 99),
        24: np.where(f["balance"].lt(0), 24, 99),
    }
    first = {
        key: np.minimum.reduce([shared, *(v for n, v in special.items() if n != mine)])
        for key, mine in EXEMPT.items()
    }
    until = f[
        [
            *("u_complaint", "u_detractor", "u_recovery", "u_account", "u_year", "u_rest"),
            *("u_favour", "u_unanswered"),
        ]
    ].max(axis=1)
    ends = {19: f["u_survey"], 20: f["u_tenure"]}
    untils = {
        key: pd.concat([until, *(v for n, v in ends.items() if n != mine)], axis=1).max(axis=1)
        for key, mine in EXEMPT.items()
    }
    open_ended = np.logical_or.reduce(
        [never < 99, *(np.asarray(rest[n], dtype=bool) for n in (9, 11, 13, 17, 18, 21, 23))]
    )
    opens, closes = [], []
    for since, record, wait, length, _, _ in TRIGGERS:
        known = f[record].notna()
        if since in ("nps_last_at", "csat_last_at"):
            known &= f[since.removesuffix("_at")].ge(9 if since == "nps_last_at" else 5)
        opens.append((day(f[since]) + pd.Timedelta(days=wait)).where(known))
        closes.append(opens[-1] + pd.Timedelta(days=length))
    is_open = [(a.le(TODAY) & b.ge(TODAY)).to_numpy() for a, b in zip(opens, closes, strict=True)]
    free = [w & (first[t[4]] == 99) for w, t in zip(is_open, TRIGGERS, strict=True)]
    chosen = np.select([*free, *is_open], [*range(10), *range(10)], -1)
    coming = [a.where(a.gt(TODAY)) for a in opens]
    earliest = pd.concat(coming, axis=1).min(axis=1)
    upcoming = np.select([a.eq(earliest).to_numpy() for a in coming], list(range(10)), -1)
    pick = np.where(chosen >= 0, chosen, upcoming)

    def by_pick(columns: list[pd.Series]) -> pd.Series:
        result = columns[0].where(pick == 0)
        for number, column in enumerate(columns[1:], start=1):
            result = result.where(pick != number, column)
        return result

    f["cycle"] = by_pick([f[t[1]].astype(object) for t in TRIGGERS])
    opened, closing = by_pick(opens), by_pick(closes)
    held = np.select([pick == n for n in range(10)], [first[t[4]] for t in TRIGGERS], 99)
    holds = by_pick([untils[t[4]] for t in TRIGGERS])
    endless = open_ended | (f["balance"].lt(0).to_numpy() & (pick != 4))
    points = np.select([pick == n for n in range(10)], [t[5] for t in TRIGGERS], 0)
    code = np.where(never < 99, never, np.where(chosen >= 0, held, 99))
    verdict = np.select(
        [never < 99, chosen < 0, held == 99, held <= 6, held <= 10, held <= 22],
        ["never", "wait", "ask", "never", "recover", "wait"],
        "warm_up",
    )
    missed = holds.gt(closing).to_numpy()
    dated = (never == 99) & (pick >= 0) & ~endless & ~missed
    next_ask = pd.concat([opened, holds], axis=1).max(axis=1).where(dated)
    f["verdict"], f["next_ask"] = verdict, next_ask.dt.strftime("%Y-%m-%d")
    f["priority"] = points + _weights(f)
    f["why"] = why_of(f, verdict, pick, code)
    return f


def _weights(f: pd.DataFrame) -> pd.Series:
    def doublings(column: pd.Series) -> pd.Series:
        least = column.fillna(1).clip(lower=1).astype("float64")
        return np.floor(np.log(least) / np.log(2.0) * 100.0 + 0.5).astype("int64")

    joy = (TODAY - day(f["moment_at"])).dt.days
    since = (TODAY - day(f["first_purchase_at"])).dt.days
    fresh = np.select([joy <= 7, joy <= 14, joy <= 21, joy <= 28], [100, 75, 50, 25], 0)
    worth = (doublings(f["referral_worth"]) - 664).where(f["referral_worth"].notna(), 0)
    likely = doublings(f["p_refer"]).where(f["p_refer"].notna(), 632)
    known_long = np.where(since >= 180, 51, 0)
    sent = np.where(f["referred_by_id"].notna(), 49, 0)
    return likely + worth + fresh + known_long + sent - 100 * f["unanswered_365"]


def changes(shown: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Return the fields that differ from those on the host, by contact."""
    names = ["stage", "segment", "score", "next_ask", "why", "clv", "crv"]
    new = shown[names].copy()
    for name in ("clv", "crv"):
        new[name] = (new[name] + 50) // 100
    old = own.set_index("contact_id")[names].reindex(new.index)
    for name in ("stage", "segment", "next_ask", "why"):
        new[name] = new[name].astype(object).where(new[name].notna(), "")
        old[name] = old[name].astype(object).where(old[name].notna(), "")
    same = new["stage"].eq(old["stage"]) & new["segment"].eq(old["segment"])
    for name in ("score", "clv", "crv"):
        by = (new[name] - old[name]).abs()
        close = by.lt(5) if name == "score" else (by * 5).lt(old[name].abs())
        new[name] = new[name].where(~(same & close), old[name])
    written = {
        name: new[name].fillna(-1).ne(old[name].fillna(-1))
        if name in ("score", "clv", "crv")
        else new[name].ne(old[name])
        for name in names
    }
    flags = pd.DataFrame({f"set:{name}": each for name, each in written.items()})
    result = pd.concat([new, flags], axis=1)[flags.any(axis=1)]
    for name in ("stage", "segment", "next_ask", "why"):
        result[name] = result[name].where(result[name].ne(""), None)
    for name in ("score", "clv", "crv"):
        result[name] = result[name].astype("Int64")
    return result.sort_index().rename_axis("contact_id").reset_index()


def _candidates(
    t: dict[str, pd.DataFrame],
    f: pd.DataFrame,
    decided: pd.DataFrame,
    owed: pd.DataFrame,
    links: pd.DataFrame,
) -> pd.DataFrame:
    """Return who might get a task, in the order to be served."""
    asks, end = t["asks"], TODAY + DAYS[1]
    welcome = f["consent"].ne("no") & ~f["do_not_ask"] & ~f["said_never"] & ~f["wrong_person"]
    calm = f["recovery_state"].ne("incident")
    fresh = links[
        links["at"].lt(end)
        & ~links["status"].isin(["met", "won", "lost"])
        & ~links["met_at"].lt(end)
        & ~links["won_at"].lt(end)
        & ~links["lost_at"].lt(end)
    ]
    prospects = f.index[~f["status"].isin(["customer", "lost"]) & f["purchase_days"].eq(0)]
    called = fresh[fresh["referred_id"].isin(prospects)]
    thanks = asks.loc[asks["play"].eq("thank_you"), ["contact_id", "cycle"]]
    carried = pd.concat([owed[["contact_id", "cycle"]], thanks])
    carried = set(carried["contact_id"] + "|" + carried["cycle"])
    names = fresh[fresh["referred_id"].isna() & fresh["known_name"].notna()]
    key = names["referrer_id"] + "|" + names["referral_id"] + ":received"
    names = names[~key.isin(carried)]
    leads = pd.DataFrame(
        {
            "contact_id": [*called["referred_id"], *names["referrer_id"]],
            "cycle": [*called["referral_id"], *names["referral_id"]],
            "at": [*called["at"], *names["at"]],
        }
    )
    leads = leads[leads["contact_id"].isin(f.index[welcome & calm & ~f["left_company"]])]
    thank = owed[owed["contact_id"].isin(f.index[welcome])]
    hurt = f["recovery_state"].eq("incident") & ~f["left_company"] & f["incident_at"].ge(MONTH)

    def silent(column: str) -> pd.Series:
        return ~(TODAY - day(f[column])).dt.days.le(120)

    quiet = (
        welcome & calm & ~f["left_company"] & f["kind"].eq("customer") & f["purchase_days"].gt(0)
    )
    quiet &= ~f["status"].eq("lost").fillna(False) & silent("last_purchase_at")
    for column in ("conversation_at", "give_last_at", "asked_last_at", "survey_last_at"):
        quiet &= silent(column)
    columns = ["contact_id", "cycle"]
    pieces = {
        "fast_lane": leads[leads["at"].ge(MONTH) & leads["at"].lt(end)][columns],
        "thank_you": thank[thank["at"].ge(MONTH) & thank["at"].lt(end)][columns],
        "recover": f.loc[hurt, "incident_id"].rename("cycle").reset_index(),
        "ask": decided.loc[decided["verdict"].eq("ask"), "cycle"].reset_index(),
        "warm_up": decided.loc[decided["verdict"].eq("warm_up"), "cycle"].reset_index(),
        "quiet": pd.DataFrame({"contact_id": f.index[quiet], "cycle": "2026-Q4"}),
    }
    places = pd.concat([p.assign(play=play) for play, p in pieces.items()], ignore_index=True)
    places = places[places["cycle"].notna()].drop_duplicates()
    there = set(asks["contact_id"] + "|" + asks["play"] + "|" + asks["cycle"])
    key = places["contact_id"] + "|" + places["play"] + "|" + places["cycle"]
    places = places[~key.isin(there)].copy()
    places["tier"] = places["play"].map(TIERS)
    places["last"] = -decided["priority"].reindex(places["contact_id"]).to_numpy()
    return places.sort_values(["tier", "last", "contact_id", "play", "cycle"])
