"""The bundled moments: each can lead to an ask, none outlives its window, none asks the unhappy."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

NOON = datetime(2026, 11, 20, 12)


def before(days: int) -> datetime:
    return NOON - timedelta(days=days)


def said(kind: str, score: int, ago: int) -> dict[str, Any]:
    row = {"feedback_id": f"{kind}{ago}", "contact_id": "ada", "kind": kind}
    return {"feedback": [{**row, "score": score, "at": before(ago)}]}


def happened(kind: str, ago: int) -> dict[str, Any]:
    row = {"activity_id": kind, "contact_id": "ada", "kind": kind, "at": before(ago)}
    return {"activities": [row]}


def bought(*ago: int, kind: str | None = None) -> dict[str, Any]:
    deals = [
        {"deal_id": f"d{days}", "kind": kind, "status": "won", "closed_at": before(days)}
        for days in ago
    ]
    links = [{"deal_id": deal["deal_id"], "contact_id": "ada"} for deal in deals]
    return {"deals": deals, "deal_contacts": links}


def solved(ago: int) -> dict[str, Any]:
    row = {"ticket_id": "k1", "contact_id": "ada", "kind": "ticket", "status": "closed"}
    times = {"opened_at": before(ago + 2), "closed_at": before(ago)}
    return {"tickets": [{**row, **times, "positive": True}]}


def later(ago: int) -> dict[str, Any]:
    row = {"task_key": "t1", "contact_id": "ada", "play": "ask", "state": "done"}
    times = {"done_at": before(ago + 50), "outcome_at": before(ago)}
    return {"asks": [{**row, **times, "outcome": "later"}]}


# Trigger, history that holds only its own event, days from the event to the first and last
# day on which the customer may be asked, record that names the cycle.
MOMENTS = [
    ("promoter", lambda ago: said("nps", 9, ago), 0, 30, "nps{}"),
    ("delighted", lambda ago: said("csat", 5, ago), 0, 30, "csat{}"),
    ("delivery", lambda ago: happened("delivery", ago), 0, 30, "delivery"),
    ("milestone", lambda ago: happened("milestone", ago), 0, 30, "milestone"),
    ("results_review", lambda ago: happened("results_review", ago), 0, 30, "results_review"),
    ("asked_for_later", later, 0, 30, "t1:later"),
    ("first_purchase", lambda ago: bought(ago), 90, 150, "d{}"),
    ("repeat_purchase", lambda ago: bought(300, ago), 14, 59, "d{}"),
    ("renewal", lambda ago: bought(ago, kind="renewal"), 14, 59, "d{}"),
    ("resolved_ticket", solved, 14, 44, "k1"),
]


def test_every_bundled_trigger_has_a_history_here(firm: Any) -> None:
    assert {name for name, *_ in MOMENTS} == {trigger.name for trigger in firm.book.triggers}


@pytest.fixture(scope="module")
def decisions(firm: Any) -> dict[str, dict[str, Any]]:
    """The decision on the days around each window, by trigger and days since the event."""
    days = {
        f"{name} {ago}": history(ago)
        for name, history, first, last, _ in MOMENTS
        for ago in (first - 1, first, last, last + 1)
        if ago >= 0
    }
    return dict(firm.each({**days, **NO_MOMENT, **STRONGEST}))


NO_MOMENT = {
    "passive": said("nps", 8, 1),
    "content": said("csat", 4, 1),
    "review": said("review", 5, 1),
    "call": happened("call", 1),
    "nothing": {},
}
STRONGEST = {"two moments": said("nps", 10, 3) | happened("delivery", 2)}


@pytest.mark.parametrize(("name", "history", "first", "last", "record"), MOMENTS)
@pytest.mark.promise("together.every-trigger", "together.survey")
def test_a_history_with_nothing_but_the_event_ends_in_an_ask(
    decisions: Any, name: str, history: Any, first: int, last: int, record: str
) -> None:
    for ago in (first, last):
        decided = decisions[f"{name} {ago}"]
        assert (decided["verdict"], decided["code"]) == ("ask", "")
        assert (decided["trigger"], decided["cycle"]) == (name, record.format(ago))


@pytest.mark.parametrize(("name", "history", "first", "last", "record"), MOMENTS)
@pytest.mark.promise("together.missed")
def test_outside_its_window_a_moment_is_simply_missed(
    decisions: Any, name: str, history: Any, first: int, last: int, record: str
) -> None:
    assert decisions[f"{name} {last + 1}"]["verdict"] == "wait"
    if first > 0:
        assert decisions[f"{name} {first - 1}"]["verdict"] == "wait"


@pytest.mark.parametrize("name", NO_MOMENT)
def test_what_is_no_moment_opens_no_window(decisions: Any, name: str) -> None:
    assert (decisions[name]["verdict"], decisions[name]["code"]) == ("wait", "no_trigger")


def test_the_strongest_moment_speaks(decisions: Any) -> None:
    decided = decisions["two moments"]

    assert decided["trigger"] == "promoter"
    assert decided["why"] == "Ask: rated us 10 of 10 on 2026-11-17"


@pytest.mark.promise("quiet.no-ages")
def test_sentences_hold_dates_and_never_ages(firm: Any) -> None:
    histories = {name: history(first) for name, history, first, *_ in MOMENTS}
    today = firm.each(histories)
    tomorrow = firm.each(histories, date(2026, 11, 21))

    for name in histories:
        assert today[name]["why"] == tomorrow[name]["why"]
        assert "2026-" in today[name]["why"]


def test_waits_are_settings(firm_with: Any) -> None:
    firm = firm_with(ask={"first_purchase_wait_days": 30, "tenure_days": 20})

    assert firm.decision(**bought(30))["verdict"] == "ask"


@pytest.fixture(scope="module")
def priorities(firm: Any) -> dict[str, int]:
    people = {"contacts": [{"contact_id": "ada"}, {"contact_id": "bo"}]}
    link = {"referral_id": "r1", "at": before(200)}
    silent = {"task_key": "t1", "contact_id": "ada", "play": "ask", "state": "done"}
    moment = said("nps", 9, 2)
    histories = {
        "fresh": moment,
        "stale": said("nps", 9, 25),
        "half a year": moment | bought(200),
        "newer": moment | bought(100),
        "came": moment
        | people
        | {"referrals": [{**link, "referrer_id": "bo", "referred_id": "ada"}]},
        "silent": moment | {"asks": [{**silent, "done_at": before(200)}]},
    }
    return {name: row["priority"] for name, row in firm.each(histories).items()}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("fresh", "stale"),
        ("half a year", "newer"),
        ("came", "fresh"),
        ("fresh", "silent"),
    ],
)
def test_who_comes_first_on_the_list(priorities: Any, first: str, second: str) -> None:
    assert priorities[first] > priorities[second]
