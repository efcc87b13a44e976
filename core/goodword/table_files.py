"""The files of one table of a snapshot: its body and, beside a large one, what came since.

A table that a pull changes is written anew. Beside a large body, a pull that brings little writes
two small files instead: the rows that came since, and the keys of the body that no longer hold. The
body is then the file of the snapshot before, under a second name where the disk can do that. It is
written anew when what came since grows to a twentieth of it, and after ten pulls in any case: what
the host removed or replaced does not stay on disk for long.
"""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from goodword.tables import TABLES, ColumnType, Frame

if TYPE_CHECKING:
    from pathlib import Path

    import narwhals.stable.v2 as nw

    from goodword.engines import Engine

LARGE = 100_000
"""Rows from which a body is left as it is."""
PART = 20
"""What came since may be one part in so many of the body."""
PULLS = 10
"""Pulls after which a body is written anew."""
_CHUNK = 1 << 20
"""Bytes read at a time for a sum; 200 MB take about 0.1 s."""


class FileSum(BaseModel):
    """Size in bytes and CRC32 of one file."""

    model_config = ConfigDict(frozen=True)

    size: int
    crc32: int


class Body(BaseModel):
    """One table on disk: rows of its body, of what came since, and the keys that are gone.

    ``filled`` counts, for each column of the body, the rows with a value; ``pulls`` those that left
    it as it was.
    """

    model_config = ConfigDict(frozen=True)

    rows: int
    filled: Mapping[str, int]
    since: int = 0
    gone: int = 0
    pulls: int = 0

    def takes(self, keys: int) -> bool:
        """Say whether the body may stay as it is when *keys* more rows changed."""
        new = self.since + self.gone + keys
        return self.rows >= LARGE and new * PART <= self.rows and self.pulls < PULLS


@dataclass(frozen=True, slots=True)
class Change:
    """What a pull changes of a table whose body stays: all keys gone, all rows since."""

    gone: Frame
    since: Frame


def body_of(table: str) -> str:
    """Return the name of the file of a table's body."""
    return f"{table}.parquet"


def names_of(table: str, body: Body | None) -> dict[str, str]:
    """Return the file of each part of a table that it has: ``body``, ``gone``, ``since``."""
    names = {"body": body_of(table)}
    if body is not None and body.gone:
        names["gone"] = f"{table}.gone.parquet"
    if body is not None and body.since:
        names["since"] = f"{table}.since.parquet"
    return names


def table_in(
    folder: Path, table: str, body: Body | None, types: Mapping[str, ColumnType], engine: Engine
) -> Frame:
    """Return the rows of a table in *folder*.

    Raises:
        ValueError: A file is damaged.
    """
    import narwhals.stable.v2 as nw

    names = names_of(table, body)
    rows = engine.scan(folder / names["body"], types)
    if "gone" in names:
        rows = rows.join(gone_in(folder, table, engine), on=list(TABLES[table].key), how="anti")
    if "since" in names:
        rows = nw.concat([rows, engine.scan(folder / names["since"], types)])
    return rows


def gone_in(folder: Path, table: str, engine: Engine) -> Frame:
    """Return the keys of the body in *folder* that no longer hold, where there are any."""
    return engine.scan(folder / f"{table}.gone.parquet", key_types(table))


def key_types(table: str) -> dict[str, ColumnType]:
    """Return the columns of a table's key: texts, all of them."""
    return dict.fromkeys(TABLES[table].key, "text")


def write_body(
    folder: Path, table: str, frame: Frame, engine: Engine
) -> tuple[Body, tuple[str, ...]]:
    """Write a table anew; return what there is of it, and its columns with at least one value.

    Raises:
        SourceError: The disk is full or not writable.
    """
    path = folder / body_of(table)
    body = Body(rows=engine.write(frame, path), filled=counts_of(engine.read(path), engine))
    return body, tuple(name for name, count in body.filled.items() if count)


def carry(
    source: Path, folder: Path, table: str, body: Body, change: Change | None, engine: Engine
) -> tuple[Body, tuple[str, ...]] | None:
    """Take a table over from *source* with what changed beside its body.

    Args:
        source: Folder of the snapshot before.
        folder: Where the table goes.
        table: Its name.
        body: What *source* holds of it.
        change: What is beside the body from now on; None for what is there already.
        engine: What computes it.

    Returns:
        What is in *folder* now, and the columns with at least one value; None where too much of the
        body is gone to tell the latter, and nothing is left in *folder*.

    Raises:
        SourceError: The disk is full or not writable.
    """
    if change is None:
        for name in names_of(table, body).values():
            _share(source / name, folder / name)
        since = _beside(folder, table, body, engine)
    else:
        gone = engine.write(change.gone, folder / f"{table}.gone.parquet")
        rows = engine.write(change.since, folder / f"{table}.since.parquet")
        body = body.model_copy(update={"gone": gone, "since": rows, "pulls": body.pulls + 1})
        since = _beside(folder, table, body, engine)
        for part in {"gone", "since"} - names_of(table, body).keys():
            (folder / f"{table}.{part}.parquet").unlink()
        _share(source / body_of(table), folder / body_of(table))
    if any(0 < body.filled[name] <= body.gone and not since.get(name) for name in body.filled):
        for name in names_of(table, body).values():
            (folder / name).unlink()
        return None
    filled = (name for name, count in body.filled.items() if count or since.get(name))
    return body, tuple(filled)


def _beside(folder: Path, table: str, body: Body, engine: Engine) -> Mapping[str, int]:
    """Return how many of the rows that came since have a value, by column."""
    name = names_of(table, body).get("since")
    return {} if name is None else counts_of(engine.read(folder / name), engine)


def _share(source: Path, target: Path) -> None:
    """Give a file a second name, or copy it where the disk knows no second names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def counts_of(frame: Frame, engine: Engine) -> dict[str, int]:
    """Return how many rows of a computed table have a value, by column.

    A consent of which nothing is known is none: "unknown" counts as an empty cell.
    """
    import narwhals.stable.v2 as nw

    names = frame.collect_schema().names()
    said = [nw.col(n) if n != "consent" else _said(nw.col(n)).alias(n) for n in names]
    counts = engine.collect(frame.select(column.count() for column in said)).row(0)
    return dict(zip(names, counts, strict=True))


def _said(consent: nw.Expr) -> nw.Expr:
    import narwhals.stable.v2 as nw

    return nw.when(consent != "unknown").then(consent)


def sum_of_file(path: Path) -> FileSum:
    """Return size and CRC32 of a file, read in pieces."""
    found = 0
    with path.open("rb", buffering=0) as file:
        while piece := file.read(_CHUNK):
            found = zlib.crc32(piece, found)
    return FileSum(size=path.stat().st_size, crc32=found)


def reach_the_disk(path: Path) -> None:
    """Wait until the file at *path* would survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
