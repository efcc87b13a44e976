"""The line the pandas script writes on each contact: why, or why not."""

from __future__ import annotations

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # it ships no types


def why_of(f: pd.DataFrame, verdict: np.ndarray, pick: np.ndarray, code: np.ndarray) -> pd.Series:
    """Return the line written on each contact; a sentence is made only where it is needed."""

    def dated(text: str, column: str, after: str = "") -> object:
        return lambda rows: text + rows[column].dt.strftime("%Y-%m-%d").fillna("unknown") + after

    def counted(column: str, after: str, before: str = "") -> object:
        return lambda rows: before + rows[column].astype("int64").astype(str) + after

    moments = [
        lambda r: (
            "rated us "
            + r["nps_last"].astype("int64").astype(str)
            + " of 10 on "
            + r["nps_last_at"].dt.strftime("%Y-%m-%d")
        ),
        dated("looked at the results with us on ", "review_at"),
        dated("gave us the top mark in the survey of ", "csat_last_at"),
        dated("reached a milestone with us on ", "milestone_at"),
        dated("asked to be asked again from ", "later_at"),
        dated("we last worked for them on ", "delivery_at"),
        dated("renewed with us on ", "renewal_at"),
        dated("bought from us again on ", "repeat_at"),
        dated("was happy with how we solved their problem on ", "resolved_at"),
        dated("has had time with what they bought on ", "first_purchase_at"),
    ]
    reasons: dict[int, object] = {
        0: 'marked "do not ask"',
        1: "works for us",
        2: "no longer works there",
        3: "is no longer a customer",
        4: "said no to being contacted",
        5: "never wants to be asked again",
        6: "is not the right person to ask",
        7: dated("complained on ", "complaint_at"),
        8: dated("gave us a low score on ", "detractor_at"),
        9: counted("tickets_open", " open ticket(s)"),
        10: dated("something went wrong on ", "incident_at", " and no good sign came since"),
        11: "a colleague is being asked",
        12: dated("a colleague was asked on ", "account_asked_at"),
        13: "a rep already has a task to ask",
        14: counted("asks_365", " times within a year", "asked "),
        15: dated("asked before, resting until ", "rest_until"),
        16: dated("got a gift, favour or thank-you on ", "favour_last_at"),
        17: counted("invoices_overdue", " invoice(s) past the date"),
        18: "a renewal is being negotiated",
        19: dated("answered a survey on ", "survey_last_at"),
        20: dated("first bought on ", "first_purchase_at", ", which is recent"),
        21: counted("thanks_owed", " thank-you(s) owed for a referral: thank first"),
        22: lambda r: (
            r["unanswered_row"].astype("int64").astype(str)
            + " asks without an answer, the latest on "
            + r["unanswered_last_at"].dt.strftime("%Y-%m-%d")
        ),
        23: dated("last spoke with us on ", "conversation_at"),
        24: "we asked for more than we gave",
    }
    text = pd.Series(
        "nothing happened lately that makes a good moment to ask", index=f.index, dtype=object
    )
    masks = [(verdict != "ask") & (code == number) for number in reasons]
    makers = list(reasons.values())
    masks += [(verdict == "ask") & (pick == number) for number in range(10)]
    for mask, maker in zip(masks, [*makers, *moments], strict=True):
        if mask.any():
            text[mask] = maker(f[mask]) if callable(maker) else maker
    label = pd.Series(verdict, index=f.index).map(
        {
            "ask": "Ask: ",
            "warm_up": "Warm up first: ",
            "recover": "Recover first: ",
            "never": "Never: ",
            "wait": "Wait: ",
        }
    )
    wait = (verdict == "wait") & f["next_ask"].notna()
    label = label.where(~wait, "Wait until " + f["next_ask"].fillna("") + ": ")
    return label + text
