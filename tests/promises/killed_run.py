"""A process that runs one command of a firm and meets its end, or a full disk, at a chosen step.

A step is anything that reaches the disk or the host: a file opened for writing, each write (once
before it and once when half of it is there), a table, fsync, replace, rename, unlink, folders
made and removed, a transaction of the ledger or a statement outside of one, a call that writes at
the host. A step is counted before what it names is done.

``python killed_run.py`` stays and reads orders, a line of JSON each; every order is carried out
by a fork of it, so that nothing needs to be imported anew. A fork is safe while no other thread
can hold a lock: polars starts its pool with its first computation, and this process makes none.
Should there be other threads all the same, or no fork at all, the order goes to a new process:
``python killed_run.py ORDER``.
"""

from __future__ import annotations

import builtins
import ctypes
import errno
import gc
import hashlib
import importlib
import io
import itertools
import json
import os
import pkgutil
import resource
import secrets
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import goodword

PATIENCE = 120
"""Seconds after which an order counts as hanging; the slowest takes less than ten."""
NEED_ROOM = ("open", "write", "half a write", "table", "half a table", "fsync", "mkdir")
"""Steps that a full disk refuses; names are changed and removed without room."""
KNOWN_THREADS = ("jemalloc_bg", "polars-ooc")
"""Threads polars starts when it is imported: they sleep, and forks are prepared for them."""
Order = dict[str, Any]


