"""Copies of the files as they were before a run, and the way back to them."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path

from goodword import SourceError, private_file
from goodword_csv.files.atomic import (
    backup,
    fingerprint,
    read_regular,
    refuse_unless_replaceable,
    replace_atomically,
)
from goodword_csv.tasks.writing import NewContent

KEPT_RUNS = 10
"""Runs whose copies are kept; older ones are removed."""

_MANIFEST = "run.json"
_TAKEN_BACK = "taken-back"


class Backups:
    """The backups of a firm, one folder a run, readable by their owner only.

    Args:
        folder: Where they live.
        firm: The firm's folder; files in it are remembered by their place in it.
    """

    def __init__(self, folder: Path, firm: Path) -> None:
        self._folder = folder
        self._firm = firm

    def keep(self, run_id: str, contents: Sequence[NewContent]) -> None:
        """Copy the files a run is about to change, and note what it will make of them.

        Both are on disk when this returns, so that a run killed later can still be taken back.

        Raises:
            SourceError: A copy cannot be made; nothing was changed then.
        """
        folder = self._run(run_id)
        known = self._read(folder)
        for content in contents:
            name = self._name(content.path)
            entry = known.get(name)
            if entry is None:
                copy = None
                if content.expected is not None:
                    copy = backup(content.path, folder, re.sub(r"[^0-9A-Za-z]", "", run_id)).name
                entry = {"copy": copy}
            known[name] = {**entry, "after": hashlib.sha256(content.data).hexdigest()}
        self._write(folder, known)
        (folder / _TAKEN_BACK).unlink(missing_ok=True)
        self._prune()

    def restore(self, run_id: str, ours: Collection[Path]) -> bool:
        """Give every file of a run its old bytes back, if nobody changed any of them since.

        Args:
            run_id: The run.
            ours: The files we write to now; a run that wrote to others is left as it is.

        Raises:
            SourceError: A file is open elsewhere or cannot be written.
        """
        folder = self._run(run_id)
        known = self._read(folder)
        if not known or not known.keys() <= {self._name(path) for path in ours}:
            return False
        todo: list[tuple[Path, bytes | None]] = []
        for name, entry in known.items():
            path = self._firm / name
            old = read_regular(folder / entry["copy"]) if entry["copy"] else None
            now = fingerprint(path).sha256 if path.exists() else None
            if now == entry["after"]:
                todo.append((path, old))
            elif now != (None if old is None else hashlib.sha256(old).hexdigest()):
                return False
        for path, _ in todo:
            refuse_unless_replaceable(path, fingerprint(path))
        for path, old in todo:
            if old is None:
                self._remove(path)
            else:
                replace_atomically(path, old, fingerprint(path))
        try:
            (folder / _TAKEN_BACK).touch(mode=0o600)
        except OSError as error:
            raise self._unwritable(error) from error
        return True

    def newest_taken_back(self) -> bool:
        """Say whether the last run that wrote anything was taken back."""
        runs = self._runs()
        return bool(runs) and (runs[-1] / _TAKEN_BACK).exists()

    def newest_copy(self, path: Path, holds: Callable[[bytes], bool]) -> Path | None:
        """Return the newest copy of a file that holds what is looked for; None without any."""
        name = self._name(path)
        for folder in reversed(self._runs()):
            kept = self._read(folder).get(name, {}).get("copy")
            copy = folder / kept if kept else None
            if copy is not None and copy.exists() and holds(read_regular(copy)):
                return copy
        return None

    def clear_left(self) -> None:
        """Remove what killed runs left of copies they did not finish; nobody else may write now."""
        with suppress(OSError):  # what cannot be removed harms nobody
            for left in self._folder.glob("*/.*.tmp"):
                left.unlink()

    def copies_left(self) -> list[str]:
        """Say of each copy that it is there, by its place below the backup folder."""
        names = (
            f"{folder.name}/{entry['copy']}"
            for folder in self._runs()
            for entry in self._read(folder).values()
            if entry["copy"]
        )
        return [
            f"The backup {name} in {self._folder} is from before; delete it if it must go too."
            for name in names
            if (self._folder / name).exists()
        ]

    def _runs(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return sorted(path for path in self._folder.iterdir() if (path / _MANIFEST).exists())

    def _run(self, run_id: str) -> Path:
        return self._folder / re.sub(r"[^0-9A-Za-z-]", "_", run_id)

    def _name(self, path: Path) -> str:
        return (
            path.relative_to(self._firm).as_posix()
            if path.is_relative_to(self._firm)
            else str(path)
        )

    def _read(self, folder: Path) -> dict[str, dict[str, str | None]]:
        path = folder / _MANIFEST
        if not path.exists():
            return {}
        found: dict[str, dict[str, str | None]] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def _write(self, folder: Path, known: dict[str, dict[str, str | None]]) -> None:
        with private_file(folder / _MANIFEST) as file:
            file.write(json.dumps(known, indent=1).encode())

    def _unwritable(self, error: OSError) -> SourceError:
        msg = f"The backup folder {self._folder} cannot be written ({error.strerror})."
        hint = "Make that folder writable, or make room on the disk, and run again."
        return SourceError(msg, hint=hint)

    def _remove(self, path: Path) -> None:
        try:
            path.unlink()
        except OSError as error:
            msg = f"{path.name} cannot be removed ({error.strerror}); the run had made it."
            hint = "Close it if it is open elsewhere, and run again."
            raise SourceError(msg, hint=hint) from error

    def _prune(self) -> None:
        for old in self._runs()[:-KEPT_RUNS]:
            shutil.rmtree(old, ignore_errors=True)
