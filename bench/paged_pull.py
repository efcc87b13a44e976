"""Pulls of any size through the sink of the mirror: what they take, and how much memory.

A connector that hands over pages of rows, as the API of a CRM gives them: plain dicts, a hundred at
a time. What the host itself would take is not part of it.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import timedelta
from pathlib import Path

import polars as pl
from figures import Reading
from large_firm import LEFT_OUT, NOW

PAGE = 100
"""Rows a call, as HubSpot's batches."""
PER_MEBIBYTE = 1024.0 * 1024.0 if sys.platform == "darwin" else 1024.0
"""Units of the system's peak memory in a mebibyte."""
NEWS = 1_000
"""Contacts of an incremental pull."""


def write_pages(folder: Path, contacts: int) -> None:
    """Write what the invented host holds, a file a page of people, so that reading it is cheap."""
    from invented_firm import tables

    folder.mkdir()
    for number, (table, page) in enumerate(tables(contacts)):
        page.write_parquet(folder / f"{number:06}-{table}.parquet", row_group_size=20_000)


def pull_in_this_process(pages: Path, mirror: Path) -> list[Reading]:
    """Pull everything in *pages* into the new *mirror*; return what that took."""
    from goodword.connector import Cursor
    from goodword.engines import open_engine
    from goodword.mirror import Mirror
    from goodword.tables import TABLES

    began = time.perf_counter(), time.process_time()
    intake = Mirror(mirror, open_engine("polars"), {}).intake()
    intake.whole(*(TABLES.keys() - LEFT_OUT))
    rows = 0
    for path in sorted(pages.glob("*.parquet")):
        table = path.stem.partition("-")[2]
        total = int(pl.scan_parquet(path).select(pl.len()).collect().item())
        for start in range(0, total, 5_000):
            some = pl.scan_parquet(path).slice(start, 5_000).collect()
            dicts = some.to_dicts()
            for first in range(0, len(dicts), PAGE):
                intake.put(table, dicts[first : first + PAGE])
        rows += total
    intake.commit(Cursor({"version": "1"}), NOW)
    return [Reading("rows", "", rows), *_taken(began)]


def merge_in_this_process(pages: Path, mirror: Path) -> list[Reading]:
    """Merge an incremental pull of ``NEWS`` contacts, with what happened to them since."""
    from goodword.connector import Cursor
    from goodword.engines import open_engine
    from goodword.mirror import Mirror

    began = time.perf_counter(), time.process_time()
    intake = Mirror(mirror, open_engine("polars"), {}).intake()
    for table in ("contacts", "deals", "activities", "own_fields"):
        found = next(pages.glob(f"*-{table}.parquet"), None)
        if found is None:
            continue
        rows = pl.scan_parquet(found).head(NEWS).collect().to_dicts()
        for first in range(0, len(rows), PAGE):
            intake.put(table, rows[first : first + PAGE])
    intake.remove("activities", [{"activity_id": "v0-0"}])
    intake.commit(Cursor({"version": "2"}), NOW + timedelta(days=1))
    return _taken(began)


def _taken(began: tuple[float, float]) -> list[Reading]:
    return [
        Reading("wall", "s", time.perf_counter() - began[0]),
        Reading("CPU", "s", time.process_time() - began[1]),
        Reading(
            "peak memory", "MiB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / PER_MEBIBYTE
        ),
    ]
