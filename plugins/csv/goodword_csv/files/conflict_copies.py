"""Copies that cloud drives put beside a file when two people saved it: known by their names."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

_ENDINGS = (
    r" \([^()]*(?:conflict|konflikt|conflit|conflicto|conflitto)[^()]*\)",  # Dropbox, Nextcloud
    r"\.sync-conflict-\d{8}-\d{6}-[0-9A-Z]{7}",  # Syncthing
    r"_conflict-\d{8}-\d{6}",  # ownCloud
    r" ?\(\d{1,2}\)",  # Google Drive, and a browser that saves a download again
    r"-(?=[A-Z0-9-]*[A-Z])[A-Z0-9][A-Z0-9-]{2,14}",  # OneDrive: the name of a computer
    r" \d{1,2}",  # iCloud
)
"""What stands behind the file's own name, before its ending (docs of each drive)."""
_COPY = re.compile("|".join(f"(?:{ending})" for ending in _ENDINGS), re.IGNORECASE)
_COMPUTER = re.compile(r"-[A-Z0-9-]+")


def conflict_copies(path: Path, known: Collection[Path] = ()) -> list[Path]:
    """Return the files beside *path* that look like copies of it, by name.

    Args:
        path: A file of the firm.
        known: Files that are meant to be there.
    """
    if not path.parent.is_dir():
        return []
    wanted = path.stem.casefold()
    found = []
    for other in path.parent.iterdir():
        rest = other.stem[len(path.stem) :]
        alike = other.stem[: len(path.stem)].casefold() == wanted
        if rest and alike and other.suffix.casefold() == path.suffix.casefold():
            is_copy = _COPY.fullmatch(rest) and (rest[0] != "-" or _COMPUTER.fullmatch(rest))
            if is_copy and other not in known and other.is_file():
                found.append(other)
    return sorted(found)


def told_of_copies(copies: Collection[Path], original: str) -> str:
    """Say what to do about copies of a file."""
    names = ", ".join(f'"{copy.name}"' for copy in copies)
    one = len(copies) == 1
    return (
        f"{names} {'lies' if one else 'lie'} beside {original} and {'is' if one else 'are'} not"
        f" read. A cloud drive makes such {'a copy' if one else 'copies'} when two people save at"
        f" once: look what is in {'it' if one else 'them'}, then put {'it' if one else 'them'}"
        " away. A fresh export takes the list's place with goodword replace."
    )
