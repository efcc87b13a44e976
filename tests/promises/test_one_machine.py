"""Who is in charge of a host: one account, one machine, one ledger, and since which day."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from firm_in_memory import TODAY, House, happy, new_tasks, open_house, person, planned
from typer.testing import CliRunner

from goodword import looking, run, undoing
from goodword.cli import make_app
from goodword.errors import AuthError, PlanError
from goodword.firm import Firm
from goodword.model import SetFields, action_key, plan_id_of
from goodword.settings_file import load_settings
from goodword.testing import MemoryConnector
from goodword.working import open_ledger

COMMANDS = (run.pull, run.plan, run.apply, run.sync, undoing.undo)


def on(machine: str, house: House) -> Firm:
    """The firm as *machine* opens it."""
    firm = house.firm()
    firm.machine = machine
    return firm


def a_firm(folder: Path, *people: str, settings: str = "") -> House:
    """A firm with somebody to ask for each name."""
    return open_house(
        folder,
        settings=settings,
        contacts=[person(who) for who in people],
        feedback=[happy(who, TODAY) for who in people],
    )


def news(house: House, who: str) -> None:
    """Somebody new is happy today."""
    house.host.put(contacts=[person(who)], feedback=[happy(who, house.today)])


# ---------------------------------------------------------------------- the ledger


def by_applying(house: House) -> None:
    house.apply(house.plan().plan_id)


def by_adopting(house: House) -> None:
    run.adopt(house.firm())


@pytest.mark.long
@pytest.mark.promise("adopt.empty", "brakes.left-for-a-person")
@pytest.mark.parametrize("decide", [by_applying, by_adopting])
def test_without_its_ledger_a_firm_writes_again_once_a_person_has_looked(
    decide: Callable[[House], None], tmp_path: Path
) -> None:
    house = a_firm(tmp_path / "firm", "ada", "bo")
    house.sync()
    before = house.host.tasks()
    house.firm().state.ledger.unlink()
    news(house.later(1), "cy")
    for _ in range(2):
        plan, report = run.sync(house.firm())
        assert [task.contact_id for task in new_tasks(plan)] == ["cy"]
        assert (report.exit_code, dict(report.applied)) == (3, {})
        assert "2 of our tasks are on the host" in report.stopped[0]
    assert house.host.tasks() == before
    decide(house)
    news(house.later(1), "di")
    assert run.sync(house.firm())[1].exit_code == 0
    assert set(house.open_plays()) == {"ada", "bo", "cy", "di"}
    assert len(house.host.tasks()) == 4


@pytest.mark.long
@pytest.mark.promise("adopt.restored")
def test_an_older_ledger_of_our_own_goes_on_once_a_person_has_looked(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm", "ada")
    house.sync()
    ledger = house.firm().state.ledger
    backup = ledger.read_bytes()
    news(house.later(1), "bo")
    house.sync()
    ledger.write_bytes(backup)
    news(house.later(1), "cy")
    plan, report = run.sync(house.firm())
    assert report.exit_code == 3
    assert report.stopped[0].startswith("1 of our tasks"), "what was undone since is not known"
    house.apply(plan.plan_id)
    news(house.later(1), "di")
    assert run.sync(house.firm())[1].exit_code == 0
    assert set(house.open_plays()) == {"ada", "bo", "cy", "di"}
    assert len(house.host.tasks()) == 4


@pytest.mark.long
@pytest.mark.promise("identity.key-frozen")
def test_what_names_an_action_a_plan_and_a_run_is_frozen_for_ever(tmp_path: Path) -> None:
    # Ledgers, plans and hosts hold these: never update the texts.
    key = action_key("acct-1", "c-42", "set_fields", "why=x")
    assert key == "f49b14659ccc919cb1776b509f729bf3"
    fields = SetFields(key="k", contact_id="c-42", values={"why": "x"}, before={"why": None})
    assert plan_id_of(TODAY, "acct-1", "rules", [fields]) == "20261120-0cb8144a"
    house = a_firm(tmp_path / "firm", "ada")
    runs = [house.apply(house.plan().plan_id).run_id for _ in range(2)]
    assert all(re.fullmatch(r"20261120-090000-[0-9a-f]{10}", name) for name in runs)
    first, second = (name.split("-")[-1] for name in runs)
    assert first[:6] == second[:6], "the name of the ledger"


# ---------------------------------------------------------------------- the machine


@pytest.mark.long
@pytest.mark.promise("runs.one-machine")
def test_a_state_folder_copied_to_another_machine_is_refused_until_it_is_moved(
    tmp_path: Path,
) -> None:
    here = a_firm(tmp_path / "here", "ada")
    here.sync()
    shutil.copytree(here.folder, tmp_path / "there")
    there = House(tmp_path / "there", here.host, here.today)
    at_home = here.firm().machine
    version = here.host.host.version
    for command in COMMANDS:
        with pytest.raises(PlanError, match="'laptop'") as refused:
            command(on("laptop", there))
        assert at_home in str(refused.value)
        assert "goodword adopt" in refused.value.hint
    assert here.host.host.version == version
    run.adopt(on("laptop", there))
    news(there.later(1), "bo")
    plan, _ = run.sync(on("laptop", there))
    assert [task.contact_id for task in new_tasks(plan)] == ["bo"]
    assert set(there.open_plays()) == {"ada", "bo"}
    news(here.later(1), "cy")
    for command in COMMANDS:
        with pytest.raises(PlanError, match="Another goodword writes to this host"):
            command(here.firm())
    assert len(here.host.tasks()) == 2


def test_a_state_folder_that_only_looked_belongs_to_no_machine_yet(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm", "ada")
    house.plan()
    plan = run.plan(on("laptop", house))
    assert run.apply(on("laptop", house), plan.plan_id).exit_code == 0
    with pytest.raises(PlanError, match="'laptop'"):
        house.plan()


# ---------------------------------------------------------------------- the account


@pytest.mark.promise("account.pinned")
def test_setting_up_writes_the_account_down(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(
        "Customer no,Name,Email\n1,Nora Quill,nora@example.com\n", encoding="utf-8"
    )
    command = ["-C", str(tmp_path), "init", str(tmp_path / "people.csv"), "--yes"]
    done = CliRunner().invoke(make_app(), command)
    assert done.exit_code == 0, done.output
    account = load_settings(tmp_path).connector.account
    assert re.fullmatch(r"csv-[0-9a-f]{12}", account)


@pytest.mark.promise("account.pinned")
def test_where_the_settings_name_no_account_the_first_writing_run_pins_it(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm", "ada")
    house.plan()
    assert looking.status(house.firm()).account in {"", None}
    house.sync()
    with open_ledger(house.firm()) as ledger:
        assert ledger.meta("account") == "memory"
    house.host = MemoryConnector({"contacts": []}, account="elsewhere", today=TODAY)
    for command in COMMANDS:
        with pytest.raises(AuthError, match="'elsewhere', not to 'memory'"):
            command(house.firm())


@pytest.mark.promise("account.sandbox")
@pytest.mark.parametrize("said", [True, False])
def test_a_test_account_is_never_taken_for_the_real_one(said: bool, tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm", "ada")
    path = house.folder / "goodword.toml"
    text = path.read_text(encoding="utf-8")
    line = f'name = "memory"\nsandbox = {str(said).lower()}'
    path.write_text(text.replace('name = "memory"', line), encoding="utf-8")
    house.host.sandbox = not said
    for command in COMMANDS:
        with pytest.raises(AuthError, match="test account") as refused:
            command(house.firm())
        assert "[connector] sandbox" in refused.value.hint
    assert house.host.tasks() == []
    house.host.sandbox = said
    house.sync()
    assert len(house.host.tasks()) == 1


@pytest.mark.promise("account.sandbox")
def test_where_the_settings_do_not_say_so_the_first_writing_run_pins_that_too(
    tmp_path: Path,
) -> None:
    house = a_firm(tmp_path / "firm", "ada")
    house.host.sandbox = True
    house.sync()
    house.host.sandbox = False
    with pytest.raises(AuthError, match="is no test account"):
        house.plan()


# ---------------------------------------------------------------------- since when


LIVE = '[rollout]\nmode = "live"\n'
PILOT = '[rollout]\nmode = "pilot"\nowners = ["rep-ada"]\n'


def link(number: str, referred: str, house: House, days: int) -> None:
    """*ada* sent somebody, *days* ago, who is on the list by now."""
    row = {"referral_id": number, "referrer_id": "ada", "referred_id": referred}
    house.host.put(
        contacts=[person(referred, status="lead")],
        referrals=[row | {"status": "received", "at": house.ago(days)}],
    )


@pytest.mark.long
@pytest.mark.promise("start.first-write", "start.older-is-evidence")
def test_an_older_survey_still_leads_to_an_ask_an_older_referral_to_nothing(
    tmp_path: Path,
) -> None:
    house = open_house(
        tmp_path / "firm",
        settings=LIVE,
        contacts=[person("ada"), person("bo")],
        feedback=[happy("bo", TODAY - timedelta(days=3))],
        referrals=[],
    )
    link("r1", "kit", house, 1)
    for _ in range(2):  # looking does not begin anything
        assert planned(house.plan()) == {"bo": {"ask"}}
        house.later(1)
    house.sync()
    assert looking.status(house.firm()).started == house.today.isoformat()
    began = house.today
    link("r2", "lou", house.later(4), 2)
    assert planned(house.sync()) == {"ada": {"thank_you"}, "lou": {"fast_lane"}}
    assert looking.status(house.firm()).started == began.isoformat()


@pytest.mark.long
@pytest.mark.promise("start.first-write")
def test_going_live_after_a_pilot_is_a_start_of_its_own(tmp_path: Path) -> None:
    house = open_house(
        tmp_path / "firm",
        settings=PILOT,
        contacts=[person("ada"), person("bo")],
        feedback=[happy("ada", TODAY)],
        referrals=[],
    )
    house.sync()
    link("r1", "kit", house.later(5), 0)
    plays = planned(house.plan())
    assert plays == {"ada": {"thank_you"}}, "the pilot has begun, and kit's rep is not in it"
    house.later(5).settings(LIVE)
    assert "kit" not in planned(house.sync())
    assert looking.status(house.firm()).started == house.today.isoformat()
