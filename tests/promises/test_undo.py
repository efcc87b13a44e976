"""Undo takes back exactly what is still ours, whatever reps did in between, and stays undone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from firm_in_memory import TODAY, House, fields_set, happy, new_tasks, open_house, person
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword import looking, run

PEOPLE = [f"p{number}" for number in range(8)]
DEEDS = ("nothing", "edit", "complete", "delete", "rewrite")
"""What a rep may do with a task, or with the fields, between apply and undo."""


def small_firm(folder: Path) -> House:
    yesterday = TODAY - timedelta(days=1)
    return open_house(
        folder,
        contacts=[person(who) for who in PEOPLE],
        feedback=[happy(who, yesterday) for who in PEOPLE[:6]],
        referrals=[
            {"referral_id": "r", "referrer_id": "p7", "referred_name": "Kit", "at": yesterday}
        ],
    )


def act(house: House, who: str, deed: str) -> None:
    """Let the rep of *who* do something at the host."""
    keys = [str(task["task_key"]) for task in house.host.tasks() if task["contact_id"] == who]
    if deed == "rewrite":
        house.host.put(own_fields=[{**house.host.own_fields(who), "why": "We know better."}])
    for key in keys:
        if deed == "edit":
            house.host.edit(key)
        elif deed == "complete":
            house.host.complete(key, "no answer")
        elif deed == "delete":
            house.host.delete(key)


def standing(house: House) -> dict[str, Any]:
    """What stands at the host: tasks by key, fields by contact (an empty cell is no value)."""
    fields = {
        str(row["contact_id"]): {name: value for name, value in row.items() if value}
        for row in house.host.rows("own_fields")
    }
    blank = {who: row for who, row in fields.items() if len(row) > 1}
    return {"tasks": {str(t["task_key"]): t for t in house.host.tasks()}, "fields": blank}


@settings(max_examples=6)
@given(seed=st.integers(0, 2**32))
@pytest.mark.promise("undo.fields", "undo.tasks")
def test_undo_restores_what_is_still_ours_and_nothing_else(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - a rep's day, not a secret
    deeds = {who: chance.choice(DEEDS) for who in PEOPLE}
    with TemporaryDirectory() as folder:
        house = small_firm(Path(folder))
        house.sync()
        for who, deed in deeds.items():
            act(house, who, deed)
        before = standing(house)
        report = house.undo()
        after = standing(house)
    assert report.failures == ()
    touched = {who for who, deed in deeds.items() if deed in ("edit", "complete")}
    assert after["tasks"] == {
        key: task for key, task in before["tasks"].items() if task["contact_id"] in touched
    }
    rewritten = {who for who, deed in deeds.items() if deed == "rewrite"}
    assert {who: row["why"] for who, row in after["fields"].items()} == dict.fromkeys(
        rewritten, "We know better."
    )


@pytest.mark.long
@pytest.mark.promise("undo.fields")
def test_undo_gives_back_the_fields_of_before(tmp_path: Path) -> None:
    house = small_firm(tmp_path / "firm")
    house.sync()
    before = standing(house)["fields"]
    house.later(1).host.put(tickets=[{"ticket_id": "t", "contact_id": "p0", "status": "open"}])
    house.sync()
    assert standing(house)["fields"]["p0"]["why"].startswith("Recover first")
    house.undo()
    assert standing(house)["fields"] == before


def asked_then_forbidden(folder: Path) -> House:
    """Four people who were to be asked; since then three of them must not be, and it is written."""
    house = small_firm(folder)
    house.sync()
    house.later(1).host.complete(house.task_of("p0"), "yes")
    flagged = {**person("p1"), "do_not_ask": True}
    house.host.put(
        contacts=[flagged], tickets=[{"ticket_id": "t", "contact_id": "p2", "status": "open"}]
    )
    house.sync()
    return house


def said(house: House) -> dict[str, str]:
    return {who: str(house.host.own_fields(who)["why"]).split(":")[0] for who in PEOPLE[:4]}


@pytest.mark.long
@pytest.mark.promise("undo.fields")
def test_no_invitation_to_ask_outlives_an_undo_where_asking_is_forbidden(tmp_path: Path) -> None:
    house = asked_then_forbidden(tmp_path / "firm")
    now = said(house)
    assert {who: text.split()[0] for who, text in now.items()} == {
        "p0": "Wait",
        "p1": "Never",
        "p2": "Recover",
        "p3": "Ask",
    }
    for _ in range(3):  # however often it is taken back
        house.undo()
        assert set(said(house).values()) == {"Ask"}, "an undo restores"
        plan = house.plan()
        (told,) = [notice for notice in plan.notices if "taken back" in notice]
        assert told.startswith("3 contacts")
        assert {action.contact_id for action in fields_set(plan)} == {"p0", "p1", "p2"}
        assert {name for action in fields_set(plan) for name in action.values} == {
            "why",
            "next_ask",
        }
        house.apply()
        assert said(house) == now
        assert house.host.own_fields("p1")["next_ask"] is None
        assert fields_set(house.plan()) == []


@pytest.mark.long
@pytest.mark.promise("plan.except")
def test_a_correction_that_a_person_strikes_is_not_planned_again(tmp_path: Path) -> None:
    house = asked_then_forbidden(tmp_path / "firm")
    house.undo()
    run.apply(house.firm(), house.plan().plan_id, struck=["p1"])
    assert said(house)["p1"] == "Ask"
    assert fields_set(house.plan()) == []


@pytest.mark.long
@pytest.mark.promise("undo.released")
def test_what_was_undone_is_planned_again_only_after_release(tmp_path: Path) -> None:
    house = small_firm(tmp_path / "firm")
    keys = {task.key for task in new_tasks(house.sync())}
    run_id = _latest_run(house)
    house.undo()
    assert house.plan().actions == ()
    house.later(1)
    assert house.sync().actions == ()
    assert house.release(run_id) > len(keys)
    assert {task.key for task in new_tasks(house.sync())} == keys
    assert len(house.host.tasks("open")) == len(keys)
    assert house.plan().actions == ()


@pytest.mark.long
@pytest.mark.promise("undo.notes")
def test_the_note_of_a_thank_you_outlives_undo_and_is_not_written_twice(tmp_path: Path) -> None:
    house = small_firm(tmp_path / "firm")
    house.sync()
    house.host.complete(house.task_of("p7", "thank_you"))
    house.sync()
    notes = house.host.rows("activities")
    assert len(notes) == 1
    run_id = _latest_run(house)
    house.undo()
    assert house.host.rows("activities") == notes
    house.release(run_id)
    assert [action.kind for action in house.plan().actions if action.kind == "log_activity"] == []


def _latest_run(house: House) -> str:
    from goodword.ledger import Ledger

    ledger = Ledger(house.firm().state.ledger)
    try:
        return next(run.run_id for run in ledger.runs() if run.kind != "undo")
    finally:
        ledger.close()


@pytest.mark.long
@pytest.mark.promise("rep.not-again")
def test_a_task_a_rep_deleted_is_not_made_again_by_undo_and_release(tmp_path: Path) -> None:
    house = small_firm(tmp_path / "firm")
    house.sync()
    run_id = _latest_run(house)
    key = house.task_of("p0")
    house.host.delete(key)
    house.undo()
    house.release(run_id)
    plan = house.sync()
    assert key not in {task.key for task in new_tasks(plan)}
    assert house.open_plays().keys() == {"p1", "p2", "p3", "p4", "p5", "p7"}


@pytest.mark.long
def test_doctor_names_a_damaged_ledger_and_the_way_out(tmp_path: Path) -> None:
    house = small_firm(tmp_path)
    house.sync()
    firm = house.firm()
    assert [check.ok for check in looking.doctor(firm) if check.name == "ledger"] == [True]
    firm.state.ledger.write_bytes(b"no database any more" * 100)
    (check,) = [check for check in looking.doctor(house.firm()) if check.name == "ledger"]
    assert not check.ok
    assert "damaged" in check.detail
    assert "backups" in check.hint
