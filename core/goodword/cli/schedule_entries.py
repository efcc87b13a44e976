"""Ready entries that run goodword by the clock: for cron, launchd, systemd and Task Scheduler.

Each is a pure function from a ``Job`` to text. Every path in them is absolute and quoted as that
system wants it, so that spaces, percent signs and quotes in a folder's name do no harm. What a
run prints is added to a log only its owner can read.
"""

from __future__ import annotations

import plistlib
import re
import shlex
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from goodword.errors import SettingsError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PRIVATE = 0o077
"""Umask under which the log is made."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is run, where and when.

    Args:
        name: Name of the entry, safe in a file name.
        command: Program and arguments, absolute.
        folder: The firm's folder.
        log: File that what is printed is added to.
        at: Time of the day, where the computer is.
        days: Days of the week, 0 for Monday.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    log: Path
    at: time
    days: tuple[int, ...]


def cron(job: Job) -> str:
    """Return a line for ``crontab -e``."""
    days = "*" if len(job.days) == len(DAYS) else ",".join(str((d + 1) % 7) for d in job.days)
    log = shlex.quote(str(job.log))
    command = f"umask 077; cd {shlex.quote(str(job.folder))} && {shlex.join(job.command)}"
    line = f"{command} >> {log} 2>&1".replace("%", "\\%")  # cron takes a plain % for a line end
    return f"{job.at.minute} {job.at.hour} * * {days} {line}\n"


def launchd(job: Job) -> str:
    """Return a property list for ``~/Library/LaunchAgents``."""
    hour = {"Hour": job.at.hour, "Minute": job.at.minute}
    entry = {
        "Label": job.name,
        "ProgramArguments": list(job.command),
        "WorkingDirectory": str(job.folder),
        "StartCalendarInterval": [{"Weekday": (day + 1) % 7, **hour} for day in job.days],
        "StandardOutPath": str(job.log),
        "StandardErrorPath": str(job.log),
        "Umask": PRIVATE,
    }
    return plistlib.dumps(entry, sort_keys=False).decode()


def systemd_service(job: Job) -> str:
    """Return the unit that runs the job."""
    return (
        "[Unit]\nDescription=goodword: ask the right customer at the right moment\n\n"
        "[Service]\nType=oneshot\n"
        f"WorkingDirectory={_specifiers(str(job.folder))}\n"
        f"ExecStart={' '.join(_unit_word(word) for word in job.command)}\n"
        f"UMask={PRIVATE:04o}\n"
        f"StandardOutput=append:{_specifiers(str(job.log))}\n"
        f"StandardError=append:{_specifiers(str(job.log))}\n"
    )


def systemd_timer(job: Job) -> str:
    """Return the unit that says when; a run missed while the computer was off is made up for."""
    days = ",".join(DAYS[day].capitalize() for day in job.days)
    return (
        "[Unit]\nDescription=When goodword runs\n\n"
        f"[Timer]\nOnCalendar={days} *-*-* {job.at:%H:%M}:00\nPersistent=true\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )


def systemd(job: Job) -> str:
    """Return both units, each below a line with the file it belongs into."""
    place = "~/.config/systemd/user"
    service = f"# {place}/{job.name}.service\n{systemd_service(job)}"
    return f"{service}\n# {place}/{job.name}.timer\n{systemd_timer(job)}"


def windows(job: Job) -> str:
    """Return a task for ``schtasks /create /xml``; the file has to be saved as UTF-16.

    Raises:
        SettingsError: A path holds a percent sign, which Windows replaces even within quotes.
    """
    if any("%" in text for text in (*job.command, str(job.log))):
        msg = "A path of this firm holds a percent sign, which the Task Scheduler replaces."
        raise SettingsError(msg, hint="Rename that folder, or write the task by hand.")
    command = subprocess.list2cmdline(job.command)
    log = subprocess.list2cmdline([str(job.log)])
    days = "".join(f"<{WEEKDAYS[day]} />" for day in job.days)
    start = f"2026-01-01T{job.at:%H:%M}:00"
    text = f"""\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>goodword: ask the right customer at the right moment</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>{start}</StartBoundary>
      <ScheduleByWeek>
        <DaysOfWeek>{days}</DaysOfWeek>
        <WeeksInterval>1</WeeksInterval>
      </ScheduleByWeek>
    </CalendarTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT4H</ExecutionTimeLimit>
  </Settings>
  <Actions>
    <Exec>
      <Command>cmd.exe</Command>
      <Arguments>{escape(f'/d /s /c "{command} >> {log} 2>&1"')}</Arguments>
      <WorkingDirectory>{escape(str(job.folder))}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""
    ElementTree.fromstring(text.partition("\n")[2])  # noqa: S314  # our own text: it must be XML
    return text


ENTRIES: Mapping[str, Callable[[Job], str]] = {
    "cron": cron,
    "systemd": systemd,
    "launchd": launchd,
    "windows": windows,
}


def days_of(text: str) -> tuple[int, ...]:
    """Return the days in *text*, such as mon-fri, mon,wed,fri or daily.

    Raises:
        SettingsError: It names no days.
    """
    found: set[int] = set()
    for part in text.casefold().replace(" ", "").split(","):
        first, _, last = ("mon", "-", "sun") if part == "daily" else part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            msg = "--days names no days of the week."
            raise SettingsError(msg, hint="Write mon-fri, mon,wed,fri or daily.")
        start, span = DAYS.index(first), DAYS.index(last or first) - DAYS.index(first)
        found |= {(start + step) % len(DAYS) for step in range(span % len(DAYS) + 1)}
    return tuple(sorted(found))


def time_of(text: str) -> time:
    """Return the time in *text*, such as 07:30.

    Raises:
        SettingsError: It is no time of the day.
    """
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip())
    if match is None:
        msg = "--at is no time of the day."
        raise SettingsError(msg, hint="Write it like 07:30.")
    return time(int(match[1]), int(match[2]))


def _unit_word(word: str) -> str:
    """Return one word of a command line as systemd reads it."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{_specifiers(plain)}"'


def _specifiers(text: str) -> str:
    return text.replace("%", "%%")
