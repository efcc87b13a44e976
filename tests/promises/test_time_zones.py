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


@pytest.mark.promise("time.as-of")
def test_the_same_data_and_day_give_the_same_plan_whenever_it_runs(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    moments = [datetime(2026, 11, 20, 0, 1, tzinfo=UTC), datetime(2029, 2, 3, 23, 59, tzinfo=UTC)]
    first, later = (planned_at(house, moment, TODAY) for moment in moments)
    assert new_tasks(first)
    assert content(first.actions) == content(later.actions)
    assert (first.plan_id, first.verdicts) == (later.plan_id, later.verdicts)


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
