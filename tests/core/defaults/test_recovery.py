"""From an incident to proven recovery, step by step."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

NOON = datetime(2026, 11, 20, 12)


def before(days: int) -> datetime:
    return NOON - timedelta(days=days)


def complaint(opened: int, closed: int | None = None, **more: Any) -> dict[str, Any]:
    row = {"ticket_id": "k1", "contact_id": "ada", "kind": "complaint", "opened_at": before(opened)}
    state = (
        {"status": "open"} if closed is None else {"status": "closed", "closed_at": before(closed)}
    )
    return {**row, **state, **more}


def said(score: int, ago: int, kind: str = "nps") -> dict[str, Any]:
    row = {"feedback_id": f"{kind}{ago}", "contact_id": "ada", "kind": kind}
    return {**row, "score": score, "at": before(ago)}


def task(play: str, ago: int, outcome: str | None = None) -> dict[str, Any]:
    row = {"task_key": f"{play}{ago}", "contact_id": "ada", "play": play, "state": "done"}
    return {**row, "done_at": before(ago), "created_at": before(ago + 2), "outcome": outcome}


def state(firm: Any, **rows: Any) -> str:
    return str(firm.ada(**rows)["recovery_state"])


def test_nothing_ever_happened(firm: Any) -> None:
    assert state(firm) == "clear"
    assert firm.ada()["incident_at"] is None


def test_an_open_complaint_is_an_incident_however_old(firm: Any) -> None:
    ada = firm.ada(tickets=[complaint(400)])

    assert ada["recovery_state"] == "incident"
    assert ada["incident_id"] == "k1"
    assert ada["recovery_until"] is None


def test_a_closed_complaint_is_recovering_until_a_good_sign_two_weeks_later(firm: Any) -> None:
    closed = [complaint(40, 30)]

    assert state(firm, tickets=closed) == "recovering"
    assert state(firm, tickets=closed, feedback=[said(10, 17)]) == "recovering"
    assert state(firm, tickets=closed, feedback=[said(10, 16)]) == "proven"


def test_a_complaint_no_longer_counts_after_its_days(firm: Any) -> None:
    assert state(firm, tickets=[complaint(59, 50)]) == "recovering"
    assert state(firm, tickets=[complaint(60, 50)]) == "clear"


def test_the_end_of_recovering_is_known(firm: Any) -> None:
    ada = firm.ada(tickets=[complaint(40, 30)])

    assert ada["recovery_until"] == datetime(2026, 11, 20) + timedelta(days=20)


def test_a_low_score_is_an_incident_until_something_was_put_right(firm: Any) -> None:
    low = [said(3, 30)]

    assert state(firm, feedback=low) == "incident"
    assert state(firm, feedback=low, asks=[task("recover", 20)]) == "recovering"
    assert state(firm, feedback=low, asks=[task("recover", 40)]) == "incident"


def test_a_newer_promoter_score_ends_the_incident_of_a_low_one(firm: Any) -> None:
    assert state(firm, feedback=[said(3, 30), said(9, 2)]) == "clear"


@pytest.mark.promise("outcome.unhappy")
def test_the_outcome_unhappy_starts_recovery(firm: Any) -> None:
    ada = firm.ada(asks=[task("ask", 5, "unhappy")])

    assert ada["recovery_state"] == "incident"
    assert (ada["unhappy_at"], ada["incident_id"]) == (before(5), "ask5")


def test_a_new_incident_after_a_proven_recovery_starts_again(firm: Any) -> None:
    rows = {"tickets": [complaint(40, 35)], "feedback": [said(10, 15)]}

    assert state(firm, **rows) == "proven"
    assert state(firm, **rows, asks=[task("ask", 3, "unhappy")]) == "incident"


@pytest.mark.parametrize(
    "sign",
    [
        {"feedback": [said(9, 5)]},
        {"feedback": [said(5, 5, "csat")]},
        {"feedback": [said(4, 5, "review")]},
        {
            "activities": [
                {"activity_id": "v1", "contact_id": "ada", "kind": "delivery", "at": before(5)}
            ]
        },
    ],
)
def test_every_kind_of_good_sign_proves_recovery(firm: Any, sign: dict[str, Any]) -> None:
    assert state(firm, tickets=[complaint(40, 30)], **sign) == "proven"


@pytest.mark.parametrize("weak", [said(8, 5), said(4, 5, "csat"), said(3, 5, "review")])
def test_a_lukewarm_answer_proves_nothing(firm: Any, weak: dict[str, Any]) -> None:
    assert state(firm, tickets=[complaint(40, 30)], feedback=[weak]) == "recovering"


def test_the_days_are_settings(firm_with: Any) -> None:
    firm = firm_with(ask={"recovery_days": 3, "complaint_days": 100})

    assert state(firm, tickets=[complaint(90, 30)]) == "recovering"
    assert state(firm, tickets=[complaint(90, 30)], feedback=[said(10, 26)]) == "proven"


def test_a_milestone_is_a_good_moment_but_proves_nothing(firm: Any) -> None:
    reached = {"activity_id": "v1", "contact_id": "ada", "kind": "milestone", "at": before(5)}
    ada = firm.ada(tickets=[complaint(40, 30)], activities=[reached])

    assert (ada["moment_at"], ada["good_sign_at"]) == (before(5), None)
    assert ada["recovery_state"] == "recovering"
