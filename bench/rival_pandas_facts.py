"""What the pandas script knows about each contact: one groupby a topic, joined by contact."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # it ships no types
from rival_pandas_asks import (
    asked_of,
    given_of,
    history_of,
    links_of,
    owed_of,
    sent_of,
    thanks_owed_of,
)
from rival_pandas_days import DAYS, END, HEARD, TODAY, Tables, day

NAMES = (
    *("contacts", "accounts", "owners", "deals", "deal_contacts", "activities", "tickets"),
    *("feedback", "invoices", "referrals", "asks", "own_fields"),
)
TRUSTED = (
    "marketing kit|brochure|information pack|white paper|whitepaper|guide|e-book|ebook|case study"
    "|success story|testimonial|presentation|demo"
)
TRIED = (
    "webinar|workshop|evaluation|audit|assessment|free trial|discovery|first consultation"
    "|consultation|nurture"
)
SPOKEN = ("call", "meeting", "visit", "email", "note", "message")
FAVOURS = ("gift", "favour", "thank_you")
GAVE = (*FAVOURS, "article", "introduction", "congratulation", "support")
LIKED = (
    *("site_visit", "page", "newsletter", "blog", "social", "video", "call", "email", "message"),
)


def read_tables(snapshot: Path, scores: Path) -> Tables:
    """Return the firm's tables and the score of every customer."""
    tables = {name: pd.read_parquet(snapshot / f"{name}.parquet") for name in NAMES}
    return {**tables, "scores": pd.read_parquet(scores)}


