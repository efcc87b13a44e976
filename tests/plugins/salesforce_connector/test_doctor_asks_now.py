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
from goodword_salesforce.install import install
from goodword_salesforce.installing.host import OrgHost
from goodword_salesforce.installing.visit import Visit
from goodword_salesforce.names import INTEGRATION
from goodword_salesforce.settings import SalesforceSettings

TODAY = date(2026, 11, 18)


@pytest.fixture
def look_at(fake: Any, at_fake: Any, clock: Any, tmp_path: Path) -> Callable[[], dict[str, Check]]:
    """Look at an org that has all our fields; what was looked up stays in one state folder."""
    org = at_fake(flow="session", secret=fake.session)
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
