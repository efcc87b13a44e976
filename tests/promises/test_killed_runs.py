"""Kill -9 in the middle of apply, then run again: everything once, nothing half-written.

A real process dies at a real step; which steps there are is learned from a run that lived.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from firm_in_memory import happy, person
from typer.testing import CliRunner

from goodword import run
from goodword.cli import make_app
from goodword.firm import Firm
from goodword.testing import MemoryConnector

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("killed_run.py")
TODAY = date(2026, 11, 20)
PATHS = (ROOT / "core", ROOT / "plugins" / "csv")
MEMORY = """\
from goodword import hookimpl
from goodword.testing import memory_spec

@hookimpl
def goodword_connector():
    return memory_spec(batch=4)
"""
LIST = "Name,Email,Total Spent,Last Job,Referred By,NPS\n" + "".join(
    f"Pat {name},{name.lower()}@list.example,$900.00,3/15/2026,,10\n"
    for name in ("Quill", "Brandt", "Moss", "Field", "Lane")
)


@dataclass
class Place:
    """Where a firm of one kind of host is prepared, run and killed."""

    root: Path
    site: Path
    files: tuple[str, ...]

    def copy(self, name: str) -> Path:
        """A fresh copy of the prepared firm, its plan read and saved."""
        return Path(shutil.copytree(self.root / "prepared", self.root / name))

    def run(self, folder: Path, step: int) -> tuple[int, list[str]]:
        """Apply in a process of its own that dies at *step*; return its end and its steps."""
        log = folder.with_suffix(".log")
        paths = os.pathsep.join(map(str, (self.site, *PATHS)))
        arguments = [sys.executable, str(PROGRAM), str(folder), TODAY.isoformat(), str(step)]
        done = subprocess.run(
            [*arguments, str(log)],
            env={**os.environ, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            check=False,
        )
        if step == 0:
            assert done.returncode == 0, done.stderr
            assert json.loads(done.stdout)["failures"] == []
        return done.returncode, log.read_text(encoding="utf-8").splitlines()

    def state(self, folder: Path) -> object:
        """What the host holds, in a form that can be compared."""
        if not self.files:
            host = MemoryConnector(path=folder / "host.json")
            ours = [{**task, "remote_id": ""} for task in host.tasks()]
            return sorted(ours, key=lambda t: t["task_key"]), host.rows("own_fields")
        return {
            path.name: path.read_bytes()
            for path in sorted(folder.iterdir())
            if path.is_file() and path.name != "goodword.toml" and path.suffix != ".tmp"
        }  # a temporary file of a dead process is removed when it is old enough to be nobody's


def install(site: Path, name: str, module: str) -> None:
    """Announce a plugin as an installed distribution does."""
    info = site / f"{name}_for_tests-1.0.dist-info"
    info.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.1\nName: {name}-for-tests\nVersion: 1.0\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[goodword]\n{name} = {module}\n", encoding="utf-8")


@pytest.fixture
def place(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    """A firm on a host of this kind, planned but not yet written."""
    site, firm = tmp_path / "site", tmp_path / "prepared"
    firm.mkdir()
    install(site, "csv", "goodword_csv")
    monkeypatch.syspath_prepend(str(site))
    kind = request.param
    if kind == "memory":
        install(site, "kept", "goodword_kept")
        (site / "goodword_kept.py").write_text(MEMORY, encoding="utf-8")
        settings = '[connector]\nname = "memory"\n[plugins]\nenabled = ["kept"]\n'
        (firm / "goodword.toml").write_text(settings, encoding="utf-8")
        people = [f"p{number}" for number in range(5)]
        MemoryConnector(
            {
                "contacts": [person(who) for who in people],
                "feedback": [happy(who, TODAY - timedelta(days=1)) for who in people],
            },
            path=firm / "host.json",
        )
        files: tuple[str, ...] = ()
    else:
        if kind == "csv":
            (firm / "customers.csv").write_text(LIST, encoding="utf-8")
            files = ("customers.csv",)
        else:
            sample = ROOT / "plugins" / "csv" / "goodword_csv" / "sample" / "harbour-heating.xlsx"
            shutil.copy(sample, firm)
            files = (sample.name,)
        arguments = ["--folder", str(firm), "init", str(firm / files[0]), "--yes"]
        done = CliRunner().invoke(make_app(), arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
    made = run.plan(Firm(firm, today=TODAY))
    assert any(action.kind == "create_task" for action in made.actions)
    yield Place(tmp_path, site, files)
    sys.modules.pop("goodword_kept", None)


def fatal_steps(steps: list[str]) -> list[int]:
    """Steps to die at: amid the writing, before its last file is in place, before the ledger knows.

    A step is taken before what it names is done.
    """
    of = {name: [n for n, step in enumerate(steps, 1) if step == name] for name in set(steps)}
    written, intended = of["ledger BEGIN"][-1], of["ledger COMMIT"][1]
    return sorted({(intended + written) // 2, of["replace"][-1], written})


@pytest.mark.parametrize("place", ["memory", "csv", "xlsx"], indirect=True)
@pytest.mark.promise("write.killed")
def test_a_killed_apply_is_finished_by_the_next_one(place: Place) -> None:
    lived = place.copy("lived")
    before = place.state(lived)
    _, steps = place.run(lived, 0)
    after = place.state(lived)
    assert after != before
    assert not {f"open {name}" for name in place.files} & set(steps)  # replaced, never opened
    for step in fatal_steps(steps):
        folder = place.copy(f"killed-{step}")
        code, taken = place.run(folder, step)
        assert code == -signal.SIGKILL, (step, steps[step - 1])
        assert taken == steps[:step]
        check_nothing_is_half_written(place, folder, before, after)
        report = run.apply(Firm(folder, today=TODAY))
        assert report.exit_code == 0, (step, steps[step - 1], report)
        assert place.state(folder) == after, (step, steps[step - 1])
    assert run.plan(Firm(folder, today=TODAY)).actions == ()


def check_nothing_is_half_written(place: Place, folder: Path, before: Any, after: Any) -> None:
    """Every file of the firm is as it was or as it will be, with a copy of the old one kept."""
    if not place.files:
        place.state(folder)  # the host can be read
        return
    now = place.state(folder)
    assert isinstance(now, dict)
    for name in place.files:
        assert now[name] in (before[name], after[name])
        if now[name] == after[name]:
            copies = [
                path.read_bytes() for path in (folder / ".goodword").rglob("*") if path.is_file()
            ]
            assert before[name] in copies
