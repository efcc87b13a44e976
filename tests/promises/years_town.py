"""A small town firm: its host, its people, its time, and what reps and an admin do there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from years_judge import Judge, Look, Rules, look
from years_oracle import Memory, Sight

from goodword import ConnectorSpec, hookimpl
from goodword.firm import Firm
from goodword.model import OUTCOMES
from goodword.pauses import Pauses, read_pauses, write_pauses
from goodword.testing import MemoryConnector, memory_spec

START = datetime(2024, 3, 4, 9, tzinfo=UTC)
"""A Monday."""
REPS = ("rep-a", "rep-b", "rep-c")
ACCOUNTS = ("acorn", "birch", "cedar", "delta")
FIRST = [
    "Odile",
    "Pavla",
    "Quirin",
    "Runa",
    "Selma",
    "Tycho",
    "Ulrike",
    "Vesna",
    "Wanda",
    "Xaver",
    "Yorick",
    "Zelda",
]
LAST = ["Vexmoor", "Quandt", "Brizzel", "Oxwell", "Jarnek", "Fjordby", "Plumtree", "Zwick"]
FRIENDS = ("Kit Lane", "Sam Field", "Lou Marsh", "Ned Brook")
"""Names that stay names: never contacts."""


class OnYears:
    """A plugin that announces the host, in small batches so that a run can break in two."""

    def __init__(self, host: MemoryConnector) -> None:
        self._spec = memory_spec(host, batch=3)

    @hookimpl
    def goodword_connector(self) -> ConnectorSpec[Any]:
        return self._spec


@dataclass
class Town:
    """A firm, its host, the time, and what may happen.

    Args:
        folder: Where everything is kept.
        chance: Draws the firm that is there at the beginning.
    """

    folder: Path
    chance: Random
    now: datetime = START
    machine: str = "first"
    host: MemoryConnector = field(init=False)
    judge: Judge = field(default_factory=lambda: Judge(Memory()))
    home: Path = field(init=False)
    people: int = 0
    numbers: int = 0
    mode: str = "live"
    since: str = ""
    pilot: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    pages_gone: dict[str, dict[str, object]] = field(default_factory=dict)
    shown: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """Our tasks as the last pull showed them."""
    erased: set[str] = field(default_factory=set)
    secrets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What stood on the page of people who are to be forgotten."""
    happened: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.home = self.folder / "home-0"
        self.home.mkdir(parents=True)
        empty = "aliases deals deal_contacts activities tickets feedback referrals"
        self.host = MemoryConnector({name: [] for name in empty.split()}, today=self.today)
        everybody = (*REPS, "desk")
        owners = [{"owner_id": rep, "name": rep.title(), "active": True} for rep in everybody]
        bosses = [self.chance.choice(REPS) for _ in ACCOUNTS]
        accounts = [
            {"account_id": name, "name": name.title(), "owner_id": boss}
            for name, boss in zip(ACCOUNTS, bosses, strict=True)
        ]
        self.host.put(owners=owners, accounts=accounts)
        self.since = self.chance.choice(["start_date = 2020-01-01\n", ""])
        self.settings()
        for _ in range(self.chance.randrange(12, 19)):
            self.newcomer(self.chance)
        for _ in range(8):
            self.survey(self.chance)

    # ------------------------------------------------------------------ what is there

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def memory(self) -> Memory:
        return self.judge.memory

    @property
    def ledger_file(self) -> Path:
        return self.home / ".goodword" / "ledger.sqlite"

    def firm(self, home: Path | None = None, machine: str = "") -> Firm:
        """The firm as a new process on a machine opens it."""
        now = self.now
        firm = Firm(home or self.home, clock=lambda: now, machine=machine or self.machine)
        firm.plugins.manager.register(OnYears(self.host), "memory")
        return firm

    def settings(self) -> None:
        owners, contacts = ([*part] for part in self.pilot)
        rollout = f'mode = "{self.mode}"\n{self.since}'
        if self.mode == "pilot":
            rollout += f"owners = {owners}\ncontacts = {contacts}\n"
        text = (
            f'[connector]\nname = "memory"\n[firm]\nfallback_owner = "desk"\n[rollout]\n{rollout}'
        )
        (self.home / "goodword.toml").write_text(text, encoding="utf-8")

    def rules(self) -> Rules:
        pauses = read_pauses(self.home)
        owners, contacts = (frozenset(part) for part in self.pilot)
        whole, some = pauses.whole(self.today), pauses.holding(self.today)
        return Rules(self.mode, owners, contacts, whole, some)

    def living(self) -> list[str]:
        """People with a page who are not forgotten."""
        sight = self.sight()
        return [who for who in sorted(sight.pages) if who not in sight.forgotten]

    def sight(self, at: Look | None = None) -> Sight:
        return Sight((at or look(self.host)).rows(), self.memory, self.today)

    def number(self, prefix: str) -> str:
        self.numbers += 1
        return f"{prefix}-{self.numbers}"

    def open_task(self, chance: Random, *states: str) -> Mapping[str, Any] | None:
        tasks = sorted(self.host.tasks(*(states or ("open",))), key=lambda t: str(t["task_key"]))
        return chance.choice(tasks) if tasks else None

    # ------------------------------------------------------------------ the reps

    def completes(self, chance: Random) -> None:
        for _ in range(chance.choice([1, 1, 2, 4])):
            task = self.open_task(chance)
            if task is None:
                return
            outcome = chance.choice([None, *OUTCOMES, "yes", "no answer", "later"])
            until = self.today + timedelta(days=chance.randrange(5, 90))
            on = self.today - timedelta(days=chance.choice([0, 0, 1, 3]))
            self.host.complete(
                str(task["task_key"]),
                outcome,
                on=max(on, task["created_at"].date()),
                name=chance.choice([None, *FRIENDS]) if outcome == "yes" else None,
                until=chance.choice([None, until]) if outcome == "later" else None,
            )
            done = self.host.task(str(task["task_key"]))
            if task["play"] == "thank_you" and outcome in (None, "yes", "unhappy"):
                self.judge.given[str(task["contact_id"]), done["done_at"]] += 1  # type: ignore[index]  # a time

    def edits(self, chance: Random) -> None:
        task = self.open_task(chance)
        if task is not None:
            self.host.edit(str(task["task_key"]))

    def deletes(self, chance: Random) -> None:
        task = self.open_task(chance, *chance.choice([("open",), ("open", "done", "withdrawn")]))
        if task is None:
            return
        key = str(task["task_key"])
        row = dict(self.shown.get(key) or {**self.host.task(key), "state": "open"})
        if row["state"] == "open":
            midnight = datetime(self.today.year, self.today.month, self.today.day)
            row |= {"state": "deleted", "done_at": midnight, "outcome": None}
        if key in self.memory.unseen:  # then nobody ever hears of it
            self.memory.unseen.discard(key)
            self.memory.ever.discard(key)
        else:
            self.memory.deleted[key] = row
        self.host.delete(key)

    def hands_on(self, chance: Random) -> None:
        task = self.open_task(chance)
        if task is not None:
            others = [rep for rep in REPS if rep != task["owner_id"]]
            row = {**self.host.task(str(task["task_key"])), "owner_id": chance.choice(others)}
            self.host.put(asks=[row])
            self.memory.handed_on.add(str(task["task_key"]))

    # ------------------------------------------------------------------ the admin

    def newcomer(self, chance: Random) -> None:
        self.people += 1
        first, last = FIRST[self.people % len(FIRST)], chance.choice(LAST)
        page = {
            "contact_id": f"kunde-{self.people:03}-zq",
            "name": f"{first} {last}-{self.people:03}",
            "first_name": first,
            "email": f"{first}.{last}{self.people:03}@list.example".lower(),
            "account_id": chance.choice([None, *ACCOUNTS]),
            "owner_id": chance.choice([None, *REPS, *REPS]),
            "status": chance.choice([None, "customer", "lead"]),
            "consent": chance.choice([None, "yes", "unknown"]),
        }
        self.host.put(contacts=[page])

    def someone(self, chance: Random) -> str | None:
        there = self.living()
        return chance.choice(there) if there else None

    def put(self, chance: Random, table: str, key: str, row: Mapping[str, object]) -> None:
        who = self.someone(chance)
        if who is not None:
            number = self.number(table)
            self.host.put(**{table: [{key: number, "contact_id": who, **row}]})

    def survey(self, chance: Random) -> None:
        for _ in range(3):
            kind, score = chance.choice([*3 * [("nps", 10)], ("nps", 9), ("csat", 5), ("nps", 4)])
            at = self.today - timedelta(days=chance.choice([0, 0, 1, 5]))
            self.put(chance, "feedback", "feedback_id", {"kind": kind, "score": score, "at": at})

    def moment(self, chance: Random) -> None:
        kinds = [
            "gift",
            "call",
            "milestone",
            "delivery",
            "results_review",
            "article",
            "article",
            "meeting",
        ]
        for _ in range(4):
            at = self.today - timedelta(days=chance.choice([0, 1, 20]))
            self.put(chance, "activities", "activity_id", {"kind": chance.choice(kinds), "at": at})

    def deal(self, chance: Random) -> None:
        who = self.someone(chance)
        if who is not None:
            number = self.number("deal")
            at = self.today - timedelta(days=chance.choice([0, 14, 90, 200]))
            status = chance.choice(["won", "won", "open", "lost"])
            kind = chance.choice([None, "new", "repeat", "renewal"])
            row = {"deal_id": number, "kind": kind, "status": status, "created_at": at}
            row |= {"amount_cents": 100_00, "closed_at": at if status != "open" else None}
            self.host.put(deals=[row], deal_contacts=[{"deal_id": number, "contact_id": who}])

    def ticket(self, chance: Random) -> None:
        kind = chance.choice(["ticket", "ticket", "complaint"])
        row = {"kind": kind, "status": "open", "opened_at": self.today}
        self.put(chance, "tickets", "ticket_id", row)

    def solves(self, chance: Random) -> None:
        for row in self.host.rows("tickets"):
            if row["status"] == "open" and chance.random() < 0.7:
                good = chance.choice([None, True])
                solved = {"status": "closed", "closed_at": self.today, "positive": good}
                self.host.put(tickets=[{**row, **solved}])

    def referral(self, chance: Random) -> None:
        giver, got = self.someone(chance), self.someone(chance)
        if giver is None or giver == got:
            return
        known = chance.random() < 0.5
        row = {"referral_id": self.number("ref"), "referrer_id": giver, "status": "received"}
        row |= {"referred_id": got} if known else {"referred_name": chance.choice(FRIENDS)}
        self.host.put(referrals=[{**row, "at": self.today}])

    def referral_moves(self, chance: Random) -> None:
        rows = self.host.rows("referrals")
        if rows:
            row, to = chance.choice(rows), chance.choice(["met", "won", "lost"])
            self.host.put(referrals=[{**row, "status": to, f"{to}_at": self.today}])

    def _page(self, chance: Random, **columns: object) -> None:
        who = self.someone(chance)
        if who is not None:
            page = self.host.host.get("contacts", (who,)) or {}
            self.host.put(contacts=[{**page, **columns}])

    def opts(self, chance: Random) -> None:
        change: dict[str, object] = chance.choice(
            [{"consent": "no"}, {"consent": "yes"}, {"do_not_ask": True}, {"do_not_ask": False}]
        )
        self._page(chance, **change)

    def owner_changes(self, chance: Random) -> None:
        self._page(chance, owner_id=chance.choice([None, *REPS]))

    def rep_leaves(self, chance: Random) -> None:
        rep, there = chance.choice(REPS), chance.random() < 0.6
        self.host.put(owners=[{"owner_id": rep, "name": rep.title(), "active": there}])

    def merge(self, chance: Random) -> None:
        there = sorted(self.sight().pages)
        if len(there) > 1:
            old, new = chance.sample(there, 2)
            self.host.merge(old, new)

    def page_goes(self, chance: Random) -> None:
        who = self.someone(chance)
        if who is not None:
            self.pages_gone[who] = self.host.host.get("contacts", (who,)) or {}
            self.host.remove("contacts", who)

    def page_back(self, chance: Random) -> None:
        sight = self.sight()
        gone = [w for w in sorted(self.pages_gone) if sight.now(w) == w not in sight.pages]
        gone = [who for who in gone if who not in self.erased | sight.forgotten]
        if gone:
            self.host.put(contacts=[self.pages_gone.pop(chance.choice(gone))])

    def erase(self, chance: Random) -> None:
        who = self.someone(chance)
        if who is not None and chance.random() < 0.5:
            self.remember(who)
            self.erased.add(who)
            self.host.erase(who)

    def remember(self, who: str) -> None:
        for one in self.sight().same_people({who}):
            page = self.host.host.get("contacts", (one,)) or self.pages_gone.get(one) or {}
            words = (one, str(page.get("name") or one), str(page.get("email") or one))
            self.secrets[one] = words

    # ------------------------------------------------------------------ time, mode, pauses

    def time(self, chance: Random) -> None:
        hours = chance.choice([1, 6, 24, 24, 72, 7 * 24, 14 * 24, 30 * 24, 70 * 24, -20])
        self.now += timedelta(hours=hours)
        self.host.today = self.today

    def pause(self, chance: Random) -> None:
        until = self.today + timedelta(days=chance.choice([1, 5, 20]))
        ends = chance.choice([None, until, until])
        pauses = chance.choice(
            [Pauses(everything=True, until=ends), Pauses(owners={chance.choice(REPS): ends})]
        )
        write_pauses(self.home, pauses)

    def resume(self, chance: Random) -> None:
        write_pauses(self.home, Pauses())

    def mode_to(self, mode: str, owners: Sequence[str] = (), contacts: Sequence[str] = ()) -> None:
        self.mode, self.pilot = mode, (tuple(owners), tuple(contacts))
        self.settings()

    def mode_switch(self, chance: Random) -> None:
        mode = chance.choice(["live", "live", "live", "pilot", "pilot", "shadow"])
        there = self.living()
        named = chance.sample(there, min(4, len(there)))
        owners, contacts = chance.choice([(REPS[:1], ()), (REPS[1:], ()), ((), named), ((), ())])
        self.mode_to(mode, owners, contacts)
