"""Two firms of the version before, made by its real code, go on with the present one."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import goodword_csv
from goodword import looking, run, undoing
from goodword.errors import GoodwordError, PlanError
from goodword.firm import Firm
from goodword.ledger.file import VERSION as LEDGER
from goodword.model import CreateTask, Plan, SetFields
from goodword.settings import VERSION as SETTINGS
from goodword.snapshots import VERSION as SNAPSHOT

pytestmark = pytest.mark.long

MADE = Path(__file__).parents[1] / "data" / "firm-of-version-1"
FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
"""The day of the last run of the version before, and the working day after it."""


@dataclass
class Upgraded:
    """A copy of a firm of version 1, opened by the present goodword."""

    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / ".goodword"

    @property
    def ledger(self) -> Path:
        return self.state / "ledger.sqlite"

    def on(self, day: date) -> Firm:
        """The firm as a new process opens it on *day*, an hour after the version before did."""
        now = datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC)
        firm = Firm(self.folder, today=day, clock=lambda: now, machine="desk")
        if not firm.plugins.manager.has_plugin("csv"):
            firm.plugins.manager.register(goodword_csv, "csv")
        return firm

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True)) as db:
            return db.execute(query).fetchall()

    def settings(self, text: str) -> None:
        with (self.folder / "goodword.toml").open("a", encoding="utf-8") as file:
            file.write(text)

    def content(self) -> dict[str, bytes]:
        """Every file of the firm but the lock's, which is made by looking."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in files if path.name != "lock"}


@pytest.fixture(params=["lists", "workbook"])
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Upgraded:
    return a_copy(str(request.param), tmp_path)


@pytest.fixture
def lists(tmp_path: Path) -> Upgraded:
    return a_copy("lists", tmp_path)


def a_copy(name: str, place: Path) -> Upgraded:
    """Copy a firm; its state is private again, which git does not keep."""
    firm = Upgraded(Path(shutil.copytree(MADE / name, place / "firm")))
    for path in firm.state.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return firm


def tasks(plan: Plan) -> list[CreateTask]:
    return [action for action in plan.actions if isinstance(action, CreateTask)]


