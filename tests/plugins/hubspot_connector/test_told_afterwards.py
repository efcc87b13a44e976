"""What a firm on the portal is told when a run did less than it planned, and by whom to begin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from goodword import AuthError, looking, run, undoing
from goodword.cli.firm_file import firm_toml
from goodword.connector import Workplace
from goodword.firm import Firm
from goodword_hubspot.connector import open_connector
from goodword_hubspot.fake import KEY, Account, Fake, by_hand
from goodword_hubspot.fake.sample import fill
from goodword_hubspot.names import OUTCOME
from goodword_hubspot.settings import TOKEN_VARIABLE, HubSpotSettings
from goodword_hubspot.wishes import WISHES


@pytest.fixture
def fake(account: Account) -> Iterator[Fake]:
    with Fake(account) as portal:
        fill(portal.portal)
        yield portal


@pytest.fixture
def home(fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(TOKEN_VARIABLE, KEY)
    settings = {
        "firm": {"name": "Brightroof", "currency": "GBP", "region": "GB"},
        "connector": {"name": "hubspot", "account": "47102285", "sandbox": False},
        "rollout": {"mode": "live"},
        "plugin": {"hubspot": {"host": fake.url}},
    }
    (tmp_path / "goodword.toml").write_text(firm_toml(settings), encoding="utf-8")
    firm = Firm(tmp_path)
    work = Workplace(tmp_path, firm.state.folder, "look", firm.as_of)
    portal_settings = HubSpotSettings.model_validate({"host": fake.url})
    open_connector(portal_settings, work).install("apply")
    return tmp_path


@pytest.mark.long
def test_tasks_that_could_not_be_written_are_not_called_open(home: Path, fake: Fake) -> None:
    fake.account.scopes.discard("crm.objects.contacts.write")
    assert run.plan(Firm(home)).actions
    with pytest.raises(AuthError):
        run.apply(Firm(home))
    told = looking.status(Firm(home))
    assert told.open_tasks == 0
    assert told.unhealthy[0].startswith("The last run failed")
    fake.account.scopes.add("crm.objects.contacts.write")
    run.plan(Firm(home))
    run.apply(Firm(home))
    assert looking.status(Firm(home)).open_tasks == len(list(fake.store.all("tasks"))) > 0


@pytest.mark.long
def test_an_undo_that_left_done_tasks_on_purpose_is_well(home: Path, fake: Fake) -> None:
    run.plan(Firm(home))
    run.apply(Firm(home))
    task = next(iter(fake.store.all("tasks")))
    by_hand.edit(fake.portal, "tasks", str(task.id), {"hs_task_status": "COMPLETED"})
    report = undoing.undo(Firm(home))
    assert report.dropped
    assert report.exit_code == 0
    assert looking.status(Firm(home)).unhealthy == ()


@pytest.mark.long
def test_an_answer_that_counts_for_nothing_names_its_contact(home: Path, fake: Fake) -> None:
    by_hand.edit(fake.portal, "contacts", "1044", {OUTCOME: "yes"})
    told = [line for line in run.plan(Firm(home)).notices if "An outcome of an ask" in line]
    assert len(told) == 1
    assert "1044" in told[0]


def test_no_wish_says_of_a_key_what_it_may_not_be_true_of() -> None:
    assert not [wish for wish in WISHES.values() if "needs the scope" in wish]
