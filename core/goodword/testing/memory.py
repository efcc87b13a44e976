"""A complete host in memory, for tests of plugins and of goodword itself: as strict as a CRM.

It refuses people and fields it does not know, writes a key once, hands tasks and fields back with
the next pull, and lets a test play the rep (``complete``, ``edit``, ``delete``), the admin
(``put``, ``remove``, ``merge``, ``erase``) and bad luck (``fail_next``, ``crash_after``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from goodword.connector import Capability, Check, Cursor, Found, Sink, WriteResult
from goodword.errors import ConnectorError, RecordError
from goodword.model import OUTCOMES
from goodword.own_fields import PLAIN
from goodword.tables import TABLES
from goodword.testing.memory_forget import forget_person
from goodword.testing.memory_host import MemoryHost, Row, key_columns
from goodword.testing.memory_writes import NEEDS, write_action

if TYPE_CHECKING:
    from pathlib import Path

    from goodword.model import Action

ALL = frozenset(Capability) - {Capability.RESTORE}
"""What the host in memory can hold, unless told otherwise."""
_READ_BACK = {
    Capability.FIELDS: "own_fields",
    Capability.TASKS: "asks",
    Capability.NOTES: "activities",
    Capability.LINKS: "referrals",
}


class Crash(BaseException):
    """The process dies here, as far as the code under test can tell."""


class MemoryConnector:
    """A connector whose host is this object.

    Args:
        tables: Canonical tables as plain rows; a table named here is served even when empty.
        path: JSON file that keeps the host between processes; an existing one is read and
            *tables* left aside.
        account: Stable id of the host account.
        capabilities: What the host can hold.
        fields: Which of our own fields it can hold.
        today: The host's clock; tests may move it.
        run_id: Run the connector is open for, kept with each task it writes.
        sandbox: Whether the account is a test account.
    """

    def __init__(
        self,
        tables: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
        *,
        path: Path | None = None,
        account: str = "memory",
        capabilities: frozenset[Capability] = ALL,
        fields: frozenset[str] = frozenset(PLAIN),
        today: date = date(2026, 11, 20),
        run_id: str = "",
        sandbox: bool = False,
    ) -> None:
        self.today = today
        self.run_id = run_id
        self.sandbox = sandbox
        self.capabilities = capabilities
        self.host = MemoryHost(path)
        self._account = account
        self._fields = fields if Capability.FIELDS in capabilities else frozenset()
        self._failures: list[tuple[str, ConnectorError]] = []
        self._left: int | None = None
        self._crash: Callable[[], None] = _die
        if not self.host.load():
            for capability in sorted(capabilities & _READ_BACK.keys()):
                self.host.open_table(_READ_BACK[capability])
            self.put(**(tables or {}))

    # -- the connector's verbs

    @property
    def account(self) -> str:
        """Stable id of the host account."""
        return self._account

    @property
    def fields(self) -> frozenset[str]:
        """Our own fields this host can hold."""
        return self._fields

    def check(self) -> Sequence[Check]:
        """Report that the host is there; changes nothing."""
        self._meet("check")
        contacts = len(self.host.rows("contacts"))
        return [Check("host", ok=True, detail=f"{contacts} contacts in memory")]

    def pull(self, cursor: Cursor | None, sink: Sink) -> Cursor:
        """Stream what changed since *cursor*, a version number; everything without one."""
        self._meet("pull")
        since = int(cursor.value.get("version", "0")) if cursor is not None else 0
        whole = cursor is None or since > self.host.version
        for table in self.host.tables:
            if whole:
                sink.whole(table)
                sink.put(table, self.host.rows(table))
                continue
            changes = list(self.host.changes(table, since))
            sink.put(table, [row for _, row in changes if row is not None])
            sink.remove(table, key_columns(table, [key for key, row in changes if row is None]))
        erased = [one for one, version in self.host.erased.items() if whole or version > since]
        if erased:
            sink.forgotten(*erased)
        return Cursor({"version": str(self.host.version)})

    def find(self, keys: Sequence[str]) -> Mapping[str, Found]:
        """Return which of our tasks and notes with these keys exist."""
        self._meet("find")
        found: dict[str, Found] = {}
        for key in keys:
            task = self.host.get("asks", (key,))
            if task is not None:
                state, edited = str(task["state"]), bool(task["edited"])
                found[key] = Found(key, str(task["remote_id"]), state, edited)
            elif self.host.receipts.get(key, {}).get("kind") == "log_activity":
                found[key] = Found(key, self.host.receipts[key]["remote_id"], "done")
        return found

    def write(self, batch: Sequence[Action]) -> Sequence[WriteResult]:
        """Write the actions one by one, each stored before the next begins."""
        self._meet("write")
        return [self._write(action) for action in batch]

    def _write(self, action: Action) -> WriteResult:
        if NEEDS[action.kind] not in self.capabilities:
            error = f"This host takes no {action.kind}."
            return WriteResult(action.key, ok=False, error=error)
        try:
            result = write_action(self.host, action, self._fields, self.today, self.run_id)
        except RecordError as refused:
            return WriteResult(action.key, ok=False, error=str(refused))
        self.host.save()
        self._count_down()
        return result

    def forget(self, contact_id: str) -> Sequence[str]:
        """Remove our tasks, notes and fields of one person; say what is left."""
        self._meet("forget")
        left = forget_person(self.host, contact_id)
        self.host.save()
        return left

    # -- the admin of the host

    def put(self, **tables: Sequence[Mapping[str, object]]) -> None:
        """Add or replace rows: ``put(contacts=[{"contact_id": "c1"}])``."""
        for table, rows in tables.items():
            self.host.open_table(table)
            for row in rows:
                self.host.put(table, row)
        self.host.save()

    def remove(self, table: str, *key: str) -> None:
        """Delete a row by its key."""
        self.host.remove(table, key)
        self.host.save()

    def merge(self, old: str, new: str) -> None:
        """Merge contact *old* into *new*: its page goes, an alias stays, history keeps *old*."""
        self.host.put("aliases", {"alias_id": old, "contact_id": new})
        self.host.remove("contacts", (old,))
        self.host.remove("own_fields", (old,))
        self.host.save()

    def erase(self, contact_id: str) -> None:
        """Erase a person for privacy: the page goes, and the next pull says so."""
        self.host.erase(contact_id)
        self.host.save()

    # -- the rep at the host

    def complete(
        self,
        key: str,
        outcome: str | None = None,
        *,
        on: date | None = None,
        name: str | None = None,
        until: date | None = None,
        channel: str | None = None,
    ) -> None:
        """Complete a task, with the outcome and what belongs to it, if the rep gives one."""
        if outcome is not None and outcome not in OUTCOMES:
            msg = f"{outcome!r} is no outcome."
            raise RecordError(msg, hint=f"Outcomes: {', '.join(OUTCOMES)}.")
        answer = {"outcome": outcome, "outcome_name": name, "outcome_at": until, "channel": channel}
        self._change_task(key, state="done", done_at=on or self.today, **answer)

    def edit(self, key: str) -> None:
        """Change the words of a task, as a rep may."""
        self._change_task(key, edited=True)

    def delete(self, key: str) -> None:
        """Delete a task, as a rep may."""
        self.task(key)
        self.remove("asks", key)

    def _change_task(self, key: str, **changes: object) -> None:
        self.put(asks=[{**self.task(key), **changes}])

    # -- what the host holds now

    def rows(self, table: str) -> list[Row]:
        """Return the rows of *table* as the host has them."""
        return self.host.rows(table)

    def tasks(self, *states: str) -> list[Row]:
        """Return our tasks (in one of *states*, if given) with their subject and body."""
        found = [row for row in self.rows("asks") if not states or row["state"] in states]
        return [{**row, **self.words(str(row["task_key"]))} for row in found]

    def task(self, key: str) -> Row:
        """Return one of our tasks.

        Raises:
            RecordError: There is no such task.
        """
        row = self.host.get("asks", (key,))
        if row is None:
            msg = f"There is no task {key!r}."
            raise RecordError(msg, hint="Look at tasks() for those there are.")
        return row

    def words(self, key: str) -> dict[str, str]:
        """Return subject and body of one of our tasks or notes."""
        receipt = self.host.receipts.get(key, {})
        return {name: receipt.get(name, "") for name in ("subject", "body")}

    def own_fields(self, contact_id: str) -> Row:
        """Return our fields on one contact; empty before the first write."""
        row = self.host.get("own_fields", (contact_id,)) or {}
        return {name: value for name, value in row.items() if name in TABLES["own_fields"].types}

    # -- bad luck

    def fail_next(self, error: ConnectorError, verb: str = "") -> None:
        """Raise *error* at the next call (of *verb*: check, pull, find, write or forget), once."""
        self._failures.append((verb, error))

    def crash_after(self, writes: int, crash: Callable[[], None] | None = None) -> None:
        """Let the process die right after the host has stored *writes* more actions.

        Args:
            writes: Actions still stored; the caller never hears of the last batch.
            crash: Called to die; raises ``Crash`` unless a test kills a real process.
        """
        self._left = writes
        self._crash = crash or _die

    def _meet(self, verb: str) -> None:
        for number, (at, error) in enumerate(self._failures):
            if at in ("", verb):
                del self._failures[number]
                raise error

    def _count_down(self) -> None:
        if self._left is None:
            return
        self._left -= 1
        if self._left <= 0:
            self._left = None
            self._crash()


def _die() -> None:
    raise Crash
