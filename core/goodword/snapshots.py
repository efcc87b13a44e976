"""One snapshot on disk: Parquet files, and a manifest that tells whether they are as written.

The manifest holds size and CRC32 of every file and of itself, so that a disk error, a half copied
folder or an edit by hand is found before anything is decided on it. Version 1 had no sums, version
2 one file a table; such a snapshot is read as it stands, and the next pull writes the present one.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from goodword.connector import Cursor
from goodword.errors import DamagedSnapshot, GoodwordError, SourceError
from goodword.table_files import (
    Body,
    Change,
    FileSum,
    body_of,
    carry,
    counts_of,
    names_of,
    reach_the_disk,
    sum_of_file,
    table_in,
    write_body,
)
from goodword.tables import TABLES, ColumnType, Frame

if TYPE_CHECKING:
    from goodword.engines import Engine

VERSION = 3
MANIFEST = "manifest.json"
ROOM = "Check that the disk is writable and has room; what was pulled before is whole."


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One pull, readable: every canonical table is there, *available* says which are real.

    ``cursor`` is None when the next pull must fetch everything, because the firm now maps other
    columns of its own than this snapshot holds. ``filled`` names, for each available table, the
    columns with at least one value; a table it does not name was not looked at (version 1).
    ``bodies`` and ``files`` say how the tables lie in *folder*; empty before version 3. ``cleared``
    tells which list of forgotten people was left out; empty where nothing is known of that.
    """

    number: int
    pulled_at: datetime
    tables: Mapping[str, Frame]
    available: frozenset[str]
    rows: Mapping[str, int]
    cursor: Cursor | None
    notices: tuple[str, ...]
    filled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    folder: Path = field(default_factory=Path)
    bodies: Mapping[str, Body] = field(default_factory=dict)
    files: Mapping[str, FileSum] = field(default_factory=dict)
    cleared: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What a snapshot says about itself beside its tables."""

    pulled_at: datetime
    cursor: Cursor | None
    extra: Mapping[str, ColumnType]
    notices: tuple[str, ...]
    cleared: str = ""


class Manifest(BaseModel):
    """What ``manifest.json`` holds; version 1 had neither sums nor *filled*, 2 no *bodies*."""

    model_config = ConfigDict(frozen=True)

    version: int
    pulled_at: datetime
    available: frozenset[str]
    rows: Mapping[str, int]
    cursor: Mapping[str, str] | None
    extra: Mapping[str, str]
    notices: tuple[str, ...]
    filled: Mapping[str, tuple[str, ...]] = {}
    files: Mapping[str, FileSum] = {}
    bodies: Mapping[str, Body] = {}
    cleared: str = ""


def write_snapshot(
    folder: Path,
    tables: Mapping[str, Frame],
    head: Head,
    engine: Engine,
    before: Snapshot | None = None,
    carried: Mapping[str, Change | None] | None = None,
) -> None:
    """Write *tables*, all of them available, and their manifest into the new *folder*.

    Args:
        folder: Where they go.
        tables: The rows; no table is held in memory as a whole.
        head: What the snapshot says about itself.
        engine: What computes them.
        before: The snapshot this one continues, if there is one.
        carried: Tables whose body is taken over from *before*, with what changed; None for nothing.

    Raises:
        SourceError: The disk is full or not writable.
    """
    folder.mkdir(mode=0o700)
    bodies: dict[str, Body] = {}
    filled: dict[str, tuple[str, ...]] = {}
    files: dict[str, FileSum] = {}
    for name, frame in tables.items():
        known: Mapping[str, FileSum] = {}
        taken = None
        if before is not None and carried is not None and name in carried:
            change = carried[name]
            taken = carry(before.folder, folder, name, before.bodies[name], change, engine)
            known = before.files if change is None else {body_of(name): before.files[body_of(name)]}
        if taken is None:
            taken, known = write_body(folder, name, frame, engine), {}
        bodies[name], filled[name] = taken
        files |= _on_disk(folder, names_of(name, bodies[name]).values(), known)
    body = {
        "version": VERSION,
        "pulled_at": head.pulled_at.isoformat(),
        "available": sorted(tables),
        "rows": {name: body.rows - body.gone + body.since for name, body in bodies.items()},
        "filled": filled,
        "cursor": None if head.cursor is None else dict(head.cursor.value),
        "extra": dict(head.extra),
        "notices": list(head.notices),
        "files": {name: each.model_dump() for name, each in files.items()},
        "bodies": {name: each.model_dump() for name, each in bodies.items()},
        "cleared": head.cleared,
    }
    path = folder / MANIFEST
    path.write_text(json.dumps(body | {"crc32": _sum_of(body)}, indent=1), encoding="utf-8")
    path.chmod(0o600)
    reach_the_disk(path)


def _on_disk(
    folder: Path, names: Collection[str], known: Mapping[str, FileSum]
) -> dict[str, FileSum]:
    """Make files private and lasting; return the sum of each, as it is *known* of shared ones."""
    for name in names:
        (folder / name).chmod(0o600)
        reach_the_disk(folder / name)
    return {name: known.get(name) or sum_of_file(folder / name) for name in names}


def open_snapshot(
    folder: Path,
    engine: Engine,
    types: Callable[[str], Mapping[str, ColumnType]],
    extra: Mapping[str, ColumnType],
    *,
    verified: bool,
) -> Snapshot:
    """Open the snapshot in *folder*, whose name is its number.

    Args:
        folder: Where it is.
        engine: What reads its tables.
        types: Returns the columns of a table.
        extra: Types of the firm's own contact columns now.
        verified: Its sums were found right before, so they are not computed again.

    Raises:
        DamagedSnapshot: It is not as it was written.
        GoodwordError: A newer goodword wrote it.
        SourceError: The disk does not let us read it.
    """
    number = int(folder.name)
    with _reading(number):
        manifest = _manifest(folder, number)
        if not verified:
            _verify(folder, number, manifest)
        tables: dict[str, Frame] = {}
        for name in TABLES:
            columns = types(name)
            if name in manifest.available:
                body = manifest.bodies.get(name)
                tables[name] = table_in(folder, name, body, columns, engine)
            else:
                tables[name] = engine.rows([], columns)
    same = manifest.cursor is not None and manifest.extra == dict(extra)
    return Snapshot(
        number=number,
        pulled_at=manifest.pulled_at,
        tables=tables,
        available=manifest.available,
        rows=manifest.rows,
        cursor=Cursor(manifest.cursor) if same and manifest.cursor is not None else None,
        notices=manifest.notices,
        filled=manifest.filled,
        folder=folder,
        bodies=manifest.bodies,
        files=manifest.files,
        cleared=manifest.cleared,
    )


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Name a full or read-only disk instead of showing the operating system's error.

    Raises:
        SourceError: Something in *folder* could not be written.
    """
    try:
        yield
    except OSError as error:
        msg = f"{folder} cannot be written ({error.strerror or type(error).__name__})."
        raise SourceError(msg, hint=ROOM) from error


