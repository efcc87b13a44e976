"""Cases of contacts, open and closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from goodword_salesforce.seam.values import Row, is_true, moment

if TYPE_CHECKING:
    from goodword import Sink


def put_cases(sink: Sink, rows: Sequence[Row]) -> None:
    """Hand over cases; those that were deleted, or belong to nobody any more, go."""
    kept = [row for row in rows if "ContactId" in row and not is_true(row, "IsDeleted")]
    here = {row["Id"] for row in kept}
    sink.remove("tickets", [{"ticket_id": row["Id"]} for row in rows if row["Id"] not in here])
    sink.put(
        "tickets",
        [
            {
                "ticket_id": row["Id"],
                "contact_id": row["ContactId"],
                "kind": _kind(row),
                "status": "closed" if is_true(row, "IsClosed") else "open",
                "opened_at": moment(row, "CreatedDate"),
                "closed_at": moment(row, "ClosedDate"),
            }
            for row in kept
        ],
    )


def _kind(row: Row) -> str:
    """Return the kind; orgs that tell complaints apart do it by a type of their own."""
    if is_true(row, "IsEscalated"):
        return "escalation"
    return "complaint" if "complaint" in row.get("Type", "").lower() else "ticket"
