"""Who was forgotten, kept beside the ledger: one put back from a backup brings nobody back.

The file ``forgotten.txt`` holds one pseudonym a line, made with the ledger's own secret, so it says
nothing about anybody. Pseudonyms of another ledger do no harm: they stand for nobody in this one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from goodword.errors import SourceError
from goodword.private_files import private_file

if TYPE_CHECKING:
    from pathlib import Path

FILE = "forgotten.txt"


def remembered(folder: Path) -> frozenset[str]:
    """Return the pseudonyms of everybody who was forgotten in this state *folder*.

    Raises:
        SourceError: The file is there and cannot be read.
    """
    path = folder / FILE
    try:
        text = path.read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return frozenset()
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror or type(error).__name__})."
        raise SourceError(msg, hint="Check the disk and the rights on the file.") from error
    return frozenset(filter(None, text.split()))


def remember(folder: Path, names: Iterable[str]) -> None:
    """Add pseudonyms to the file; it is whole or as before, whatever happens.

    Raises:
        SourceError: The disk is full or cannot be written.
    """
    before = remembered(folder)
    known = before | frozenset(names)
    if known == before:
        return
    with private_file(folder / FILE) as file:
        file.write("".join(f"{name}\n" for name in sorted(known)).encode())
