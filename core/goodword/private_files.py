"""Files of ours that hold a firm's affairs: whole or as before, and for their owner's eyes only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from goodword.errors import SourceError


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Open what takes the place of *path* once it is written whole, and only its owner may read.

    A crash, a full disk or an error while writing leaves the file that was there. A folder that is
    missing is made, for its owner only.

    Raises:
        SourceError: The disk is full, or the folder cannot be written.
    """
    fresh = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)  # what a crash left may be open to others
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        msg = f"{path} cannot be written ({error.strerror or type(error).__name__})."
        hint = "Make its folder writable, or make room on the disk, and run again."
        raise SourceError(msg, hint=hint) from error
    finally:
        with suppress(OSError):
            fresh.unlink()
