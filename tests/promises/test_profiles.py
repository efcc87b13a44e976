"""Profiles: one folder, several accounts, and nothing that one of them leaves to another."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from firm_in_memory import TODAY, House, OnMemory, happy, new_tasks, open_house, person
from typer.testing import CliRunner

from goodword import looking, run, undoing
from goodword.cli import make_app
from goodword.errors import AuthError, PlanError, SettingsError
from goodword.firm import Firm
from goodword.testing import MemoryConnector

SANDBOX = '\n[profile.sandbox.connector]\naccount = "test-1"\nsandbox = true\n'
SANDBOX_LIVE = f'{SANDBOX}[profile.sandbox.rollout]\nmode = "live"\nstart_date = 2020-01-01\n'


def a_host(account: str, *, sandbox: bool) -> MemoryConnector:
    """A host with one happy customer."""
    tables = {"contacts": [person("ada")], "feedback": [happy("ada", TODAY)]}
    return MemoryConnector(tables, account=account, today=TODAY, sandbox=sandbox)


def a_house(folder: Path, profile: str) -> House:
    """A live firm on its own account, with a profile for another one."""
    house = open_house(folder, settings=profile)
    house.host = a_host("memory", sandbox=False)
    return house


def sandboxed(house: House, host: MemoryConnector, profile: str = "sandbox") -> Firm:
    """The firm as a new process opens its profile."""
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    firm = Firm(house.folder, today=TODAY, clock=lambda: now, profile=profile)
    firm.plugins.manager.register(OnMemory(host), "memory")
    return firm


@pytest.mark.long
@pytest.mark.promise("profiles.apart")
def test_a_profile_keeps_copies_plans_and_ledger_of_its_own(tmp_path: Path) -> None:
    house, test = a_house(tmp_path / "firm", SANDBOX_LIVE), a_host("test-1", sandbox=True)
    written, report = run.sync(sandboxed(house, test))
    assert (len(new_tasks(written)), report.exit_code) == (1, 0)
    assert house.host.tasks() == []
    ours = house.plan()
    assert new_tasks(ours)[0].key != new_tasks(written)[0].key, "the account is part of the key"
    with pytest.raises(PlanError, match="no run"):
        house.undo()
    house.apply(ours.plan_id)
    assert len(house.host.tasks()) == len(test.tasks()) == 1
    undoing.undo(sandboxed(house, test))
    assert (len(house.host.tasks()), test.tasks()) == (1, [])
    both = {path.name for path in house.folder.iterdir() if path.is_dir()}
    assert both == {".goodword", ".goodword-sandbox"}
    with pytest.raises(PlanError, match="no plan"):
        run.apply(sandboxed(house, test), ours.plan_id)


@pytest.mark.promise("profiles.apart", "modes.shadow-first")
def test_a_profile_never_inherits_the_permission_to_write(tmp_path: Path) -> None:
    house, test = a_house(tmp_path / "firm", SANDBOX), a_host("test-1", sandbox=True)
    plan, report = run.sync(sandboxed(house, test))
    assert (plan.mode, len(new_tasks(plan)), dict(report.applied)) == ("shadow", 1, {})
    with pytest.raises(PlanError, match="shadow"):
        run.apply(sandboxed(house, test))
    assert test.tasks() == []
    assert looking.status(sandboxed(house, test)).mode == "shadow"
    assert looking.status(house.firm()).mode == "live"


@pytest.mark.promise("profiles.apart", "account.other-refused")
def test_a_profile_is_refused_at_the_account_of_another(tmp_path: Path) -> None:
    house, test = a_house(tmp_path / "firm", SANDBOX_LIVE), a_host("test-1", sandbox=True)
    with pytest.raises(AuthError, match="'memory', not to 'test-1'"):
        run.sync(sandboxed(house, house.host))
    house.sync()
    house.host = test
    with pytest.raises(AuthError, match="'test-1', not to 'memory'"):
        house.plan()
    assert test.tasks() == []


@pytest.mark.promise("account.sandbox")
def test_a_profile_for_a_test_account_is_refused_at_one_that_is_none(tmp_path: Path) -> None:
    house = a_house(tmp_path / "firm", SANDBOX_LIVE)
    with pytest.raises(AuthError, match="no test account"):
        run.plan(sandboxed(house, a_host("test-1", sandbox=False)))


@pytest.mark.promise("profiles.apart")
@pytest.mark.parametrize(
    ("profile", "text", "said"),
    [
        ("sandbox", "\n[profile.sandbox.firm]\nname = 'Test'\n", "no account of its own"),
        ("sandbox", "\n[profile.sandbox.connector]\naccount = ''\n", "no account of its own"),
        ("sandbox", "", r"no section \[profile.sandbox\]"),
        ("other", SANDBOX, r"no section \[profile.other\]"),
        ("../there", SANDBOX, "small letters"),
        ("sandbox", "\n[profile]\nsandbox = 1\n", "a profile holds sections"),
    ],
)
def test_a_profile_that_could_be_mistaken_for_another_is_refused(
    profile: str, text: str, said: str, tmp_path: Path
) -> None:
    house = a_house(tmp_path / "firm", text)
    with pytest.raises(SettingsError, match=said):
        run.plan(sandboxed(house, a_host("test-1", sandbox=True), profile))
    assert not (house.folder / ".goodword-sandbox" / "ledger.sqlite").exists()


@pytest.mark.promise("profiles.apart")
def test_a_profile_is_chosen_by_an_option_or_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = a_house(tmp_path / "firm", SANDBOX)

    def mode(*options: str) -> str:
        done = CliRunner().invoke(make_app(), ["-C", str(house.folder), *options, "rollout"])
        assert done.exit_code == 0, done.output
        return done.output.split(".")[0]

    own = mode()
    assert "live" in own
    assert "shadow" in mode("--profile", "sandbox")
    monkeypatch.setenv("GOODWORD_PROFILE", "sandbox")
    assert "shadow" in mode()


def test_a_profile_that_works_in_the_same_place_is_refused(tmp_path: Path) -> None:
    place = '[plugin.memory]\npath = "host.json"\n'
    house = open_house(tmp_path / "firm", settings=f"{place}{SANDBOX}")
    with pytest.raises(SettingsError, match="same place"):
        _ = sandboxed(house, MemoryConnector(account="test-1")).settings
    own = '[profile.sandbox.plugin.memory]\npath = "test.json"\n'
    house.settings(f"{place}{SANDBOX}{own}")
    firm = Firm(house.folder, profile="sandbox")
    assert firm.settings.plugin["memory"]["path"] == "test.json"