def facts_of(t: Tables) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return one row a contact, the thanks that are owed, and the referrals that count."""
    f = t["contacts"].set_index("contact_id")[
        ["account_id", "owner_id", "status", "kind", "consent", "do_not_ask", "left_company"]
    ]
    f["kind"], f["consent"] = f["kind"].fillna("customer"), f["consent"].fillna("unknown")
    for name in ("do_not_ask", "left_company"):
        f[name] = f[name].fillna(False).astype(bool)
    happened, tasks, asked, given = _happened(t), _tasks(t), asked_of(t), given_of(t)
    links = links_of(t, given)
    owed = owed_of(t, given, links, happened, tasks)
    pieces = [
        *(_bought(t), _renewed(t), _talks(t), _answers(t), _detractors(t), _service(t)),
        *(_resolved(t), _overdue(t), happened, tasks, history_of(t, asked), sent_of(links)),
        *(thanks_owed_of(t, owed), _ranked(t)),
    ]
    for piece in pieces:
        f = f.join(piece)
    bound = links[links["referred_id"].notna()].set_index("referred_id")["referrer_id"]
    f["referred_by_id"] = bound.reindex(f.index)
    counts = ["purchase_days", "open_deals", "renewal_open", "tickets_open", "unsolved", "given"]
    counts += ["invoices_overdue", "gave", "thanks", "thanked", "cared", "asks_done", "asks_365"]
    counts += ["unanswered_365", "unanswered_row", "thanks_owed"]
    f[counts] = f[counts].fillna(0).astype("int64")
    for name in ("said_never", "wrong_person", "liked", "trusted", "tried"):
        f[name] = f[name].eq(True).fillna(False).astype(bool)
    _colleagues(f)
    _trouble(f)
    _ends(f)
    _stage(f)
    return f, owed, links


def _newest(rows: pd.DataFrame, by: str, key: str, take: dict[str, str]) -> pd.DataFrame:
    latest = rows.sort_values([by, key]).drop_duplicates("contact_id", keep="last")
    return latest.set_index("contact_id")[list(take)].rename(columns=take)


def _sold(t: Tables) -> pd.DataFrame:
    deals = t["deals"]
    deals = deals[deals["status"].eq("won")].copy()
    deals["at"] = deals["closed_at"].fillna(deals["created_at"])
    return deals[deals["at"].lt(END)]


def _bought(t: Tables) -> pd.DataFrame:
    sold = _sold(t)
    refund = sold["kind"].eq("refund").fillna(False) | sold["amount_cents"].fillna(0).lt(0)
    links = t["deal_contacts"].assign(main=t["deal_contacts"]["primary"].eq(True).fillna(False))
    links["main"] = links["main"].astype(bool)
    links = links.groupby(["deal_id", "contact_id"], as_index=False)["main"].max()
    mains = links.groupby("deal_id")["main"].transform("max")
    links = links[links["main"] | ~mains]
    rows = links.merge(sold.loc[~refund, ["deal_id", "at"]], on="deal_id")
    rows["day"] = day(rows["at"])
    grouped = rows.groupby("contact_id")
    result = grouped.agg(
        first_day=("day", "min"),
        last_purchase_at=("at", "max"),
        first_purchase_at=("at", "min"),
        purchase_days=("day", "nunique"),
    )
    rows = rows.join(result[["first_day", "last_purchase_at"]], on="contact_id")
    first = rows[rows["day"].eq(rows["first_day"])].groupby("contact_id")["deal_id"].min()
    last = rows[rows["at"].eq(rows["last_purchase_at"])].groupby("contact_id")["deal_id"].max()
    result["first_deal_id"], result["last_deal_id"] = first, last
    again = result["purchase_days"].gt(1)
    result["repeat_at"] = result["last_purchase_at"].where(again)
    result["repeat_id"] = result["last_deal_id"].where(again)
    return result


def _on_the_deal(t: Tables, deals: pd.DataFrame) -> pd.DataFrame:
    linked = t["deal_contacts"][["deal_id", "contact_id"]].drop_duplicates()
    mine = deals.merge(linked, on="deal_id")
    alone = deals[~deals["deal_id"].isin(linked["deal_id"]) & deals["account_id"].notna()]
    staff = t["contacts"][["contact_id", "account_id"]]
    return pd.concat([mine, alone.merge(staff, on="account_id")])


def _renewed(t: Tables) -> pd.DataFrame:
    sold = _sold(t)
    mine = _on_the_deal(t, sold[sold["kind"].eq("renewal")])
    return _newest(mine, "at", "deal_id", {"at": "renewal_at", "deal_id": "renewal_id"})


def _talks(t: Tables) -> pd.DataFrame:
    deals = t["deals"]
    begun = deals["created_at"].isna() | deals["created_at"].lt(END)
    mine = _on_the_deal(t, deals[deals["status"].eq("open") & begun])
    mine["renewal"] = mine["kind"].eq("renewal").fillna(False).astype(int)
    return mine.groupby("contact_id").agg(
        open_deals=("deal_id", "size"), renewal_open=("renewal", "sum")
    )


def _answers(t: Tables) -> pd.DataFrame:
    told = t["feedback"][t["feedback"]["at"].lt(END) & t["feedback"]["contact_id"].notna()]
    pieces = []
    for kind in ("nps", "csat"):
        rows = told[told["kind"].eq(kind) & told["score"].notna()]
        names = {"score": f"{kind}_last", "at": f"{kind}_last_at", "feedback_id": f"{kind}_last_id"}
        pieces.append(_newest(rows, "at", "feedback_id", names))
    surveys = told[told["kind"].isin(["nps", "csat"])].groupby("contact_id")["at"].max()
    high = (told["kind"].eq("nps") & told["score"].ge(9)) | (
        told["kind"].eq("csat") & told["score"].ge(5)
    )
    high |= told["kind"].eq("review") & told["score"].ge(4)
    happy = told[high].groupby("contact_id")["at"].max()
    return pd.concat([*pieces, surveys.rename("survey_last_at"), happy.rename("happy_at")], axis=1)


def _detractors(t: Tables) -> pd.DataFrame:
    told = t["feedback"][t["feedback"]["at"].lt(HEARD) & t["feedback"]["contact_id"].notna()]
    pieces = []
    for kind, low, high in (("nps", 6, 9), ("csat", 2, 5), ("review", 2, 4)):
        rows = told[told["kind"].eq(kind) & (told["score"].le(low) | told["score"].ge(high))]
        latest = rows.sort_values(["at", "feedback_id"]).drop_duplicates("contact_id", keep="last")
        pieces.append(latest[latest["score"].le(low)])
    names = {"at": "detractor_at", "feedback_id": "detractor_id"}
    return _newest(pd.concat(pieces), "at", "feedback_id", names)


def _desk(t: Tables) -> pd.DataFrame:
    desk = t["tickets"][t["tickets"]["contact_id"].notna()].copy()
    begun = desk["opened_at"].isna() | desk["opened_at"].lt(HEARD)
    unsaid = desk["status"].isna() & desk["closed_at"].isna()
    still = desk["status"].eq("open").fillna(False) | unsaid | desk["closed_at"].ge(END)
    desk["is_open"] = (begun & still).astype(bool)
    desk["serious"] = desk["kind"].isin(["complaint", "escalation"])
    return desk


def _service(t: Tables) -> pd.DataFrame:
    desk = _desk(t)
    desk["unsolved"] = desk["is_open"] & desk["serious"]
    result = desk.groupby("contact_id").agg(
        tickets_open=("is_open", "sum"), unsolved=("unsolved", "sum")
    )
    told = desk[desk["serious"] & desk["opened_at"].lt(END)]
    names = {"opened_at": "complaint_at", "ticket_id": "complaint_id"}
    result = result.join(_newest(told, "opened_at", "ticket_id", names))
    done = desk[~desk["is_open"]]
    ended = done["closed_at"].fillna(done["opened_at"])
    result["closed_at"] = ended[ended.lt(END)].groupby(done["contact_id"]).max()
    good = desk[desk["positive"].eq(True).fillna(False) & desk["closed_at"].lt(END)]
    result["positive_at"] = good.groupby("contact_id")["closed_at"].max()
    return result


def _resolved(t: Tables) -> pd.DataFrame:
    closed = _desk(t)
    closed = closed[closed["closed_at"].lt(END)]
    told = t["feedback"]
    good = told[told["kind"].eq("csat") & told["score"].ge(4) & told["at"].lt(END)]
    both = closed.merge(good[["contact_id", "at"]], on="contact_id")
    soon = both["at"].ge(both["closed_at"]) & both["at"].le(both["closed_at"] + DAYS[30])
    followed = set(both.loc[soon, "ticket_id"])
    well = closed["positive"].eq(True).fillna(False) | closed["ticket_id"].isin(followed)
    names = {"closed_at": "resolved_at", "ticket_id": "resolved_id"}
    return _newest(closed[well], "closed_at", "ticket_id", names)


def _overdue(t: Tables) -> pd.DataFrame:
    bills = t["invoices"]
    late = (bills["paid_at"].isna() | bills["paid_at"].ge(END)) & bills["due_at"].lt(TODAY)
    return bills[late].groupby("contact_id").size().rename("invoices_overdue").to_frame()


def _happened(t: Tables) -> pd.DataFrame:
    rows = t["activities"]
    rows = rows[rows["contact_id"].notna() & rows["at"].lt(END)]
    who, at, kind = rows["contact_id"], rows["at"], rows["kind"]
    latest = {
        "talked_at": SPOKEN,
        "favour_at": FAVOURS,
        "gave_at": GAVE,
        "noted_at": ("thank_you",),
    }
    result = pd.DataFrame(
        {name: at[kind.isin(kinds)].groupby(who).max() for name, kinds in latest.items()}
    )
    gave = kind.isin([k for k in GAVE if k != "thank_you"])
    subject = rows["subject"].str.lower()
    seen = {
        "liked": kind.isin(LIKED) | subject.str.contains("newsletter|blog|podcast|video", na=False),
        "trusted": kind.eq("presentation") | subject.str.contains(TRUSTED, na=False),
        "tried": kind.isin(["webinar", "evaluation", "discovery", "nurture"])
        | subject.str.contains(TRIED, na=False),
    }
    counts = pd.DataFrame({"gave": gave, "thanks": kind.eq("thank_you"), **seen}).groupby(who).sum()
    counts[list(seen)] = counts[list(seen)].gt(0)
    result = result.join(counts, how="outer")
    for name, word in {
        "delivery": "delivery",
        "milestone": "milestone",
        "review": "results_review",
    }.items():
        names = {"at": f"{name}_at", "activity_id": f"{name}_id"}
        result = result.join(_newest(rows[kind.eq(word)], "at", "activity_id", names))
    return result


def _tasks(t: Tables) -> pd.DataFrame:
    asks = t["asks"][t["asks"]["contact_id"].notna()].copy()
    who = asks["contact_id"]
    asks["said_never"] = asks["outcome"].eq("never").fillna(False)
    asks["wrong_person"] = asks["outcome"].eq("wrong person").fillna(False)
    result = asks.groupby("contact_id")[["said_never", "wrong_person"]].max()
    asks["unhappy_at"] = asks["done_at"].fillna(asks["created_at"])
    sad = asks[asks["outcome"].eq("unhappy").fillna(False) & asks["unhappy_at"].lt(HEARD)]
    names = {"unhappy_at": "unhappy_at", "task_key": "unhappy_id"}
    result = result.join(_newest(sad, "unhappy_at", "task_key", names))
    done = asks["state"].eq("done") & asks["done_at"].lt(END)
    fixed = done & asks["play"].eq("recover") & ~asks["outcome"].eq("unhappy").fillna(False)
    care = done & asks["play"].isin(["warm_up", "quiet", "recover"])
    thank = done & asks["play"].eq("thank_you")
    result["recovered_at"] = asks.loc[fixed, "done_at"].groupby(who).max()
    result["cared_at"] = asks.loc[care, "done_at"].groupby(who).max()
    result["cared"] = asks.loc[care, "done_at"].groupby(who).size()
    result["thanked_at"] = asks.loc[thank, "done_at"].groupby(who).max()
    result["thanked"] = asks.loc[thank, "done_at"].groupby(who).size()
    return result


def _ranked(t: Tables) -> pd.DataFrame:
    columns = ["clv", "crv", "p_refer", "referral_worth"]
    scored = t["scores"][t["scores"]["clv"].notna()].set_index("contact_id")[columns].copy()
    others = max(len(scored) - 1, 1)
    before = t["own_fields"].set_index("contact_id")["segment"].reindex(scored.index)
    high = {}
    for name, kept in (("clv", ["Champion", "Affluent"]), ("crv", ["Champion", "Advocate"])):
        below = scored[name].rank(method="min").astype("int64") - 1
        scored[f"by_{name}"] = below * 100 // others
        high[name] = scored[f"by_{name}"].ge(np.where(before.isin(kept), 45, 50))
    scored["score"] = (scored["by_clv"] + scored["by_crv"]) // 2
    scored["segment"] = np.select(
        [high["clv"] & high["crv"], high["clv"], high["crv"]],
        ["Champion", "Affluent", "Advocate"],
        "Nurture",
    )
    if len(scored) < 20:
        scored["segment"] = ""
    return scored.drop(columns=["by_clv", "by_crv"])


def _colleagues(f: pd.DataFrame) -> None:
    """Add when a colleague at the same company was last asked."""
    asked = f.loc[
        f["account_id"].notna() & f["asked_last_at"].notna(), ["account_id", "asked_last_at"]
    ]
    asked = asked.rename_axis("id").reset_index().sort_values(["asked_last_at", "id"])
    latest = asked.drop_duplicates("account_id", keep="last")
    others = asked[~asked["id"].isin(latest["id"])].drop_duplicates("account_id", keep="last")
    latest, others = latest.set_index("account_id"), others.set_index("account_id")
    mine = f["account_id"].map(latest["id"]).eq(f.index.to_series()).fillna(False).astype(bool)
    newest = f["account_id"].map(latest["asked_last_at"])
    f["account_asked_at"] = newest.where(~mine, f["account_id"].map(others["asked_last_at"]))


def _latest(f: pd.DataFrame, *columns: str) -> pd.Series:
    return f[list(columns)].max(axis=1)


def _trouble(f: pd.DataFrame) -> None:
    """Add what went wrong, whether it was put right, and what we gave and took."""
    f["fixed_at"] = _latest(f, "closed_at", "recovered_at")
    f["good_sign_at"] = _latest(f, "happy_at", "positive_at", "delivery_at")
    f["moment_at"] = _latest(f, "good_sign_at", "milestone_at", "review_at")
    f["conversation_at"] = _latest(f, "talked_at", "cared_at", "thanked_at")
    f["give_last_at"] = _latest(f, "gave_at", "thanked_at", "cared_at")
    f["favour_last_at"] = _latest(f, "favour_at", "thanked_at")
    f["balance"] = f["gave"] + f[["thanks", "thanked"]].max(axis=1) + f["cared"] - f["asks_done"]
    running = f["unsolved"].gt(0)
    kinds = {"complaint": 60, "detractor": 180, "unhappy": 60}
    for kind, days in kinds.items():
        end = day(f[f"{kind}_at"]) + DAYS[days]
        f[f"end_{kind}"] = end.where(end.gt(TODAY))
        f[f"on_{kind}"] = f[f"{kind}_at"].where(end.gt(TODAY))
    latest = _latest(f, *(f"on_{kind}" for kind in kinds))
    f["incident_at"] = latest.where(~running, f["complaint_at"])
    over = _latest(f, *(f"end_{kind}" for kind in kinds))
    fixed = f["fixed_at"].ge(f["incident_at"])
    proven = f["good_sign_at"].ge(day(f["fixed_at"]) + DAYS[14])
    f["recovery_state"] = np.select(
        [running, f["incident_at"].isna(), ~fixed, proven],
        ["incident", "clear", "incident", "proven"],
        "recovering",
    )
    held = f["recovery_state"].isin(["incident", "recovering"]) & ~running
    f["recovery_until"] = over.where(held)
    incident = pd.Series(None, index=f.index, dtype=object)
    for kind in reversed(kinds):
        same = f[f"{kind}_at"].eq(f["incident_at"])
        incident = incident.where(~same, f[f"{kind}_id"])
    f["incident_id"] = incident


def _ends(f: pd.DataFrame) -> None:
    """Add until when each reason with a date holds back an ask, where it does today."""

    def till(times: pd.Series) -> pd.Series:
        return times.where(times.gt(TODAY))

    f["u_detractor"] = till(day(f["detractor_at"]) + DAYS[180])
    complaint = till(day(f["complaint_at"]) + DAYS[60])
    f["u_complaint"] = complaint.where(f["recovery_state"].ne("proven"))
    f["f_complaint"] = f["u_complaint"].notna()
    shaky = f["recovery_state"].isin(["incident", "recovering"])
    f["u_recovery"] = till(day(f["recovery_until"])).where(shaky)
    f["u_account"] = till(day(f["account_asked_at"]) + DAYS[30])
    f["u_year"] = till(day(f["asks_cap_until"])).where(f["asks_365"].ge(4))
    f["u_rest"] = till(day(f["rest_until"]))
    f["u_favour"] = till(day(f["favour_last_at"]) + DAYS[14])
    f["u_survey"] = till(day(f["survey_last_at"]) + DAYS[30])
    f["u_tenure"] = till(day(f["first_purchase_at"]) + DAYS[90])
    row = f["unanswered_row"].ge(3)
    f["u_unanswered"] = till(day(f["unanswered_last_at"]) + DAYS[365]).where(row)
    f["f_talk"] = (TODAY - day(f["conversation_at"])).dt.days.gt(45)


def _stage(f: pd.DataFrame) -> None:
    f["stage"] = np.select(
        [
            f["given"].gt(0),
            f["purchase_days"].ge(2) | f["renewal_at"].notna(),
            f["purchase_days"].ge(1) | f["status"].eq("customer").fillna(False),
            f["tried"] | f["open_deals"].gt(0) | f["referred_by_id"].notna(),
            f["trusted"],
            f["liked"] | f["conversation_at"].notna(),
        ],
        ["refer", "repeat", "buy", "try", "trust", "like"],
        "know",
    )
