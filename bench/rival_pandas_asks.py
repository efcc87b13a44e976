"""What the pandas script knows of asks and referrals: who was asked, who sent whom, who is owed."""

from __future__ import annotations

import pandas as pd  # type: ignore[import-untyped]  # it ships no types
from rival_pandas_days import DAYS, END, HEARD, TODAY, Tables, day


def asked_of(t: Tables) -> pd.DataFrame:
    """Return the asks that took place, with the instant each ended and whether nobody answered."""
    asks = _answered(t, t["asks"]["play"].eq("ask"))
    asks["silent"] = asks["outcome"].isna() | asks["outcome"].eq("no answer")
    asks["silent"] = asks["silent"].astype(bool)
    return asks


def given_of(t: Tables) -> pd.DataFrame:
    """Return the tasks of any kind answered "yes" with a name."""
    asks = t["asks"]
    return _answered(t, asks["outcome"].eq("yes").fillna(False) & asks["outcome_name"].notna())


def _answered(t: Tables, some: pd.Series) -> pd.DataFrame:
    asks = t["asks"]
    begun = asks["created_at"].isna() | asks["created_at"].lt(HEARD)
    happened = asks["state"].eq("done") | asks["outcome"].notna()
    asks = asks[some & asks["contact_id"].notna() & begun & happened].copy()
    asks["ended"] = asks["done_at"].fillna(asks["created_at"])
    return asks[asks["ended"].lt(HEARD)]


def history_of(t: Tables, asked: pd.DataFrame) -> pd.DataFrame:
    """Return how often and when each contact was asked, and until when they rest."""
    rows = asked.sort_values(["ended", "task_key"])
    who = rows["contact_id"]
    rows = rows.assign(back=rows.groupby("contact_id").cumcount(ascending=False) + 1)
    heard = who.map(rows[~rows["silent"]].groupby("contact_id")["ended"].max())
    recent = rows["ended"].ge(TODAY - DAYS[365] + DAYS[1])
    result = rows.groupby("contact_id").agg(
        asks_done=("task_key", "size"), asked_last_at=("ended", "max")
    )
    result["asks_365"] = recent.groupby(who).sum()
    result["unanswered_365"] = (recent & rows["silent"]).groupby(who).sum()
    row = rows[rows["silent"] & (heard.isna() | rows["ended"].gt(heard))]
    result["unanswered_row"] = row.groupby("contact_id").size()
    result["unanswered_last_at"] = row.groupby("contact_id")["ended"].max()
    fourth = rows[rows["back"].eq(4)].set_index("contact_id")
    result["asks_cap_until"] = day(fourth["ended"]) + DAYS[365]
    latest = rows[rows["back"].eq(1)].set_index("contact_id")
    said, ended = latest["outcome"], day(latest["ended"])
    rest = (ended + DAYS[90]).where(~said.eq("no").fillna(False), ended + DAYS[180])
    rest = rest.where(~said.eq("later").fillna(False), ended + DAYS[60])
    named = latest["outcome_at"]
    later = (said.isna() | said.eq("later").fillna(False)).astype(bool) & named.notna()
    rest = pd.concat([rest, named], axis=1).max(axis=1).where(~later, named)
    result["later_at"] = named.where(later)
    result["later_id"] = (latest["task_key"] + ":later").where(later)
    asks = t["asks"]
    gone = asks[asks["play"].eq("ask") & asks["state"].eq("deleted") & asks["outcome"].isna()]
    gone = gone[gone["created_at"].isna() | gone["created_at"].lt(HEARD)]
    ended = gone["done_at"].fillna(gone["due_at"]).fillna(gone["created_at"])
    deleted = (day(ended) + DAYS[90]).groupby(gone["contact_id"]).max()
    both = pd.concat([rest, deleted], axis=1).max(axis=1)
    return result.join(both.rename("rest_until"), how="outer")


