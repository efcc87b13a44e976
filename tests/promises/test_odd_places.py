"""Places and moments no run should have to meet: said clearly, nothing lost, a way out that works.

A folder that may only be read, a disk that knows no locks, a clock that jumps, files that are
damaged, edited, copied to another computer, or in use by another run.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from firm_in_memory import TODAY, House, happy, open_house, person
from firms_on_disk import LAST, Lab, open_lab
from typer.testing import CliRunner

from goodword import looking, run, undoing
from goodword.cli import make_app
from goodword.errors import GoodwordError, LockedError, PlanError, SourceError
from goodword.firm import Firm
from goodword.ledger import HistoryRow
from goodword.working import open_ledger

pytestmark = pytest.mark.long

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)


def history(firm: Firm) -> list[HistoryRow]:
    with open_ledger(firm) as ledger:
        return list(ledger.history())


WRITING: dict[str, Callable[[Firm], object]] = {
    "pull": run.pull,
    "plan": run.plan,
    "apply": run.apply,
    "sync": run.sync,
    "undo": undoing.undo,
    "release": lambda firm: run.release(firm, "any"),
    "adopt": run.adopt,
    "forget": lambda firm: run.forget(firm, "ada"),
}
LOOKING: dict[str, Callable[[Firm], object]] = {
    "status": looking.status,
    "history": lambda firm: history(firm),
    "why": lambda firm: looking.why(firm, "ada"),
}


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A firm that wrote a task each for two people, and may write about a third one."""
    made = open_house(
        tmp_path / "firm",
        contacts=[person("ada"), person("bo")],
        feedback=[happy("ada", TODAY), happy("bo", TODAY)],
    )
    made.sync()
    made.host.put(contacts=[person("kit")], feedback=[happy("kit", TODAY)])
    return made


def at(house: House, clock: datetime, **more: str) -> Firm:
    """The firm as a process opens it at this moment, the day being the clock's."""
    firm = house.firm()
    firm.today, firm.clock = None, lambda: clock
    firm.machine = more.get("machine", firm.machine)
    return firm


def ledger_of(house: House) -> Path:
    return house.folder / ".goodword" / "ledger.sqlite"


# ---------------------------------------------------------------------- places


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with open_lab(tmp_path_factory.mktemp("lab")) as opened:
        yield opened


def take_rights(folder: Path) -> None:
    """Leave the folder to be read only: by its bits, and for root by another owner."""
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
        if os.geteuid() == 0:
            os.chown(path, 65534, 65534)


