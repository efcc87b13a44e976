"""What the connector remembers in the state folder, beside the portal: a small JSON file.

All of it can be lost without harm: what was just written then shows up with HubSpot's own delay,
a portal's abilities are found out again, and who must not be asked stands in the portal itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from goodword import private_file

if TYPE_CHECKING:
    from pathlib import Path

FILE = "hubspot.json"
LOOKUPS = "hubspot-lookups.json"
"""What was looked up about the host today; see ``Lookups``."""
ATTEMPTS_KEPT = 400 * 86_400.0
"""Seconds a key is remembered that was sent; the ledger and the portal itself know it longer."""
KEPT = 1_800.0
"""Seconds a write is remembered; HubSpot's search shows it long before."""


@dataclass(frozen=True, slots=True)
class Written:
    """A record we wrote not long ago: its kind, id, our key if it has one, and when."""

    kind: str
    id: str
    key: str
    at: float


@dataclass(frozen=True, slots=True)
class Attempt:
    """A key that was sent to the portal, or about to be: its contact, and when."""

    contact: str
    at: float


@dataclass(slots=True)
class Memory:
    """What one portal taught us.

    Args:
        path: The file.
        complete: The file was read: a key it does not name was never sent.
        no_upserts: Kinds of which the portal takes no writes by a unique property.
        no_properties: Kinds on which the portal lets us have no properties of our own.
        attempts: Keys of tasks and notes that were sent, noted before they were.
        written: What was written in the last half hour.
        open_tasks: Ids of our open tasks, with their keys, as they were read last.
        answered: Contacts whose answer of a rep was counted for a task, and is not emptied yet.
        alone: Contacts whose answer counts although it belongs to no task.
        do_not_ask: Contacts marked so when they were read last; None where that was never read.
        left: Contacts whose answer does not count, and therefore stays in its field.
        duplicates: Ids of our tasks that exist beside another one of the same key.
        label: Numbers of the label between contacts that install made; None where it made none.
        pull: The pull it is of. A run that died before the core kept what it read leaves another
            one here than in the cursor.
    """

    path: Path
    complete: bool = False
    no_upserts: set[str] = field(default_factory=set)
    no_properties: set[str] = field(default_factory=set)
    attempts: dict[str, Attempt] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    open_tasks: dict[str, str] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    alone: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    do_not_ask: set[str] | None = None
    duplicates: set[str] = field(default_factory=set)
    label: tuple[int, int] | None = None
    pull: str = ""

    def attempt(self, pairs: Iterable[tuple[str, str]], now: float) -> None:
        """Note, on disk, that keys (with their contacts) are about to be sent."""
        self.attempts = {k: a for k, a in self.attempts.items() if now - a.at < ATTEMPTS_KEPT}
        self.attempts |= {key: Attempt(contact, now) for key, contact in pairs}
        self.save()

    def may_exist(self, key: str) -> bool:
        """Say whether a key may be in the portal already."""
        return not self.complete or key in self.attempts

    def note(self, kind: str, records: Iterable[tuple[str, str]], now: float) -> None:
        """Remember records (id and key) that were just written."""
        new = [Written(kind, record, key, now) for record, key in records if record]
        ids = {(each.kind, each.id) for each in new}
        fresh = [w for w in self.written if now - w.at < KEPT and (w.kind, w.id) not in ids]
        self.written = [*fresh, *new]

    def recent(self, kind: str, now: float) -> dict[str, str]:
        """Return id and key of what was written not long ago."""
        return {w.id: w.key for w in self.written if w.kind == kind and now - w.at < KEPT}

    def forget(self, contact_id: str, keys: Iterable[str]) -> None:
        """Forget a person and the records of these keys."""
        gone = set(keys)
        self.attempts = {k: a for k, a in self.attempts.items() if a.contact != contact_id}
        for people in (self.answered, self.alone, self.left, self.do_not_ask or set()):
            people.discard(contact_id)
        self.written = [
            w
            for w in self.written
            if (w.kind, w.id) != ("contacts", contact_id) and (not w.key or w.key not in gone)
        ]
        self.open_tasks = {i: key for i, key in self.open_tasks.items() if key not in gone}

    def save(self) -> None:
        """Write the file at once.

        Raises:
            SourceError: The disk is full or not writable.
        """
        data = {
            "no_upserts": sorted(self.no_upserts),
            "no_properties": sorted(self.no_properties),
            "attempts": {key: [a.contact, a.at] for key, a in self.attempts.items()},
            "written": [[w.kind, w.id, w.key, w.at] for w in self.written],
            "open_tasks": self.open_tasks,
            "answered": sorted(self.answered),
            "alone": sorted(self.alone),
            "left": sorted(self.left),
            "do_not_ask": None if self.do_not_ask is None else sorted(self.do_not_ask),
            "duplicates": sorted(self.duplicates),
            "label": self.label,
            "pull": self.pull,
        }
        with private_file(self.path) as file:
            file.write(json.dumps(data).encode())
        self.complete = True


def read_memory(state: Path) -> Memory:
    """Return what is remembered; a file that is missing or damaged is an empty one."""
    path = state / FILE
    memory = Memory(path)
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        memory.no_upserts = set(map(str, data["no_upserts"]))
        memory.no_properties = set(map(str, data["no_properties"]))
        memory.attempts = {
            str(key): Attempt(str(contact), float(at))
            for key, (contact, at) in data["attempts"].items()
        }
        memory.written = [
            Written(str(kind), str(record), str(key), float(at))
            for kind, record, key, at in data["written"]
        ]
        memory.open_tasks = {str(task): str(key) for task, key in data["open_tasks"].items()}
        memory.answered = set(map(str, data["answered"]))
        memory.alone = set(map(str, data.get("alone", ())))
        memory.left = set(map(str, data.get("left", ())))
        marked = data.get("do_not_ask")
        memory.do_not_ask = None if marked is None else set(map(str, marked))
        memory.duplicates = set(map(str, data["duplicates"]))
        label = data.get("label")
        memory.label = (int(label[0]), int(label[1])) if label else None
        memory.pull = str(data.get("pull", ""))
        memory.complete = True
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory(path)
    return memory