def links_of(t: Tables, given: pd.DataFrame) -> pd.DataFrame:
    """Return the referrals that count, those a rep was promised included."""
    known = t["referrals"]
    mine = known["referrer_id"].notna() & ~known["referrer_id"].eq(known["referred_id"]).fillna(
        False
    )
    known = known[mine & (known["at"].isna() | known["at"].lt(END))].copy()
    names = t["contacts"].set_index("contact_id")["name"]
    names = names.where(names.str.contains(r"[^\W\d_]", na=False))
    known["known_name"] = known["referred_id"].map(names).fillna(known["referred_name"])
    known["came"] = known["at"].fillna(pd.Timestamp("2999-01-01"))
    bound = known[known["referred_id"].notna()].sort_values(["came", "referral_id"])
    bound = bound.drop_duplicates("referred_id")
    back = bound[["referred_id", "referrer_id", "came", "referral_id"]].set_axis(
        ["referrer_id", "referred_id", "back_came", "back_id"], axis=1
    )
    both = bound.merge(back, on=["referrer_id", "referred_id"], how="left")
    earlier = both["back_came"].lt(both["came"]) | (
        both["back_came"].eq(both["came"]) & both["back_id"].lt(both["referral_id"])
    )
    bound = both[~earlier.fillna(False).astype(bool)].drop(columns=["back_came", "back_id"])
    there = set(known["referrer_id"] + "|" + known["known_name"].str.strip().str.lower())
    key = given["contact_id"] + "|" + given["outcome_name"].str.strip().str.lower()
    given = given[~key.isin(there) & ~given["task_key"].isin(known["referral_id"])]
    promised = pd.DataFrame(
        {
            "referral_id": given["task_key"],
            "referrer_id": given["contact_id"],
            "known_name": given["outcome_name"],
            "status": "received",
            "at": given["ended"],
        }
    )
    columns = ["referral_id", "referrer_id", "referred_id", "known_name", "status"]
    columns += ["at", "met_at", "won_at", "lost_at"]
    named = known[known["referred_id"].isna()]
    return pd.concat([bound[columns], named[columns], promised], ignore_index=True)


def owed_of(
    t: Tables,
    given: pd.DataFrame,
    links: pd.DataFrame,
    happened: pd.DataFrame,
    tasks: pd.DataFrame,
) -> pd.DataFrame:
    """Return the latest event of each referral for which nobody thanked yet."""
    turns = {"received": "at", "met": "met_at", "won": "won_at", "lost": "lost_at"}
    pieces = [
        links.loc[links[column].lt(END), ["referrer_id", "referral_id", column]]
        .set_axis(["contact_id", "referral_id", "at"], axis=1)
        .assign(event=event, turn=number)
        for number, (event, column) in enumerate(turns.items())
    ]
    events = pd.concat(pieces, ignore_index=True)
    events = events[events["contact_id"].isin(t["contacts"]["contact_id"])]
    thanks = t["asks"][t["asks"]["play"].eq("thank_you")]
    received = set(thanks["contact_id"] + "|" + thanks["cycle"])
    key = given["contact_id"] + "|" + given["task_key"] + ":received"
    thanked = given[key.isin(received)]
    settled = set(thanked["contact_id"] + "|" + thanked["outcome_name"].str.strip().str.lower())
    named = links["referrer_id"] + "|" + links["known_name"].str.strip().str.lower()
    again = set(links.loc[named.isin(settled), "referral_id"])
    events = events[~(events["event"].eq("received") & events["referral_id"].isin(again))]
    noted = pd.concat([happened["noted_at"], tasks["thanked_at"]], axis=1).max(axis=1)
    seen = events["contact_id"].map(noted)
    events = events[~seen.ge(day(events["at"]))].sort_values(["at", "turn"])
    events = events.drop_duplicates(["contact_id", "referral_id"], keep="last")
    cycle = events["referral_id"] + ":" + events["event"]
    return events.assign(cycle=cycle)[["contact_id", "cycle", "at"]]


def sent_of(links: pd.DataFrame) -> pd.DataFrame:
    """Return how many people each contact sent."""
    return links.groupby("referrer_id").size().rename("given").to_frame()


def thanks_owed_of(t: Tables, owed: pd.DataFrame) -> pd.DataFrame:
    """Return how many thank-yous of late each contact is owed."""
    tasks = t["asks"]
    tasks = tasks[tasks["play"].eq("thank_you") & tasks["state"].isin(["done", "deleted"])]
    settled = set(tasks["contact_id"] + "|" + tasks["cycle"])
    recent = owed[owed["at"].ge(TODAY - DAYS[30])]
    recent = recent[~(recent["contact_id"] + "|" + recent["cycle"]).isin(settled)]
    return recent.groupby("contact_id").size().rename("thanks_owed").to_frame()
