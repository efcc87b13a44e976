"""Kill -9 anywhere in a run, then run again: everything once, nothing lost, nothing half-written.

A real process dies at a real step (``killed_run``); which steps there are is learned from a run
that lived. ``make test`` dies at a few steps of each command, ``make soak`` at every one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from firms_on_disk import KINDS, Lab, open_lab
from trials import Trial

VERBS = ("sync", "apply", "undo", "forget")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with open_lab(tmp_path_factory.mktemp("lab")) as opened:
        yield opened


def _telling_steps(steps: list[str]) -> list[int]:
    """Steps to die at: amid the writing, when the host has it and the ledger not, and early on."""
    of = {name: [n for n, step in enumerate(steps, 1) if step == name] for name in set(steps)}
    sent = next(of[name] for name in ("sent write", "sent restore", "sent forget") if name in of)
    torn = [n for n in of["half a write"] if n < sent[-1]]
    tables = of["half a table"]
    return sorted({tables[len(tables) // 2], torn[-1], sent[0], sent[-1], len(steps) - 3})


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.promise("write.killed")
def test_a_killed_run_is_finished_by_the_next_one(lab: Lab, kind: str, verb: str) -> None:
    trial = Trial(lab, kind, verb)
    for step in _telling_steps(trial.steps):
        trial.die(step)


@pytest.mark.soak
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.promise("write.killed")
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
        print(f"\n{kind} {verb}: killed at {len(trial.steps)} steps ({len(trial.seen)} states of the disk): {counts}")
    assert not failed, "\n".join(failed)


def test_a_process_dies_at_a_step_as_often_as_there_are_steps(lab: Lab) -> None:
    trial = Trial(lab, "csv", "apply")
    steps = Counter(trial.steps)
    for name in ("send write", "sent write", "half a write", "half a table", "replace", "fsync"):
        assert steps[name], name
    assert steps["ledger COMMIT"] > 1
    assert not {"open customers.csv", "open customers.tasks.csv"} & set(steps)  # never in place


