"""``goodword schedule``: ready entries for four systems, quoted so that any folder name works."""

from __future__ import annotations

import os
import plistlib
import shlex
import shutil
import stat
import subprocess
import sys
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from goodword.cli import schedule as command
from goodword.cli.schedule_entries import ENTRIES, Job, cron, days_of, time_of
from goodword.errors import SettingsError

if TYPE_CHECKING:
    from conftest import CommandLine

ROOT = Path(__file__).parents[2]
SHELL = shutil.which("sh")
WORK = (0, 1, 2, 3, 4)
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
NASTY = 'O\'Brien & "Söhne" $HOME `id` 100% ; x'


def job(folder: str = "/srv/firm", days: tuple[int, ...] = WORK) -> Job:
    home = Path(folder)
    program = ("/opt/py thon", "-P", "-m", "goodword", "--folder", folder, "sync", "--quiet")
    return Job("goodword-a1b2c3", program, home, home / ".goodword" / "sync.log", time(7, 30), days)


def as_cron_hands_it_on(line: str) -> tuple[list[str], str]:
    """The five fields, and the command as cron gives it to the shell (crontab(5))."""
    *fields, command = line.rstrip("\n").split(" ", 5)
    before, plain, _ = command.replace("\\%", "\0").partition("%")
    assert not plain, "a plain % would end the command"
    return fields, before.replace("\0", "%")


def test_the_entry_of_this_computer_is_printed_and_nothing_else_happens(
    firm: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **_: started.append(a))
    seen = firm("schedule", "--at", "6:05", "--days", "mon,thu")
    assert seen.exit_code == 0, seen.stderr
    for system in ENTRIES:
        assert firm("schedule", "--system", system).exit_code == 0
    assert started == []
    line = firm("schedule", "--system", "cron", "--at", "6:05", "--days", "mon,thu")
    fields, shell = as_cron_hands_it_on(line.stdout)
    assert fields == ["5", "6", "*", "*", "1,4"]
    assert shlex.split(shell)[-4:] == [
        "--quiet",
        ">>",
        str(firm.folder / ".goodword/sync.log"),
        "2>&1",
    ]
    assert sys.executable in shell
    assert "crontab -e" in line.stderr
    assert "sync.log" in line.stderr


