"""One snapshot on disk: Parquet files, and a manifest that tells whether they are as written.

The manifest holds size and CRC32 of every file and of itself, so that a disk error, a half copied
folder or an edit by hand is found before anything is decided on it. Version 1 had no sums; such a
snapshot is read as it stands, and the next pull writes the present version.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from goodword.connector import Cursor
from goodword.errors import DamagedSnapshot, GoodwordError, SourceError
from goodword.tables import TABLES, ColumnType, Frame

if TYPE_CHECKING:
    from pathlib import Path

    import narwhals.stable.v2 as nw

    from goodword.engines import Engine

VERSION = 2
MANIFEST = "manifest.json"
ROOM = "Check that the disk is writable and has room; what was pulled before is whole."
_CHUNK = 1 << 20
"""Bytes read at a time for a sum; 200 MB take about 0.1 s."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One pull, readable: every canonical table is there, *available* says which are real.

    ``cursor`` is None when the next pull must fetch everything, because the firm now maps other
    columns of its own than this snapshot holds. ``filled`` names, for each available table, the
    columns with at least one value; a table it does not name was not looked at (version 1).
    """

    number: int
    pulled_at: datetime
    tables: Mapping[str, Frame]
    available: frozenset[str]
    rows: Mapping[str, int]
    cursor: Cursor | None
    notices: tuple[str, ...]
    filled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """What a snapshot says about itself beside its tables."""

    pulled_at: datetime
    cursor: Cursor | None
    extra: Mapping[str, ColumnType]
    notices: tuple[str, ...]


class FileSum(BaseModel):
    """Size in bytes and CRC32 of one file."""

    model_config = ConfigDict(frozen=True)

    size: int
    crc32: int


class Manifest(BaseModel):
    """What ``manifest.json`` holds; version 1 had neither sums nor *filled*."""

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


def write_snapshot(folder: Path, tables: Mapping[str, Frame], head: Head, engine: Engine) -> None:
    """Write *tables*, all of them available, and their manifest into the new *folder*.

    Raises:
        SourceError: The disk is full or not writable.
    """
    folder.mkdir(mode=0o700)
    rows: dict[str, int] = {}
    filled: dict[str, tuple[str, ...]] = {}
    files: dict[str, dict[str, int]] = {}
    for name, frame in tables.items():
        path = folder / f"{name}.parquet"
        computed = engine.materialise(frame)
        rows[name] = engine.write(computed, path)
        filled[name] = filled_columns(computed, engine)
        path.chmod(0o600)
        reach_the_disk(path)
        files[path.name] = {"size": path.stat().st_size, "crc32": crc32_of(path)}
    body = {
        "version": VERSION,
        "pulled_at": head.pulled_at.isoformat(),
        "available": sorted(tables),
        "rows": rows,
        "filled": filled,
        "cursor": None if head.cursor is None else dict(head.cursor.value),
        "extra": dict(head.extra),
        "notices": list(head.notices),
        "files": files,
    }
    path = folder / MANIFEST
    path.write_text(json.dumps(body | {"crc32": _sum_of(body)}, indent=1), encoding="utf-8")
    path.chmod(0o600)
    reach_the_disk(path)


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
            there, path = name in manifest.available, folder / f"{name}.parquet"
            columns = types(name)
            tables[name] = engine.scan(path, columns) if there else engine.rows([], columns)
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


def crc32_of(path: Path) -> int:
    """Return the CRC32 of a file, read in pieces."""
    found = 0
    with path.open("rb", buffering=0) as file:
        while piece := file.read(_CHUNK):
            found = zlib.crc32(piece, found)
    return found


def reach_the_disk(path: Path) -> None:
    """Wait until the file at *path* would survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


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
    for name in sorted(f"{table}.parquet" for table in manifest.available):
        path = folder / name
        if not path.is_file():
            raise DamagedSnapshot(number, f"{name} is missing")
        if manifest.version == 1:
            continue
        written = manifest.files.get(name)
        if written is None or path.stat().st_size != written.size:
            raise DamagedSnapshot(number, f"{name} does not have the size it was written with")
        if crc32_of(path) != written.crc32:
            raise DamagedSnapshot(number, f"{name} does not hold what was written")


def filled_columns(frame: Frame, engine: Engine) -> tuple[str, ...]:
    """Return the columns of a computed table that hold at least one value.

    A consent of which nothing is known is none: "unknown" counts as an empty cell.
    """
    import narwhals.stable.v2 as nw

    names = frame.collect_schema().names()
    said = [nw.col(n) if n != "consent" else _said(nw.col(n)).alias(n) for n in names]
    counts = engine.collect(frame.select(column.count() for column in said)).row(0)
    return tuple(name for name, count in zip(names, counts, strict=True) if count)


def _said(consent: nw.Expr) -> nw.Expr:
    import narwhals.stable.v2 as nw

    return nw.when(consent != "unknown").then(consent)


def _sum_of(body: Mapping[str, object]) -> int:
    return zlib.crc32(json.dumps(body, sort_keys=True).encode())
