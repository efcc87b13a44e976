"""What a pull makes of a table: the rows before and the new ones, by key, the newest of each.

Only what replaces something is compared: the rows before with the keys of the new parts, and a new
part with the keys that a later one brings again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword.table_files import Body, Change, gone_in, key_types, names_of
from goodword.tables import TABLES, Frame

if TYPE_CHECKING:
    from pathlib import Path

    from goodword.arrivals import Arrivals
    from goodword.engines import Engine

FEW = 200_000
"""Keys that may be looked up one by one."""


def merged(former: Frame | None, news: Arrivals, engine: Engine) -> Frame:
    """Return the former rows and the new ones, newest row of each key, without the removed."""
    import narwhals.stable.v2 as nw

    table, arrived = news.table, news.latest()
    frames = [] if former is None else [former]
    if former is not None and arrived:
        frames = [_lacking(former, table, news.keys(), news.rows, engine)]
    frames += arrived
    if not frames:
        return engine.rows([], news.types)
    rows = nw.concat(frames) if len(frames) > 1 else frames[0]
    if news.removed:
        rows = _lacking(rows, table, _removed(news, engine), len(news.removed), engine)
    return rows.select(list(news.types))


def change(folder: Path, body: Body, news: Arrivals, engine: Engine) -> Change:
    """Return what stands beside the body in *folder* once the new rows are merged."""
    import narwhals.stable.v2 as nw

    table, names = news.table, names_of(news.table, body)
    rows = engine.scan(folder / names["body"], key_types(table))
    key = list(TABLES[table].key)
    keys = nw.concat([news.keys(), _removed(news, engine)]) if news.rows else _removed(news, engine)
    ids = engine.collect(keys.select(key[0]).unique())[key[0]].to_list()
    gone = rows.filter(nw.col(key[0]).is_in(ids)).join(keys, on=key, how="semi")
    if "gone" in names:
        gone = nw.concat([gone_in(folder, table, engine), gone]).unique()
    since = engine.scan(folder / names["since"], news.types) if "since" in names else None
    return Change(gone, merged(since, news, engine))


def _removed(news: Arrivals, engine: Engine) -> Frame:
    return engine.rows(list(news.removed.values()), key_types(news.table))


def _lacking(frame: Frame, table: str, keys: Frame, number: int, engine: Engine) -> Frame:
    """Return the rows of *frame* whose key is none of *keys*, of which there are *number*.

    A few keys are looked up row by row as the table passes; a join may hold all of it.
    """
    import narwhals.stable.v2 as nw

    key = list(TABLES[table].key)
    if number > FEW:
        return frame.join(keys, on=key, how="anti")
    ids = engine.collect(keys.select(key[0]).unique())[key[0]].to_list()
    named = nw.col(key[0]).is_in(ids)
    if len(key) == 1:
        return frame.filter(~named)
    touched = frame.filter(named).join(keys, on=key, how="anti")
    return nw.concat([frame.filter(~named), touched])
