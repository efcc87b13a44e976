"""What the contract looks at: a pull as tables, a batch of actions that fits the host."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from goodword.engines import open_engine
from goodword.mirror import Mirror, Snapshot
from goodword.model import (
    Action,
    CloseTask,
    CreateTask,
    LinkReferral,
    LogActivity,
    RemoveTask,
    SetFields,
    UpdateTask,
    action_key,
    task_key,
)
from goodword.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from goodword.connector import Connector, Cursor, Sink
    from goodword.tables import ColumnType

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DUE = date(2026, 11, 24)
STRANGER = "goodword-contract-nobody"
"""A contact no host has."""
PRIVATE = "Xanthe Quill-Ferrous"
"""An invented name put into the words of tasks; it may not come back in any error."""
VALUES: dict[str, str | int] = {
    "stage": "repeat",
    "segment": "Advocate",
    "score": 42,
    "next_ask": "2026-12-01",
    "why": "Wait until 2026-12-01: asked on 2026-09-02",
    "clv": 1250,
    "crv": 340,
}
"""A value for each of our fields."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Pulled:
    """A host as one pull showed it, through a real mirror."""

    snapshot: Snapshot

    def rows(self, table: str) -> Rows:
        """Return the rows of *table*, ordered by key."""
        native = self.snapshot.tables[table].collect("polars").to_native()
        found: Rows = native.to_dicts()
        key = TABLES[table].key
        return sorted(found, key=lambda row: tuple(str(row[name]) for name in key))

    def all_rows(self) -> dict[str, Rows]:
        """Return every table that is available."""
        return {table: self.rows(table) for table in sorted(self.snapshot.available)}

    def ask(self, key: str) -> dict[str, Any]:
        """Return our task of this key as it was read back; empty if it was not."""
        return next((row for row in self.rows("asks") if row["task_key"] == key), {})

    def own(self, contact_id: str) -> dict[str, Any]:
        """Return our fields on one contact; empty if none were read back."""
        found = (row for row in self.rows("own_fields") if row["contact_id"] == contact_id)
        return next(found, {})

    def contact_ids(self) -> list[str]:
        """Return the ids of all contacts, in order."""
        return [str(row["contact_id"]) for row in self.rows("contacts")]

    def owner_ids(self) -> list[str]:
        """Return the ids of reps who can be given tasks."""
        return [str(row["owner_id"]) for row in self.rows("owners") if row["active"] is not False]

    def private(self) -> set[str]:
        """Return names, addresses and numbers of people; none may stand in an error."""
        columns = ("name", "email", "phone")
        values = {row[name] for row in self.rows("contacts") for name in columns}
        return {value for value in values if value is not None and len(value) > 3}


class Puller:
    """Pulls again and again into one mirror, as the runs of a firm do.

    Args:
        folder: Where the mirror is.
        extra: Types of the firm's own contact columns, where the connector maps any.
    """

    def __init__(self, folder: Path, extra: dict[str, ColumnType]) -> None:
        self._mirror = Mirror(folder, open_engine("polars"), extra)

    def pull(self, connector: Connector, *, everything: bool = False) -> Pulled:
        """Pull what changed since the last time; *everything* forgets where that was."""
        before = self._mirror.load()
        cursor = before.cursor if before is not None and not everything else None
        intake = self._mirror.intake()
        cursor = connector.pull(cursor, intake)
        return Pulled(intake.commit(cursor, NOW))

    def listen(self, connector: Connector) -> tuple[set[str], set[str]]:
        """Return the tables a first pull filled, and those it called complete."""
        heard = Listening(self._mirror.intake())
        connector.pull(None, heard)
        return heard.filled, heard.complete


