"""What ``doctor`` checks around goodword: the mode, the disk it keeps its state on, the clock."""

from __future__ import annotations

import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from goodword.connector import Check
from goodword.errors import GoodwordError

if TYPE_CHECKING:
    from goodword.firm import Firm

MOUNTS = Path("/proc/self/mountinfo")
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "lustre", "glusterfs", "davfs"}
    | {f"fuse.{kind}" for kind in ("sshfs", "davfs2", "davfs", "rclone", "glusterfs", "s3fs")}
)
"""Types of file systems that lie on another computer, as Linux names them."""
REMOTE_DRIVE = 4
"""What Windows answers for a drive letter that stands for a network folder."""
SLACK = timedelta(days=1)
"""How far the clock may be behind the last run: time zones and summer time stay below it."""


def surroundings(firm: Firm) -> list[Check]:
    """Return the checks; nothing is changed."""
    return [_mode(firm), _disk(firm), _clock(firm)]


def _mode(firm: Firm) -> Check:
    from goodword.gather import scope_of
    from goodword.rollout import Scope
    from goodword.working import open_ledger

    scope = Scope.of(firm.settings.rollout)
    if firm.state.ledger.exists():
        try:
            with open_ledger(firm) as ledger:
                scope = scope_of(firm, ledger)
        except GoodwordError:  # the check of the ledger tells
            pass
    means = {
        "shadow": "shadow: plans, and writes nothing",
        "pilot": f"pilot: writes about {scope.words() or 'as many contacts as --limit says'}",
        "live": "live: writes about everybody",
    }
    hint = "When the plans look right: goodword rollout" if scope.mode == "shadow" else ""
    return Check("mode", ok=True, detail=means[scope.mode], hint=hint)


def _disk(firm: Firm) -> Check:
    """Say whether the state lies on another computer, where locks and syncs may not hold."""
    where = firm.state.folder if firm.state.folder.exists() else firm.folder
    kind = network_kind(where)
    if not kind:
        return Check("disk", ok=True, detail="the state folder is on a disk of this computer")
    hint = "Two computers must never run goodword on it; a folder on a local disk is safer."
    return Check("disk", ok=True, detail=f"the state folder is on a network ({kind})", hint=hint)


def network_kind(path: Path) -> str:
    """Return the kind of network folder *path* lies in; empty for a disk, or where unknown."""
    home = path.resolve()
    if sys.platform == "win32":
        return _windows_kind(home)
    try:
        kind = file_system(MOUNTS.read_text(encoding="utf-8", errors="replace"), home)
    except OSError:  # a system without that list
        return ""
    return kind if kind in NETWORK else ""


def file_system(mounts: str, path: Path) -> str:
    """Return the type of the file system *path* lies on.

    Args:
        mounts: Content of ``/proc/self/mountinfo`` (see proc(5)): the fifth field is the place, and
            the first after a lone dash the type.
        path: An absolute path without links.
    """
    best: tuple[int, str] = (-1, "")
    for line in mounts.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split(" ")
        if not dash or len(fields) < 5 or not after:  # the fifth field is read
            continue
        place = Path(re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), fields[4]))
        depth = len(place.parts)
        if path.is_relative_to(place) and depth >= best[0]:  # of two at one place the last counts
            best = (depth, after.split(" ")[0])
    return best[1]


def _windows_kind(home: Path) -> str:
    if home.drive.startswith("\\\\"):
        return "shared folder"
    import ctypes

    windows = getattr(ctypes, "windll", None)
    if windows is None:
        return ""
    remote = windows.kernel32.GetDriveTypeW(f"{home.drive}\\") == REMOTE_DRIVE
    return "network drive" if remote else ""


def _clock(firm: Firm) -> Check:
    from goodword.working import open_ledger

    now = firm.clock()
    told = f"{now:%Y-%m-%d %H:%M} UTC, {firm.day_now()} where the firm is"
    if not firm.state.ledger.exists():
        return Check("clock", ok=True, detail=told)
    try:
        with open_ledger(firm) as ledger:
            latest = ledger.clock()
    except GoodwordError:  # the check of the ledger tells
        return Check("clock", ok=True, detail=told)
    if latest is None or now >= latest - SLACK:
        return Check("clock", ok=True, detail=told)
    detail = f"{told}, but the last run was at {latest:%Y-%m-%d %H:%M} UTC"
    return Check("clock", ok=False, detail=detail, hint="Set the computer's clock right.")
