"""Files beside the ledger: readable by their owner only, put in place whole, safe on disk."""

from __future__ import annotations

import os
from pathlib import Path


def make_private(path: Path) -> None:
    """Make *path* an empty file that only its owner may read."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def put_in_place(fresh: Path, path: Path, *, over: bool = True) -> None:
    """Give *fresh* the name *path*, once its content is on disk; then make the name lasting.

    Without *over*, a file of that name stays, and *fresh* is removed.
    """
    descriptor = os.open(fresh, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if over:
        fresh.replace(path)
    else:
        _link(fresh, path)
    _sync_folder(path.parent)


def _link(fresh: Path, path: Path) -> None:
    try:
        os.link(fresh, path)
    except FileExistsError:
        fresh.unlink()
    except OSError:  # a file system that knows one name a file only
        if path.exists():
            fresh.unlink()
        else:
            fresh.replace(path)
    else:
        fresh.unlink()


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder, and keeps names by itself
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
