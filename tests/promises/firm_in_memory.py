"""A firm on a host in memory: plan, apply, undo and why on any day, as the command line does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from goodword import ConnectorSpec, hookimpl, looking, run, undoing
from goodword.explain import Explanation
from goodword.firm import Firm
from goodword.model import CreateTask, Plan, RunReport, SetFields
from goodword.testing import MemoryConnector, memory_spec

TODAY = date(2026, 11, 20)
"""A Friday."""
SETTINGS = '[connector]\nname = "memory"\n[rollout]\nmode = "live"\nstart_date = 2020-01-01\n'
"""A firm that has been live for years, so that nothing that happened is too old to matter."""
Rows = Sequence[Mapping[str, object]]


class OnMemory:
    """A plugin that announces one host in memory."""

    def __init__(self, host: MemoryConnector) -> None:
        self._spec = memory_spec(host)

    @hookimpl
    def goodword_connector(self) -> ConnectorSpec[Any]:
        return self._spec


@dataclass
class House:
    """A firm, its host and the day it is there."""

    folder: Path
    host: MemoryConnector
    today: date = TODAY
    plugins: dict[str, object] = field(default_factory=dict)

    def firm(self) -> Firm:
        """The firm as a new process opens it."""
        now = datetime(self.today.year, self.today.month, self.today.day, 9, tzinfo=UTC)
        firm = Firm(self.folder, today=self.today, clock=lambda: now)
        firm.plugins.manager.register(OnMemory(self.host), "memory")
        for name, plugin in self.plugins.items():
            firm.plugins.manager.register(plugin, name)
        return firm

    def settings(self, text: str) -> None:
        """Write the firm's settings below the connector's; a [rollout] of its own replaces ours."""
        head = SETTINGS.partition("[rollout]")[0] if "[rollout]" in text else SETTINGS
        (self.folder / "goodword.toml").write_text(head + text, encoding="utf-8")

    def plan(self) -> Plan:
        return run.plan(self.firm())

    def apply(self, plan_id: str | None = None) -> RunReport:
        return run.apply(self.firm(), plan_id)

    def sync(self) -> Plan:
        """Plan and apply; everything must have been written."""
        plan, report = run.sync(self.firm())
        if [brake.code for brake in plan.brakes] == ["new_ledger"]:  # a person has read it
            report = self.apply(plan.plan_id)
        assert report.exit_code == 0, report
        return plan

    def undo(self, run_id: str | None = None) -> RunReport:
        return undoing.undo(self.firm(), run_id)

    def release(self, run_id: str) -> int:
        return run.release(self.firm(), run_id)

    def why(self, query: str) -> Explanation:
        found, explanation = looking.why(self.firm(), query)
        assert explanation is not None, found
        return explanation

    def later(self, days: int) -> House:
        """Let *days* pass."""
        self.today += timedelta(days=days)
        self.host.today = self.today
        return self

    def ago(self, days: int) -> date:
        """The day *days* ago."""
        return self.today - timedelta(days=days)

    def open_plays(self) -> dict[str, list[str]]:
        """The plays of each contact's open tasks."""
        plays: dict[str, list[str]] = {}
        for task in self.host.tasks("open"):
            plays.setdefault(str(task["contact_id"]), []).append(str(task["play"]))
        return plays

    def task_of(self, contact_id: str, play: str = "ask") -> str:
        """The key of the newest task of a contact."""
        tasks = [t for t in self.host.tasks() if (t["contact_id"], t["play"]) == (contact_id, play)]
        assert tasks, f"no {play} for {contact_id}: {self.open_plays()}"
        return str(tasks[-1]["task_key"])


def open_house(folder: Path, today: date = TODAY, settings: str = "", **tables: Rows) -> House:
    """A firm in *folder* whose host holds *tables*; the tables named are there even when empty."""
    house = House(folder, MemoryConnector(tables, today=today), today)
    folder.mkdir(exist_ok=True)
    house.settings(settings)
    return house


def new_tasks(plan: Plan) -> list[CreateTask]:
    """The tasks a plan creates."""
    return [action for action in plan.actions if isinstance(action, CreateTask)]


def planned(plan: Plan) -> dict[str, set[str]]:
    """The plays a plan gives each contact."""
    plays: dict[str, set[str]] = {}
    for task in new_tasks(plan):
        plays.setdefault(task.contact_id, set()).add(task.play)
    return plays


def fields_set(plan: Plan) -> list[SetFields]:
    """The field writes of a plan."""
    return [action for action in plan.actions if isinstance(action, SetFields)]


def person(contact_id: str, **columns: object) -> dict[str, object]:
    """A contact with a rep of its own, so that no rep's week is ever full."""
    name = contact_id.replace("_", " ").title()
    return {"contact_id": contact_id, "name": name, "owner_id": f"rep-{contact_id}", **columns}


def happy(contact_id: str, at: date) -> dict[str, object]:
    """A survey answer that opens a window for an ask."""
    answer = {"kind": "nps", "score": 10, "at": at}
    return {"feedback_id": f"nps-{contact_id}-{at:%Y%m%d}", "contact_id": contact_id, **answer}