@pytest.mark.parametrize("verb", ["plan", "sync", "apply", "undo", "forget"])
def test_a_state_folder_that_may_only_be_read_is_said(lab: Lab, verb: str) -> None:
    prepared = lab.prepared("memory", "undo")
    folder = lab.copy(prepared, f"read-only-{verb}")
    take_rights(folder / ".goodword")
    ended = lab.order(verb, folder, who="p0", rights=False)
    assert ended.error["exit_code"] == 1, ended
    assert ".goodword" in ended.error["message"]
    assert ended.error["hint"].endswith(".")
    assert (folder / "host.json").read_bytes() == (prepared / "host.json").read_bytes()


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_disk_that_knows_no_locks_is_said_and_nothing_is_written(
    house: House, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    version = house.host.host.version
    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(SourceError, match="knows no file locks") as refused:
        run.sync(house.firm())
    assert "local disk" in refused.value.hint
    assert house.host.host.version == version
    monkeypatch.undo()
    assert run.sync(house.firm())[1].exit_code == 0


# ---------------------------------------------------------------------- moments


def test_a_clock_set_back_by_two_days_stops_every_run_and_by_three_hours_none(house: House) -> None:
    for verb in ("plan", "sync", "undo", "forget"):
        with pytest.raises(PlanError, match="The clock says") as refused:
            WRITING[verb](at(house, NOW - timedelta(days=2)))
        assert "clock right" in refused.value.hint
    assert len(house.host.tasks()) == 2
    assert run.sync(at(house, NOW - timedelta(hours=3)))[1].exit_code == 0
    assert len(house.host.tasks()) == 3


@pytest.mark.parametrize(
    "zones",
    [("Pacific/Auckland", "America/Los_Angeles"), ("America/Los_Angeles", "Pacific/Auckland")],
)
@pytest.mark.parametrize("hour", [1, 13])
def test_a_time_zone_that_changes_between_two_runs_makes_nothing_twice(
    house: House, zones: tuple[str, str], hour: int
) -> None:
    clock = NOW.replace(hour=hour) + timedelta(days=1)
    for zone in (*zones, zones[0]):
        house.settings(f'[calendar]\ntime_zone = "{zone}"\n')
        clock += timedelta(minutes=5)
        report = run.sync(at(house, clock))[1]
        assert report.exit_code == 0, report
        keys = [task["task_key"] for task in house.host.tasks()]
        assert len(keys) == len(set(keys)) == 3
    assert {len(plays) for plays in house.open_plays().values()} == {1}


# ---------------------------------------------------------------------- damage


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[:8] = bytes(255 - byte for byte in data[:8])
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


DAMAGES = (flip, cut, zero)


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_command_names_a_damaged_ledger_and_its_way_out_works(
    house: House, damage: Callable[[Path], None]
) -> None:
    house.plan()
    damage(ledger_of(house))
    left = ledger_of(house).read_bytes()
    version = house.host.host.version
    for name, command in (WRITING | LOOKING).items():
        with pytest.raises(GoodwordError, match=r"ledger\.sqlite is damaged") as refused:
            command(house.firm())
        assert refused.value.exit_code == 1, name
        assert "Moved away" in refused.value.hint, name
        assert ledger_of(house).read_bytes() == left, name
    assert "ledger" in [check.name for check in looking.doctor(house.firm()) if not check.ok]
    assert house.host.host.version == version
    ledger_of(house).rename(house.folder / "moved-away")
    tasks = {task["task_key"] for task in house.host.tasks()}
    house.sync()
    assert tasks < {task["task_key"] for task in house.host.tasks()}
    assert len(house.host.tasks()) == 3


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_snapshot_is_named_and_set_aside_never_built_over(
    house: House, damage: Callable[[Path], None]
) -> None:
    mirror = house.folder / ".goodword" / "mirror"
    number = (mirror / "current").read_text()
    damage(mirror / number / "contacts.parquet")
    damaged = (mirror / number / "contacts.parquet").read_bytes()
    for name in ("why", "status"):
        told = ""
        with suppress(GoodwordError):
            told = str(LOOKING[name](house.firm()))
        if told:
            assert "damaged" in told, name
    assert "data" in [check.name for check in looking.doctor(house.firm()) if not check.ok]
    notices = " ".join(run.plan(house.firm()).notices)
    assert f"Snapshot {number} of the mirror is damaged" in notices
    assert f"damaged-{number}" in notices
    assert (mirror / f"damaged-{number}" / "contacts.parquet").read_bytes() == damaged
    before = house.host.host.version
    plan, report = run.sync(house.firm())
    assert [brake.code for brake in plan.brakes] == ["damaged_copy"]
    assert (report.exit_code, house.host.host.version) == (3, before)
    house.apply(plan.plan_id)  # a person has read it
    assert len(house.host.tasks()) == 3


# ---------------------------------------------------------------------- other versions and hands


@pytest.mark.promise("versions.newer")
def test_settings_of_a_newer_goodword_are_refused(house: House) -> None:
    path = house.folder / "goodword.toml"
    path.write_text("version = 99\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    written = path.read_bytes()
    for command in ("plan", "sync", "undo", "status"):
        arguments = ["--folder", str(house.folder), command]
        done = CliRunner().invoke(make_app(), arguments, catch_exceptions=False)
        assert done.exit_code == 2, done.output
        assert "newer goodword" in done.output
    assert path.read_bytes() == written
    assert len(house.host.tasks()) == 2


@pytest.mark.promise("plan.identity")
def test_a_plan_changed_by_hand_at_any_byte_is_refused(house: House) -> None:
    made = house.plan()
    state = house.firm().state
    path = house.folder / ".goodword" / "plans" / f"{made.plan_id}.json"
    data = path.read_bytes()
    for place in range(0, len(data), max(1, len(data) // 400)):
        changed = bytearray(data)
        changed[place] ^= 1
        path.write_bytes(changed)
        with pytest.raises(PlanError) as refused:
            state.load_plan()
        assert "goodword plan" in refused.value.hint
    for text in (data[:-1], data + b"\n", b"", b"{}"):
        path.write_bytes(text)
        with pytest.raises(PlanError):
            run.apply(house.firm())
    assert len(house.host.tasks()) == 2
    path.write_bytes(data)
    assert run.apply(house.firm()).exit_code == 0
    assert len(house.host.tasks()) == 3


@pytest.mark.promise("runs.one-machine")
def test_a_ledger_copied_to_a_second_computer_writes_only_where_a_person_says(
    house: House,
) -> None:
    ours = at(house, NOW).machine
    shutil.copytree(house.folder, house.folder.parent / "copy")
    copy = House(house.folder.parent / "copy", house.host)
    for name in ("plan", "apply", "sync", "undo", "forget"):
        with pytest.raises(PlanError, match=f"{ours!r}, and this is 'second'") as refused:
            WRITING[name](at(copy, NOW, machine="second"))
        assert "goodword adopt" in refused.value.hint
    assert len(house.host.tasks()) == 2
    run.adopt(at(copy, NOW, machine="second"))
    plan = run.plan(at(copy, NOW, machine="second"))
    assert run.apply(at(copy, NOW, machine="second"), plan.plan_id).exit_code == 0
    assert len(house.host.tasks()) == 3
    for name in ("plan", "sync", "undo"):
        with pytest.raises(PlanError, match="Another goodword writes to this host") as refused:
            WRITING[name](at(house, NOW + timedelta(hours=1)))
        assert "goodword adopt" in refused.value.hint
    assert len(house.host.tasks()) == 3


# ---------------------------------------------------------------------- two runs at once

HOLDER = """\
import os, sys
from pathlib import Path
from goodword.firm import Firm
firm = Firm(Path(sys.argv[1]), machine="here")
with firm.state.lock(f"goodword sync, process {os.getpid()}"):
    print("at work", flush=True)
    sys.stdin.read()
"""


@pytest.mark.promise("runs.one-at-a-time", "runs.holder-named")
def test_the_second_of_two_processes_is_refused_until_the_first_is_gone(lab: Lab) -> None:
    folder = lab.copy(lab.prepared("memory", "apply"), "two")
    arguments = [sys.executable, "-c", HOLDER, str(folder)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    pipe = subprocess.PIPE
    with subprocess.Popen(arguments, stdin=pipe, stdout=pipe, env=environment) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"at work\n"
        for verb in ("plan", "sync", "apply", "undo"):
            refused = lab.order(verb, folder).error
            assert refused["kind"] == LockedError.__name__
            assert refused["exit_code"] == 1
            assert f"goodword sync, process {first.pid}" in refused["message"]
        first.send_signal(signal.SIGKILL)
    assert lab.done("apply", folder, LAST).said["exit_code"] == 0
