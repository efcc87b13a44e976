"""``goodword schedule``: the entry that runs goodword by the clock; it is printed only."""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goodword.cli.options import Folder
from goodword.cli.place import open_firm
from goodword.cli.screen import tell
from goodword.errors import SettingsError

if TYPE_CHECKING:
    from datetime import time

    from goodword.cli.schedule_entries import Job
    from goodword.firm import Firm

LOG = "sync.log"
INSTALL = {
    "cron": "Add that line with: crontab -e",
    "systemd": "Save both files, then: systemctl --user enable --now {name}.timer",
    "launchd": "Save it as ~/Library/LaunchAgents/{name}.plist, then: "
    "launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/{name}.plist",
    "windows": "Save it as UTF-16: goodword schedule | Out-File -Encoding Unicode task.xml, then: "
    "schtasks /create /tn {name} /xml task.xml",
}
"""How each system takes its entry."""


def schedule(
    ctx: typer.Context,
    at: Annotated[str, typer.Option("--at", help="Time of the day.", metavar="HH:MM")] = "07:30",
    days: Annotated[
        str, typer.Option("--days", help="mon-fri, mon,wed,fri or daily.", metavar="DAYS")
    ] = "mon-fri",
    system: Annotated[
        str | None,
        typer.Option(
            "--system",
            help="cron, systemd, launchd or windows; else that of this computer.",
            metavar="SYSTEM",
            show_default=False,
        ),
    ] = None,
    folder: Folder = None,
) -> None:
    """Print the entry that runs goodword sync by the clock.

    Nothing is installed. What a run prints goes to sync.log in goodword's own folder, and names
    nobody.
    """
    from goodword import looking
    from goodword.cli.schedule_entries import ENTRIES, days_of, time_of

    firm = open_firm(ctx, folder)
    chosen = system or this_system()
    if chosen not in ENTRIES:
        msg = f"There is no system {chosen!r}."
        raise SettingsError(msg, hint=f"Choose one of: {', '.join(ENTRIES)}.")
    firm.state.prepare()
    mode = looking.mode_of(firm)
    job = _job(firm, time_of(at), days_of(days))
    typer.echo(ENTRIES[chosen](job), nl=False)
    log = f"What it does is written to {job.log}; the time is this computer's own."
    tell(INSTALL[chosen].format(name=job.name), log, style="bold")
    if mode == "shadow":
        tell("goodword is in shadow mode here: those runs will plan, and write nothing.", style="")


def this_system() -> str:
    """Return what runs programs by the clock on this computer."""
    by_platform = {"win32": "windows", "darwin": "launchd"}
    if sys.platform in by_platform:
        return by_platform[sys.platform]
    timers = shutil.which("crontab") is None and Path("/run/systemd/system").is_dir()
    return "systemd" if timers else "cron"


def _job(firm: Firm, at: time, days: tuple[int, ...]) -> Job:
    """Return what to run for *firm*.

    Raises:
        SettingsError: A path holds a line end, which no entry can hold.
    """
    from goodword.cli.schedule_entries import Job

    home = firm.folder.resolve()
    profile = ("--profile", firm.profile) if firm.profile else ()
    command = (sys.executable, "-P", "-m", "goodword", "--folder", str(home), *profile)
    log = firm.state.folder.resolve() / LOG
    if any(re.search(r"[\r\n]", text) for text in (*command, str(log))):
        msg = "The name of a folder holds a line end."
        raise SettingsError(msg, hint="Rename that folder.")
    return Job(_name(firm, home), (*command, "sync", "--quiet"), home, log, at, days)


def _name(firm: Firm, home: Path) -> str:
    """Return a name of the entry that no other firm or profile on this computer has."""
    digest = hashlib.sha256(f"{home}\n{firm.profile}".encode()).hexdigest()[:6]
    return "-".join(filter(None, ("goodword", firm.profile, digest)))
