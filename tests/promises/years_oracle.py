"""What may never happen at a firm, once more in plain Python over the rows of its host.

``Sight`` answers for one day what anybody can see at the host; ``Memory`` is what a ledger must
remember beyond that. Neither uses anything of goodword but the names of its tables.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

Row = Mapping[str, Any]
SILENT = (None, "no answer")
FINAL = {"never", "wrong person"}
ONLY_RECOVERY = "recover"
"""The one play for people who opted out: putting a mistake right is service."""


def day(value: object) -> date | None:
    """The day of a value of the host, where there is one."""
    return value.date() if isinstance(value, datetime) else None


@dataclass(slots=True)
class Memory:
    """What the ledger of the firm knows, and nobody can see at the host any more.

    A ledger that is lost takes its memory along, and an older one brings an older memory back.
    """

    ever: set[str] = field(default_factory=set)
    """Keys of tasks that must not come up again."""
    undone: dict[str, str] = field(default_factory=dict)
    """Keys that were taken back, with the run that had written them."""
    struck: dict[str, str] = field(default_factory=dict)
    """Keys that a person struck from a plan, with the run that left them out."""
    deleted: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Tasks that a rep deleted, as the last pull showed them, by key."""
    noted: set[str] = field(default_factory=set)
    """Keys of those of which a pull has shown that they are gone."""
    unseen: set[str] = field(default_factory=set)
    """Keys that are at the host alone: the ledger was lost, or the run died before it could note
    that they arrived, and no pull has shown them since."""
    handed_on: set[str] = field(default_factory=set)
    """Tasks that a rep gave to a colleague."""
    forgotten: set[str] = field(default_factory=set)
    """Ids of people who are forgotten."""
    history: list[tuple[Any, ...]] = field(default_factory=list)

    def copied(self) -> Memory:
        """What a backup of the ledger holds."""
        return copy.deepcopy(self)

    def lost(self, keys_there: Iterable[str]) -> None:
        """The ledger is gone: what the host shows is all there is to know."""
        self.ever = set(keys_there)
        self.unseen = set(keys_there)
        for gone in (self.undone, self.struck, self.deleted):
            gone.clear()
        for gone_too in (self.noted, self.handed_on, self.forgotten, self.history):
            gone_too.clear()

    def put_back(self, older: Memory, keys_there: Iterable[str]) -> None:
        """An older ledger is in use again: what it knew and what the host shows is known."""
        deleted = {key: row for key, row in older.deleted.items() if key in older.noted}
        for key, row in self.deleted.items():
            if key in older.ever and key not in deleted:  # how it stood is not known any more
                deleted[key] = {**row, "state": "deleted", "outcome": None, "outcome_at": None}
        older = older.copied()
        self.ever = older.ever | set(keys_there)
        self.unseen = set(keys_there) - older.ever
        self.undone, self.struck, self.deleted = older.undone, older.struck, deleted
        self.noted, self.handed_on = older.noted, older.handed_on & self.handed_on
        self.forgotten |= older.forgotten  # who was forgotten is noted beside the ledger, too
        self.history = older.history

    def released(self, run_id: str, keys_there: Iterable[str]) -> None:
        """Whatever was taken back or struck under this run may come up again."""
        there = set(keys_there)
        for held in (self.undone, self.struck):
            for key in [key for key, run in held.items() if run == run_id]:
                del held[key]
                if key not in there and key not in self.deleted:
                    self.ever.discard(key)


