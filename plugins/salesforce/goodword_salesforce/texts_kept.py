"""Texts by the id of a record, in a file of the state folder that is read when it is needed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from goodword import private_file

if TYPE_CHECKING:
    from pathlib import Path


class Texts:
    """The texts of one file; one that is missing or damaged has none.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, str] | None = None
        self._saved = 0

    @property
    def known(self) -> dict[str, str]:
        """The texts by id, to read and to change."""
        if self._known is None:
            self._known = _read_texts(self._path)
            self._saved = self._digest()
        return self._known

    @property
    def is_read(self) -> bool:
        """Whether they were read, and may have been changed."""
        return self._known is not None

    def become(self, known: dict[str, str]) -> None:
        """Know these from now on."""
        self._known = known

    def save(self) -> None:
        """Write them, where they changed.

        Raises:
            SourceError: The disk is full or not writable.
        """
        if self._known is not None and self._digest() != self._saved:
            with private_file(self._path) as file:
                file.write(json.dumps(self._known).encode())
            self._saved = self._digest()

    def _digest(self) -> int:
        return hash(frozenset((self._known or {}).items()))


def _read_texts(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(record): str(text) for record, text in found.items()}
    except (OSError, ValueError, AttributeError):
        return {}
