"""Tasks that a rep answered on the contact and did not complete, and answers close together."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from made_tasks import task

from goodword import CloseTask, CreateTask
from goodword.testing.contract_host import Puller


class Rep:
    """A rep and our nightly pulls, each a while after the other."""

    def __init__(self, firm: Any, folder: Path) -> None:
        self.firm, self.puller = firm, Puller(folder, {})

    def given(self, *tasks: CreateTask) -> None:
        self.firm.clock.tick(600)
        assert all(result.ok for result in self.firm.open().write(tasks))

    def answers(self, value: str, **more: str) -> None:
        self.firm.clock.tick(60)
        self.firm.change("contacts", "1003", goodword_ask_outcome=value, **more)

    def completes(self, action: CreateTask) -> None:
        self.firm.clock.tick(60)
        self.firm.change("tasks", self.firm.task(action.key).id, hs_task_status="COMPLETED")

    def read(self, *, everything: bool = False) -> dict[str, dict[str, Any]]:
        self.firm.clock.tick(60)
        rows = self.puller.pull(self.firm.open(), everything=everything).rows("asks")
        return {row["task_key"]: row for row in rows}


@pytest.fixture
def rep(firm: Any, tmp_path: Path) -> Rep:
    found = Rep(firm, tmp_path / "copy")
    found.read()
    return found


@pytest.mark.parametrize("play", ["ask", "quiet", "recover", "thank_you"])
def test_a_task_that_was_answered_and_not_completed_is_open(rep: Rep, play: str) -> None:
    given = task(play)
    rep.given(given)
    rep.answers("unhappy")
    row = rep.read()[given.key]
    assert (row["state"], row["outcome"], row["edited"]) == ("open", "unhappy", False)
    assert row["done_at"] is not None
    rep.completes(given)
    assert rep.read()[given.key]["state"] == "done"


def test_a_task_we_closed_stays_closed_by_us_whatever_is_answered(rep: Rep) -> None:
    given = task("ask")
    rep.given(given)
    rep.answers("never")
    rep.read()
    close = CloseTask(
        key="close", task_key=given.key, contact_id="1003", state="withdrawn", reason="said_never"
    )
    assert rep.firm.open().write([close])[0].ok
    for everything in (False, True):
        row = rep.read(everything=everything)[given.key]
        assert (row["state"], row["outcome"]) == ("withdrawn", "never")


def test_a_thank_you_counts_from_the_day_it_was_completed(rep: Rep) -> None:
    thanks = task("thank_you")
    rep.given(thanks)
    rep.answers("unhappy")
    rep.firm.clock.tick(3 * 86_400)
    rep.completes(thanks)
    row = rep.read()[thanks.key]
    assert row["done_at"].date() == date(2026, 11, 21)


# -- several answers within a day


@pytest.mark.parametrize("left_open", [True, False])
@pytest.mark.parametrize("emptied", [True, False])
def test_a_yes_is_not_lost_by_the_next_answer_to_its_thank_you(
    rep: Rep, left_open: bool, emptied: bool
) -> None:
    ask, thanks = task("ask"), task("thank_you")
    rep.given(ask)
    rep.answers("yes", goodword_referred_name="Bob Kline")
    if not left_open:
        rep.completes(ask)
    if emptied:
        rep.read()
    rep.given(thanks)
    rep.answers("no_answer")
    for everything in (False, True):
        rows = rep.read(everything=everything)
        asked, thanked = rows[ask.key], rows[thanks.key]
        assert (asked["outcome"], asked["outcome_name"]) == ("yes", "Bob Kline")
        assert (thanked["outcome"], thanked["state"]) == ("no answer", "open")


def test_an_answer_corrected_within_the_day_counts_as_corrected(rep: Rep) -> None:
    ask = task("ask")
    rep.given(ask)
    rep.answers("no")
    rep.completes(ask)
    rep.answers("yes", goodword_referred_name="Bob Kline")
    row = rep.read()[ask.key]
    assert (row["outcome"], row["outcome_name"]) == ("yes", "Bob Kline")


def test_a_name_filled_in_late_belongs_to_the_yes_and_not_to_a_task_made_since(rep: Rep) -> None:
    ask, recover = task("ask"), task("recover")
    rep.given(ask)
    rep.answers("yes")
    rep.completes(ask)
    rep.given(recover)
    rep.firm.clock.tick(60)
    rep.firm.change("contacts", "1003", goodword_referred_name="Bob Kline")
    row = rep.read()[ask.key]
    assert (row["outcome"], row["outcome_name"]) == ("yes", "Bob Kline")
