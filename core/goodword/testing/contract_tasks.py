"""The contract of tasks: written once, read back with the rep's answer, never over a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from goodword.connector import Capability
from goodword.model import OUTCOMES
from goodword.testing.contract_fixtures import Answer, ContractFixtures
from goodword.testing.contract_host import DUE, Puller, Sample
from goodword.testing.contract_promises import promise

if TYPE_CHECKING:
    from goodword.connector import Connector

Holds = Callable[[Capability], bool]


class TaskContract(ContractFixtures):
    """What a connector with ``Capability.TASKS`` promises; one without it has no tasks."""

    def test_a_task_is_read_back_with_its_key_owner_and_due_date(
        self, connector: Connector, sample: Sample, holds: Holds, puller: Puller
    ) -> None:
        """If it fails: store our key on the task, and deliver it in ``asks`` with every pull."""
        task = sample.task()
        (result,) = connector.write([task])
        assert result.ok is holds(Capability.TASKS)
        if result.ok:
            row = puller.pull(connector).ask(task.key)
            assert row["contact_id"] == task.contact_id
            assert row["owner_id"] == task.owner_id
            assert row["play"] == task.play
            assert row["cycle"] == task.cycle
            assert row["state"] == "open"
            assert row["due_at"].date() == DUE
            assert not row["edited"]
            assert row["outcome"] is None

    def test_a_task_says_which_run_wrote_it(
        self,
        connector: Connector,
        reopen: Callable[[], Connector],
        sample: Sample,
        holds: Holds,
        puller: Puller,
        run_id: str,
    ) -> None:
        """If it fails: store ``Workplace.run_id`` with the task, and deliver it in ``asks``.

        A run that finds tasks of a run it does not know stops: another machine writes there too.
        """
        if holds(Capability.TASKS):
            task = sample.task()
            connector.write([task])
            assert puller.pull(reopen()).ask(task.key)["run_id"] == run_id

    def test_a_task_written_twice_exists_once(
        self,
        connector: Connector,
        reopen: Callable[[], Connector],
        sample: Sample,
        holds: Holds,
        puller: Puller,
    ) -> None:
        """If it fails: look the key up on the host before creating, or upsert by it.

        A run that crashed writes the same key again; the rep must not get two tasks.
        """
        if holds(Capability.TASKS):
            task = sample.task()
            (first,) = connector.write([task])
            (again,) = connector.write([task])
            (later,) = reopen().write([task])
            assert [first.ok, again.ok, later.ok] == [True, True, True]
            assert first.remote_id == again.remote_id == later.remote_id
            assert len(puller.pull(reopen()).rows("asks")) == 1

    @promise("write.open-settled")
    def test_find_returns_exactly_the_keys_that_exist(
        self, connector: Connector, sample: Sample, holds: Holds
    ) -> None:
        """If it fails: answer for each key from the host itself, not from memory.

        After a crash this is how a run learns which of its writes arrived.
        """
        task, never = sample.task("written"), sample.task("never")
        assert dict(connector.find([task.key, never.key])) == {}
        (result,) = connector.write([task])
        found = connector.find([never.key, task.key])
        assert set(found) == ({task.key} if holds(Capability.TASKS) else set())
        if result.ok:
            assert found[task.key].key == task.key
            assert found[task.key].remote_id == result.remote_id
            assert found[task.key].state == "open"

    @pytest.mark.parametrize("outcome", OUTCOMES)
    @promise("ask.answered", "outcome.same-everywhere", "ours.outcome")
    def test_the_outcome_a_rep_records_is_read_back(
        self,
        outcome: str,
        connector: Connector,
        reopen: Callable[[], Connector],
        sample: Sample,
        holds: Holds,
        puller: Puller,
        request: pytest.FixtureRequest,
    ) -> None:
        """If it fails: map what a rep can choose on the host to ``goodword.OUTCOMES``.

        The task is done, and ``done_at`` is the day the rep completed it.
        """
        if holds(Capability.TASKS):
            answer: Answer = request.getfixturevalue("answer")
            task = sample.task()
            connector.write([task])
            answer(task.key, outcome)
            row = puller.pull(reopen()).ask(task.key)
            assert row["outcome"] == outcome
            assert row["state"] == "done"
            assert row["done_at"] is not None

    @promise("rep.not-overwritten")
    def test_a_task_the_rep_completed_is_left_alone(
        self,
        connector: Connector,
        reopen: Callable[[], Connector],
        sample: Sample,
        holds: Holds,
        puller: Puller,
        request: pytest.FixtureRequest,
    ) -> None:
        """If it fails: read the task's state on the host before changing it.

        Writing the key again changes nothing; closing it is answered with ``skipped``.
        """
        if holds(Capability.TASKS):
            answer: Answer = request.getfixturevalue("answer")
            task = sample.task()
            connector.write([task])
            answer(task.key, "yes")
            (again, closed) = reopen().write([task, sample.close(task)])
            assert again.ok
            assert (closed.ok, closed.skipped) == (False, True)
            row = puller.pull(reopen()).ask(task.key)
            assert (row["state"], row["outcome"]) == ("done", "yes")

    @promise("owner.moves")
    def test_an_open_task_can_be_moved_to_another_rep(
        self, connector: Connector, sample: Sample, holds: Holds, puller: Puller
    ) -> None:
        """If it fails: write ``UpdateTask.owner_id`` to the task, and keep everything else."""
        if holds(Capability.TASKS):
            task = sample.task()
            connector.write([task])
            owners = puller.pull(connector).owner_ids()
            if owners:
                (moved,) = connector.write([sample.move(task, owners[-1])])
                assert moved.ok
                row = puller.pull(connector).ask(task.key)
                assert (row["owner_id"], row["state"]) == (owners[-1], "open")

    def test_an_open_task_can_be_closed(
        self, connector: Connector, sample: Sample, holds: Holds, puller: Puller
    ) -> None:
        """If it fails: keep the reason a task was closed, so that it reads back as expired.

        Closed by us is not done by the rep: nobody was asked, so nothing has to rest.
        """
        if holds(Capability.TASKS):
            task = sample.task()
            connector.write([task])
            (closed,) = connector.write([sample.close(task)])
            assert closed.ok
            row = puller.pull(connector).ask(task.key)
            assert (row["state"], row["outcome"]) == ("expired", None)

    @promise("undo.tasks")
    def test_a_task_can_be_taken_back(
        self, connector: Connector, sample: Sample, holds: Holds, puller: Puller
    ) -> None:
        """If it fails: ``RemoveTask`` archives or deletes the open task on the host."""
        if holds(Capability.TASKS):
            task, kept = sample.task("one"), sample.task("two")
            connector.write([task, kept])
            (removed,) = connector.write([sample.remove(task)])
            assert removed.ok
            left = [
                r["task_key"] for r in puller.pull(connector).rows("asks") if r["state"] == "open"
            ]
            assert left == [kept.key]