@pytest.mark.long
def test_the_line_for_cron_really_runs_and_leaves_a_private_log(
    firm: CommandLine, tmp_path: Path
) -> None:
    if SHELL is None:  # where there is no sh there is no cron
        return
    home = tmp_path / NASTY
    shutil.copytree(firm.folder, home)
    printed = firm("schedule", "--system", "cron", "--folder", str(home))
    assert printed.exit_code == 0, printed.stderr
    shell = as_cron_hands_it_on(printed.stdout)[1]
    paths = os.pathsep.join([str(ROOT / "core"), str(ROOT / "plugins/csv"), str(tmp_path / "site")])
    done = subprocess.run(
        [SHELL, "-c", shell],
        cwd="/",
        env={"PATH": "/nowhere", "HOME": "/nowhere", "PYTHONPATH": paths, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    log = home / ".goodword" / "sync.log"
    told = log.read_text(encoding="utf-8")
    assert done.returncode == 0, (done.stderr, told)
    assert (done.stdout, done.stderr) == ("", "")
    assert " sync live plan " in told
    assert "Pat" not in told
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_any_folder_name_reaches_the_program_as_it_is(tmp_path: Path) -> None:
    if SHELL is None:
        return
    for name in (NASTY, "-n", "a\\b", "ünï%d", "$(touch x)", "!!", "#"):
        home = tmp_path / name
        (home / ".goodword").mkdir(parents=True)
        script = tmp_path / "show args.py"
        script.write_text("import os, sys; print(os.getcwd(), sys.argv[1:])", encoding="utf-8")
        program = (sys.executable, str(script), str(home))
        one = Job("x", program, home, home / ".goodword" / "sync.log", time(7, 30), WORK)
        subprocess.run([SHELL, "-c", as_cron_hands_it_on(cron(one))[1]], cwd="/", check=True)
        told = one.log.read_text(encoding="utf-8")
        assert told == f"{home} {[str(home)]}\n"


def test_the_list_for_launchd_reads_back(firm: CommandLine) -> None:
    seen = firm("--profile", "", "schedule", "--system", "launchd", "--days", "daily")
    entry = plistlib.loads(seen.stdout.encode())
    assert entry["ProgramArguments"][-2:] == ["sync", "--quiet"]
    assert entry["ProgramArguments"][0] == sys.executable
    assert entry["Umask"] == 0o077
    assert {day["Weekday"] for day in entry["StartCalendarInterval"]} == set(range(7))
    assert entry["StartCalendarInterval"][0] == {"Weekday": 1, "Hour": 7, "Minute": 30}
    assert entry["StandardOutPath"] == entry["StandardErrorPath"]
    nasty = plistlib.loads(ENTRIES["launchd"](job("/srv/" + NASTY)).encode())
    assert nasty["WorkingDirectory"] == "/srv/" + NASTY
    assert f"LaunchAgents/{entry['Label']}.plist" in seen.stderr


def test_the_units_for_systemd_quote_what_systemd_would_change(tmp_path: Path) -> None:
    text = ENTRIES["systemd"](job('/srv/100% $HOME \\ "x"'))
    assert 'ExecStart="/opt/py thon" "-P"' in text
    assert '"/srv/100%% $$HOME \\\\ \\"x\\""' in text
    assert "StandardOutput=append:/srv/100%% $HOME" in text
    assert "UMask=0077" in text
    assert "OnCalendar=Mon,Tue,Wed,Thu,Fri *-*-* 07:30:00" in text
    verify = shutil.which("systemd-analyze")
    if verify is not None:
        service, timer = (part.partition("\n")[2] for part in text.split("# ~")[1:])
        names = [tmp_path / "goodword-a1b2c3.service", tmp_path / "goodword-a1b2c3.timer"]
        for path, unit in zip(names, (service, timer), strict=True):
            path.write_text(unit.replace("/opt/py thon", sys.executable), encoding="utf-8")
        done = subprocess.run(
            [verify, "--user", "verify", *map(str, names)],
            env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_the_task_for_windows_is_in_the_order_of_its_schema() -> None:
    folder = "C:\\Users\\Ana Lopez\\Söhne & Co"
    text = ENTRIES["windows"](job(folder))
    task = ElementTree.fromstring(text.encode("utf-16"))  # noqa: S314  # our own text
    assert [child.tag.removeprefix(TASK) for child in task] == [
        "RegistrationInfo",
        "Triggers",
        "Settings",
        "Actions",
    ]
    trigger = task.find(f"{TASK}Triggers/{TASK}CalendarTrigger")
    assert trigger is not None
    assert [child.tag.removeprefix(TASK) for child in trigger] == [
        "StartBoundary",
        "ScheduleByWeek",
    ]
    assert trigger.findtext(f"{TASK}StartBoundary") == "2026-01-01T07:30:00"
    days = trigger.find(f"{TASK}ScheduleByWeek/{TASK}DaysOfWeek")
    assert days is not None
    assert next(day.tag.removeprefix(TASK) for day in days) == "Monday"
    run = task.find(f"{TASK}Actions/{TASK}Exec")
    assert run is not None
    assert [child.tag.removeprefix(TASK) for child in run] == [
        "Command",
        "Arguments",
        "WorkingDirectory",
    ]
    assert run.findtext(f"{TASK}WorkingDirectory") == folder
    arguments = str(run.findtext(f"{TASK}Arguments"))
    assert arguments.startswith('/d /s /c ""/opt/py thon" -P -m goodword')
    assert f'--folder "{folder}" sync --quiet' in arguments
    with pytest.raises(SettingsError, match="percent"):
        ENTRIES["windows"](job("C:\\100%"))


def test_a_windows_user_is_told_to_save_as_utf16(firm: CommandLine) -> None:
    seen = firm("schedule", "--system", "windows")
    assert "UTF-16" in seen.stderr
    assert "schtasks /create" in seen.stderr


def test_a_profile_is_named_in_the_entry(firm: CommandLine) -> None:
    with (firm.folder / "goodword.toml").open("a", encoding="utf-8") as file:
        file.write('[profile.sandbox.connector]\naccount = "playground"\n')
    line = firm("--profile", "sandbox", "schedule", "--system", "cron")
    assert "--profile sandbox sync --quiet" in line.stdout
    assert ".goodword-sandbox/sync.log" in line.stdout
    assert "shadow mode" in line.stderr


@pytest.mark.parametrize(
    "line", [("--at", "25:00"), ("--at", "noon"), ("--days", "someday"), ("--system", "at")]
)
def test_what_cannot_be_scheduled_is_refused(firm: CommandLine, line: tuple[str, str]) -> None:
    seen = firm("schedule", *line)
    assert seen.exit_code == 2
    assert "→" in seen.stderr


def test_days_and_times_are_read_as_people_write_them() -> None:
    assert days_of("Mon-Fri") == WORK
    assert days_of("sat-mon") == (0, 5, 6)
    assert days_of("wed, mon") == (0, 2)
    assert days_of("daily") == tuple(range(7))
    assert time_of("7:05") == time(7, 5)


@pytest.mark.parametrize(
    ("platform", "system"), [("win32", "windows"), ("darwin", "launchd"), ("linux", None)]
)
def test_the_system_is_that_of_this_computer(
    monkeypatch: pytest.MonkeyPatch, platform: str, system: str | None
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert command.this_system() in ({system} if system else {"cron", "systemd"})
