"""Pulls of any size through the sink of the mirror: what they take, and how much memory.

A connector that hands over pages of rows, as the API of a CRM gives them: plain dicts, a hundred at
a time. What the host itself would take is not part of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from figures import Reading
from large_firm import LEFT_OUT
from large_plan import NOW

if TYPE_CHECKING:
    from goodword.intake import Intake
    from goodword.mirror import Mirror

PAGE = 100
"""Rows a call, as HubSpot's batches."""
NEWS = 1_000
"""Contacts of an incremental pull."""
CHANGED: dict[str, tuple[str, object]] = {
    "contacts": ("city", "New Town"),
    "deals": ("kind", "repeat"),
    "activities": ("subject", "Moved"),
    "own_fields": ("score", 42),
}
"""What an incremental pull brings, and what is other there than before."""


def write_pages(folder: Path, contacts: int) -> None:
    """Write what the invented host holds, a file a page of people, so that reading it is cheap.

    Beside it, what it says when asked for news: of ``NEWS`` people spread over all of it, each has
    changed, so has every deal of theirs and our fields, one activity in two, and one is new.
    """
    from invented_firm import tables

    folder.mkdir()
    news = folder / "news"
    news.mkdir()
    about: dict[str, list[pl.DataFrame]] = defaultdict(list)
    for number, (table, page) in enumerate(_with_own_fields(tables(contacts))):
        page.write_parquet(folder / f"{number:06}-{table}.parquet", row_group_size=20_000)
        if table in CHANGED:
            about[table].append(page.filter(_asked(table, max(1, contacts // NEWS))))
    for table, pages in about.items():
        _changed(table, pl.concat(pages)).write_parquet(news / f"{table}.parquet")


def _with_own_fields(
    pages: Iterator[tuple[str, pl.DataFrame]],
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the pages, and our fields on the host as some earlier plan left them."""
    number = pl.col("contact_id").str.slice(1).cast(pl.Int64)
    for table, page in pages:
        yield table, page
        if table == "contacts":
            yield (
                "own_fields",
                page.select(
                    "contact_id",
                    pl.lit("buy").alias("stage"),
                    pl.lit("Nurture").alias("segment"),
                    (number * 7 % 101).alias("score"),
                    pl.lit("2026-12-01").alias("next_ask"),
                    (pl.lit("Wait: asked on day ") + (number % 90).cast(pl.String)).alias("why"),
                ),
            )


def _asked(table: str, every: int) -> pl.Expr:
    """Return whether a row is about one of the people who have news."""
    key = {"deals": "deal_id", "activities": "activity_id"}.get(table, "contact_id")
    person = pl.col(key).str.extract(r"^[a-z]([0-9]+)", 1).cast(pl.Int64)
    return person % every == every // 2


def _changed(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows as they are now."""
    column, value = CHANGED[table]
    now = rows.with_columns(pl.lit(value, dtype=rows.schema[column]).alias(column))
    if table != "activities":
        return now
    people = now.unique("contact_id", keep="first", maintain_order=True)
    fresh = people.with_columns((pl.col("activity_id") + pl.lit("-new")).alias("activity_id"))
    return pl.concat([now.gather_every(2), fresh])


def pull_in_this_process(pages: Path, mirror: Path) -> list[Reading]:
    """Pull everything in *pages* into the new *mirror*; return what that took."""
    from goodword.connector import Cursor
    from goodword.tables import TABLES

    intake = _opened(mirror).intake()
    intake.whole(*(TABLES.keys() - LEFT_OUT))
    rows = 0
    for path in sorted(pages.glob("*.parquet")):
        table = path.stem.partition("-")[2]
        total = int(pl.scan_parquet(path).select(pl.len()).collect().item())
        for start in range(0, total, 5_000):
            some = pl.scan_parquet(path).slice(start, 5_000).collect()
            _put(intake, table, some)
        rows += total
    intake.commit(Cursor({"version": "1"}), NOW)
    return [Reading("rows", "", rows), *_on_disk(mirror)]


def merge_in_this_process(pages: Path, mirror: Path) -> list[Reading]:
    """Merge an incremental pull of ``NEWS`` contacts, with what happened to them since."""
    from goodword.connector import Cursor

    intake = _opened(mirror).intake()
    rows = 0
    for path in sorted((pages / "news").glob("*.parquet")):
        some = pl.read_parquet(path)
        _put(intake, path.stem, some)
        rows += some.height
    intake.remove("activities", [{"activity_id": "v0-0"}])
    intake.commit(Cursor({"version": "2"}), NOW + timedelta(days=1))
    return [Reading("rows", "", rows), *_on_disk(mirror)]


def _put(intake: Intake, table: str, rows: pl.DataFrame) -> None:
    dicts = rows.to_dicts()
    for first in range(0, len(dicts), PAGE):
        intake.put(table, dicts[first : first + PAGE])


def _opened(mirror: Path) -> Mirror:
    from goodword.engines import open_engine
    from goodword.mirror import Mirror

    return Mirror(mirror, open_engine("polars"), {})


def _on_disk(mirror: Path) -> list[Reading]:
    """Return how many snapshots there are, and the room they take, shared files once."""
    files = {path.stat().st_ino: path.stat().st_size for path in mirror.rglob("*.parquet")}
    snapshots = [path for path in mirror.iterdir() if path.name.isdigit()]
    return [
        Reading("snapshots on disk", "", len(snapshots)),
        Reading("room they take", "MiB", sum(files.values()) / 1024 / 1024),
    ]
