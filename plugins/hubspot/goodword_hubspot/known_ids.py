"""Which contacts and deals the portal had when it was read last: numbers in the state folder.

They tell which links to look at again each night, and who has left the portal without a trace.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import TYPE_CHECKING

from goodword import private_file

if TYPE_CHECKING:
    from pathlib import Path


class KnownIds:
    """The ids of one kind, eight bytes each.

    Args:
        state: The state folder.
        kind: contacts or deals.

    ``complete`` says whether the ids were kept: without them, everything has to be read anew.
    """

    def __init__(self, state: Path, kind: str) -> None:
        self._path = state / f"hubspot-{kind}.ids"
        self.complete = self._path.is_file()
        self._ids = self._read()

    def __contains__(self, record_id: object) -> bool:
        """Say whether this record was there."""
        return isinstance(record_id, str) and record_id.isdigit() and int(record_id) in self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def all(self) -> list[str]:
        """Return the ids, smallest first."""
        return [str(each) for each in sorted(self._ids)]

    def add(self, ids: Iterable[str]) -> None:
        """Add ids; any that is no number is left out."""
        self._ids.update(int(each) for each in ids if each.isdigit())

    def drop(self, ids: Iterable[str]) -> None:
        """Take ids out."""
        self._ids.difference_update(int(each) for each in ids if each.isdigit())

    def begin_anew(self) -> frozenset[str]:
        """Empty the set, and return what was in it."""
        before = frozenset(str(each) for each in self._ids)
        self._ids = set()
        return before

    def save(self) -> None:
        """Write the file at once."""
        with private_file(self._path) as file:
            file.write(array("q", sorted(self._ids)).tobytes())

    def _read(self) -> set[int]:
        numbers = array("q")
        try:
            content = self._path.read_bytes()
            numbers.frombytes(content[: len(content) // 8 * 8])
        except OSError:
            return set()
        return set(numbers)
