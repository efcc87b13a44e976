"""The mirror: a typed copy of the host's tables on disk, replaced as a whole by every pull.

``mirror/<n>/`` is snapshot *n*; the file ``mirror/current`` names the one in use. Pages are written
as they arrive, the pointer moves last, so a crash leaves the old snapshot whole. A pointer of zero
or less says that none is in use; its amount is the last number given, which is never given again.
Everything is readable by its owner only.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from goodword.errors import DamagedSnapshot, SourceError
from goodword.intake import Intake
from goodword.redaction import same_people, without
from goodword.snapshots import Head, open_snapshot, write_snapshot, writing
from goodword.snapshots import Snapshot as Snapshot
from goodword.table_files import reach_the_disk
from goodword.tables import EXTRA_PREFIX, TABLES, ColumnType

if TYPE_CHECKING:
    from pathlib import Path

    from goodword.engines import Engine

KEEP = 3
"""Snapshots kept: the one in use and two older ones."""
ASIDE = "damaged-"
"""What the name of a damaged snapshot's folder starts with, once it is set aside."""


PURGING = "purging"
"""File that stands while people are being forgotten, so that the next run finishes a purge that was
cut off: see ``finish_purge``."""


class Mirror:
    """The snapshots of one firm.

    Args:
        folder: ``.goodword/mirror``; made when first needed.
        engine: Where what is written is computed: the embedded one, as pages arrive here.
        extra: Types of the admin-mapped columns of contacts.
        reader: The engine whose tables an opened snapshot holds; None for the same.
    """

    def __init__(
        self,
        folder: Path,
        engine: Engine,
        extra: Mapping[str, ColumnType],
        reader: Engine | None = None,
    ) -> None:
        self._folder = folder
        self._engine = engine
        self._reader = reader or engine
        self._extra = extra
        self._verified: set[int] = set()

    def types(self, table: str) -> dict[str, ColumnType]:
        """Return the columns of *table*, with the firm's extra columns for contacts."""
        types = TABLES[table].types
        if table == "contacts":
            types |= {EXTRA_PREFIX + name: kind for name, kind in self._extra.items()}
        return types

    def current(self) -> int | None:
        """Return the number of the snapshot in use, or None where none was pulled.

        Raises:
            DamagedSnapshot: There are snapshots, but it cannot be told which is in use.
        """
        number = self._pointer()
        return number if number > 0 else None

    def load(self) -> Snapshot | None:
        """Open the snapshot in use; None where none was pulled.

        Its sums are compared once for each number, which reads every file.

        Raises:
            DamagedSnapshot: It is not as it was written; see ``set_aside``.
            GoodwordError: A newer goodword wrote it.
            SourceError: The disk does not let us read it.
        """
        number = self.current()
        if number is None:
            return None
        return self._loaded(number, self._reader)

    def earlier(self, number: int) -> Snapshot | None:
        """Open a snapshot that was in use before; None where it is not kept any more, or damaged.

        Raises:
            SourceError: The disk does not let us read it.
        """
        if number not in self._numbers():
            return None
        try:
            return self._open(number, verified=False)
        except DamagedSnapshot:
            return None

    def intake(
        self,
        forgotten: Callable[[Iterable[str]], frozenset[str]] | None = None,
        mark: str = "",
    ) -> Intake:
        """Start a pull; nothing changes for readers until ``commit``.

        Args:
            forgotten: Returns those of the given contact ids that may not be kept; their rows are
                left out of every table.
            mark: Tells the list *forgotten* goes by from any other: a snapshot from which the same
                people were left out need not be looked through again. Empty looks every time.

        Raises:
            DamagedSnapshot: The snapshot to continue is damaged; see ``set_aside``.
            SourceError: The disk is full or not writable.
        """
        number = self.current()
        previous = None if number is None else self._loaded(number, self._engine)
        with writing(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not (self._folder / "current").exists():
                self._point_at(0)
            folder = self._folder / "incoming"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
        publish = partial(self.publish, number=self._next())
        return Intake(
            folder, self._engine, self.types, self._extra, previous, publish, forgotten, mark
        )

    def publish(self, folder: Path, number: int) -> Snapshot:
        """Move a finished snapshot into place, swap the pointer, prune old ones; open it."""
        target = self._folder / str(number)
        shutil.rmtree(target, ignore_errors=True)
        folder.rename(target)
        try:
            self._point_at(number)
        except OSError:
            shutil.rmtree(target, ignore_errors=True)
            raise
        for old in [n for n in self._numbers() if n <= number][:-KEEP]:
            shutil.rmtree(self._folder / str(old), ignore_errors=True)
        self._verified.add(number)  # its sums were taken from these files just now
        return self._open(number, verified=True)

    def set_aside(self) -> Path:
        """Put the snapshot in use out of use, so that the next pull fetches everything.

        Its folder is kept for a look, as the only one set aside.

        Returns:
            Where it is now; empty where its files were gone.

        Raises:
            SourceError: The folder cannot be written.
        """
        try:
            number = abs(self._pointer())
        except DamagedSnapshot as damaged:
            number = damaged.number
        aside = self._folder / f"{ASIDE}{number}"
        with writing(self._folder):
            found = self._folder / str(number)
            for old in self._folder.glob(f"{ASIDE}*"):
                if old != aside or found.exists():
                    shutil.rmtree(old)
            if found.exists():
                found.rename(aside)
            aside.mkdir(mode=0o700, exist_ok=True)
            self._point_at(-number)
        self._verified.discard(number)
        return aside

    def purge(
        self, contact_ids: Collection[str], marks: tuple[str, str] = ("", "")
    ) -> Snapshot | None:
        """Forget people: rewrite the snapshot without them, delete every other one for good.

        Where no snapshot is in use, what is left of earlier ones is deleted all the same.

        Args:
            contact_ids: Whom to forget; those merged with them go, too.
            marks: Of the list of forgotten people before and after (see ``intake``).

        Returns:
            The new snapshot in use, if there is one.

        Raises:
            DamagedSnapshot: The snapshot in use is damaged: set it aside, then purge again.
            SourceError: The disk is full, or an old snapshot could not be deleted.
        """
        if not self._folder.is_dir():
            return None
        with writing(self._folder):
            (self._folder / PURGING).touch(mode=0o600)
            number = self.current()
            if number is not None:
                return self._rewritten(self._loaded(number, self._engine), contact_ids, marks)
            self._clear(set())
            return None

    def finish_purge(self) -> None:
        """Delete what a purge that was cut off left behind, if one was.

        Call after a pull that left the forgotten out, when no older snapshot is read any more.

        Raises:
            SourceError: An old snapshot could not be deleted.
        """
        if (self._folder / PURGING).exists():
            with writing(self._folder):
                self._clear({str(self._pointer())})

    def _rewritten(
        self, snapshot: Snapshot, contact_ids: Collection[str], marks: tuple[str, str]
    ) -> Snapshot:
        """Publish *snapshot* once more, without these people."""
        cleared = marks[1] if snapshot.cleared == marks[0] else ""
        gone = same_people(contact_ids, snapshot.tables["aliases"], self._engine)
        tables = {name: snapshot.tables[name] for name in TABLES if name in snapshot.available}
        head = Head(snapshot.pulled_at, snapshot.cursor, self._extra, snapshot.notices, cleared)
        folder = self._folder / "incoming"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            write_snapshot(folder, without(tables, gone), head, self._engine)
        except SourceError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        number = self._next()
        rewritten = self.publish(folder, number)
        self._clear({str(number)})
        return rewritten

    def _clear(self, kept: set[str]) -> None:
        """Delete everything but the pointer and *kept*; the mark of the purge goes last."""
        kept |= {"current", PURGING}
        for path in [path for path in self._folder.iterdir() if path.name not in kept]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        (self._folder / PURGING).unlink()

    def _loaded(self, number: int, engine: Engine) -> Snapshot:
        """Open snapshot *number* on *engine*; its sums are compared the first time."""
        snapshot = self._open(number, verified=number in self._verified, engine=engine)
        self._verified.add(number)
        return snapshot

    def _open(self, number: int, *, verified: bool, engine: Engine | None = None) -> Snapshot:
        folder, engine = self._folder / str(number), engine or self._reader
        return open_snapshot(folder, engine, self.types, self._extra, verified=verified)

    def _numbers(self) -> list[int]:
        if not self._folder.is_dir():
            return []
        return sorted(int(path.name) for path in self._folder.iterdir() if path.name.isdigit())

    def _pointer(self) -> int:
        """Return what the pointer says; 0 before the first pull."""
        numbers = self._numbers()
        try:
            return int((self._folder / "current").read_text(encoding="ascii"))
        except FileNotFoundError as error:
            if not numbers:
                return 0
            raise DamagedSnapshot(numbers[-1], "nothing says which is in use") from error
        except ValueError as error:
            last = numbers[-1] if numbers else 0
            raise DamagedSnapshot(last, "nothing says which is in use") from error
        except OSError as error:
            msg = f"{self._folder} cannot be read ({error.strerror or type(error).__name__})."
            raise SourceError(msg, hint="Check the disk and the rights on the folder.") from error

    def _point_at(self, number: int) -> None:
        pointer = self._folder / "current.new"
        pointer.write_text(str(number), encoding="ascii")
        pointer.chmod(0o600)
        reach_the_disk(pointer)
        pointer.replace(self._folder / "current")

    def _next(self) -> int:
        """Return the number after the last one that was ever in use."""
        return abs(self._pointer()) + 1
