"""Which keys a pull delivered more than once, told from sums on disk in the memory of one page.

Every key leaves a number of 64 bits in one of ``BUCKETS`` files; two equal numbers stand in one
file. So a pull of any size is looked through a file at a time. Hosts repeat a row when it moved
between two pages; most pulls repeat none. Two keys of one number only cost a second look.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BUCKETS = 64
"""Files of sums a table: of 100,000,000 rows each holds 12 MB."""
Key = tuple[object, ...]


class PartKeys:
    """The keys of one table's parts.

    Args:
        folder: Where the sums are kept until the pull is finished; made when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, keys: Iterable[Key]) -> None:
        """Note the keys of one more part, each of them once."""
        import numpy as np

        self._folder.mkdir(mode=0o700, exist_ok=True)
        sums = np.fromiter(map(hash, keys), dtype=np.int64)
        bucket = sums % BUCKETS
        sums = sums[np.argsort(bucket, kind="stable")]
        ends = np.cumsum(np.bincount(bucket, minlength=BUCKETS))
        for number, some in enumerate(np.split(sums, ends[:-1])):
            if some.size:
                with (self._folder / str(number)).open("ab") as file:
                    file.write(some.tobytes())

    def repeated(self) -> Collection[int]:
        """Return the sums of keys that came more than once."""
        import numpy as np

        found: set[int] = set()
        for path in self._folder.iterdir() if self._folder.exists() else ():
            sums = np.sort(np.fromfile(path, dtype=np.int64))
            found.update(sums[1:][sums[1:] == sums[:-1]].tolist())
        return found

    def forget(self) -> None:
        """Remove the sums."""
        shutil.rmtree(self._folder, ignore_errors=True)
