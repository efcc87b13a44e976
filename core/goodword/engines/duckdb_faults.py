"""What DuckDB's errors mean to a firm: no room in memory, no room on the disk, a wrong limit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from goodword.errors import SettingsError, SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from goodword.engines.scratch import Scratch

FULL = ("no space left", "disk full", "max_temp_directory_size", "failed to offload")
"""Words of DuckDB's messages when what does not fit into memory finds no room on the disk."""


@contextmanager
def explained(limit: str, scratch: Scratch, path: Path | None = None) -> Iterator[None]:
    """Name what the machine lacks, and the setting that helps.

    Args:
        limit: The firm's memory limit.
        scratch: Where DuckDB spills to.
        path: What is being written.

    Raises:
        SettingsError: The limit is no size.
        SourceError: Memory or disk ran out, or a file cannot be written.
    """
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        if _is_full(error):
            raise _no_room(scratch.folder()) from error
        had = f"[engine] memory_limit = {limit!r}" if limit else "The memory of this machine"
        msg = f"{had} is too little for what is to be computed."
        raise SourceError(msg, hint="Raise the limit, to 300MB at least.") from error
    except duckdb.ParserException as error:
        if limit and "memory" in str(error).lower():
            msg = f"[engine] memory_limit = {limit!r} is not a size."
            raise SettingsError(msg, hint="Write it like 1GB or 600MB.") from error
        raise
    except duckdb.IOException as error:
        if _is_full(error):
            raise _no_room(path.parent if path is not None else scratch.folder()) from error
        place = path if path is not None else scratch.folder()
        msg = f"{place} cannot be written or read."
        hint = "Check that the disk is writable and has room."
        raise SourceError(msg, hint=hint) from error


def copied(file: Path, path: Path) -> None:
    """Copy *file* to *path*.

    Raises:
        SourceError: The disk is full or not writable.
    """
    try:
        shutil.copyfile(file, path)
    except OSError as error:
        msg = f"{path} cannot be written ({error.strerror or type(error).__name__})."
        raise SourceError(msg, hint="Check that the disk is writable and has room.") from error


def _is_full(error: duckdb.Error) -> bool:
    said = str(error).lower()
    return any(words in said for words in FULL)


def _no_room(place: Path) -> SourceError:
    msg = f"The disk of {place} has no room for what does not fit into memory."
    hint = "Free some, or name a folder on a larger disk under [engine] spill."
    return SourceError(msg, hint=hint)
