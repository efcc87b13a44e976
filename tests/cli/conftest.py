"""A small firm on a host in memory, and the command line to run on it."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from goodword.cli import make_app
from goodword.testing import MemoryConnector

TODAY = "2026-11-20"

SETTINGS = """\
[firm]
name = "Harbour Heating"
caller = "ana"

[connector]
name = "memory"
account = "memory"

[plugins]
enabled = ["memory"]

[rollout]
mode = "live"
start_date = 2026-09-01
"""

MEMORY_PLUGIN = """\
from goodword import hookimpl
from goodword.testing import memory_spec

@hookimpl
def goodword_connector():
    return memory_spec()
"""


def tables() -> dict[str, list[Mapping[str, object]]]:
    """A week of a heating firm: one happy customer, one unhappy, one who sent somebody."""
    people = {
        "c1": ("Pat Doe", "ana", "customer"),
        "c2": ("Kim Roe", "ana", "customer"),
        "c3": ("Lee Chan", "ben", "customer"),
        "c4": ("Max Stone", "ben", "customer"),
        "c5": ("Nina Park", "ben", "lead"),
        "c6": ("Pat Dorn", "ana", "customer"),
    }
    return {
        "owners": [
            {"owner_id": "ana", "name": "Ana Lopez"},
            {"owner_id": "ben", "name": "Ben Okafor"},
        ],
        "contacts": [
            {
                "contact_id": contact,
                "name": name,
                "email": f"{name.split()[0].lower()}@{contact}.example",
                "owner_id": owner,
                "status": status,
                "consent": "no" if contact == "c3" else "yes",
            }
            for contact, (name, owner, status) in people.items()
        ],
        "deals": [
            {
                "deal_id": f"d{contact}",
                "status": "won",
                "amount_cents": 150_000,
                "closed_at": date(2025, 3, 4),
            }
            for contact in ("c1", "c2", "c3", "c4", "c6")
        ],
        "deal_contacts": [
            {"deal_id": f"d{contact}", "contact_id": contact, "primary": True}
            for contact in ("c1", "c2", "c3", "c4", "c6")
        ],
        "activities": [
            {
                "activity_id": f"a{contact}",
                "contact_id": contact,
                "kind": "call",
                "at": date(2026, 11, 2),
            }
            for contact in ("c1", "c2", "c3", "c4", "c6")
        ],
        "feedback": [
            {
                "feedback_id": f"f{contact}",
                "contact_id": contact,
                "kind": "nps",
                "score": 10,
                "at": date(2026, 11, 12),
            }
            for contact in ("c1", "c2", "c3")
        ],
        "tickets": [
            {
                "ticket_id": "t1",
                "contact_id": "c2",
                "kind": "ticket",
                "status": "open",
                "opened_at": date(2026, 11, 15),
            }
        ],
        "referrals": [
            {
                "referral_id": "r1",
                "referrer_id": "c4",
                "referred_id": "c5",
                "status": "received",
                "at": date(2026, 11, 18),
            }
        ],
    }


class Site:
    """A folder on the import path where plugins are installed, as pip would leave them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, name: str, source: str, version: str = "1.0") -> None:
        """Install the module ``goodword_NAME`` as the plugin *name*."""
        (self.folder / f"goodword_{name}.py").write_text(source, encoding="utf-8")
        self.announce(name, version)

    def announce(self, name: str, version: str = "1.0") -> None:
        """Name the module ``goodword_NAME``, wherever it is, as the plugin *name*."""
        info = self.folder / f"goodword_{name}-{version}.dist-info"
        info.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: goodword-{name}\nVersion: {version}\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
        points = f"[goodword]\n{name} = goodword_{name}\n"
        (info / "entry_points.txt").write_text(points, encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Where a test installs plugins; all of them are gone afterwards."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    before = set(sys.modules)
    yield Site(folder)
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
            del sys.modules[name]


@dataclass
class CommandLine:
    """The firm's folder, its host, and the command line run in that folder."""

    folder: Path

    def __call__(self, *arguments: str, typed: str | None = None) -> Result:
        """Run one command as a user in the firm's folder would."""
        return CliRunner().invoke(make_app(), list(arguments), input=typed)

    def on_the_day(self, *arguments: str) -> Result:
        """Run one command on the day the firm's week is about."""
        return self(*arguments, "--today", TODAY)

    @property
    def host(self) -> MemoryConnector:
        """The host as it stands now."""
        return MemoryConnector(path=self.folder / "host.json")

    def settings(self, text: str) -> None:
        """Replace the settings."""
        (self.folder / "goodword.toml").write_text(text, encoding="utf-8")


CTRL_C = "\x03"
PATIENCE = 60
"""Seconds a question may take to appear."""
_TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execvp(sys.argv[1], sys.argv[1:])"
)
"""Makes the pseudo terminal the one that Ctrl-C is typed at, then becomes the command."""


