"""Kill -9 anywhere in a run, then run again: everything once, nothing lost, nothing half-written.

A real process dies at a real step (``killed_run``); which steps there are is learned from a run
that lived. ``make test`` and ``make trials`` die at two steps of each command,
``make soak`` at every one.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from firm_in_memory import TODAY, happy, open_house, person
from firms_on_disk import KINDS, Lab, open_lab
from trials import Trial

from goodword.testing.memory import Crash

VERBS = ("sync", "apply", "undo", "forget")
SOME = (
    ("memory", "undo"),
    pytest.param("xlsx", "sync", marks=pytest.mark.long),
    pytest.param("csv", "forget", marks=pytest.mark.long),
)
"""What ``make test`` and ``make trials`` try; ``make soak`` tries every command on every host."""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with open_lab(tmp_path_factory.mktemp("lab")) as opened:
        yield opened


def telling_steps(steps: list[str]) -> list[int]:
    """Steps to die at: amid the writing at the host, and when it has all and the ledger not."""
    of = {name: [n for n, step in enumerate(steps, 1) if step == name] for name in set(steps)}
    sent = next(of[name] for name in ("sent write", "sent restore", "sent forget") if name in of)
    return [max(n for n in of["half a write"] if n < sent[-1]), sent[-1]]


@pytest.mark.parametrize(("kind", "verb"), SOME)
@pytest.mark.promise("write.killed")
def test_a_killed_run_is_finished_by_the_next_one(lab: Lab, kind: str, verb: str) -> None:
    trial = Trial(lab, kind, verb)
    assert kind != "memory" or "half a table" in trial.steps
    for step in telling_steps(trial.steps):
        trial.die(step)


@pytest.mark.soak
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_killed_at_any_step_is_finished_by_the_next_one(
    lab: Lab, kind: str, verb: str, capfd: pytest.CaptureFixture[str]
) -> None:
    trial = Trial(lab, kind, verb)
    failed: list[str] = []
    for step in range(1, len(trial.steps) + 1):
        try:
            trial.die(step)
        except (AssertionError, pytest.fail.Exception) as error:
            failed.append(str(error).partition("\n")[0])
    kinds = ("duplicates", "lost values", "half-written files")
    counts = ", ".join(f"{trial.found[name]} {name}" for name in kinds)
    with capfd.disabled():
        states = f"{len(trial.seen)} states of the disk"
        told = f"{kind} {verb}: killed at {len(trial.steps)} steps ({states}): {counts}"
        sys.stdout.write(f"\n{told}\n")
    assert not failed, "\n".join(failed)


def test_an_undo_that_was_cut_off_goes_on_and_leaves_earlier_runs_alone(tmp_path: Path) -> None:
    house = open_house(tmp_path / "firm", contacts=[person("ada")], feedback=[happy("ada", TODAY)])
    house.sync()
    later = ["bo", "cy", "kit"]
    house.host.put(
        contacts=[person(who) for who in later], feedback=[happy(who, TODAY) for who in later]
    )
    house.sync()
    house.host.crash_after(4)
    with pytest.raises(Crash):
        house.undo()
    house.undo()
    assert set(house.open_plays()) == {"ada"}
    assert {row["contact_id"] for row in house.host.rows("own_fields") if row["stage"]} == {"ada"}
    assert house.plan().actions == ()
    house.undo()
    assert house.open_plays() == {}


def test_a_process_dies_at_a_step_as_often_as_there_are_steps(lab: Lab) -> None:
    trial = Trial(lab, "csv", "apply")
    steps = Counter(trial.steps)
    for name in ("send write", "sent write", "half a write", "replace", "fsync"):
        assert steps[name], name
    assert steps["ledger COMMIT"] > 1
    assert not {"open customers.csv", "open customers.tasks.csv"} & set(steps)  # never in place
