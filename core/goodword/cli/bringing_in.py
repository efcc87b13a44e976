"""A file from outside the firm's folder is copied into it before it becomes a list of the firm.

A list in Downloads is soon tidied away, and the task list beside it with it.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from goodword.errors import SourceError


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """A file of the firm's folder; *origin* is where it was copied from, None for one of its own.

    Args:
        path: The file, below the firm's folder.
        origin: The file elsewhere, which stays as it is.
    """

    path: Path
    origin: Path | None = None


@contextmanager
def brought_in(folder: Path, file: Path) -> Iterator[BroughtIn]:
    """Give a file as one of the firm's folder, copied into it if it lies elsewhere.

    Where nothing comes of it, the copy is taken away again, unless it was written to, or was there
    before.

    Args:
        folder: The firm's folder.
        file: The file; a link counts as lying where the link is.

    Raises:
        SourceError: Another file of that name is there, or it cannot be copied.
    """
    home, place = folder.resolve(), file.parent.resolve() / file.name
    if place.is_relative_to(home):
        yield BroughtIn(folder / place.relative_to(home))
        return
    copy = folder / file.name
    content = _copied(file, copy)
    try:
        yield BroughtIn(copy, file)
    except BaseException:
        with suppress(OSError):  # the failure that led here is the one to tell
            if content is not None and copy.read_bytes() == content:
                copy.unlink()
        raise


def _copied(file: Path, copy: Path) -> bytes | None:
    """Copy a file to where none of that name is, and return it; None if it was there already."""
    try:
        content = file.read_bytes()
        if copy.exists() and copy.read_bytes() == content:
            return None
        with copy.open("xb") as new:
            new.write(content)
        shutil.copystat(file, copy)
        copy.chmod(copy.stat().st_mode | stat.S_IWUSR)  # a download may be read-only
    except FileExistsError as error:
        msg = f"{copy.parent} holds a file {copy.name} already; it is not overwritten."
        hint = "Give the new file another name, such as one with the month in it, and try again. "
        hint += f'Or, if the one that is there is meant: goodword replace "{copy.name}"'
        raise SourceError(msg, hint=hint) from error
    except OSError as error:
        msg = f"{file.name} could not be copied into {copy.parent} ({error.strerror})."
        hint = "Close it where it is open, check that you may write there, and try again."
        raise SourceError(msg, hint=hint) from error
    return content
