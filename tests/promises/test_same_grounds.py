"""Apply right after a plan: what it saved is taken only where deciding would give the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest
from firm_in_memory import TODAY, House, fields_set, happy, new_tasks, open_house, person

from goodword import Candidate, Facts, Suppressor, hookimpl, run
from goodword.apply import still_wanted
from goodword.model import Plan
from goodword.run import _second_look
from goodword.working import refresh, working

PEOPLE = ("ada", "bo", "cy", "di")
TROUBLE = {"kind": "complaint", "status": "open", "opened_at": TODAY}


def a_firm(folder: Path, settings: str = "") -> House:
    return open_house(
        folder,
        settings=settings,
        contacts=[person(who) for who in PEOPLE],
        feedback=[happy(who, TODAY) for who in PEOPLE[:3]],
        tickets=[],
        owners=[{"owner_id": f"rep-{who}", "name": who} for who in PEOPLE],
    )


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time a run decides for everybody is noted here."""
    times: list[str] = []
    real = run.decided

    def noted(situation: run.Situation) -> object:
        times.append("decided")
        return real(situation)

    monkeypatch.setattr(run, "decided", noted)
    return times


def test_where_nothing_changed_the_decisions_of_the_plan_are_taken(
    tmp_path: Path, decided: list[str]
) -> None:
    house = a_firm(tmp_path / "firm")
    made = house.plan()
    report = house.apply()
    assert decided == ["decided"]  # by the plan alone
    assert report.exit_code == 0
    assert set(house.open_plays()) == {"ada", "bo", "cy"}
    assert report.applied == {"create_task": 3, "set_fields": len(fields_set(made))}


def a_complaint(house: House) -> None:
    house.host.put(tickets=[{"ticket_id": "t", "contact_id": "bo", **TROUBLE}])


def a_new_customer(house: House) -> None:
    house.host.put(contacts=[person("eve")])


def a_new_name(house: House) -> None:
    house.host.put(contacts=[person("di") | {"name": "Di Brook"}])


def an_edited_field(house: House) -> None:
    house.host.put(own_fields=[{"contact_id": "di", "stage": "refer"}])


def a_colleague_who_left(house: House) -> None:
    house.host.put(owners=[{"owner_id": "rep-bo", "name": "bo", "active": False}])


def a_task_written_meanwhile(house: House) -> None:
    house.apply()


def a_damaged_frame(house: House) -> None:
    (path,) = (house.folder / ".goodword" / "plans").glob("*.parquet")
    frame = pl.read_parquet(path)
    frame.with_columns(pl.lit("ask").alias("verdict")).write_parquet(path)


def a_plan_of_an_earlier_version(house: House) -> None:
    (path,) = (house.folder / ".goodword" / "plans").glob("*.grounds")
    path.unlink()


CHANGES: Sequence[Callable[[House], None]] = (
    a_complaint,
    a_new_customer,
    a_new_name,
    an_edited_field,
    a_colleague_who_left,
    a_task_written_meanwhile,
    a_damaged_frame,
    a_plan_of_an_earlier_version,
)


@pytest.mark.long
@pytest.mark.promise("apply.redecided", "apply.looks-again")
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_where_anything_changed_apply_decides_anew(
    change: Callable[[House], None], tmp_path: Path, decided: list[str]
) -> None:
    house = a_firm(tmp_path / "firm")
    house.plan()
    change(house)
    decided.clear()
    house.apply()
    assert decided == ["decided"]


def test_on_the_next_day_apply_decides_anew(tmp_path: Path, decided: list[str]) -> None:
    house = a_firm(tmp_path / "firm")
    house.plan()
    house.later(1).apply()
    assert decided == ["decided", "decided"]


def test_a_part_of_a_plan_is_decided_anew(tmp_path: Path, decided: list[str]) -> None:
    house = a_firm(tmp_path / "firm")
    house.plan()
    run.apply(house.firm(), struck=["bo"])
    assert decided == ["decided", "decided"]
    assert set(house.open_plays()) == {"ada", "cy"}


class Careful:
    """A plugin with a rule of its own, which may look at anything."""

    @hookimpl
    def goodword_ask_rules(self, c: Facts) -> list[Suppressor]:
        return [Suppressor("careful", when=c.tickets_open > 5, because="many tickets")]


def test_with_the_rules_of_a_plugin_apply_decides_anew(tmp_path: Path, decided: list[str]) -> None:
    house = a_firm(tmp_path / "firm")
    house.plugins["careful"] = Careful()
    house.plan()
    house.apply()
    assert decided == ["decided", "decided"]


class Objecting:
    """A plugin that objects to somebody, from some moment on."""

    to = ""

    @hookimpl
    def goodword_veto(self, candidate: Candidate) -> str | None:
        return "a colleague knows more" if candidate.contact_id == self.to else None


def test_a_veto_is_asked_again_though_nothing_changed(tmp_path: Path, decided: list[str]) -> None:
    house = a_firm(tmp_path / "firm")
    house.plugins["objecting"] = objecting = Objecting()
    house.plan()
    objecting.to = "bo"
    report = house.apply()
    assert decided == ["decided"]
    assert any("bo" in line for line in report.dropped)
    assert set(house.open_plays()) == {"ada", "cy"}


@pytest.mark.long
@pytest.mark.parametrize("days", [24, 60])
def test_both_ways_want_the_same_through_the_life_of_a_firm(tmp_path: Path, days: int) -> None:
    """Tasks open, answered, moved, withdrawn and expired, and thanks that were given."""
    house = a_firm(tmp_path / "firm")
    seen: set[str] = set()
    for day in range(0, days, 6):
        _something_happens(house, day)
        made = house.plan()
        seen |= {action.kind for action in made.actions}
        _same_both_ways(house, made)
        house.apply()
        house.later(6)
    assert {"set_fields", "create_task", "close_task", "update_task"} <= seen


def _something_happens(house: House, day: int) -> None:
    if day == 6:
        house.host.complete(house.task_of("ada"), "yes")
        house.host.put(contacts=[person("bo") | {"owner_id": "rep-di"}])
    if day == 12:
        ticket = {"ticket_id": "t", "contact_id": "cy", **TROUBLE, "opened_at": house.today}
        house.host.put(tickets=[ticket])
    if day == 18:
        house.host.put(feedback=[happy("di", house.today)])


def _same_both_ways(house: House, made: Plan) -> None:
    """Look at a fresh pull with what the plan saved and without; both want the same."""
    with working(house.firm(), "apply") as work:
        snapshot = refresh(work)
        quick = _second_look(work, snapshot, made.actions, made)
        anew = _second_look(work, snapshot, made.actions)
        assert still_wanted(made.actions, quick.plan) == still_wanted(made.actions, anew.plan)
        assert quick.plan.brakes == anew.plan.brakes
        assert new_tasks(quick.plan) == new_tasks(anew.plan)
