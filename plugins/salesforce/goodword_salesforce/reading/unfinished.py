"""Names on completed tasks that no outcome stands beside: they are told, and counted with one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from goodword_salesforce.names import NAME, OUTCOME
from goodword_salesforce.reading.columns import TASK
from goodword_salesforce.seam.values import Row, is_true

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk

NAMED = 5
"""Most tasks a notice names."""


def tell_unfinished(desk: Desk, sink: Sink, rows: Iterable[Row]) -> None:
    """Say which completed tasks of ours have a name and no outcome."""
    if not desk.has(TASK, OUTCOME):
        return
    done = (row for row in rows if is_true(row, "IsClosed") and not is_true(row, "IsDeleted"))
    left = sorted(row["Id"] for row in done if NAME in row and OUTCOME not in row)
    if left:
        more = f" and {len(left) - NAMED:,} more" if len(left) > NAMED else ""
        text = "A name on a completed task of ours counts once the outcome says that it was given"
        where = f"(record ID {', '.join(left[:NAMED])}{more})"
        sink.notice("answers", f"{text} {where}: choose 'Yes, gave a name' on the task.")
