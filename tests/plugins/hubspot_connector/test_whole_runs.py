"""Whole runs of a firm on the portal: plan, apply, the next day, undo, and a run that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from goodword import run
from goodword.cli.firm_file import firm_toml
from goodword.connector import Workplace
from goodword.firm import Firm
from goodword.intake import Intake
from goodword_hubspot.connector import open_connector
from goodword_hubspot.fake import KEY, Account, Fake, Fault, by_hand
from goodword_hubspot.fake.sample import fill
from goodword_hubspot.seam.associations import read_links
from goodword_hubspot.seam.objects import each_page
from goodword_hubspot.settings import TOKEN_VARIABLE, HubSpotSettings


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake(Account()) as portal:
        fill(portal.portal)
        yield portal


@pytest.fixture
def home(fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(TOKEN_VARIABLE, KEY)
    folder = tmp_path / "brightroof"
    folder.mkdir()
    settings = {
        "firm": {"name": "Brightroof", "currency": "GBP", "region": "GB"},
        "connector": {"name": "hubspot", "account": "47102285", "sandbox": False},
        "rollout": {"mode": "live"},
        "plugin": {"hubspot": {"host": fake.url}},
    }
    (folder / "goodword.toml").write_text(firm_toml(settings), encoding="utf-8")
    connector(fake, folder).install("apply")
    fake.calls.reset()
    return folder


def connector(fake: Fake, folder: Path) -> Any:
    settings = HubSpotSettings.model_validate({"host": fake.url})
    firm = Firm(folder)
    work = Workplace(folder, firm.state.folder, "look", firm.as_of)
    return open_connector(settings, work)


def keys(fake: Fake, folder: Path) -> Counter[str]:
    """Count our tasks in the portal by key."""
    desk = connector(fake, folder)._desk
    place = desk.place("tasks")
    records = (r for page in each_page(desk.portal, "tasks", place.reads) for r in page.records)
    return Counter(mark.key for r in records if (mark := place.mark_of(r)) is not None)


def test_what_was_applied_is_not_planned_again_and_an_idle_run_writes_nothing(
    home: Path, fake: Fake
) -> None:
    planned = run.plan(Firm(home)).actions
    report = run.apply(Firm(home))
    assert report.exit_code == 0
    assert sum(report.applied.values()) == len(planned) > 60
    fake.calls.reset()
    assert run.plan(Firm(home)).actions == ()
    run.sync(Firm(home))
    assert fake.calls.writes() == []


def test_what_is_kept_of_the_portal_is_private_in_a_folder_that_is_not(
    home: Path, fake: Fake
) -> None:
    own = os.umask(0o022)
    try:
        run.pull(Firm(home))
    finally:
        os.umask(own)
    kept = list(Firm(home).state.folder.glob("hubspot*"))
    assert len(kept) > 1
    assert [path.name for path in kept if path.stat().st_mode & 0o077] == []


@pytest.mark.long
def test_one_day_later_hardly_anybody_is_written_and_only_because_of_the_date(
    home: Path, fake: Fake
) -> None:
    run.plan(Firm(home))
    run.apply(Firm(home))
    tomorrow = Firm(home).as_of + timedelta(days=1)
    later = run.plan(Firm(home, today=tomorrow))
    assert len(later.actions) <= 0.05 * later.contacts
    changed = {name for action in later.actions for name in action.values}
    assert changed <= {"why", "next_ask"}


def test_a_run_killed_between_making_and_linking_is_finished_by_the_next_one(
    home: Path, fake: Fake
) -> None:
    planned = run.plan(Firm(home))
    tasks = {a.key: a for a in planned.actions if a.kind == "create_task"}
    assert tasks
    command = [sys.executable, "-m", "goodword", "-C", str(home), "apply"]
    path = os.pathsep.join(sys.path)
    process = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    fake.faults.add(
        Fault(
            path="/crm/v4/associations/tasks/contacts/batch/create",
            drop=True,
            meanwhile=lambda: os.kill(process.pid, signal.SIGKILL),
        )
    )
    assert process.wait(120) == -signal.SIGKILL
    assert keys(fake, home)
    fake.faults.clear()
    run.plan(Firm(home))
    report = run.apply(Firm(home))
    assert report.exit_code == 0
    assert keys(fake, home) == dict.fromkeys(tasks, 1)
    portal = connector(fake, home).portal
    people = sorted({task.contact_id for task in tasks.values()})
    linked = read_links(portal, "contacts", "tasks", people)
    assert {person: len(others) for person, others in linked.items()} == {
        person: sum(task.contact_id == person for task in tasks.values()) for person in people
    }


def test_a_run_killed_between_reading_and_keeping_loses_nothing_it_had_read(
    home: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.pull(Firm(home))
    gone, thrown = islice(fake.store.all("contacts"), 2)
    erased, archived = str(gone.id), str(thrown.id)
    fake.store.erase("contacts", gone)
    by_hand.delete(fake.portal, "contacts", archived)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    tomorrow = Firm(home).as_of + timedelta(days=1)
    with monkeypatch.context() as patched:
        patched.setattr(Intake, "commit", killed)
        with pytest.raises(KeyboardInterrupt):
            run.pull(Firm(home, today=tomorrow))
    run.pull(Firm(home, today=tomorrow))
    firm = Firm(home, today=tomorrow)
    snapshot = firm.mirror.load()
    assert snapshot is not None
    people = firm.engine.collect(snapshot.tables["contacts"])["contact_id"].to_list()
    assert not {erased, archived} & set(people)
    assert (firm.state.folder / "forgotten.txt").exists()


@pytest.mark.long
def test_undo_leaves_the_portal_as_it_was(home: Path, fake: Fake) -> None:
    from goodword import undoing

    run.plan(Firm(home))
    run.apply(Firm(home))
    undone = undoing.undo(Firm(home))
    assert undone.exit_code == 0
    assert not keys(fake, home)
    desk = connector(fake, home)._desk
    names = ["goodword_stage", "goodword_score", "goodword_why", "goodword_next_ask"]
    filled = [
        record.id
        for page in each_page(desk.portal, "contacts", names)
        for record in page.records
        if any(record.get(name) for name in names)
    ]
    assert filled == []
