"""Tasks a rep answered and left open: closed where the answer says so, else the rep's own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from firm_in_memory import TODAY, House, happy, open_house, person

PEOPLE = ("final", "stranger", "upset", "refused", "untouched")
ANSWERS = {
    "final": "never",
    "stranger": "wrong person",
    "upset": "unhappy",
    "refused": "no",
}


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Give a firm whose rep answered four of five asks yesterday, and completed none."""
    found = open_house(
        tmp_path / "firm",
        contacts=[person(who) for who in PEOPLE],
        feedback=[happy(who, TODAY - timedelta(days=1)) for who in PEOPLE],
        owners=[
            {"owner_id": name, "name": name, "active": True}
            for name in (*(f"rep-{who}" for who in PEOPLE), "new")
        ],
    )
    found.sync()
    for who, outcome in ANSWERS.items():
        task = found.host.task(found.task_of(who))
        found.host.put(asks=[{**task, "outcome": outcome, "done_at": TODAY}])
    return found


def states(house: House) -> dict[str, str]:
    rows = house.host.rows("asks")
    return {str(row["contact_id"]): str(row["state"]) for row in rows if row["play"] == "ask"}


@pytest.mark.promise("ask.withdrawn")
def test_an_ask_answered_never_wrong_person_or_unhappy_is_closed(house: House) -> None:
    house.sync()
    assert states(house) == {
        "final": "withdrawn",
        "stranger": "withdrawn",
        "upset": "withdrawn",
        "refused": "open",
        "untouched": "open",
    }
    rows = [row for row in house.host.rows("asks") if row["play"] == "ask"]
    told = {str(row["contact_id"]): row.get("outcome") for row in rows}
    assert told == {**ANSWERS, "untouched": None}


@pytest.mark.long
@pytest.mark.promise("rep.not-overwritten")
def test_an_answered_task_is_neither_moved_nor_taken_back(house: House) -> None:
    house.host.put(contacts=[person(who) | {"owner_id": "new"} for who in PEOPLE])
    moved = [action for action in house.plan().actions if action.kind == "update_task"]
    assert [action.contact_id for action in moved] == ["untouched"]
    house.undo()
    left = states(house)
    assert "untouched" not in left
    assert set(ANSWERS) <= left.keys()
