"""Whole runs of a firm on the org: plan, apply, the next day, undo, and a run that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from goodword import run, undoing
from goodword.cli.firm_file import firm_toml
from goodword.firm import Firm
from goodword_salesforce.fake import CONSUMER_KEY, RowFault
from goodword_salesforce.names import NEXT_ASK, SCORE, STAGE, WHY


class Now:
    """The clock of the machine: commands and the org live by the same one."""

    def __call__(self) -> float:
        import time

        return time.time()

    def sleep(self, _: float) -> None:
        """Wait for nobody."""


@pytest.fixture
def clock() -> Now:
    return Now()


@pytest.fixture
def home(bare_firm: Any) -> Path:
    """Give the folder of a firm whose host is the org, installed and live."""
    folder = Path(bare_firm.folder)
    settings = {
        "firm": {"name": "Brightroof", "currency": "GBP", "region": "GB"},
        "connector": {
            "name": "salesforce",
            "account": bare_firm.fake.org.sessions.org_id,
            "sandbox": False,
        },
        "rollout": {"mode": "live"},
        "plugin": {
            "salesforce": {
                "auth": "client_credentials",
                "domain": "brightroof.my",
                "consumer_key": CONSUMER_KEY,
                "instance_url": bare_firm.fake.url,
            }
        },
    }
    (folder / "goodword.toml").write_text(firm_toml(settings), encoding="utf-8")
    bare_firm.install()
    return folder


@dataclass(slots=True)
class Kill(RowFault):
    """Kills a process as soon as the org writes a record of its; the org goes on writing."""

    process: Any = None

    def strikes(self, kind: str, number: str, value: object) -> bool:
        if kind == self.kind:
            self.process.kill()
        return False


@pytest.mark.promise("salesforce.second-run")
def test_what_was_applied_is_not_planned_again_and_an_idle_run_writes_nothing(
    home: Path, bare_firm: Any
) -> None:
    planned = run.plan(Firm(home)).actions
    bare_firm.fake.calls.reset()
    report = run.apply(Firm(home))
    assert report.exit_code == 0
    assert sum(report.applied.values()) == len(planned) > 60
    assert len(bare_firm.fake.calls.writes()) == 1  # tasks and fields together
    bare_firm.fake.calls.reset()
    assert run.plan(Firm(home)).actions == ()
    run.sync(Firm(home))
    assert bare_firm.fake.calls.writes() == []


@pytest.mark.long
def test_one_day_later_hardly_anybody_is_written(home: Path, bare_firm: Any) -> None:
    run.plan(Firm(home))
    run.apply(Firm(home))
    written = sum(bare_firm.held().values())
    tomorrow = Firm(home).as_of + timedelta(days=1)
    later = run.plan(Firm(home, today=tomorrow))
    assert len(later.actions) <= 0.05 * later.contacts
    assert sum(bare_firm.held().values()) == written


@pytest.mark.long
def test_a_run_killed_while_the_org_was_writing_is_finished_by_the_next_one(
    home: Path, bare_firm: Any
) -> None:
    planned = run.plan(Firm(home))
    tasks = {a.key: a for a in planned.actions if a.kind == "create_task"}
    assert tasks
    command = [sys.executable, "-m", "goodword", "-C", str(home), "apply"]
    process = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    bare_firm.fake.faults.on_rows(Kill(kind="Task", process=process))
    assert process.wait(120) == -signal.SIGKILL
    bare_firm.fake.faults.clear()
    assert bare_firm.tasks()
    run.plan(Firm(home))
    report = run.apply(Firm(home))
    assert report.exit_code == 0
    assert bare_firm.held() == dict.fromkeys(tasks, 1)
    assert run.plan(Firm(home)).actions == ()


@pytest.mark.long
def test_undo_leaves_the_org_as_it_was_and_released_tasks_come_back(
    home: Path, bare_firm: Any
) -> None:
    run.plan(Firm(home))
    report = run.apply(Firm(home))
    before = bare_firm.held()
    assert before
    undone = undoing.undo(Firm(home))
    assert undone.exit_code == 0
    assert bare_firm.held() == {}
    people = [*bare_firm.rows("Contact"), *bare_firm.rows("Lead")]
    ours = (STAGE, SCORE, NEXT_ASK, WHY)
    assert [row["Id"] for row in people if any(row.get(name) for name in ours)] == []
    planned = run.plan(Firm(home)).actions  # others may have the room now, the same ones not
    assert before.keys().isdisjoint(a.key for a in planned if a.kind == "create_task")
    run.release(Firm(home), report.run_id)
    run.plan(Firm(home))
    assert run.apply(Firm(home)).exit_code == 0
    assert bare_firm.held() == before
