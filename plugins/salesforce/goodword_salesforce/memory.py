"""What the connector remembers in the state folder, beside the org: a few JSON files.

Nearly all of it can be lost without harm: then everything is read once more, and keys are looked
up in the org before tasks are made. Only refusals of people who were merged or converted long ago
are nowhere else, so there is a copy beside it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from goodword import private_file
from goodword_salesforce.texts_kept import Texts

if TYPE_CHECKING:
    from pathlib import Path

FILE = "salesforce.json"
COPY = f"{FILE}.bak"
"""The same once more, for a file that gets damaged or lost."""
LOOKUPS = "salesforce-lookups.json"
"""What was looked up about the host today; see ``Lookups``."""
ECHOES_FILE, ACCOUNTS_FILE = "salesforce-echoes.json", "salesforce-accounts.json"
MERGED_FILE = "salesforce-merged.json"
ATTEMPTS_KEPT = 400 * 86_400.0
"""Seconds a key is remembered that was sent; the ledger and the org itself know it longer."""

HELD, SEEN, OVER = "held", "seen", "over"
"""How a refusal stands that came by a merge: who is left said nothing since, refuses too, or did
and took it back."""
OF = ":"
"""Stands between the kind of a refusal and who was merged."""
VIA_LEAD = ">"
"""Stands, among the marks, before the id of a contact who was marked as a lead."""
TOLD_FOR = 3 * 86_400.0
"""Seconds for which pulls say that a task was taken back; a run that died may not have heard it."""


@dataclass(slots=True)
class Memory:
    """What one org taught us.

    Args:
        folder: The state folder.
        complete: The file was read: a key it does not name was never sent.
        copied: The file was damaged or lost, and this is what the copy says.
        former: How many are known who became somebody else; their file may get lost.
        pull: The pull it is of. A run that died before the core kept what it read leaves another
            one here than in the cursor.
        attempts: Keys of tasks that were sent, noted before they were, and when.
        open_tasks: Ids of our open tasks, with their keys, as they were read last.
        known_tasks: Ids of our tasks, as they were when they were whole and open: key, contact and
            mark. Somebody's hand or another program may empty them.
        do_not_ask: Contacts marked so when they were read last; None where that was never read.
        refusals: Kind of refusal and person who was merged, to who is left and how it stands.
        shortened: Contact to what stands in the org of a reason too long for it, and the whole.
        taken_back: Keys of tasks that were taken back, or were about to be, each with its record
            and when; the next pulls say that they are gone.
        privacy_records: The org showed that it keeps privacy records of people.
    """

    folder: Path
    complete: bool = False
    copied: bool = False
    former: int = 0
    pull: str = ""
    attempts: dict[str, float] = field(default_factory=dict)
    open_tasks: dict[str, str] = field(default_factory=dict)
    known_tasks: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    do_not_ask: set[str] | None = None
    refusals: dict[str, tuple[str, str]] = field(default_factory=dict)
    shortened: dict[str, tuple[str, str]] = field(default_factory=dict)
    taken_back: dict[str, tuple[str, float]] = field(default_factory=dict)
    privacy_records: bool = False
    _echoes: Texts = field(init=False)
    _accounts: Texts = field(init=False)
    _became: Texts = field(init=False)

    def __post_init__(self) -> None:
        self._echoes = Texts(self.folder / ECHOES_FILE)
        self._accounts = Texts(self.folder / ACCOUNTS_FILE)
        self._became = Texts(self.folder / MERGED_FILE)

    @property
    def echoes(self) -> dict[str, str]:
        """Record to the digest of what was read of it last; what is the same is no news."""
        return self._echoes.known

    @echoes.setter
    def echoes(self, known: dict[str, str]) -> None:
        self._echoes.become(known)

    @property
    def accounts(self) -> dict[str, str]:
        """Contact to its account: what is locked together is written together."""
        return self._accounts.known

    @property
    def became(self) -> dict[str, str]:
        """Who was merged with somebody, or converted, to whom they became."""
        return self._became.known

    @became.setter
    def became(self, known: dict[str, str]) -> None:
        self._became.become(known)

    def serves(self, pull: str) -> bool:
        """Say whether all of it is there, and of the pull that the core kept last."""
        return self.complete and self.pull == pull and len(self.became) == self.former

    def become(self, aliases: Mapping[str, str], themselves: Iterable[str]) -> None:
        """Note who became whom, and who is there under an id of their own."""
        self.became |= aliases
        for person in themselves:
            self.became.pop(person, None)

    def is_somebody_else(self, person: str) -> bool:
        """Say whether an id is known to stand for a person who has another one now."""
        return person in self.became or any(
            which.partition(OF)[2] == person for which in self.refusals
        )

    def attempt(self, keys: Collection[str], now: float) -> None:
        """Note, on disk, that keys are about to be sent.

        Raises:
            SourceError: The disk is full or not writable.
        """
        self.attempts = {k: at for k, at in self.attempts.items() if now - at < ATTEMPTS_KEPT}
        self.attempts |= dict.fromkeys(keys, now)
        for key in keys:
            self.taken_back.pop(key, None)
        self.save()

    def take_back(self, tasks: Mapping[str, str], now: float) -> None:
        """Note, on disk, that tasks (key to record) are about to be taken back.

        Raises:
            SourceError: The disk is full or not writable.
        """
        self.taken_back |= {key: (record, now) for key, record in tasks.items()}
        self.save()

    def recently_taken_back(self, now: float) -> list[str]:
        """Return the keys of tasks that a pull may not have heard of yet; older ones go."""
        known = self.taken_back.items()
        self.taken_back = {key: both for key, both in known if now - both[1] < TOLD_FOR}
        return sorted(self.taken_back)

    def may_exist(self, key: str) -> bool:
        """Say whether a key may be in the org already, though it be in the bin."""
        return not self.complete or key in self.attempts

    def shorten(self, contact_id: str, shown: str, whole: str) -> None:
        """Remember the whole of a reason of which only a part stands in the org."""
        if shown == whole:
            self.shortened.pop(contact_id, None)
        else:
            self.shortened[contact_id] = (shown, whole)

    def whole(self, contact_id: str, shown: str) -> str:
        """Return the whole reason, where *shown* is the part of it that we wrote."""
        kept, whole = self.shortened.get(contact_id, ("", ""))
        return whole if kept and kept == shown else shown

    def forget(self, contact_ids: Iterable[str], keys: Iterable[str]) -> None:
        """Forget a person under all their ids, and the tasks of these keys.

        A refusal goes with the person it holds for, and stays while they are there.
        """
        gone, people = set(keys), set(contact_ids)
        self.attempts = {k: at for k, at in self.attempts.items() if k not in gone}
        self.taken_back = {k: both for k, both in self.taken_back.items() if k not in gone}
        self.open_tasks = {i: key for i, key in self.open_tasks.items() if key not in gone}
        known = self.known_tasks.items()
        self.known_tasks = {
            i: said for i, said in known if said[0] not in gone and said[1] not in people
        }
        self.shortened = {i: both for i, both in self.shortened.items() if i not in people}
        self.refusals = {w: both for w, both in self.refusals.items() if both[0] not in people}
        for person in [one for one, now in self.became.items() if now in people]:
            del self.became[person]
        for person in people:
            self.echoes.pop(person, None)
            self.accounts.pop(person, None)
            self.became.pop(person, None)
        if self.do_not_ask is not None:
            marks = self.do_not_ask
            self.do_not_ask = {m for m in marks if m.removeprefix(VIA_LEAD) not in people}

    def save(self) -> None:
        """Write what is remembered; what there is much of, only where it changed, and last.

        Whatever is missing afterwards, the pull it is of is another than that of the cursor.

        Raises:
            SourceError: The disk is full or not writable.
        """
        if self._became.is_read:
            self.former = len(self.became)
        data = {
            "pull": self.pull,
            "former": self.former,
            "attempts": self.attempts,
            "open_tasks": self.open_tasks,
            "known_tasks": self.known_tasks,
            "refusals": self.refusals,
            "do_not_ask": None if self.do_not_ask is None else sorted(self.do_not_ask),
            "shortened": self.shortened,
            "taken_back": self.taken_back,
            "privacy_records": self.privacy_records,
        }
        for name in (FILE, COPY):
            with private_file(self.folder / name) as file:
                file.write(json.dumps(data).encode())
        for texts in (self._echoes, self._accounts, self._became):
            texts.save()
        self.complete = True


def read_memory(state: Path) -> Memory:
    """Return what is remembered.

    Where the file is missing or damaged, it is what the copy says, and not complete: the copy may
    be older. Where that is missing, too, nothing is remembered.
    """
    if memory := _read(state, FILE):
        return memory
    if memory := _read(state, COPY):
        memory.complete, memory.copied = False, True
        return memory
    return Memory(state)


def _read(state: Path, name: str) -> Memory | None:
    memory = Memory(state)
    try:
        data: dict[str, Any] = json.loads((state / name).read_text(encoding="utf-8"))
        memory.pull = str(data.get("pull", ""))
        memory.former = int(data.get("former", 0))
        memory.attempts = {str(key): float(at) for key, at in data["attempts"].items()}
        memory.open_tasks = {str(task): str(key) for task, key in data["open_tasks"].items()}
        marked = data["do_not_ask"]
        memory.do_not_ask = None if marked is None else set(map(str, marked))
        memory.shortened = {
            str(contact): (str(shown), str(whole))
            for contact, (shown, whole) in data["shortened"].items()
        }
        memory.taken_back = {
            str(key): (str(record), float(at)) for key, (record, at) in data["taken_back"].items()
        }
        memory.known_tasks = {
            str(task): (str(key), str(contact), str(mark))
            for task, (key, contact, mark) in data.get("known_tasks", {}).items()
        }
        memory.refusals = {
            str(which): (str(left), str(stands))
            for which, (left, stands) in data.get("refusals", {}).items()
        }
        memory.privacy_records = bool(data.get("privacy_records", False))
        memory.complete = True
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return memory
