"""What a person decided holds through failures: who was struck, what was undone, what paused."""

from __future__ import annotations

from pathlib import Path

import pytest
from firm_in_memory import TODAY, House, fields_set, happy, new_tasks, open_house, person

from goodword import looking, run
from goodword.closing import close_open
from goodword.errors import AuthError, PlanError, RetryableError
from goodword.pauses import read_pauses


def two(folder: Path, settings: str = "") -> House:
    """A firm with two happy customers."""
    people = ("ada", "bo")
    return open_house(
        folder / "firm",
        settings=settings,
        contacts=[person(who) for who in people],
        feedback=[happy(who, TODAY) for who in people],
    )


@pytest.mark.long
@pytest.mark.promise("plan.except")
def test_who_was_struck_stays_away_also_where_the_host_fails(tmp_path: Path) -> None:
    house = two(tmp_path)
    plan = house.plan()
    house.host.fail_next(RetryableError("The host is busy."), "write")
    with pytest.raises(RetryableError):
        run.apply(house.firm(), plan.plan_id, struck=["ada"])
    assert {task.contact_id for task in new_tasks(house.sync())} == {"bo"}


@pytest.mark.long
@pytest.mark.promise("undo.tasks")
def test_undo_takes_back_the_run_somebody_was_struck_from_and_none_before_it(
    tmp_path: Path,
) -> None:
    house = two(tmp_path)
    house.sync()
    house.host.put(contacts=[person("cy"), person("di")])
    house.host.put(feedback=[happy("cy", TODAY), happy("di", TODAY)])
    report = run.apply(house.firm(), house.plan().plan_id, struck=["di"])
    assert report.applied["create_task"] == 1
    house.undo()
    assert {str(task["contact_id"]) for task in house.host.tasks()} == {"ada", "bo"}


@pytest.mark.long
@pytest.mark.promise("undo.released")
def test_a_field_that_was_taken_back_is_not_written_again_beside_another(tmp_path: Path) -> None:
    house = two(tmp_path)
    house.sync()
    stage = house.host.own_fields("ada")["stage"]
    house.host.put(own_fields=[{**house.host.own_fields("ada"), "why": "Ask me first. Sam"}])
    house.undo()
    assert house.host.own_fields("ada")["stage"] is None
    for plan in (house.plan(), house.later(1).plan()):
        assert not [a for a in fields_set(plan) if a.values.get("stage") == stage]


def test_a_folder_that_cannot_be_listed_counts_as_paused(tmp_path: Path) -> None:
    assert not read_pauses(tmp_path).everything
    assert read_pauses(tmp_path / "nowhere").everything


@pytest.mark.promise("status.unhealthy")
def test_a_night_in_which_the_host_refused_us_is_seen_in_the_morning(tmp_path: Path) -> None:
    house = two(tmp_path)
    house.sync()
    house.host.fail_next(AuthError("The key is no longer valid."), "pull")
    with pytest.raises(AuthError):
        run.sync(house.firm())
    (worry,) = looking.status(house.firm()).unhealthy
    assert "The key is no longer valid." in worry


@pytest.mark.promise("start.first-write")
def test_the_first_live_run_fixes_the_start_also_where_the_host_fails(tmp_path: Path) -> None:
    house = two(tmp_path, '[rollout]\nmode = "live"\n')
    house.host.fail_next(RetryableError("The host is busy."), "write")
    with pytest.raises(RetryableError):
        run.sync(house.firm())
    assert looking.status(house.firm()).started == TODAY.isoformat()


def test_a_pilot_that_names_nobody_closes_nothing_before_a_pause(tmp_path: Path) -> None:
    house = two(tmp_path)
    house.sync()
    house.settings('[rollout]\nmode = "pilot"\n')
    with pytest.raises(PlanError, match="names neither"):
        close_open(house.firm())
    assert len(house.host.tasks("open")) == 2


@pytest.mark.long
@pytest.mark.promise("undo.fields")
def test_while_an_undo_is_cut_off_nothing_else_is_written(tmp_path: Path) -> None:
    from goodword.testing.memory import Crash

    house = two(tmp_path)
    house.sync()
    house.host.crash_after(1)
    with pytest.raises(Crash):
        house.undo()
    with pytest.raises(PlanError, match="cut off"):
        run.sync(house.firm())
    house.undo()
    assert house.host.tasks() == []
    assert new_tasks(house.sync()) == []


@pytest.mark.long
@pytest.mark.promise("blind.waits")
def test_a_consent_column_that_lost_its_last_value_lets_nobody_be_asked(tmp_path: Path) -> None:
    people = [person(who, consent="no" if who == "p0" else "yes") for who in ("p0", "p1", "p2")]
    house = open_house(
        tmp_path / "firm",
        contacts=people,
        feedback=[happy(str(who["contact_id"]), TODAY) for who in people],
    )
    house.sync()
    house.later(400)
    house.host.put(contacts=[{**who, "consent": "unknown"} for who in people])
    house.host.put(feedback=[happy(str(who["contact_id"]), house.today) for who in people])
    plan, report = run.sync(house.firm())
    assert report.stopped
    assert not [task for task in new_tasks(plan) if task.asks]
    assert house.why("p0").code == "blind:contacts.consent"


@pytest.mark.long
@pytest.mark.promise("brakes.blind")
def test_a_task_list_that_went_away_stops_a_run_nobody_watches(tmp_path: Path) -> None:
    people = [f"p{number:02}" for number in range(12)]
    house = open_house(
        tmp_path / "firm",
        contacts=[person(who) for who in people],
        feedback=[happy(who, TODAY) for who in people],
    )
    house.sync()
    for task in house.host.tasks():
        house.host.delete(str(task["task_key"]))
    plan, report = run.sync(house.firm())
    assert [brake.code for brake in plan.brakes] == ["lost_tasks"]
    assert report.exit_code == 3
    house.apply(plan.plan_id)
    assert run.sync(house.firm())[1].exit_code == 0


@pytest.mark.long
@pytest.mark.promise("forget.at-the-host")
@pytest.mark.parametrize("how", ["asked to", "erased at the host"])
def test_what_went_with_a_forgotten_person_is_no_loss_of_data(tmp_path: Path, how: str) -> None:
    house = two(tmp_path)
    house.host.put(contacts=[person("ada", consent="yes")])
    house.sync()
    house.later(1).host.complete(house.task_of("ada"), "later", until=house.ago(-30))
    house.sync()
    if how == "asked to":
        run.forget(house.firm(), "ada")
    else:
        house.host.erase("ada")
    plan = house.plan()
    assert plan.brakes == ()
    assert looking.status(house.firm()).unhealthy == ()
    assert house.sync().brakes == ()
    assert "blind" not in {check.name for check in looking.doctor(house.firm())}