def sheet(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def answer(firm: Upgraded, day: date, name: str) -> None:
    """Somebody is happy, and the reps have time: every task of theirs is done."""
    path = firm.folder / "customers.tasks.csv"
    rows = sheet(path)
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, list(rows[0]))
        lines.writeheader()
        lines.writerows(row | {"Done": "x"} for row in rows)
    with (firm.folder / "survey.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow((day, f"{name}@example.com", 10))


def only_scores(plan: Plan) -> bool:
    """Whether *plan* holds new scores, what an undo left inviting to ask, and nothing else.

    The version before reckoned scores otherwise, and let an "Ask" stand that an undo put back.
    """
    fields = [action for action in plan.actions if isinstance(action, SetFields)]
    return fields == [*plan.actions] and all(
        {*f.values} <= {"score", "segment"}
        or (str(f.before.get("why")).startswith("Ask: ") and {*f.values} <= {"why", "next_ask"})
        for f in fields
    )


@pytest.mark.promise("versions.no-new-tasks")
def test_on_the_day_of_the_last_run_there_is_nothing_to_do_but_scores(upgraded: Upgraded) -> None:
    before = upgraded.content()
    plan = run.plan(upgraded.on(FRIDAY))
    assert only_scores(plan)
    assert plan.mode == "live"
    assert plan.brakes == ()
    again = run.plan(upgraded.on(FRIDAY), fresh=False)
    assert [action.key for action in again.actions] == [action.key for action in plan.actions]
    report = run.apply(upgraded.on(FRIDAY))
    assert (report.exit_code, sum(report.applied.values())) == (0, len(plan.actions))
    assert run.plan(upgraded.on(FRIDAY)).actions == ()  # new scores are written once
    if not plan.actions:
        state = str(upgraded.state)
        after = upgraded.content()
        theirs = {path: data for path, data in before.items() if not path.startswith(state)}
        assert {path: after[path] for path in theirs} == theirs


@pytest.mark.promise("versions.no-new-tasks")
def test_a_copy_made_by_the_version_before_is_planned_on_as_it_stands(upgraded: Upgraded) -> None:
    assert only_scores(run.plan(upgraded.on(FRIDAY), fresh=False))


@pytest.mark.promise("versions.no-new-tasks", "undo.released")
def test_what_was_taken_back_before_stays_away_until_it_is_released(upgraded: Upgraded) -> None:
    undone = dict(upgraded.rows("SELECT key, run_id FROM writes WHERE state = 'undone'"))
    (taken_back,) = set(undone.values())
    for day in (FRIDAY, MONDAY):
        planned = {action.key for action in run.plan(upgraded.on(day)).actions}
        assert planned.isdisjoint(undone)
    assert run.release(upgraded.on(FRIDAY), taken_back) == len(undone)
    again = {task.key for task in tasks(run.plan(upgraded.on(FRIDAY)))}
    assert again <= undone.keys()
    assert again or len(undone) < 10  # the reps of the small firm have a full week


def test_the_last_run_of_the_version_before_is_taken_back_byte_for_byte(
    upgraded: Upgraded,
) -> None:
    ((last,),) = upgraded.rows("SELECT max(run_id) FROM runs WHERE kind = 'apply'")
    kept = upgraded.state / "backups" / last
    copies = json.loads((kept / "run.json").read_text(encoding="utf-8"))
    before = {name: (kept / entry["copy"]).read_bytes() for name, entry in copies.items()}
    report = undoing.undo(upgraded.on(FRIDAY))
    assert report.exit_code == 0
    assert report.applied["restored"] == len(
        upgraded.rows(f"SELECT key FROM writes WHERE run_id = '{last}'")  # noqa: S608 - our own id
    )
    assert {name: (upgraded.folder / name).read_bytes() for name in before} == before
    undone = {key for (key,) in upgraded.rows("SELECT key FROM writes WHERE state = 'undone'")}
    assert {action.key for action in run.plan(upgraded.on(FRIDAY)).actions}.isdisjoint(undone)


def test_the_first_run_of_the_version_before_is_taken_back_cell_by_cell(lists: Upgraded) -> None:
    ((first,),) = lists.rows("SELECT min(run_id) FROM runs")
    path = lists.folder / "customers.tasks.csv"
    answered = [row for row in sheet(path) if row["Done"]]
    assert {row["Outcome"] for row in answered} == {"yes", "no"}
    report = undoing.undo(lists.on(FRIDAY), first)
    assert report.applied["remove_task"] > 0
    assert report.applied["set_fields"] > 0
    left = [row for row in sheet(path) if row["Done"]]
    assert left == [row | {"Status": "Done"} for row in answered]  # our own cell, and only that
    undone = {key for (key,) in lists.rows("SELECT key FROM writes WHERE state = 'undone'")}
    assert {task.key for task in tasks(run.plan(lists.on(FRIDAY)))}.isdisjoint(undone)


def test_a_firm_that_wrote_goes_on_writing(lists: Upgraded) -> None:
    answer(lists, FRIDAY, "lena.falk")
    plan, report = run.sync(lists.on(MONDAY))
    (task,) = tasks(plan)
    assert (report.exit_code, report.applied["create_task"]) == (0, 1)
    assert task.subject in {row["Subject"] for row in sheet(lists.folder / "customers.tasks.csv")}
    status = looking.status(lists.on(MONDAY))
    assert (status.mode, status.started) == ("live", "2026-11-12")
    assert run.plan(lists.on(MONDAY)).actions == ()


@pytest.mark.promise("modes.shadow-writes-nothing")
def test_a_mode_in_the_settings_counts_more_than_what_the_firm_did_before(lists: Upgraded) -> None:
    lists.settings('\n[rollout]\nmode = "shadow"\n')
    answer(lists, FRIDAY, "lena.falk")
    plan, report = run.sync(lists.on(MONDAY))
    assert (plan.mode, len(tasks(plan)), dict(report.applied)) == ("shadow", 1, {})
    with pytest.raises(PlanError, match="shadow"):
        run.apply(lists.on(MONDAY))


@pytest.mark.promise("modes.shadow-first")
def test_a_firm_that_only_planned_before_is_in_shadow(lists: Upgraded) -> None:
    """As the first plan of the version before left it: an empty ledger, and no task list."""
    first = next((lists.state / "backups").glob("20261112-*/customers.*.csv"))
    shutil.copy(first, lists.folder / "customers.csv")
    (lists.folder / "customers.tasks.csv").unlink()
    for name in ("backups", "mirror", "plans"):
        shutil.rmtree(lists.state / name)
    with closing(sqlite3.connect(lists.ledger)) as db:
        db.executescript("DELETE FROM runs; DELETE FROM writes; DELETE FROM history;")
    plan, report = run.sync(lists.on(FRIDAY))
    assert plan.mode == "shadow"
    assert tasks(plan)
    assert dict(report.applied) == {}
    with pytest.raises(PlanError, match="shadow"):
        run.apply(lists.on(FRIDAY))
    assert not (lists.folder / "customers.tasks.csv").exists()


@pytest.mark.promise("versions.upgrade")
def test_the_ledger_of_the_version_before_is_kept_beside_the_new_one(upgraded: Upgraded) -> None:
    with closing(sqlite3.connect(upgraded.ledger)) as db:
        before = list(db.iterdump())
    written = upgraded.rows("SELECT key, state FROM writes")
    run.plan(upgraded.on(FRIDAY))
    copy = upgraded.state / "ledger.sqlite.v1"
    assert copy.is_file()
    with closing(sqlite3.connect(copy)) as db:
        assert list(db.iterdump()) == before
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
    assert sorted(upgraded.rows("SELECT key, state FROM writes")) == sorted(written)
    if sys.platform != "win32":
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        assert stat.S_IMODE(upgraded.ledger.stat().st_mode) == 0o600
    kept = copy.read_bytes()
    run.plan(upgraded.on(MONDAY))
    assert copy.read_bytes() == kept


@pytest.mark.promise("versions.carried")
def test_ledger_settings_and_snapshots_say_of_which_version_they_are(lists: Upgraded) -> None:
    for ledger, snapshot in ((1, 1), (LEDGER, SNAPSHOT)):
        assert lists.rows("PRAGMA user_version") == [(ledger,)]
        number = (lists.state / "mirror" / "current").read_text(encoding="utf-8").strip()
        manifest = lists.state / "mirror" / number / "manifest.json"
        assert json.loads(manifest.read_text(encoding="utf-8"))["version"] == snapshot
        run.plan(lists.on(FRIDAY))
    assert (LEDGER, SNAPSHOT, SETTINGS) == (2, 2, 2)
    assert "version = 1" in (lists.folder / "goodword.toml").read_text(encoding="utf-8")
    assert lists.on(FRIDAY).settings.version == SETTINGS


def newer_ledger(firm: Upgraded) -> None:
    with closing(sqlite3.connect(firm.ledger)) as db:
        db.execute(f"PRAGMA user_version = {LEDGER + 1}")


def newer_snapshot(firm: Upgraded) -> None:
    run.plan(firm.on(FRIDAY))
    number = (firm.state / "mirror" / "current").read_text(encoding="utf-8").strip()
    path = firm.state / "mirror" / number / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(manifest | {"version": SNAPSHOT + 1}), encoding="utf-8")


def newer_settings(firm: Upgraded) -> None:
    path = firm.folder / "goodword.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("version = 1", f"version = {SETTINGS + 1}"), encoding="utf-8")


@pytest.mark.promise("versions.newer")
@pytest.mark.parametrize("newer", [newer_ledger, newer_snapshot, newer_settings])
def test_what_a_newer_version_wrote_is_refused_and_stays_as_it_is(
    newer: Callable[[Upgraded], None], lists: Upgraded
) -> None:
    newer(lists)
    before = lists.content()
    for command in (run.pull, run.plan, run.apply, run.sync, undoing.undo):
        with pytest.raises(GoodwordError, match="newer") as refused:
            command(lists.on(FRIDAY))
        assert "pdate goodword" in str(refused.value)
        assert lists.content() == before
