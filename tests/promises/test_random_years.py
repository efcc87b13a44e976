"""Random years of a small firm: whatever happens, in whatever order, the promises hold.

What earlier years found stands here once more, as short as it can be told.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from firm_in_memory import TODAY, House, happy, new_tasks, open_house, person, planned
from random_years import Breach, play, shrunk, steps_of

from goodword import run, working
from goodword.mirror import Mirror

SEEDS = (2, 7)
STEPS = 40
SOAK_SEEDS = range(1000, 1040)
SOAK_STEPS = 250


def lived(seed: int, number: int) -> Counter[str]:
    """Play a seed; what breaks is told in as few steps as a few tries find."""
    steps = steps_of(seed, number)
    try:
        return play(seed, steps).happened
    except Breach as broken:
        fewer = shrunk(seed, steps[: broken.after], tries=12)
        pytest.fail(f"{broken}\nfewer steps: play({seed}, {fewer})")


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.promise(
    "write.killed",
    "rep.not-overwritten",
    "rep.not-again",
    "rep.words-stay",
    "modes.shadow-writes-nothing",
    "modes.pilot-named-people",
    "pause.all",
    "pause.owner",
    "runs.one-at-a-time",
    "runs.one-machine",
    "adopt.empty",
    "adopt.restored",
    "caps.contact-year",
    "caps.account-turn",
    "caps.rep",
    "thanks.never-twice",
    "thanks.after-it-was-given",
    "undo.released",
    "history.append-only",
    "forget.purged",
    "forget.not-again",
    "private.people",
)
def test_in_a_random_year_nothing_happens_that_may_not(seed: int) -> None:
    happened = lived(seed, STEPS)
    assert sum(happened[f"task {play}"] for play in ("ask", "recover", "thank_you")) > 0


@pytest.mark.soak
@pytest.mark.parametrize("seed", SOAK_SEEDS)
def test_in_random_years_nothing_happens_that_may_not(seed: int) -> None:
    lived(seed, SOAK_STEPS)


# ---------------------------------------------------------------------- what random years found


class CutOff(BaseException):
    """The process ends here."""


def cut_off(*_: object) -> None:
    raise CutOff


def reached(who: str, at: Any) -> dict[str, object]:
    """A milestone: a moment to ask."""
    return {"activity_id": f"m-{who}-{at}", "contact_id": who, "kind": "milestone", "at": at}


def generous(who: str) -> list[dict[str, object]]:
    """Many things given, so that an ask never has to be balanced first."""
    days = [TODAY - timedelta(days=100 + number) for number in range(9)]
    kind = {"contact_id": who, "kind": "article"}
    return [{"activity_id": f"g-{who}-{day}", "at": day, **kind} for day in days]


def two_of_acorn(folder: Path) -> House:
    """A company of two: one of them just rated us well."""
    return open_house(
        folder / "firm",
        contacts=[person(who, account_id="acorn") for who in ("ada", "bo")],
        feedback=[happy("ada", TODAY)],
        tickets=[],
    )


def trouble(who: str, status: str = "open") -> dict[str, object]:
    """A ticket."""
    row = {"ticket_id": f"t-{who}", "contact_id": who, "kind": "ticket", "status": status}
    return row | {"opened_at": TODAY, "closed_at": None if status == "open" else TODAY}


@pytest.mark.long
@pytest.mark.promise("rep.not-again", "plan.except", "undo.tasks")
def test_striking_somebody_whose_task_is_written_leaves_that_task_ours(tmp_path: Path) -> None:
    house = open_house(
        tmp_path / "firm",
        contacts=[person("ada"), person("bo")],
        feedback=[happy("ada", TODAY), happy("bo", TODAY)],
    )
    plan = house.plan()
    written = house.apply(plan.plan_id)
    struck = run.apply(house.firm(), plan.plan_id, struck=["ada"])
    house.release(struck.run_id)
    key = house.task_of("ada")
    house.host.delete(key)
    assert key not in {task.key for task in new_tasks(house.later(1).plan())}
    house.undo(written.run_id)
    assert house.host.tasks("open") == []


@pytest.mark.long
@pytest.mark.promise("caps.account-turn", "apply.redecided")
def test_an_old_plan_makes_no_room_by_closing_what_it_does_not_close(tmp_path: Path) -> None:
    house = two_of_acorn(tmp_path)
    older = house.plan()
    assert planned(older) == {"ada": {"ask"}}
    house.host.put(feedback=[happy("bo", TODAY)], tickets=[trouble("ada")])
    house.apply(house.plan().plan_id)
    assert house.open_plays() == {"bo": ["ask"]}
    house.host.put(tickets=[trouble("ada", "closed"), trouble("bo")])
    house.apply(older.plan_id)
    assert house.open_plays() == {"bo": ["ask"]}


@pytest.mark.long
@pytest.mark.promise("caps.account-turn", "modes.pilot-limit")
def test_a_limit_leaves_out_whom_only_a_task_beyond_it_made_room_for(tmp_path: Path) -> None:
    house = two_of_acorn(tmp_path)
    house.sync()
    house.host.put(feedback=[happy("bo", TODAY)], tickets=[trouble("ada")])
    plan = house.plan()
    assert planned(plan)["bo"] == {"ask"}
    run.apply(house.firm(), plan.plan_id, limit=1)
    asking = [who for who, plays in house.open_plays().items() if "ask" in plays]
    assert len(asking) == 1
    house.sync()
    assert [who for who, plays in house.open_plays().items() if "ask" in plays] == ["bo"]


@pytest.mark.long
@pytest.mark.parametrize("by", ["a run cut off", "adopt"])
@pytest.mark.promise("outcome.never", "write.killed", "rep.not-again")
def test_never_outlives_the_task_it_was_said_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    house = open_house(
        tmp_path / "firm",
        contacts=[person("ada")],
        feedback=[happy("ada", TODAY)],
        activities=generous("ada"),
    )
    house.sync()
    key = house.task_of("ada")
    house.later(1).host.complete(key, "never")
    house.sync()
    house.host.delete(key)
    if by == "adopt":
        run.adopt(house.firm())
    else:
        with monkeypatch.context() as patch:
            patch.setattr(working, "_reconcile", cut_off)
            with pytest.raises(CutOff):
                house.plan()
    house.later(1).plan()
    house.later(200).host.put(activities=[reached("ada", house.today)])
    assert planned(house.plan()) == {}


@pytest.mark.long
@pytest.mark.parametrize("by", ["a run cut off", "adopt"])
@pytest.mark.promise("forget.at-the-host", "forget.purged")
def test_who_was_erased_is_forgotten_whichever_command_hears_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    house = open_house(
        tmp_path / "firm",
        contacts=[person("ada_zwick") | {"owner_id": "rep"}, person("bo")],
        feedback=[happy("ada_zwick", TODAY)],
    )
    house.sync()
    house.host.erase("ada_zwick")
    if by == "adopt":
        run.adopt(house.firm())
    else:
        with monkeypatch.context() as patch:
            patch.setattr(Mirror, "purge", cut_off)
            with pytest.raises(CutOff):
                house.plan()
    house.later(1).plan()
    for path in (tmp_path / "firm" / ".goodword").rglob("*"):
        if path.is_file():
            assert b"ada_zwick" not in path.read_bytes(), path.name
    assert run.plan(house.firm()).notices == ()


@pytest.mark.long
@pytest.mark.parametrize("by", ["the host", "forget"])
@pytest.mark.promise("forget.purged", "forget.not-again", "adopt.restored")
def test_a_ledger_put_back_from_a_backup_brings_nobody_back(tmp_path: Path, by: str) -> None:
    house = open_house(
        tmp_path / "firm",
        contacts=[person("ada_zwick") | {"owner_id": "rep"}, person("bo")],
        feedback=[happy("ada_zwick", TODAY), happy("bo", TODAY)],
    )
    house.sync()
    ledger = house.firm().state.ledger
    backup = ledger.read_bytes()
    assert b"ada_zwick" in backup
    if by == "forget":
        run.forget(house.firm(), "ada_zwick")
    else:
        house.host.erase("ada_zwick")
        house.plan()
    for _ in range(2):  # each time it is put back
        ledger.write_bytes(backup)
        plan = house.later(1).plan()
        assert "ada_zwick" not in plan.model_dump_json()
        for path in (tmp_path / "firm" / ".goodword").rglob("*"):
            if path.is_file():
                assert b"ada_zwick" not in path.read_bytes(), path.name
