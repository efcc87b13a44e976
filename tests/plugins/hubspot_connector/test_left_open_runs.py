"""Whole runs where reps choose an outcome and leave the task open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from goodword import run, undoing
from goodword.cli.firm_file import firm_toml
from goodword.connector import Workplace
from goodword.firm import Firm
from goodword_hubspot.connector import open_connector
from goodword_hubspot.fake import KEY, Account, Fake, by_hand
from goodword_hubspot.fake.sample import fill
from goodword_hubspot.seam.objects import read
from goodword_hubspot.settings import TOKEN_VARIABLE, HubSpotSettings

ACCOUNT = "47102285"
OUTCOME, NAME = "goodword_ask_outcome", "goodword_referred_name"


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake(Account()) as portal:
        fill(portal.portal)
        yield portal


@pytest.fixture
def home(fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(TOKEN_VARIABLE, KEY)
    folder = tmp_path / "brightroof"
    folder.mkdir()
    settings = {
        "firm": {"name": "Brightroof", "currency": "GBP", "region": "GB"},
        "connector": {"name": "hubspot", "account": ACCOUNT, "sandbox": False},
        "rollout": {"mode": "live"},
        "plugin": {"hubspot": {"host": fake.url}},
    }
    (folder / "goodword.toml").write_text(firm_toml(settings), encoding="utf-8")
    opened(fake, folder).install("apply")
    return folder


def opened(fake: Fake, folder: Path) -> Any:
    firm = Firm(folder)
    work = Workplace(folder, firm.state.folder, "look", firm.as_of)
    return open_connector(HubSpotSettings.model_validate({"host": fake.url}), work)


def applied(folder: Path) -> tuple[Any, Any]:
    """Return the plan and the report of a run."""
    return run.plan(Firm(folder)), run.apply(Firm(folder))


def status(fake: Fake, folder: Path, key: str) -> str | None:
    """Return how a task of ours stands in the portal; None once it is gone."""
    desk = opened(fake, folder)._desk
    name = desk.place("tasks").key
    found = read(desk.portal, "tasks", [key], ["hs_task_status"], id_property=name)
    return next((record.get("hs_task_status") for record in found), None)


LONG = pytest.mark.long


@pytest.mark.long
@pytest.mark.parametrize(
    "stop", ["unhappy", pytest.param("never", marks=LONG), pytest.param("wrong_person", marks=LONG)]
)
@pytest.mark.promise("ask.withdrawn", "thanks.after-it-was-given")
def test_a_task_answered_and_left_open_is_closed_where_it_should_be_and_never_lost(
    home: Path, fake: Fake, stop: str
) -> None:
    planned, first = applied(home)
    tasks = [action for action in planned.actions if action.kind == "create_task"]
    ask, other = (action for action in tasks if action.asks)
    warm_up = next(action for action in tasks if action.play == "warm_up")
    by_hand.edit(fake.portal, "contacts", ask.contact_id, {OUTCOME: stop})
    by_hand.edit(fake.portal, "contacts", other.contact_id, {OUTCOME: "yes", NAME: "Bob Kline"})
    by_hand.edit(fake.portal, "contacts", warm_up.contact_id, {OUTCOME: "no_answer"})
    planned, _ = applied(home)
    assert status(fake, home, ask.key) == "COMPLETED"
    assert status(fake, home, other.key) == status(fake, home, warm_up.key) == "NOT_STARTED"
    (thanks,) = (a for a in planned.actions if a.kind == "create_task" and a.play == "thank_you")
    assert thanks.contact_id == other.contact_id

    by_hand.edit(fake.portal, "contacts", other.contact_id, {OUTCOME: "unhappy"})
    planned, report = applied(home)
    assert report.exit_code == 0
    assert status(fake, home, thanks.key) == "NOT_STARTED"
    assert not [action for action in planned.actions if action.kind == "log_activity"]

    undoing.undo(Firm(home), first.run_id)
    assert status(fake, home, warm_up.key) == "NOT_STARTED"
    untouched = next(a for a in tasks if a.play == "quiet")
    assert status(fake, home, untouched.key) is None