class Sight:
    """What can be seen on one day: the host's tables, and the tasks a rep deleted from it.

    Args:
        tables: Rows of the host by table.
        memory: What else the ledger knows.
        today: The day it is.
    """

    def __init__(self, tables: Mapping[str, list[Row]], memory: Memory, today: date) -> None:
        self.today = today
        aliases = {str(row["alias_id"]): str(row["contact_id"]) for row in tables["aliases"]}
        self._aliases = aliases
        self.forgotten = self.same_people(memory.forgotten)
        self.tables = tables
        self.pages = {str(row["contact_id"]): row for row in tables["contacts"]}
        self.left = {str(r["owner_id"]) for r in tables["owners"] if r.get("active") is False}
        self.bosses = {str(r["account_id"]): r.get("owner_id") for r in tables["accounts"]}
        gone = [
            row for row in memory.deleted.values() if str(row["contact_id"]) not in self.forgotten
        ]
        here = [row for row in tables["asks"] if str(row["contact_id"]) not in self.forgotten]
        self.tasks: list[Row] = [*here, *gone]

    def now(self, contact_id: object) -> str:
        """The id a person has after every merge."""
        found = str(contact_id)
        for _ in range(len(self._aliases)):
            found = self._aliases.get(found, found)
        return found

    def same_people(self, ids: Iterable[str]) -> set[str]:
        """These ids and every one they were merged with, directly or by a third."""
        found = set(ids)
        while True:
            more = {a for pair in self._aliases.items() if found & set(pair) for a in pair} - found
            if not more:
                return found
            found |= more

    def of(self, table: str, contact_id: str) -> list[Row]:
        """A person's rows, under whatever id they were written."""
        rows = self.tasks if table == "asks" else self.tables.get(table, [])
        return [row for row in rows if self.now(row.get("contact_id")) == contact_id]

    def assignee(self, contact_id: str) -> str | None:
        """The rep a person's tasks go to."""
        page = self.pages.get(self.now(contact_id), {})
        for owner in (page.get("owner_id"), self.bosses.get(str(page.get("account_id")))):
            if owner and owner not in self.left:
                return str(owner)
        return "desk"

    def within(self, value: object, days: int) -> bool:
        """Whether something happened less than *days* ago; what is yet to come did not."""
        at = day(value)
        return at is not None and at <= self.today and (self.today - at).days < days

    def why_left_in_peace(self, contact_id: str) -> str:
        """Why anybody can see that this person is not to be asked today, or nothing."""
        return (
            self.off_limits(contact_id)
            or self._unhappy(contact_id)
            or self._resting(contact_id)
            or self._colleague(contact_id)
        )

    def off_limits(self, contact_id: str) -> str:
        """Why this person is never asked, whatever happens."""
        page = self.pages[contact_id]
        said = {row.get("outcome") for row in self.of("asks", contact_id)} & FINAL
        reasons = {
            "opted out": page.get("consent") == "no",
            "do not ask": bool(page.get("do_not_ask")),
            f"said {said}": bool(said),
        }
        return next((reason for reason, holds in reasons.items() if holds), "")

    def _unhappy(self, contact_id: str) -> str:
        tickets, tasks = self.of("tickets", contact_id), self.of("asks", contact_id)
        if any(row["status"] == "open" for row in tickets):
            return "an open ticket"
        scores = [row for row in self.of("feedback", contact_id) if row["kind"] == "nps"]
        joys = [row["at"] for row in scores if row["score"] >= 9]
        for row in scores:
            if (
                row["score"] <= 6
                and self.within(row["at"], 180)
                and not any(j >= row["at"] for j in joys)
            ):
                return "a low score"
        fixes = [row["closed_at"] for row in tickets if row.get("closed_at")]
        fixes += [
            row["done_at"]
            for row in tasks
            if row["play"] == "recover"
            and row["state"] == "done"
            and row.get("outcome") != "unhappy"
        ]
        for row in tasks:
            at = row.get("done_at")
            if (
                row.get("outcome") == "unhappy"
                and self.within(at, 60)
                and not any(f >= at for f in fixes)
            ):
                return "unhappy when asked"
        for row in tickets:
            at = row["opened_at"]
            if (
                row["kind"] == "complaint"
                and self.within(at, 60)
                and not any(f >= at for f in fixes)
            ):
                return "a complaint"
        return ""

    def _resting(self, contact_id: str) -> str:
        mine = [row for row in self.of("asks", contact_id) if row["play"] == "ask"]
        if any(row["state"] == "deleted" and self.within(row["done_at"], 90) for row in mine):
            return "a rep deleted the task"
        asked = sorted((r for r in mine if r["state"] == "done"), key=lambda r: r["done_at"])
        if sum(self.within(row["done_at"], 365) for row in asked) >= 4:
            return "four times within a year"
        latest = [row for row in asked if row["done_at"] == asked[-1]["done_at"]]
        for row in latest if len(latest) == 1 else []:
            rest = 180 if row["outcome"] == "no" else 60 if row["outcome"] == "later" else 90
            if row["outcome"] == "later" and row.get("outcome_at"):
                return "not before the day named" if row["outcome_at"].date() > self.today else ""
            if self.within(row["done_at"], rest):
                return f"asked on {row['done_at']:%Y-%m-%d}: {row['outcome']}"
        return ""

    def _colleague(self, contact_id: str) -> str:
        account = self.pages[contact_id].get("account_id")
        for row in self.tasks if account else []:
            who = self.now(row["contact_id"])
            theirs = self.pages.get(who, {}).get("account_id")
            asked = row["play"] == "ask" and row["state"] == "done"
            if (
                asked
                and theirs == account
                and who != contact_id
                and self.within(row["done_at"], 30)
            ):
                return "a colleague was asked"
        return ""
