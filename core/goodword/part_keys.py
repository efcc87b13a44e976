"""Which keys a pull delivered more than once, told from sums, in little memory whatever its size.

Every key leaves a number of 64 bits. Beyond ``HELD`` they go to disk, each to one of ``BUCKETS``
files, so that two equal numbers stand in one file and a pull of any size is looked through a file
at a time. Hosts repeat a row when it moved between two pages; most pulls repeat none. Two keys of
one number only cost a second look.
"""

from __future__ import annotations

import shutil
from array import array
from collections.abc import Collection, Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HELD = 1_000_000
"""Sums of a table held in memory, 8 bytes each, until they go to disk."""
BUCKETS = 64
"""Files of sums a table: of 100,000,000 rows each holds 12 MB."""
Key = tuple[object, ...]


class PartKeys:
    """The keys of one table's parts.

    Args:
        folder: Where sums are kept until the pull is finished; made when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held = array("q")

    def add(self, keys: Iterable[Key]) -> None:
        """Note the keys of one more part, each of them once."""
        self._held.extend(map(hash, keys))
        if len(self._held) >= HELD:
            self._put_away()

    def repeated(self) -> Collection[int]:
        """Return the sums of keys that came more than once."""
        if not self._folder.exists():
            return {one for one, next_one in pairwise(sorted(self._held)) if one == next_one}
        import numpy as np

        self._put_away()
        found: set[int] = set()
        for path in self._folder.iterdir():
            sums = np.sort(np.fromfile(path, dtype=np.int64))
            found.update(sums[1:][sums[1:] == sums[:-1]].tolist())
        return found

    def _put_away(self) -> None:
        """Bring the sums that are held to disk."""
        import numpy as np

        self._folder.mkdir(mode=0o700, exist_ok=True)
        sums = np.frombuffer(self._held, dtype=np.int64)
        bucket = sums % BUCKETS
        sums = sums[np.argsort(bucket, kind="stable")]
        ends = np.cumsum(np.bincount(bucket, minlength=BUCKETS))
        for number, some in enumerate(np.split(sums, ends[:-1])):
            if some.size:
                with (self._folder / str(number)).open("ab") as file:
                    file.write(some.tobytes())
        self._held = array("q")

    def forget(self) -> None:
        """Remove the sums."""
        self._held = array("q")
        shutil.rmtree(self._folder, ignore_errors=True)
