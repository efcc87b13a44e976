"""A process that applies the saved plan of a firm and dies, unasked, at a chosen step.

``python killed_run.py FIRM TODAY STEP LOG``: a step is anything that reaches the disk, such as a
file opened for writing, a file put in another's place, or a transaction of the ledger. STEP 0
lives to the end. Every step is written to LOG, so that a test can choose where to die.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

DEATH = getattr(signal, "SIGKILL", signal.SIGTERM)
"""Not to be caught; Windows knows one way to end a process only."""


class Steps:
    """Counts steps and dies at one of them."""

    def __init__(self, fatal: int, log: Path) -> None:
        self._left = fatal
        self._log = os.open(log, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)

    def take(self, name: str) -> None:
        os.write(self._log, f"{name}\n".encode())
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), DEATH)

    def opened(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Hear of every file; those opened for writing are steps."""
        if event != "open":
            return
        path, _, flags = arguments
        writing = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
        if writing and isinstance(path, str | os.PathLike):
            name = Path(path).name  # the name of a temporary file is drawn by chance
            self.take("open .tmp" if name.endswith(".tmp") else f"open {name}")

    def called(self, function: Any, *arguments: Any, **more: Any) -> Any:
        """Call a function of ``os``: first comes the step, so the work before it is done."""
        self.take(function.__name__)
        return function(*arguments, **more)

    def connected(self, connect: Any, *arguments: Any, **more: Any) -> Any:
        """Open a ledger whose transactions are steps."""
        database = connect(*arguments, **more)
        database.set_trace_callback(self.spoken)
        return database

    def spoken(self, statement: str) -> None:
        if statement.startswith(("BEGIN", "COMMIT")):
            self.take(f"ledger {statement.split()[0]}")


def main(folder: str, today: str, fatal: str, log: str) -> None:
    from goodword import run
    from goodword.firm import Firm

    steps = Steps(int(fatal), Path(log))
    for name in ("replace", "rename", "fsync"):
        setattr(os, name, partial(steps.called, getattr(os, name)))
    sqlite3.connect = partial(steps.connected, sqlite3.connect)  # type: ignore[assignment]
    sys.addaudithook(steps.opened)
    report = run.apply(Firm(Path(folder), today=date.fromisoformat(today)))
    os.write(1, report.model_dump_json().encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