@contextmanager
def _reading(number: int) -> Iterator[None]:
    """Tell a damaged snapshot from a disk that does not let us read it."""
    try:
        yield
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise DamagedSnapshot(number, "a file of it is missing") from error
    except OSError as error:
        msg = f"Snapshot {number} cannot be read ({error.strerror or type(error).__name__})."
        raise SourceError(msg, hint="Check the disk and the rights on the folder.") from error
    except ValueError as error:  # a table without a readable end
        raise DamagedSnapshot(number, "a table in it is not readable") from error


def _manifest(folder: Path, number: int) -> Manifest:
    """Return the manifest, refusing a newer one and one that is not as it was written."""
    wrong = DamagedSnapshot(number, f"its {MANIFEST} is not as it was written")
    try:
        body = json.loads((folder / MANIFEST).read_bytes())
        version = body["version"]
        if isinstance(version, int) and version > VERSION:
            msg = "The mirror was written by a newer goodword."
            hint = "Update goodword, or move the mirror folder away and pull again."
            raise GoodwordError(msg, hint=hint)
        if version != 1 and body.pop("crc32") != _sum_of(body):
            raise wrong
        return Manifest.model_validate(body)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise wrong from error


def _verify(folder: Path, number: int, manifest: Manifest) -> None:
    """Compare every file with what the manifest says of it (version 1: that it is there)."""
    expected = (names_of(table, manifest.bodies.get(table)) for table in manifest.available)
    for name in sorted(name for names in expected for name in names.values()):
        path = folder / name
        if not path.is_file():
            raise DamagedSnapshot(number, f"{name} is missing")
        if manifest.version == 1:
            continue
        written = manifest.files.get(name)
        if written is None or path.stat().st_size != written.size:
            raise DamagedSnapshot(number, f"{name} does not have the size it was written with")
        if sum_of_file(path) != written:
            raise DamagedSnapshot(number, f"{name} does not hold what was written")


def filled_columns(frame: Frame, engine: Engine) -> tuple[str, ...]:
    """Return the columns of a computed table that hold at least one value."""
    return tuple(name for name, count in counts_of(frame, engine).items() if count)


def _sum_of(body: Mapping[str, object]) -> int:
    return zlib.crc32(json.dumps(body, sort_keys=True).encode())
