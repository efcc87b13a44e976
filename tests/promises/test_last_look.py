"""Between approval and host: what apply drops and keeps, and the gate before each batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from firm_in_memory import (
    TODAY,
    House,
    OnMemory,
    fields_set,
    happy,
    new_tasks,
    open_house,
    person,
    planned,
)

from goodword import WriteResult, run
from goodword.budget import Team
from goodword.decisions import Decisions
from goodword.errors import PlanError
from goodword.firm import Firm
from goodword.gate import Gate
from goodword.model import Action, CreateTask
from goodword.rulebook import Rulebook
from goodword.testing import MemoryConnector

pytestmark = pytest.mark.long

PEOPLE = ("ada", "bo", "cy")


def a_firm(folder: Path, settings: str = "", people: Sequence[str] = PEOPLE) -> House:
    """A firm with somebody to ask for each name."""
    return open_house(
        folder,
        settings=settings,
        contacts=[person(who) for who in people],
        feedback=[happy(who, TODAY) for who in people],
    )


class Interrupted(MemoryConnector):
    """A host where something happens right after the first batch arrived."""

    deed: Callable[[], object] | None = None

    def write(self, batch: Sequence[Action]) -> Sequence[WriteResult]:
        results = super().write(batch)
        deed, self.deed = self.deed, None
        if deed is not None:
            deed()
        return results


def a_large_firm(folder: Path) -> tuple[House, Interrupted]:
    """A firm whose plan takes several batches; the tasks are in the first one."""
    folder.mkdir()
    people = [f"p{number:03}" for number in range(250)]
    tables = {
        "contacts": [person(who) for who in people],
        "feedback": [happy(who, TODAY) for who in people[:3]],
    }
    host = Interrupted(tables, today=TODAY)
    house = House(folder, host)
    house.settings("")
    return house, host


def asked(house: House) -> set[str]:
    return set(house.open_plays())


# ---------------------------------------------------------------------- what apply keeps


@pytest.mark.promise("apply.redecided", "apply.rest", "apply.dropped-named")
def test_a_task_whose_facts_changed_is_dropped_and_named_and_the_rest_is_written(
    tmp_path: Path,
) -> None:
    house = a_firm(tmp_path / "firm")
    approved = {task.contact_id: task for task in new_tasks(house.plan())}
    house.host.put(feedback=[happy("bo", TODAY) | {"score": 9}])
    report = house.apply()
    assert report.exit_code == 3
    (line,) = (line for line in report.dropped if "task" in line)
    assert "contact bo" in line
    assert asked(house) == {"ada", "cy"}
    for task in house.host.tasks():
        assert task["body"] == approved[str(task["contact_id"])].body
    again = new_tasks(house.plan())
    assert [task.contact_id for task in again] == ["bo"]
    assert again[0].body != approved["bo"].body
    assert house.apply().exit_code == 0
    assert asked(house) == set(PEOPLE)


@pytest.mark.promise("apply.looks-again", "apply.dropped-named")
def test_somebody_who_complained_since_the_plan_is_not_asked(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    house.host.put(tickets=[])
    house.plan()
    trouble = {"kind": "complaint", "status": "open", "opened_at": TODAY}
    house.host.put(tickets=[{"ticket_id": "t", "contact_id": "bo", **trouble}])
    report = house.apply()
    assert report.exit_code == 3
    assert any("bo" in line for line in report.dropped)
    assert asked(house) == {"ada", "cy"}


@pytest.mark.promise("apply.rest")
def test_an_approved_task_keeps_its_place_when_more_urgent_ones_come_up(tmp_path: Path) -> None:
    people = [f"p{number}" for number in range(5)]
    house = open_house(
        tmp_path / "firm",
        contacts=[person(who) | {"owner_id": "ana"} for who in people],
        feedback=[happy(who, TODAY) for who in people],
        referrals=[],
    )
    assert planned(house.plan()) == {who: {"ask"} for who in people}
    leads = [f"lead{number}" for number in range(5)]
    house.host.put(
        contacts=[person("eve")]
        + [person(who, status="lead") | {"owner_id": "ana"} for who in leads],
        referrals=[
            {"referral_id": who, "referrer_id": "eve", "referred_id": who, "at": TODAY}
            | {"status": "received"}
            for who in leads
        ],
    )
    report = house.apply()
    assert (report.exit_code, report.dropped) == (0, ())
    assert asked(house) == set(people)


@pytest.mark.promise("modes.pilot-named-people")
def test_what_a_narrower_mode_leaves_out_is_counted_and_not_named(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    plan = house.plan()
    house.settings('[rollout]\nmode = "pilot"\nowners = ["rep-bo"]\n')
    report = house.apply(plan.plan_id)
    assert asked(house) == {"bo"}
    assert {str(row["contact_id"]) for row in house.host.rows("own_fields")} == {"bo"}
    assert (report.exit_code, report.dropped) == (0, ())
    left = len(plan.actions) - sum(report.applied.values())
    assert f"{left} actions of the plan left out by the mode or a pause." in report.notices
    told = " ".join([*report.notices, *report.dropped])
    assert "ada" not in told
    assert "cy" not in told


@pytest.mark.promise("modes.pilot-limit")
def test_a_limit_is_counted_in_people_and_the_others_come_next_time(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    plan = house.plan()
    report = run.apply(house.firm(), plan.plan_id, limit=1)
    (who,) = asked(house)
    assert report.exit_code == 0
    assert [row["contact_id"] for row in house.host.rows("own_fields")] == [who]
    left = len(plan.actions) - sum(report.applied.values())
    assert f"{left} actions of the plan left out by --limit." in report.notices
    assert planned(house.plan()).keys() == set(PEOPLE) - {who}


@pytest.mark.promise("plan.except", "undo.released")
def test_who_was_struck_stays_away_until_that_run_is_released(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    plan = house.plan()
    report = run.apply(house.firm(), plan.plan_id, struck=["bo"])
    for _ in range(2):
        plan = house.later(1).plan()
        assert planned(plan) == {}
        assert not [action for action in plan.actions if action.contact_id == "bo"]
    assert house.release(report.run_id) == 2
    plan = house.plan()
    assert planned(plan) == {"bo": {"ask"}}
    assert [action.contact_id for action in fields_set(plan)] == ["bo"]


@pytest.mark.promise("plan.except")
def test_striking_somebody_the_plan_does_not_hold_is_refused_whole(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    plan = house.plan()
    with pytest.raises(PlanError, match="'bob'"):
        run.apply(house.firm(), plan.plan_id, struck=["bo", "bob"])
    assert house.host.tasks() == house.host.rows("own_fields") == []


def other_rules(house: House, plan_id: str) -> None:
    house.settings('[[ask.trigger]]\nname = "promoter"\npoints = 31\n')


def other_settings(house: House, plan_id: str) -> None:
    house.settings("[ask]\ncooldown_days = 91\n")


def other_version(house: House, plan_id: str) -> None:
    state = house.firm().state
    plan = state.load_plan(plan_id)
    assert plan is not None
    state.save_plan(plan.model_copy(update={"versions": {"goodword": "0.0.9"}}))


def edited(house: House, plan_id: str) -> None:
    path = house.firm().state.folder / "plans" / f"{plan_id}.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("2026-11-24", "2026-11-23"), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text


@pytest.mark.promise("apply.other-rules")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (other_rules, "other (rules|settings)"),
        (other_settings, "other (rules|settings)"),
        (other_version, "another version"),
        (edited, "was changed after it was made"),
    ],
)
def test_a_plan_that_is_not_what_it_was_is_refused_whole(
    change: Callable[[House, str], None], said: str, tmp_path: Path
) -> None:
    house = a_firm(tmp_path / "firm")
    plan_id = house.plan().plan_id
    change(house, plan_id)
    with pytest.raises(PlanError, match=said) as refused:
        house.apply(plan_id)
    assert "goodword plan" in refused.value.hint
    assert house.host.tasks() == house.host.rows("own_fields") == []


@pytest.mark.promise("brakes.left-for-a-person", "apply.looks-again")
def test_a_plan_is_refused_where_the_data_broke_since_it_was_read(tmp_path: Path) -> None:
    many = [f"p{number:02}" for number in range(12)]
    house = a_firm(tmp_path / "firm", people=many)
    house.apply(house.plan().plan_id)
    house.host.put(contacts=[person("new")], feedback=[happy("new", TODAY)])
    plan = house.later(1).plan()
    assert planned(plan).keys() == {"new"}
    for who in many[:4]:
        house.host.remove("contacts", who)
    with pytest.raises(PlanError, match=r"Since plan .* contacts went from 12 rows to 9"):
        house.apply(plan.plan_id)
    assert "new" not in asked(house)
    read = house.plan()
    assert [brake.code for brake in read.brakes] == ["shrank:contacts"]
    house.apply(read.plan_id)
    assert "new" in asked(house)


# ---------------------------------------------------------------------- the gate


@pytest.mark.promise("pause.every-batch")
def test_what_a_pause_in_the_middle_left_over_is_planned_next_time(tmp_path: Path) -> None:
    house, host = a_large_firm(tmp_path / "firm")
    plan = house.plan()
    pause = house.folder / "PAUSE"
    host.deed = lambda: pause.write_text("", encoding="utf-8")
    report = house.apply(plan.plan_id)
    written = {line.split()[-1] for line in report.changed}
    left = {action.key for action in plan.actions} - written
    assert report.exit_code == 3
    assert "paused" in report.stopped[0].lower()
    assert written
    assert left
    pause.unlink()
    again = house.plan()
    assert {action.key for action in again.actions} == left
    assert house.apply().exit_code == 0
    assert house.plan().actions == ()


@pytest.mark.promise("pause.every-batch", "pause.owner")
def test_a_rep_paused_in_the_middle_is_left_alone_and_the_others_go_on(tmp_path: Path) -> None:
    house, host = a_large_firm(tmp_path / "firm")
    plan = house.plan()
    late = fields_set(plan)[-1].contact_id
    text = f"[owner.rep-{late}]\n"
    host.deed = lambda: (house.folder / "PAUSE").write_text(text, encoding="utf-8")
    report = house.apply(plan.plan_id)
    assert report.exit_code == 3
    assert report.stopped == ()
    (line,) = report.dropped
    assert late in line
    assert "paused" in line
    assert sum(report.applied.values()) == len(plan.actions) - 1


@pytest.mark.promise("apply.last-look")
def test_a_run_that_lasts_past_midnight_stops_with_the_day_it_decided_for(tmp_path: Path) -> None:
    house, host = a_large_firm(tmp_path / "firm")
    house.plan()
    now = [datetime(2026, 11, 20, 23, 59, tzinfo=UTC)]
    firm = Firm(house.folder, clock=lambda: now[0])
    firm.plugins.manager.register(OnMemory(host), "memory")

    def midnight() -> None:
        now[0] += timedelta(minutes=2)

    host.deed = midnight
    report = run.apply(firm)
    assert report.exit_code == 3
    assert "day has changed" in report.stopped[0]
    assert report.applied["create_task"] == 3
    later = house.later(1).plan()
    assert len(fields_set(later)) == 250 - report.applied["set_fields"]


def a_gate(house: House, book: Rulebook, holds: str = "", trigger: str = "promoter") -> Gate:
    """A gate over one contact, for whom the suppressor *holds* does."""
    row = {"contact_id": "ada", "owner_id": "rep-ada", "account_id": None, "name": "Ada"}
    known = Decisions(nw.from_native(pl.DataFrame([row]), eager_only=True))
    team, held = Team(frozenset(), frozenset(), {}, None), {"ada": (holds,) if holds else ()}
    return Gate(house.folder, TODAY, lambda: TODAY, known, book, team, {"ada": trigger}, held)


def an_ask(house: House) -> CreateTask:
    return next(task for task in new_tasks(house.plan()) if task.contact_id == "ada")


@pytest.mark.promise("apply.last-look")
def test_every_reason_not_to_ask_holds_a_task_back_at_the_last_moment(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    ask = an_ask(house)
    fields = next(action for action in house.plan().actions if action.contact_id == "ada")
    thanks = ask.model_copy(update={"key": "k2", "play": "thank_you", "asks": False})
    book = house.firm().book
    exempt = {t.name: t.exempt for t in book.triggers}["promoter"]
    assert len(book.suppressors) > 10
    for rule in book.suppressors:
        look = a_gate(house, book, rule.name)([ask, thanks])
        assert look.stop == ""
        assert look.held == ({} if rule.name in exempt else {ask.key: rule.name}), rule.name
    clear = a_gate(house, book)([ask, thanks, fields])
    assert (clear.stop, clear.held) == ("", {})


@pytest.mark.promise("apply.last-look", "together.tenure-exempt")
def test_a_moment_that_is_exempt_from_a_rule_passes_it_at_the_gate_too(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    ask = an_ask(house)
    book = house.firm().book
    pairs = [(t.name, name) for t in book.triggers for name in t.exempt]
    assert pairs
    for trigger, name in pairs:
        assert a_gate(house, book, name, trigger)([ask]).held == {}


@pytest.mark.promise("apply.last-look")
def test_nobody_is_asked_whom_this_run_knows_nothing_of(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    stranger = an_ask(house).model_copy(update={"contact_id": "zed"})
    assert a_gate(house, house.firm().book)([stranger]).held == {stranger.key: "unknown contact"}


@pytest.mark.promise("pause.every-batch", "pause.until")
def test_the_gate_goes_by_the_day_it_is_now(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    ask = an_ask(house)
    gate = a_gate(house, house.firm().book)
    (house.folder / "PAUSE").write_text("until = 2026-11-21\n", encoding="utf-8")
    assert "2026-11-21" in gate([ask]).stop
    (house.folder / "PAUSE").write_text("[owner.rep-ada]\nuntil = 2026-11-21\n", encoding="utf-8")
    assert gate([ask]).held == {ask.key: "paused"}
    (house.folder / "PAUSE").unlink()
    assert gate([ask]).held == {}
    tomorrow = replace(gate, day_now=lambda: date(2026, 11, 21))
    assert "day has changed" in tomorrow([ask]).stop


@pytest.mark.promise("pause.all")
def test_what_was_written_can_be_taken_back_while_everything_is_paused(tmp_path: Path) -> None:
    house = a_firm(tmp_path / "firm")
    house.sync()
    (house.folder / "PAUSE").write_text("", encoding="utf-8")
    report = house.undo()
    assert report.exit_code == 0
    assert report.applied["remove_task"] == 3
    assert asked(house) == set()
