"""Processes that are measured: wall time, computing time and peak memory of each."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread

from figures import Reading

ROOT = Path(__file__).parents[1]
PATHS = (ROOT / "core", ROOT / "plugins" / "csv")
PER_MEBIBYTE = 1024.0 * 1024.0 if sys.platform == "darwin" else 1024.0
"""Units of the system's peak memory in a mebibyte."""
LOOKS_EVERY = 0.05
"""Seconds between two looks at the memory of all processes a child started."""


def run_child(arguments: Sequence[str], folder: Path, what: str) -> tuple[str, list[Reading]]:
    """Run Python with *arguments* in *folder*; return its output and what it took, as *what*.

    Memory is the child's own peak, or that of all its processes together where it started some
    (Linux only: other systems do not tell).
    """
    paths = [*map(str, PATHS), *filter(None, [os.environ.get("PYTHONPATH")])]
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        began = time.perf_counter()
        child = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "NO_COLOR": "1"},
            stdout=said,
            stderr=complained,
        )
        together, over = [0.0], Event()
        looking = Thread(target=_look, args=(child.pid, together, over))
        looking.start()
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        over.set()
        looking.join()
        said.seek(0)
        complained.seek(0)
        output = said.read().decode()
        if child.returncode != 0:
            sys.exit(f"{' '.join(arguments)} failed:\n{output}\n{complained.read().decode()}")
    peak = together[0] or used.ru_maxrss / PER_MEBIBYTE  # the latter knows its parent's, too
    return output, [
        Reading(f"{what}, wall", "s", wall),
        Reading(f"{what}, CPU", "s", used.ru_utime + used.ru_stime),
        Reading(f"{what}, peak memory", "MiB", peak),
    ]


def _look(pid: int, together: list[float], over: Event) -> None:
    """Keep the largest sum of what *pid* and everything it started held at most."""
    while Path("/proc").is_dir() and not over.wait(LOOKS_EVERY):
        together[0] = max(together[0], sum(map(_memory_of, _family_of(pid))))


def _family_of(pid: int) -> list[int]:
    found, waiting = [pid], [pid]
    while waiting:
        try:
            listed = Path(f"/proc/{waiting[-1]}/task/{waiting[-1]}/children").read_text(
                encoding="ascii"
            )
        except OSError:  # it has just ended
            listed = ""
        waiting.pop()
        born = [int(child) for child in listed.split()]
        found += born
        waiting += born
    return found


def _memory_of(pid: int) -> float:
    """Return the largest memory a process had since it began, in mebibytes; 0 if it just ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    peak = next((line for line in lines if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(peak.split()[1]) / 1024.0