@dataclass(frozen=True)
class Seen:
    """What a command showed on a terminal, and how it ended."""

    text: str
    exit_code: int


@dataclass
class Terminal:
    """A real terminal, as far as programs can tell, with a person who answers questions."""

    folder: Path
    environment: dict[str, str]

    def goodword(self, *arguments: str, answers: Iterable[tuple[str, str]] = ()) -> Seen:
        """Run one goodword command; see ``run``."""
        return self.run(sys.executable, "-m", "goodword", *arguments, answers=answers)

    def run(self, *command: str, answers: Iterable[tuple[str, str]] = ()) -> Seen:
        """Run a command in the folder; type each answer once its question is there.

        Args:
            command: Program and arguments.
            answers: A part of each question, in order, and the line typed then; Ctrl-C as itself.
        """
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-c", _TAKE_TERMINAL, *command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=self.folder,
            env=self.environment,
            start_new_session=True,
        )
        os.close(theirs)
        shown, from_here = "", 0
        try:
            for question, answer in answers:
                while question not in shown[from_here:]:
                    more = _next_of(ours)
                    assert more, f"never asked: {question!r}\n{shown}"
                    shown += more
                from_here = shown.index(question, from_here) + len(question)
                if answer == CTRL_C:
                    time.sleep(0.5)  # as a person would: the program is waiting by then
                os.write(ours, (answer if answer == CTRL_C else f"{answer}\n").encode())
            while more := _next_of(ours):
                shown += more
            try:
                return Seen(shown.replace("\r\n", "\n"), process.wait(timeout=5))
            except subprocess.TimeoutExpired:
                msg = f"still waits for an answer:\n{shown}"
                raise AssertionError(msg) from None
        finally:
            process.kill()
            process.wait()
            os.close(ours)


def _next_of(terminal: int) -> str:
    """What appears next; nothing at the end of the program, or when that takes too long."""
    end = time.monotonic() + PATIENCE
    data = b""
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            data += os.read(terminal, 4096)
        except OSError:  # the program has ended
            return ""
        try:
            return data.decode()
        except UnicodeDecodeError:  # the rest of a sign is still to come
            continue
    return ""


@pytest.fixture
def terminal(here: CommandLine, site: Site, tmp_path: Path) -> Terminal:
    """A terminal in an empty folder, with a desktop that notes what it opens."""
    programs = tmp_path / "programs"
    programs.mkdir()
    opener = programs / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{tmp_path}/opened"\n')
    opener.chmod(0o755)
    root = Path(__file__).parents[2]
    places = [site.folder, root / "core", root / "plugins" / "csv"]
    left = {"TZ", "FORCE_COLOR", "XDG_DATA_HOME"}
    kept = {name: value for name, value in os.environ.items() if name not in left}
    changed = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(map(str, places)),
        "HOME": str(tmp_path / "home"),
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "TZ": "Europe/Paris",
    }
    (tmp_path / "home").mkdir()
    return Terminal(here.folder, kept | changed)


@pytest.fixture
def spreadsheets(site: Site) -> None:
    """The spreadsheet plugin of this checkout, announced unless it is installed."""
    if not any(point.name == "csv" for point in entry_points(group="goodword")):
        site.announce("csv")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line in an empty folder."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return CommandLine(folder)


@pytest.fixture
def firm(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line in the folder of a small firm whose host is a file in it."""
    site.install("memory", MEMORY_PLUGIN)
    folder = tmp_path / "firm"
    folder.mkdir()
    monkeypatch.chdir(folder)
    MemoryConnector(tables(), path=folder / "host.json")
    line = CommandLine(folder)
    line.settings(SETTINGS)
    return line


@pytest.fixture(scope="session")
def planned_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small firm after its plan was made, to be copied."""
    folder = tmp_path_factory.mktemp("planned")
    with pytest.MonkeyPatch.context() as patch:
        site = folder / "site"
        site.mkdir()
        patch.syspath_prepend(str(site))
        Site(site).install("memory", MEMORY_PLUGIN)
        home = folder / "firm"
        home.mkdir()
        MemoryConnector(tables(), path=home / "host.json")
        CommandLine(home).settings(SETTINGS)
        planned = CommandLine(home)("plan", "--folder", str(home), "--today", TODAY)
        assert planned.exit_code == 0, planned.output
        del sys.modules["goodword_memory"]
    return home


@pytest.fixture
def planned(firm: CommandLine, planned_once: Path) -> CommandLine:
    """The small firm, with its plan of the day already made."""
    shutil.copytree(planned_once / ".goodword", firm.folder / ".goodword")
    return firm
