"""Our tasks as they stand: the host's rows, completed by what only the ledger knows.

A task just written may not be in the snapshot yet: it counts as open. A task the ledger wrote
that is gone from the host was deleted by a rep: it counts as an answer, and is never made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from goodword.tables import TABLES, Frame

if TYPE_CHECKING:
    from goodword.engines import Engine
    from goodword.ledger import Entry
    from goodword.model import CreateTask


def completed_asks(
    asks: Frame, written: Iterable[tuple[CreateTask, Entry]], engine: Engine
) -> Frame:
    """Return the ``asks`` table with a row for every task the ledger wrote and the host lacks.

    Args:
        asks: The host's rows.
        written: Tasks of the ledger with their entries.
        engine: Where the rows are made.
    """
    import narwhals.stable.v2 as nw

    present = set(engine.collect(asks.select("task_key"))["task_key"].to_list())
    rows = [
        _row(task, entry)
        for task, entry in written
        if entry.state in {"done", "intent"} and task.key not in present
    ]
    if not rows:
        return asks
    return nw.concat([asks, engine.rows(rows, TABLES["asks"].types)])


def _row(task: CreateTask, entry: Entry) -> Mapping[str, object]:
    gone = entry.missing_since
    return {
        "task_key": task.key,
        "remote_id": entry.remote_id,
        "contact_id": task.contact_id,
        "owner_id": task.owner_id,
        "play": task.play,
        "cycle": task.cycle,
        "state": "deleted" if gone else "open",
        "edited": False,
        "created_at": entry.at.replace(tzinfo=None),
        "due_at": datetime(task.due.year, task.due.month, task.due.day),
        "done_at": datetime(gone.year, gone.month, gone.day) if gone else None,
    }
