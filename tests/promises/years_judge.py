"""After every operation: what changed at the host and in the state folder, and whether it may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from years_oracle import ONLY_RECOVERY, Memory, Row, Sight, day

from goodword.ledger import Ledger
from goodword.testing import MemoryConnector

WRITING = ("apply", "sync")
TAKING = ("undo", "forget")
OURS = ("asks", "own_fields", "activities", "referrals")
THANKED = (None, "", "yes", "unhappy")


@dataclass(frozen=True, slots=True)
class Look:
    """The host at one moment."""

    version: int
    tables: Mapping[str, Mapping[tuple[str, ...], Row]]
    words: Mapping[str, Mapping[str, str]]

    @property
    def tasks(self) -> Mapping[str, Row]:
        return {key: row for (key,), row in self.tables["asks"].items()}

    def rows(self) -> dict[str, list[Row]]:
        return {table: list(rows.values()) for table, rows in self.tables.items()}


def look(host: MemoryConnector) -> Look:
    """The host as it is now."""
    inner = host.host
    return Look(
        inner.version,
        {
            table: {key: entry.row for key, entry in entries.items() if entry.row is not None}
            for table, entries in inner.tables.items()
        },
        {key: dict(receipt) for key, receipt in inner.receipts.items()},
    )


@dataclass(frozen=True, slots=True)
class Rules:
    """What a run may do, by the firm's mode and its pauses on that day."""

    mode: str = "live"
    owners: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()
    paused: bool = False
    paused_owners: frozenset[str] = frozenset()

    def hold(self, sight: Sight, contact_id: str) -> str:
        """Why nothing may be written about this person, or nothing."""
        rep = sight.assignee(contact_id)
        if rep in self.paused_owners:
            return "the rep is paused"
        named = {sight.now(one) for one in self.contacts}
        inside = rep in self.owners or sight.now(contact_id) in named
        narrow = self.mode == "pilot" and (self.owners or self.contacts)
        return "out of the pilot" if narrow and not inside else ""


