"""A bulk job: what was asked, how far it is, and what became of each row."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Job:
    """One job.

    Args:
        id: Its id.
        kind: ``ingest`` or ``query``.
        operation: insert, update, upsert or delete; query or queryAll.
        object: Object it writes to.
        user_id: Who made it.
        created: Moment.
        key: External id field of an upsert.
        soql: What a query job asks.
        line_ending: LF or CRLF.
        state: As the API calls it.
        data: The uploaded text.
        header: Columns of the data.
        polls: How often it was asked about since it was closed.
        done: Results of rows that worked: id, created, and the row.
        failed: Results of rows that did not: id, error, and the row.
        rows: Answer of a query, without the header.
        message: Why the whole job failed.
    """

    id: str
    kind: str
    operation: str
    object: str
    user_id: str
    created: str
    key: str = ""
    soql: str = ""
    line_ending: str = "LF"
    state: str = "Open"
    data: str = ""
    header: list[str] = field(default_factory=list)
    polls: int = 0
    done: list[list[str]] = field(default_factory=list)
    failed: list[list[str]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    message: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {"JobComplete", "Failed", "Aborted"}
