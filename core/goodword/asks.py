"""Our tasks as they stand: the host's rows, completed by what only the ledger knows.

A task just written may not be in the snapshot yet: it counts as open. A task the ledger wrote
that is gone from the host was deleted by a rep: it counts as an answer, and is never made again.
One that had been answered before it went keeps its answer: "never" outlives the task list, and so
does the name of somebody they sent us.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from goodword.tables import TABLES, Frame

if TYPE_CHECKING:
    from goodword.engines import Engine
    from goodword.ledger import Outstanding


def completed_asks(asks: Frame, outstanding: Iterable[Outstanding], engine: Engine) -> Frame:
    """Return the ``asks`` table with a row for every task the ledger wrote and the host lacks.

    Args:
        asks: The host's rows.
        outstanding: Tasks of the ledger that the host did not show yet, or shows no more.
        engine: Where the rows are made.
    """
    import narwhals.stable.v2 as nw

    tasks = {task.key: task for task in outstanding}
    if not tasks:
        return asks
    shown = asks.filter(nw.col("task_key").is_in(list(tasks))).select("task_key")
    for key in engine.collect(shown)["task_key"].to_list():
        tasks.pop(key, None)
    rows = [_row(task) for task in tasks.values()]
    return nw.concat([asks, engine.rows(rows, TABLES["asks"].types)]) if rows else asks


def tasks_of_nobody(tables: Mapping[str, Frame], engine: Engine) -> tuple[str, ...]:
    """Return, for each open task about somebody who is no longer a contact, the contact's id.

    Args:
        tables: Canonical tables; who was merged into somebody else is somebody still.
        engine: Where they are looked for.
    """
    import narwhals.stable.v2 as nw

    unanswered = (nw.col("state") == "open") & nw.col("outcome").is_null()
    left = tables["asks"].filter(unanswered & ~nw.col("contact_id").is_null())
    for table in ("contacts", "aliases"):
        known = tables[table].select("contact_id")
        left = left.join(known, on="contact_id", how="anti")
    return tuple(sorted(map(str, engine.collect(left.select("contact_id"))["contact_id"])))


def _row(task: Outstanding) -> Mapping[str, object]:
    gone, last = task.missing_since, task.last
    answered = last.get("state") not in (None, "", "open")
    deleted = None if answered else gone
    done_at = datetime.fromisoformat(last["done_at"]) if last.get("done_at") else None
    return {
        "task_key": task.key,
        "remote_id": task.remote_id,
        "contact_id": task.contact_id,
        "owner_id": task.owner_id,
        "play": task.play,
        "cycle": task.cycle,
        "state": last["state"] if answered else "deleted" if deleted else "open",
        "edited": False,
        "created_at": task.at.replace(tzinfo=None),
        "due_at": datetime(task.due.year, task.due.month, task.due.day),
        "done_at": done_at
        or (datetime(deleted.year, deleted.month, deleted.day) if deleted else None),
        "outcome": last.get("outcome"),
        "outcome_at": datetime.fromisoformat(last["outcome_at"])
        if last.get("outcome_at")
        else None,
        "outcome_name": last.get("outcome_name"),
    }
