"""The scratch folder of an engine: intermediate tables as Parquet files, gone when the run ends.

They hold personal data: the folder is the user's alone, locked while its process lives, and what
a killed process left behind is deleted by the next one that comes along.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path

from filelock import FileLock, Timeout

from goodword.errors import SourceError

PREFIX = "run-"
HELD = "held"
"""The lock file inside a scratch folder that is in use."""


class Scratch:
    """A folder for one engine of one process, made when first needed.

    Args:
        parent: Where it is made, on the disk that has room; None for the system's own place.
    """

    def __init__(self, parent: Path | None) -> None:
        self._parent = parent
        self._folder: Path | None = None
        self._made = 0

    def path(self) -> Path:
        """Return a new path for a table.

        Raises:
            SourceError: The folder cannot be made.
        """
        self._made += 1
        return self.folder() / f"{self._made}.parquet"

    def folder(self) -> Path:
        """Return the folder, made now if it is not there.

        Raises:
            SourceError: It cannot be made.
        """
        if self._folder is None:
            try:
                self._folder = self._open()
            except OSError as error:
                place = self._parent or Path(tempfile.gettempdir())
                msg = f"{place} cannot be written ({error.strerror or type(error).__name__})."
                hint = "Name a folder on a disk with room under [engine] spill."
                raise SourceError(msg, hint=hint) from error
        return self._folder

    def _open(self) -> Path:
        if self._parent is not None:
            self._parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            sweep(self._parent)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=self._parent)).resolve()
        lock = FileLock(folder / HELD, timeout=0)
        lock.acquire()
        weakref.finalize(self, _leave, folder, lock)
        return folder


def sweep(parent: Path) -> None:
    """Delete the scratch folders in *parent* whose process is gone."""
    for folder in parent.glob(f"{PREFIX}*"):
        lock = FileLock(folder / HELD, timeout=0)
        try:
            lock.acquire()
        except (Timeout, OSError):  # in use, or not ours to delete
            continue
        _leave(folder, lock)


def _leave(folder: Path, lock: FileLock) -> None:
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)