class Steps:
    """Counts steps; at the fatal one the process dies, or the disk is full from then on."""

    def __init__(self, fatal: int, *, full: bool, log: Path) -> None:
        self._fatal = fatal
        self._full = full
        self._taken = 0
        self._over = False
        self._log = os.open(log, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)

    def take(self, name: str, last_words: Callable[[], object] | None = None) -> None:
        """Count one step; *last_words* leaves behind what a death in the middle leaves."""
        if self._over:
            return
        os.write(self._log, f"{name}\n".encode())
        self._taken += 1
        if self._full and self._fatal and self._taken >= self._fatal and name.startswith(NEED_ROOM):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self._taken == self._fatal and not self._full:
            if last_words is not None:
                self._over = True
                last_words()
            os.kill(os.getpid(), signal.SIGKILL)

    def end(self) -> None:
        """Count no more."""
        self._over = True

    # ------------------------------------------------------------------ what is a step

    def watch(self) -> None:
        """Take a step at everything that reaches the disk or the host from now on."""
        import polars

        for name in ("replace", "rename", "fsync", "unlink", "remove", "rmdir", "mkdir"):
            setattr(os, name, partial(self._called, name, getattr(os, name)))
        self._open = io.open
        io.open = builtins.open = self._opened  # type: ignore[assignment]
        sqlite3.connect = partial(self._connected, sqlite3.connect)  # type: ignore[assignment]
        write = polars.LazyFrame.sink_parquet
        polars.LazyFrame.sink_parquet = (  # type: ignore[assignment,method-assign]
            lambda frame, path, *more, **named: self._table(write, frame, path, *more, **named)
        )
        self._watch_hosts()
        sys.addaudithook(self._heard)

    def _watch_hosts(self) -> None:
        from goodword.testing import MemoryConnector
        from goodword_csv.connector import SpreadsheetConnector

        for kind in (MemoryConnector, SpreadsheetConnector):
            for verb in ("write", "forget", "restore"):
                if hasattr(kind, verb):
                    setattr(kind, verb, self._sending(verb, getattr(kind, verb)))

    def _sending(self, verb: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def send(*arguments: Any) -> Any:
            self.take(f"send {verb}")
            answer = function(*arguments)
            self.take(f"sent {verb}")
            return answer

        return send

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and not self._over:
            path, _, flags = arguments
            writing = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
            if writing and isinstance(path, str | os.PathLike):
                name = Path(path).name  # the name of a temporary file is drawn by chance
                self.take("open .tmp" if name.endswith(".tmp") else f"open {name}")

    def _called(self, name: str, function: Callable[..., Any], *given: Any, **more: Any) -> Any:
        self.take(name)
        return function(*given, **more)

    def _opened(
        self,
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        """Open a file whose writes are steps, each of them in two halves."""
        if not set(mode) & set("wax+"):
            return self._open(file, mode, buffering, encoding, errors, newline, closefd, opener)
        raw = Torn(self, file, mode.replace("b", "").replace("t", ""), closefd, opener)
        if buffering == 0:
            return raw
        binary = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return binary if "b" in mode else io.TextIOWrapper(binary, encoding, errors, newline)

    def _table(
        self, write: Callable[..., Any], frame: Any, path: Any, *more: Any, **named: Any
    ) -> None:
        self.take("table")
        self.take("half a table", lambda: self._half(write, frame, path))
        write(frame, path, *more, **named)

    def _half(self, write: Callable[..., Any], frame: Any, path: Path) -> None:
        write(frame, path)
        os.truncate(path, path.stat().st_size // 2)

    def _connected(self, connect: Callable[..., Any], *given: Any, **more: Any) -> Any:
        database = connect(*given, **more)
        database.set_trace_callback(partial(self._spoken, database))
        return database

    def _spoken(self, database: sqlite3.Connection, statement: str) -> None:
        verb = statement.split(maxsplit=1)[0]
        changing = ("INSERT", "UPDATE", "DELETE", "VACUUM", "CREATE")
        if verb in ("BEGIN", "COMMIT") or (verb in changing and not database.in_transaction):
            self.take(f"ledger {verb}")


class Torn(io.FileIO):
    """A file each of whose writes can be cut short in its middle."""

    def __init__(self, steps: Steps, file: Any, mode: str, closefd: bool, opener: Any) -> None:
        super().__init__(file, mode, closefd, opener)
        self._steps = steps

    def write(self, data: Any) -> int:
        self._steps.take("write")
        data = memoryview(data).cast("B")
        first = super().write(data[: len(data) // 2])
        self._steps.take("half a write")
        return first + super().write(data[first:])


# ---------------------------------------------------------------------- one order


def carry_out(order: Order) -> None:
    """Run the commands of *order*, each on a firm of its own; the answers are left in a file."""
    signal.alarm(PATIENCE)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    steps = Steps(order.get("fatal", 0), full=order.get("full", False), log=Path(order["log"]))
    _draw_the_same(order["now"])
    steps.watch()
    if not order.get("rights", True):
        _drop_rights()
    if "room" in order:  # the kernel refuses to let any file grow beyond it
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["room"], resource.RLIM_INFINITY))
    answers = [_answer(verb, order) for verb in order["verbs"]]
    steps.end()
    if "room" in order:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    Path(order["answer"]).write_text(json.dumps(answers), encoding="utf-8")


def _drop_rights() -> None:
    """Give up what root may do beyond others, so that the rights of files count (capset, Linux)."""
    if os.geteuid() == 0:
        header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3, this process
        if ctypes.CDLL(None, use_errno=True).capset(header, (ctypes.c_uint32 * 6)()) != 0:
            raise OSError(ctypes.get_errno(), "capset")


def _draw_the_same(now: str) -> None:
    """Let what is drawn by chance be the same in each process of one moment, to compare them."""
    drawn = itertools.count()
    secrets.token_hex = (
        lambda size=16: (  # type: ignore[assignment]  # the last process of this run
            hashlib.sha256(f"{now} {next(drawn)}".encode()).hexdigest()[: 2 * (size or 16)]
        )
    )


def _answer(verb: str, order: Order) -> Order:
    from firms_on_disk import verb_of

    from goodword.errors import GoodwordError
    from goodword.firm import Firm

    now = datetime.fromisoformat(order["now"]).replace(tzinfo=UTC)
    day = date.fromisoformat(order["now"][:10])
    machine = order.get("machine", "here")
    firm = Firm(Path(order["folder"]), today=day, clock=lambda: now, machine=machine)
    try:
        return {"said": verb_of(verb)(firm, order)}
    except GoodwordError as error:
        kind = type(error).__name__
        told = {"kind": kind, "message": error.message, "hint": error.hint}
        return {"error": told | {"exit_code": error.exit_code}}
    except Exception as error:  # the test wants to see it
        import traceback

        return {"fault": f"{type(error).__name__}", "trace": traceback.format_exc()}


# ---------------------------------------------------------------------- the process that stays


def serve() -> None:
    """Carry out orders as they arrive; answer each with how its process ended."""
    for name in ("goodword_csv.connector", "polars", "narwhals._polars.dataframe", "filelock"):
        importlib.import_module(name)
    for module in pkgutil.walk_packages(goodword.__path__, "goodword."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    importlib.import_module("firms_on_disk")
    gc.disable()  # as the command line does
    gc.freeze()
    for line in sys.stdin:
        ended = _forked(json.loads(line)) if _alone() else _started(line)
        os.write(1, f"{ended}\n".encode())


def _alone() -> bool:
    """Tell whether a fork is safe: no thread but this one, and those known to sleep."""
    tasks = Path("/proc/self/task")
    if not hasattr(os, "fork") or not tasks.is_dir():
        return False
    names = [(task / "comm").read_text().strip() for task in tasks.iterdir() if task.is_dir()]
    return sum(not name.startswith(KNOWN_THREADS) for name in names) == 1


def _forked(order: Order) -> int:
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    ended = 1
    try:
        carry_out(order)
        ended = 0
    finally:
        os._exit(ended)


def _started(line: str) -> int:
    return subprocess.run([sys.executable, __file__, line], check=False).returncode


if __name__ == "__main__":
    if len(sys.argv) > 1:
        carry_out(json.loads(sys.argv[1]))
    else:
        serve()