class Listening:
    """A sink that only listens: what was said to be whole, and the keys in the order they came."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.complete: set[str] = set()
        self.filled: set[str] = set()

    def put(self, table: str, rows: Iterable[Any]) -> None:
        """Note that *table* has rows."""
        kept = list(rows)
        if kept:
            self.filled.add(table)
        self._sink.put(table, kept)

    def remove(self, table: str, keys: Iterable[Any]) -> None:
        """Pass on."""
        self._sink.remove(table, list(keys))

    def whole(self, *tables: str) -> None:
        """Note the tables."""
        self.complete.update(tables)
        self._sink.whole(*tables)

    def absent(self, *tables: str) -> None:
        """Pass on."""
        self._sink.absent(*tables)

    def forgotten(self, *contact_ids: str) -> None:
        """Pass on."""
        self._sink.forgotten(*contact_ids)

    def notice(self, code: str, text: str) -> None:
        """Pass on."""
        self._sink.notice(code, text)


@dataclass(frozen=True, slots=True)
class Sample:
    """Makes actions for one contact of the host; equal arguments give equal keys.

    Args:
        account: Host account.
        contact_id: A contact that exists.
        other_id: Another one.
        owner_id: A rep who can be given tasks, or None where the host has none.
    """

    account: str
    contact_id: str
    other_id: str
    owner_id: str | None

    def task(self, cycle: str = "one", contact_id: str = "") -> CreateTask:
        """Return a task; *cycle* tells it from others."""
        contact = contact_id or self.contact_id
        return CreateTask(
            key=task_key(self.account, contact, "ask_referral", cycle),
            contact_id=contact,
            contact_name=PRIVATE,
            owner_id=self.owner_id,
            play="ask_referral",
            cycle=cycle,
            due=DUE,
            subject=f"Call {PRIVATE}",
            body=f"Ask {PRIVATE} who else could use a hand.",
            because=("rated us 9/10",),
            rank=1,
            asks=True,
        )

    def set_fields(
        self, values: dict[str, str | int | None], before: dict[str, str | int | None]
    ) -> SetFields:
        """Return a write of our fields on the contact."""
        key = action_key(self.account, self.contact_id, "set_fields", repr(sorted(values.items())))
        return SetFields(key=key, contact_id=self.contact_id, values=values, before=before)

    def move(self, task: CreateTask, owner_id: str) -> UpdateTask:
        """Return the move of *task* to another rep."""
        return UpdateTask(
            key=action_key(self.account, task.contact_id, "update_task", task.key + owner_id),
            task_key=task.key,
            contact_id=task.contact_id,
            owner_id=owner_id,
            before={"owner_id": task.owner_id},
        )

    def close(self, task: CreateTask) -> CloseTask:
        """Return the closing of *task*, long overdue."""
        return CloseTask(
            key=action_key(self.account, task.contact_id, "close_task", f"{task.key}:expired"),
            task_key=task.key,
            contact_id=task.contact_id,
            state="expired",
            reason="overdue",
        )

    def remove(self, task: CreateTask) -> RemoveTask:
        """Return the taking back of *task*."""
        return RemoveTask(
            key=action_key(self.account, task.contact_id, "remove_task", task.key),
            task_key=task.key,
            contact_id=task.contact_id,
        )

    def note(self) -> LogActivity:
        """Return a thank-you that was given."""
        return LogActivity(
            key=action_key(self.account, self.contact_id, "log_activity", "one"),
            contact_id=self.contact_id,
            owner_id=self.owner_id,
            activity="thank_you",
            at=date(2026, 11, 19),
            subject="Thank-you for a referral",
            body="Given in person by the rep who completed the task.",
        )

    def link(self) -> LinkReferral:
        """Return the link from the contact to the other one."""
        return LinkReferral(
            key=action_key(self.account, self.contact_id, "link_referral", self.other_id),
            contact_id=self.contact_id,
            referred_id=self.other_id,
            at=date(2026, 11, 18),
        )

    def each_kind(self, fields: frozenset[str]) -> list[Action]:
        """Return one new action of each kind that stands by itself."""
        values: dict[str, str | int | None] = {n: VALUES[n] for n in sorted(fields or VALUES)}
        before: dict[str, str | int | None] = dict.fromkeys(values)
        return [self.set_fields(values, before), self.task(), self.note(), self.link()]

    def for_stranger(self, fields: frozenset[str]) -> list[Action]:
        """Return one action of each kind for a contact the host does not have."""
        nobody = Sample(self.account, STRANGER, self.other_id, self.owner_id)
        return nobody.each_kind(fields)


def cursor_of(pulled: Pulled) -> Cursor | None:
    """Return where the next pull would continue."""
    return pulled.snapshot.cursor
