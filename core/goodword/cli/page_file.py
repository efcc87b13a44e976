"""Writing a page of ours to a file: private, whole or not at all, never over another file."""

from __future__ import annotations

import os
import re
from pathlib import Path

from goodword.errors import SourceError

_MARK = '<meta name="generator" content="goodword (?:plan|report)">'
_OURS = re.compile(rf"\s*<!DOCTYPE html>.{{0,200}}{_MARK}", re.DOTALL)
"""How every page of ours begins."""
_HEAD = 2000
"""Bytes in which that beginning is found."""


def require_ours(name: str) -> None:
    """Refuse to write over a file that is not a page of ours.

    Raises:
        SourceError: There is another file of that name.
    """
    path = Path(name)
    if not os.path.lexists(path):
        return
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD).decode("utf-8", "replace")
    except OSError:  # a folder, or a file we may not read
        head = ""
    if not _OURS.match(head):
        msg = f"{path} is there already, and is no page of goodword's."
        raise SourceError(msg, hint="Name another file; that one was left as it is.")


def write_page(name: str, text: str) -> Path:
    """Write a page, readable by its owner only, and return where.

    Raises:
        SourceError: It cannot be written, or another file is in its place.
    """
    require_ours(name)
    path = Path(name).absolute()
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        msg = f"{path} cannot be written ({error.strerror})."
        raise SourceError(msg, hint="Name a file in a folder you may write to.") from error
    return path
