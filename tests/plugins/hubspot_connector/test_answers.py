"""Answers of reps: each counts for the task it was given to, and none is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_tasks import task

from goodword import CreateTask
from goodword.testing.contract_host import Puller
from goodword_hubspot.seam.objects import read


class Desk:
    """A firm whose pulls go into one copy, as those of a firm do."""

    def __init__(self, firm: Any, folder: Path) -> None:
        self.firm = firm
        self.puller = Puller(folder, {})
        self.notices: list[str] = []

    def pull(self, *, everything: bool = False) -> dict[str, dict[str, Any]]:
        """Return the rows of ``asks`` by key, some time later."""
        self.firm.clock.tick(7_200)
        connector = self.firm.open()
        rows = self.puller.pull(connector, everything=everything).rows("asks")
        self.left = connector._desk.memory.left
        return {row["task_key"]: row for row in rows}

    def written(self, *actions: Any) -> None:
        self.firm.clock.tick(7_200)
        assert all(result.ok for result in self.firm.open().write(actions))

    def answer(self, value: str, contact: int = 1003, **more: str) -> None:
        self.firm.clock.tick(7_200)
        self.firm.change("contacts", str(contact), goodword_ask_outcome=value, **more)

    def complete(self, action: CreateTask) -> None:
        self.firm.change("tasks", self.firm.task(action.key).id, hs_task_status="COMPLETED")

    def standing(self, contact: int = 1003) -> str | None:
        name = "goodword_ask_outcome"
        (record,) = read(self.firm.open().portal, "contacts", [str(contact)], [name])
        return record.get(name)


@pytest.fixture
def desk(firm: Any, tmp_path: Path) -> Desk:
    found = Desk(firm, tmp_path / "copy")
    found.pull()
    return found


@pytest.mark.parametrize("play", ["warm_up", "quiet", "recover", "thank_you"])
@pytest.mark.parametrize("outcome", ["never", "wrong person", "unhappy", "no answer"])
@pytest.mark.parametrize("everything", [False, pytest.param(True, marks=pytest.mark.long)])
def test_an_answer_to_any_task_of_ours_counts_for_it(
    desk: Desk, play: str, outcome: str, everything: bool
) -> None:
    given = task(play)
    desk.written(given)
    desk.pull()
    desk.answer(outcome.replace(" ", "_"))
    desk.complete(given)
    row = desk.pull(everything=everything)[given.key]
    assert (row["state"], row["outcome"]) == ("done", outcome)
    desk.written(task("ask_referral", cycle="another"))
    assert desk.standing() is None
    assert desk.pull(everything=True)[given.key]["outcome"] == outcome


@pytest.mark.parametrize("outcome", ["never", "wrong person", "unhappy"])
@pytest.mark.parametrize("everything", [False, True])
def test_a_word_that_stops_asks_counts_without_any_task(
    desk: Desk, outcome: str, everything: bool
) -> None:
    desk.answer(outcome.replace(" ", "_"))
    (row,) = desk.pull(everything=everything).values()
    assert (row["contact_id"], row["outcome"], row["state"]) == ("1003", outcome, "done")
    desk.written(task("quiet"))
    assert desk.standing() == outcome.replace(" ", "_")
    again = desk.pull(everything=True)
    assert sorted(str(each["outcome"]) for each in again.values()) == sorted(["None", outcome])


def test_a_word_without_a_task_that_is_taken_back_counts_no_more(desk: Desk) -> None:
    desk.answer("never")
    assert len(desk.pull()) == 1
    desk.answer("")
    assert desk.pull() == {}


def test_an_answer_that_belongs_to_nothing_stays_in_its_field_and_is_told(desk: Desk) -> None:
    desk.answer("later", goodword_ask_later="2027-03-01")
    assert desk.pull() == {}
    assert desk.left == {"1003"}
    desk.written(task("ask_referral"))
    assert desk.standing() == "later"
    desk.answer("")
    desk.pull()
    assert desk.left == set()


def test_with_several_tasks_the_ask_that_is_open_gets_the_answer(desk: Desk) -> None:
    ask, thanks = task("ask_referral"), task("thank_you")
    desk.written(ask)
    desk.written(thanks)
    desk.answer("yes", goodword_referred_name="Ivo Brandt")
    desk.complete(ask)
    rows = desk.pull()
    assert (rows[ask.key]["outcome"], rows[thanks.key]["outcome"]) == ("yes", None)
    assert rows[ask.key]["outcome_name"] == "Ivo Brandt"


def test_a_late_answer_goes_to_the_ask_and_not_to_a_newer_open_task(desk: Desk) -> None:
    ask, quiet = task("ask_referral"), task("quiet")
    desk.written(ask)
    desk.complete(ask)
    desk.firm.clock.tick(3 * 86_400)
    desk.written(quiet)
    desk.answer("later", goodword_ask_later="2027-03-01")
    rows = desk.pull(everything=True)
    assert (rows[ask.key]["outcome"], rows[quiet.key]["outcome"]) == ("later", None)


def test_an_answer_on_a_recovery_is_not_taken_for_one_on_an_old_ask(desk: Desk) -> None:
    ask, recover = task("ask_referral"), task("recover")
    desk.written(ask)
    desk.complete(ask)
    desk.firm.clock.tick(3 * 86_400)
    desk.written(recover)
    desk.answer("unhappy")
    desk.complete(recover)
    rows = desk.pull()
    assert (rows[ask.key]["outcome"], rows[recover.key]["outcome"]) == (None, "unhappy")
