"""The day decided for is an argument; a zone only says which day it is where the firm is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from firm_in_memory import TODAY, House, happy, new_tasks, open_house, person

from goodword import run
from goodword.model import Action, Plan

ZONES = ("UTC", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata")


def a_firm(folder: Path) -> House:
    """Somebody to ask, somebody to thank, somebody who rests, and times close to midnight."""
    late = datetime(2026, 11, 19, 23, 59)
    people = ["ada", "bo", "cy", "kit"]
    asked = {"task_key": "k", "contact_id": "cy", "play": "ask", "cycle": "old", "state": "done"}
    return open_house(
        folder,
        contacts=[person(who) for who in people],
        feedback=[happy("ada", TODAY - timedelta(days=1)) | {"at": late}, happy("cy", TODAY)],
        referrals=[{"referral_id": "r", "referrer_id": "bo", "referred_id": "kit", "at": late}],
        asks=[asked | {"remote_id": "k", "done_at": late - timedelta(days=60)}],
    )


def planned_at(house: House, clock: datetime, today: date | None) -> Plan:
    """The plan of a run at this moment."""
    firm = house.firm()
    firm.today = today
    firm.clock = lambda: clock
    return run.plan(firm)


def content(actions: Sequence[Action]) -> list[str]:
    return sorted(action.model_dump_json() for action in actions)


@pytest.mark.long
@pytest.mark.promise("time.as-of")
def test_the_same_data_and_day_give_the_same_plan_whenever_it_runs(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    moments = [datetime(2026, 11, 20, 0, 1, tzinfo=UTC), datetime(2029, 2, 3, 23, 59, tzinfo=UTC)]
    first, later = (planned_at(house, moment, TODAY) for moment in moments)
    assert new_tasks(first)
    assert content(first.actions) == content(later.actions)
    assert (first.plan_id, first.verdicts) == (later.plan_id, later.verdicts)


@pytest.mark.long
@pytest.mark.promise("time.zones")
def test_for_a_given_day_the_zone_changes_nothing(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    plans = []
    for zone in ZONES:
        house.settings(f'[calendar]\ntime_zone = "{zone}"\n')
        plans.append(planned_at(house, datetime(2026, 11, 20, 12, tzinfo=UTC), TODAY))
    assert new_tasks(plans[0])
    assert all(content(plan.actions) == content(plans[0].actions) for plan in plans)


@pytest.mark.promise("due.time-zone", "time.zones")
@pytest.mark.parametrize(
    ("zone", "as_of", "due"),
    [
        ("UTC", date(2026, 11, 20), date(2026, 11, 24)),
        ("America/Los_Angeles", date(2026, 11, 20), date(2026, 11, 24)),
        ("Pacific/Auckland", date(2026, 11, 21), date(2026, 11, 25)),
    ],
)
def test_due_dates_are_counted_from_the_day_it_is_at_the_firm(
    zone: str, as_of: date, due: date, tmp_path: Path
) -> None:
    house = a_firm(tmp_path / "firm")
    house.settings(f'[calendar]\ntime_zone = "{zone}"\n')
    late_on_friday = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    plan = planned_at(house, late_on_friday, None)
    assert plan.as_of == as_of
    assert {task.due for task in new_tasks(plan) if task.play == "thank_you"} == {due}


def said(outcome: str, at: datetime) -> dict[str, object]:
    """A task of ours that a rep answered at this moment."""
    row = {"task_key": "k", "remote_id": "k", "contact_id": "ada", "play": "ask", "cycle": "old"}
    begun = {"created_at": at - timedelta(days=300)}
    return row | begun | {"state": "done", "done_at": at, "outcome": outcome}


def bad_news(what: str, at: datetime) -> dict[str, list[dict[str, object]]]:
    """What the host holds of one reason not to ask that arose at this moment."""
    if what == "ticket":
        row = {"ticket_id": "t", "contact_id": "ada", "kind": "ticket", "status": "open"}
        return {"tickets": [row | {"opened_at": at}]}
    if what == "low score":
        row = {"feedback_id": "low", "contact_id": "ada", "kind": "nps", "score": 2}
        return {"feedback": [row | {"at": at}]}
    return {"asks": [said(what, at)]}


@pytest.mark.long
@pytest.mark.parametrize(
    "what", ["ticket", "low score", "unhappy", "no", "later", "never", "wrong person"]
)
@pytest.mark.promise("time.zones")
def test_bad_news_of_a_californian_evening_holds_back_the_ask_of_that_evening(
    what: str, tmp_path: Path
) -> None:
    house = open_house(
        tmp_path / "firm", contacts=[person("ada")], feedback=[happy("ada", TODAY)], tickets=[]
    )
    house.settings('[calendar]\ntime_zone = "America/Los_Angeles"\n')
    evening = datetime(2026, 11, 21, 3, tzinfo=UTC)
    plan = planned_at(house, evening, None)
    assert plan.as_of == TODAY
    assert [task.play for task in new_tasks(plan)] == ["ask"]
    house.host.put(**bad_news(what, datetime(2026, 11, 21, 2, 30)))
    assert "ask" not in [task.play for task in new_tasks(planned_at(house, evening, None))]


@pytest.mark.parametrize("outcome", ["never", "wrong person"])
@pytest.mark.promise("outcome.never")
def test_a_final_word_counts_whatever_the_clock_says(outcome: str, tmp_path: Path) -> None:
    house = open_house(
        tmp_path / "firm",
        contacts=[person("ada")],
        feedback=[happy("ada", TODAY)],
        asks=[said(outcome, datetime(2027, 6, 1))],
    )
    assert new_tasks(house.plan()) == []
