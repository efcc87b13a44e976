"""Files on disk, safely: what a file was when read, a backup, and all-or-nothing replacement."""

from __future__ import annotations

import glob
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from goodword import SourceError

KEPT_BACKUPS = 10
_PIECE = 1024**2
MAX_FILE = 1024**3
"""Bytes of the largest file we read; a million full rows, all a sheet can hold, need less."""
_STALE_SECONDS = 3600  # a temporary file this much older than ours was left by a killed run
_CLOSE_IT = "Close the file in Excel and run again."
_WRITE_BITS = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a file was when we read it: bytes, nanoseconds since 1970, hex digest."""

    size: int
    mtime_ns: int
    sha256: str


def read_regular(path: Path) -> bytes:
    """Read a file, and nothing that only looks like one (a pipe, a device, a folder).

    Raises:
        SourceError: Missing, not a regular file, or not readable by us.
    """
    with _opened(path) as (file, _):
        return file.read()


def fingerprint(path: Path) -> Fingerprint:
    """Note size, time of change and content hash of a file.

    Raises:
        SourceError: As for ``read_regular``.
    """
    sha256 = hashlib.sha256()
    with _opened(path) as (file, status):
        while piece := file.read(_PIECE):  # a large block, freed, makes malloc keep all later ones
            sha256.update(piece)
    return Fingerprint(status.st_size, status.st_mtime_ns, sha256.hexdigest())


def open_elsewhere(path: Path) -> str | None:
    """Say that another program has the file open, or None.

    Looks for the owner files that Excel (``~$name``) and LibreOffice (``.~lock.name#``) put
    beside an open file. They hold a person's name, so they are never read.
    """
    if path.with_name(f"~${path.name}").exists():
        return f"{path.name} is open in Excel."
    if path.with_name(f".~lock.{path.name}#").exists():
        return f"{path.name} is open in LibreOffice."
    return None


def backup(path: Path, folder: Path, stamp: str) -> Path:
    """Copy a file into the backup folder, for our eyes only, and keep the newest ten copies.

    Args:
        path: The file.
        folder: Where backups live; made when missing.
        stamp: When, in a form that sorts by time, such as ``20261122T081500Z``.

    Returns:
        The copy, which is on disk when this returns.

    Raises:
        SourceError: The file cannot be read or the folder not written.
    """
    if not re.fullmatch(r"[0-9A-Za-z]+", stamp):
        msg = "a backup's stamp is made of letters and digits"
        raise ValueError(msg)
    data = read_regular(path)
    source = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:8]
    start = f"{path.stem}.{source}."
    temporary: Path | None = None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        copies = (folder / f"{start}{stamp}-{count:04d}{path.suffix}" for count in range(10_000))
        copy = next(copy for copy in copies if not copy.exists())
        handle, made = tempfile.mkstemp(dir=folder, prefix=".", suffix=".tmp")  # mode 0600
        temporary = Path(made)
        _fill(handle, data)
        temporary.replace(copy)
        temporary = None
        _sync_folder(folder)
        kept = sorted(entry for entry in folder.iterdir() if entry.name.startswith(start))
        for old in kept[:-KEPT_BACKUPS]:
            old.unlink()
    except OSError as error:
        msg = f"{path.name} could not be backed up to {folder} ({error.strerror})."
        hint = "Make that folder writable, or make room on the disk, and run again."
        raise SourceError(msg, hint=hint) from error
    finally:
        _discard(temporary)
    return copy


def refuse_unless_replaceable(path: Path, expected: Fingerprint | None) -> None:
    """Find out before anything is touched whether a file may be replaced.

    Args:
        path: The file.
        expected: What it was when read; None when it must not exist yet.

    Raises:
        SourceError: It changed since it was read, is open elsewhere or read-only.
    """
    _may_replace(path.resolve(), expected)


def replace_atomically(
    path: Path, data: bytes, expected: Fingerprint | None, *, like: Path | None = None
) -> None:
    """Give a file new content at once: whoever looks sees the old bytes or the new, never a mix.

    The new content is written beside the file and synced before it takes the name; the mode bits
    stay (a new file gets those of *like*, else it is readable by its owner only). A link is
    followed, not replaced. Whatever fails, the file keeps its old content and nothing is left
    beside it; after a kill, the next replacement removes what was left.

    Args:
        path: The file.
        data: Its new content.
        expected: What it was when read; None when it must not exist yet.
        like: File whose readers may read a new one too.

    Raises:
        SourceError: It changed since it was read, is open elsewhere, read-only, or the disk
            refused.
    """
    path = path.resolve()
    mode = _may_replace(path, expected)
    if expected is None and like is not None:
        mode |= stat.S_IMODE(like.stat().st_mode) & 0o666
    start = f".{path.name}.goodword-"
    temporary: Path | None = None
    try:
        handle, made = tempfile.mkstemp(dir=path.parent, prefix=start, suffix=".tmp")
        temporary = Path(made)
        _fill(handle, data)
        _remove_stale(temporary, start)
        _check_unchanged(path, expected)
        temporary.chmod(mode)  # only now, so that what a killed run leaves is its owner's alone
        temporary.replace(path)
        temporary = None
    except PermissionError as error:
        msg = f"{path.name} could not be replaced: another program holds it, or we may not write."
        hint = f"{_CLOSE_IT} If it is closed, check that you may write to its folder."
        raise SourceError(msg, hint=hint) from error
    except OSError as error:
        msg = f"{path.name} could not be written ({error.strerror}); it is as it was."
        raise SourceError(msg, hint="Make room on the disk and run again.") from error
    finally:
        _discard(temporary)
    _sync_folder(path.parent)


def clear_left(path: Path) -> None:
    """Remove what killed runs left beside a file; only for who knows that nobody else writes it.

    What cannot be removed stays: it harms nobody, and the next replacement tries again.
    """
    path = path.resolve()
    with suppress(OSError):
        for other in path.parent.glob(f".{glob.escape(path.name)}.goodword-*.tmp"):
            other.unlink()


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, os.stat_result]]:
    """Open a file for reading, with what the system says of it."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            msg = f"{path.name} is not an ordinary file."
            raise SourceError(msg, hint="Point goodword at a CSV or XLSX file.")
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _binary())
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                msg = f"{path.name} became something else while it was opened."
                raise SourceError(msg, hint="Point goodword at a CSV or XLSX file.")
            if status.st_size > MAX_FILE:
                msg = f"{path.name} is larger than {MAX_FILE // 1024**2:,} MB."
                raise SourceError(msg, hint="Split it into several files and name them all.")
            yield file, status
    except FileNotFoundError as error:
        msg = f"{path} does not exist."
        raise SourceError(msg, hint="Check the name, or run `goodword init` again.") from error
    except PermissionError as error:
        msg = f"{path.name} may not be read."
        raise SourceError(msg, hint=_CLOSE_IT) from error
    except OSError as error:
        msg = f"{path.name} could not be read ({error.strerror})."
        raise SourceError(msg, hint="Check the disk or the connection and run again.") from error


