"""What ``doctor`` says about the mode, the disk and the clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from goodword.cli import surroundings
from goodword.cli.surroundings import file_system
from goodword.ledger import Ledger

if TYPE_CHECKING:
    from conftest import CommandLine

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:41 / /mnt/our\\040office rw shared:20 - cifs //server/office rw,vers=3.0
41 22 0:42 / /home/ana/far rw,relatime shared:21 - fuse.sshfs ana@host:/ rw
42 22 0:43 / /srv rw - nfs4 host:/srv rw
43 42 8:2 / /srv/local rw - ext4 /dev/sdb1 rw
44 22 0:44 / /twice rw - ext4 /dev/sdc1 rw
45 44 0:45 / /twice rw - nfs host:/x rw
broken line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/ana/firm", "ext4"),
        ("/mnt/our office/firm/.goodword", "cifs"),
        ("/mnt/our office two", "ext4"),
        ("/home/ana/far", "fuse.sshfs"),
        ("/srv/firm", "nfs4"),
        ("/srv/local/firm", "ext4"),
        ("/twice/x", "nfs"),
    ],
)
def test_the_file_system_of_a_folder_is_that_of_the_nearest_mount(path: str, kind: str) -> None:
    assert file_system(MOUNTS, Path(path)) == kind


def checks(firm: CommandLine) -> dict[str, Any]:
    return {check["name"]: check for check in json.loads(firm("doctor", "--json").stdout)["checks"]}


@pytest.mark.long
def test_doctor_tells_mode_disk_and_clock(firm: CommandLine) -> None:
    told = checks(firm)
    assert told["mode"]["detail"] == "live: writes about everybody"
    assert "disk of this computer" in told["disk"]["detail"]
    assert "UTC" in told["clock"]["detail"]
    firm.settings('[connector]\nname = "memory"\n[plugins]\nenabled = ["memory"]\n')
    assert checks(firm)["mode"]["detail"] == "shadow: plans, and writes nothing"


def test_a_network_folder_is_named_with_advice(
    firm: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mountinfo"
    where = str(firm.folder.resolve()).replace(" ", "\\040")
    mounts.write_text(f"1 1 0:1 / / rw - ext4 x rw\n2 1 0:2 / {where} rw - nfs4 y rw\n", "utf-8")
    monkeypatch.setattr(surroundings, "MOUNTS", mounts)
    told = checks(firm)["disk"]
    assert told["ok"] is True
    assert "on a network (nfs4)" in told["detail"]
    assert "Two computers" in told["hint"]


@pytest.mark.long
def test_a_clock_that_went_back_fails_the_check(firm: CommandLine) -> None:
    firm.on_the_day("sync")
    ledger = Ledger(firm.folder / ".goodword" / "ledger.sqlite")
    ahead = datetime.now(UTC) + timedelta(days=400)
    ledger.start("20271231-000000-abcdef00", "apply", "", ahead, "", {})
    ledger.finish("20271231-000000-abcdef00", ahead)
    ledger.close()
    seen = firm("doctor")
    assert seen.exit_code == 1
    assert "Set the computer's clock right" in " ".join(seen.stdout.split())
    refused = firm.on_the_day("plan")
    assert refused.exit_code == 1
    assert "clock" in refused.stderr
