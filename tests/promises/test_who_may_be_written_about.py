"""Modes, the start date, limits and pauses: what a run leaves alone until the firm allows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from firm_in_memory import TODAY, House, happy, new_tasks, open_house, person, planned

from goodword import WriteResult, looking, run
from goodword.errors import AuthError, GoodwordError, PlanError
from goodword.model import Action
from goodword.settings import Settings
from goodword.testing import MemoryConnector

PEOPLE = ("ada", "bo", "cy")


def a_firm(folder: Path, rollout: str = "") -> House:
    """Three people to ask, each with a rep of their own."""
    return open_house(
        folder,
        settings=rollout,
        contacts=[person(who) for who in PEOPLE],
        feedback=[happy(who, TODAY) for who in PEOPLE],
    )


def touched(house: House) -> set[str]:
    """Everybody about whom something of ours stands on the host."""
    return {
        str(row["contact_id"]) for table in ("asks", "own_fields") for row in rows(house, table)
    }


def rows(house: House, table: str) -> list[dict[str, object]]:
    return [dict(row) for row in house.host.rows(table)]


@pytest.mark.promise("modes.shadow-first")
def test_a_firm_that_chose_nothing_is_in_shadow() -> None:
    assert Settings().rollout.mode == "shadow"


@pytest.mark.promise("modes.shadow-writes-nothing", "modes.shadow-first")
def test_in_shadow_every_command_plans_and_none_writes(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm", '[rollout]\nmode = "shadow"\n')
    version = house.host.host.version
    plan = house.plan()
    assert {task.contact_id for task in new_tasks(plan)} == set(PEOPLE)
    with pytest.raises(PlanError, match="shadow"):
        house.apply(plan.plan_id)
    made, report = run.sync(house.firm())
    assert new_tasks(made)
    assert not report.applied
    with pytest.raises(PlanError):
        house.undo()
    assert house.host.host.version == version


@pytest.mark.promise("modes.pilot-named-people")
@pytest.mark.parametrize(
    ("named", "who"), [('owners = ["rep-bo"]', {"bo"}), ('contacts = ["ada", "cy"]', {"ada", "cy"})]
)
def test_a_pilot_writes_about_named_people_only(named: str, who: set[str], tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm", f'[rollout]\nmode = "pilot"\n{named}\n')
    house.sync()
    assert touched(house) == who
    assert {str(row["contact_id"]) for row in rows(house, "own_fields")} == who


@pytest.mark.promise("modes.pilot-limit")
def test_a_pilot_that_names_nobody_needs_a_limit_and_keeps_it(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm", '[rollout]\nmode = "pilot"\n')
    plan = house.plan()
    with pytest.raises(PlanError, match="neither reps nor contacts"):
        run.apply(house.firm(), plan.plan_id)
    assert touched(house) == set()
    run.apply(house.firm(), plan.plan_id, limit=2)
    assert len(touched(house)) == 2
    assert len(rows(house, "own_fields")) == 2


@pytest.mark.promise("modes.live-writes")
def test_live_the_whole_plan_is_written(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    plan = house.plan()
    report = house.apply(plan.plan_id)
    assert sum(report.applied.values()) == len(plan.actions)
    assert touched(house) == set(PEOPLE)


@pytest.mark.promise("account.other-refused")
def test_a_connection_to_another_account_is_refused(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    house.sync()
    tables = {"contacts": rows(house, "contacts"), "feedback": rows(house, "feedback")}
    house.host = MemoryConnector(tables, account="elsewhere", today=TODAY)
    for command in (run.pull, run.plan, run.sync):
        with pytest.raises(AuthError, match="elsewhere"):
            command(house.firm())
    assert touched(house) == set()


@pytest.mark.long
@pytest.mark.promise("start.first-write", "start.older-is-evidence")
def test_what_happened_before_the_first_write_is_evidence_and_no_task(tmp_path: Path) -> None:
    old = TODAY - timedelta(days=3)
    link = {"referrer_id": "ada", "status": "received"}
    trouble = {"ticket_id": "t", "contact_id": "bo", "kind": "complaint", "status": "closed"}
    house = open_house(
        tmp_path / "firm",
        settings='[rollout]\nmode = "live"\n',
        contacts=[person(who) for who in ("ada", "bo")] + [person("kit", status="lead")],
        referrals=[{"referral_id": "r1", "referred_id": "kit", "at": old, **link}],
        tickets=[trouble | {"opened_at": old, "closed_at": old}],
    )
    assert planned(house.sync()) == {}
    held = {line.name for line in house.why("bo").suppressors if line.state == "holds"}
    assert "complaint" in held
    house.later(5).host.put(
        contacts=[person("lou", status="lead")],
        referrals=[{"referral_id": "r2", "referred_id": "lou", "at": house.today, **link}],
    )
    assert planned(house.sync()) == {"ada": {"thank_you"}, "lou": {"fast_lane"}}


@pytest.mark.promise("plan.except")
def test_a_contact_struck_from_a_plan_is_left_alone(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    plan = house.plan()
    run.apply(house.firm(), plan.plan_id, struck=["bo"])
    assert touched(house) == {"ada", "cy"}


@pytest.mark.promise("brakes.left-for-a-person", "brakes.tasks")
def test_a_plan_too_large_for_a_run_nobody_watches_waits_for_a_person(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm", "[brakes]\ntasks = 2\n")
    plan, report = run.sync(house.firm())
    assert (report.exit_code, dict(report.applied)) == (3, {})
    assert report.stopped
    assert touched(house) == set()
    assert house.apply(plan.plan_id).applied["create_task"] == 3
    assert touched(house) == set(PEOPLE)


# ---------------------------------------------------------------------- pauses


@pytest.mark.long
@pytest.mark.promise("pause.file", "pause.all")
@pytest.mark.parametrize("name", ["PAUSE", "pause.txt"])
def test_a_file_in_the_folder_stops_all_writing_until_it_is_gone(name: str, tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    plan = house.plan()
    (house.folder / name).write_text("", encoding="utf-8")
    with pytest.raises(GoodwordError, match="paused"):
        house.apply(plan.plan_id)
    assert not run.sync(house.firm())[1].applied
    assert touched(house) == set()
    (house.folder / name).unlink()
    house.apply(plan.plan_id)
    assert touched(house) == set(PEOPLE)


@pytest.mark.long
@pytest.mark.promise("pause.owner", "pause.until")
def test_a_rep_can_be_paused_until_a_day(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    until = house.today + timedelta(days=4)
    text = f"[owner.rep-bo]\nuntil = {until:%Y-%m-%d}\n"
    (house.folder / "PAUSE").write_text(text, encoding="utf-8")
    run.sync(house.firm())
    assert set(house.open_plays()) == {"ada", "cy"}
    house.later(3)
    run.sync(house.firm())
    assert set(house.open_plays()) == {"ada", "cy"}
    house.later(1)
    run.sync(house.firm())
    assert set(house.open_plays()) == set(PEOPLE)


class Interrupted(MemoryConnector):
    """A host where somebody does something right after the first batch arrived."""

    def after_the_first_batch(self, deed: object) -> None:
        self._deed = deed

    def write(self, batch: Sequence[Action]) -> Sequence[WriteResult]:
        results = super().write(batch)
        deed, self._deed = getattr(self, "_deed", None), None
        if callable(deed):
            deed()
        return results


@pytest.mark.promise("pause.every-batch")
def test_a_pause_that_comes_in_the_middle_stops_the_next_batch(tmp_path: Path) -> None:
    people = [f"p{number:03}" for number in range(400)]
    folder = tmp_path / "firm"
    folder.mkdir()
    tables = {"contacts": [person(who) for who in people], "feedback": [happy("p000", TODAY)]}
    house = House(folder, Interrupted(tables, today=TODAY))
    house.settings("")
    plan = house.plan()
    assert isinstance(house.host, Interrupted)
    house.host.after_the_first_batch(lambda: (folder / "PAUSE").write_text("", encoding="utf-8"))
    report = house.apply(plan.plan_id)
    assert 0 < sum(report.applied.values()) < len(plan.actions)
    assert report.exit_code == 3
    assert report.stopped


@pytest.mark.promise("status.shown", "status.unhealthy")
def test_status_says_how_things_stand_and_what_is_not_well(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm", '[rollout]\nmode = "live"\n[brakes]\ntasks = 2\n')
    first = looking.status(house.firm())
    assert (first.mode, first.last_success, first.unhealthy) == ("live", None, ())
    run.sync(house.firm())
    assert any("waits for a person" in line for line in looking.status(house.firm()).unhealthy)
    house.apply()
    well = looking.status(house.firm())
    assert well.unhealthy == ()
    assert well.last_success is not None
    assert well.pulled_at is not None
    assert (well.open_tasks, well.overdue, well.failures) == (3, 0, 0)
    assert any("overdue_invoice" in line for line in well.cannot_check)
    assert well.started == f"{date(2026, 11, 20)}"
    late = looking.status(house.later(9).firm())
    assert late.overdue == 3
    assert any("a week old" in line for line in late.unhealthy)