def _may_replace(path: Path, expected: Fingerprint | None) -> int:
    """Return the mode the new file gets; mode bits are read so that root is told no as well."""
    opened = open_elsewhere(path)
    if opened is not None:
        raise SourceError(opened, hint="Close it there and run again.")
    if not path.parent.is_dir():
        msg = f"The folder {path.parent} does not exist."
        raise SourceError(msg, hint="Check the name.")
    if os.name == "posix" and not path.parent.stat().st_mode & _WRITE_BITS:
        msg = f"The folder of {path.name} is read-only."
        raise SourceError(msg, hint="Allow writing to it, or copy the file to another folder.")
    _check_unchanged(path, expected)
    if expected is None:
        return 0o600
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & _WRITE_BITS:
        msg = f"{path.name} is read-only."
        raise SourceError(msg, hint="Allow writing to the file and run again.")
    return mode


def _check_unchanged(path: Path, expected: Fingerprint | None) -> None:
    if expected is None:
        if path.exists():
            msg = f"{path.name} appeared while we worked; it was not touched."
            raise SourceError(msg, hint="Run again.")
    elif fingerprint(path) != expected:
        msg = f"{path.name} changed since it was read; it was not touched."
        raise SourceError(msg, hint="Run again, so that the new content is seen.")


def _discard(temporary: Path | None) -> None:
    if temporary is not None:
        with suppress(OSError):  # the failure that led here is the one to tell
            temporary.unlink()


def _fill(handle: int, data: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _remove_stale(temporary: Path, start: str) -> None:
    """Remove what a killed run left; the age is taken from our own file, not from a clock."""
    limit = temporary.stat().st_mtime - _STALE_SECONDS
    for other in temporary.parent.iterdir():
        if other.name.startswith(start) and other.suffix == ".tmp":
            with suppress(OSError):  # it may be gone already, and it harms nobody
                if other.stat().st_mtime < limit:
                    other.unlink()


def _sync_folder(folder: Path) -> None:
    """Put a new name on disk; not every system can, and by now the content is safe."""
    if os.name != "posix":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _binary() -> int:
    """Return the flag Windows needs to keep line ends as they are."""
    return int(getattr(os, "O_BINARY", 0))
