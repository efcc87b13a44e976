"""The doctor looks at the org as it is at this moment, and at what may be written there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goodword import Check, Workplace
from goodword_salesforce.desk import Desk
from goodword_salesforce.doctor import look
from goodword_salesforce.fake import by_hand
from goodword_salesforce.install import install
from goodword_salesforce.installing.host import OrgHost
from goodword_salesforce.installing.visit import Visit
from goodword_salesforce.memory import read_memory
from goodword_salesforce.names import INTEGRATION
from goodword_salesforce.seam.client import Means
from goodword_salesforce.settings import SalesforceSettings

TODAY = date(2026, 11, 18)


@pytest.fixture
def look_at(fake: Any, at_fake: Any, clock: Any, tmp_path: Path) -> Callable[[], dict[str, Check]]:
    """Look at an org that has all our fields; what was looked up stays in one state folder."""
    org = at_fake(flow="session", secret=fake.session, means=Means(reserve=0.0))
    settings = SalesforceSettings.model_validate({"instance_url": fake.url})
    host = OrgHost(org)
    install(Visit(host, host, settings, tmp_path, TODAY, clock, clock.sleep), "apply")

    def look_now() -> dict[str, Check]:
        desk = Desk(settings, Workplace(tmp_path, tmp_path, "doctor", TODAY), org)
        return {check.name.removeprefix("salesforce "): check for check in look(desk)}

    return look_now


def bad(found: dict[str, Check]) -> set[str]:
    return {name for name, check in found.items() if not check.ok}


def test_what_changed_since_the_morning_is_seen(look_at: Any, fake: Any) -> None:
    assert bad(look_at()) == set()
    fake.account.hidden.add(("Contact", "HasOptedOutOfEmail"))
    assert "consent" in bad(look_at())
    fake.account.hidden.clear()
    assert bad(look_at()) == set()


def test_tasks_that_can_be_read_and_written_are_said_to_be(look_at: Any) -> None:
    assert "written" in look_at()["Task"].detail


@pytest.mark.parametrize("name", ["Subject", "OwnerId", "WhoId"])
def test_tasks_that_can_be_read_but_not_made_are_found(look_at: Any, fake: Any, name: str) -> None:
    fake.account.read_only.add(("Task", name))
    found = look_at()
    assert bad(found) == {"Task"}
    assert "no task can be written" in found["Task"].detail
    assert name in found["Task"].detail
    assert INTEGRATION in found["Task"].hint


def test_an_org_where_no_task_may_be_made_at_all_is_found(
    look_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The object says so of itself, whatever it says of its fields."""
    from goodword_salesforce.fake import rendering

    usual = rendering.brief
    monkeypatch.setattr(
        rendering,
        "brief",
        lambda kind: usual(kind) | ({"createable": False} if kind.name == "Task" else {}),
    )
    assert "Task" in bad(look_at())


@pytest.fixture
def written(fake: Any, clock: Any, tmp_path: Path) -> list[str]:
    """Give three tasks of ours, written today, and one from long ago."""
    who = by_hand.add(fake.org, "Contact", {"LastName": "Moyle"})
    memory, made = read_memory(tmp_path), []
    for number in range(4):
        key, task = f"k{number}", by_hand.add(fake.org, "Task", {"Subject": "Ask", "WhoId": who})
        memory.attempts[key] = clock() - (0 if number < 3 else 20 * 86_400)
        memory.known_tasks[task] = (key, who, "mark")
        made.append(task)
    memory.save()
    return made


def test_tasks_of_ours_that_can_be_seen_are_well_a_deleted_one_too(
    written: list[str], look_at: Any, fake: Any
) -> None:
    by_hand.delete(fake.org, "Task", written[0])
    found = look_at()
    assert bad(found) == set()
    assert "all of the 3" in found["tasks of ours"].detail


def test_tasks_of_ours_that_sharing_hides_are_counted(
    written: list[str], look_at: Any, fake: Any
) -> None:
    """An old one may be gone by itself, so that nothing is said of it."""
    fake.account.unshared.update({written[1], written[3]})
    found = look_at()
    assert bad(found) == {"tasks of ours"}
    assert "1 of the 3" in found["tasks of ours"].detail
    assert "role above the reps" in found["tasks of ours"].hint


def test_nothing_is_said_of_tasks_where_none_was_written_lately(look_at: Any) -> None:
    assert "tasks of ours" not in look_at()


def test_calls_that_are_used_up_in_between_are_a_fault_among_what_was_seen(
    look_at: Any, fake: Any
) -> None:
    fake.account.daily_calls = len(fake.calls.counted()) + 2
    found = look_at()
    assert "sign-in" in found
    assert bad(found) == {"calls"}
    assert "used up" in found["calls"].detail
    assert found["calls"].hint
