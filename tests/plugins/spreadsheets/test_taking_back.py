"""Backups before a run, byte-restore after it, and a run that is killed in the middle."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PEOPLE = "Name,Email\nNora,n@x.example\nIda,i@x.example\n"
RUN = "20261120-090000-aaaa"
Lay = Callable[..., Any]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.promise("undo.bytes")
def test_a_run_is_taken_back_byte_for_byte_with_the_files_it_made(
    desk: Lay, fields: Callable[..., Any], a_task: Callable[..., Any]
) -> None:
    firm = desk({"people.csv": PEOPLE})
    before = files_of(firm.folder)
    firm.open(RUN).write([fields("n@x.example", stage="buy"), a_task("n@x.example")])
    assert set(files_of(firm.folder)) == {"people.csv", "people.tasks.csv"}
    assert firm.open("later").restore(RUN)
    assert files_of(firm.folder) == before
    assert firm.open("later").restore(RUN), "taking it back twice is taking it back once"


@pytest.mark.promise("undo.bytes")
def test_several_batches_of_one_run_go_back_to_its_beginning(
    desk: Lay, fields: Callable[..., Any], a_task: Callable[..., Any]
) -> None:
    firm = desk({"people.csv": PEOPLE})
    before = files_of(firm.folder)
    connector = firm.open(RUN)
    connector.write([fields("n@x.example", stage="buy")])
    connector.write([fields("i@x.example", stage="like"), a_task("n@x.example")])
    connector.write([a_task("i@x.example", "other")])
    assert firm.open("later").restore(RUN)
    assert files_of(firm.folder) == before


@pytest.mark.parametrize("changed", ["people.csv", "people.tasks.csv"])
def test_a_file_somebody_changed_since_is_never_overwritten(
    desk: Lay, fields: Callable[..., Any], a_task: Callable[..., Any], changed: str
) -> None:
    firm = desk({"people.csv": PEOPLE})
    firm.open(RUN).write([fields("n@x.example", stage="buy"), a_task("n@x.example")])
    path = firm.folder / changed
    path.write_bytes(path.read_bytes() + b"Somebody new\r\n")
    after = files_of(firm.folder)
    assert not firm.open("later").restore(RUN)
    assert files_of(firm.folder) == after
    assert not firm.open("later").restore("a run that never was")


@pytest.mark.promise("forget.backups-expire")
def test_backups_are_private_and_the_ten_newest_are_kept(
    desk: Lay, fields: Callable[..., Any]
) -> None:
    firm = desk({"people.csv": PEOPLE})
    for number in range(12):
        firm.open(f"202611{number + 1:02}-1-a").write([fields("n@x.example", score=number)])
    backups = firm.folder / ".goodword" / "backups"
    assert [path.name for path in sorted(backups.iterdir())] == [
        f"202611{number + 1:02}-1-a" for number in range(2, 12)
    ]
    assert {path.stat().st_mode & 0o077 for path in backups.rglob("*")} == {0}


WRITER = """
import sys
from datetime import date
from pathlib import Path
from goodword import CreateTask, SetFields, Workplace
from goodword_csv.connector import SpreadsheetConnector
from goodword_csv.guessing.proposal import propose
from goodword_csv.settings import CsvSettings

folder = Path(sys.argv[1])
settings = CsvSettings.model_validate(propose([folder / "people.csv"], folder).settings)
work = Workplace(folder, folder / ".goodword", sys.argv[2], date(2026, 11, 20), "a")
connector = SpreadsheetConnector(settings, work)
batch = []
for number in range(3000):
    one = f"p{number}@x.example"
    values = {"stage": "buy", "score": number % 100, "why": "because"}
    before = dict.fromkeys(values)
    batch.append(SetFields(key=f"f{number}", contact_id=one, values=values, before=before))
    batch.append(
        CreateTask(
            key=f"{number:032x}", contact_id=one, contact_name=one, owner_id=None, play="ask",
            cycle="c", due=date(2026, 11, 24), subject="Ask", body="Say this", because=("x",),
            rank=1, asks=True,
        )
    )
print("ready", flush=True)
sys.stdin.readline()
assert all(result.ok for result in connector.write(batch))
"""


@pytest.mark.parametrize("moment", [0.02, 0.1, 0.2, 0.3, 0.45])
@pytest.mark.promise("write.killed")
def test_a_killed_run_leaves_whole_files_and_the_next_one_finishes_it(
    tmp_path: Path, moment: float
) -> None:
    (tmp_path / ".goodword").mkdir()
    old = "Name,Email\n" + "".join(f"Person,p{number}@x.example\n" for number in range(3000))
    people, tasks = tmp_path / "people.csv", tmp_path / "people.tasks.csv"
    people.write_text(old)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    def start(run: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), run],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        return process

    killed = start("20261120-1-a")
    assert killed.stdin is not None
    killed.stdin.write(b"\n")
    killed.stdin.flush()
    time.sleep(moment)
    killed.kill()
    killed.communicate()
    assert people.read_text() == old or people.read_text().count(",because,") == 3000
    if tasks.exists():
        assert tasks.read_text(encoding="utf-8-sig").count("gw-") == 6000
    if people.read_text() != old or tasks.exists():
        backup = list((tmp_path / ".goodword" / "backups" / "20261120-1-a").glob("people*.csv"))
        assert [path.read_text() for path in backup] == [old]
    again = start("20261120-2-b")
    again.communicate(b"\n")
    assert again.returncode == 0
    assert people.read_text().count(",because,") == 3000
    assert tasks.read_text(encoding="utf-8-sig").count("gw-") == 6000
    assert {path.name for path in tmp_path.iterdir() if path.suffix != ".tmp"} == {
        *("people.csv", "people.tasks.csv", ".goodword")
    }
