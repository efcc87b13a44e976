"""The state folder ``.goodword``: where plans, frames, the mirror and the ledger of a firm live.

Everything in it is readable by its owner only. One run at a time holds its lock.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import warnings
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from goodword.errors import LockedError, PlanError, SourceError
from goodword.model import Plan, plan_id_of
from goodword.plan_file import is_sealed, read_head, read_plan, sum_of, write_plan
from goodword.private_files import private_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime
    from pathlib import Path

FOLDER = ".goodword"
_PLAN_ID = re.compile(r"[0-9]{8}-[0-9a-f]{8}")
_NO_LOCKS = frozenset({errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP})
"""What file systems answer that know no locks, or whose lock service is not there."""
ANEW = "Run goodword plan to make a new one."
KEEP_PLANS = 10
"""Plans kept with their frames; older ones are removed."""
KEEP_REPORTS = 10
"""Reports kept, one a day; older ones are removed."""


class State:
    """The state folder of one firm.

    Args:
        firm: The folder that holds ``goodword.toml``.
        profile: Name of a profile, which has a state of its own; empty for the firm itself.
    """

    def __init__(self, firm: Path, profile: str = "") -> None:
        self.folder = firm / (f"{FOLDER}-{profile}" if profile else FOLDER)
        self.mirror = self.folder / "mirror"
        self.ledger = self.folder / "ledger.sqlite"
        self.ledger_copy = self.folder / "ledger.sqlite.v1"
        self._plans = self.folder / "plans"
        self._reports = self.folder / "reports"

    def prepare(self) -> None:
        """Make the folder, readable by its owner only.

        Raises:
            SourceError: The firm's folder cannot be written.
        """
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            self.folder.chmod(0o700)
            self._plans.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            msg = f"{self.folder} cannot be made ({error.strerror})."
            hint = "Move the files to a folder you may write to, and run again there."
            raise SourceError(msg, hint=hint) from error

    @contextmanager
    def lock(self, holder: str) -> Iterator[None]:
        """Hold the folder for one run; what the run makes is private from its first moment.

        Args:
            holder: Who holds it, such as "goodword apply, process 4711".

        Raises:
            LockedError: Another run holds it; the message names that one.
        """
        before = os.umask(0o077)
        try:
            self.prepare()
            with self._held(holder):
                yield
        finally:
            os.umask(before)

    @contextmanager
    def _held(self, holder: str) -> Iterator[None]:
        note = self.folder / "lock.holder"
        lock = FileLock(self.folder / "lock", timeout=0)
        try:
            with warnings.catch_warnings(action="error"):  # a lock that a dead run keeps is none
                lock.acquire()
        except Timeout as error:
            other = _holder(note)
            msg = f"{other} is at work in {self.folder}."
            raise LockedError(msg, hint="Wait until it is finished, then run again.") from error
        except (NotImplementedError, UserWarning) as error:  # some network folders know no locks
            raise _lockless(self.folder) from error
        except OSError as error:
            if error.errno in _NO_LOCKS:
                raise _lockless(self.folder) from error
            raise _unwritable(self.folder, error) from error
        try:
            _write(note, holder.encode())
            yield
        finally:
            with suppress(OSError):  # the note only says who; the lock itself is released below
                note.unlink(missing_ok=True)
            lock.release()

    def frame_path(self, plan_id: str) -> Path:
        """Return where the decided facts of a plan are kept."""
        return self._plans / f"{plan_id}.parquet"

    def save_frame(self, plan_id: str, write: Callable[[Path], object]) -> None:
        """Let *write* put the decided facts of a plan where they are kept, and make them private.

        Raises:
            SourceError: The disk is full or cannot be written.
        """
        path = self.frame_path(plan_id)
        try:
            write(path)
            path.chmod(0o600)
        except OSError as error:
            raise _unwritable(self._plans, error) from error

    def save_grounds(self, plan_id: str, grounds: str) -> None:
        """Note what a plan and the saved facts beside it were decided on.

        Raises:
            SourceError: The disk is full or cannot be written.
        """
        try:
            summed = sum_of(self.frame_path(plan_id))
        except OSError as error:
            raise _unwritable(self._plans, error) from error
        _write(self._grounds(plan_id), f"{grounds} {summed}".encode())

    def stands_on(self, plan_id: str, grounds: str) -> bool:
        """Say whether a plan was decided on these grounds, its saved facts being as written."""
        try:
            noted = self._grounds(plan_id).read_bytes()
            return noted == f"{grounds} {sum_of(self.frame_path(plan_id))}".encode()
        except OSError:
            return False

    def _grounds(self, plan_id: str) -> Path:
        return self._plans / f"{plan_id}.grounds"

    def expire_copies(self, before: datetime) -> None:
        """Remove the copy of a ledger of an earlier version once it is older than *before*."""
        with suppress(OSError):  # it is not there, or stays until somebody may remove it
            if self.ledger_copy.stat().st_mtime < before.timestamp():
                self.ledger_copy.unlink()

    def save_plan(self, plan: Plan) -> Path:
        """Write *plan* whole or not at all, make it the latest, prune old ones.

        Raises:
            SourceError: The disk is full or cannot be written; the plans before stay as they were.
        """
        path = self._plans / f"{plan.plan_id}.json"
        with private_file(path) as file:
            write_plan(plan, file)
        _write(self._plans / "latest", plan.plan_id.encode())
        plans = sorted(self._plans.glob("*.json"), key=lambda p: p.stat().st_mtime)
        for old in plans[:-KEEP_PLANS]:
            old.unlink(missing_ok=True)
            old.with_suffix(".parquet").unlink(missing_ok=True)
            old.with_suffix(".grounds").unlink(missing_ok=True)
        return path

    def save_report(self, day: date, page: str) -> Path:
        """Write the report of *day* whole or not at all, prune old ones; return where it is.

        Raises:
            SourceError: The disk is full or cannot be written.
        """
        path = self._reports / f"{day.isoformat()}.html"
        try:
            self._reports.mkdir(mode=0o700, exist_ok=True)
            _write(path, page.encode())
            for old in sorted(self._reports.glob("*.html"))[:-KEEP_REPORTS]:
                if old != path:
                    old.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(self._reports, error) from error
        return path

    def load_plan(self, plan_id: str | None = None) -> Plan | None:
        """Return a plan by id, or the latest one; None before the first plan.

        Raises:
            PlanError: There is no plan of that id, or it was written by another version.
        """
        plan_id = self._latest() if plan_id is None else plan_id
        if plan_id is None:
            return None
        plan = self._read(plan_id, read_plan)
        if plan_id_of(plan.as_of, plan.account, plan.rules_hash, plan.actions) != plan_id:
            raise _changed(plan_id)
        return plan

    def load_head(self, plan_id: str | None = None) -> Plan | None:
        """Return a plan without its actions: what tells whether it may be applied.

        Raises:
            PlanError: As for ``load_plan``.
        """
        plan_id = self._latest() if plan_id is None else plan_id
        return None if plan_id is None else self._read(plan_id, read_head)

    def _latest(self) -> str | None:
        latest = self._plans / "latest"
        if not latest.exists():
            return None
        return latest.read_text(encoding="utf-8", errors="replace").strip()

    def _read(self, plan_id: str, read: Callable[[bytes], Plan]) -> Plan:
        path = self._plans / f"{plan_id}.json"
        if not _PLAN_ID.fullmatch(plan_id) or not path.is_file():
            msg = f"There is no plan {plan_id!r}."
            raise PlanError(msg, hint="Run goodword plan to make one.")
        try:
            data = path.read_bytes()
            sealed = is_sealed(data) or not data.decode()  # what is no text is damaged
        except (OSError, UnicodeDecodeError) as error:
            msg = f"Plan {plan_id!r} cannot be read; its file is damaged."
            raise PlanError(msg, hint=ANEW) from error
        other = PlanError(
            f"Plan {plan_id!r} was written by another version of goodword.", hint=ANEW
        )
        if data.startswith(b"{"):
            raise other
        if not sealed:
            raise _changed(plan_id)
        try:
            return read(data)
        except ValueError as error:
            raise other from error

    def forget_plans(self) -> None:
        """Remove every plan, frame and report: they name people, and are made again at any time."""
        try:
            (self._plans / "latest").unlink(missing_ok=True)  # first: it never names what is gone
            for folder in (self._plans, self._reports):
                if folder.exists():
                    shutil.rmtree(folder)
        except OSError as error:
            raise _unwritable(self._plans, error) from error
        self.prepare()

    def remove(self) -> None:
        """Remove everything; for a demo that starts afresh."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _changed(plan_id: str) -> PlanError:
    return PlanError(f"Plan {plan_id!r} was changed after it was made.", hint=ANEW)


def _holder(note: Path) -> str:
    """Return who holds the lock, as far as the note can still be read."""
    try:
        return note.read_text(encoding="utf-8") or "another run"
    except (OSError, UnicodeDecodeError):  # it has just finished, or the note is damaged
        return "another run"


def _lockless(folder: Path) -> SourceError:
    msg = f"{folder} is in a place that knows no file locks, such as a network folder."
    return SourceError(msg, hint="Move the firm's folder to a local disk.")


def _unwritable(folder: Path, error: OSError) -> SourceError:
    msg = f"{folder} cannot be written ({error.strerror})."
    return SourceError(msg, hint="Check that the disk is writable and has room.")


def _write(path: Path, data: bytes) -> None:
    with private_file(path) as file:
        file.write(data)
