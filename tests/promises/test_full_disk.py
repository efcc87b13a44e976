"""A full disk at any write: a clear message, nothing lost, and with room again the same end.

``room`` is the kernel's own refusal: no file may grow beyond so many bytes (RLIMIT_FSIZE), which
SQLite and polars meet like everybody else. ``full`` refuses from the n-th step of Python's own
writing on. ``make test`` takes a few of each, ``make soak`` every size and every step.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from firms_on_disk import KINDS, Lab, open_lab
from trials import Trial

pytestmark = pytest.mark.long

VERBS = ("plan", "apply", "undo")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with open_lab(tmp_path_factory.mktemp("lab")) as opened:
        yield opened


def sizes(trial: Trial) -> list[int]:
    """Bytes at which some file of a whole run no longer fits: nothing, half of it, all but one."""
    folders = (trial.prepared, trial.lab.root / "trials" / "lived")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    whole = {path.stat().st_size for path in files}
    return sorted({0, *(size // 2 for size in whole), *(size - 1 for size in whole if size)})


def needing_room(trial: Trial) -> list[int]:
    """Steps at which the disk can be found full."""
    names = ("open", "write", "half a write", "table", "fsync", "mkdir")
    return [n for n, step in enumerate(trial.steps, 1) if step.startswith(names)]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_is_said_and_nothing_is_lost(lab: Lab, kind: str, verb: str) -> None:
    trial = Trial(lab, kind, verb)
    rooms, steps = sizes(trial), needing_room(trial)
    room, step = rooms[len(rooms) // 2], steps[len(steps) * 2 // 3]
    trial.run_out(f"room for {room} bytes", room=room)
    trial.run_out(f"full from step {step}", fatal=step, full=True)
    assert trial.found["refused"]


@pytest.mark.soak
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_disk_full_at_any_write_is_said_and_nothing_is_lost(
    lab: Lab, kind: str, verb: str, capfd: pytest.CaptureFixture[str]
) -> None:
    trial = Trial(lab, kind, verb)
    steps, rooms = needing_room(trial), sizes(trial)
    failed: list[str] = []
    tries = [(f"room for {room} bytes", {"room": room}) for room in rooms]
    tries += [(f"full from step {step}", {"fatal": step, "full": True}) for step in steps]
    for what, mishap in tries:
        try:
            trial.run_out(what, **mishap)
        except (AssertionError, pytest.fail.Exception) as error:
            failed.append(str(error).partition("\n")[0])
    with capfd.disabled():
        told = ", ".join(f"{count} {name}" for name, count in sorted(trial.found.items()))
        tried = f"{len(rooms)} sizes of room, {len(steps)} full writes"
        sys.stdout.write(f"\n{kind} {verb}: {tried}: {told}\n")
    assert not failed, "\n".join(failed)