@dataclass(slots=True)
class Judge:
    """Compares a host before and after an operation with what may have happened."""

    memory: Memory
    thanks: dict[str, set[str]] = field(default_factory=dict)
    """Keys of thank-yous by the event they are for."""
    given: Counter[tuple[str, datetime]] = field(default_factory=Counter)
    """Thank-yous that reps completed, by person and day."""

    def judge(
        self, kind: str, before: Look, after: Look, sight: Sight, rules: Rules, ended: bool
    ) -> None:
        """Judge what one run of *kind* did.

        Args:
            kind: The verb of the run.
            before: The host before it.
            after: The host after it.
            sight: The day and the host before it.
            rules: What it may do.
            ended: It ran to its end.
        """
        quiet = rules.mode == "shadow" or rules.paused
        if kind not in (*WRITING, *TAKING) or (kind in WRITING and quiet):
            assert after.version == before.version, f"{kind} wrote (quiet: {quiet})"
        others = before.tables.keys() - {*OURS}
        assert all(before.tables[name] == after.tables[name] for name in others), "not ours"
        self._tasks_there(kind, before, after, sight)
        new = [row for key, row in after.tasks.items() if key not in before.tasks]
        for row in new:
            self._new_task(kind, row, after, sight)
        self._notes(kind, before, after, sight)
        changed = self._changed(before, after)
        for table, row in changed:
            who = str(row.get("contact_id") or row.get("referrer_id"))
            if kind in WRITING:
                assert not rules.hold(sight, who), (table, rules.hold(sight, who), rules)
            if kind != "forget":
                assert who not in sight.forgotten, f"{table}: about somebody who is forgotten"
        if kind in WRITING and ended:
            self._room(new, before, after, sight)
        if kind == "undo":
            assert (
                len({before.tasks[key]["run_id"] for key in before.tasks.keys() - after.tasks}) <= 1
            )

    def _tasks_there(self, kind: str, before: Look, after: Look, sight: Sight) -> None:
        memory = self.memory
        for key, row in before.tasks.items():
            now = after.tasks.get(key)
            touched = row["state"] != "open" or row["edited"]
            if now is None:
                assert kind in TAKING, f"{kind} removed a task"
                if kind == "undo":
                    assert not touched, "a task a rep had touched was removed"
                    memory.undone[key] = str(row["run_id"])
                    self.thanks.get(str(row["cycle"]), set()).discard(key)
                continue
            assert after.words.get(key) == before.words.get(key), "the words of a task changed"
            if now == row:
                continue
            assert kind in (*WRITING, "undo"), f"{kind} changed a task"
            assert not touched, f"a task a rep had touched was changed: {row} {now}"
            differ = {name for name in now if now[name] != row.get(name)}
            assert differ <= {"state", "owner_id"}, differ
            if "owner_id" in differ and kind != "undo":
                assert key not in memory.handed_on, "a task handed to a colleague was moved"
                assert now["owner_id"] == sight.assignee(row["contact_id"])
            if now["state"] == "expired":
                assert day(row["due_at"]) <= sight.today - timedelta(days=30), row  # type: ignore[operator]  # every task of ours is due some day
            elif "state" in differ:
                assert (now["state"], row["play"]) == ("withdrawn", "ask"), now

    def _new_task(self, kind: str, row: Row, after: Look, sight: Sight) -> None:
        key, who, play = str(row["task_key"]), str(row["contact_id"]), str(row["play"])
        assert kind in WRITING, f"{kind} made a task"
        assert key not in self.memory.ever, f"a {play} that was there before came again: {row}"
        self.memory.ever.add(key)
        assert sight.now(who) == who in sight.pages, "a task about somebody who is not there"
        off_limits = sight.off_limits(who)
        assert play == ONLY_RECOVERY or not off_limits, (play, off_limits)
        assert row["owner_id"] not in sight.left, "a task for a rep who left"
        due = day(row["due_at"])
        assert due is not None
        assert due.weekday() < 5, f"due on a weekend: {due}"
        if play == "thank_you":
            keys = self.thanks.setdefault(str(row["cycle"]), set())
            keys.add(key)
            assert len(keys & (self.memory.ever | after.tasks.keys())) == 1, "thanked twice"
        if play != "ask":
            return
        assert not sight.why_left_in_peace(who), f"{sight.why_left_in_peace(who)}: {row}"
        account = sight.pages[who].get("account_id")
        for task in after.tasks.values():
            other = sight.now(task["contact_id"])
            asking = task["play"] == "ask" and task["state"] == "open" and task != row
            if asking and other not in sight.forgotten:
                assert other != who, f"asked twice at once: {row} {task}"
                theirs = sight.pages.get(other, {}).get("account_id")
                assert account is None or theirs != account, f"two of a company: {row} {task}"

    def _notes(self, kind: str, before: Look, after: Look, sight: Sight) -> None:
        notes, were = after.tables["activities"], before.tables["activities"]
        for key in were.keys() - notes.keys():
            assert kind == "forget", "a note went"
            assert were[key]["kind"] == "thank_you", "a note that is not ours went"
        counted: Counter[tuple[str, datetime]] = Counter()
        for (note,), row in notes.items():
            if note.startswith("note-"):
                assert row["kind"] == "thank_you"
                counted[sight.now(row["contact_id"]), row["at"]] += 1
        given: Counter[tuple[str, datetime]] = Counter()
        for (who, at), number in self.given.items():
            given[sight.now(who), at] += number
        over = counted - given
        assert not over, f"noted, but never given: {over}"

    def _changed(self, before: Look, after: Look) -> list[tuple[str, Row]]:
        return [
            (table, row or before.tables[table][key])
            for table in OURS
            for key in before.tables[table].keys() | after.tables[table].keys()
            if (row := after.tables[table].get(key)) != before.tables[table].get(key)
        ]

    def _room(self, new: Sequence[Row], before: Look, after: Look, sight: Sight) -> None:
        load = Counter(
            row["owner_id"]
            for row in after.tasks.values()
            if row["state"] == "open" and str(row["contact_id"]) not in sight.forgotten
        )
        for owner in {row["owner_id"] for row in new}:
            assert load[owner] <= 5, f"{owner} has {load[owner]} open tasks"

    def check_history(self, ledger_file: Path) -> None:
        """The history only ever grows; what a forgotten person did loses the person."""
        if not ledger_file.exists():
            return
        ledger = Ledger(ledger_file)
        try:
            rows = [
                (
                    *(h.at, h.os_user, h.run_id, h.plan_id, h.key, h.kind, h.rule, h.result),
                    *(h.contact_id, h.change),  # what a forgotten person loses
                )
                for h in ledger.history()
            ]
        finally:
            ledger.close()
        for old, now in zip(self.memory.history, rows, strict=False):
            redacted = now[:8] == old[:8] and now[8].startswith("forgotten-") and now[9] == ""
            assert now == old or redacted, f"history changed: {old} {now}"
        assert len(rows) >= len(self.memory.history), "history lost lines"
        self.memory.history = rows


def told(report: Any) -> str:
    """Everything a report of a run says."""
    return report.model_dump_json()
